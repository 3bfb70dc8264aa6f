"""Score an encoder folder, BM25 and their mixture on CMRC 2018, untrained.

Every question of the development set (848 paragraphs, 3,219 questions) looks
for its own paragraph among all paragraphs::

    python training/zero_shot.py --model models/encoder --data cmrc2018_dev.json.xz

Prints one JSON object.  ``r1`` is the share of questions whose paragraph comes
first (ties count as a miss).  The mixture is 0.7 x the dense z-score + 0.3 x
the lexical z-score, both over the paragraphs of one question.
"""

from __future__ import annotations

import argparse
import json
import logging
import lzma
import math
import time
from collections import Counter
from pathlib import Path
from typing import IO, Any

import jieba  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer

Matrix = npt.NDArray[np.float32]


def open_text(path: Path) -> IO[str]:
    """Open a plain or .xz text file."""
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def read_cmrc(path: Path) -> tuple[list[str], list[str], list[int]]:
    """Return the paragraphs, the questions and the paragraph number of each question."""
    with open_text(path) as file:
        data = json.load(file)["data"]
    paragraphs: list[str] = []
    questions: list[str] = []
    answers: list[int] = []
    for paragraph in (paragraph for article in data for paragraph in article["paragraphs"]):
        for entry in paragraph["qas"]:
            questions.append(entry["question"])
            answers.append(len(paragraphs))
        paragraphs.append(paragraph["context"])
    return paragraphs, questions, answers


class Words:
    """Cuts text into lower-case jieba search words without space and punctuation."""

    def __init__(self, characters: bool) -> None:
        logging.getLogger("jieba").setLevel(logging.WARNING)
        self.tokenizer = jieba.Tokenizer()
        self.characters = characters

    def __call__(self, text: str) -> list[str]:
        words = [
            word
            for word in self.tokenizer.cut_for_search(text.lower())
            if any(char.isalnum() for char in word)
        ]
        if self.characters:
            words += [char for word in words if len(word) > 1 for char in word if char.isalpha()]
        return words


def bm25(paragraphs: list[list[str]], questions: list[list[str]], k1: float, b: float) -> Matrix:
    """Return the BM25 scores (Lucene's variant), questions by paragraphs."""
    lengths = np.array([len(words) for words in paragraphs], np.float32)
    norms = k1 * (1.0 - b + b * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, words in enumerate(paragraphs):
        for word, count in Counter(words).items():
            postings.setdefault(word, []).append((number, count))
    columns: dict[str, tuple[npt.NDArray[np.intp], Matrix]] = {}
    for word, entries in postings.items():
        numbers = np.array([number for number, _ in entries], np.intp)
        counts = np.array([count for _, count in entries], np.float32)
        rarity = math.log1p((len(paragraphs) - len(entries) + 0.5) / (len(entries) + 0.5))
        columns[word] = (numbers, (rarity * counts / (counts + norms[numbers])).astype(np.float32))
    scores = np.zeros((len(questions), len(paragraphs)), np.float32)
    for row, words in enumerate(questions):
        for word in words:
            if word in columns:
                numbers, values = columns[word]
                scores[row, numbers] += values
    return scores


def z_scores(scores: Matrix) -> Matrix:
    """Shift and scale each row to mean 0 and deviation 1."""
    deviation = scores.std(axis=1, keepdims=True)
    deviation[deviation == 0.0] = 1.0
    centred: Matrix = (scores - scores.mean(axis=1, keepdims=True)) / deviation
    return centred


def recall_at_1(scores: Matrix, answers: list[int]) -> float:
    """Return the share of rows where the right column is the only best one."""
    right = scores[np.arange(len(answers)), answers]
    return round(float(((scores >= right[:, None]).sum(axis=1) == 1).mean()), 4)


def embed(model: SentenceTransformer, texts: list[str], prompt: str) -> Matrix:
    """Return unit vectors as 32-bit floats."""
    vectors: Any = model.encode(
        texts,
        prompt_name=prompt,
        batch_size=32,
        normalize_embeddings=True,
        convert_to_tensor=True,
        show_progress_bar=False,
    )
    wide = torch.nn.functional.normalize(vectors.float(), dim=1)  # bfloat16 lengths are coarse
    matrix: Matrix = wide.cpu().numpy()
    return matrix


def main() -> None:
    """Read the arguments, score the three rankings and print them."""
    parser = argparse.ArgumentParser(description="Zero-shot retrieval on CMRC 2018.")
    parser.add_argument("--model", type=Path, required=True, help="a sentence-transformers folder")
    parser.add_argument("--data", type=Path, required=True, help="cmrc2018_dev.json or .json.xz")
    parser.add_argument("--characters", action="store_true", help="add the characters of words")
    parser.add_argument("--k1", type=float, default=1.5)
    parser.add_argument("--b", type=float, default=0.75)
    parser.add_argument("--dense-weight", type=float, default=0.7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    paragraphs, questions, answers = read_cmrc(arguments.data)
    model = SentenceTransformer(
        str(arguments.model),
        device="cpu",
        local_files_only=True,
        model_kwargs={"dtype": getattr(torch, arguments.dtype)},
    )
    start = time.perf_counter()
    dense = embed(model, questions, "query") @ embed(model, paragraphs, "passage").T
    seconds = time.perf_counter() - start

    words = Words(arguments.characters)
    lexical = bm25(
        [words(text) for text in paragraphs],
        [words(text) for text in questions],
        arguments.k1,
        arguments.b,
    )
    weight = arguments.dense_weight
    fused = weight * z_scores(dense) + (1.0 - weight) * z_scores(lexical)
    report = {
        "paragraphs": len(paragraphs),
        "questions": len(questions),
        "dense_r1": recall_at_1(dense, answers),
        "bm25_r1": recall_at_1(lexical, answers),
        "fused_r1": recall_at_1(fused, answers),
        "embedding_seconds": round(seconds, 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
