"""List what a reader gets wrong on the development parts, to be read one by one.

python -m training.reader_failures --data DATA --reader models/reader --count 50
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from qa.evaluation.mixed import exact, overlap
from qa.models.span_reader import Pair, load_reader
from training.reading_sets import LICENSED, is_development, read_lines

AROUND = 40
"""Characters of the context that are shown before and behind the expected answer."""


def main() -> None:
    """Read the arguments and print the failures, spread over the sets."""
    parser = argparse.ArgumentParser(description="List what a reader gets wrong.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, default=Path("models/reader"))
    parser.add_argument("--count", type=int, default=50)
    given = parser.parse_args()
    for line in list(failures(given.data, given.reader, asked=5 * given.count))[: given.count]:
        print(line)


def failures(data: Path, folder: Path, *, asked: int) -> Iterator[str]:
    """Yield a line for each question, of ``asked`` spread evenly, that was not answered exactly."""
    questions = [
        each
        for each in read_lines(data / "reading" / "train.jsonl.xz")
        if each.source in LICENSED and is_development(each)
    ]
    questions = [questions[at * len(questions) // asked] for at in range(min(asked, len(questions)))]
    read = load_reader(folder).read_pairs(
        [Pair(question=each.question, passage=each.context) for each in questions]
    )
    for each, found in zip(questions, read, strict=True):
        guess = each.context[found.span.start : found.span.end] if found and found.margin > 0 else ""
        truths = [answer.text for answer in each.answers]
        if (truths and exact(guess, truths)) or (not truths and not guess):
            continue
        start = each.answers[0].start if each.answers else 0
        around = each.context[max(0, start - AROUND) : start + len(truths[0] if truths else "") + AROUND]
        yield (
            f"{each.source} F1 {overlap(guess, truths) if truths else 0:.2f} 问 {each.question} "
            f"| 答 {truths} | 得 {guess!r} ({found.margin if found else 0:.1f}) | …{around}…"
        )


if __name__ == "__main__":
    main()
