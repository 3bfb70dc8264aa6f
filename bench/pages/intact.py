"""Checks that an ordinary article comes out whole: one file, one article, nothing cut but white space."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

from bench.pages.news import MIXED, SECOND_DATELINE, read_news
from bench.pages.score import plain
from bench.pages.segmenter import cut_page
from qa.domain.sources import Source

INNER_BYLINE = re.compile(
    r"^(?:本报记者|□).{2,12}$|^[\u4e00-\u9fff·\s]{2,6}（[^）]{2,20}）$|^[\u4e00-\u9fff]{2,4}省?[\u4e00-\u9fff]{2,12}[\s\u3000\xa0]+[\u4e00-\u9fff]{2,4}$",
    re.MULTILINE,
)
"""Writers named inside the text, with or without their places; two make it a collection of pieces."""

FOOTER = re.compile(r"(?:\n---)?\n更新时间：\S+\s*$")
SHORTEST = 80
"""Characters that an item has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item.

    :param fault: What went wrong; empty where it came out whole.
    """

    titled: bool
    words: str
    fault: str


def items(folder: Path, *, number: int, seed: int) -> list[dict[str, Any]]:
    """Return items that are one article each, drawn evenly from all."""
    usable = [article for article in map(without_footer, read_news(folder)) if is_one_article(article)]
    return Random(seed).sample(usable, min(number, len(usable)))


def without_footer(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item without the lines that a web site put below its text."""
    return item | {"text": FOOTER.sub("", item["text"])}


def is_one_article(item: dict[str, Any]) -> bool:
    """Tell whether an item is one text and long enough; columns of short items are not one."""
    text = item["text"]
    later = text.partition("\n")[2]
    several = SECOND_DATELINE.search(later) or len(INNER_BYLINE.findall(later)) > 1
    return len(text) >= SHORTEST and not several and not MIXED.search(item["title"])


def outcomes(folder: Path, *, number: int, seed: int, workers: int) -> Iterator[Outcome]:
    """Yield what becomes of each item, with its title and without."""
    chosen = items(folder, number=number, seed=seed)
    asked = [(item, titled) for titled in (True, False) for item in chosen]
    with Pool(workers) as pool:
        yield from pool.imap(outcome, asked, chunksize=16)


def outcome(asked: tuple[dict[str, Any], bool]) -> Outcome:
    """Return what becomes of an item."""
    item, titled = asked
    text = f"{item['title']}\n\n{item['text']}\n" if titled else f"{item['text']}\n"
    return Outcome(titled=titled, words=item["title"][:24], fault=fault(text))


def fault(text: str) -> str:
    """Return what is wrong with how a text of one article is cut; empty where nothing is."""
    drafts = cut_page(Source(name="item.txt", text=text))
    if len(drafts) != 1:
        begin = [draft.body.text[:10].replace("\n", " ") for draft in drafts[1:3]]
        return f"{len(drafts)} articles; others begin: {' | '.join(begin)}"
    body, headings = plain(drafts[0].body.text), plain("".join(drafts[0].headings))
    lost = [
        line for line in map(plain, text.split("\n")) if line.strip("-—*") and line not in body + headings
    ]
    return f"cut: {lost[0][:30]}" if lost else ""


def intact_report(found: Sequence[Outcome], *, shown: int) -> str:
    """Return the shares that came out whole, and the first failures."""
    lines = []
    for titled in (True, False):
        mine = [each for each in found if each.titled is titled]
        whole = sum(not each.fault for each in mine)
        lines.append(f"{'with' if titled else 'without'} title: {whole}/{len(mine)} whole")
    failed = [each for each in found if each.fault]
    return "\n".join([*lines, *(f"    {each.words}  {each.fault}" for each in failed[:shown])])


def intact_figures(found: Sequence[Outcome]) -> dict[str, float]:
    """Return the shares that came out whole, in [0, 1]."""
    shares = {}
    for name, titled in (("titled", True), ("untitled", False)):
        mine = [each for each in found if each.titled is titled]
        shares[name] = sum(not each.fault for each in mine) / max(1, len(mine))
    return shares
