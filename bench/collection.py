"""A collection for measuring: records in one file, and its index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from qa.assemble import loaders_with, open_builder
from qa.cli.progress import Bar
from qa.loaders.walk import load_all
from qa.settings import Settings

Thing = TypeVar("Thing")

COLLECTION, INDEX = "collection.jsonl", "index"


def index_of(work: Path, records: Iterable[Mapping[str, Any]]) -> Settings:
    """Index records in a folder, once; return the settings that open the index.

    Records are written where there are none yet; of those that are held already none is done again.
    """
    path = work / COLLECTION
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        path.write_text("".join(lines), encoding="utf-8")
    settings = Settings(index=work / INDEX)
    with Bar() as bar, open_builder(settings, progress=bar) as builder:
        builder.add(load_all([str(path)], limit=settings.max_source_bytes, loaders=loaders_with(settings)))
    return settings


def spread(things: Sequence[Thing], count: int) -> list[Thing]:
    """Return so many of the things at most, spread evenly."""
    count = min(count, len(things))
    return [things[at * len(things) // count] for at in range(count)]


def news_records(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield news items as records, numbered."""
    for at, row in enumerate(rows):
        yield {"id": f"news-{at}", "title": row["title"], "date": row.get("date"), "text": row["text"]}
