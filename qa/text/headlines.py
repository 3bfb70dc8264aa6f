"""Headlines (标题) and subheadings (小标题): whose line a heading is, wherever it was printed.

A heading can be the headline of any article of the page, stand inside one, or be what a column break
cut off a text. What speaks for each is weighed as was learnt on made pages, as in ``reading``.
"""

from __future__ import annotations

import numpy as np

from qa.text.headline_evidence import Headings
from qa.text.headline_options import PARTS, Choices, Option, Part
from qa.text.strands import Floats
from qa.text.weighing import Weighing


def assigned(headings: Headings, first: Weighing, second: Weighing) -> list[Option]:
    """Return what each heading of a page is."""
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
