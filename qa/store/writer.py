"""The writing side of the local index: one process at a time, one atomic step a change."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from qa.domain.articles import Article, Part
from qa.domain.ports import EncoderIdentity, IndexedSource
from qa.domain.sources import Source, SourceSummary
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes
from qa.store.derived import derived_files, generation_folder, make_generations
from qa.store.failures import another_encoder, empty, missing, readable, surroundings
from qa.store.files import private_folder
from qa.store.lock import take_lock
from qa.store.manifest import Manifest, check
from qa.store.mending import make_tables
from qa.store.older import READABLE
from qa.store.published import hold_to_format, hold_to_note, manifest_in, noted
from qa.store.publishing import Derive, Publishing, clear
from qa.store.rebuild import replace_rows
from qa.store.schema import FILE, connect, format_of
from qa.store.snapshot import hold_to_models
from qa.store.stages import clear_stages, stage_for
from qa.store.tokens import Tokens


class LocalWriter:
    """Changes an index; holds its lock from opening to closing, and lets go of it if the process dies."""

    def __init__(
        self,
        folder: Path,
        *,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        create: bool = True,
        rebuild: bool = False,
        cutting: str = "",
        searchable: bool = True,
    ) -> None:
        """Take the lock and open the index; make a new one where there is none.

        :param encoder: What the vectors to come are made with; None when only to remove.
        :param create: Whether a new one may be made.
        :param rebuild: Whether to make all of it again by ``rebuilding``, from its sources alone: the encoder
            and the derived files of the present version may then be anything, and its format an older one.
        :param cutting: What articles and passages depend on besides their sources; a rebuild that was
            begun with another one is not gone on with.
        :param searchable: Whether versions get derived files; without, they are rows and vectors alone.
        :raises IndexLocked: When another process is writing; names it.
        :raises IndexMissing: When there is none and ``create`` is False.
        :raises IndexStale: When the index is of another format or encoder.
        :raises IndexDamaged: When a derived file is not what was written.
        :raises SurroundingsFailed: When the folder cannot be written.
        """
        self._folder, self._encoder, self._tokens = folder, encoder, tokens
        self._rebuild, self._cutting, self._searchable = rebuild, cutting, searchable
        if not create and not (folder / FILE).is_file():
            raise missing(folder)
        with surroundings(folder):
            private_folder(folder)
            self._lock = take_lock(folder)
            try:
                make_generations(folder, mend=rebuild)
                last = None if rebuild else noted(folder)
                self._connection = connect(folder, write=True)
                self._publishing = Publishing(folder, self._connection, tokens=tokens)
                self._catalogue = self._opened()
                self._base = self._published(last)
            except BaseException:
                if hasattr(self, "_connection"):
                    self._connection.close()
                os.close(self._lock)
                raise

    def _opened(self) -> Catalogue:
        found = format_of(self._connection)
        if self._rebuild and found in READABLE:
            return READABLE[found](self._connection)
        make_tables(self._connection, self._folder)
        hold_to_format(self._connection, self._folder)
        return Catalogue(self._connection)

    def _published(self, last: Manifest | None) -> Manifest | None:
        """Return what is published, held to all that it must be; None when all is to be made again."""
        if self._rebuild:
            return None
        manifest = manifest_in(self._connection, self._folder)
        if last:
            hold_to_note(manifest, self._folder, noted=last)
        if manifest:
            self._encoder = self._encoder or manifest.encoder
            hold_to_models(manifest, encoder=self._encoder, tokens=self._tokens, index=self._folder)
            derived = derived_files(self._folder, manifest.generation)
            check(derived, files=manifest.files, index=self._folder, known=self._publishing.known)
        return manifest

    def require(self, encoder: EncoderIdentity) -> None:
        """Hold an encoder that was loaded later to that of the index.

        :raises IndexStale: When it is another.
        """
        if self._encoder is not None and encoder != self._encoder:
            raise another_encoder(self._folder, found=self._encoder, ours=encoder)

    def close(self) -> None:
        """Let go of the index and its lock."""
        self._connection.close()
        os.close(self._lock)

    def digests(self) -> dict[str, str]:
        """Return the digest of every source that is held, by name."""
        with surroundings(self._folder):
            return self._catalogue.digests()

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source that is held.

        :raises NotFound: When there is none.
        """
        with surroundings(self._folder):
            return self._catalogue.name_of(id_or_name)

    def held(self, names: Collection[str] | None = None) -> Iterator[Source]:
        """Yield the sources that are held, or those of them that are named, by name."""
        with surroundings(self._folder), readable(self._folder):
            for name in sorted(self._catalogue.digests() if names is None else names):
                yield self._catalogue.source(name)

    def parts(self, *, days: Collection[date] = (), sources: Collection[str] = ()) -> list[Part]:
        """Return the parts that are held of papers of some days, or of some sources, each once."""
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.parts(days=days, sources=sources)

    def articles_of(self, name: str) -> list[Article]:
        """Return the articles that begin in a source as they are held, in page order."""
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.articles_of(name)

    def summary(self, name: str) -> SourceSummary:
        """Return one source as it is held, without its text.

        :raises NotFound: When there is none of that name.
        """
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.summary(name)

    @property
    def version(self) -> str:
        """Return the token of the version that is published now; empty before the first."""
        return self._base.version if self._base else ""

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        """Replace or add sources and remove others by name, in one atomic step.

        The derived files are written beside those of the version that is
        published; the commit of the catalogue names them and so publishes all.

        :raises SurroundingsFailed: With the index as it was before.
        """
        assert not self._rebuild, "what is to be made again is changed by rebuilding alone"
        if self._encoder is None:
            raise empty(self._folder)
        with surroundings(self._folder), readable(self._folder):
            made = self._publishing.publish(
                encoder=self._encoder, change=lambda changes: self._change(changes, put=put, remove=remove)
            )
        self._take_up(made)

    def _change(self, changes: Changes, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> Derive:
        """Change the rows; return how the derived files follow."""
        removed = self._make_room(changes, put, remove)
        added = [number for each in put for number in changes.add(each)]
        if not self._searchable:
            return lambda _, __: {}
        base = self._base
        last = generation_folder(self._folder, base.generation) if base else None
        return lambda deriving, target: deriving.next(target, last=last, removed=removed, added=added)

    def _make_room(self, changes: Changes, put: Sequence[IndexedSource], remove: Sequence[str]) -> list[int]:
        """Take out what goes and what comes again; return the numbers of the passages."""
        again = {each.source.name for each in put}
        gone = [name for name in dict.fromkeys(remove) if name not in again]
        removed = changes.remove(gone, for_good=True)
        return removed + changes.remove(sorted(again), for_good=False)

    @contextmanager
    def rebuilding(self) -> Iterator[LocalWriter]:
        """Give what a rebuild writes to, beside the version that is published until it takes its place.

        Sources that an interrupted rebuild left there are held already. What ends the context early leaves
        them to the next one; when it ends well, the index holds what was written, in one atomic step.

        :raises SurroundingsFailed: With the index as it was before.
        """
        if self._encoder is None:
            raise empty(self._folder)
        place = stage_for(self._folder, self._encoder, tokenizer=self._tokens.identity, cutting=self._cutting)
        with surroundings(self._folder):
            clear_stages(self._folder, but=place)
        stage = LocalWriter(place, encoder=self._encoder, tokens=self._tokens, searchable=False)
        with closing(stage):
            yield stage
            self._put_in_place(stage, self._encoder)
        clear(place)

    def _put_in_place(self, stage: LocalWriter, encoder: EncoderIdentity) -> None:
        def change(_: Changes) -> Derive:
            replace_rows(self._connection, stage._connection)
            return lambda deriving, target: deriving.again(target, last=None, dense=True, words=True)

        with surroundings(self._folder), readable(self._folder):
            made = self._publishing.publish(encoder=encoder, change=change)
        self._take_up(made)

    def _take_up(self, made: Manifest) -> None:
        """Go on from what was just published."""
        self._base, self._catalogue, self._rebuild = made, Catalogue(self._connection), False
        self._publishing.forget_before(made.generation - 1)
