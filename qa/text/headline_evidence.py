"""All that speaks for what each heading of a page may be, one row of evidence an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.text.headline_options import NO_ARTICLE, PARTS, Choices, Heading, Option, Part, headings_of
from qa.text.language import pairs_of
from qa.text.places import Page, announces
from qa.text.reading_signs import Stretch
from qa.text.strands import Floats, Held, Numbers, Strands
from qa.text.weighing import Weighing, clipped, highest_of_others
from qa.text.wording import Wording

NEAR = 24
"""Text blocks between a heading and an end of an article at most, for it to be a headline of it."""

COMPARED = 3000
"""Characters of an article whose pairs are compared with those of a heading."""

KINDS = ("headline", "inside", "tail", "lead", "nothing")
OF_HEADING = (
    "alone", "first", "last", "among", "signed", "level", "length", "lines", "dash", "announces",
    "before_ends", "after_starts", "goes_on_from", "goes_on_into", "broken", "top", "bottom",
    "title", "begins_below", "ending_above",
)  # fmt: skip
OF_ARTICLE = (
    "above", "below", "within", "enters", "leaves", "around", "distance", "apart",
    "overlap", "overlap_lead", "topic", "topic_lead", "untitled", "untitled_above", "untitled_below",
    "opens", "caption", "notice", "marked", "above_overlap", "below_overlap",
    "begins", "begins_below_it", "ends_above_it",
)  # fmt: skip
NAMES = KINDS + OF_HEADING + OF_ARTICLE
"""The columns of the evidence, in the order in which they are weighed."""

SECOND = (
    "certain", "likeliest", "wanted_elsewhere", "beside", "accompanied", "below_page", "above_page", "leads",
    "page_below",
)  # fmt: skip
LIKELY = 0.5


class Headings:
    """The evidence for the headings of one page whose text has been put in order."""

    def __init__(
        self,
        page: Page,
        *,
        stretches: Sequence[Stretch],
        articles: Sequence[Sequence[int]],
        wording: Wording,
    ) -> None:
        """Look at a page.

        :param articles: The numbers of the text blocks of each article, in reading order.
        """
        self._stretches, self._articles, self._wording = stretches, articles, wording
        self.headings = list(headings_of(page))
        self._owner = {place: number for number, places in enumerate(articles) for place in places}
        self._gaps = np.array([heading.gap for heading in self.headings], dtype=np.int64)
        self._first = np.array([places[0] for places in articles])
        self._last = np.array([places[-1] for places in articles])
        self._begins, self._ends = set(self._first.tolist()), set(self._last.tolist())
        self._joined = {
            after for places in articles for before, after in pairwise(places) if after == before + 1
        }
        self._headlines = [Option(part=Part.HEADLINE, article=number) for number in range(len(articles))]
        self._sizes = [sum(len(stretches[at].text) for at in places) for places in articles]
        if self.headings:
            self._compare()

    def size_of(self, article: int) -> int:
        """Return how many characters an article has."""
        return self._sizes[article]

    def _compare(self) -> None:
        """Compare each heading with each article, and with the text above and below it."""
        wording = self._wording
        rows = wording.rows([each.text for each in self._stretches])
        own = wording.rows([heading.block.text for heading in self.headings])
        articles = wording.points.chosen(rows).grouped(self._articles).head(COMPARED)
        headings = wording.points.chosen(own)
        self._lengths = headings.lengths
        self._overlaps = overlaps(pairs_of(headings), pairs_of(articles))
        self._likeness = wording.topics[own] @ wording.language.of(articles).T
        # Above the first text and below the last one there is none.
        around = np.concatenate([wording.rows([""]), rows, wording.rows([""])])
        from_above = (wording.ends[around[self._gaps]] * wording.starts[own]).sum(axis=1)
        into_below = (wording.ends[own] * wording.starts[around[self._gaps + 1]]).sum(axis=1)
        self._going_on = np.clip(np.stack([from_above, into_below]), -30, 30) / 10
        self._titles = clipped(wording.headlines[own])
        self._begins_at, self._ends_at = clipped(wording.beginnings[around]), clipped(wording.endings[around])

    def options(self, heading: Heading) -> list[Option]:
        """Return what a heading may be."""
        before, after = self._owner.get(heading.gap - 1), self._owner.get(heading.gap)
        away = np.minimum(np.abs(self._first - heading.gap), np.abs(self._last - heading.gap))
        near = {*np.flatnonzero(away <= NEAR).tolist(), before, after}
        options = [self._headlines[each] for each in sorted(each for each in near if each is not None)]
        if heading.gap in self._joined:
            options.append(Option(part=Part.INSIDE, article=after))
        if before is not None:
            options.append(Option(part=Part.TAIL, article=before))
        if after is not None:
            options.append(Option(part=Part.LEAD, article=after))
        return [*options, Option(part=Part.NOTHING, article=None)]

    def evidence(self, choices: Choices) -> Floats:
        """Return what speaks for each option of all headings, shape (options, len(NAMES))."""
        found = np.zeros((len(NAMES), len(choices.options)), dtype=np.float32)
        found[choices.part, np.arange(len(choices.options))] = 1.0
        of_headings = [self._of_heading(number) for number in range(len(self.headings))]
        inner = len(KINDS) + len(OF_HEADING)
        found[len(KINDS) : inner] = np.array(of_headings, dtype=np.float32)[choices.heading].T
        of_articles = self._of_articles(choices.heading, np.maximum(choices.article, 0))
        for at, name in enumerate(OF_ARTICLE, inner):
            found[at] = of_articles[name]
        found[inner:, choices.article == NO_ARTICLE] = 0.0
        return found.T

    def _of_heading(self, number: int) -> list[float]:
        heading = self.headings[number]
        text = heading.block.text.strip()
        from_above, into_below = self._going_on[:, number]
        found = {
            "alone": heading.among == 1,
            "first": heading.position == 0,
            "last": heading.position == heading.among - 1,
            "among": heading.among / 4,
            "signed": heading.signed,
            "level": 1.0 - (heading.block.level - 1) / 3 if heading.block.level else 0.0,
            "length": self._lengths[number] / 30,
            "lines": text.count("\n") / 2,
            "dash": text.startswith(("—", "-", "－")),
            "announces": announces(text),
            "before_ends": heading.gap - 1 in self._ends,
            "after_starts": heading.gap in self._begins,
            "goes_on_from": from_above,
            "goes_on_into": into_below,
            "broken": heading.gap > 0 and self._stretches[heading.gap - 1].broken_off,
            "top": heading.gap == 0,
            "bottom": heading.gap == len(self._stretches),
            "title": self._titles[number],
            "begins_below": self._begins_at[heading.gap + 1],
            "ending_above": self._ends_at[heading.gap],
        }
        return [float(found[name]) for name in OF_HEADING]

    def _of_articles(self, heading: Numbers, article: Numbers) -> Mapping[str, Floats]:
        """Return what speaks for some articles to have some headings, shape (options,) each.

        :param heading: The number of the heading of each option, shape (options,).
        :param article: The number of its article, likewise.
        """
        gap, first, last = self._gaps[heading], self._first[article], self._last[article]
        above, below = first == gap, last == gap - 1
        owners = np.array([-1, *(self._owner[at] for at in range(len(self._stretches))), -1])
        before, after = owners[gap] == article, owners[gap + 1] == article
        within = after & ~above & np.isin(gap, list(self._joined))
        lowest, highest = (np.array([pick(each) for each in self._articles])[article] for pick in (min, max))
        away = np.minimum(np.abs(first - gap), np.abs(last + 1 - gap))
        overlap, likeness = self._overlaps[heading, article], self._likeness[heading, article]
        openers = self._openers(article)
        return {
            "above": above,
            "below": below,
            "within": within,
            "enters": after & ~above & ~within,
            "leaves": before & ~below & ~within,
            "around": (lowest < gap) & (gap <= highest),
            "distance": np.minimum(away, 25) / 5,
            "apart": ~(before | after),
            "overlap": overlap,
            "overlap_lead": lead(self._overlaps)[heading, article],
            "topic": likeness,
            "topic_lead": lead(self._likeness)[heading, article],
            **openers,
            "untitled_above": openers["untitled"] * above,
            "untitled_below": openers["untitled"] * below,
            "above_overlap": above * overlap,
            "below_overlap": below * overlap,
            "begins": self._begins_at[first + 1],
            "begins_below_it": self._begins_at[first + 1] * above,
            "ends_above_it": self._ends_at[last + 1] * below,
        }

    def _openers(self, article: Numbers) -> dict[str, Floats]:
        """Return what the texts that open some articles tell, shape (options,) each."""
        titled = set(self._gaps.tolist())
        openers = [self._stretches[at] for at in self._first]
        signs = {
            "untitled": [at not in titled for at in self._first.tolist()],
            "opens": [each.opens for each in openers],
            "caption": [each.caption for each in openers],
            "notice": [announces(each.text[:60]) for each in openers],
            "marked": [each.marked for each in openers],
        }
        return {name: np.array(each, dtype=np.float32)[article] for name, each in signs.items()}

    def second_evidence(self, choices: Choices, found: Floats, first: Weighing) -> Floats:
        """Return the evidence of all options once more with what a first look at all of them adds."""
        likely = choices.probabilities(first.scores(found))
        headlines = choices.part == PARTS.index(Part.HEADLINE)
        heading, article = choices.heading[headlines], choices.article[headlines]
        wishes = np.zeros((len(self.headings), len(self._articles)), dtype=np.float32)
        wishes[heading, article] = likely[headlines]
        elsewhere = highest_elsewhere(wishes, self._gaps)
        beside, accompanied = mean_beside(wishes, self._gaps)
        below = self._share_below(wishes)
        gap = self._gaps[heading]
        added = np.zeros((len(SECOND), len(likely)), dtype=np.float32)
        rows = dict(zip(SECOND, added, strict=True))
        rows["certain"][:] = np.log(np.maximum(likely, 1e-6))
        rows["likeliest"][:] = likely == np.maximum.reduceat(likely, choices.starts)[choices.heading]
        rows["page_below"][:] = below
        rows["wanted_elsewhere"][headlines] = elsewhere[heading, article]
        rows["beside"][headlines] = beside[heading, article]
        rows["accompanied"][headlines] = accompanied[heading]
        rows["below_page"][headlines] = below * (self._last[article] == gap - 1)
        rows["above_page"][headlines] = (1 - below) * (self._first[article] == gap)
        rows["leads"][headlines] = wishes[heading, article] - elsewhere[heading, article]
        return np.concatenate([found.T, added]).T

    def _share_below(self, wishes: Floats) -> float:
        """Return how often the headlines of the page seem to stand below their articles."""
        likely = wishes > LIKELY
        above = 1.0 + float((likely & (self._first[None, :] == self._gaps[:, None])).sum())
        below = 1.0 + float((likely & (self._last[None, :] == self._gaps[:, None] - 1)).sum())
        return below / (above + below)


def overlaps(headings: Strands, articles: Strands) -> Floats:
    """Return the share of the different pairs of each heading that each article holds.

    :param headings: The pairs of characters of each heading.
    :param articles: Those of each article.
    :return: Shape (headings, articles).
    """
    held, pairs = Held(articles), Held(headings)
    numbers, owners = pairs.numbers, pairs.owners
    counts = np.maximum(np.bincount(owners, minlength=len(headings)), 1)
    shares = [
        np.bincount(owners, held.tell(numbers, article), minlength=len(headings)) / counts
        for article in range(len(articles))
    ]
    return np.stack(shares, axis=1).astype(np.float32)


def highest_elsewhere(wishes: Floats, gaps: Numbers) -> Floats:
    """Return for each heading how much each article is wished for by the headings of all other gaps.

    :param wishes: Probabilities, shape (headings, articles).
    :param gaps: The gap of each heading, shape (headings,).
    """
    # The highest of all is of another gap, except for the headings of that gap itself.
    own = gaps[:, None] == gaps[wishes.argmax(axis=0)]
    others: Floats = np.where(own, 0.0, wishes).max(axis=0)
    return np.where(own, others, wishes.max(axis=0))


def mean_beside(wishes: Floats, gaps: Numbers) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the mean wishes of the other headings of each one's gap, and whether there are any.

    :param wishes: Probabilities, shape (headings, articles).
    :param gaps: The gap of each heading, in order, shape (headings,).
    """
    _, starts, gap, among = np.unique(gaps, return_index=True, return_inverse=True, return_counts=True)
    others = among[gap] - 1
    rest = np.add.reduceat(wishes, starts, axis=0)[gap] - wishes
    mean: Floats = (rest / np.maximum(others, 1)[:, None]).astype(np.float32)
    return mean, others > 0


def lead(rows: Floats) -> Floats:
    """Return by how much each value leads the best of the others of its row."""
    leads: Floats = rows - highest_of_others(rows)
    return leads
