"""From uploaded files to sources: read by what they contain, each with what became of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from qa.domain.ports import Failed, Loader
from qa.domain.sources import Source
from qa.errors import SourceDisguised, SourceFailed, SourceTooLarge, SourceUnreadable, SourceUnsupported
from qa.loaders.signatures import HEAD, SUFFIX_OF, Looks, is_plain, looks_like
from qa.loaders.walk import claimed
from qa.web.names import plain_name, suffix_of

TOLD = 5
"""Failures of one file that are told; the others are counted."""

SUFFIX_BY_CONTENT = {**SUFFIX_OF, Looks.ZIP: ".docx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came.

    :param given: The name that the client gave it; it may be anything.
    """

    given: str | None
    content: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadBounds:
    """What one request may ask.

    :param text_bytes: Of the text of one source.
    :param sources: That all its files together may become; a file of records has one a line.
    """

    text_bytes: int
    sources: int


@dataclass(slots=True, kw_only=True)
class Intake:
    """What one upload gave: the names of its sources, and what of it could not be taken in.

    :param told: The first of the failures; a file of nothing but broken lines has millions.
    """

    name: str
    sources: list[str] = field(default_factory=list)
    told: list[SourceFailed] = field(default_factory=list)
    failed: int = 0

    def fail(self, error: SourceFailed) -> None:
        """Count a failure, and keep it if it is one of the first."""
        self.failed += 1
        if self.failed <= TOLD:
            self.told.append(error)


class Intakes:
    """The files of one request, read one after another as their sources are asked for."""

    def __init__(
        self, uploads: Sequence[Upload], *, folder: Path, loaders: Mapping[str, Loader], bounds: UploadBounds
    ) -> None:
        """Read ``uploads`` by way of files in ``folder``, whose names are our own."""
        self._uploads, self._folder, self._loaders, self._bounds = uploads, folder, loaders, bounds
        self.each = [Intake(name=plain_name(upload.given)) for upload in uploads]

    def sources(self) -> Iterator[Source]:
        """Yield every source; a file that fails is noted and the others go on."""
        taken: dict[str, str] = {}
        left = self._bounds.sources
        for at, intake in enumerate(self.each):
            # The place is told where two files of one request want the same name.
            for found in claimed(self._of(at), path=f"第 {at + 1} 个文件", taken=taken):
                if isinstance(found, Failed):
                    intake.fail(found.error)
                elif left:
                    left -= 1
                    intake.sources.append(found.name)
                    yield found
                else:
                    intake.fail(too_many(self._bounds.sources, name=intake.name))
                    break

    def _of(self, at: int) -> Iterator[Source | Failed]:
        name = self.each[at].name
        try:
            path = self._folder / f"{at:03d}"
            with path.open("wb") as file:
                shutil.copyfileobj(self._uploads[at].content, file)
            yield from self._read(path, name=name)
            path.unlink()
        except SourceFailed as error:
            yield Failed(name=name, error=error)
        except (OSError, RuntimeError, ValueError) as error:
            yield Failed(name=name, error=SourceUnreadable(f"{name}：无法读取（{type(error).__name__}）"))

    def _read(self, path: Path, *, name: str) -> Iterator[Source | Failed]:
        """Yield what a file holds, by its suffix or, where that is no use or not true, by its content.

        :raises SourceFailed: When it cannot be taken in.
        """
        suffix, content = suffix_of(name), suffix_by_content(path)
        loader = self._loaders.get(suffix or content)
        if loader is None:
            known = " ".join(sorted(self._loaders))
            raise SourceUnsupported(f"{name}：不支持 {suffix or '没有后缀'} 的文件；目前支持：{known}")
        try:
            yield from loader.load(path, name=name, limit=self._bounds.text_bytes)
        except SourceDisguised:
            other = self._loaders.get(content)
            if other is None or other is loader:
                raise
            yield from other.load(path, name=name, limit=self._bounds.text_bytes)


def too_many(most: int, *, name: str) -> SourceTooLarge:
    """Return the error for what comes after the last source that a request may bring."""
    return SourceTooLarge(
        f"{name}：一次至多收入 {most} 个来源，其余的没有收入；请分成几次上传，或用 qa index，"
        "或调大环境变量 QA_MAX_UPLOAD_SOURCES"
    )


def suffix_by_content(path: Path) -> str:
    """Return the suffix of the format that a file begins like; empty where no such format is read."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    looks = looks_like(head)
    if looks is None:
        return ".txt" if is_plain(head) else ""
    return SUFFIX_BY_CONTENT.get(looks, "")
