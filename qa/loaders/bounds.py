"""How much one file may ask of the program; each bound is a setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a file may ask; the text of a source has a limit of its own beside these.

    :param file_bytes: Of a PDF, docx, HTML or picture file.
    :param records_bytes: Of a file of records, which is read record by record.
    :param pages: Of a PDF.
    :param pixels: Of a picture, or of a page that is made into one.
    :param expanded_bytes: Of what a docx unpacks to.
    :param expansion: How many times larger than packed a part of a docx may be.
    :param members: Of the archive that a docx is.
    :param parse_seconds: For one file, without what its pictures take.
    :param ocr_seconds: More of them for each picture that is recognised.
    :param memory_bytes: Of the process that parses.
    """

    file_bytes: int = 100 * 2**20
    records_bytes: int = 4 * 2**30
    pages: int = 2000
    pixels: int = 50_000_000
    expanded_bytes: int = 200 * 2**20
    expansion: int = 200
    members: int = 5000
    parse_seconds: float = 60.0
    ocr_seconds: float = 120.0
    memory_bytes: int = 1_000_000_000


DEFAULT_BOUNDS = Bounds()
