"""All that is learnt about pages, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from qa.text.language import Language
from qa.text.manner import Manner
from qa.text.weighing import Weighing


@dataclass(frozen=True, slots=True, kw_only=True)
class PageModel:
    """What segmentation knows beside its rules (``models/pages``).

    :param reading: How the evidence for reading order is weighed at first.
    :param reading_again: How it is weighed with what a first reading adds.
    :param headings, headings_again: Likewise for headings.
    """

    language: Language
    manner: Manner
    reading: Weighing
    reading_again: Weighing
    headings: Weighing
    headings_again: Weighing
