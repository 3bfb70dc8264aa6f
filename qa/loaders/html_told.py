"""What the head of a page states of its article: day, authors, newspaper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from qa.domain.sources import Told
from qa.loaders.dates import day_of

DAY_NAMES = frozenset(
    {
        *("article:published_time", "og:published_time", "og:release_date", "weibo:article:create_at"),
        *("publishdate", "publish_date", "publish-date", "pubdate", "publication_date", "datepublished"),
        *("dc.date", "dc.date.issued", "dcterms.issued", "date"),
    }
)
AUTHOR_NAMES = frozenset({"author", "article:author", "dc.creator", "weibo:article:author"})
NEWSPAPER_NAMES = frozenset({"og:site_name", "newspaper", "citation_journal_title"})
ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting"})

LONGEST_NAME = 40
LONGEST_DATA = 100_000
SEPARATED = re.compile(r"[、，,;；/\s]+(?![a-z])")
BYLINE_WORDS = re.compile(r"^(?:本报|本网)?(?:通讯员|记者|作者|责编|编辑)[:：\s]*")


def stated(page: LexborHTMLParser) -> Told:
    """Return what a page states of itself, in its own words; what it does not state is None."""
    named = dict(meta(page))
    data = linked_data(page)
    days = [day_of(named[name]) for name in named if name in DAY_NAMES]
    days.append(day_of(data.get("datePublished")))
    days += [day_of(each) for each in times(page)]
    papers = [named[name] for name in named if name in NEWSPAPER_NAMES] + names_in(data.get("publisher"))
    authors = [named[name] for name in named if name in AUTHOR_NAMES] or names_in(data.get("author"))
    return Told(
        authors=tuple(dict.fromkeys(author for each in authors for author in split(each))),
        date=next((day for day in days if day), None),
        newspaper=next((paper for paper in papers if 0 < len(paper) <= LONGEST_NAME), None),
    )


def meta(page: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield what is stated by name, names in small letters."""
    for node in page.css("meta[content]"):
        name = (
            node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        )
        content = " ".join((node.attributes.get("content") or "").split())
        if name and content:
            yield name.strip().lower(), content


def times(page: LexborHTMLParser) -> Iterator[str]:
    """Yield the days that are marked as such; a page with several marks lists several articles."""
    for node in page.css("time[pubdate], time[itemprop=datePublished], [itemprop=datePublished]"):
        yield node.attributes.get("datetime") or node.attributes.get("content") or node.text().strip()
    marked = page.css("time[datetime]")
    if len(marked) == 1:
        yield marked[0].attributes.get("datetime") or ""


def linked_data(page: LexborHTMLParser) -> Mapping[str, Any]:
    """Return the description of the article for machines; empty where there is none."""
    for node in page.css('script[type="application/ld+json"]'):
        try:
            found = json.loads((node.text() or "")[:LONGEST_DATA])
        except (ValueError, RecursionError):
            continue
        listed = found.get("@graph", [found]) if isinstance(found, dict) else found
        for each in listed if isinstance(listed, list) else []:
            kind = each.get("@type") if isinstance(each, dict) else None
            if isinstance(kind, str) and kind in ARTICLE_TYPES:
                return dict(each)
    return {}


def names_in(value: object) -> list[str]:
    """Return the names in a value of linked data: a name, an object with one, or several of them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [value["name"]] if isinstance(value.get("name"), str) else []
    return [name for each in value for name in names_in(each)] if isinstance(value, list) else []


def split(authors: str) -> list[str]:
    """Return the names in a byline; addresses are none."""
    if "://" in authors:
        return []
    cleaned = (BYLINE_WORDS.sub("", part).strip() for part in SEPARATED.split(authors))
    return [name for name in cleaned if 0 < len(name) <= LONGEST_NAME]
