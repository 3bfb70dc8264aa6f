"""JSON Lines: a source a record, read line by line, so that a file may be larger than memory.

Records are those of BEIR (``_id title text metadata``) and of newspaper archives
(``id title date text authors newspaper``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from qa.domain.ports import Failed
from qa.domain.sources import Source, Told
from qa.domain.spans import Span
from qa.domain.system import reason
from qa.errors import (
    SourceBroken,
    SourceDisguised,
    SourceEmpty,
    SourceFailed,
    SourceNotText,
    SourceTooLarge,
    SourceUnreadable,
)
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.dates import day_of
from qa.loaders.signatures import HEAD, looks_like, remedy
from qa.loaders.text import SURROGATE, checked_text, read_bytes

STEP = 2**20
LONGEST_ID = 500
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

IDS = ("_id", "id")
AUTHORS = ("authors", "author")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLinesLoader:
    """Loads a file of records."""

    bounds: Bounds = DEFAULT_BOUNDS

    def load(self, path: Path, *, name: str, limit: int) -> Iterator[Source | Failed]:
        """Yield a source for each record, and a failure, by file and line, for each that is none.

        :param limit: Bytes that one record may have; the file has a bound of its own.
        :raises SourceFailed: When the file is missing, empty, too large, or no text.
        """
        check(path, name=name, most=self.bounds.records_bytes)
        found = False
        try:
            with path.open("rb") as file:
                for number, line in enumerate(lines(file, limit=limit), start=1):
                    if line is not None and not line.strip():
                        continue
                    found = True
                    yield record_source(line, place=f"{name}:{number}", limit=limit)
        except OSError as error:
            raise SourceUnreadable(f"{name}：读到一半时出错（{reason(error)}）；请重试") from error
        if not found:
            raise SourceEmpty(f"{name}：文件是空的，没有可以索引的文字")


def check(path: Path, *, name: str, most: int) -> None:
    """Refuse a file as a whole.

    :raises SourceFailed: When it is missing, empty, too large, or of another format.
    """
    head = read_bytes(path, name=name, limit=HEAD)
    size = path.stat().st_size
    if not size:
        raise SourceEmpty(f"{name}：文件是空的，没有可以索引的文字")
    if size > most:
        raise SourceTooLarge(
            f"{name}：超过 {most / 2**20:.0f} MiB 的上限；请拆成较小的文件，或调大环境变量 QA_MAX_JSONL_BYTES"
        )
    looks = looks_like(head[:16])
    if looks:
        raise SourceDisguised(f"{name}：后缀与内容不符，看内容是{looks}；{remedy(looks)}")


def lines(file: BinaryIO, *, limit: int) -> Iterator[bytes | None]:
    """Yield lines without their ends; None for one of more than ``limit`` bytes, which is skipped."""
    first = True
    while line := file.readline(limit + len(BYTE_ORDER_MARK) + 2):
        if first:
            line, first = line.removeprefix(BYTE_ORDER_MARK), False
        printed = line.rstrip(b"\r\n")
        if len(printed) <= limit:
            yield printed
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(STEP)
        yield None


def record_source(line: bytes | None, *, place: str, limit: int) -> Source | Failed:
    """Return the source of one record, or why it is none, named by file and line."""
    try:
        if line is None:
            raise SourceTooLarge(
                f"{place}：这一条超过 {limit / 2**20:.0f} MiB 的上限；请拆成较小的记录，"
                "或调大环境变量 QA_MAX_SOURCE_BYTES"
            )
        return source_of(fields(line, place=place), place=place)
    except SourceFailed as error:
        return Failed(name=place, error=error)


def fields(line: bytes, *, place: str) -> Mapping[str, Any]:
    """Return the fields of a record.

    :raises SourceNotText, SourceBroken: When a line is not UTF-8, no JSON, or no object.
    """
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceNotText(f"{place}：不是 UTF-8；请把文件另存为 UTF-8 后再索引") from error
    except (ValueError, RecursionError) as error:
        raise SourceBroken(f"{place}：不是合法的 JSON；每行应是一个 JSON 对象") from error
    if not isinstance(record, dict):
        raise SourceBroken(f'{place}：不是 JSON 对象；每行应形如 {{"id": "…", "title": "…", "text": "…"}}')
    return record


def source_of(record: Mapping[str, Any], *, place: str) -> Source:
    """Return the source of a record: the title, a blank line, the text.

    :raises SourceFailed: When it has no text, or what should be text is none.
    """
    title, text = words(record, "title", place=place), words(record, "text", place=place)
    if not text.strip():
        raise SourceEmpty(f"{place}：text 是空的，没有可以索引的文字")
    whole = checked_text(f"{title}\n\n{text}" if title else text, name=place)
    return Source(name=name_of(record, place=place), text=whole, told=told_of(record, title=title))


def words(record: Mapping[str, Any], field: str, *, place: str) -> str:
    """Return a field that holds words, empty where it is missing.

    :raises SourceBroken: When it holds something else.
    """
    value = record.get(field)
    if value is not None and not isinstance(value, str):
        raise SourceBroken(f"{place}：{field} 应是文字")
    return value or ""


def name_of(record: Mapping[str, Any], *, place: str) -> str:
    """Return the id of a record, or file and line where it has none.

    :raises SourceBroken: When the id is neither words nor a number, or too long.
    """
    given = next((record[key] for key in IDS if record.get(key) not in (None, "")), place)
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise SourceBroken(f"{place}：id 应是文字或整数")
    name = str(given)
    if len(name) > LONGEST_ID or SURROGATE.search(name) or "\x00" in name:
        raise SourceBroken(f"{place}：id 应不超过 {LONGEST_ID} 字，且能以 UTF-8 保存")
    return name


def told_of(record: Mapping[str, Any], *, title: str) -> Told:
    """Return what a record states beside its text; BEIR has it in ``metadata``."""
    beside = record.get("metadata")
    known = {
        key: value
        for told in (beside if isinstance(beside, dict) else {}, record)
        for key, value in told.items()
        # A column that an export left empty says nothing, and hides nothing either.
        if value is not None
    }
    newspaper = known.get("newspaper")
    return Told(
        whole=True,
        title=Span(0, len(title)) if title.strip() else None,
        authors=tuple(authors_in(next((known[key] for key in AUTHORS if key in known), None))),
        date=day_of(known.get("date")),
        newspaper=newspaper if isinstance(newspaper, str) and storable(newspaper) else None,
    )


def authors_in(value: object) -> list[str]:
    """Return names: one, or several in a list."""
    listed = value if isinstance(value, list) else [value]
    return [name.strip() for name in listed if isinstance(name, str) and storable(name)]


def storable(name: str) -> bool:
    """Tell whether a name prints something and can be stored."""
    return bool(name.strip()) and SURROGATE.search(name) is None and "\x00" not in name
