"""Articles over two pages on the command line: listed, filtered, shown and taken apart again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qa import assemble
from qa.cli.main import app
from qa.domain.ports import Encoder
from qa.engine import articles
from qa.settings import Settings
from tests.cli.test_commands import json_lines, qa
from tests.engine.pages import paper_page, segment_lines
from tests.store.first_format import write_first_format

ONE = paper_page("一版.txt", "本市煤炭产量去年稳步（下转第4版）", "天气晴。")
FOUR = paper_page("四版.txt", "（上接第1版）增长到三百万吨。", "招聘启事十条。", head="吕梁日报 2023-02-24 4")
WHOLE = "本市煤炭产量去年稳步（下转第4版）（上接第1版）增长到三百万吨。"


@pytest.fixture(autouse=True)
def lines_are_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "segment", segment_lines)


@pytest.fixture
def index(tmp_path: Path) -> str:
    """Return an index of two pages."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for page in (ONE, FOUR):
        (pages / page.name).write_text(page.text, encoding="utf-8")
    assert qa("index", str(pages), "--index", str(tmp_path / "index")).exit_code == 0
    return str(tmp_path / "index")


def listed(index: str, *arguments: str) -> list[dict[str, Any]]:
    return json_lines(qa("articles", "--index", index, "--json", *arguments))


def titles(index: str, *arguments: str) -> list[str]:
    return [each["title"] for each in listed(index, *arguments)]


def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Settings) -> Encoder:
        raise AssertionError("the encoder was loaded")

    monkeypatch.setattr(assemble, "make_encoder", refuse)


def test_an_article_over_two_pages_is_listed_with_its_places_and_facts(index: str) -> None:
    (jumped, *_) = listed(index)

    assert [(span["source"], span["start"], span["end"]) for span in jumped["spans"]] == [
        ("一版.txt", 18, 35),
        ("四版.txt", 18, 33),
    ]
    assert (jumped["jump_to"], jumped["jump_from"], jumped["page"]) == ("4", "1", "1")
    assert (jumped["published"], jumped["date"]) == ("2023-02-24", None)
    assert jumped["facts_at"] == {"title": [{"source": "一版.txt", "start": 18, "end": 22}]}


def test_it_is_in_the_list_of_either_page(index: str) -> None:
    assert titles(index, "--source", "一版.txt") == ["本市煤炭", "天气晴。"]
    assert titles(index, "--source", "四版.txt") == ["本市煤炭", "招聘启事"]
    assert "[一版.txt → 四版.txt]" in qa("articles", "--index", index).stdout


def test_it_is_shown_whole(index: str) -> None:
    id = listed(index)[0]["id"]

    assert qa("show", id, "--index", index).stdout == WHOLE
    shown = json.loads(qa("show", id, "--index", index, "--json").stdout)
    assert (shown["name"], shown["text"]) == ("一版.txt", WHOLE)


def test_a_search_among_the_second_page_finds_what_is_printed_there_alone(index: str) -> None:
    found = json_lines(qa("search", "煤炭产量", "--index", index, "--source", "四版.txt", "--json"))

    assert [each["quote"] for each in found] == [WHOLE, "招聘启事十条。"]
    assert [span["source"] for span in found[0]["spans"]] == ["一版.txt", "四版.txt"]
    assert "一版.txt、四版.txt" in qa("search", "煤炭产量", "--index", index).stdout


def test_a_quote_over_the_jump_is_cited_from_both_pages(index: str) -> None:
    told = qa("ask", "量子计算机的工作原理是什么？", "--index", index).stdout

    assert "一版.txt:18–35；四版.txt:18–33" in told


@pytest.mark.parametrize(
    ("gone", "left"),
    [("四版.txt", ["本市煤炭", "天气晴。"]), ("一版.txt", ["（上接第", "招聘启事"])],
)
def test_without_one_page_the_part_on_the_other_stays(index: str, gone: str, left: list[str]) -> None:
    result = qa("remove", gone, "--index", index, "--json")

    assert json.loads(result.stdout) == {"removed": [gone]}
    assert titles(index) == left
    assert qa("show", gone, "--index", index).exit_code == 1


def test_a_page_that_shares_nothing_is_removed_without_a_model(
    index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_encoder(monkeypatch)

    assert qa("remove", "一版.txt", "四版.txt", "--index", index).exit_code == 0
    assert titles(index) == []


def test_what_must_be_embedded_again_is_never_embedded_by_another_model(
    index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_PASSAGE_PROMPT", "段：")

    result = qa("remove", "四版.txt", "--index", index)

    assert result.exit_code == 5
    assert "qa index --rebuild" in result.stderr
    assert titles(index) == ["本市煤炭", "天气晴。", "招聘启事"]


def test_a_name_that_is_not_held_removes_nothing(index: str) -> None:
    result = qa("remove", "一版.txt", "没有.txt", "--index", index)

    assert result.exit_code == 1
    assert result.stderr.startswith("not_found: 索引中没有来源 没有.txt")
    assert len(listed(index)) == 3


def test_a_page_is_removed_by_its_id(index: str) -> None:
    assert qa("remove", FOUR.id, "--index", index).stdout == "已移除：四版.txt\n"


def test_an_index_of_format_1_is_exit_code_5_until_it_is_rebuilt(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    write_first_format(folder, ONE, FOUR)

    for command in (["articles"], ["ask", "谁？"], ["remove", "一版.txt"], ["index", str(tmp_path)]):
        refused = qa(*command, "--index", str(folder))
        assert refused.exit_code == 5
        assert f"qa index --rebuild --index {folder}" in refused.stderr
    rebuilt: Result = CliRunner().invoke(app, ["index", "--rebuild", "--index", str(folder), "--json"])
    assert json.loads(rebuilt.stdout)["updated"] == ["一版.txt", "四版.txt"]
    assert titles(str(folder)) == ["本市煤炭", "天气晴。", "招聘启事"]
