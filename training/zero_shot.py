"""Score the encoder, BM25 and their fusion, as the program uses them, on CMRC 2018.

Every question of the development set (848 paragraphs, 3,219 questions) looks
for its own paragraph among all paragraphs, through the encoder, the lexical index
and the fusion of ``qa`` itself::

    python training/zero_shot.py --data cmrc2018_dev.json.xz

Prints one JSON object: the share of questions whose paragraph comes first, for
each way of searching.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from qa.domain.answers import Hit
from qa.engine.search import DEPTH
from qa.models.encoder import SentenceEncoder
from qa.ranking.fusion import fuse
from qa.store.dense import DenseIndex
from training.reading_sets import read_squad
from training.retrieval_scores import lexical_index

ENCODER = Path(__file__).parent.parent / "models" / "encoder"


def main() -> None:
    """Read the arguments, search all three ways and print the shares."""
    parser = argparse.ArgumentParser(description="Zero-shot retrieval on CMRC 2018.")
    parser.add_argument("--data", type=Path, required=True, help="cmrc2018_dev.json or .json.xz")
    parser.add_argument("--model", default=str(ENCODER), help="a sentence-transformers folder")
    parser.add_argument("--fp32", action="store_true", help="compute in fp32 also where bf16 is faster")
    given = parser.parse_args()

    asked = list(read_squad(given.data, source="cmrc2018_dev"))
    paragraphs = list(dict.fromkeys(each.context for each in asked))
    numbers = {paragraph: number for number, paragraph in enumerate(paragraphs)}
    questions = [(each.question, numbers[each.context]) for each in asked]
    encoder = SentenceEncoder(given.model, bf16=False if given.fp32 else None)
    start = time.perf_counter()
    vectors = encoder.embed_questions([question for question, _ in questions])
    dense_index = DenseIndex.empty(encoder.identity.dimension)
    dense_index.add(range(len(paragraphs)), encoder.embed_passages(paragraphs))
    seconds = time.perf_counter() - start

    first = {"dense": 0, "lexical": 0, "fused": 0}
    with tempfile.TemporaryDirectory() as folder:
        words = lexical_index(paragraphs, Path(folder))
        for (question, paragraph), vector in zip(questions, vectors, strict=True):
            dense = dense_index.search(vector, limit=DEPTH, within=None)
            by_words = words.search(question, limit=DEPTH, within=None)
            first["dense"] += is_first(dense, paragraph)
            first["lexical"] += is_first(by_words, paragraph)
            first["fused"] += fuse(dense=dense, lexical=by_words)[0].number == paragraph
    shares = {f"{name}_r1": round(count / len(questions), 4) for name, count in first.items()}
    print(json.dumps({"questions": len(questions), **shares, "embedding_seconds": round(seconds, 1)}))


def is_first(hits: Sequence[Hit], paragraph: int) -> bool:
    """Tell whether a paragraph is the best hit."""
    return bool(hits) and hits[0].number == paragraph


if __name__ == "__main__":
    main()
