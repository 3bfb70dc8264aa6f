"""Make every figure of the model cards again.

    scripts/evaluate-models --data DATA [--reader DIR] [--encoder DIR] [--base DIR] [--only reader|encoder]

Prints one JSON object and writes the tables between the marks in the models'
``MODEL_CARD.md``. ``DATA`` is the folder with ``reading``, ``retrieval`` and ``news``.
Nothing is trained or chosen on what is measured here.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from qa.evaluation.measures import RETRIEVAL, auroc
from qa.models.encoder import SentenceEncoder
from qa.models.span_reader import Pair, SpanReader, load_reader
from training.reader_scores import mean, score_given
from training.reading_sets import Asked, read_lines, read_squad
from training.retrieval_scores import (
    Ranks,
    SearchSet,
    cmrc_search_set,
    dense_ranks,
    fused_order,
    ncp_search_set,
    news_search_set,
)

MARK = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)
MEASURED_LENGTHS = (128, 256)
TIMED_PASSAGES = 128
COMPARED = 300
"""Questions read in fp32 as well, which takes four times as long."""
WRONGLY_FOUND = 500
"""Questions whose best wrong paragraph is read."""

Figures = dict[str, float]


def main() -> None:
    """Read the arguments, measure, print and write."""
    parser = argparse.ArgumentParser(description="Make the figures of the model cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, default=Path("models/reader"))
    parser.add_argument("--encoder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--base", type=Path, help="an encoder that is measured beside it")
    parser.add_argument("--only", choices=["reader", "encoder"])
    parser.add_argument("--limit", type=int, default=10**9, help="questions a set; for a quick look")
    parser.add_argument("--no-cards", action="store_true", help="print only")
    given = parser.parse_args()
    measured: dict[str, dict[str, Figures]] = {}
    if given.only != "encoder":
        measured["reader"] = reader_figures(given.reader, given.encoder, given.data, limit=given.limit)
    if given.only != "reader":
        measured["encoder"] = encoder_figures(given.encoder, given.data, limit=given.limit, base=given.base)
    print(json.dumps(measured, ensure_ascii=False))
    if not given.no_cards:
        for kind, figures in measured.items():
            write_card((given.reader if kind == "reader" else given.encoder) / "MODEL_CARD.md", figures)


def reader_figures(folder: Path, encoder: Path, data: Path, *, limit: int) -> dict[str, Figures]:
    """Return the reader's figures by what was measured."""
    reading = data / "reading"
    cmrc = list(read_squad(reading / "cmrc2018_dev.json.xz", source="cmrc2018_dev"))[:limit]
    drcd = list(read_squad(reading / "drcd_test.json.xz", source="drcd_test"))[:limit]
    dureader = list(read_lines(reading / "dureader_checklist_dev.jsonl.xz"))[:limit]
    exact, quick = load_reader(folder, bf16=False), load_reader(folder, bf16=True)
    return {
        "CMRC 2018 dev, bf16": score_given(quick, cmrc),
        f"CMRC 2018 dev, first {COMPARED}, fp32": score_given(exact, cmrc[:COMPARED]),
        f"CMRC 2018 dev, first {COMPARED}, bf16": score_given(quick, cmrc[:COMPARED]),
        "DRCD test, bf16": score_given(quick, drcd),
        "DuReader checklist dev, bf16": score_given(quick, dureader),
        "CMRC 2018 dev against the best wrong paragraph, bf16": against_wrong(
            quick, encoder, data, cmrc[:: max(1, len(cmrc) // WRONGLY_FOUND)]
        ),
        "speed, fp32": speed(exact, cmrc),
        "speed, bf16": speed(quick, cmrc),
        "size": size(folder),
    }


def against_wrong(reader: SpanReader, encoder: Path, data: Path, questions: Sequence[Asked]) -> Figures:
    """Return the AUROC of a question's own paragraph above the best wrong one that retrieval finds."""
    searched = cmrc_search_set(data)
    order = fused_order(SentenceEncoder(str(encoder)), searched)
    texts = dict(zip(searched.ids, searched.passages, strict=True))
    numbers = {question: at for at, question in enumerate(searched.questions)}
    wrong: list[Pair] = []
    for asked in questions:
        held = [answer.text for answer in asked.answers]
        ranked = (texts[searched.ids[at]] for at in order[numbers[asked.question]])
        passage = next(
            text for text in ranked if text != asked.context and not any(each in text for each in held)
        )
        wrong.append(Pair(question=asked.question, passage=passage))
    right = [Pair(question=asked.question, passage=asked.context) for asked in questions]
    above, below = ([read.margin if read else -1e9 for read in reader.read_pairs(p)] for p in (right, wrong))
    answered = [True] * len(above) + [False] * len(below)
    return {"n": len(questions), "auroc": round(auroc([*above, *below], answered) or 0.0, 4)}


def speed(reader: SpanReader, questions: Sequence[Asked]) -> Figures:
    """Return passages read a second, at lengths in characters; the median of three."""
    figures: Figures = {}
    for length in MEASURED_LENGTHS:
        long = [asked for asked in questions if len(asked.context) >= length][:TIMED_PASSAGES]
        pairs = [Pair(question=asked.question, passage=asked.context[:length]) for asked in long]
        figures[f"passages_a_second_at_{length}"] = round(
            len(pairs) / timed(partial(reader.read_pairs, pairs)), 1
        )
    return figures


def timed(work: Callable[[], object]) -> float:
    """Return the median of three times, in seconds, after one that does not count."""
    work()
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[1]


def size(folder: Path) -> Figures:
    """Return the bytes of a model on disk, and the most memory this process had, in MB."""
    return {
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def encoder_figures(folder: Path, data: Path, *, limit: int, base: Path | None) -> dict[str, Figures]:
    """Return the encoder's figures by what was measured, and those of its base where that is given."""
    sets: dict[str, SearchSet] = {
        "CMRC 2018 dev": cmrc_search_set(data),
        "NCP notices, documents kept for development": ncp_search_set(data),
        "news, title to body": news_search_set(data),
    }
    figures: dict[str, Figures] = {}
    if base:
        before = SentenceEncoder(str(base), bf16=True)
        for title, searched in sets.items():
            figures[f"{title}, base, bf16"] = shares(dense_ranks(before, searched, limit=limit))
    for name, precision in (("fp32", False), ("bf16", True)):
        encoder = SentenceEncoder(str(folder), bf16=precision)
        for title, searched in sets.items():
            # fp32 only where it is quick; the large sets differ in the same way.
            if precision or title == "CMRC 2018 dev":
                figures[f"{title}, {name}"] = shares(dense_ranks(encoder, searched, limit=limit))
        figures[f"speed, {name}"] = encoding_speed(encoder, sets["CMRC 2018 dev"].passages)
    return figures | {"size": size(folder)}


def encoding_speed(encoder: SentenceEncoder, texts: Sequence[str]) -> Figures:
    """Return passages embedded a second, at lengths in characters; the median of three."""
    figures: Figures = {}
    for length in MEASURED_LENGTHS:
        cut = [text[:length] for text in texts if len(text) >= length][:TIMED_PASSAGES]
        figures[f"passages_a_second_at_{length}"] = round(
            len(cut) / timed(partial(encoder.embed_passages, cut)), 1
        )
    return figures


def shares(ranks: Ranks) -> Figures:
    """Return the measures of retrieval over ranks from 1."""
    figures = {name: mean([of(rank) for rank in ranks]) for name, of in RETRIEVAL.items()}
    return {"n": len(ranks)} | {name: round(value, 4) for name, value in figures.items()}


def write_card(card: Path, figures: Mapping[str, Figures]) -> None:
    """Put the figures between the marks of a model card."""
    rows = ["", "| measured | figures |", "| --- | --- |"]
    for name, values in figures.items():
        rows.append(f"| {name} | {', '.join(f'{key} {value:g}' for key, value in values.items())} |")
    text = card.read_text(encoding="utf-8")
    card.write_text(MARK.sub("\n".join([*rows, "", ""]), text), encoding="utf-8")


if __name__ == "__main__":
    main()
