"""Shows that an index survives, and writes the tables of docs/survival.md from it.

    scripts/bench survive                    everything, in full; about an hour and a half on two quiet cores
    scripts/bench survive crash disk         some of it
    scripts/bench survive --small            a taste of everything, in a minute or two

What came of each part stays in ``--output``; the page is written from what is there of full runs, so that the parts may
be run on different days. The exit code is 1 where anything was not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.survive.asking import load
from bench.survive.crash import crash
from bench.survive.crowd import crowd
from bench.survive.damage import damage
from bench.survive.disk import disk
from bench.survive.model import model
from bench.survive.page import written
from bench.survive.processes import told_by

OUTPUT = Path("runs/survive")

Part = Callable[[Path, int, bool], dict[str, Any]]
"""Runs a part in a folder of its own, with a seed, in full or not."""

PARTS: Mapping[str, Part] = {
    "crash": lambda folder, seed, full: crash(
        folder, seed=seed, stride=1 if full else 40, at_random=100 if full else 3
    ),
    "damage": lambda folder, seed, full: damage(
        folder, seed=seed, truncations=20 if full else 1, flips=200 if full else 2
    ),
    "disk": lambda folder, seed, full: disk(
        folder, seed=seed, steps=40 if full else 4, kills=50 if full else 2
    ),
    "crowd": lambda folder, seed, full: crowd(
        folder,
        writers=4,
        each=500 if full else 10,
        readers=8 if full else 2,
        seconds=300.0 if full else 5.0,
    ),
    "model": lambda folder, seed, full: model(
        folder, seed=seed, shards=10 if full else 1, operations=100_000 if full else 2_000
    ),
}


def main() -> None:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all of them where none is named")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--small", action="store_true", help="small counts, which no page is written from")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    load()
    faults = 0
    for name in given.parts or PARTS:
        figures = ran(PARTS[name], seed=given.seed, full=not given.small)
        text = json.dumps(figures, ensure_ascii=False, indent=1)
        print(name, text, flush=True)
        (given.output / f"{name}{'.small' if given.small else ''}.json").write_text(text, encoding="utf-8")
        faults += len(figures["faults"])
    if not given.small:
        written(given.output)
    sys.exit(1 if faults else 0)


def ran(part: Part, *, seed: int, full: bool) -> dict[str, Any]:
    """Return what came of a part, with how long it took and on how many cores."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="survive-") as folder:
        figures = part(Path(folder), seed, full)
    return {"seed": seed, "minutes": round((time.monotonic() - started) / 60, 1), "cores": os.cpu_count()} | figures


if __name__ == "__main__":
    main()
