"""Shows that an index survives, and writes the tables of docs/survival.md from it.

    scripts/bench survive                    everything, in full; about an hour and a half on two quiet cores
    scripts/bench survive crash disk         some of it
    scripts/bench survive --small            a taste of everything, in a minute or two

What came of each part stays in ``--output``; the page is written from what is there of full runs, so that
the parts may be run on different days. The exit code is 1 where anything was not as it should be.
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
from bench.survive.backup import backup
from bench.survive.crash import crash
from bench.survive.crowd import crowd
from bench.survive.damage import damage
from bench.survive.disk import disk
from bench.survive.model import model
from bench.survive.page import written

OUTPUT = Path("runs/survive")
Counts = Mapping[str, tuple[int, int]]
"""Of each argument the full count and the small one."""

CRASH: Counts = {"stride": (1, 120), "at_random": (100, 2)}
DAMAGE: Counts = {"every": (1, 6), "truncations": (20, 1), "flips": (200, 2)}
DISK: Counts = {"steps": (40, 2), "kills": (50, 1)}
CROWD: Counts = {"writers": (4, 2), "each": (500, 10), "readers": (8, 2), "seconds": (300, 3)}
MODEL: Counts = {"shards": (10, 1), "operations": (100_000, 1_000)}
BACKUP: Counts = {"seconds": (120, 2)}

PARTS: Mapping[str, tuple[Callable[..., dict[str, Any]], Counts]] = {
    "crash": (crash, CRASH),
    "damage": (damage, DAMAGE),
    "disk": (disk, DISK),
    "crowd": (crowd, CROWD),
    "model": (model, MODEL),
    "backup": (backup, BACKUP),
}


def main() -> None:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all of them where none is named")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--small", action="store_true", help="small counts, which no page is written from")
    parser.add_argument(
        "--counts",
        nargs="*",
        default=[],
        metavar="NAME=COUNT",
        help="other counts, as stride=3; the page tells them",
    )
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    load()
    other = {name: int(count) for name, count in (each.split("=") for each in given.counts)}
    faults = 0
    for name in given.parts or PARTS:
        figures = ran(name, seed=given.seed, small=given.small, other=other)
        text = json.dumps(figures, ensure_ascii=False, indent=1)
        print(name, text, flush=True)
        (given.output / f"{name}{'.small' if given.small else ''}.json").write_text(text, encoding="utf-8")
        faults += len(figures["faults"])
    if not given.small:
        written(given.output)
    sys.exit(1 if faults else 0)


def ran(name: str, *, seed: int, small: bool, other: Mapping[str, int]) -> dict[str, Any]:
    """Return what came of a part, with its counts, how long it took and on how many cores.

    :param other: Counts to be taken instead, by argument.
    """
    part, counts = PARTS[name]
    chosen = {argument: other.get(argument, each[small]) for argument, each in counts.items()}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="survive-") as folder:
        came = part(Path(folder), seed=seed, **chosen)
    minutes = round((time.monotonic() - started) / 60, 1)
    return {"seed": seed, **chosen, "minutes": minutes, "cores": os.cpu_count(), **came}


if __name__ == "__main__":
    main()
