"""Questions with a time in them: whether what is found first was printed then.

    scripts/bench dated --data DATA --work DIR [--seed N]

Topics are words of headlines that recur over years, so that only the time tells which item is meant. Each
is asked about with a day, a day without its year, a month, a range of months and 去年, where an item of that
time is there. An item stands in the collection with its headline, its day and its beginning.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jieba

from bench.collection import index_of, spread
from bench.page import put, table
from qa.assemble import open_engine
from qa.domain.answers import Found
from qa.engine.ask import Engine
from qa.ranking.calendar import DayRange, day_of, latest_year, months_of
from training.reader_scores import mean
from training.retrieval_scores import news_rows

PAGE = Path("docs/benchmarks.md")
TOPICS, ITEMS = 60, 60
"""Topics, and items of each at most."""
SHORTEST, RAREST, COMMONEST = 3, 15, 300
"""Characters of a topic, and items whose headline names it."""
YEARS = 3
BEGINNING = 300
ASKED, TRIED = 200, 100
"""Questions, and times of topics looked at for each at most: of few items none may be of last year."""
WAYS = (
    "{time}，{topic}有什么消息？",
    "{topic}{time}的报道说了什么？",
    "{time}关于{topic}的新闻",
    "{time}{topic}怎么样？",
    "{topic}在{time}有什么进展？",
    "{time}谁谈到了{topic}？",
)
TIMELESS = re.compile(r"[今去明]年|以来|人民日报|人民党")
"""Words that are no topics: times, the paper itself, what the cutting of words makes up."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A question, the kind of its time, its topic and the days that are asked about."""

    question: str
    kind: str
    topic: str
    days: DayRange


def main() -> None:
    """Read the arguments, index, search, print and write."""
    parser = argparse.ArgumentParser(description="Whether what is found was printed when the question says.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index")
    parser.add_argument("--seed", type=int, default=2, help="of the topics and questions; 1 was chosen on")
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    by_topic = items_by_topic(news_rows(given.data / "news"), seed=given.seed)
    rows = list({row["title"] + row["date"]: row for rows in by_topic.values() for row in rows}.values())
    settings = index_of(given.work, (record(at, row) for at, row in enumerate(rows)))
    questions = list(dated_questions(by_topic, count=ASKED, seed=given.seed))
    with open_engine(settings) as engine:
        found = [first_of(engine, each.question) for each in questions]
    for each, first in zip(questions, found, strict=True):
        if not is_of_time(first, each):
            print(each.kind, each.question, "→", first and told(first))
    kinds = Counter(each.kind for each in questions)
    lines = [
        [kind, str(count), *shares([(f, q) for f, q in zip(found, questions, strict=True) if q.kind == kind])]
        for kind, count in kinds.items()
    ]
    lines.append(["all", str(len(questions)), *shares(list(zip(found, questions, strict=True)))])
    content = table(["time in the question", "questions", "printed then", "and on the topic"], lines)
    print(content)
    if not given.no_page:
        put(PAGE, mark="dated", content=f"{len(rows)} items of {len(by_topic)} topics.\n\n{content}")


def items_by_topic(rows: Sequence[Row], *, seed: int) -> dict[str, list[Row]]:
    """Return topics that recur over years, and items of each, spread over the time."""
    words = jieba.Tokenizer()
    naming: dict[str, list[Row]] = {}
    for row in rows:
        for word in dict.fromkeys(words.cut(row["title"])):
            if len(word) >= SHORTEST and not re.search(r"\d", word) and not TIMELESS.search(word):
                naming.setdefault(word, []).append(row)
    recurring = sorted(
        word
        for word, found in naming.items()
        if RAREST <= len(found) <= COMMONEST and len({row["date"][:4] for row in found}) >= YEARS
    )
    chosen = random.Random(f"{seed}:topics").sample(recurring, min(TOPICS, len(recurring)))
    return {word: spread(sorted(naming[word], key=lambda row: row["date"]), ITEMS) for word in chosen}


def record(at: int, row: Row) -> dict[str, str]:
    """Return an item as a record: its headline, its day, its beginning."""
    return {"id": f"item-{at}", "title": row["title"], "date": row["date"], "text": row["text"][:BEGINNING]}


def dated_questions(by_topic: Mapping[str, Sequence[Row]], *, count: int, seed: int) -> Iterator[Dated]:
    """Yield so many questions at most, of each kind of time in turn; the same for the same items."""
    chance = random.Random(f"{seed}:questions")
    newest = max(date.fromisoformat(row["date"]) for rows in by_topic.values() for row in rows)
    topics, made = list(by_topic), 0
    for _ in range(TRIED * count):
        if made == count:
            return
        kind = list(TIMES)[made % len(TIMES)]
        topic = chance.choice(topics)
        days_printed = [date.fromisoformat(row["date"]) for row in by_topic[topic]]
        time, days = TIMES[kind](chance.choice(days_printed), newest)
        if days and any(day in days for day in days_printed):
            made += 1
            question = chance.choice(WAYS).format(time=time, topic=topic)
            yield Dated(question=question, kind=kind, topic=topic, days=days)


def exact_day(day: date, _: date) -> tuple[str, DayRange | None]:
    """Ask about a day."""
    return f"{day.year}年{day.month}月{day.day}日", DayRange(first=day, last=day)


def day_alone(day: date, newest: date) -> tuple[str, DayRange | None]:
    """Ask about a day without its year, which is the latest one."""
    year = latest_year(day.month, day=day.day, reference=newest)
    return f"{day.month}月{day.day}日", day_of(year, month=day.month, day=day.day)


def month(day: date, _: date) -> tuple[str, DayRange | None]:
    """Ask about a month."""
    return f"{day.year}年{day.month}月", months_of(day.year, first=day.month, last=day.month)


def months(day: date, _: date) -> tuple[str, DayRange | None]:
    """Ask about three months."""
    last = min(day.month + 2, 12)
    return f"{day.year}年{day.month}月至{last}月", months_of(day.year, first=day.month, last=last)


def last_year(_: date, newest: date) -> tuple[str, DayRange | None]:
    """Ask about the year before the newest item's."""
    return "去年", months_of(newest.year - 1, first=1, last=12)


TIMES: Mapping[str, Callable[[date, date], tuple[str, DayRange | None]]] = {
    "2023年2月3日": exact_day,
    "2月3日": day_alone,
    "2023年2月": month,
    "2023年2月至4月": months,
    "去年": last_year,
}


def first_of(engine: Engine, question: str) -> Found | None:
    """Return what is found first."""
    return next(iter(engine.search(question)), None)


def is_of_time(found: Found | None, asked: Dated) -> bool:
    """Tell whether something of the asked days was found."""
    day = found.cited.article.facts.date if found else None
    return day is not None and day in asked.days


def is_on_topic(found: Found | None, asked: Dated) -> bool:
    """Tell whether the headline names what was asked about."""
    return found is not None and asked.topic in (found.cited.article.facts.title or "")


def shares(rows: Sequence[tuple[Found | None, Dated]]) -> list[str]:
    """Return the shares of what was printed then, and of what is on the topic besides."""
    right = [is_of_time(found, asked) for found, asked in rows]
    both = [of_time and is_on_topic(*row) for of_time, row in zip(right, rows, strict=True)]
    return [f"{mean(right):.3f}", f"{mean(both):.3f}"]


def told(found: Found) -> str:
    """Return what an item is, for reading."""
    return f"{found.cited.article.facts.date} {found.cited.article.facts.title}"


if __name__ == "__main__":
    main()
