"""Wenbao beside what a user would otherwise pick: indexing, and searching both ways.

    scripts/bench peers embed  --data DATA --work DIR [--news 2000] [--parts 5]
    scripts/bench peers search --data DATA --work DIR --index INDEX [--seconds 60]

``embed`` cuts a fixed sample of news items into so many parts; every part is indexed by each system in turn,
so that each meets what else the machine does, and the ratios are of one part. Peers are given the passages
ready cut. ``search`` asks at the size of an index (its own vectors, for all), and for quality over two public
sets. Both keep what they have measured in ``--work`` and go on there when they were interrupted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.collection import news_records, spread, write_records
from bench.page import keep, put, table
from bench.peers.given import cut_passages, give_index, give_set, write
from bench.peers.systems import EMBEDDERS, SEARCHES
from qa.assemble import make_encoder, shipped_model
from qa.settings import Settings
from training.retrieval_scores import SearchSet, cmrc_search_set, ncp_search_set, news_rows

PAGE = Path("docs/benchmarks.md")
PEERS = Path(".venv-peers/bin/python")
SYSTEMS = Path(__file__).with_name("systems.py")
OURS = "问报"
PLAIN = "sentence-transformers"
QUESTIONS = 300
LEXICAL_ONLY, DENSE_ONLY = ("bm25s", "rank-bm25"), ("IndexFlatIP",)
FILTER = ("--first", "2023-01-01", "--last", "2023-06-30")


def main() -> None:
    """Read the arguments, measure, write the table."""
    parser = argparse.ArgumentParser(description="Wenbao beside what a user would otherwise pick.")
    parser.add_argument("what", choices=("embed", "search"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="what was measured stays there")
    parser.add_argument("--news", type=int, default=2000)
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--index", type=Path, help="whose passages and vectors are searched; only read")
    parser.add_argument("--seconds", type=float, default=60.0, help="a system may take for its questions")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the Python that has the others")
    parser.add_argument("--no-page", action="store_true", help="print only")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    kept = Kept(given.work / "measured.json")
    made, figures = embed(given, kept) if given.what == "embed" else search(given, kept)
    print(made)
    if not given.no_page:
        put(PAGE, mark=f"peers {given.what}", content=made)
        keep(f"peers-{given.what}", figures)


class Kept:
    """What was measured already, by name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._figures: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def get(self, name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the figures of that name; measured, and kept, only where there are none."""
        if name not in self._figures:
            self._figures[name] = measure()
            self._file.write_text(json.dumps(self._figures, ensure_ascii=False), encoding="utf-8")
            print(name, {key: value for key, value in self._figures[name].items() if key != "found"})
        figures: dict[str, Any] = self._figures[name]
        return figures


def printed_by(*command: str | Path) -> dict[str, Any]:
    """Return what a program prints last, which is JSON, and the seconds that it took as a whole."""
    started = time.perf_counter()
    ran = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, encoding="utf-8")
    figures: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return figures | {"whole_s": time.perf_counter() - started}


def embed(given: argparse.Namespace, kept: Kept) -> tuple[str, Any]:
    """Index each part by every system; return the table, and what it is of."""
    records = spread(list(news_records(news_rows(given.data / "news"))), given.news)
    measured: dict[str, list[dict[str, Any]]] = {}
    for part in range(given.parts):
        folder = given.work / f"part{part}"
        file = write_records(folder / "records.jsonl", records[part :: given.parts])
        write(folder, "passages", cut_passages(file))
        for name in (OURS, *EMBEDDERS):
            command: tuple[str | Path, ...] = (
                (sys.executable, "-m", "bench.peers.ours", "embed", "--records", file)
                if name == OURS
                else (
                    given.peers,
                    SYSTEMS,
                    "embed",
                    name,
                    "--given",
                    folder,
                    "--model",
                    shipped_model("encoder"),
                )
            )
            figures = kept.get(f"{given.news}/{given.parts}/{part} {name}", partial(printed_by, *command))
            measured.setdefault(name, []).append(figures)
    return embed_table(measured, news=given.news), measured


def embed_table(measured: Mapping[str, Sequence[Mapping[str, Any]]], *, news: int) -> str:
    """Return passages a second, the ratios to ours, part by part, and the share of our stages."""
    rates = {name: [each["passages"] / each["whole_s"] for each in parts] for name, parts in measured.items()}
    rows = [
        [
            name,
            f"{sum(each['passages'] for each in parts)}",
            with_spread(rates[name]),
            with_spread([ours / theirs for ours, theirs in zip(rates[OURS], rates[name], strict=True)]),
            f"{max(each['mb'] for each in parts):.0f}",
        ]
        for name, parts in measured.items()
    ]
    columns = ["", "passages", "passages a second", f"{OURS} is so many times as fast", "memory at most, MB"]
    stages = {
        name: statistics.median(each["stages"][name] for each in measured[OURS])
        for name in measured[OURS][0]["stages"]
    }
    told = ", ".join(f"{name} {share:.1%}" for name, share in sorted(stages.items(), key=lambda it: -it[1]))
    parts = len(measured[OURS])
    head = f"{news} news items in {parts} parts, medians (least–most)."
    return f"{head}\n\n{table(columns, rows)}\n{OURS}: {told}.\n"


def with_spread(values: Sequence[float]) -> str:
    """Return the median, the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def search(given: argparse.Namespace, kept: Kept) -> tuple[str, Any]:
    """Search at the size of an index, and for quality; return the table, and what it is of."""
    sets = {
        "CMRC 2018 dev": asking(cmrc_search_set(given.data)),
        "NCP": asking(ncp_search_set(given.data)),
    }
    for name, each in sets.items():
        if not (given.work / name / "questions.npy").exists():
            give_set(given.work / name, each, make_encoder(Settings()))
    large = given.work / "large"
    if not (large / "questions.npy").exists():
        give_index(large, given.index, sets["CMRC 2018 dev"].questions)
    quality = {
        name: {
            system: ndcg(asked_of(system, given.work / name, given, kept)["found"], sets[name])
            for system in (OURS, *SEARCHES)
        }
        for name in sets
    }
    speed = {system: asked_of(system, large, given, kept) for system in (OURS, *SEARCHES)}
    speed[f"{OURS}, within half a year"] = kept.get(
        "large, filtered", lambda: ours(large, "--index", given.index, *FILTER)
    )
    passages = sum(1 for _ in (large / "passages.jsonl").open(encoding="utf-8"))
    plain = {name: {key: each[key] for key in each if key != "found"} for name, each in speed.items()}
    return search_table(speed, quality, passages=passages), {"speed": plain, "quality": quality}


def asking(searched: SearchSet) -> SearchSet:
    """Return a set with so many of its questions at most, spread evenly: some systems are slow."""
    at = spread(range(len(searched.questions)), QUESTIONS)
    return replace(
        searched,
        questions=[searched.questions[each] for each in at],
        relevant=[searched.relevant[each] for each in at],
    )


def asked_of(system: str, folder: Path, given: argparse.Namespace, kept: Kept) -> dict[str, Any]:
    """Return what one system found in a folder, and what it took."""
    large = folder.name == "large"
    if system == OURS:
        index = ("--index", given.index) if large else ()
        return kept.get(f"{folder.name} {system}", lambda: ours(folder, *index))
    # For quality every question counts.
    seconds = given.seconds if large else 3600
    return kept.get(
        f"{folder.name} {system}",
        lambda: printed_by(
            given.peers, SYSTEMS, "search", system, "--given", folder, "--seconds", str(seconds)
        ),
    )


def ours(folder: Path, *options: str | Path) -> dict[str, Any]:
    """Search by this project."""
    return printed_by(sys.executable, "-m", "bench.peers.ours", "search", "--given", folder, *options)


def ndcg(found: Sequence[Sequence[int]], searched: SearchSet) -> float:
    """Return the mean nDCG@10 of rankings of rows."""
    # Here and not above: on import it would install a log handler.
    import ir_measures

    measure = ir_measures.parse_measure("nDCG@10")
    wanted = {str(at): dict.fromkeys(each, 1) for at, each in enumerate(searched.relevant)}
    ranked = {
        str(at): {searched.ids[row]: 1 / rank for rank, row in enumerate(rows, start=1)}
        for at, rows in enumerate(found)
    }
    return float(ir_measures.calc_aggregate([measure], wanted, ranked)[measure])


def search_table(
    speed: Mapping[str, Mapping[str, Any]],
    quality: Mapping[str, Mapping[str, float]],
    *,
    passages: int,
) -> str:
    """Return the table of both."""
    rows = []
    for system, told in speed.items():
        cuts = statistics.quantiles(told["ms"], n=20, method="inclusive")
        both = "words" if system in LEXICAL_ONLY else "vectors" if system in DENSE_ONLY else "both"
        rows.append(
            [
                system,
                both,
                f"{cuts[9]:.1f} / {cuts[18]:.1f}",
                f"{len(told['ms'])}",
                f"{told['build_s']:.0f}",
                f"{told['mb']:.0f}",
                *(f"{each[system]:.3f}" if system in each else "—" for each in quality.values()),
            ]
        )
    columns = ["", "searches", "p50 / p95, ms", "questions", "ready in, s", "memory at most, MB"]
    return f"{passages} passages.\n\n" + table([*columns, *(f"{name}, nDCG@10" for name in quality)], rows)


if __name__ == "__main__":
    main()
