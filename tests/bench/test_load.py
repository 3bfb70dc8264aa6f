"""The load script over the fakes, with small counts: what it counts is what was asked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bench.load import Served, load, main, steady, summary
from tests.web.running import QUESTION, Paper, served


def test_rounds_count_what_was_answered_and_lose_nothing() -> None:
    with served(Paper().app()) as running:
        service = Served(host=running.address[0], port=running.address[1], pid=os.getpid())
        alone = load(service, [QUESTION], clients=1, seconds=0.1)
        together = load(service, [QUESTION], clients=4, seconds=0.1)
        over_many = steady(service, [QUESTION], count=20, clients=2, limit=3)
        answered = 'wenbao_questions_total{outcome="answered"}'
        text = running.server.lifespan.state["service"].metrics.text().decode()
        counted = next(float(line.split()[-1]) for line in text.split("\n") if line.startswith(answered))

    for figures, clients in ((alone, 1), (together, 4)):
        assert (figures["clients"], figures["refused"], figures["lost"], figures["errors"]) == (
            clients,
            0,
            0,
            0,
        )
        assert figures["answered"] >= clients
        assert 0 < figures["p50_ms"] <= figures["p95_ms"]
        assert figures["resident_bytes"] > 10**7
    assert (over_many["asked"], over_many["answered"]) == (20, 20)
    assert len(over_many["resident_bytes"]) == 11
    assert counted == alone["answered"] + together["answered"] + 20


def test_a_question_to_nobody_is_turned_away_and_not_lost() -> None:
    with served(Paper().app()) as running:
        address = running.address
    gone = Served(host=address[0], port=address[1], pid=os.getpid())

    figures = load(gone, [QUESTION], clients=1, seconds=0.01)

    assert (figures["answered"], figures["lost"], figures["errors"], figures["p50_ms"]) == (0, 0, 0, None)


def test_the_figures_are_told_as_a_person_reads_them() -> None:
    one_round = {
        "clients": 8, "seconds": 60.1, "answered": 90, "refused": 2, "lost": 0, "errors": 0,
        "p50_ms": 5000.1, "p95_ms": 6000.2, "per_second": 1.5, "resident_bytes": 700 * 2**20,
    }  # fmt: skip
    figures = {
        "date": "2026-03-01", "cores": 2, "machine": "a processor", "load_before": 0.3,
        "passages": 402, "load": [one_round],
        "steady": {"asked": 800, "answered": 800, "limit": 3, "resident_bytes": [700 * 2**20, 701 * 2**20]},
        "stopped": {"answered": 9, "refused": 3, "turned_away": 1, "lost": 0},
    }  # fmt: skip
    told = summary(figures)

    assert "| 8 | 90 | 2 | 0 | 0 | 5000.1 | 6000.2 | 1.5 | 700 |\n" in told
    assert "共问 800 题（每题至多读 3 段），其间常驻 MiB 依次为 700、701。" in told
    assert "答完 9，以 503 谢绝 3，停止之后才来、无人接待 1，丢失 0。" in told


@pytest.mark.slow
def test_the_real_service_loses_nothing_not_even_when_it_is_stopped(
    seeds_index: Path, tmp_path: Path
) -> None:
    asked = tmp_path / "questions.jsonl"
    asked.write_text('{"question": "吕梁市委书记是谁？"}\n{"question": "谁主持会议？"}\n', encoding="utf-8")
    out = tmp_path / "figures.json"

    given = ["--index", str(seeds_index), "--questions", str(asked), "--out", str(out)]
    main([*given, "--clients", "1", "8", "--seconds", "5", "--steady", "80"])

    figures = json.loads(out.read_text(encoding="utf-8"))
    assert [each["clients"] for each in figures["load"]] == [1, 8]
    assert all(each["lost"] == each["errors"] == 0 < each["answered"] for each in figures["load"])
    assert figures["steady"]["asked"] == 80
    # On a busy machine some wait too long, and are told so; none is without an answer or a refusal.
    assert figures["stopped"]["answered"] >= 1
    assert figures["stopped"]["lost"] == 0
