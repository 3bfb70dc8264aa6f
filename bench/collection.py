"""A collection for measuring: records in one file, and its index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from qa.assemble import loaders_with, open_builder, open_snapshot
from qa.cli.progress import Bar
from qa.loaders.walk import load_all
from qa.settings import Settings

Thing = TypeVar("Thing")

COLLECTION, INDEX = "collection.jsonl", "index"


def index_of(work: Path, records: Iterable[Mapping[str, Any]], *, pages: Sequence[Path] = ()) -> Settings:
    """Index records in a folder, and pages beside them; return the settings that open the index.

    Of those that are held already none is done again.

    :raises ValueError: When the index holds other sources too: what is measured there is not of these.
    """
    path = write_records(work / COLLECTION, records)
    settings = Settings(index=work / INDEX)
    inputs = [str(path), *map(str, pages)]
    with Bar() as bar, open_builder(settings, progress=bar) as builder:
        report = builder.add(
            load_all(inputs, limit=settings.max_source_bytes, loaders=loaders_with(settings))
        )
    with open_snapshot(settings) as snapshot:
        held = {source.name for source in snapshot.sources()}
    if others := held - {*report.added, *report.updated, *report.unchanged}:
        raise ValueError(f"{settings.index} holds {len(others)} other sources: name another folder")
    return settings


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records as JSON Lines; return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return path


def spread(things: Sequence[Thing], count: int) -> list[Thing]:
    """Return so many of the things at most, spread evenly."""
    count = min(count, len(things))
    return [things[at * len(things) // count] for at in range(count)]


def news_records(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield news items as records, numbered."""
    for at, row in enumerate(rows):
        yield {"id": f"news-{at}", "title": row["title"], "date": row.get("date"), "text": row["text"]}
