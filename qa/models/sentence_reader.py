"""A reader without training: the best sentence, narrowed by the kind of answer asked for."""

from __future__ import annotations

from collections.abc import Sequence

from qa.domain.answers import Reading
from qa.domain.ports import Encoder
from qa.domain.spans import Span
from qa.ranking.answer_kind import AnswerKind, kind_of
from qa.ranking.candidates import PATTERNS, candidates, nearest
from qa.ranking.evidence import coverage, rarity
from qa.ranking.question import terms, units
from qa.text.sentences import sentences

LONGEST_LOOK = 8
"""Passages whose sentences are compared one by one; the others rank below them anyway."""

SIMILARITY_WEIGHT = 2.0
WITHOUT_CANDIDATE = -0.3
"""What a sentence loses that holds nothing of the kind that was asked for."""


class SentenceReader:
    """Scores each sentence by the words it shares with the question and by its vector."""

    name = "sentence-1"

    def __init__(self, encoder: Encoder) -> None:
        """Read with the vectors of ``encoder``."""
        self._encoder = encoder

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> list[Reading]:
        """Return the best sentence of each passage, best first, cut down to the answer where that is safe."""
        looked_at = passages[:LONGEST_LOOK]
        spans = [(at, span) for at, passage in enumerate(looked_at) for span in stripped(passage)]
        if not spans:
            return []
        printed = [looked_at[at][span.start : span.end] for at, span in spans]
        asked, kind = terms(question), kind_of(question)
        counted = units(question) if kind is AnswerKind.NUMBER else ""
        weights = rarity(asked, passages=looked_at)
        similarities = self._similarities(question, printed)
        best: dict[int, Reading] = {}
        for (at, span), sentence, similarity in zip(spans, printed, similarities, strict=True):
            score = SIMILARITY_WEIGHT * float(similarity)
            score += coverage(sentence, context=titles[at] + looked_at[at], weights=weights)
            answer = nearest(
                sentence, spans=list(candidates(sentence, kind=kind, units=counted)), terms=asked
            )
            score += WITHOUT_CANDIDATE if kind in PATTERNS and answer is None else 0.0
            reading = Reading(
                passage=at, span=(answer or Span(0, len(sentence))).shift(span.start), score=score
            )
            if at not in best or score > best[at].score:
                best[at] = reading
        return sorted(best.values(), key=lambda each: (-each.score, each.passage))

    def _similarities(self, question: str, printed: Sequence[str]) -> Sequence[float]:
        asked = self._encoder.embed_questions([question])[0]
        # Each wording once: it saves time, and equal sentences must not differ by rounding.
        rows = {sentence: at for at, sentence in enumerate(dict.fromkeys(printed))}
        near = self._encoder.embed_passages(list(rows)) @ asked
        return [float(near[rows[sentence]]) for sentence in printed]


def stripped(passage: str) -> list[Span]:
    """Return the sentences of a passage without the line ends around them."""
    found: list[Span] = []
    for span in sentences(passage):
        printed = passage[span.start : span.end]
        start = span.start + len(printed) - len(printed.lstrip())
        end = start + len(printed.strip())
        if end > start:
            found.append(Span(start, end))
    return found
