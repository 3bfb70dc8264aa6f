"""What is read of an index of an older format: its sources, to make all else again."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from qa.domain.sources import Source, Told
from qa.store.catalogue import Catalogue

MIGRATED = (2, 3)
"""Older formats whose rows are taken over as they are, see ``qa/store/migrate.py``."""


class OlderCatalogue(Catalogue):
    """A catalogue of format 2 or 3, whose rows have no digests."""

    TOLD: ClassVar[str] = "told"
    """The column of what the format of a source says of it."""

    def source(self, id_or_name: str, *, known: Collection[str] = ()) -> Source:
        """Return a source that is what was put in.

        :raises NotFound: When there is none of that id or name.
        :raises ValueError: When it is not what was put in.
        """
        row = self._connection.execute(
            f"SELECT name, text, digest, {self.TOLD} FROM sources WHERE name = ?",
            (self.name_of(id_or_name),),
        ).fetchone()
        source = Source(name=row[0], text=row[1], told=Told.from_json(row[3]))
        if source.name not in known and source.digest != row[2]:
            raise ValueError(f"来源 {source.name} 的原文与入库时不同")
        return source


class FirstCatalogue(OlderCatalogue):
    """A catalogue of format 1, in which nothing is told beside the text."""

    TOLD = "'{}'"


READABLE = {1: FirstCatalogue, 2: OlderCatalogue, 3: OlderCatalogue}
"""Older formats whose sources can be read, to make the index again from them."""
