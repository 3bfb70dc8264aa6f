"""What a file is by its first bytes, whatever its suffix says."""

from __future__ import annotations

from enum import StrEnum

HEAD = 1024
"""Bytes at the beginning of a file that tell its format; a PDF may begin anywhere within them."""

SIGNATURE = 16
"""Bytes at the beginning that hold any other format's mark."""


class Looks(StrEnum):
    """What the first bytes look like, as a person is told."""

    PDF = "PDF"
    PNG = "PNG 图片"
    JPEG = "JPEG 图片"
    WEBP = "WebP 图片"
    OTHER_PICTURE = "图片"
    ZIP = "zip 压缩包（docx、xlsx 等也是）"
    OLD_OFFICE = "旧版 Office 文件（.doc），或加了密码的 docx"
    RTF = "RTF"
    TEXT = "文本"


MAGIC: tuple[tuple[bytes, Looks], ...] = (
    (b"%PDF-", Looks.PDF),
    (b"\x89PNG\r\n\x1a\n", Looks.PNG),
    (b"\xff\xd8\xff", Looks.JPEG),
    (b"GIF8", Looks.OTHER_PICTURE),
    (b"II*\x00", Looks.OTHER_PICTURE),
    (b"MM\x00*", Looks.OTHER_PICTURE),
    (b"PK\x03\x04", Looks.ZIP),
    (b"PK\x05\x06", Looks.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Looks.OLD_OFFICE),
    (b"{\\rtf", Looks.RTF),
)

SUFFIX_OF = {
    Looks.PDF: ".pdf",
    Looks.PNG: ".png",
    Looks.JPEG: ".jpg",
    Looks.WEBP: ".webp",
    Looks.TEXT: ".txt",
}
"""The suffix under which what looks like this is read."""


def looks_like(head: bytes) -> Looks | None:
    """Return what a file begins like; None for bytes that say nothing."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Looks.WEBP
    for magic, looks in MAGIC:
        if head.startswith(magic):
            return looks
    return Looks.PDF if b"%PDF-" in head[:HEAD] else None


def is_plain(head: bytes) -> bool:
    """Tell whether bytes read as text: no control characters but those that text has."""
    return bool(head) and not any(byte < 32 and byte not in b"\t\n\r\f\x0b" for byte in head)


def remedy(looks: Looks) -> str:
    """Return what to do with a file whose suffix says something else."""
    suffix = SUFFIX_OF.get(looks)
    if suffix:
        return f"请把后缀改为 {suffix} 后再索引"
    if looks is Looks.OLD_OFFICE:
        return "请去掉密码，另存为 .docx 后再索引"
    return "请另存为支持的格式，并使用相应的后缀"
