"""A file becomes the text that its bytes say, kept to the letter."""

from __future__ import annotations

import codecs
import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from qa.domain.ports import Loader
from qa.errors import SourceEmpty, SourceNotText, SourceTooLarge, SourceUnreadable
from qa.loaders.text import TextLoader
from tests.contracts import MEETING, LoaderContract

LIMIT = 2**20


def loaded(folder: Path, content: bytes) -> str:
    path = folder / "版.txt"
    path.write_bytes(content)
    return TextLoader().load(path, name="版.txt", limit=LIMIT).text


class TestTextLoader(LoaderContract):
    @pytest.fixture
    def loader(self) -> Loader:
        return TextLoader()

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / "样.txt"
        path.write_text(f"大会\n\n{MEETING}\n", encoding="utf-8")
        return path


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("大会𠮷开幕。\n".encode(), "大会𠮷开幕。\n"),
        (codecs.BOM_UTF8 + "大会开幕。".encode(), "\ufeff大会开幕。"),
        ("大会\r\n开幕。\r".encode(), "大会\r\n开幕。\r"),
        ("大会在京开幕，共商发展。".encode("gb18030"), "大会在京开幕，共商发展。"),
        ("大会在京开幕，共商发展。".encode("gbk"), "大会在京开幕，共商发展。"),
        ("生僻字㐀𠮷也在。".encode("gb18030"), "生僻字㐀𠮷也在。"),
        (codecs.BOM_UTF16_LE + "大会\r\n开幕".encode("utf-16-le"), "\ufeff大会\r\n开幕"),
        (codecs.BOM_UTF16_BE + "大会开幕".encode("utf-16-be"), "\ufeff大会开幕"),
        (b"plain ascii\n", "plain ascii\n"),
        ("上一页\f下一页\v".encode(), "上一页\f下一页\v"),
    ],
)
def test_a_file_is_decoded_to_the_letter(tmp_path: Path, content: bytes, text: str) -> None:
    assert loaded(tmp_path, content) == text


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"PK\x03\x04" + bytes(64),
        b"%PDF-1.7\n" + bytes([0, 159, 146, 150]) * 20,
        b"\x00" * 100,
        b"text with a \x00 in it",
        b"\xff\xfe\xff",
        codecs.BOM_UTF16_LE + b"\x00\xd8" * 8,
        b"\x01\x02\x03\x04" * 20,
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceNotText, match=r"^版\.txt：不是文本文件"):
        loaded(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n\t\n", codecs.BOM_UTF8, "　\u00a0\n".encode(), codecs.BOM_UTF16_LE, "\u200b\n".encode()],
)
def test_what_holds_nothing_to_read_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceEmpty, match=r"^版\.txt：文件是空的"):
        loaded(tmp_path, content)


def test_the_limit_is_named_in_words_that_are_true(tmp_path: Path) -> None:
    path = tmp_path / "版.txt"
    path.write_bytes(b"a" * (3 * 2**20))

    with pytest.raises(SourceTooLarge, match=r"超过 2 MiB 的上限"):
        TextLoader().load(path, name="版.txt", limit=2 * 2**20)


def test_a_name_that_no_system_takes_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"^长：无法读取"):
        TextLoader().load(tmp_path / ("长" * 400 + ".txt"), name="长", limit=LIMIT)


def test_a_folder_named_like_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "夹.txt").mkdir()

    with pytest.raises(SourceUnreadable, match=r"^夹\.txt：无法读取"):
        TextLoader().load(tmp_path / "夹.txt", name="夹.txt", limit=LIMIT)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EIO])
def test_what_the_system_will_not_let_us_read_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "版.txt"
    path.write_text("大会", encoding="utf-8")

    def refuse(*_: object, **__: object) -> BinaryIO:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceUnreadable, match=rf"{os.strerror(number)}.*请检查文件权限"):
        TextLoader().load(path, name="版.txt", limit=LIMIT)
