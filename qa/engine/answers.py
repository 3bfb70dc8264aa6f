"""From what the reader took out of passages to answers, each with its places and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.domain.answers import Citation, Cited, Considered, Found, Reading
from qa.domain.ports import Words
from qa.domain.spans import Span
from qa.engine.homes import Home, of_no_place
from qa.engine.worth_weighing import Copies, worth_weighing
from qa.ranking.address import with_its_numbers
from qa.ranking.answer_kind import AnswerKind, kind_of
from qa.ranking.completion import completed, trimmed
from qa.ranking.confidence import ConfidenceModel
from qa.ranking.evidence import Candidate, Evidence, bounded, weigh
from qa.ranking.listing import whole_list
from qa.ranking.local import Local, asked_local
from qa.ranking.narrowing import day_alone, number_asked_for
from qa.ranking.near_identical import same_place
from qa.ranking.numerals import canonical
from qa.ranking.simplified import Simplified
from qa.text.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One answer: everywhere it was read, the best place first.

    :param confidence: In [0, 1], that it is right.
    """

    citations: tuple[Citation, ...]
    confidence: float
    considered: Considered


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A reading, completed, with the passage it was taken from."""

    found: Found
    span: Span
    margin: float

    @property
    def answer(self) -> str:
        """Return the words."""
        return self.found.cited.passage.text[self.span.start : self.span.end]

    @property
    def printed(self) -> Iterator[tuple[Cited, Span]]:
        """Yield where the words are printed: in this passage, and in those that say nearly the same."""
        yield self.found.cited, self.span
        for cited in self.found.also:
            start = same_place(cited.passage.text, self.answer, near=self.span.start)
            if start is not None:
                yield cited, Span(start, start + len(self.answer))

    def candidate(self, articles: Mapping[str, str]) -> Candidate:
        """Return what is weighed of it; ``articles`` is what was found of each article, by its id."""
        passage = self.found.cited.passage.text
        return Candidate(
            answer=self.answer,
            sentence=sentence_at(passage, self.span.start),
            margin=self.margin,
            passage=passage,
            title=self.found.cited.article.facts.title or "",
            article=articles[self.found.cited.article.id],
            fused=self.found.ranked.fused,
        )


def weighed(
    question: str,
    found: Sequence[Found],
    readings: Sequence[Reading],
    *,
    words: Words,
    simplified: Simplified,
    model: ConfidenceModel,
    home: Home = of_no_place,
) -> list[Weighed]:
    """Return the answers, the surest first; of equally sure ones the one from the better passage.

    Equal answers from several passages are one, which all of them support.

    :param simplified: Makes the copies that the rules look at.
    :param home: Tells of which place a page is.
    """
    asked = simplified.of(question)
    local = asked_local(asked)
    articles = by_article([each.cited for each in found], local=local, home=home)
    copies = Copies(
        question=asked,
        plain=words.folded(question),
        local=local,
        passages=[simplified.of(each.cited.passage.text) for each in found],
        articles={id_: simplified.of(text) for id_, text in articles.items()},
    )
    kind = kind_of(copies.plain)
    taken = (
        Taken(
            found=found[reading.passage],
            span=meant(copies.question, copies.passages[reading.passage], reading.span, kind=kind),
            margin=reading.score,
        )
        for reading in worth_weighing(found, readings, copies=copies, home=home)
    )
    groups = grouped(taken, simplified=simplified)
    evidence = weigh(
        question,
        [[taken.candidate(articles) for taken in group] for group in groups],
        passages=[each.cited.passage.text for each in found],
        best_fused=max((each.ranked.fused for each in found), default=0.0),
        words=words,
    )
    answers = [
        weighed_group(group, signals, model=model) for group, signals in zip(groups, evidence, strict=True)
    ]
    # Python's sort is stable: the groups are in the order of their best readings.
    return sorted(answers, key=lambda each: -each.confidence)


def by_article(found: Iterable[Cited], *, local: Local | None, home: Home) -> dict[str, str]:
    """Return what was found of each article, with its title, newspaper and day, by the article's id.

    :param local: Whose office is asked for, if any: 市委书记 in the paper of a city is that city's, whose
        name need not stand beside, nor the paper's in the page.
    """
    texts: dict[str, list[str]] = {}
    for cited in found:
        article = cited.article
        if article.id not in texts:
            facts = article.facts
            place = home(article.source_id, local.level) if local else None
            printed_at = f"{place}{local.level}" if local and place else ""
            texts[article.id] = [facts.title or "", facts.newspaper or "", printed_at, facts.day_in_words]
        texts[article.id].append(cited.passage.text)
    return {id_: "\n".join(of_it) for id_, of_it in texts.items()}


def meant(question: str, passage: str, span: Span, *, kind: AnswerKind) -> Span:
    """Return the span that a reader means: to its unit, closing mark or door, a list in full, a number alone.

    :param passage: In simplified script, as the question is; the span holds for the print all the same.
    """
    whole = completed(passage, span)
    if kind is AnswerKind.LIST:
        return trimmed(passage, whole_list(passage, whole))
    if kind is AnswerKind.NUMBER:
        return completed(passage, number_asked_for(question, passage, whole))
    if kind is AnswerKind.PLACE:
        return with_its_numbers(passage, whole)
    return day_alone(passage, whole) if kind is AnswerKind.DATE else whole


def grouped(readings: Iterable[Taken], *, simplified: Simplified) -> list[list[Taken]]:
    """Return readings of equal answers together, in the order in which the first of each came.

    In which script an answer is printed makes no other of it.
    """
    groups: dict[str, list[Taken]] = {}
    for taken in readings:
        group = groups.setdefault(canonical(simplified.of(taken.answer)), [])
        # Two readings of a passage that are parts of one list, say, are the same once completed.
        if not any(each.found is taken.found and each.span == taken.span for each in group):
            group.append(taken)
    return list(groups.values())


def weighed_group(group: Sequence[Taken], evidence: Evidence, *, model: ConfidenceModel) -> Weighed:
    """Return one answer with its confidence.

    Further places are shown with no more confidence than their own margin would have had.
    """
    confidence = model.confidence(evidence)
    best = group[0]
    return Weighed(
        citations=tuple(
            Citation(
                cited=cited,
                highlight=span,
                score=min(confidence, model.confidence(replace(evidence, margin=bounded(taken.margin)))),
            )
            for taken in group
            for cited, span in taken.printed
        ),
        confidence=confidence,
        considered=Considered(
            answer=best.answer,
            confidence=confidence,
            ranked=best.found.ranked,
            margin=best.margin,
            signals=model.contributions(evidence),
        ),
    )


def sentence_at(passage: str, offset: int) -> str:
    """Return the sentence of a passage that holds a place."""
    for span in sentences(passage):
        if offset < span.end:
            return passage[span.start : span.end]
    return passage
