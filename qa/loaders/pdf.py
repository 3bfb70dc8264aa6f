"""PDF: the text layer in reading order; pages that hold only a picture are recognised.

Runs in the parsing process only. PDFium is given a document and never a password, a script or an address.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from qa.errors import SourceBroken, SourceEncrypted, SourceTooManyPages
from qa.loaders import scan
from qa.loaders.boxes import Box, Line
from qa.loaders.extra import is_ocr_installed, require_ocr
from qa.loaders.layout import page_text
from qa.loaders.parsed import Job, MoreTime, Parsed
from qa.loaders.running import without_running
from qa.loaders.text import SURROGATE

PAGE_BREAK = "\f"
WRONG_PASSWORD = 4
UNKNOWN_SECURITY = 5

NOT_PRINTED = frozenset({0, 2, 0xFFFE, 0xFFFF, 0xFFFD, 0xAD})
"""Code points that PDFium gives for what has no meaning, and for hyphens at line ends."""

SAME_RUN = 1.2
"""Widths of a character that may part two that are drawn one after the other."""

COVERED = 0.8
"""Share of a page that its pictures take when it is a scan."""

STAMP = 60
"""Characters on a scan up to which they were put on it: a number, the name of the program that scanned."""

RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)
}
"""Radicals, which fonts give for the characters that look the same: ⽇ for 日."""

Character = tuple[str, float, float, float, float]
"""What is drawn, and its left, lower, right and upper edge, counted from the foot of the page."""


def parse(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return the pages of a document, form feeds between them.

    :raises SourceFailed: When it is encrypted, broken, too long, or only pictures and the extra is missing.
    """
    with opened(content, job) as document:
        pages = [runs_of(page) for page in pages_of(document, job)]
        texts = [page_text(runs) for runs in without_running(pages)]
        pictures = [number for number, runs in enumerate(pages) if is_picture(document, number, runs=runs)]
        if pictures and not any(texts):
            require_ocr(name=job.name, why="没有文字层，每页都是图片")
        if not is_ocr_installed():
            return Parsed(text=PAGE_BREAK.join(texts), unread=tuple(number + 1 for number in pictures))
        for number in pictures:
            more_time()
            texts[number] = recognised(document, number) or texts[number]
    return Parsed(text=PAGE_BREAK.join(texts))


def opened(content: bytes, job: Job) -> pdfium.PdfDocument:
    """Return a document of at most as many pages as are allowed.

    :raises SourceFailed: When it cannot be opened, or is too long.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (WRONG_PASSWORD, UNKNOWN_SECURITY):
            raise SourceEncrypted(f"{job.name}：PDF 有密码；请去掉密码、另存后再索引") from error
        raise broken(job) from error
    if len(document) > job.bounds.pages:
        raise SourceTooManyPages(
            f"{job.name}：共 {len(document)} 页，超过 {job.bounds.pages} 页的上限；"
            "请拆成几份，或调大环境变量 QA_MAX_PAGES"
        )
    if not len(document):
        raise broken(job)
    return document


def broken(job: Job) -> SourceBroken:
    """Return the error for what is no readable PDF."""
    return SourceBroken(f"{job.name}：PDF 已损坏或不完整；请重新下载或导出后再试")


def pages_of(document: pdfium.PdfDocument, job: Job) -> Iterator[pdfium.PdfPage]:
    """Yield the pages, each closed after use.

    :raises SourceBroken: When one of them cannot be read; half a document would pass for a whole one.
    """
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError as error:
            raise broken(job) from error
        try:
            yield page
        finally:
            page.close()


def runs_of(page: pdfium.PdfPage) -> list[Line]:
    """Return the words of a page that are drawn one after the other, with where they stand."""
    layer = page.get_textpage()
    try:
        drawn = characters(layer)
        if page.get_rotation():
            drawn = (turned(each, page) for each in drawn)
        return runs(drawn, height=page.get_height())
    finally:
        layer.close()


def characters(layer: pdfium.PdfTextPage) -> Iterator[Character]:
    """Yield each character with its box, in the order of drawing; plain tuples, as there are many."""
    rectangle = raw.FS_RECTF()
    place = ctypes.byref(rectangle)
    code_of, box_of, handle = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, layer.raw
    for at in range(layer.count_chars()):
        code = code_of(handle, at)
        if code not in NOT_PRINTED and box_of(handle, at, place):
            text = RADICALS.get(code) or chr(code)
            yield text, rectangle.left, rectangle.bottom, rectangle.right, rectangle.top


def turned(each: Character, page: pdfium.PdfPage) -> Character:
    """Return a character where it stands once its page is turned clockwise, as it is shown."""
    text, left, low, right, high = each
    wide, tall = page.get_size()
    if page.get_rotation() == 90:
        return text, low, tall - right, high, tall - left
    if page.get_rotation() == 180:
        return text, wide - right, tall - high, wide - left, tall - low
    return text, wide - high, left, wide - low, right


def runs(drawn: Iterator[Character], *, height: float) -> list[Line]:
    """Return characters in runs: those that follow each other on one line, not far apart.

    Line ends that PDFium sees end a run; of spaces only their being there is kept.
    """
    found: list[list[Character]] = [[]]
    last: Character | None = None
    for each in drawn:
        if each[0].isspace():
            if each[0] in "\r\n":
                last = None
            elif last:
                found[-1].append(each)
            continue
        if last and goes_on(last, each):
            found[-1].append(each)
        else:
            found.append([each])
        last = each
    return [run_of(run, height=height) for run in found if run]


def goes_on(last: Character, each: Character) -> bool:
    """Tell whether a character stands on the line of the one before, not far behind it."""
    _, _, low, end, high = last
    _, start, foot, _, top = each
    size = max(high - low, top - foot)
    beside = min(high, top) - max(low, foot)
    return beside >= 0.5 * min(high - low, top - foot) and -1.5 * size <= start - end <= SAME_RUN * size


def run_of(run: list[Character], *, height: float) -> Line:
    """Return characters as a run; a page is measured from its top."""
    printed = [each for each in run if not each[0].isspace()]
    text = "".join(each[0] for each in run).strip()
    if SURROGATE.search(text):
        # Halves of characters beyond the sixteen-bit plane come one by one.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    box = Box(
        left=min(each[1] for each in printed),
        top=height - max(each[4] for each in printed),
        right=max(each[3] for each in printed),
        bottom=height - min(each[2] for each in printed),
    )
    heights = sorted(each[4] - each[2] for each in printed)
    return Line(text=text, box=box, size=max(heights[len(heights) // 2], 0.1))


def is_picture(document: pdfium.PdfDocument, number: int, *, runs: list[Line]) -> bool:
    """Tell whether what a page prints stands in a picture: one without words, or a scan with a stamp on it.

    One that is blank holds none.
    """
    if sum(len(run.text) for run in runs) > STAMP:
        return False
    page = document[number]
    try:
        return covered(page) >= COVERED if runs else holds_picture(page)
    finally:
        page.close()


def holds_picture(page: pdfium.PdfPage) -> bool:
    """Tell whether an image is drawn on a page, or lines that may be print made into outlines."""
    drawn = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH), max_depth=3)
    return any(each.type == raw.FPDF_PAGEOBJ_IMAGE or not is_ruling(each) for each in drawn)


def is_ruling(path: pdfium.PdfObject) -> bool:
    """Tell whether lines go straight across or down, as rules and frames do and no text that is drawn."""
    across, down = ctypes.c_float(), ctypes.c_float()
    before = (0.0, 0.0)
    for at in range(raw.FPDFPath_CountSegments(path.raw)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, at)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(across), ctypes.byref(down))
        point = (across.value, down.value)
        slanted = point[0] != before[0] and point[1] != before[1]
        if kind == raw.FPDF_SEGMENT_BEZIERTO or (kind == raw.FPDF_SEGMENT_LINETO and slanted):
            return False
        before = point
    return True


def covered(page: pdfium.PdfPage) -> float:
    """Return the share of a page that its pictures take together; scans may come in strips."""
    left, low, right, high = page.get_bbox()
    taken, whole = 0.0, float((right - left) * (high - low))
    for found in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        start, foot, end, top = found.get_bounds()
        wide, tall = min(end, right) - max(start, left), min(top, high) - max(foot, low)
        taken += max(wide, 0.0) * max(tall, 0.0)
    return taken / max(whole, 1.0)


def recognised(document: pdfium.PdfDocument, number: int) -> str:
    """Return what is printed in the picture of a page."""
    page = document[number]
    try:
        longest = max(page.get_size())
        bitmap = page.render(scale=scan.LONGEST_SIDE / max(longest, 1.0))
        return scan.text_of(bitmap.to_pil())
    finally:
        page.close()
