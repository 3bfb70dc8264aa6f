"""The one way in which anything is published: files beside, then the commit, then the note."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes
from qa.store.derived import GENERATIONS, Deriving, generation_folder
from qa.store.failures import WRONG_JSON
from qa.store.files import KnownFiles, synchronise_folder
from qa.store.manifest import File, Manifest
from qa.store.published import note, noted
from qa.store.schema import as_written_now
from qa.store.tokens import Tokens

Derive = Callable[[Deriving, Path], Mapping[str, File]]
"""Writes the derived files of a version into a folder that is not there yet."""


class Publishing:
    """Publishes over the connection of the one who holds the lock."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, tokens: Tokens) -> None:
        """Publish in ``folder``."""
        self._folder, self._connection, self._tokens = folder, connection, tokens
        self.known = KnownFiles()

    @contextmanager
    def changing(self, generation: int) -> Iterator[Changes]:
        """Hold the transaction that changes the rows; what fails within it leaves nothing."""
        target = generation_folder(self._folder, generation)
        clear(target)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield Changes(self._connection)
        except BaseException:
            # SQLite has taken back by itself what a full disk broke off.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            with suppress(OSError):
                # Where the next one is a later one, it is published, and what came after was interrupted.
                if next_generation(self._connection, self._folder) <= generation:
                    clear(target)
            raise

    def publish(
        self,
        *,
        encoder: EncoderIdentity,
        change: Callable[[Changes], Derive],
        tokenizer: str | None = None,
        at_least: int = 0,
    ) -> Manifest:
        """Publish a version in one atomic step.

        :param tokenizer: How the words were cut, where it was not by ours.
        :param at_least: The lowest number that the version may have.
        :param change: Changes the rows, and returns how the derived files follow.
        :raises QaError, OSError, sqlite3.Error: With the index as it was before.
        """
        generation = max(next_generation(self._connection, self._folder), at_least)
        target = generation_folder(self._folder, generation)
        with self.changing(generation) as changes:
            derive = change(changes)
            catalogue = Catalogue(self._connection)
            deriving = Deriving(
                index=self._folder, catalogue=catalogue, tokens=self._tokens, known=self.known
            )
            files = derive(deriving, target)
            synchronise_folder(target.parent)
            manifest = Manifest(
                generation=generation,
                encoder=encoder,
                tokenizer=tokenizer or self._tokens.identity,
                counts=catalogue.counts(),
                files=files,
            )
            changes.set_manifest(manifest)
            as_written_now(self._connection)
            self._connection.execute("COMMIT")
        # It is published: what fails from here on is no failure of the change.
        with suppress(OSError):
            note(self._folder, manifest)
        return manifest

    def forget_before(self, generation: int) -> None:
        """Drop versions that no reader can open any more; one that is open keeps its files."""
        with suppress(OSError):
            for old in (self._folder / GENERATIONS).iterdir():
                if old.name.isdigit() and int(old.name) < generation:
                    clear(old)


def clear(folder: Path) -> None:
    """Remove what is at a place as far as can be, a folder or anything else; of a link the link alone."""
    with suppress(OSError):
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.unlink()


def next_generation(connection: sqlite3.Connection, folder: Path) -> int:
    """Return the number of the version to come: above all that were published, whatever can still be read."""
    before = [0]
    with suppress(IndexDamaged):
        last = noted(folder)
        before.append(last.generation if last else 0)
    try:
        (stored,) = connection.execute("SELECT json FROM manifest").fetchone() or ('{"generation": 0}',)
        before.append(int(json.loads(stored)["generation"]))
    except (*WRONG_JSON, sqlite3.Error):
        before += [int(each.name) for each in (folder / GENERATIONS).iterdir() if each.name.isdigit()]
    return max(before) + 1
