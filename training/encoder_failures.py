"""List questions whose passage an encoder does not put first, to be read one by one.

python -m training.encoder_failures --data DATA --encoder models/encoder --count 50 [--set ncp|cmrc]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qa.domain.ports import Encoder
from qa.models.encoder import SentenceEncoder
from training.kept_vectors import KeepingEncoder
from training.precision import precision
from training.retrieval_scores import SearchSet, cmrc_search_set, ncp_search_set

SETS = {"ncp": ncp_search_set, "cmrc": cmrc_search_set}
SHOWN = 90
"""Characters of a passage that are shown."""


def main() -> None:
    """Read the arguments and print the failures, spread over the set."""
    parser = argparse.ArgumentParser(description="List what an encoder does not find first.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="models/encoder")
    parser.add_argument("--set", choices=sorted(SETS), default="ncp")
    parser.add_argument("--count", type=int, default=50)
    given = parser.parse_args()
    encoder = KeepingEncoder(SentenceEncoder(given.encoder), precision=precision())
    lines = list(failures(SETS[given.set](given.data), encoder))
    count = min(given.count, len(lines))
    print(f"{len(lines)} failures; {count} of them, spread evenly:")
    for at in range(count):
        print(lines[at * len(lines) // count])


def failures(searched: SearchSet, encoder: Encoder) -> Iterator[str]:
    """Yield a line for each question whose passage does not come first."""
    passages = encoder.embed_passages(searched.passages)
    questions = encoder.embed_questions(searched.questions)
    numbers = {id_: at for at, id_ in enumerate(searched.ids)}
    for question, vector, relevant in zip(searched.questions, questions, searched.relevant, strict=True):
        scores = passages @ vector
        right = max((numbers[id_] for id_ in relevant), key=lambda at: float(scores[at]))
        first = int(np.argmax(scores))
        if first != right and searched.ids[first] not in relevant:
            rank = int((scores > scores[right]).sum()) + 1
            wanted, got = shown(searched.passages[right]), shown(searched.passages[first])
            yield f"{rank} 问 {question} | 应 {wanted} | 得 {got}"


def shown(passage: str) -> str:
    """Return the beginning of a passage on one line."""
    return " ".join(passage.split())[:SHOWN]


if __name__ == "__main__":
    main()
