"""The program's own commands, run by benchmarks as a person would run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def evaluated(questions: Path, made: Path, *options: str) -> dict[str, Any]:
    """Evaluate questions as a person would; return their figures.

    :param made: Where predictions and reports are put, without a suffix; an interrupted run goes on there.
    """
    results = ("--predictions", f"{made}.jsonl", "--report", f"{made}.html", "--report", f"{made}.json")
    qa("evaluate", str(questions), *options, *results)
    figures: dict[str, Any] = json.loads(Path(f"{made}.json").read_text(encoding="utf-8"))
    return figures


def qa(*arguments: str) -> None:
    """Run the command as a person would."""
    subprocess.run([sys.executable, "-m", "qa", *arguments], check=True, stdout=subprocess.DEVNULL)
