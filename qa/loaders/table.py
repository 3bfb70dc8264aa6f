"""Which loader reads which suffix: the one table to add a format to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa.domain.ports import Loader
from qa.errors import SourceUnsupported
from qa.loaders.text import TextLoader

LOADERS: Mapping[str, Loader] = {".txt": TextLoader(), ".text": TextLoader(), ".md": TextLoader()}


def loader_of(path: Path) -> Loader:
    """Return the loader for a file.

    :raises SourceUnsupported: When there is none.
    """
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted(LOADERS))
        raise SourceUnsupported(f"{path.name}：不支持 {path.suffix or '没有后缀'} 的文件；目前支持：{known}")
    return loader
