"""One question scored: what came against what was expected, and why it failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.evaluation import mixed
from qa.evaluation.measures import bag_f1, exact, is_correct
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion


class Ending(StrEnum):
    """How a question ended."""

    RIGHT = "right"
    REFUSED_RIGHT = "refused_right"
    NOT_RETRIEVED = "not_retrieved"
    MISREAD = "misread"
    REFUSED = "refused"
    ANSWERED_UNANSWERABLE = "answered_unanswerable"
    NOT_ASKED = "not_asked"


IN_WORDS: dict[Ending, str] = {
    Ending.RIGHT: "答对",
    Ending.REFUSED_RIGHT: "正确拒答",
    Ending.NOT_RETRIEVED: "没有检索到",
    Ending.MISREAD: "检索到了，读错了",
    Ending.REFUSED: "检索到了，却拒答",
    Ending.ANSWERED_UNANSWERABLE: "没有答案，却回答了",
    Ending.NOT_ASKED: "未能提问",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A question with its measures; each of the worst value where there is no outcome.

    :param em, f1: As ``qa`` compares: width and case folded, punctuation dropped, a bag of characters.
    :param official_em, official_f1: As CMRC 2018's script does; for a question without an answer 1 where it
        was refused, as in SQuAD 2.0.
    :param right: Whether the answer holds an accepted one and is not much longer.
    :param certainty: How sure an answer would be, in [0, 1], whether it was given or not.
    """

    asked: LabelledQuestion
    given: Prediction
    em: float
    f1: float
    official_em: float
    official_f1: float
    right: bool
    certainty: float

    @property
    def answerable(self) -> bool:
        """Tell whether the sources hold an answer."""
        return bool(self.asked.answers)

    @property
    def misleads(self) -> bool:
        """Tell whether there is an answer that is not right, or no outcome at all."""
        return not self.given.abstained and not self.right

    @property
    def claims(self) -> bool:
        """Tell whether it counts as answered where answers are weighed by how sure they are."""
        return self.given.answer is not None or self.given.failed is not None

    @property
    def claimed(self) -> float:
        """Return how sure that answer is; full certainty, which is the worst, where there is no outcome."""
        return self.certainty if self.given.failed is None else 1.0

    @property
    def ending(self) -> Ending:
        """Return how it ended."""
        if self.given.failed is not None:
            return Ending.NOT_ASKED
        if not self.answerable:
            return Ending.REFUSED_RIGHT if self.given.abstained else Ending.ANSWERED_UNANSWERABLE
        if self.right:
            return Ending.RIGHT
        if self.given.rank is None and self.given.retrieved is not None:
            return Ending.NOT_RETRIEVED
        return Ending.REFUSED if self.given.abstained else Ending.MISREAD


def scored(asked: LabelledQuestion, given: Prediction) -> Scored:
    """Return a question with its measures."""
    answer = given.answer or ""
    refused = float(given.abstained)
    # What is no answer equals none, not even an accepted one that has nothing but marks.
    accepted = asked.answers if given.answer is not None else ()
    return Scored(
        asked=asked,
        given=given,
        em=exact(answer, accepted),
        f1=bag_f1(answer, asked.answers),
        official_em=mixed.exact(answer, accepted) if asked.answers else refused,
        official_f1=mixed.overlap(answer, asked.answers) if asked.answers else refused,
        right=is_correct(answer, asked.answers),
        certainty=certainty(asked, given),
    )


def certainty(asked: LabelledQuestion, given: Prediction) -> float:
    """Return how sure an answer would be, in [0, 1], whether it was given or not."""
    if given.failed is not None:
        # The worst there is: no trust in an answer that exists, full trust in one that does not.
        return 0.0 if asked.answers else 1.0
    return 1 - given.confidence if given.abstained else given.confidence
