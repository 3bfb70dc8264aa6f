"""From what the reader took out of passages to answers, each with its places and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.domain.answers import Citation, Cited, Considered, Found, Reading
from qa.domain.ports import Words
from qa.domain.spans import Span
from qa.engine.homes import Home, of_no_place, of_that_place, with_home
from qa.ranking.address import with_its_numbers
from qa.ranking.answer_kind import AnswerKind, kind_of
from qa.ranking.completion import completed, trimmed
from qa.ranking.confidence import ConfidenceModel
from qa.ranking.counted import counts_as_asked
from qa.ranking.dimension import measures_something_else
from qa.ranking.evidence import Candidate, Evidence, bounded, weigh
from qa.ranking.listing import whole_list
from qa.ranking.local import asked_local
from qa.ranking.narrowing import day_alone, number_asked_for
from qa.ranking.near_identical import same_place
from qa.ranking.numerals import canonical
from qa.ranking.office import is_beside
from qa.ranking.ordinal import is_of_another, ordinals
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
    # Its question words in the script and width that the rules know; what it is about, as it was typed.
    plain = words.folded(question)
    kind = kind_of(plain)
    # The passages in the script that the rules know: with as many characters, so that spans are the same.
    asked, texts = simplified.of(question), [simplified.of(each.cited.passage.text) for each in found]
    articles = by_article(each.cited for each in found)
    readings = of_that_number(asked, found, readings, articles=articles, simplified=simplified)
    local = asked_local(asked)
    if local:
        readings = of_that_place(local, found, readings, articles=articles, simplified=simplified, home=home)
        articles = with_home(local, found, articles=articles, home=home)
    taken = (
        Taken(
            found=found[reading.passage],
            span=meant(asked, texts[reading.passage], reading.span, kind=kind),
            margin=reading.score,
        )
        for reading in worth_weighing(asked, texts, readings, plain=plain)
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


def of_that_number(
    question: str,
    found: Sequence[Found],
    readings: Sequence[Reading],
    *,
    articles: Mapping[str, str],
    simplified: Simplified,
) -> Sequence[Reading]:
    """Return the readings but those from articles on another one than is asked for (首届, not 第二届)."""
    asked = ordinals(question)
    if not asked:
        return readings
    of_another = {
        article.id
        for article in (each.cited.article for each in found)
        if is_of_another(asked, simplified.of(f"{article.facts.title or ''}\n{articles[article.id]}"))
    }
    return [each for each in readings if found[each.passage].cited.article.id not in of_another]


def worth_weighing(
    question: str, passages: Sequence[str], readings: Sequence[Reading], *, plain: str
) -> Iterator[Reading]:
    """Yield the readings that may be the answer, best first.

    None without a letter or a digit, none of a deputy for the office or of companies for a sum of money; of a
    passage its best, and others only where the reader would answer with them. Where one counts what is asked
    for, none that counts something else.

    :param passages: What was read, in simplified script, as the question is.
    :param plain: The question, folded.
    """
    counts = [counts_as_asked(question, passages[reading.passage], reading.span) for reading in readings]
    # Print names a thing in other words at times (子女, 孩子): that alone is no reason to leave one out.
    among = any(counts)
    seen: set[int] = set()
    for reading, as_asked in zip(readings, counts, strict=True):
        passage = passages[reading.passage]
        further = reading.passage in seen
        seen.add(reading.passage)
        if further and reading.score <= 0:
            continue
        printed = passage[reading.span.start : reading.span.end]
        of_another = (
            is_beside(question, passage, reading.span)
            or measures_something_else(plain, printed)
            or (among and as_asked is False)
        )
        if any(map(str.isalnum, printed)) and not of_another:
            yield reading


def by_article(found: Iterable[Cited]) -> dict[str, str]:
    """Return what was found of each article, with its newspaper and day, by the article's id."""
    texts: dict[str, list[str]] = {}
    for cited in found:
        facts = cited.article.facts
        # 市委书记 in the paper of a city is that city's: its name need not stand beside.
        head = [facts.newspaper or "", facts.day_in_words]
        texts.setdefault(cited.article.id, head).append(cited.passage.text)
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
