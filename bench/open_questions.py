"""Questions over a real collection: CMRC 2018's, whose paragraphs lie among tens of thousands of news items.

    scripts/bench open --data DATA --work DIR [--questions N] [--news N] [--page-questions QUESTIONS.jsonl]

Every question is asked as it is and once more with its own paragraph left out, which makes it unanswerable.
The sample pages lie in the collection too: questions about them show what a large collection changes.
``DIR`` holds the index and what came of each question: the same command goes on where it was broken off, and
with more news items it adds those that are new. A folder with more of them than are asked for is refused.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from bench import commands
from bench.collection import index_of, news_records, spread
from bench.page import put, table
from qa.assemble import make_reader, open_engine
from qa.domain.answers import Filters, Found, Mode, Outcome
from qa.domain.ports import Reader
from qa.engine.answers import meant
from qa.engine.ask import CERTAIN, LIMIT, Engine
from qa.evaluation.measures import is_correct
from qa.evaluation.mixed import exact, overlap
from qa.ranking.answer_kind import kind_of
from qa.settings import Settings
from training.reader_scores import mean
from training.reading_sets import Asked, read_squad
from training.retrieval_scores import news_rows

PAGE = Path("docs/benchmarks.md")
DEPTHS = (1, 5, 20)
SIZE = "news items"
CAUTIONS = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Confidences below which there might be no answer (``QA_CAUTION``)."""

Row = Mapping[str, Any]


def main() -> None:
    """Read the arguments, index, ask, print and write."""
    parser = argparse.ArgumentParser(description="Open questions over a real collection.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index and the answers")
    parser.add_argument("--questions", type=int, default=10**6)
    parser.add_argument("--news", type=int, default=10**6, help="news items in the collection, spread evenly")
    parser.add_argument("--limit", type=int, default=LIMIT, help="passages read")
    parser.add_argument("--pages", type=Path, default=Path("seeds"), help="sample pages in the collection")
    parser.add_argument("--page-questions", type=Path, help="questions over the sample pages")
    parser.add_argument(
        "--index-only", action="store_true", help="make the collection and its index, ask nothing"
    )
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    asked = list(read_squad(given.data / "reading" / "cmrc2018_dev.json.xz", source="cmrc2018_dev"))
    names = {
        context: f"cmrc-{at}" for at, context in enumerate(dict.fromkeys(each.context for each in asked))
    }
    paragraphs = ({"id": name, "text": context} for context, name in names.items())
    news = spread(list(news_records(news_rows(given.data / "news"))), given.news)
    settings = index_of(given.work, chain(paragraphs, news), pages=[given.pages])
    if given.index_only:
        return
    asked_of = given.work / f"asked-{len(news)}.jsonl"
    rows = collect(spread(asked, given.questions), names, settings, asked_of, limit=given.limit)
    figures = {SIZE: len(news), **summary(rows)}
    if given.page_questions:
        made = given.work / f"pages-{len(news)}"
        figures |= page_figures(given.page_questions, settings.index, made)
    (given.work / f"figures-{len(news)}.json").write_text(json.dumps(figures), encoding="utf-8")
    content = table_of(given.work)
    print(content)
    if not given.no_page:
        put(PAGE, mark="open questions", content=content)


def page_figures(questions: Path, index: Path, made: Path) -> dict[str, float]:
    """Return what comes of questions over the sample pages, where they lie in the collection."""
    told = commands.evaluated(questions, made, "--index", str(index))
    return {f"sample pages, {name}": told[name] for name in ("correct", "refused_right", "wrong")}


def table_of(work: Path) -> str:
    """Return the figures, a column for every size of the collection that was measured."""
    measured = [json.loads(path.read_text(encoding="utf-8")) for path in work.glob("figures-*.json")]
    columns = sorted(measured, key=itemgetter(SIZE))
    names = dict.fromkeys(name for figures in columns for name in figures)
    head, *rows = ([name, *(shown(figures.get(name)) for figures in columns)] for name in names)
    return table(head, rows)


def shown(value: float | int | None) -> str:
    """Return a figure as it is printed."""
    return "—" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def collect(
    questions: Sequence[Asked], names: Mapping[str, str], settings: Settings, path: Path, *, limit: int
) -> list[Row]:
    """Ask every question that was not asked yet; return what came of each, in order."""
    done = {}
    if path.exists():
        done = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    reader = make_reader(settings)
    with open_engine(settings) as engine, path.open("a", encoding="utf-8") as out:
        for asked in questions:
            if asked.id not in done:
                done[asked.id] = asked_both_ways(
                    engine, reader, asked, name=names[asked.context], limit=limit
                )
                out.write(json.dumps(done[asked.id], ensure_ascii=False) + "\n")
                out.flush()
    return [done[asked.id] for asked in questions]


def asked_both_ways(engine: Engine, reader: Reader, asked: Asked, *, name: str, limit: int) -> dict[str, Any]:
    """Return where each search finds the paragraph, and what is answered with it and without it."""
    printed = engine.snapshot.articles(Filters(sources=(f"*{name}",)))
    own = frozenset(each.article.id for each in printed)
    outcome = engine.ask(asked.question, limit=limit)
    without = engine.ask(asked.question, limit=limit, filters=Filters(without=own))
    ranks = {
        str(mode): rank_of(own, engine.search(asked.question, limit=max(DEPTHS), mode=mode)) for mode in Mode
    }
    return {
        "id": asked.id,
        "answers": [answer.text for answer in asked.answers],
        "ranks": ranks,
        "given": given_paragraph(reader, asked),
        "with": told(outcome),
        "without": told(without),
    }


def rank_of(own: frozenset[str], found: Sequence[Found]) -> int | None:
    """Return the rank, from 1, of the first passage of an article."""
    return next((at for at, each in enumerate(found, start=1) if each.cited.article.id in own), None)


def given_paragraph(reader: Reader, asked: Asked) -> str:
    """Return what is answered where the paragraph is given."""
    readings = reader.read(asked.question, passages=[asked.context], titles=[""])
    if not readings:
        return ""
    span = meant(asked.question, asked.context, readings[0].span, kind=kind_of(asked.question))
    return asked.context[span.start : span.end]


def told(outcome: Outcome) -> dict[str, Any]:
    """Return what an outcome would have said without abstaining, how sure it is of it, and what it took."""
    best, certain = next(((each.answer, each.confidence) for each in outcome.considered), ("", 0.0))
    timings = {"retrieve": outcome.timings.retrieve, "read": outcome.timings.read}
    return {"best": best, "certain": certain, **timings}


def summary(rows: Sequence[Row]) -> dict[str, float | int]:
    """Return the figures over all questions."""
    figures: dict[str, float | int] = {"questions": len(rows)}
    for mode in Mode:
        for depth in DEPTHS:
            ranks = [row["ranks"][str(mode)] for row in rows]
            figures[f"{mode} R@{depth}"] = mean([rank is not None and rank <= depth for rank in ranks])
    for name, answers in (
        ("paragraph given", [row["given"] for row in rows]),
        ("searched, abstaining off", [row["with"]["best"] for row in rows]),
        ("searched, abstaining on", [with_abstaining(row["with"]) for row in rows]),
    ):
        truths = [row["answers"] for row in rows]
        figures[f"{name}, EM"] = 100 * mean([exact(a, t) for a, t in zip(answers, truths, strict=True)])
        figures[f"{name}, F1"] = 100 * mean([overlap(a, t) for a, t in zip(answers, truths, strict=True)])
    return figures | {
        f"caution {caution}, {name}": figure
        for caution in CAUTIONS
        for name, figure in with_caution(rows, caution).items()
    }


def with_abstaining(told: Mapping[str, Any]) -> str:
    """Return what is answered; empty where that is not sure enough."""
    return str(told["best"]) if told["certain"] >= CERTAIN else ""


def with_caution(rows: Sequence[Row], caution: float) -> dict[str, float]:
    """Return what is answered and refused where answers less sure than ``caution`` are not given."""
    given = [row["with"]["certain"] >= caution for row in rows]
    right = [is_correct(row["with"]["best"], row["answers"]) for row in rows]
    misled = [row["without"]["certain"] >= caution for row in rows]
    return {
        "correct": mean([g and r for g, r in zip(given, right, strict=True)]),
        "refused though its paragraph is there": mean([not each for each in given]),
        "refused with its paragraph left out": mean([not each for each in misled]),
        "wrong, of both ways": mean([*(g and not r for g, r in zip(given, right, strict=True)), *misled]),
    }


if __name__ == "__main__":
    main()
