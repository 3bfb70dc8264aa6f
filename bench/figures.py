"""Measures what the documentation quotes, and writes it into docs/figures.md.

    scripts/bench [--questions QUESTIONS.jsonl] [--news NEWS] [--cmrc cmrc2018_dev.json.xz] [--pages seeds]

What is not named is not measured, and its figures stay. Quality only; each figure with the command that makes
it. Absolute times are left out on purpose: they say more about the machine than about the program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.page import put

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "figures.md"
OF_PAGES = ("f1", "title", "author", "date", "lost", "dropped", "taken_in", "strange")
MADE, WHOLE, SEED = 500, 1000, 100
QUALITY = ("correct", "em", "f1", "refused_right", "wrong")


def output_of(*arguments: str) -> dict[str, Any]:
    """Return the JSON object that a command of this checkout prints."""
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, cwd=ROOT)
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def encoder_rows(cmrc: Path) -> list[str]:
    """Return the table of the encoder and the searches."""
    figures = output_of("training/zero_shot.py", "--data", str(cmrc))
    rows = [f"| {name} | {figures[f'{name}_r1']:.4f} |" for name in ("dense", "lexical", "fused")]
    return [
        "## Retrieval of paragraphs",
        "",
        f"CMRC 2018 dev, {figures['questions']} questions over 848 paragraphs, share whose paragraph comes",
        "first; `python training/zero_shot.py --data cmrc2018_dev.json.xz`.",
        "",
        "| search | R@1 |",
        "| --- | --- |",
        *rows,
    ]


def answer_rows(questions: Path, pages: Path) -> list[str]:
    """Return the table of answers over pages."""
    with tempfile.TemporaryDirectory() as folder:
        built = output_of("-m", "qa", "index", str(pages), "--index", folder, "--json")
        figures = output_of("-m", "qa", "evaluate", str(questions), "--index", folder, "--json")
    rows = []
    for name in QUALITY:
        low, high = figures["intervals_95"][name]
        rows.append(f"| {name} | {figures[name]:.3f} | {low:.3f}–{high:.3f} |")
    rows += [f"| {name} | {value:.3f} | |" for name, value in figures["retrieval"].items()]
    return [
        "## Answers over the sample pages",
        "",
        f"{figures['n']} development questions over {len(built['added'])} pages",
        f"({built['articles']} articles, {built['passages']} passages); `qa evaluate QUESTIONS.jsonl`.",
        "Nothing was fitted on these questions; how sure an answer has to be comes from other documents",
        "(`bench/fit_confidence.py`).",
        "",
        "| figure | value | 95 % interval |",
        "| --- | --- | --- |",
        *rows,
    ]


def made_rows(news: Path) -> list[str]:
    """Return the table of articles over made pages, and of articles that must stay whole."""
    measured = ["-m", "bench.pages", "--data", str(news), "--seed", str(SEED), "--json"]
    styles = output_of(*measured, "--pages", str(MADE))
    whole = output_of(*measured, "--intact", str(WHOLE))
    rows = [
        f"| {name} | {' | '.join(shown(figures[figure]) for figure in OF_PAGES)} |"
        for name, figures in styles.items()
    ]
    return [
        "## Articles of made pages",
        "",
        f"{MADE} pages over all styles, laid out from days of which no weight was learnt",
        "(two biases were chosen on pages of these days);",
        f"`python -m bench.pages --data NEWS --pages {MADE} --seed {SEED}`; the columns: docs/evaluation.md.",
        "",
        f"| style | {' | '.join(OF_PAGES)} |",
        f"| --- |{' --- |' * len(OF_PAGES)}",
        *rows,
        "",
        f"Of {WHOLE} news items, one article a file, come out as one article with every line in its body or",
        f"among its headlines: {', '.join(f'{name} {value:.3f}' for name, value in whole.items())};",
        f"`python -m bench.pages --data NEWS --intact {WHOLE} --seed {SEED}`.",
    ]


def shown(value: float | None) -> str:
    """Return a share as it stands in a table; a dash where there was nothing to measure."""
    return "–" if value is None else f"{value:.3f}"


def main() -> None:
    """Read the arguments, measure and write the page."""
    parser = argparse.ArgumentParser(description="Measure what the documentation quotes.")
    parser.add_argument("--questions", type=Path, help="labelled questions over the pages")
    parser.add_argument("--news", type=Path, help="a folder of news, *.jsonl.xz")
    parser.add_argument("--cmrc", type=Path, help="cmrc2018_dev.json.xz")
    parser.add_argument("--pages", type=Path, default=ROOT / "seeds")
    given = parser.parse_args()
    if given.questions:
        write("answers", answer_rows(given.questions.resolve(), given.pages.resolve()))
    if given.news:
        write("articles", made_rows(given.news.resolve()))
    if given.cmrc:
        write("retrieval", encoder_rows(given.cmrc.resolve()))


def write(mark: str, lines: Sequence[str]) -> None:
    """Put lines between the marks of a part of the page."""
    put(PAGE, mark=mark, content="\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
