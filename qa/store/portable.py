"""The portable form of an index (导出的文件): one Parquet file with rows and vectors, for any store.

Nothing in it is run and nothing is trusted: schema, sizes and counts are held to bounds before they are
read, every row to its digest, and all of them together to the SHA-256 in the footer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged, IndexStale, QaError, StoreUnfit, SurroundingsFailed
from qa.store.failures import WRONG_ROW, surroundings
from qa.store.files import private_file
from qa.store.manifest import Counts
from qa.store.row_json import TEXT, VECTOR, Values, as_json, put_back, values_from, without
from qa.store.source_rows import SourceRows, checked_rows

FORMAT = 1
ABOUT, ALL = b"wenbao", b"wenbao-sha256"
"""The keys of the footer: what the file is, and the digest of its rows."""

GROUP_ROWS, GROUP_BYTES = 4_000, 32 * 2**20
"""Rows and bytes after which a group is written; what is read at once."""

MOST_ROWS, MOST_BYTES = 100_000, 2**30 + 2**26
"""Of a group that is read: a source may be of a GiB, and comes with all that was made from it."""

MOST_NUMBER = 2**40
CHUNK_BITS = 13
"""Of a number: how many of them share a piece of memory, of a kilobyte."""

FOOTER_BYTES, FOOTER_ITEMS = 2**28, 2**22
SOURCE, PART, ARTICLE, PASSAGE = "source", "part", "article", "passage"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself.

    :param last_number: The highest number that a passage ever had.
    """

    version: str
    encoder: EncoderIdentity
    tokenizer: str
    counts: Counts
    last_number: int
    format: int = FORMAT

    def to_json(self) -> str:
        """Return it as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> About:
        """Return what was stored.

        :raises ValueError, KeyError, TypeError: When it is not that.
        """
        stored = json.loads(text)
        stored["encoder"] = EncoderIdentity(**stored["encoder"])
        stored["counts"] = Counts(**stored["counts"])
        return cls(**stored)


class Together:
    """The digest of what a file says of itself and of all rows, in their order."""

    def __init__(self, about: About) -> None:
        """Have seen no rows."""
        self._digest = hashlib.sha256(about.to_json().encode())

    def take(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take rows in."""
        for row in rows:
            for value in (row["kind"], row["row"], row["text"], row["vector"]):
                piece = b"" if value is None else value if isinstance(value, bytes) else value.encode()
                self._digest.update(len(piece).to_bytes(8, "big") + piece)

    @property
    def hex(self) -> str:
        """Return it."""
        return self._digest.hexdigest()


def arrow() -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return pyarrow.

    :raises StoreUnfit: When it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        told = "导出与导入需要 [milvus] 部分；请运行 scripts/setup milvus，或 pip install 'wenbao[milvus]'"
        raise StoreUnfit(told) from error
    return pyarrow


def schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the columns: kind of row, its columns as JSON, the text of a source, the vector of a passage."""
    pa = arrow()
    return pa.schema(
        [
            pa.field("kind", pa.string(), nullable=False),
            pa.field("row", pa.string(), nullable=False),
            pa.field("text", pa.string()),
            pa.field("vector", pa.binary()),
        ]
    )


def broken(file: Path, what: str) -> IndexDamaged:
    """Return the error for a file that is not what was exported."""
    return IndexDamaged(f"导出的文件 {file} 已损坏（{what}）；请换一份，或重新导出（qa export）")


# --- writing


def write_portable(file: Path, about: About, sources: Iterator[SourceRows]) -> int:
    """Write an index into a file; return its bytes.

    :raises SurroundingsFailed: When it cannot be written, or what is there is something else.
    """
    with surroundings(file, what="导出的文件"), replacing(file) as part:
        pa = arrow()
        together = Together(about)
        with pa.parquet.ParquetWriter(
            part,
            schema().with_metadata({ABOUT: about.to_json()}),
            compression="zstd",
            write_page_checksum=True,
        ) as writer:
            for group in grouped(sources):
                together.take(group)
                writer.write_table(pa.Table.from_pylist(group, schema=schema()), row_group_size=MOST_ROWS)
            writer.add_key_value_metadata({ALL.decode(): together.hex})
        return part.stat().st_size


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a new file that takes the place of ``file`` when the context ends well.

    :raises SurroundingsFailed: When what is there was not exported.
    """
    if file.exists() and not is_portable(file):
        raise SurroundingsFailed(f"{file} 已存在，且不是问报导出的；请换一个文件名")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    private_file(part)
    try:
        yield part
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def is_portable(file: Path) -> bool:
    """Tell whether a file is one that was exported."""
    try:
        with opened(file):
            return True
    except (IndexDamaged, IndexStale):
        return False


def grouped(sources: Iterator[SourceRows]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of sources, whole sources together, in groups of a bounded size."""
    group: list[dict[str, Any]] = []
    size = 0
    for each in sources:
        rows = list(flat(each))
        group += rows
        size += sum(len(row["row"]) + len(row["text"] or "") + len(row["vector"] or b"") for row in rows)
        if len(group) >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def flat(rows: SourceRows) -> Iterator[dict[str, Any]]:
    """Yield the rows of one source: itself, its parts, its articles, their passages."""
    source = rows.source
    told = as_json(without(TEXT, source))
    yield {"kind": SOURCE, "row": told, "text": source[TEXT], "vector": None}
    for kind, some in ((PART, rows.parts), (ARTICLE, rows.articles)):
        for values in some:
            yield {"kind": kind, "row": as_json(values), "text": None, "vector": None}
    for values in rows.passages:
        told = as_json(without(VECTOR, values))
        yield {"kind": PASSAGE, "row": told, "text": None, "vector": values[VECTOR]}


# --- reading


class PortableFile:
    """A file that was exported, opened for reading."""

    def __init__(self, file: Path, parquet: Any, about: About, digest: str) -> None:  # noqa: ANN401
        """Read ``parquet``."""
        self._file, self._parquet, self.about, self._digest = file, parquet, about, digest

    def sources(self) -> Iterator[SourceRows]:
        """Yield the rows of each source, held to their digests; at the end, all together to theirs.

        :raises IndexDamaged: When they are not what was exported; what came before is worth nothing then.
        """
        together, counted, seen = Together(self.about), [0, 0, 0], Numbers(self.about.last_number)
        try:
            for each in split(self._rows(together)):
                rows = checked(each)
                seen.take([values[0] for values in rows.passages])
                for at, some in enumerate(([rows.source], rows.articles, rows.passages)):
                    counted[at] += len(some)
                yield rows
        except WRONG_ROW as error:
            raise broken(self._file, str(error)) from error
        counts = self.about.counts
        if counted != [counts.sources, counts.articles, counts.passages] or together.hex != self._digest:
            raise broken(self._file, "行数或散列与导出时不同")

    def _rows(self, together: Together) -> Iterator[dict[str, Any]]:
        with told_of(self._file):
            for at in range(self._parquet.num_row_groups):
                for batch in self._parquet.iter_batches(batch_size=GROUP_ROWS, row_groups=[at]):
                    rows = batch.to_pylist()
                    together.take(rows)
                    yield from rows


class Numbers:
    """Which numbers of passages were there, a bit each; room is taken for those alone that were."""

    def __init__(self, last: int) -> None:
        """Have seen none of those up to ``last``."""
        self._last = last
        self._seen: dict[int, bytearray] = {}

    def take(self, numbers: Sequence[Any]) -> None:
        """Take numbers in.

        :raises ValueError: When one is none, is out of bounds, or was there before.
        """
        for number in numbers:
            if not isinstance(number, int) or not 0 < number <= self._last:
                raise ValueError(f"段落的编号 {number} 不对")
            chunk = self._seen.setdefault(number >> CHUNK_BITS, bytearray(2 ** (CHUNK_BITS - 3)))
            at, bit = (number % 2**CHUNK_BITS) >> 3, 1 << (number & 7)
            if chunk[at] & bit:
                raise ValueError(f"段落的编号 {number} 有两次")
            chunk[at] |= bit


@contextmanager
def opened(file: Path) -> Iterator[PortableFile]:
    """Open a file that was exported.

    :raises IndexDamaged: When it is none, or is larger than it may be.
    :raises IndexStale: When another version of the program wrote it.
    """
    pa = arrow()
    with surroundings(file, what="导出的文件"), file.open("rb") as handle:
        with told_of(file):
            parquet = pa.parquet.ParquetFile(
                handle,
                thrift_string_size_limit=FOOTER_BYTES,
                thrift_container_size_limit=FOOTER_ITEMS,
                page_checksum_verification=True,
            )
            about = about_of(parquet, file)
            digest = parquet.metadata.metadata.get(ALL, b"").decode("ascii", "replace")
        yield PortableFile(file, parquet, about, digest)


def about_of(parquet: Any, file: Path) -> About:  # noqa: ANN401 - pyarrow has no types
    """Return what a file says of itself, once it is held to what may be read.

    :raises ValueError, KeyError, TypeError: When it is not that.
    :raises IndexStale: When another version of the program wrote it.
    """
    stored = dict(parquet.metadata.metadata or ())[ABOUT]
    found = json.loads(stored)["format"]
    if found != FORMAT:
        remedy = f"请用写成 {file} 的版本导入，或用现在的版本重新导出"
        raise IndexStale(built_with=f"导出格式 {found}", asked_for=f"导出格式 {FORMAT}", remedy=remedy)
    if not parquet.schema_arrow.equals(schema(), check_metadata=False):
        raise ValueError("各列与格式不符")
    about = About.from_json(stored)
    if not 0 <= about.last_number <= MOST_NUMBER:
        raise ValueError("最大的编号不对")
    for at in range(parquet.num_row_groups):
        group = parquet.metadata.row_group(at)
        if group.num_rows > MOST_ROWS or group.total_byte_size > MOST_BYTES:
            raise ValueError("有一组太大")
    return about


@contextmanager
def told_of(file: Path) -> Iterator[None]:
    """Turn what pyarrow says of a file that is malformed into ours.

    :raises IndexDamaged: When it is.
    """
    pa = arrow()
    try:
        yield
    except QaError:
        raise
    except (pa.ArrowException, *WRONG_ROW) as error:
        raise broken(file, str(error)[:200] or type(error).__name__) from error
    except OSError as error:
        # What pyarrow says of damage is one as well, without a number.
        if error.errno is None:
            raise broken(file, str(error)[:200]) from error
        raise


def split(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of each source together.

    :raises ValueError: When they do not begin with a source.
    """
    some: list[dict[str, Any]] = []
    for row in rows:
        if row["kind"] == SOURCE and some:
            yield some
            some = []
        some.append(row)
    if some:
        yield some


def checked(rows: Sequence[Mapping[str, Any]]) -> SourceRows:
    """Return the rows of one source, held to their digests and to each other.

    :raises ValueError, KeyError, TypeError: When one is not what was exported.
    """
    found: dict[str, list[Values]] = {kind: [] for kind in (SOURCE, PART, ARTICLE, PASSAGE)}
    for row in rows:
        values = values_from(row["row"])
        if row["kind"] == SOURCE:
            values = put_back(TEXT, row["text"], values)
        elif row["kind"] == PASSAGE:
            values = put_back(VECTOR, row["vector"], values)
        found[row["kind"]].append(values)
    (source,) = found[SOURCE]
    return checked_rows(source, parts=found[PART], articles=found[ARTICLE], passages=found[PASSAGE])
