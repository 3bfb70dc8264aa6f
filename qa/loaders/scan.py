"""Pictures of print: recognised by the extra ``[ocr]``, then put in reading order like a PDF.

Runs in the parsing process only. The models come with the package of the recogniser; none is fetched.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from qa.loaders.boxes import Box, Line
from qa.loaders.layout import page_text

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_SURE = 0.5
"""Scores below which a line is taken for a drawing."""

PRINTED = 0.75
"""Share of the height of a recognised box that is print; the rest is white around it."""

LONGEST_SIDE = 2000
"""Pixels to which a larger picture is made smaller; with them the recogniser holds about 870 MB."""


@cache
def recogniser() -> Any:  # noqa: ANN401 - an untyped package that may not be there
    """Return the recogniser; made once a process, since its models are read from disk."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": LONGEST_SIDE,
            # The arena keeps the memory of the largest page for good.
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        }
    )


def text_of(picture: Image) -> str:
    """Return the words of a picture in reading order."""
    import numpy as np

    found = recogniser()(np.asarray(as_shown(picture))[:, :, ::-1])
    if found.boxes is None:
        return ""
    return page_text(
        [
            line(box, text)
            for box, text, score in zip(found.boxes.tolist(), found.txts, found.scores, strict=True)
            if score >= LEAST_SURE
        ]
    )


GREY_TO_8_BITS = 1 / 257
"""255 of 65,535."""


def as_shown(picture: Image) -> Image:
    """Return a picture as people see it: upright, on white where it lets through, no larger than is read."""
    from PIL import Image

    if picture.mode.startswith("I"):
        # Grey in 16 bits; converted as it is, all but the blackest of it would be white.
        picture = picture.point(lambda value: value * GREY_TO_8_BITS).convert("L")
    small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if small.mode == "RGB":
        return upright(small)
    paper = Image.new("RGBA", small.size, "white")
    paper.alpha_composite(small)
    paper.info = small.info
    return upright(paper.convert("RGB"))


def upright(picture: Image) -> Image:
    """Return a picture turned as its camera noted; as it is where the notes cannot be read."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        # Whatever Pillow says of notes that are broken: the picture itself is not.
        return picture


def line(corners: list[list[float]], text: str) -> Line:
    """Return a recognised line with the upright box around its four corners."""
    across, down = [corner[0] for corner in corners], [corner[1] for corner in corners]
    box = Box(left=min(across), top=min(down), right=max(across), bottom=max(down))
    return Line(text=text, box=box, size=max(PRINTED * box.height, 0.1))
