"""What speaks for and against an answer, in signals that can be told in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qa.domain.ports import Words
from qa.ranking.coverage import coverage, rarity
from qa.ranking.question import asked_about

MOST = 12.0
"""Logits beyond which a margin says no more."""

IN_WORDS: Mapping[str, str] = {
    "margin": "阅读模型认为此处有答案",
    "lead": "高出其他答案",
    "places": "有几处这样说",
    "rank": "段落在检索中的名次",
    "coverage": "问题的词见于这一段",
    "article": "问题的词见于这篇文章",
    "nearness": "问题的词见于同一句",
    "length": "答案的长短",
}
"""What each signal is called towards a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An answer that a reader took from a passage.

    :param answer: The words.
    :param sentence: In which they stand.
    :param margin: The reader's, over there being no answer there, in logits.
    :param title: Of the article that the passage stands in.
    :param article: What else was found of that article, with its newspaper and day.
    :param fused: Of the passage, from the search.
    """

    answer: str
    sentence: str
    margin: float
    passage: str
    title: str
    article: str
    fused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The signals of one answer.

    :param margin: The reader's best margin for it, in [-12, 12].
    :param lead: How far that is above the best of the other answers, in [-12, 12].
    :param places: Passages that give it.
    :param rank: How far its best passage is below the first that was found, in fused scores; at most 0.
    :param coverage: Share of the question's words in its passage and title, the rare ones counting more.
    :param article: The same over all that was found of the article.
    :param nearness: The same over the sentence that it stands in.
    :param length: Natural logarithm of its characters.
    """

    margin: float
    lead: float
    places: float
    rank: float
    coverage: float
    article: float
    nearness: float
    length: float


def weigh(
    question: str,
    groups: Sequence[Sequence[Candidate]],
    *,
    passages: Sequence[str],
    best_fused: float,
    words: Words,
) -> list[Evidence]:
    """Return the evidence for each answer.

    :param groups: The candidates of one answer together, the best first.
    :param passages: All that were read, to tell which words of the question are rare among them.
    :param best_fused: Of the first passage that was found.
    :param words: How a text is cut and folded, and what its words tell.
    """
    # The same passages stand in many candidates.
    fold = cache(words.folded)
    weights = rarity(words.telling(asked_about(question)), passages=[fold(passage) for passage in passages])
    return [
        evidence(
            group,
            weights=weights,
            fold=fold,
            best_fused=best_fused,
            rival=max((other[0].margin for other in groups if other is not group), default=-MOST),
        )
        for group in groups
    ]


def evidence(
    group: Sequence[Candidate],
    *,
    weights: Mapping[str, float],
    fold: Callable[[str], str],
    best_fused: float,
    rival: float,
) -> Evidence:
    """Return the evidence for one answer.

    :param weights: How much each word of the question tells.
    :param fold: Gives the copy of a text that words are looked for in.
    :param rival: The best margin of another answer.
    """

    def share(texts: Sequence[str], *, context: str = "") -> float:
        return coverage([fold(text) for text in texts], context=fold(context), weights=weights)

    best = group[0]
    return Evidence(
        margin=bounded(best.margin),
        lead=bounded(best.margin - rival),
        places=math.log(len({each.passage for each in group})),
        rank=max(each.fused for each in group) - best_fused,
        coverage=max(share([each.passage, each.title]) for each in group),
        article=max(share([each.title, each.passage, each.article]) for each in group),
        nearness=max(share([each.sentence], context=each.title) for each in group),
        length=math.log(max(len(best.answer), 1)),
    )


def bounded(logits: float) -> float:
    """Return logits within what they can say."""
    return max(-MOST, min(MOST, logits))
