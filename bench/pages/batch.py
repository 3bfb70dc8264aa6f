"""Makes and scores many pages, over all styles, in several processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import Pool
from pathlib import Path
from random import Random

from bench.pages.made import MadePage
from bench.pages.maker import make_page
from bench.pages.news import stories_by_day
from bench.pages.score import PageScore, score_page
from bench.pages.segmenter import cut_page
from bench.pages.stories import Story
from bench.pages.styles import BY_NAME, STYLES
from qa.domain.sources import Source

STORIES = 8
"""Stories that a day must have to be used."""

SHEETED = 0.75
"""Share of pages made from days whose stories say on which page they stood."""

Days = dict[date, tuple[Story, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A page to be made: everything that decides what it looks like."""

    style: str
    seed: int


def orders(number: int, *, seed: int, style: str | None = None) -> list[Order]:
    """Return orders spread evenly over the styles, each with a seed of its own."""
    names = [style] if style else [each.name for each in STYLES]
    return [Order(style=names[at % len(names)], seed=seed * 100_000 + at) for at in range(number)]


def made(order: Order, *, days: Days) -> MadePage:
    """Return the page that was ordered, from the stories of a day that its seed draws."""
    rng = Random(f"day/{order.seed}")
    sheeted = [day for day, stories in days.items() if stories[0].sheet]
    pool = sheeted if sheeted and rng.random() < SHEETED else list(days)
    return make_page(days[rng.choice(pool)], style=BY_NAME[order.style], seed=order.seed)


def pages(data: Path, ordered: Sequence[Order]) -> Iterator[MadePage]:
    """Yield the pages that were ordered."""
    days = stories_by_day(data, at_least=STORIES)
    for order in ordered:
        yield made(order, days=days)


def scored(page: MadePage) -> PageScore:
    """Return how the program cuts a page."""
    return score_page(page, drafts=cut_page(Source(name=page.name, text=page.text)))


def scores(made_pages: Iterable[MadePage], *, workers: int) -> Iterator[PageScore]:
    """Yield the score of each page, in order."""
    if workers <= 1:
        yield from map(scored, made_pages)
        return
    with Pool(workers) as pool:
        yield from pool.imap(scored, made_pages, chunksize=8)
