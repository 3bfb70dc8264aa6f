"""Which passage a question is answered by, and where an encoder or the fused search ranks it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.domain.ports import Encoder
from qa.engine.search import DEPTH
from qa.ranking.fusion import fuse
from qa.store import lexical
from qa.store.dense import DenseIndex
from qa.store.tokens import Tokens
from training.reading_sets import is_kept, read_squad, read_text

Ranks = list[int | None]

HELD_OUT_NEWS = 1000
BEGINNING_OF_NEWS = 200
"""Characters of a news item that are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSet:
    """Questions, passages, and which passages answer which question.

    :param ids: One a passage.
    :param relevant: For each question the ids of the passages that answer it.
    """

    ids: list[str]
    passages: list[str]
    questions: list[str]
    relevant: list[frozenset[str]]


def cmrc_search_set(data: Path) -> SearchSet:
    """Return the CMRC 2018 development questions over their own paragraphs."""
    asked = list(read_squad(data / "reading" / "cmrc2018_dev.json.xz", source="cmrc2018_dev"))
    numbers = {text: str(at) for at, text in enumerate(dict.fromkeys(each.context for each in asked))}
    return SearchSet(
        ids=list(numbers.values()),
        passages=list(numbers),
        questions=[each.question for each in asked],
        relevant=[frozenset({numbers[each.context]}) for each in asked],
    )


def ncp_search_set(data: Path) -> SearchSet:
    """Return the questions over notices whose document is kept for development, over all notices."""
    folder = data / "retrieval" / "ncp_policies"
    corpus = [json.loads(line) for line in read_text(folder / "corpus.jsonl").splitlines()]
    asked = {
        row["_id"]: row["text"] for row in map(json.loads, read_text(folder / "queries.jsonl").splitlines())
    }
    texts = {row["_id"]: row["text"] for row in corpus}
    relevant: dict[str, set[str]] = {}
    for line in read_text(folder / "qrels" / "train.tsv").splitlines()[1:]:
        question, document, grade = line.split("\t")
        if int(grade) > 0 and is_kept(texts[document]):
            relevant.setdefault(question, set()).add(document)
    return SearchSet(
        ids=[row["_id"] for row in corpus],
        passages=[f"{row.get('title', '')}\n{row['text']}".strip() for row in corpus],
        questions=[asked[question] for question in relevant],
        relevant=[frozenset(documents) for documents in relevant.values()],
    )


def measured_notices(data: Path) -> list[str]:
    """Return the notices that questions are measured on; none where there is no such set."""
    if not (data / "retrieval" / "ncp_policies").is_dir():
        return []
    searched = ncp_search_set(data)
    texts = dict(zip(searched.ids, searched.passages, strict=True))
    return [texts[id_] for id_ in sorted(frozenset().union(*searched.relevant))]


def news_search_set(data: Path) -> SearchSet:
    """Return the titles of news items that are kept for measuring, over the beginnings of all items.

    An index cuts an item into passages: its first is what a title has to find.
    """
    rows = news_rows(data / "news")
    held = held_out(len(rows))
    return SearchSet(
        ids=[str(at) for at in range(len(rows))],
        passages=["".join(row["text"].split())[:BEGINNING_OF_NEWS] for row in rows],
        questions=[rows[at]["title"] for at in held],
        relevant=[frozenset({str(at)}) for at in held],
    )


def news_rows(folder: Path) -> list[dict[str, str]]:
    """Return every news item that has a title and a text of its own, by file and line."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl.xz"))
        for line in read_text(path).splitlines()
    ]
    return [row for row in rows if len(row.get("title", "")) >= 6 and len(row["text"]) >= 60]


def held_out(count: int) -> list[int]:
    """Return the numbers of the news items that nothing is trained on, spread evenly."""
    return [at * count // HELD_OUT_NEWS for at in range(HELD_OUT_NEWS)] if count >= HELD_OUT_NEWS else []


def papers(folder: Path, *, measured: bool) -> list[dict[str, str]]:
    """Return the items of printed papers, which tell their page: those that are measured on or the rest."""
    rows = news_rows(folder)
    held = set(held_out(len(rows)))
    return [row for at, row in enumerate(rows) if (at in held) == measured and "page" in row]


def dense_ranks(encoder: Encoder, searched: SearchSet, *, limit: int) -> Ranks:
    """Return the rank, from 1, of the first passage that answers each question, by the encoder alone."""
    passages = encoder.embed_passages(searched.passages)
    questions = encoder.embed_questions(searched.questions[:limit])
    numbers = {id_: at for at, id_ in enumerate(searched.ids)}
    ranks: Ranks = []
    for vector, relevant in zip(questions, searched.relevant, strict=False):
        scores = passages @ vector
        best = max(float(scores[numbers[id_]]) for id_ in relevant)
        ranks.append(int((scores > best).sum()) + 1)
    return ranks


def fused_order(encoder: Encoder, searched: SearchSet) -> list[Sequence[int]]:
    """Return for each question the numbers of the passages as the program ranks them, best first."""
    vectors = encoder.embed_questions(searched.questions)
    index = DenseIndex.empty(encoder.identity.dimension)
    index.add(range(len(searched.passages)), encoder.embed_passages(searched.passages))
    orders: list[Sequence[int]] = []
    with tempfile.TemporaryDirectory() as folder:
        words = lexical_index(searched.passages, Path(folder))
        for question, vector in zip(searched.questions, vectors, strict=True):
            dense = index.search(np.asarray(vector), limit=DEPTH, within=None)
            by_words = words.search(question, limit=DEPTH, within=None)
            orders.append([hit.number for hit in fuse(dense=dense, lexical=by_words)])
    return orders


def lexical_index(passages: Sequence[str], folder: Path) -> lexical.LexicalIndex:
    """Return passages, by their numbers, as the program indexes words."""
    tokens = Tokens()
    lexical.create(folder)
    lexical.change(folder, remove=(), add=list(enumerate(passages)), tokens=tokens)
    return lexical.LexicalIndex(folder, tokens=tokens)


def found_by_words(questions: Sequence[str], *, passages: Sequence[str], depth: int) -> list[list[int]]:
    """Return the numbers of the passages that the lexical search finds for each question, best first."""
    with tempfile.TemporaryDirectory() as folder:
        words = lexical_index(passages, Path(folder))
        return [
            [hit.number for hit in words.search(question, limit=depth, within=None)] for question in questions
        ]
