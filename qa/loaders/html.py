"""HTML: the article of a page without what stands around it. Runs in the parsing process only.

Nothing is executed and nothing is fetched: scripts, styles and frames are dropped unread.
"""

from __future__ import annotations

import re
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from qa.domain.sources import Told
from qa.domain.spans import Span
from qa.errors import SourceNotText
from qa.loaders.html_article import Chosen, choose, drop_surroundings
from qa.loaders.html_text import text_of
from qa.loaders.html_told import stated
from qa.loaders.parsed import Job, MoreTime, Parsed
from qa.loaders.text import is_text

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,20})""", re.IGNORECASE)
DECLARED_WITHIN = 4096

CODEC_OF = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "cp1252",
}
"""What pages declare, and the codec that reads what browsers read by it."""

FALLBACKS = ("utf-8", "gb18030")

BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
LINE = re.compile(r"[^\n]+")


def parse(content: bytes, job: Job, _more_time: MoreTime) -> Parsed:
    """Return the article of a page, its headline first, or all that a page of several holds.

    :raises SourceFailed: When it is no text, or nothing but surroundings.
    """
    page = LexborHTMLParser(decoded(content, name=job.name))
    told = stated(page)
    drop_surroundings(page)
    chosen = choose(page)
    text = text_of(chosen.node)
    return told_of(chosen, text, told)


def told_of(chosen: Chosen, text: str, told: Told) -> Parsed:
    """Return a text with what is told of it; of one article its headline comes first."""
    if not chosen.whole:
        return Parsed(text=text, told=Told(newspaper=told.newspaper))
    title = chosen.title
    span = printed(title, text) if title else None
    if title and span is None:
        text, span = f"{title}\n\n{text}", Span(0, len(title))
    return Parsed(
        text=text,
        told=Told(whole=True, title=span, authors=told.authors, date=told.date, newspaper=told.newspaper),
    )


def printed(title: str, text: str) -> Span | None:
    """Return where a headline stands by itself, however it is spaced and broken into lines.

    Words of a sentence that are those of the headline are none: they would be cut out of it.
    """
    wanted = "".join(title.split())
    for block in chain(BLOCK.finditer(text), LINE.finditer(text)):
        if "".join(block[0].split()) == wanted:
            found = block[0].strip()
            start = block.start() + block[0].index(found)
            return Span(start, start + len(found))
    return None


def decoded(content: bytes, *, name: str) -> str:
    """Return the markup: by its byte-order mark, by what it declares, as UTF-8, or as GB18030.

    :raises SourceNotText: When none of them fits.
    """
    for mark, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace")
    declared = DECLARED.search(content[:DECLARED_WITHIN])
    codec = CODEC_OF.get(declared.group(1).decode("ascii").lower(), "") if declared else ""
    for candidate in (codec, *FALLBACKS) if codec else FALLBACKS:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if is_text(text):
            return text
    raise SourceNotText(f"{name}：网页的编码既不是所声明的，也不是 UTF-8 或 GB18030；请另存为 UTF-8 后再索引")
