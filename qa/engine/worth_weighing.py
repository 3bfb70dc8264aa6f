"""Which of the readings may be the answer at all: not a deputy's name, nor the first fair for the second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from qa.domain.answers import Found, Reading
from qa.engine.homes import Home
from qa.ranking.counted import counts_as_asked
from qa.ranking.dimension import measures_something_else
from qa.ranking.local import Local, is_elsewhere
from qa.ranking.office import holds_another
from qa.ranking.ordinal import is_of_another, ordinals


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What was asked and found, in the script that the rules know: with as many characters.

    :param plain: The question, folded in width too.
    :param local: Whose office is asked for; None where no office of a place is.
    :param passages: In the order in which they were found.
    :param articles: All that was found of each, with its title, by its id.
    """

    question: str
    plain: str
    local: Local | None
    passages: Sequence[str]
    articles: Mapping[str, str]


def worth_weighing(
    found: Sequence[Found], readings: Sequence[Reading], *, copies: Copies, home: Home
) -> Iterator[Reading]:
    """Yield the readings that may be the answer, best first.

    None without a letter or a digit, none on another office, place or fair than is asked for or of companies
    for a sum of money; of a passage its best, and others only where the reader would answer with them. Where
    one counts what is asked for, none that counts something else.
    """
    readings = on_what_is_asked(found, readings, copies=copies, home=home)
    texts = copies.passages
    counts = [counts_as_asked(copies.question, texts[each.passage], each.span) for each in readings]
    # Print names a thing in other words at times (子女, 孩子): that alone is no reason to leave one out.
    among = any(counts)
    seen: set[int] = set()
    for reading, as_asked in zip(readings, counts, strict=True):
        passage = texts[reading.passage]
        further = reading.passage in seen
        seen.add(reading.passage)
        if further and reading.score <= 0:
            continue
        printed = passage[reading.span.start : reading.span.end]
        of_another = (
            holds_another(copies.question, passage, reading.span)
            or measures_something_else(copies.plain, printed)
            or (among and as_asked is False)
        )
        if any(map(str.isalnum, printed)) and not of_another:
            yield reading


def on_what_is_asked(
    found: Sequence[Found], readings: Sequence[Reading], *, copies: Copies, home: Home
) -> list[Reading]:
    """Return the readings but those from articles on another fair (首届), or on another place's office."""
    asked, local = ordinals(copies.question), copies.local
    others = {id_ for id_, text in copies.articles.items() if is_of_another(asked, text)}

    def is_on_it(reading: Reading) -> bool:
        article = found[reading.passage].cited.article
        elsewhere = local is not None and is_elsewhere(
            local,
            copies.passages[reading.passage],
            reading.span,
            article=copies.articles[article.id],
            home=partial(home, article.source_id),
        )
        return article.id not in others and not elsewhere

    return [reading for reading in readings if is_on_it(reading)]
