"""Where rebuilds write before they take the place of the index: folders in the folder of the index.

The name of a folder tells what its rows depend on: what a rebuild of another kind left is never gone on
with. Rows and vectors lie there, without derived files, which are made when the index is replaced.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged, QaError
from qa.store.catalogue import Catalogue
from qa.store.findings import Findings
from qa.store.manifest import FORMAT
from qa.store.published import noted, published_in
from qa.store.publishing import clear
from qa.store.row_check import RowCheck
from qa.store.schema import connect

STAGE = "rebuilding-"
DIGEST_LENGTH = 16


def stage_for(folder: Path, encoder: EncoderIdentity, *, tokenizer: str, cutting: str) -> Path:
    """Return where a rebuild of an index writes.

    :param cutting: What articles and passages depend on besides their sources.
    """
    depends = (str(FORMAT), encoder.digest, str(encoder.dimension), tokenizer, cutting)
    digest = hashlib.sha256("\n".join(depends).encode()).hexdigest()
    return folder / f"{STAGE}{digest[:DIGEST_LENGTH]}"


def stages_in(folder: Path) -> list[Path]:
    """Return what interrupted rebuilds left, by name."""
    return sorted(folder.glob(f"{STAGE}*"))


def clear_stages(folder: Path, *, but: Path) -> None:
    """Remove what interrupted rebuilds left, but for the one that is gone on with, if it is sound."""
    for stage in stages_in(folder):
        if stage != but or not is_sound(stage):
            clear(stage)


def is_sound(stage: Path) -> bool:
    """Tell whether everything in a stage is what was written, and there is anything at all."""
    findings = Findings(folder=stage)
    if stage.is_symlink():
        return False
    try:
        last = noted(stage)
        with closing(connect(stage, write=False)) as connection:
            connection.execute("BEGIN")
            manifest = published_in(connection, stage, noted=last)
            RowCheck(connection, findings).run()
            return not findings.errors and manifest.counts == Catalogue(connection).counts()
    except (QaError, sqlite3.DatabaseError, OSError):
        return False


def is_of_this_program(stage: Path, *, tokenizer: str, cutting: str) -> bool:
    """Tell whether a rebuild goes on with a stage, if with the encoder that it was begun with."""
    try:
        last = noted(stage)
    except IndexDamaged:
        return False
    return last is not None and stage == stage_for(
        stage.parent, last.encoder, tokenizer=tokenizer, cutting=cutting
    )
