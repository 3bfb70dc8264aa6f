"""Headlines (标题) and subheadings (小标题): whose line a heading is, wherever it was printed.

A heading can be the headline of any article of the page, stand inside one, or be what a column break
cut off a text. What speaks for each is weighed as was learnt on made pages, as in ``reading``.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from qa.domain.spans import Span
from qa.text.headline_evidence import Headings
from qa.text.headline_options import PARTS, Choices, Option, Part, parts_of
from qa.text.page_model import PageModel
from qa.text.places import Page
from qa.text.reading_signs import Stretch
from qa.text.strands import Floats
from qa.text.weighing import Weighing
from qa.text.wording import Wording


def assigned_by_parts(
    page: Page,
    model: PageModel,
    *,
    stretches: Sequence[Stretch],
    articles: Sequence[Sequence[int]],
    wording: Wording,
) -> Iterator[Option]:
    """Yield what each heading of a page is, in print order.

    Each is compared with every article of its part of the page: over all of an enormous one that would
    take memory by the square of its length.

    :param articles: The numbers of the text blocks of each article, in reading order.
    """
    parts = parts_of(page)
    for part, here in zip(parts, within(parts, articles), strict=True):
        below = page.below if part == parts[-1] else ()
        headings = Headings(
            Page(places=page.places[part.start : part.end], below=below),
            stretches=stretches[part.start : part.end],
            articles=list(here.values()),
            wording=wording,
        )
        numbers = list(here)
        for option in assigned(headings, model.headings, model.headings_again):
            yield option if option.article is None else replace(option, article=numbers[option.article])


def within(parts: Sequence[Span], articles: Sequence[Sequence[int]]) -> list[dict[int, list[int]]]:
    """Return for each part what of each article lies in it, by the number of the article.

    :param articles: The numbers of the text blocks of each; in a part they are counted from its start.
    """
    starts = [part.start for part in parts]
    found: list[dict[int, list[int]]] = [{} for _ in parts]
    for number, places in enumerate(articles):
        for at in places:
            part = bisect(starts, at) - 1
            found[part].setdefault(number, []).append(at - starts[part])
    return found


def assigned(headings: Headings, first: Weighing, second: Weighing) -> list[Option]:
    """Return what each of some headings is."""
    if not headings.headings:
        return []
    choices = Choices.of([headings.options(each) for each in headings.headings])
    again = headings.second_evidence(choices, headings.evidence(choices), first)
    return best(choices, second.scores(again))


def best(choices: Choices, scores: Floats) -> list[Option]:
    """Return the likeliest option of each heading; that it is the text of an article must be quite likely."""
    doubted = np.isin(choices.part, [PARTS.index(part) for part in (Part.TAIL, Part.LEAD)])
    likely = choices.probabilities(scores) * np.where(doubted, DOUBTED, 1.0)
    ends = [*choices.starts[1:].tolist(), len(likely)]
    return [
        choices.options[start + int(likely[start:end].argmax())]
        for start, end in zip(choices.starts.tolist(), ends, strict=True)
    ]


DOUBTED = 0.2
"""By what the probability is lessened that a heading is no heading: text of its own is worse to mix up."""
