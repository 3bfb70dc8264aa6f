"""What speaks for and against an answer, in signals that can be told in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.ranking.answer_kind import AnswerKind, kind_of
from qa.ranking.coverage import coverage, rarity
from qa.ranking.question import terms

MOST = 12.0
"""Logits beyond which a margin says no more."""

NUMERAL = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万亿两半]")
DAY = re.compile(r"\d{1,4}\s*[年月日]|[一二三四五六七八九十]+[月日]|[年月日]|今|昨|明|近|目前|此前|期间|以来")
NAME = re.compile(r"[\u3400-\u9fffA-Za-z·]{2,12}")
TITLE = re.compile(r"《[^》]+》")
SEVERAL = re.compile(r"[、；;和及与]")
UNKNOWN = 0.5

IN_WORDS: Mapping[str, str] = {
    "margin": "阅读模型认为此处有答案",
    "lead": "高出其他答案",
    "places": "有几处这样说",
    "rank": "段落在检索中的名次",
    "closeness": "段落的意思与问题相近",
    "coverage": "问题的词见于这篇文章",
    "nearness": "问题的词见于同一句",
    "fit": "像是所问的那种答案",
    "length": "答案的长短",
}
"""What each signal is called towards a person."""

LOOKS: Mapping[AnswerKind, re.Pattern[str]] = {
    AnswerKind.NUMBER: NUMERAL,
    AnswerKind.DATE: DAY,
    AnswerKind.PERSON: NAME,
    AnswerKind.TITLE: TITLE,
    AnswerKind.LIST: SEVERAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An answer that a reader took from a passage.

    :param answer: The words.
    :param sentence: In which they stand.
    :param margin: The reader's, over there being no answer there, in logits.
    :param title: Of the article that the passage stands in.
    :param fused: Of the passage, from the search.
    :param dense: Cosine of question and passage; None where the dense search missed it.
    """

    answer: str
    sentence: str
    margin: float
    passage: str
    title: str
    fused: float
    dense: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The signals of one answer.

    :param margin: The reader's best margin for it, in [-12, 12].
    :param lead: How far that is above the best of the other answers, in [-12, 12].
    :param places: Passages that give it.
    :param rank: How far its best passage is below the first that was found, in fused scores; at most 0.
    :param closeness: The cosine of question and passage; 0 where only words were found.
    :param coverage: Share of the question's words in its passage and title, the rare ones counting more.
    :param nearness: The same over the sentence that it stands in.
    :param fit: 1 where it looks like what was asked for, 0 where not, one half where anything would do.
    :param length: Natural logarithm of its characters.
    """

    margin: float
    lead: float
    places: float
    rank: float
    closeness: float
    coverage: float
    nearness: float
    fit: float
    length: float


def weigh(
    question: str, groups: Sequence[Sequence[Candidate]], *, passages: Sequence[str], best_fused: float
) -> list[Evidence]:
    """Return the evidence for each answer.

    :param groups: The candidates of one answer together, the best first.
    :param passages: All that were read, to tell which words of the question are rare among them.
    :param best_fused: Of the first passage that was found.
    """
    asked, kind = terms(question), kind_of(question)
    weights = rarity(asked, passages=passages)
    return [
        evidence(
            group,
            weights=weights,
            kind=kind,
            best_fused=best_fused,
            rival=max((other[0].margin for other in groups if other is not group), default=-MOST),
        )
        for group in groups
    ]


def evidence(
    group: Sequence[Candidate],
    *,
    weights: Mapping[str, float],
    kind: AnswerKind,
    best_fused: float,
    rival: float,
) -> Evidence:
    """Return the evidence for one answer.

    :param rival: The best margin of another answer.
    """
    best = group[0]
    return Evidence(
        margin=bounded(best.margin),
        lead=bounded(best.margin - rival),
        places=math.log(len(group)),
        rank=max(each.fused for each in group) - best_fused,
        closeness=max(each.dense or 0.0 for each in group),
        coverage=max(coverage(each.passage + each.title, context="", weights=weights) for each in group),
        nearness=max(coverage(each.sentence, context=each.title, weights=weights) for each in group),
        fit=fit(best.answer, kind=kind),
        length=math.log(max(len(best.answer), 1)),
    )


def bounded(logits: float) -> float:
    """Return logits within what they can say."""
    return max(-MOST, min(MOST, logits))


def fit(answer: str, *, kind: AnswerKind) -> float:
    """Return whether an answer looks like what was asked for: 1, 0, or one half where anything would do."""
    pattern = LOOKS.get(kind)
    if pattern is None:
        return UNKNOWN
    return float(pattern.search(answer) is not None)
