"""One table says which loader reads which suffix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa.assemble import loaders_with
from qa.errors import SourceTooManyPages, SourceUnsupported
from qa.loaders.table import LOADERS, TEXT_SUFFIXES, loader_of
from qa.settings import Settings
from tests.loaders.files import pdf


@pytest.mark.parametrize(
    "name", ["版.txt", "版.TXT", "a.b.md", "版.text", "版.PDF", "版.docx", "版.htm", "版.JPEG"]
)
def test_a_suffix_finds_its_loader_whatever_its_case(name: str) -> None:
    assert loader_of(Path(name)) is LOADERS[Path(name).suffix.lower()]


@pytest.mark.parametrize(
    ("name", "said"),
    [("版.xyz", "不支持 .xyz 的文件"), ("版", "不支持 没有后缀 的文件"), ("版.txt.bak", r"\.bak")],
)
def test_another_suffix_is_unsupported_and_the_known_ones_are_named(name: str, said: str) -> None:
    with pytest.raises(SourceUnsupported, match=rf"^{name}：.*{said}.*目前支持：.*\.md.*\.txt"):
        loader_of(Path(name))


def test_every_format_of_the_contract_is_read() -> None:
    assert set(LOADERS) == {
        *(".txt", ".text", ".md", ".pdf", ".docx", ".html", ".htm", ".jsonl"),
        *(".png", ".jpg", ".jpeg", ".webp"),
    }


def test_every_bound_is_a_setting_and_both_have_the_same_default() -> None:
    made = loaders_with(Settings())

    assert made.keys() == LOADERS.keys()
    for suffix in LOADERS.keys() - set(TEXT_SUFFIXES):
        assert made[suffix] == LOADERS[suffix]


def test_a_setting_reaches_the_loaders(tmp_path: Path) -> None:
    path = tmp_path / "二.pdf"
    path.write_bytes(pdf(["", ""]))

    with pytest.raises(SourceTooManyPages, match="共 2 页，超过 1 页的上限"):
        list(loaders_with(Settings(max_pages=1))[".pdf"].load(path, name="二.pdf", limit=2**20))


def test_loading_text_starts_no_process_and_imports_no_parser() -> None:
    script = (
        "import sys, qa.loaders.table as table; "
        "print(table.WORKER._process, {'pypdfium2', 'selectolax', 'PIL', 'rapidocr'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "None set()"
