"""One table says which loader reads which suffix."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import SourceUnsupported
from qa.loaders.table import LOADERS, loader_of


@pytest.mark.parametrize("name", ["版.txt", "版.TXT", "a.b.md", "版.text"])
def test_a_suffix_finds_its_loader_whatever_its_case(name: str) -> None:
    assert loader_of(Path(name)) is LOADERS[Path(name).suffix.lower()]


@pytest.mark.parametrize(
    ("name", "said"),
    [("版.xyz", "不支持 .xyz 的文件"), ("版", "不支持 没有后缀 的文件"), ("版.txt.bak", r"\.bak")],
)
def test_another_suffix_is_unsupported_and_the_known_ones_are_named(name: str, said: str) -> None:
    with pytest.raises(SourceUnsupported, match=rf"^{name}：.*{said}.*目前支持：.*\.md.*\.txt"):
        loader_of(Path(name))
