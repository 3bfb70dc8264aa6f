"""All that speaks for what each heading of a page may be, one row of evidence an option."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from qa.text.headline_options import Heading, Option, Part, headings_of, int_of
from qa.text.language import PAIRS, Floats, Language, Numbers, fold, folded_points, means, pair_rows
from qa.text.places import Page, announces
from qa.text.reading_signs import Stretch
from qa.text.weighing import Weighing, highest_of_others, probabilities

NEAR = 24
"""Text blocks between a heading and an end of an article at most, for it to be a headline of it."""

COMPARED = 3000
"""Characters of an article whose pairs are compared with those of a heading."""

PARTS = tuple(Part)
KINDS = ("headline", "inside", "tail", "lead", "nothing")
OF_HEADING = (
    "alone", "first", "last", "among", "signed", "level", "length", "lines", "dash", "announces",
    "before_ends", "after_starts", "goes_on_from", "goes_on_into", "broken", "top", "bottom",
)  # fmt: skip
OF_ARTICLE = (
    "above", "below", "within", "enters", "leaves", "around", "distance", "apart",
    "overlap", "overlap_lead", "topic", "topic_lead", "untitled", "untitled_above", "untitled_below",
    "opens", "caption", "notice", "marked", "above_overlap", "below_overlap",
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
        language: Language,
    ) -> None:
        """Look at a page.

        :param articles: The numbers of the text blocks of each article, in reading order.
        """
        self._stretches, self._articles, self._language = stretches, articles, language
        self.headings = list(headings_of(page))
        self._owner = {place: number for number, places in enumerate(articles) for place in places}
        self._gaps = np.array([heading.gap for heading in self.headings], dtype=np.int64)
        # One row a gap between text blocks, one column an article.
        self._holds = np.zeros((len(stretches) + 2, len(articles)), dtype=bool)
        for number, places in enumerate(articles):
            self._holds[list(places), number] = True
        self._first = np.array([places[0] for places in articles])
        self._last = np.array([places[-1] for places in articles])
        self._joined = {
            after for places in articles for before, after in pairwise(places) if after == before + 1
        }
        self._points = [folded_points(each.text) for each in stretches] if self.headings else []
        self._sizes = [sum(len(stretches[at].text) for at in places) for places in articles]
        if self.headings:
            joined = [np.concatenate([self._points[at] for at in places])[:COMPARED] for places in articles]
            self._compare(joined)

    def size_of(self, article: int) -> int:
        """Return how many characters an article has."""
        return self._sizes[article]

    def _compare(self, texts: Sequence[Numbers]) -> None:
        """Compare each heading with each article, and with the text above and below it."""
        language, own = self._language, [folded_points(heading.block.text) for heading in self.headings]
        held = np.zeros((PAIRS, len(texts)), dtype=np.float32)
        for number, text in enumerate(texts):
            held[pair_rows(text), number] = 1.0
        self._overlaps = means(held, [np.unique(pair_rows(text)) for text in own])
        self._likeness = language.of(own) @ language.of(texts).T
        above = [self._text(heading.gap - 1) for heading in self.headings]
        below = [self._text(heading.gap) for heading in self.headings]
        from_above = (language.ends(above) * language.starts(own)).sum(axis=1)
        into_below = (language.ends(own) * language.starts(below)).sum(axis=1)
        self._going_on = np.clip(np.stack([from_above, into_below]), -30, 30) / 10
        untitled = set(range(len(self._stretches))) - set(self._gaps.tolist())
        openers = [self._stretches[int(at)] for at in self._first]
        self._openers = {
            "untitled": np.array([int(at) in untitled for at in self._first], dtype=np.float32),
            "opens": np.array([each.opens for each in openers], dtype=np.float32),
            "caption": np.array([each.caption for each in openers], dtype=np.float32),
            "notice": np.array([announces(each.text[:60]) for each in openers], dtype=np.float32),
            "marked": np.array([each.marked for each in openers], dtype=np.float32),
        }

    def _text(self, place: int) -> Numbers:
        return self._points[place] if 0 <= place < len(self._points) else folded_points("")

    def options(self, heading: Heading) -> list[Option]:
        """Return what a heading may be."""
        before, after = self._owner.get(heading.gap - 1), self._owner.get(heading.gap)
        away = np.minimum(np.abs(self._first - heading.gap), np.abs(self._last - heading.gap))
        near = {int(number) for number in np.flatnonzero(away <= NEAR)} | {before, after}
        options = [Option(part=Part.HEADLINE, article=each) for each in sorted(near - {None}, key=int_of)]
        if heading.gap in self._joined:
            options.append(Option(part=Part.INSIDE, article=after))
        if before is not None:
            options.append(Option(part=Part.TAIL, article=before))
        if after is not None:
            options.append(Option(part=Part.LEAD, article=after))
        return [*options, Option(part=Part.NOTHING, article=None)]

    def evidence(self, number: int, options: Sequence[Option]) -> Floats:
        """Return what speaks for each option of a heading, shape (options, len(NAMES))."""
        rows = np.zeros((len(options), len(NAMES)), dtype=np.float32)
        for at, option in enumerate(options):
            rows[at, PARTS.index(option.part)] = 1.0
        rows[:, len(KINDS) : len(KINDS) + len(OF_HEADING)] = self._of_heading(number)
        of_articles = self._of_articles(number)
        of_one = [at for at, option in enumerate(options) if option.article is not None]
        chosen = [option.article for option in options if option.article is not None]
        rows[of_one, len(KINDS) + len(OF_HEADING) :] = of_articles[chosen]
        return rows

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
            "length": len(fold(text)) / 30,
            "lines": text.count("\n") / 2,
            "dash": text.startswith(("—", "-", "－")),
            "announces": announces(text),
            "before_ends": heading.gap > 0 and heading.gap - 1 in self._last,
            "after_starts": heading.gap in self._first,
            "goes_on_from": from_above,
            "goes_on_into": into_below,
            "broken": heading.gap > 0 and self._stretches[heading.gap - 1].broken_off,
            "top": heading.gap == 0,
            "bottom": heading.gap == len(self._stretches),
        }
        return [float(found[name]) for name in OF_HEADING]

    def _of_articles(self, number: int) -> Floats:
        """Return what speaks for each article to have a heading, shape (articles, len(OF_ARTICLE))."""
        gap = self.headings[number].gap
        above, below = self._first == gap, self._last == gap - 1
        holds_below = self._holds[gap] & ~above
        holds_above = self._holds[gap - 1] & ~below if gap else np.zeros_like(above)
        within = holds_below & (gap in self._joined)
        overlap, likeness = self._overlaps[number], self._likeness[number]
        lowest = np.array([min(places) for places in self._articles])
        highest = np.array([max(places) for places in self._articles])
        away = np.minimum(np.abs(self._first - gap), np.abs(self._last + 1 - gap))
        found = {
            "above": above,
            "below": below,
            "within": within,
            "enters": holds_below & ~within,
            "leaves": holds_above & ~within,
            "around": (lowest < gap) & (gap <= highest),
            "distance": np.minimum(away, 25) / 5,
            "apart": ~(self._holds[gap] | (self._holds[gap - 1] if gap else False)),
            "overlap": overlap,
            "overlap_lead": lead(overlap),
            "topic": likeness,
            "topic_lead": lead(likeness),
            **self._openers,
            "untitled_above": self._openers["untitled"] * above,
            "untitled_below": self._openers["untitled"] * below,
            "above_overlap": above * overlap,
            "below_overlap": below * overlap,
        }
        return np.stack([np.asarray(found[name], dtype=np.float32) for name in OF_ARTICLE], axis=1)

    def second_evidence(
        self, options: Sequence[Sequence[Option]], found: Sequence[Floats], first: Weighing
    ) -> list[Floats]:
        """Return the evidence of each heading once more with what a first look at all of them adds."""
        likely = [probabilities(first.scores(rows)) for rows in found]
        wishes = np.zeros((len(options), len(self._articles)), dtype=np.float32)
        for number, each in enumerate(options):
            for option, probability in zip(each, likely[number], strict=True):
                if option.part is Part.HEADLINE and option.article is not None:
                    wishes[number, option.article] = probability
        below = self._share_below(wishes)
        return [
            np.concatenate(
                [rows, self._added(number, options[number], likely[number], wishes, below)], axis=1
            )
            for number, rows in enumerate(found)
        ]

    def _share_below(self, wishes: Floats) -> float:
        """Return how often the headlines of the page seem to stand below their articles."""
        likely = wishes > LIKELY
        above = 1.0 + float((likely & (self._first[None, :] == self._gaps[:, None])).sum())
        below = 1.0 + float((likely & (self._last[None, :] == self._gaps[:, None] - 1)).sum())
        return below / (above + below)

    def _added(
        self, number: int, options: Sequence[Option], likely: Floats, wishes: Floats, below: float
    ) -> Floats:
        gap = self.headings[number].gap
        same = self._gaps == gap
        beside = same & (np.arange(len(same)) != number)
        elsewhere = np.where(same[:, None], 0.0, wishes).max(axis=0)
        rows = np.zeros((len(options), len(SECOND)), dtype=np.float32)
        rows[:, 0] = np.log(np.maximum(likely, 1e-6))
        rows[:, 1] = likely == likely.max()
        rows[:, 8] = below
        at = [row for row, option in enumerate(options) if option.part is Part.HEADLINE]
        articles = [int_of(options[row].article) for row in at]
        rows[at, 2] = elsewhere[articles]
        rows[at, 3] = wishes[beside][:, articles].mean(axis=0) if beside.any() else 0.0
        rows[at, 4] = beside.any()
        rows[at, 5] = below * (self._last[articles] == gap - 1)
        rows[at, 6] = (1 - below) * (self._first[articles] == gap)
        rows[at, 7] = wishes[number, articles] - elsewhere[articles]
        return rows


def lead(row: Floats) -> Floats:
    """Return by how much each value leads the best of the others."""
    leads: Floats = row - highest_of_others(row[None, :])[0]
    return leads
