"""Pictures of pages: PNG, JPEG and WebP, read by the extra ``[ocr]``."""

from __future__ import annotations

import io

from qa.errors import SourceBroken, SourceInflated
from qa.loaders import scan
from qa.loaders.extra import require_ocr
from qa.loaders.parsed import Job, MoreTime, Parsed

FORMATS = ("PNG", "JPEG", "WEBP")


def parse(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return the words in a picture.

    :raises SourceFailed: When it is broken, too large once decoded, or the extra is missing.
    """
    require_ocr(name=job.name, why="这是图片")
    from PIL import Image

    # Our own bound stands before anything is decoded; Pillow's would only warn.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            refuse_bomb(picture.width * picture.height, job)
            picture.load()
            more_time()
            return Parsed(text=scan.text_of(picture))
    except (OSError, SyntaxError, ValueError) as error:
        raise SourceBroken(f"{job.name}：图片已损坏或不完整；请重新导出后再试") from error


def refuse_bomb(pixels: int, job: Job) -> None:
    """Refuse a picture that is small as a file and huge once decoded.

    :raises SourceInflated: Before it is decoded.
    """
    if pixels > job.bounds.pixels:
        raise SourceInflated(
            f"{job.name}：共 {pixels} 像素，超过 {job.bounds.pixels} 的上限；"
            "请缩小后再索引，或调大环境变量 QA_MAX_PIXELS"
        )
