"""Government notices: where each way of searching ranks the notice that answers a question.

    scripts/bench notices --data DATA --work DIR

The questions are those whose notice is kept for development, so that nothing was trained on it; the notices
are all of the set. A notice stands where its first passage does. In the reader's order come first the
notices of the answers that were considered, the surest first, then the others as the fused search has them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.collection import index_of
from bench.page import put, table
from qa.assemble import open_engine
from qa.domain.answers import Found, Mode
from qa.engine.ask import Engine
from qa.evaluation.measures import RETRIEVAL
from training.reader_scores import mean
from training.retrieval_scores import ncp_search_set

PAGE = Path("docs/benchmarks.md")
DEPTH = 60
"""Passages searched for: of ten notices at least."""

ORDERS = (*(str(mode) for mode in (Mode.LEXICAL, Mode.DENSE, Mode.HYBRID)), "hybrid, then the reader")


def main() -> None:
    """Read the arguments, index, search, print and write."""
    parser = argparse.ArgumentParser(description="Where searches rank government notices.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index")
    parser.add_argument("--questions", type=int, default=10**6)
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    searched = ncp_search_set(given.data)
    notices = zip(searched.ids, searched.passages, strict=True)
    settings = index_of(given.work, ({"id": f"ncp-{id_}", "text": text} for id_, text in notices))
    ranks: dict[str, list[int | None]] = {name: [] for name in ORDERS}
    asked = list(zip(searched.questions, searched.relevant, strict=True))[: given.questions]
    with open_engine(settings) as engine:
        for question, relevant in asked:
            for name, order in zip(ORDERS, orders(engine, question), strict=True):
                found = (at for at, id_ in enumerate(order, start=1) if id_.removeprefix("ncp-") in relevant)
                ranks[name].append(next(found, None))
    figures = {
        name: {measure: mean([of(rank) for rank in ranks[name]]) for measure, of in RETRIEVAL.items()}
        for name in ORDERS
    }
    print(json.dumps({"questions": len(asked), **figures}, ensure_ascii=False, indent=1))
    if not given.no_page:
        rows = [[name, *(f"{figures[name][measure]:.3f}" for measure in RETRIEVAL)] for name in ORDERS]
        told = f"{len(asked)} questions over {len(searched.ids)} notices."
        put(PAGE, mark="notices", content=f"{told}\n\n{table(['order', *RETRIEVAL], rows)}")


def orders(engine: Engine, question: str) -> Iterator[list[str]]:
    """Yield the names of the notices in each order."""
    for mode in (Mode.LEXICAL, Mode.DENSE):
        yield names(engine.search(question, limit=DEPTH, mode=mode))
    outcome = engine.ask(question)
    fused = names(engine.search(question, limit=DEPTH))
    yield fused
    by_number = {each.ranked.number: record(each) for each in outcome.retrieved}
    yield list(dict.fromkeys([*(by_number[each.ranked.number] for each in outcome.considered), *fused]))


def names(found: Sequence[Found]) -> list[str]:
    """Return the names of the records, each where its first passage is."""
    return list(dict.fromkeys(record(each) for each in found))


def record(found: Found) -> str:
    """Return the name of the record that a passage is of."""
    return found.cited.source_name.rpartition("/")[2]


if __name__ == "__main__":
    main()
