"""Which parser reads which kind of file: the table of the parsing process."""

from __future__ import annotations

from collections.abc import Mapping

from qa.loaders.docx import parse as parse_docx
from qa.loaders.html import parse as parse_html
from qa.loaders.parsed import Parser
from qa.loaders.pdf import parse as parse_pdf
from qa.loaders.picture import parse as parse_picture

PARSERS: Mapping[str, Parser] = {
    "pdf": parse_pdf,
    "docx": parse_docx,
    "html": parse_html,
    "picture": parse_picture,
}
