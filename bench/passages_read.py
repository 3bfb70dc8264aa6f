"""How many passages to read: what is gained in answers, and what it costs in time.

    scripts/bench passages --work DIR [--questions QUESTIONS.jsonl] [--index INDEX]

``DIR`` is that of ``bench.fit_confidence``: what was found and read there is weighed again as if fewer
passages had been read, with weights fitted for that; in the last row the second turn of passages is read only
where the first leaves doubt, as the program does. The times are those of questions over an index, and are
left out without ``--questions``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.both_ways import Case, kept_rows, read
from bench.fit_confidence import WITH, across_folds
from bench.page import put, table
from qa.assemble import open_engine
from qa.domain.answers import Timings
from qa.engine.ask import LIMIT
from qa.engine.pace import TURN
from qa.settings import Settings

PAGE = Path("docs/benchmarks.md")
WEIGHED = (1, 2, 3, 5, 8, 10, 12, 20)
TIMED = (1, 5, 10, 20, 50)
SHOWN = ("correct", "correct_without_abstaining", "refused_right", "wrong", "ece")


def main() -> None:
    """Read the arguments, weigh, time, print and write."""
    parser = argparse.ArgumentParser(description="How many passages to read.")
    parser.add_argument("--work", type=Path, required=True, help="the folder of bench.fit_confidence")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    rows = kept_rows(given.work)
    kept = max(len(row["with"]) for row in rows)
    quality = [[str(limit), *weighed_again(rows, limit)] for limit in WEIGHED if limit <= kept]
    quality.append([f"{TURN}, and {LIMIT} in doubt", *weighed_in_turns(rows)])
    content = table(["passages read", *SHOWN], quality)
    if given.questions:
        content += f"\n{times_of(given.questions, given.index)}"
    print(content)
    if not given.no_page:
        put(PAGE, mark="passages read", content=content)


def times_of(questions: Path, index: Path) -> str:
    """Return the table of times by the number of passages."""
    asked = [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]
    times = [[str(limit), *timed(asked, index, limit)] for limit in TIMED]
    stages = [f"{stage} p50 / p95, ms" for stage in ("searching", "reading", "whole")]
    return table(["passages read", *stages], times)


def weighed_again(rows: Sequence[Mapping[str, Any]], limit: int) -> list[str]:
    """Return the figures that so many passages give, over five folds by document."""
    return shown(across_folds(cases_of(rows, limit)))


def weighed_in_turns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the figures of reading the first turn, and the second only where no answer is sure."""
    pairs = [(cases_of([row], TURN), cases_of([row], LIMIT)) for row in rows]
    # What no passage of the first turn answers at all is no case of it.
    both = [pair for pair in pairs if len(pair[0]) == len(pair[1])]
    first, whole = ([case for each in side for case in each] for side in zip(*both, strict=True))
    return shown(across_folds(whole, first=first))


def cases_of(rows: Sequence[Mapping[str, Any]], limit: int) -> list[Case]:
    """Return the cases after so many passages."""
    return [case for row in rows for case in read(row, limit=limit) if case.source in WITH]


def shown(figures: Mapping[str, Any]) -> list[str]:
    """Return the figures that are shown."""
    return [f"{figures[name]:.3f}" for name in SHOWN]


def timed(questions: Sequence[str], index: Path, limit: int) -> list[str]:
    """Return the times a stage, medians and 95th percentiles."""
    with open_engine(Settings(index=index)) as engine:
        engine.ask(questions[0], limit=limit)
        taken = [engine.ask(question, limit=limit).timings for question in questions]
    return [middle_and_end(taken, stage) for stage in ("retrieve", "read", "total")]


def middle_and_end(taken: Sequence[Timings], stage: str) -> str:
    """Return the median and the 95th percentile of a stage, in milliseconds."""
    milliseconds = [getattr(each, stage) for each in taken]
    return " / ".join(f"{np.percentile(milliseconds, part):.0f}" for part in (50, 95))


if __name__ == "__main__":
    main()
