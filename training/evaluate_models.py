"""Make every figure of the model cards again.

    scripts/evaluate-models --data DATA [--reader DIR] [--encoder DIR] [--base DIR] [--only reader|encoder]

``DATA`` is the folder with ``reading``, ``retrieval`` and ``news``. Each figure is printed as it
comes, kept in ``training/figures.jsonl`` under the digest of the weights, and written into the
table between the marks of the models' ``MODEL_CARD.md``; a run that was stopped goes on, within a
large set too (vectors are kept in ``runs/vectors``), and one on another machine adds what the first
could not do. Nothing is trained or chosen on what is measured here. Without bf16 in the processor,
where it is emulated at a twentieth of the speed, only fp32 is measured; with ``--emulated`` the reader's
answers are in bf16 too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from qa.evaluation.measures import RETRIEVAL, auroc
from qa.models.bert import computes_bf16
from qa.models.bert_encoder import BertEncoder
from qa.models.span_reader import Pair, SpanReader, load_reader
from training.kept_vectors import KeepingEncoder
from training.precision import precision
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
from training.torch_reader import reader_in_bf16

KEPT = Path("training/figures.jsonl")
CARD = "MODEL_CARD.md"
MARK = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)
MEASURED_LENGTHS = (128, 256)
TIMED_PASSAGES = 128
COMPARED = 300
"""Questions read in fp32 and, where the processor does so itself, in bf16."""
WRONGLY_FOUND = 500
"""Questions whose best wrong paragraph is read."""

Figures = dict[str, float]
Measures = Iterator[tuple[str, Callable[[], Figures]]]
"""What is measured, by name, in order; nothing is measured before it is called."""


def main() -> None:
    """Read the arguments, measure, print and write."""
    parser = argparse.ArgumentParser(description="Make the figures of the model cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, default=Path("models/reader"))
    parser.add_argument("--encoder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--base", type=Path, help="an encoder that is measured beside it")
    parser.add_argument("--only", choices=["reader", "encoder"])
    parser.add_argument(
        "--emulated", action="store_true", help="measure in bf16 too where it takes twenty times as long"
    )
    parser.add_argument("--limit", type=int, default=10**9, help="questions a set; for a quick look")
    parser.add_argument("--no-cards", action="store_true", help="print only")
    parser.add_argument("--kept", type=Path, default=KEPT, help="the file that keeps the figures")
    given = parser.parse_args()
    if given.only != "encoder":
        of = f"{weights(given.reader)} {weights(given.encoder)} {given.limit}"
        measures = reader_measures(
            given.reader, given.encoder, given.data, limit=given.limit, emulated=given.emulated
        )
        for figures in measured(measures, of=of, kept=given.kept):
            if not given.no_cards:
                write_card(given.reader / CARD, figures)
    if given.only != "reader":
        of = f"{weights(given.encoder)} {weights(given.base) if given.base else ''} {given.limit}"
        measures = encoder_measures(given.encoder, given.data, limit=given.limit, base=given.base)
        for figures in measured(measures, of=of, kept=given.kept):
            if not given.no_cards:
                write_card(given.encoder / CARD, figures)


def measured(measures: Measures, *, of: str, kept: Path) -> Iterator[Mapping[str, Figures]]:
    """Yield all figures of some weights by name after each that is measured; those that are kept stand.

    :param of: What the figures are of; figures of something else in ``kept`` are left alone.
    """
    whole = kept.read_text(encoding="utf-8").rpartition("\n")[0] if kept.exists() else ""
    # What follows the last whole line was being written when a run was stopped.
    kept.write_text(whole + "\n" if whole else "", encoding="utf-8")
    lines = [json.loads(line) for line in whole.splitlines()]
    figures: dict[str, Figures] = {line["name"]: line["figures"] for line in lines if line["of"] == of}
    yield figures
    for name, measure in measures:
        if name not in figures:
            figures[name] = measure()
            line = json.dumps({"name": name, "figures": figures[name], "of": of}, ensure_ascii=False)
            print(line, flush=True)
            with kept.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            yield figures


def weights(folder: Path) -> str:
    """Return the start of the digest of a model's weights."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]


def reader_measures(
    folder: Path, encoder: Path, data: Path, *, limit: int, emulated: bool = False
) -> Measures:
    """Yield the reader's figures, to be measured, by what is measured.

    :param emulated: In bf16 too where the processor has none: the same answers, but no speed to tell.
    """
    reading = data / "reading"
    cmrc = list(read_squad(reading / "cmrc2018_dev.json.xz", source="cmrc2018_dev"))[:limit]
    drcd = list(read_squad(reading / "drcd_test.json.xz", source="drcd_test"))[:limit]
    dureader = list(read_lines(reading / "dureader_checklist_dev.jsonl.xz"))[:limit]
    shipped, exact = load_reader(folder), load_reader(folder, bf16=False)
    first, searched = cmrc[:COMPARED], cmrc[:: max(1, len(cmrc) // WRONGLY_FOUND)]
    by = precision()
    yield f"CMRC 2018 dev, {by}", partial(score_given, shipped, cmrc)
    yield f"DRCD test, {by}", partial(score_given, shipped, drcd)
    yield f"DuReader checklist dev, {by}", partial(score_given, shipped, dureader)
    yield (
        f"CMRC 2018 dev against the best wrong paragraph, {by}",
        partial(against_wrong, shipped, encoder, data, searched),
    )
    yield f"CMRC 2018 dev, first {COMPARED}, fp32", partial(score_given, exact, first)
    yield "speed, fp32", partial(speed, exact, cmrc)
    if computes_bf16() or emulated:
        short = shipped if computes_bf16() else reader_in_bf16(folder)
        yield f"CMRC 2018 dev, first {COMPARED}, bf16", partial(score_given, short, first)
    if computes_bf16():
        yield "speed, bf16", partial(speed, shipped, cmrc)
    yield "size", partial(size, folder)


def against_wrong(reader: SpanReader, encoder: Path, data: Path, questions: Sequence[Asked]) -> Figures:
    """Return the AUROC of a question's own paragraph above the best wrong one that retrieval finds."""
    searched = cmrc_search_set(data)
    order = fused_order(BertEncoder(str(encoder)), searched)
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


def encoder_measures(folder: Path, data: Path, *, limit: int, base: Path | None) -> Measures:
    """Yield the encoder's figures, to be measured, by what is measured; those of its base first."""
    sets: dict[str, SearchSet] = {
        "CMRC 2018 dev": cmrc_search_set(data),
        "NCP notices, documents kept for development": ncp_search_set(data),
        "news, title to body": news_search_set(data),
    }
    passages = sets["CMRC 2018 dev"].passages

    def found(model: Path, searched: SearchSet, *, bf16: bool) -> Figures:
        keeping = KeepingEncoder(encoder(model, bf16=bf16), precision="bf16" if bf16 else "fp32")
        return shares(dense_ranks(keeping, searched, limit=limit))

    def timed_encoding(*, bf16: bool) -> Figures:
        return encoding_speed(encoder(folder, bf16=bf16), passages)

    by = computes_bf16()
    for title, searched in sets.items():
        if base:
            yield f"{title}, base, {precision()}", partial(found, base, searched, bf16=by)
        yield f"{title}, {precision()}", partial(found, folder, searched, bf16=by)
    if by:
        # fp32 only where it is quick; the large sets differ in the same way.
        yield "CMRC 2018 dev, fp32", partial(found, folder, sets["CMRC 2018 dev"], bf16=False)
        yield "speed, bf16", partial(timed_encoding, bf16=True)
    yield "speed, fp32", partial(timed_encoding, bf16=False)
    yield "size", partial(size, folder)


@cache
def encoder(folder: Path, *, bf16: bool) -> BertEncoder:
    """Return an encoder, loaded once."""
    return BertEncoder(str(folder), bf16=bf16)


def encoding_speed(encoder: BertEncoder, texts: Sequence[str]) -> Figures:
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
        rows.append(f"| {name} | {', '.join(f'{key} {shown(value)}' for key, value in values.items())} |")
    text = card.read_text(encoding="utf-8")
    card.write_text(MARK.sub("\n".join([*rows, "", ""]), text), encoding="utf-8")


def shown(value: float) -> str:
    """Return a figure as a card shows it: a count whole, anything else by four digits."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


if __name__ == "__main__":
    main()
