"""A file becomes the text that its bytes say, kept to the letter."""

from __future__ import annotations

import codecs
import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from qa.domain.ports import Loader
from qa.domain.sources import Source
from qa.domain.system import reason
from qa.errors import SourceDisguised, SourceEmpty, SourceNotText, SourceTooLarge, SourceUnreadable
from qa.loaders.text import TextLoader
from tests.contracts import MEETING, LoaderContract

LIMIT = 2**20


def loaded(folder: Path, content: bytes) -> str:
    path = folder / "版.txt"
    path.write_bytes(content)
    return only(path).text


def only(path: Path, *, name: str = "版.txt", limit: int = LIMIT) -> Source:
    (found,) = TextLoader().load(path, name=name, limit=limit)
    return found


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
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, r"看内容是PNG 图片；请把后缀改为 \.png"),
        (b"PK\x03\x04" + bytes(64), r"看内容是zip 压缩包.*请另存为支持的格式"),
        (b"%PDF-1.7\n" + bytes([0, 159, 146, 150]) * 20, r"看内容是PDF；请把后缀改为 \.pdf"),
        (b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", r"看内容是PDF；请把后缀改为 \.pdf"),
        (b"{\\rtf1\\ansi text}", "看内容是RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), r"旧版 Office.*另存为 \.docx"),
        (b"\xff\xd8\xff\xe0" + bytes(64), r"请把后缀改为 \.jpg"),
    ],
)
def test_another_format_under_the_suffix_of_text_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(SourceDisguised, match=rf"^版\.txt：不是文本文件，.*{said}"):
        loaded(tmp_path, content)


def test_an_article_that_begins_with_the_name_of_a_format_is_text(tmp_path: Path) -> None:
    assert loaded(tmp_path, "%PDF- 是文件的开头。".encode()) == "%PDF- 是文件的开头。"


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
        only(path, limit=2 * 2**20)


def test_a_name_that_no_system_takes_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"^长：无法读取"):
        only(tmp_path / ("长" * 400 + ".txt"), name="长")


def test_a_folder_named_like_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "夹.txt").mkdir()

    with pytest.raises(SourceUnreadable, match=r"^夹\.txt：无法读取"):
        only(tmp_path / "夹.txt", name="夹.txt")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EIO])
def test_what_the_system_will_not_let_us_read_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "版.txt"
    path.write_text("大会", encoding="utf-8")

    def refuse(*_: object, **__: object) -> BinaryIO:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceUnreadable, match=rf"{reason(OSError(number, ''))}.*请检查文件权限"):
        only(path)
