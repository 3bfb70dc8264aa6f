"""Formats that only the parsing process may read: checked from outside, then handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.domain.ports import Failed
from qa.domain.sources import Source
from qa.errors import (
    ExtraMissing,
    SourceBroken,
    SourceDisguised,
    SourceEmpty,
    SourceTooLarge,
)
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.extra import INSTALL_OCR
from qa.loaders.parsed import Job
from qa.loaders.signatures import HEAD, Looks, is_plain, looks_like, remedy
from qa.loaders.text import read_bytes
from qa.loaders.worker import Worker

PICTURES = frozenset({Looks.PNG, Looks.JPEG, Looks.WEBP})


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLoader:
    """Loads one kind of file by way of the parsing process.

    :param wants: What such a file may look like; empty for what looks like text.
    """

    kind: str
    wants: frozenset[Looks]
    worker: Worker
    bounds: Bounds = DEFAULT_BOUNDS

    def load(self, path: Path, *, name: str, limit: int) -> Iterator[Source | Failed]:
        """Yield the text of the file; after it, a failure that names the pages that could not be read.

        :raises SourceFailed: When it is missing, disguised, broken, too large, or takes too long.
        :raises SurroundingsFailed: When the parsing process cannot be started.
        """
        self._check(path, name=name)
        job = Job(kind=self.kind, path=str(path.absolute()), name=name, limit=limit, bounds=self.bounds)
        parsed = self.worker.parse(job)
        yield Source(name=name, text=parsed.text, told=parsed.told)
        if parsed.unread:
            yield Failed(name=name, error=without(parsed.unread, name=name))

    def _check(self, path: Path, *, name: str) -> None:
        """Refuse what is not worth a process."""
        head = read_bytes(path, name=name, limit=HEAD)
        size = path.stat().st_size
        if not size:
            raise SourceEmpty(f"{name}：文件是空的，没有可以索引的文字")
        if size > self.bounds.file_bytes:
            raise SourceTooLarge(
                f"{name}：超过 {self.bounds.file_bytes / 2**20:.0f} MiB 的上限；请拆成较小的文件，"
                "或调大环境变量 QA_MAX_FILE_BYTES"
            )
        refuse_disguise(head, self.wants, name=name)


def refuse_disguise(head: bytes, wants: frozenset[Looks], *, name: str) -> None:
    """Refuse a file whose first bytes are not those of its suffix.

    :raises SourceDisguised: When they are those of another format.
    :raises SourceBroken: When they are those of none.
    """
    looks = looks_like(head if Looks.PDF in wants else head[:16])
    if looks in wants or (looks is None and not wants):
        return
    if looks is None and is_plain(head):
        looks = Looks.TEXT
    if looks is None:
        raise SourceBroken(f"{name}：开头不是这种格式应有的内容；文件可能已损坏，请重新导出后再试")
    raise SourceDisguised(f"{name}：后缀与内容不符，看内容是{looks}；{remedy(looks)}")


def without(pages: tuple[int, ...], *, name: str) -> ExtraMissing:
    """Return the error that says which pages are not in the index, though the others are."""
    listed = "、".join(str(page) for page in pages[:20]) + ("等" if len(pages) > 20 else "")
    return ExtraMissing(
        f"{name}：有文字的各页已收入；第 {listed} 页（共 {len(pages)} 页）只有图片，未收入。"
        f"要识别图片中的文字，请运行：{INSTALL_OCR}，再重新索引"
    )
