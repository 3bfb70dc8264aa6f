"""Pages that are segmented line by line, so that jumps can be tested without the segmenter."""

from __future__ import annotations

import re
from datetime import date

from qa.domain.articles import Facts
from qa.domain.sources import Source
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.text.continuation import JUMP_FROM, JUMP_TO
from qa.text.segment import Draft

HEAD = re.compile(r"(\S+) (\S+) (\S+)\n")


def segment_lines(source: Source, *_: object) -> list[Draft]:
    """Return an article a line below a head of ``paper day page``, ``-`` where one is not printed."""
    head = HEAD.match(source.text)
    assert head, source.text
    newspaper, day, page = (None if each == "-" else each for each in head.groups())
    whole = TracedText.whole(source.text, source_id=source.id)
    drafts = []
    for line in re.finditer(r"[^\n]+", source.text[head.end() :]):
        span = Span(*line.span()).shift(head.end())
        facts = Facts(
            title=line.group()[:4],
            newspaper=newspaper,
            published=date.fromisoformat(day) if day else None,
            page=page,
            jump_to=page_named(JUMP_TO, line.group()),
            jump_from=page_named(JUMP_FROM, line.group()),
            read_at={"title": (SourceSpan(source_id=source.id, span=Span(span.start, span.start + 4)),)},
        )
        drafts.append(Draft(facts=facts, headings=(line.group()[:4],), body=whole.slice(span)))
    return drafts


def page_named(mark: re.Pattern[str], line: str) -> str | None:
    """Return the other page that a mark such as （下转第4版） names; None where there is no mark."""
    found = mark.search(line)
    return found.group(1) if found else None


def paper_page(name: str, *lines: str, head: str = "吕梁日报 2023-02-24 1") -> Source:
    """Return a page of articles, a line each."""
    return Source(name=name, text="\n".join([head, *lines, ""]))
