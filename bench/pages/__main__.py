"""Measures the segmenter on made pages, on whole articles, and for speed.

python -m bench.pages --data NEWS --pages 500 --seed 100 [--style NAME] [--show-worst N] [--write DIR]
python -m bench.pages --data NEWS --intact 1000 --seed 100 [--show-worst N]
python -m bench.pages --data NEWS --speed 2000
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from pathlib import Path

from bench.pages.batch import orders, pages, scores
from bench.pages.intact import intact_figures, intact_report, outcomes
from bench.pages.made import MadePage
from bench.pages.report import by_style, table, worst
from bench.pages.speed import speed_figures
from bench.pages.styles import BY_NAME

SHOWN = 20
"""Failures of whole articles that are printed."""


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description="Measure the segmenter.")
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("QA_DATA"), help="folder of *.jsonl.xz news"
    )
    parser.add_argument("--pages", type=int, default=500, help="how many pages to make")
    parser.add_argument(
        "--intact", type=int, metavar="N", help="cut N items that are one article each instead"
    )
    parser.add_argument("--speed", type=int, metavar="N", help="measure the speed over N items instead")
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--style", choices=sorted(BY_NAME))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show-worst", type=int, default=0, metavar="N")
    parser.add_argument("--write", type=Path, metavar="DIR", help="put the pages and their truth there")
    given = parser.parse_args()
    if given.data is None:
        parser.error("--data or QA_DATA must name the folder of the news")
    given.data = Path(given.data)
    return given


def main() -> None:
    """Do what was asked for and print it."""
    given = arguments()
    if given.speed:
        figures = speed_figures(given.data, number=given.speed, seed=given.seed)
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}, ensure_ascii=False))
    elif given.intact:
        intact(given)
    else:
        cut(given)


def intact(given: argparse.Namespace) -> None:
    """Cut whole articles and print how many stayed whole."""
    found = list(outcomes(given.data, number=given.intact, seed=given.seed, workers=given.workers))
    shown = given.show_worst or SHOWN
    print(json.dumps(intact_figures(found)) if given.json else intact_report(found, shown=shown))


def cut(given: argparse.Namespace) -> None:
    """Make pages, cut them and print how well."""
    ordered = orders(given.pages, seed=given.seed, style=given.style)
    made = list(pages(given.data, ordered))
    if given.write:
        write(made, folder=given.write)
    found = list(scores(made, workers=given.workers))
    tallies = by_style(found)
    if given.json:
        print(json.dumps({style: tally.figures() for style, tally in tallies.items()}, ensure_ascii=False))
    else:
        print(table(tallies))
    if given.show_worst:
        print(worst(found, number=given.show_worst))


def write(made: Iterable[MadePage], *, folder: Path) -> None:
    """Write the text and the truth of pages side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in made:
        (folder / f"{page.name}.txt").write_text(page.text, encoding="utf-8")
        truth = json.dumps(page.to_json(), ensure_ascii=False, indent=1)
        (folder / f"{page.name}.json").write_text(truth, encoding="utf-8")


if __name__ == "__main__":
    main()
