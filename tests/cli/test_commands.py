"""The commands as a person types them, over the sample pages and over bad input."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qa.cli.failures import EXIT_OF, exit_code_of
from qa.cli.main import app
from qa.errors import IndexLocked, OffsetMismatch, QaError, SourceEmpty
from qa.store.lock import take_lock
from tests.conftest import SEEDS

PAGE = "003_313d145a827ed219.txt"


def qa(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def json_lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def index(seeds_index: Path, tmp_path: Path) -> str:
    """Return a copy of the sample index that a test may change."""
    shutil.copytree(seeds_index, tmp_path / "index")
    return str(tmp_path / "index")


def test_an_answer_comes_with_exit_code_0_and_a_quote_that_stands_in_the_file(seeds_index: Path) -> None:
    result = qa("ask", "吕梁市委书记是谁？", "--index", str(seeds_index), "--json")

    assert result.exit_code == 0
    outcome = json.loads(result.stdout)
    assert (outcome["answer"], outcome["abstained"]) == ("孙大军", False)
    for citation in outcome["citations"]:
        printed = ""
        for span in citation["spans"]:
            text = (SEEDS / span["source"]).read_bytes().decode("utf-8")
            printed += text[span["start"] : span["end"]]
        assert printed == citation["quote"]
        start, end = citation["passage"]["highlight"][0]
        assert citation["passage"]["text"][start:end] == citation["quote"]


def test_an_abstention_comes_with_exit_code_3_and_passages_that_do_not_support(seeds_index: Path) -> None:
    result = qa("ask", "量子计算机的工作原理是什么？", "--index", str(seeds_index), "--json")

    assert result.exit_code == 3
    outcome = json.loads(result.stdout)
    assert (outcome["answer"], outcome["abstained"]) == (None, True)
    assert outcome["confidence"] > 0.5
    assert outcome["citations"]
    assert not any(citation["supports"] for citation in outcome["citations"])
    assert all(citation["quote"] == citation["passage"]["text"] for citation in outcome["citations"])


def test_a_person_sees_answer_place_and_confidence(seeds_index: Path) -> None:
    result = qa("ask", "-", "--index", str(seeds_index), stdin="吕梁市委书记是谁？\n")

    assert result.stdout.splitlines()[0] == "孙大军"
    assert "【孙大军】" in result.stdout
    assert PAGE in result.stdout
    assert "把握：" in result.stdout


def test_a_person_is_told_that_nothing_was_found(seeds_index: Path) -> None:
    result = qa("ask", "量子计算机的工作原理是什么？", "--index", str(seeds_index))

    assert result.stdout.startswith("来源中没有找到答案。")
    assert "不是答案" in result.stdout


def test_what_was_considered_is_told_where_it_is_asked_for(seeds_index: Path) -> None:
    question = ["ask", "吕梁市委书记是谁？", "--index", str(seeds_index), "--explain"]

    told = qa(*question).stdout
    (outcome,) = json_lines(qa(*question, "--json"))

    assert "考虑过的答案：" in told
    assert "阅读模型认为此处有答案" in told
    best = outcome["explanation"][0]
    assert (best["answer"], best["confidence"]) == (outcome["answer"], outcome["confidence"])
    assert {"margin", "coverage", "rank"} <= {signal["name"] for signal in best["signals"]}
    assert best["dense"] > 0.5


def test_a_follow_up_is_told_as_it_was_understood(seeds_index: Path) -> None:
    arguments = ["ask", "那二类呢？", "--after", "最低工资标准一类是多少？", "--index", str(seeds_index)]

    (outcome,) = json_lines(qa(*arguments, "--json"))

    assert outcome["question"] == "那二类呢？"
    assert outcome["understood"] == "最低工资标准二类是多少？"
    assert qa(*arguments).stdout.startswith(f"（理解为：{outcome['understood']}）")


def test_a_source_filter_keeps_other_sources_out(seeds_index: Path) -> None:
    result = qa(
        "search", "专业镇", "--index", str(seeds_index), "--source", "002_*", "--json", "--limit", "20"
    )

    assert {each["article"]["source"] for each in json_lines(result)} == {"002_c42a2dc98e3e15dd.txt"}


def test_a_newspaper_filter_keeps_other_papers_out(seeds_index: Path) -> None:
    index = ["--index", str(seeds_index), "--json"]
    everything = json_lines(qa("articles", *index))
    listed = json_lines(qa("articles", "--newspaper", "吕梁日报", *index))
    found = json_lines(qa("search", "会议", "--newspaper", "吕梁日报", "--limit", "20", *index))

    assert listed == [each for each in everything if each["newspaper"] == "吕梁日报"]
    assert 0 < len(listed) < len(everything)
    assert {each["article"]["newspaper"] for each in found} == {"吕梁日报"}
    assert json_lines(qa("articles", "--newspaper", "吕梁", *index)) == []


def test_a_date_filter_keeps_other_days_and_undated_articles_out(seeds_index: Path) -> None:
    arguments = [
        "search",
        "会议",
        "--index",
        str(seeds_index),
        "--from",
        "2026-06-01",
        "--to",
        "2026-06-30",
        "--json",
    ]

    assert {each["article"]["date"] for each in json_lines(qa(*arguments))} == {"2026-06-25"}


@pytest.mark.parametrize(("mode", "missing"), [("dense", "lexical"), ("lexical", "dense")])
def test_one_search_alone_has_no_score_of_the_other(seeds_index: Path, mode: str, missing: str) -> None:
    results = json_lines(qa("search", "最低工资标准", "--index", str(seeds_index), "--mode", mode, "--json"))

    assert results[0]["article"]["source"] == "000_a45d759591544374.txt"
    assert all(each[missing] is None for each in results)


def test_search_shows_every_score_to_a_person(seeds_index: Path) -> None:
    assert "融合" in qa("search", "最低工资标准", "--index", str(seeds_index)).stdout


def test_show_gives_a_source_back_byte_for_byte(seeds_index: Path) -> None:
    result = qa("show", PAGE, "--index", str(seeds_index))

    assert result.stdout_bytes == (SEEDS / PAGE).read_bytes()


def test_show_takes_an_id_and_an_article_as_well(seeds_index: Path) -> None:
    source = next(
        each
        for each in json_lines(qa("sources", "--index", str(seeds_index), "--json"))
        if each["name"] == PAGE
    )
    article = json_lines(qa("articles", "--index", str(seeds_index), "--source", PAGE, "--json"))[0]

    by_id = json.loads(qa("show", source["id"], "--index", str(seeds_index), "--json").stdout)
    of_article = qa("show", article["id"], "--index", str(seeds_index)).stdout

    assert by_id["name"] == PAGE
    assert of_article == "".join(by_id["text"][s["start"] : s["end"]] for s in article["spans"])


def test_articles_carry_the_facts_of_the_contract(seeds_index: Path) -> None:
    listed = json_lines(qa("articles", "--index", str(seeds_index), "--json"))

    wages = next(each for each in listed if each["authors"] == ["王佳丽"])
    assert (wages["dateline"], wages["date"], wages["kind"]) == ("本报太原2月23日讯", "2023-02-23", "news")
    jumped = next(each for each in listed if each["authors"] == ["郝光明"])
    assert (jumped["jump_to"], jumped["jump_from"]) == ("4", None)
    assert {each["newspaper"] for each in listed if each["spans"][0]["source"] == PAGE} == {"吕梁日报"}
    assert "王佳丽" not in qa("articles", "--index", str(seeds_index)).stdout


def test_stats_name_the_models(seeds_index: Path) -> None:
    body = json.loads(qa("stats", "--index", str(seeds_index), "--json").stdout)

    assert (body["sources"], body["encoder"], body["reader"]) == (5, "wenbao-encoder", "wenbao-reader")
    assert body["passages"] > body["articles"] > 30
    assert body["bytes"] > 500_000
    assert "来源 5" in qa("stats", "--index", str(seeds_index)).stdout


def test_a_second_run_skips_what_did_not_change_and_refreshes_what_did(index: str, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(SEEDS, pages)
    (pages / PAGE).write_text("本报讯 6月1日，新馆开放，共有藏品321件。", encoding="utf-8")

    report = json.loads(qa("index", str(pages), "--index", index, "--json").stdout)

    assert report["updated"] == [PAGE]
    assert len(report["unchanged"]) == 4
    assert (report["articles"], report["failed"]) == (1, [])
    assert json.loads(qa("ask", "新馆有多少件藏品？", "--index", index, "--json").stdout)["answer"] == "321件"
    assert (
        json.loads(qa("ask", "吕梁市委书记是谁？", "--index", index, "--json").stdout)["answer"] != "孙大军"
    )


def test_what_was_removed_is_not_answered_from(index: str) -> None:
    assert qa("remove", PAGE, "--index", index).exit_code == 0

    outcome = json.loads(qa("ask", "吕梁市委书记是谁？", "--index", index, "--json").stdout)
    assert PAGE not in json.dumps(outcome)
    assert qa("show", PAGE, "--index", index).exit_code == 1


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    index = str(tmp_path / "new")
    report = json.loads(
        qa("index", "-", "--index", index, "--json", stdin="本报讯 电影节5月3日开幕。").stdout
    )

    assert report["added"] == ["stdin.txt"]
    assert "stdin.txt" in qa("sources", "--index", index).stdout


def test_bad_inputs_are_named_and_the_others_are_in(index: str, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "好.txt").write_text("本报讯 3月3日，图书馆开馆。", encoding="utf-8")
    (pages / "gb.txt").write_bytes("本报讯 3月4日，桥通车了。".encode("gb18030"))
    (pages / "空.txt").write_text(" \n", encoding="utf-8")
    (pages / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (pages / "图.jpg").write_bytes(b"\xff\xd8\xff")
    (pages / "大.txt").write_text("字" * (4 * 2**20), encoding="utf-8")
    (pages / "外.txt").symlink_to("/etc/hostname")
    before = json_lines(qa("sources", "--index", index, "--json"))

    result = qa("index", str(pages), str(tmp_path / "没有.txt"), "--index", index, "--json")

    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert sorted(report["added"]) == ["gb.txt", "好.txt"]
    codes = {each["source"]: each["error"].split(":")[0] for each in report["failed"]}
    assert codes == {
        "空.txt": "source_empty",
        "binary.txt": "source_not_text",
        "图.jpg": "source_broken",
        "大.txt": "source_too_large",
        "外.txt": "source_outside",
        "没有.txt": "source_missing",
    }
    assert len(result.stderr.strip().splitlines()) == 6
    after = json_lines(qa("sources", "--index", index, "--json"))
    assert [each for each in after if each in before] == before


@pytest.mark.parametrize(
    "command",
    [["ask", "谁？"], ["sources"], ["articles"], ["stats"], ["remove", "x"], ["index", "--rebuild"]],
)
def test_no_index_is_exit_code_4_and_names_the_next_command(tmp_path: Path, command: list[str]) -> None:
    result = qa(*command, "--index", str(tmp_path / "none"))

    assert result.exit_code == 4
    assert result.stderr.startswith("index_missing: ")
    assert "qa index" in result.stderr
    assert not (tmp_path / "none").exists()


def test_an_index_of_another_encoder_is_exit_code_5_until_it_is_rebuilt(
    index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_QUERY_PROMPT", "问：")

    asked, added = qa("ask", "谁？", "--index", index), qa("index", str(SEEDS), "--index", index)

    assert (asked.exit_code, added.exit_code) == (5, 5)
    assert "qa index --rebuild" in asked.stderr
    rebuilt = json.loads(qa("index", "--rebuild", "--index", index, "--json").stdout)
    assert len(rebuilt["updated"]) == 5
    assert qa("ask", "吕梁市委书记是谁？", "--index", index).exit_code in (0, 3)


def test_a_damaged_index_is_exit_code_6_and_names_file_and_remedy(index: str) -> None:
    dense = next(Path(index).rglob("*.faiss"))
    dense.write_bytes(dense.read_bytes()[:-9])

    result = qa("ask", "谁？", "--index", index)

    assert result.exit_code == 6
    assert f"dense/{dense.name}" in result.stderr
    assert f"qa repair --index {index}" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert qa("repair", "--index", index).exit_code == 0
    assert qa("ask", "吕梁市委书记是谁？", "--index", index).exit_code == 0


def test_a_missing_model_is_exit_code_7(index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENCODER", "nobody/nothing")

    result = qa("ask", "谁？", "--index", index)

    assert result.exit_code == 7
    assert "QA_ENCODER" in result.stderr


def test_a_locked_index_is_exit_code_8_and_names_the_process(index: str) -> None:
    handle = take_lock(Path(index))
    try:
        result = qa("remove", PAGE, "--index", index)
    finally:
        import os

        os.close(handle)

    assert result.exit_code == 8
    assert str(os.getpid()) in result.stderr


@pytest.mark.parametrize("question", ["", "  ", "问" * 501])
def test_an_empty_or_endless_question_is_exit_code_2(seeds_index: Path, question: str) -> None:
    result = qa("ask", question, "--index", str(seeds_index))

    assert result.exit_code == 2
    assert result.stderr.startswith("question_invalid: ")


@pytest.mark.parametrize(
    "arguments",
    [["index"], ["index", "x", "--rebuild"], ["ask"], ["nonsense"], ["ask", "谁？", "--limit", "0"]],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert qa(*arguments).exit_code == 2


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_MAX_QUESTION", "many")

    result = qa("sources")

    assert result.exit_code == 2
    assert "QA_MAX_QUESTION='many'" in result.stderr


def test_bytes_that_are_no_text_are_no_question(seeds_index: Path) -> None:
    assert qa("ask", "谁\udcff", "--index", str(seeds_index)).exit_code == 2
    assert qa("show", "谁\udcff", "--index", str(seeds_index)).exit_code == 1


def test_a_port_that_is_taken_is_told_with_the_next_step(seeds_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = qa("serve", "--index", str(seeds_index), "--port", port)

    assert result.exit_code == 8
    assert "--port" in result.stderr


def test_questions_that_are_none_are_told(seeds_index: Path, tmp_path: Path) -> None:
    result = qa("evaluate", str(tmp_path / "none.jsonl"), "--index", str(seeds_index))

    assert result.exit_code == 1
    assert result.stderr.startswith("questions_invalid: ")


def test_serving_without_an_index_says_so_at_once(tmp_path: Path) -> None:
    assert qa("serve", "--index", str(tmp_path / "none")).exit_code == 4


def test_every_error_has_an_exit_code_that_is_documented() -> None:
    assert exit_code_of(QaError("?")) == 1
    assert exit_code_of(SourceEmpty("?")) == 1
    assert exit_code_of(OffsetMismatch("?")) == 6
    assert exit_code_of(IndexLocked("?")) == 8
    assert set(EXIT_OF.values()) <= set(range(9)) - {0, 3}
