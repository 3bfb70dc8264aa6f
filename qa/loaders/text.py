"""Plain text and Markdown: UTF-8 with or without a byte-order mark, else GB18030."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qa.domain.characters import BLANK
from qa.domain.sources import Source
from qa.domain.system import reason
from qa.errors import (
    SourceDisguised,
    SourceEmpty,
    SourceMissing,
    SourceNotText,
    SourceTooLarge,
    SourceUnreadable,
)
from qa.loaders.signatures import SIGNATURE, Looks, looks_like, remedy

ODD_SHARE = 0.02
"""Control characters above which something is no text, whatever decodes it."""

NOTHING = re.compile(f"[{BLANK}]*")
ODD = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
ENCODINGS = ("utf-8", "gb18030")
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class TextLoader:
    """Loads a file whose bytes are its text."""

    def load(self, path: Path, *, name: str, limit: int) -> Iterator[Source]:
        """Yield the file as it decodes, line ends and byte-order mark kept.

        :raises SourceFailed: When it is missing, too large, empty, or no text.
        """
        yield text_source(read_bytes(path, name=name, limit=limit), name=name, limit=limit)


def read_bytes(path: Path, *, name: str, limit: int) -> bytes:
    """Return the content of a file, or its first ``limit + 1`` bytes, which tells that there are more."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise SourceMissing(f"{name}：没有这个文件") from error
    except OSError as error:
        raise SourceUnreadable(f"{name}：无法读取（{reason(error)}）；请检查文件权限") from error


def text_source(content: bytes, *, name: str, limit: int) -> Source:
    """Return bytes as a source.

    :raises SourceFailed: When they are more than ``limit``, nothing but white space, or no text.
    """
    if len(content) > limit:
        raise SourceTooLarge(
            f"{name}：超过 {limit / 2**20:.0f} MiB 的上限；请拆成较小的文件，"
            "或调大环境变量 QA_MAX_SOURCE_BYTES"
        )
    refuse_disguise(content, name=name)
    return Source(name=name, text=checked_text(decode(content, name=name), name=name))


def refuse_disguise(content: bytes, *, name: str) -> None:
    """Refuse what begins like another format and is no text.

    :raises SourceDisguised: Naming the format.
    """
    looks = looks_like(content[:SIGNATURE])
    if looks and (looks is Looks.RTF or b"endobj" in content or not reads_as_text(content)):
        raise SourceDisguised(f"{name}：不是文本文件，看内容是{looks}；{remedy(looks)}")


def reads_as_text(content: bytes) -> bool:
    """Tell whether bytes decode to text; an article about PDF may well begin with ``%PDF-``."""
    try:
        return is_text(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def checked_text(text: str, *, name: str) -> str:
    """Return the text of a source if there is something to read in it, and nothing but text.

    :raises SourceEmpty: When it is nothing but white space.
    :raises SourceNotText: When it holds what cannot be stored or is mostly no text.
    """
    if NOTHING.fullmatch(text):
        raise SourceEmpty(f"{name}：文件是空的，没有可以索引的文字")
    if not is_text(text) or SURROGATE.search(text):
        raise SourceNotText(f"{name}：提取出的大多不是文字；请换一种方式导出后再试")
    return text


def decode(content: bytes, *, name: str) -> str:
    """Return the text of a file.

    :raises SourceNotText: When no encoding fits, or what comes out is mostly no text.
    """
    encoding = BYTE_ORDER_MARKS.get(content[:2])
    for candidate in (encoding,) if encoding else ENCODINGS:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if is_text(text):
            return text
    raise SourceNotText(
        f"{name}：不是文本文件，或编码既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 文本后再索引"
    )


def is_text(text: str) -> bool:
    """Tell whether decoded characters are what people write."""
    odd = sum(1 for _ in ODD.finditer(text))
    return "\x00" not in text and odd <= ODD_SHARE * len(text)
