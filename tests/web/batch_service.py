"""A service to be killed: batches over a small collection, and a note of each question that is read."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from qa.domain.answers import Reading
from tests.fakes import PhraseReader
from tests.web.running import PHRASES, WAGES, WEATHER, Paper
from tests.web.served import served


class NotingReader:
    """Finds the wage, and notes which question it read."""

    name = "noting-reader"

    def __init__(self, notes: Path) -> None:
        self._notes = notes

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        with self._notes.open("a", encoding="utf-8") as file:
            file.write(question + "\n")
        return PhraseReader(PHRASES if "工资" in question else {}).read(
            question, passages=passages, titles=titles
        )


def paper(folder: Path) -> Paper:
    """Return the collection with the reader that notes in ``folder``."""
    return Paper(reader=NotingReader(folder / "read.txt"), sources=(WAGES, WEATHER))


def main(folder: Path) -> None:
    """Serve until killed; tell the address on standard output."""
    with served(paper(folder).app(index=folder, keep_answers=False)) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
