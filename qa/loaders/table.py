"""Which loader reads which suffix: the one table to add a format to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa.domain.ports import Loader
from qa.errors import SourceUnsupported
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.foreign import PICTURES, ForeignLoader
from qa.loaders.jsonl import JsonLinesLoader
from qa.loaders.signatures import Looks
from qa.loaders.text import TextLoader
from qa.loaders.worker import Worker

TEXT_SUFFIXES = (".txt", ".text", ".md")
HTML_SUFFIXES = (".html", ".htm")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")

WORKER = Worker()
"""The parsing process; starts with the first file that needs it, and ends with the program."""


def make_loaders(bounds: Bounds, *, worker: Worker = WORKER) -> Mapping[str, Loader]:
    """Return the loader of each suffix that is known, all foreign formats in one process."""

    def foreign(kind: str, *wants: Looks) -> Loader:
        return ForeignLoader(kind=kind, wants=frozenset(wants), worker=worker, bounds=bounds)

    text, html, picture = TextLoader(), foreign("html"), foreign("picture", *PICTURES)
    return {
        **dict.fromkeys(TEXT_SUFFIXES, text),
        **dict.fromkeys(HTML_SUFFIXES, html),
        **dict.fromkeys(PICTURE_SUFFIXES, picture),
        ".docx": foreign("docx", Looks.ZIP),
        ".jsonl": JsonLinesLoader(bounds=bounds),
        ".pdf": foreign("pdf", Looks.PDF),
    }


LOADERS = make_loaders(DEFAULT_BOUNDS)


def loader_of(path: Path, loaders: Mapping[str, Loader] = LOADERS) -> Loader:
    """Return the loader for a file.

    :raises SourceUnsupported: When there is none.
    """
    loader = loaders.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted(loaders))
        raise SourceUnsupported(f"{path.name}：不支持 {path.suffix or '没有后缀'} 的文件；目前支持：{known}")
    return loader
