"""Batches as a person runs them: over the sample pages, over SQuAD and BEIR, and with bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.cli.evaluate import put
from qa.errors import SurroundingsFailed
from qa.evaluation.journal import STATE
from tests.cli.test_commands import qa
from tests.evaluation.test_formats import SQUAD, beir


def questions_file(folder: Path, *lines: dict[str, Any]) -> str:
    path = folder / "q.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return str(path)


MAYOR = {"id": "b", "question": "吕梁市委书记是谁？", "answers": ["孙大军"]}
UNKNOWN = {"id": "a", "question": "量子计算机的工作原理是什么？", "answers": []}
EMPTY = {"id": "c", "question": " ", "answers": ["甲"]}


def predictions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_question_gets_a_line_in_order_and_every_report_is_written(
    seeds_index: Path, tmp_path: Path
) -> None:
    out, page, run = tmp_path / "p.jsonl", tmp_path / "r.html", tmp_path / "run.trec"
    asked = ["evaluate", questions_file(tmp_path, MAYOR, UNKNOWN, EMPTY), "--index", str(seeds_index)]

    result = qa(
        *asked,
        *("--predictions", str(out), "--run", str(run), "--report", str(page)),
        *("--report", str(tmp_path / "r.md"), "--json"),
    )

    figures = json.loads(result.stdout)
    assert (figures["n"], figures["correct"], figures["refused_right"]) == (3, 0.5, 1.0)
    assert figures["wrong"] == pytest.approx(1 / 3)
    lines = predictions(out)
    assert [each["id"] for each in lines] == ["b", "a", "c"]
    assert [each["answer"] for each in lines] == ["孙大军", None, None]
    assert set(lines[2]) == {*lines[0], "error"} - {"understood", "explanation"} | set(lines[2]) & set(
        lines[0]
    )
    assert lines[0]["citations"][0]["quote"] == "孙大军"
    assert {len(line.split()) for line in run.read_text(encoding="utf-8").splitlines()} == {6}
    assert "孙大军" in page.read_text(encoding="utf-8")
    assert "| 正确拒答（无答案的题） | 1.000 |" in (tmp_path / "r.md").read_text(encoding="utf-8")
    assert not out.with_name(f"p.jsonl{STATE}").exists()


def test_what_an_interrupted_run_did_is_not_asked_again(seeds_index: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.jsonl"
    asked = ["evaluate", questions_file(tmp_path, MAYOR, UNKNOWN), "--index", str(seeds_index)]
    qa(*asked, "--predictions", str(out))
    first, second = out.read_text(encoding="utf-8").splitlines(keepends=True)
    # As if it had been killed before the second question, with an answer that no engine gives.
    out.write_text(first.replace("孙大军", "王二"), encoding="utf-8")
    identity_file = out.with_name(f"p.jsonl{STATE}")
    identity_file.write_text("另一次", encoding="utf-8")
    assert qa(*asked, "--predictions", str(out)).exit_code == 1

    identity_file.unlink()
    assert qa(*asked, "--predictions", str(out)).exit_code == 0
    assert [each["answer"] for each in predictions(out)] == ["孙大军", None]
    assert second


def test_several_processes_answer_as_one_does(seeds_index: Path, tmp_path: Path) -> None:
    asked = ["evaluate", questions_file(tmp_path, MAYOR, UNKNOWN, EMPTY), "--index", str(seeds_index)]

    def answered_by(jobs: str) -> list[dict[str, Any]]:
        out = tmp_path / f"{jobs}.jsonl"
        assert qa(*asked, "--unanswerable", "--jobs", jobs, "--predictions", str(out)).exit_code == 0
        return [each | {"timings_ms": {}} for each in predictions(out)]

    assert answered_by("2") == answered_by("1")


def test_a_report_that_cannot_be_written_is_made_later_without_asking_again(
    seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, page = tmp_path / "p.jsonl", tmp_path / "r.json"
    asked = ["evaluate", questions_file(tmp_path, MAYOR), "--index", str(seeds_index)]
    asked += ["--predictions", str(out), "--report", str(page)]
    page.symlink_to("/dev/full")
    failed = qa(*asked)
    assert (failed.exit_code, "r.json" in failed.stderr) == (8, True)

    page.unlink(missing_ok=True)
    monkeypatch.setattr("qa.cli.evaluate.answered", None)

    assert qa(*asked).exit_code == 0
    assert json.loads(page.read_text(encoding="utf-8"))["correct"] == 1.0
    assert [each["answer"] for each in predictions(out)] == ["孙大军"]


def test_no_output_takes_the_place_of_another_or_of_the_questions(tmp_path: Path) -> None:
    file = questions_file(tmp_path, MAYOR)
    before = Path(file).read_bytes()

    assert qa("evaluate", file, "--predictions", file).exit_code == 2
    same = ("--run", str(tmp_path / "x"), "--report", str(tmp_path / "." / "x"))
    assert qa("evaluate", file, *same).exit_code == 2
    assert qa("evaluate", file, "--report", str(tmp_path / "none" / "r.html")).exit_code == 8
    assert Path(file).read_bytes() == before


def test_the_documents_of_a_set_never_go_into_the_index_that_is_named(
    seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_INDEX", str(seeds_index))
    before = qa("stats", "--json").stdout

    figures = json.loads(qa("evaluate", str(beir(tmp_path / "b")), "--format", "beir", "--json").stdout)

    assert figures["retrieval"]["nDCG@10"] == 1.0
    assert qa("stats", "--json").stdout == before


@pytest.mark.parametrize("how", [["--format", "squad", "--reader-only"], ["--format", "beir"]])
def test_nothing_is_held_out_where_nothing_is_searched_and_answered(tmp_path: Path, how: list[str]) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    file = path if "squad" in how else beir(tmp_path / "b")

    result = qa("evaluate", str(file), *how, "--unanswerable")

    assert (result.exit_code, "--unanswerable" in result.stderr) == (1, True)


def test_held_out_articles_are_as_if_they_had_never_been_printed(seeds_index: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.jsonl"
    asked = ["evaluate", questions_file(tmp_path, MAYOR), "--index", str(seeds_index), "--unanswerable"]

    figures = json.loads(qa(*asked, "--predictions", str(out), "--json").stdout)

    answerable, held_out = predictions(out)
    assert (answerable["answer"], answerable["expected"]["answers"]) == ("孙大军", ["孙大军"])
    assert (held_out["id"], held_out["expected"]["answers"]) == ("b#无答案", [])
    assert not any("孙大军" in each["passage"]["text"] for each in held_out["citations"])
    assert figures["n"] == 2
    assert figures["refused_right"] is not None


def test_squad_is_read_given_the_paragraph_and_searched_without_it(tmp_path: Path) -> None:
    path, out = tmp_path / "dev.json", tmp_path / "p.jsonl"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")

    read = qa(
        *("evaluate", str(path), "--format", "squad", "--reader-only", "--predictions", str(out), "--json")
    )
    searched = qa("evaluate", str(path), "--format", "squad", "--limit", "1", "--json")

    assert json.loads(read.stdout)["n"] == 2
    official = json.loads((tmp_path / "p.official.json").read_text(encoding="utf-8"))
    assert official == {each["id"]: each["answer"] or "" for each in predictions(out)}
    figures = json.loads(searched.stdout)
    assert (figures["n"], figures["retrieval"]["R@1"]) == (1, 1.0)
    assert not list(tmp_path.glob("*.index"))


def test_a_beir_folder_is_searched_and_never_answered(tmp_path: Path) -> None:
    figures = json.loads(qa("evaluate", str(beir(tmp_path / "b")), "--format", "beir", "--json").stdout)

    assert (figures["n"], figures["answered"], figures["correct"]) == (1, 0, None)
    assert figures["retrieval"]["nDCG@10"] == 1.0


def test_own_questions_have_no_paragraph_to_be_read_against(tmp_path: Path) -> None:
    result = qa("evaluate", questions_file(tmp_path, MAYOR), "--reader-only")

    assert result.exit_code == 1
    assert "--format squad" in result.stderr


def test_a_template_has_a_line_for_each_article(seeds_index: Path) -> None:
    lines = [
        json.loads(line)
        for line in qa("evaluate", "--template", "--index", str(seeds_index)).stdout.splitlines()
    ]
    listed = qa("articles", "--index", str(seeds_index), "--json").stdout.splitlines()

    assert len(lines) == len(listed)
    assert {tuple(each["answers"]) for each in lines} == {()}
    assert all(each["source"].endswith(".txt") and each["about"] for each in lines)


def test_two_runs_are_compared_and_a_clear_loss_ends_in_failure(tmp_path: Path) -> None:
    def run(name: str, right: int) -> str:
        path = tmp_path / name
        path.write_text(
            "".join(
                json.dumps(
                    {
                        "id": str(at),
                        "question": "谁？",
                        "answer": "甲" if at < right else "乙",
                        "confidence": 0.9,
                        "expected": {"answers": ["甲"]},
                    }
                )
                + "\n"
                for at in range(60)
            ),
            encoding="utf-8",
        )
        return str(path)

    worse, better = run("worse.jsonl", 30), run("better.jsonl", 50)
    known = tmp_path / "known.txt"
    known.write_text("# 已知\n" + "\n".join(str(at) for at in range(31, 60)), encoding="utf-8")

    lost = qa("compare", better, worse)
    assert (lost.exit_code, "转错 20" in lost.stdout, "明显变差" in lost.stdout) == (1, True, True)
    assert qa("compare", worse, better).exit_code == 0
    found = qa("compare", worse, worse, "--known", str(known), "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["unexpected"] == ["30"]
    assert qa("compare", worse, str(known)).exit_code == 1


def test_neither_questions_nor_template_is_a_usage_error(tmp_path: Path) -> None:
    assert qa("evaluate").exit_code == 2
    assert qa("evaluate", questions_file(tmp_path, MAYOR), "--template").exit_code == 2


def test_a_place_that_cannot_be_written_is_told_before_anything_is_asked(
    seeds_index: Path, tmp_path: Path
) -> None:
    result = qa(
        *("evaluate", questions_file(tmp_path, MAYOR), "--index", str(seeds_index)),
        *("--predictions", "/proc/none/p.jsonl"),
    )

    assert (result.exit_code, result.stdout) == (8, "")


def test_the_file_that_cannot_be_written_is_named_and_not_the_index() -> None:
    with pytest.raises(SurroundingsFailed, match=r"^文件 /proc/none/r\.md："):
        put(Path("/proc/none/r.md"), "x")
