"""Makes pages: chooses stories of one day, dresses, sets, arranges and spoils them, and keeps the truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from random import Random

from bench.pages.arranging import arranged, blocks_of
from bench.pages.dress import Dressed, dress
from bench.pages.emission import Emission, Line, emit
from bench.pages.furniture import Furniture, around, bannered, furnished
from bench.pages.made import MadePage, TrueArticle
from bench.pages.noise import half_width, numbers_apart, spoilt
from bench.pages.notices import caption, notice
from bench.pages.stories import Paragraph, Story, share_words
from bench.pages.styles import Style

FEWEST, MOST = 3, 7
"""Stories of a page, beside its notices and captions."""

FULL = 5500
"""Characters of stories at which a page is full."""

OWN_WIDTH = 0.25
"""Share of articles that are not set as wide as the others of their page."""

NEAR = timedelta(days=92)
"""How far from an article's day a full date on the page may lie and tell its year."""

SPARSE = 1500
"""Characters of stories that a page has at least, where its day has them."""


def make_page(articles: Sequence[Story], *, style: Style, seed: int) -> MadePage:
    """Return a page made from some of the stories of one day; the same arguments give the same page."""
    rng = Random(f"{style.name}/{seed}")
    name = f"{style.name}-page-{seed}"
    if style.jumps >= 1:
        return make_pair(articles, style=style, seed=seed)[seed % 2]
    chosen = chosen_stories(articles, style=style, rng=rng)
    dressed = [dress(story, style=style, rng=rng) for story in chosen]
    return laid_out(dressed, day=articles[0].day, sheet=chosen[0].sheet, name=name, style=style, rng=rng)


def make_pair(articles: Sequence[Story], *, style: Style, seed: int) -> tuple[MadePage, MadePage]:
    """Return two pages; an article of the first goes on on the second (下转, 上接)."""
    rng = Random(f"{style.name}/{seed}/pair")
    quiet = replace(style, jumps=0.0)
    day = articles[0].day
    longest = max(articles, key=lambda story: (len(story.paragraphs) > 3, min(story.length, 2000)))
    others = [story for story in articles if not share_words(story, longest)]
    half = len(others) // 2
    first, second = str(rng.randint(1, 2)), str(rng.randint(3, 8))
    begun, going_on = torn(dress(longest, style=quiet, rng=rng), first=first, second=second, rng=rng)
    pages = []
    for part, pool, sheet in ((begun, others[:half], first), (going_on, others[half:], second)):
        rest = [dress(story, style=quiet, rng=rng) for story in chosen_stories(pool, style=style, rng=rng)]
        rest.insert(rng.randint(0, len(rest)), part)
        name = f"{style.name}-page-{seed}-{sheet}"
        pages.append(laid_out(rest, day=day, sheet=sheet, name=name, style=quiet, rng=rng))
    return pages[0], pages[1]


def torn(dressed: Dressed, *, first: str, second: str, rng: Random) -> tuple[Dressed, Dressed]:
    """Return an article in two parts: on the page where it begins and on the one where it ends."""
    whole = dressed.paragraphs
    at = rng.randint(1, max(1, len(whole) - 1))
    text = whole[at].text if at < len(whole) else ""
    inside = len(text) // 2 if rng.random() < 0.6 else 0
    mark = rng.choice(("（下转第{}版）", "（下转{}版）")).format(second)
    before = [*whole[:at], Paragraph(text=text[:inside] + mark)]
    after = [Paragraph(text=text[inside:]), *whole[at + 1 :]]
    title = rng.choice((dressed.titles[-1:], ()))
    begun = replace(
        dressed, paragraphs=tuple(before), credit="", jump_to=second, authors=signed_above(dressed)
    )
    going_on = replace(
        dressed, titles=title, paragraphs=tuple(after), byline="", dateline=None, filed=None,
        mark=rng.choice(("（上接第{}版）", "(上接第{}版)", "（上接{}版）")).format(first), jump_from=first,
        authors=signed_below(dressed),
    )  # fmt: skip
    return begun, going_on


def signed_above(dressed: Dressed) -> tuple[str, ...]:
    """Return the authors that the head of an article names."""
    opening = dressed.byline + dressed.paragraphs[0].text[:60]
    return tuple(name for name in dressed.authors if name in opening)


def signed_below(dressed: Dressed) -> tuple[str, ...]:
    """Return the authors that the end of an article names."""
    end = dressed.paragraphs[-1].text[-60:] + dressed.credit
    return tuple(name for name in dressed.authors if name in end) if not signed_above(dressed) else ()


def chosen_stories(articles: Sequence[Story], *, style: Style, rng: Random) -> list[Story]:
    """Return stories for a page, of one sheet where there are enough, with made-up notices and captions."""
    day = articles[0].day
    sheet = rng.choice(articles).sheet
    order = sorted(rng.sample(list(articles), len(articles)), key=lambda story: story.sheet != sheet)
    wanted = rng.randint(FEWEST, MOST) - (style.notices[0] + 1) // 2
    chosen: list[Story] = []
    for story in order:
        printed = sum(each.length for each in chosen)
        if len(chosen) >= (FEWEST if printed > FULL else wanted) and printed > SPARSE:
            break
        if not any(share_words(story, other) for other in chosen):
            chosen.append(story)
    extra = [notice(rng, day=day) for _ in range(rng.randint(*style.notices))]
    for _ in range(rng.randint(*style.captions)):
        chosen.insert(rng.randint(0, len(chosen)), caption(rng, day=day))
    return chosen + extra


def laid_out(
    dressed: Sequence[Dressed], *, day: date, sheet: str, name: str, style: Style, rng: Random
) -> MadePage:
    """Return the page and its truth."""
    width = rng.randint(*style.width)
    style = replace(style, indented=float(rng.random() < style.indented))
    articles = [
        blocks_of(each, number=number, style=style, width=measure(width, style=style, rng=rng), rng=rng)
        for number, each in enumerate(dressed)
    ]
    furniture = furnished(day=day, sheet=sheet, masthead=style.masthead, rng=rng)
    page = bannered(arranged(articles, style=style, rng=rng), share=style.banners, rng=rng)
    page = around(page, furniture=furniture, masthead=style.masthead, rng=rng)
    emission = emit(extracted(chain.from_iterable(page), style=style, rng=rng))
    truth = true_articles(dressed, emission=emission, furniture=furniture)
    return MadePage(
        text=emission.text,
        name=name,
        truth=truth,
        furniture=emission.furniture,
        title_spans=emission.title_spans,
        marks=emission.marks,
    )


def measure(width: int, *, style: Style, rng: Random) -> int:
    """Return the width of an article's columns: mostly that of the page."""
    return rng.randint(*style.width) if rng.random() < OWN_WIDTH else width


def extracted(lines: Iterable[Line], *, style: Style, rng: Random) -> Iterable[Line]:
    """Return the lines of a page as its extraction gives them."""
    if rng.random() < style.half:
        lines = half_width(lines)
    if rng.random() < style.apart:
        lines = numbers_apart(lines)
    return spoilt(lines, noise=style.noise, rng=rng) if style.noise else lines


def true_articles(
    dressed: Sequence[Dressed], *, emission: Emission, furniture: Furniture
) -> tuple[TrueArticle, ...]:
    """Return the truth, in the order in which the articles begin on the page."""
    known = printed_dates(emission.text)
    articles = [
        TrueArticle(
            titles=emission.titles.get(number, ()),
            spans=emission.bodies[number],
            authors=each.authors,
            dateline=each.dateline,
            date=dated(each.filed, known=known),
            kind=each.kind,
            newspaper=furniture.newspaper,
            issue=furniture.issue,
            page=furniture.page,
            jump_to=each.jump_to,
            jump_from=each.jump_from,
        )
        for number, each in enumerate(dressed)
    ]
    return tuple(sorted(articles, key=lambda article: min(article.spans)))


def printed_dates(text: str) -> list[date]:
    """Return the dates that the page prints with their year; mid-month where no day is named."""
    found = re.findall(r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日)?", re.sub(r"\s+", "", text))
    told = [(int(year), int(month), min(int(day or 15), 28)) for year, month, day in found]
    return [date(*each) for each in told if 1 <= each[1] <= 12 and each[2]]


def dated(filed: date | None, *, known: Sequence[date]) -> date | None:
    """Return the day of an article; None where no full date on its page lets one know the year."""
    return filed if filed and any(abs(filed - each) <= NEAR for each in known) else None
