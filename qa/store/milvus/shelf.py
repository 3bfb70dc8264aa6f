"""Writing versions of one shelf (架) in Milvus: collections, and the row that says what is published."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import date

from qa.domain.articles import Article, Part
from qa.domain.ports import EncoderIdentity, IndexedSource, Writer
from qa.domain.sources import Source, SourceSummary, token
from qa.errors import IndexLocked, QaError
from qa.store.catalogue import no_source, storable
from qa.store.failures import WRONG_ROW
from qa.store.manifest import Counts
from qa.store.milvus.catalogue import MilvusCatalogue
from qa.store.milvus.changes import MilvusChanges, purge, take_back
from qa.store.milvus.connection import Level, Milvus
from qa.store.milvus.lease import Lease
from qa.store.milvus.manifest import (
    StoreManifest,
    Version,
    damaged,
    missing,
    read_manifest,
    write_manifest,
)
from qa.store.milvus.rows import day_number
from qa.store.milvus.schema import Place, drop_collections, make_collections
from qa.store.milvus.words import LENGTHS
from qa.store.source_rows import SourceRows
from qa.store.tokens import Tokens

KEPT_S, KEPT = 3600.0, 3
"""Seconds for which a version can still be read that is not in force any more, and how many at least."""


class ShelfWriter:
    """Writes versions of one shelf, under a key of its own; whoever makes it holds the lease."""

    def __init__(
        self,
        milvus: Milvus,
        *,
        lease: Lease,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        key: str,
        shelf: int,
        cutting: str = "",
    ) -> None:
        """Go on from what the key says is published.

        :param shelf: Where the rows lie if nothing is published yet.
        """
        self._milvus, self._lease, self._encoder, self._tokens = milvus, lease, encoder, tokens
        self._key, self._cutting, self._shelf = key, cutting, shelf
        self._base = read_manifest(milvus, key=key)
        # What another one left that was killed, or what failed here.
        self._unsure = True

    @property
    def base(self) -> StoreManifest | None:
        """Return what is published now."""
        return self._base

    @property
    def _place(self) -> Place:
        return Place(
            prefix=self._milvus.address.prefix, shelf=self._base.shelf if self._base else self._shelf
        )

    @property
    def _catalogue(self) -> MilvusCatalogue:
        generation = self._base.generation if self._base else 0
        return MilvusCatalogue(self._milvus, self._place, generation=generation, level=lambda: Level.STRONG)

    @contextmanager
    def _reading(self) -> Iterator[MilvusCatalogue]:
        try:
            yield self._catalogue
        except QaError:
            raise
        except WRONG_ROW as error:
            raise damaged(self._milvus.address, f"有一行无法读取（{error}）") from error

    def digests(self) -> dict[str, str]:
        """Return the digest of every source that is held, by name."""
        with self._reading() as catalogue:
            return catalogue.digests() if self._base else {}

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source that is held.

        :raises NotFound: When there is none.
        """
        with self._reading() as catalogue:
            if self._base is None:
                raise no_source(id_or_name)
            return catalogue.name_of(storable(id_or_name))

    def held(self, names: Collection[str] | None = None) -> Iterator[Source]:
        """Yield the sources that are held, or those of them that are named, by name."""
        if self._base is None:
            return
        wanted = sorted(self.digests() if names is None else names)
        with self._reading() as catalogue:
            yield from catalogue.sources(wanted)

    def parts(self, *, days: Collection[date] = (), sources: Collection[str] = ()) -> list[Part]:
        """Return the parts that are held of papers of some days, or of some sources, each once."""
        if self._base is None:
            return []
        ids = sorted(token("source", name) for name in sources)
        with self._reading() as catalogue:
            return catalogue.parts(days=sorted(map(day_number, days)), sources=ids)

    def articles_of(self, name: str) -> list[Article]:
        """Return the articles that begin in a source as they are held, in page order."""
        if self._base is None:
            return []
        with self._reading() as catalogue:
            return catalogue.articles_of(token("source", name))

    def summary(self, name: str) -> SourceSummary:
        """Return one source as it is held, without its text.

        :raises NotFound: When there is none of that name.
        """
        with self._reading() as catalogue:
            found = catalogue.summaries([token("source", storable(name))]) if self._base else []
        if not found:
            raise no_source(name)
        return found[0]

    @property
    def version(self) -> str:
        """Return the token of the version that is published now; empty before the first."""
        return self._base.version if self._base else ""

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        """Replace or add sources and remove others by name, in one atomic step.

        Rows that come and ends of rows that go are written first, and no reader sees them;
        the one row that says what is published is changed last, and so publishes all.

        :raises StoreFailed: With the index as it was before.
        """
        again = {each.source.name for each in put}

        def change(changes: MilvusChanges, last: int) -> int:
            changes.remove([name for name in dict.fromkeys(remove) if name not in again], for_good=True)
            changes.remove(sorted(again), for_good=False)
            return changes.add(put, after=last)

        self._publish(change)

    def take_over(self, rows: Iterator[Sequence[SourceRows]], *, last_number: int) -> None:
        """Put in rows that were made elsewhere, as they are, in one atomic step.

        :param last_number: The highest number that a passage ever had there.
        """

        def change(changes: MilvusChanges, last: int) -> int:
            for some in rows:
                changes.put(some)
            return max(last, last_number)

        self._publish(change)

    def rebuilding(self) -> AbstractContextManager[Writer]:
        """Fail: what a rebuild writes to is not rebuilt itself."""
        raise AssertionError("a shelf is made again by the writer of the whole")

    def _publish(self, change: Callable[[MilvusChanges, int], int]) -> None:
        if self._encoder is None:
            raise missing(self._milvus.address)
        self._hold()
        base, place = self._base, self._place
        published = base.generation if base else 0
        self._make_sure(self._encoder.dimension, published)
        self._unsure = True
        changes = MilvusChanges(
            self._milvus,
            self._catalogue,
            generation=published + 1,
            tokens=self._tokens,
            lengths=base.lengths if base else LENGTHS,
        )
        last = change(changes, base.last_number if base else 0)
        changes.count_terms(published=published)
        self._say(
            StoreManifest(
                generation=published + 1,
                shelf=place.shelf,
                encoder=self._encoder,
                tokenizer=self._tokens.identity,
                counts=changes.counts(base.counts if base else Counts(sources=0, articles=0, passages=0)),
                lengths=dict(base.lengths if base else LENGTHS),
                last_number=last,
                bytes=(base.bytes if base else 0) + changes.bytes,
                nonce=secrets.token_hex(8),
                cutting=self._cutting,
                kept=kept_with(base, generation=published + 1, shelf=place.shelf),
            )
        )

    def _hold(self) -> None:
        """Make sure that this is still the one that writes, before anything is written or taken back.

        :raises IndexLocked: When the lease was lost, or another one wrote while it was.
        """
        self._lease.hold()
        now = read_manifest(self._milvus, key=self._key)
        if (now.version if now else "") != self.version:
            told = f"存储 {self._milvus.address} 在租约失效期间被别的进程写过；请重新运行"
            raise IndexLocked(told)

    def _make_sure(self, dimension: int, published: int) -> None:
        """Have the collections, with nothing in them that was not published."""
        if self._unsure:
            make_collections(self._milvus, self._place, dimension=dimension)
            take_back(self._milvus, self._place, published=published)
            self._unsure = False

    def _say(self, manifest: StoreManifest) -> None:
        """Publish: this row is the atomic step."""
        self._lease.hold()
        write_manifest(self._milvus, manifest, key=self._key)
        before, self._base, self._unsure = self._base, manifest, False
        # It is published: what fails from here on is no failure of the change.
        with suppress(QaError):
            self._tidy(before, manifest)

    def _tidy(self, before: StoreManifest | None, manifest: StoreManifest) -> None:
        """Take out what no version needs any more that may still be read."""
        kept = {each.shelf for each in manifest.kept}
        for shelf in {each.shelf for each in before.kept} - kept if before else ():
            drop_collections(self._milvus, Place(prefix=self._milvus.address.prefix, shelf=shelf))
        if before and manifest.oldest > min(
            (each.generation for each in before.kept if each.shelf == manifest.shelf),
            default=manifest.oldest,
        ):
            purge(self._milvus, self._place, before=manifest.oldest)


def kept_with(
    base: StoreManifest | None, *, generation: int, shelf: int, now: Callable[[], float] = time.time
) -> tuple[Version, ...]:
    """Return the versions that may still be read once one more is published."""
    moment = now()
    before = [replace(each, at=each.at or moment) for each in (base.kept if base else ())]
    kept = [
        each for at, each in enumerate(before) if moment - each.at < KEPT_S or at >= len(before) - (KEPT - 1)
    ]
    return (*kept, Version(generation=generation, shelf=shelf, at=0.0))
