"""Headlines (标题) and subheadings (小标题): whose line a heading is, wherever it was printed.

A heading can be the headline of any article of the page, stand inside one, or be what a column break
cut off a text. What speaks for each is weighed as was learnt on made pages, as in ``reading``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.text.headline_evidence import Headings
from qa.text.headline_options import Option, Part
from qa.text.language import Floats
from qa.text.weighing import Weighing, probabilities


def assigned(headings: Headings, first: Weighing, second: Weighing) -> list[Option]:
    """Return what each heading of a page is."""
    options = [headings.options(each) for each in headings.headings]
    found = [headings.evidence(number, each) for number, each in enumerate(options)]
    again = headings.second_evidence(options, found, first)
    return [best(each, second.scores(rows)) for each, rows in zip(options, again, strict=True)]


def best(options: Sequence[Option], scores: Floats) -> Option:
    """Return the likeliest option; that a heading is the text of an article must be quite likely."""
    likely = probabilities(scores)
    bound = np.array([DOUBTED if option.part in (Part.TAIL, Part.LEAD) else 1.0 for option in options])
    return options[int((likely * bound).argmax())]


DOUBTED = 0.2
"""By what the probability is lessened that a heading is no heading: text of its own is worse to mix up."""
