"""What is shared out, and what doing it takes; values that go to other processes as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from qa.domain.ports import Encoder, EncoderIdentity, Failed, Loader, Vectors
from qa.domain.sources import Source
from qa.engine.articles import SegmentedSource, segmented
from qa.errors import SourceMissing
from qa.loaders.walk import Given, loaded
from qa.text.page_model import PageModel

Result = TypeVar("Result", covariant=True)

Found = Source | SegmentedSource | Failed
"""What comes of an input; a source that the index holds already is not segmented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What results depend on; where it differs, they would be of another index.

    :param cutting: The digest of the program and the page model.
    """

    encoder: EncoderIdentity
    cutting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What is loaded once in each process that does tasks.

    :param limit: Bytes that the text of one source may have.
    """

    encoder: Encoder
    pages: PageModel
    loaders: Mapping[str, Loader]
    limit: int
    standing: Standing


class Task(Protocol[Result]):
    """Something to be done in a workshop; done twice, it gives the same."""

    def done_in(self, workshop: Workshop) -> Result:
        """Return what comes of it.

        :raises SurroundingsFailed: When it is not the input's fault that nothing does.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    """Read files, and segment what they hold, as well as sources that have been read.

    :param held: The digests by which the index holds sources of the names in question.
    """

    inputs: tuple[Given | Source, ...]
    held: Mapping[str, str]

    def done_in(self, workshop: Workshop) -> list[list[Found]]:
        """Return what comes of each input."""
        return [list(self._found(each, workshop)) for each in self.inputs]

    def _found(self, given: Given | Source, workshop: Workshop) -> Iterator[Found]:
        for each in [given] if isinstance(given, Source) else read(given, workshop):
            known = isinstance(each, Failed) or self.held.get(each.name) == each.digest
            yield each if known or isinstance(each, Failed) else segmented(each, workshop.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """Embed passages."""

    texts: tuple[str, ...]

    def done_in(self, workshop: Workshop) -> Vectors:
        """Return one row a text."""
        return workshop.encoder.embed_passages(self.texts)


def read(file: Given, workshop: Workshop) -> Iterator[Source | Failed]:
    """Yield what a file holds, or why it cannot be taken in, of which one reason is the place itself."""
    if file.path and not file.path.parent.is_dir():
        told = f"{file.name}：工作节点上没有它所在的文件夹；请放在各节点以同一路径看得到的共享目录里"
        return iter([Failed(name=file.name, error=SourceMissing(told))])
    return loaded(file, limit=workshop.limit, loaders=workshop.loaders)
