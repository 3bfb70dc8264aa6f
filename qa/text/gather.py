"""Gathering: from the blocks of a page, in whatever order they came, to its articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from qa.text.blocks import Block, Role
from qa.text.fragments import with_fragments
from qa.text.gathered import Gathered
from qa.text.headline_options import Option, Part, headings_of
from qa.text.headlines import assigned_by_parts
from qa.text.language import Language
from qa.text.manner import Manner
from qa.text.page_model import PageModel
from qa.text.places import Page, page_of, stretch
from qa.text.reading import SECTION, predecessors
from qa.text.reading_evidence import Section
from qa.text.reading_signs import Stretch
from qa.text.wording import Wording


def gather(blocks: Sequence[Block], model: PageModel) -> list[Gathered]:
    """Return the articles of a page in the order in which they begin there."""
    wording = wording_of(blocks, model.language, model.manner)
    page = page_of(with_fragments(blocks, wording))
    if not page.places:
        return [Gathered(headings=page.below, body=())] if page.below else []
    stretches = stretches_of(page)
    articles = in_order(follows(stretches, wording, model))
    chosen = assigned_by_parts(page, model, stretches=stretches, articles=articles, wording=wording)
    return list(Gathering(page, articles, list(chosen)).gathered())


def wording_of(blocks: Sequence[Block], language: Language, manner: Manner) -> Wording:
    """Return what the language of the texts and headings among some blocks tells of them."""
    texts = (each.text for each in blocks if each.role in (Role.BODY, Role.HEADING))
    return Wording(texts, language, manner)


def stretches_of(page: Page) -> list[Stretch]:
    """Return what the print of each text block says of its place in an article."""
    return [stretch(here, following=below) for here, below in zip_longest(page.places, page.places[1:])]


def follows(stretches: Sequence[Stretch], wording: Wording, model: PageModel) -> list[int | None]:
    """Return which text block each one follows, a section at a time."""
    chosen: list[int | None] = []
    for start in range(0, len(stretches), SECTION):
        part = stretches[start : start + SECTION]
        found = predecessors(Section(part, wording), model.reading, model.reading_again)
        # An article that has left the page does not go on on it, whatever speaks for it.
        shifted = [None if each is None or part[each].leaves else each + start for each in found]
        if start and shifted[0] is None and stretches[start - 1].broken_off and not part[0].opens:
            shifted[0] = start - 1
        chosen += shifted
    return chosen


def in_order(chosen: Sequence[int | None]) -> list[list[int]]:
    """Return the text blocks of each article in reading order, by where the first of them stands."""
    following = {each: at for at, each in enumerate(chosen) if each is not None}
    articles: list[list[int]] = []
    for at, each in enumerate(chosen):
        if each is None:
            places = [at]
            while places[-1] in following:
                places.append(following[places[-1]])
            articles.append(places)
    return sorted(articles, key=min)


class Gathering:
    """The blocks of each article, brought together from what was found out about the page."""

    def __init__(self, page: Page, articles: Sequence[Sequence[int]], chosen: Sequence[Option]) -> None:
        """Bring together what belongs to the articles of ``page``.

        :param chosen: What each heading is, in print order.
        """
        self._page, self._articles = page, articles
        self._owner = {place: number for number, places in enumerate(articles) for place in places}
        self._headlines: list[list[Block]] = [[] for _ in articles]
        self._before: list[list[Block]] = [[] for _ in [*page.places, None]]
        self._after: list[list[Block]] = [[] for _ in page.places]
        self._bylines: list[list[Block]] = [[] for _ in articles]
        self._marks: dict[int, Block] = {}
        kinds = {
            (heading.gap, heading.position): option
            for heading, option in zip(headings_of(page), chosen, strict=True)
        }
        for gap, between in enumerate([*(place.above for place in page.places), page.below]):
            self._share_out(gap, between, kinds)

    def _share_out(self, gap: int, between: Sequence[Block], kinds: dict[tuple[int, int], Option]) -> None:
        position, signs = 0, self._owner.get(gap)
        for block in between:
            if block.role is Role.HEADING:
                option = kinds[gap, position]
                position += 1
                self._place(block, gap, option)
                signs = option.article if option.part is Part.HEADLINE else signs
            elif block.role is Role.JUMP_FROM:
                self._mark(block, gap)
            elif signs is not None:
                self._sign(block, gap, signs)

    def _place(self, block: Block, gap: int, option: Option) -> None:
        if option.part is Part.HEADLINE and option.article is not None:
            self._headlines[option.article].append(block)
        elif option.part is Part.TAIL:
            self._after[gap - 1].append(block)
        elif option.part is not Part.NOTHING:
            self._before[gap].append(block)

    def _mark(self, block: Block, gap: int) -> None:
        if gap in self._owner:
            self._marks[self._owner[gap]] = block

    def _sign(self, block: Block, gap: int, article: int) -> None:
        """Put a byline where its article has it: over its text, inside it, or below."""
        places = self._articles[article]
        if gap in places[1:]:
            self._before[gap].append(block)
        elif gap - 1 == places[-1]:
            self._after[gap - 1].append(block)
        else:
            self._bylines[article].append(block)

    def gathered(self) -> Iterator[Gathered]:
        """Yield the articles."""
        for number, places in enumerate(self._articles):
            body: list[Block] = list(self._bylines[number])
            for at in places:
                place = self._page.places[at]
                body += [*self._before[at], place.block, *place.credits, *self._after[at]]
            yield Gathered(
                headings=tuple(self._headlines[number]), body=tuple(body), mark=self._marks.get(number)
            )
