"""Six reports in one run, and their summary in docs/benchmarks.md.

    scripts/bench quality --data DATA --seeds SEEDS --questions QUESTIONS.jsonl [--limit N] [--output DIR]

``DATA`` holds ``reading/`` and ``retrieval/ncp_policies/``. Each set goes through ``qa evaluate`` as a
person would run it; reports and predictions stay in ``--output``, where an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import commands
from bench.page import put, table

PAGE = Path("docs/benchmarks.md")
COLUMNS = (
    "题数",
    "官方 EM",
    "官方 F1",
    "correct",
    "refused_right",
    "wrong",
    "R@1",
    "R@10",
    "MRR@10",
    "nDCG@10",
    "p50 ms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One set: what it is called, its file, and how ``qa evaluate`` takes it."""

    name: str
    title: str
    file: Path
    options: tuple[str, ...]


def main() -> None:
    """Read the arguments, evaluate every set, write the table."""
    parser = argparse.ArgumentParser(description="Six reports in one run.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--questions", type=Path, required=True, help="questions over the sample pages")
    parser.add_argument("--limit", type=int, help="questions a set; for a quick look")
    parser.add_argument("--output", type=Path, default=Path("runs/quality"))
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    index = given.output / "seeds.index"
    commands.qa("index", str(given.seeds), "--index", str(index))
    sets = list(evaluated(given.data, given.output, questions=given.questions, index=index))
    limit = ("--limit", str(given.limit)) if given.limit else ()
    figures = {each.title: figures_of(each, given.output, limit=limit) for each in sets}
    summary = table_of(figures)
    print(summary)
    if not given.no_page:
        put(PAGE, mark="quality", content=summary)


def evaluated(data: Path, work: Path, *, questions: Path, index: Path) -> Iterator[Evaluated]:
    """Yield the six sets; packed files are unpacked into ``work``."""
    reading = data / "reading"
    cmrc = unpacked(reading / "cmrc2018_dev.json.xz", work / "cmrc2018_dev.json")
    drcd = unpacked(reading / "drcd_test.json.xz", work / "drcd_test.json")
    dureader = as_squad(reading / "dureader_checklist_dev.jsonl.xz", work / "dureader_checklist_dev.json")
    alone = ("--reader-only",)
    yield Evaluated(
        name="cmrc", title="CMRC 2018 dev，给出段落", file=cmrc, options=("--format", "cmrc", *alone)
    )
    yield Evaluated(
        name="cmrc-open", title="CMRC 2018 dev，自行检索", file=cmrc, options=("--format", "cmrc")
    )
    yield Evaluated(name="drcd", title="DRCD test，给出段落", file=drcd, options=("--format", "drcd", *alone))
    yield Evaluated(
        name="dureader",
        title="DuReader checklist dev，给出段落",
        file=dureader,
        options=("--format", "squad", *alone),
    )
    yield Evaluated(
        name="ncp",
        title="NCP 政策，检索",
        file=data / "retrieval" / "ncp_policies",
        options=("--format", "beir"),
    )
    yield Evaluated(name="seeds", title="五个样例版面", file=questions, options=("--index", str(index)))


def figures_of(each: Evaluated, output: Path, *, limit: tuple[str, ...]) -> dict[str, Any]:
    """Evaluate a set; return its figures."""
    return commands.evaluated(each.file, output / each.name, *each.options, *limit)


def unpacked(packed: Path, plain: Path) -> Path:
    """Return the unpacked file."""
    if not plain.exists():
        plain.write_bytes(lzma.decompress(packed.read_bytes()))
    return plain


def as_squad(packed: Path, plain: Path) -> Path:
    """Return a file of questions with contexts, a line each, in SQuAD 2.0's form."""
    paragraphs = [
        {
            "context": row["context"],
            "qas": [
                {
                    "id": str(row.get("id", number)),
                    "question": row["question"],
                    "answers": row["answers"],
                    "is_impossible": not row["answers"],
                }
            ],
        }
        for number, row in enumerate(
            map(json.loads, lzma.decompress(packed.read_bytes()).decode().splitlines())
        )
    ]
    plain.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False), encoding="utf-8")
    return plain


def table_of(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the summary as Markdown."""
    rows = []
    for title, told in figures.items():
        values = [
            *(told["official"][name] for name in ("em", "f1")),
            *(told[name] for name in ("correct", "refused_right", "wrong")),
            *(told["retrieval"][name] for name in ("R@1", "R@10", "MRR@10", "nDCG@10")),
        ]
        shown = ["—" if value is None else f"{value:.3f}" for value in values]
        taken = told["latency_ms"]["p50"]
        rows.append([title, str(told["n"]), *shown, "—" if taken is None else f"{taken:.0f}"])
    return table(["", *COLUMNS], rows)


if __name__ == "__main__":
    main()
