"""What is published in a folder: the manifest in the catalogue, held to what was published last.

The number of the last version stands in a file of its own as well, written after the commit:
a catalogue that lost its last commits, or an older one put in its place, is told.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from qa.errors import IndexDamaged, QaError
from qa.store.catalogue import Catalogue
from qa.store.derived import GENERATIONS
from qa.store.failures import WRONG_JSON, Remedy, another_format, damaged, empty
from qa.store.files import opened_below, replace_file
from qa.store.manifest import FORMAT, READ, Manifest
from qa.store.older import MIGRATED
from qa.store.schema import FILE, as_made, format_of

WITNESS = "published.json"
WITNESS_BYTES = 2**24


def note(folder: Path, manifest: Manifest) -> None:
    """Write down which version was published last."""
    stored = {"manifest": manifest.to_json(), "digest": manifest.digest}
    replace_file(folder / WITNESS, json.dumps(stored).encode("ascii"))


def noted(folder: Path) -> Manifest | None:
    """Return what was published last; None where nothing says so.

    To be read before the catalogue, which is never behind it then.

    :raises IndexDamaged: When it is not what was written.
    """
    try:
        with opened_below(folder, WITNESS) as file:
            stored = json.loads(file.read(WITNESS_BYTES))
        manifest = Manifest.from_json(stored["manifest"])
        if manifest.digest != stored["digest"]:
            raise ValueError("与写入时不同")
    except FileNotFoundError:
        return None
    except WRONG_JSON as error:
        raise damaged(folder, f"{WITNESS} 已损坏（{error}）", remedy=Remedy.REPAIR) from error
    return manifest


def published_in(connection: sqlite3.Connection, folder: Path, *, noted: Manifest | None) -> Manifest:
    """Return the manifest of what is published.

    :param noted: Which version was published last, as ``noted`` told before the catalogue was opened.
    :raises IndexMissing, IndexStale, IndexDamaged: See ``qa/errors.py``.
    """
    hold_to_format(connection, folder)
    manifest = manifest_in(connection, folder)
    if manifest is None:
        raise empty(folder)
    if noted:
        hold_to_note(manifest, folder, noted=noted)
    return manifest


def hold_to_format(connection: sqlite3.Connection, folder: Path) -> None:
    """Hold a catalogue to the formats that are read.

    :raises IndexMissing, IndexStale, IndexDamaged: When it is not of it.
    """
    found = format_of(connection)
    if found == 0:
        raise unborn(folder)
    if found not in READ:
        raise another_format(folder, found=found, ours=FORMAT, migrated=MIGRATED)
    if not as_made(connection):
        raise damaged(folder, f"{FILE} 已损坏（其中的表与格式不符）", remedy=Remedy.RESTORE)


def hold_to_note(manifest: Manifest | None, folder: Path, *, noted: Manifest) -> None:
    """Hold a catalogue to the version that was published last.

    :raises IndexDamaged: When it is an older one, or one of another index.
    """
    found, last = manifest.generation if manifest else 0, noted.generation
    if found < last:
        told = f"{FILE} 是第 {found} 版，而第 {last} 版已经发布过：最后的改动不见了"
        raise damaged(folder, told, remedy=Remedy.RESTORE)
    if found == last and manifest != noted:
        told = f"{FILE} 与 {WITNESS} 不是一起写成的"
        raise damaged(folder, told, remedy=Remedy.RESTORE)


def manifest_in(connection: sqlite3.Connection, folder: Path) -> Manifest | None:
    """Return the manifest; None when nothing has been published yet.

    :raises IndexDamaged: When what stands there is not what was written.
    """
    try:
        return Catalogue(connection).manifest()
    except WRONG_JSON as error:
        told = f"清单无法读取（{FILE}：{error}）"
        raise damaged(folder, told, remedy=Remedy.REPAIR) from error


def unborn(folder: Path) -> QaError:
    """Return the error for a catalogue without tables: never filled, or emptied while its files remain."""
    generations = folder / GENERATIONS
    emptied = generations.is_dir() and any(generations.iterdir())
    told = f"{FILE} 是空的"
    return damaged(folder, told, remedy=Remedy.RESTORE) if emptied else empty(folder)


def is_emptied(folder: Path) -> bool:
    """Tell whether a catalogue without tables had some once."""
    return isinstance(unborn(folder), IndexDamaged)
