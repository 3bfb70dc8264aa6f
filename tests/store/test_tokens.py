"""Words are cut in print order, long ones into their parts as well, folded, without punctuation."""

from __future__ import annotations

import logging
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.store.tokens import Tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("大会在北京开幕。", ["大会", "在", "北京", "开幕"]),
        ("ＧＤＰ增长５％", ["gdp", "增长", "5%"]),
        ("Wi-Fi", ["wi", "fi"]),
        ("臺灣經濟", ["台湾", "经济"]),
        ("，。！？\n", []),
        ("", []),
    ],
)
def test_words_are_cut_and_folded(tokens: Tokens, text: str, words: list[str]) -> None:
    assert tokens.cut(text) == words


def test_words_come_in_print_order_and_include_the_common_ones(tokens: Tokens) -> None:
    words = tokens.cut("调整最低工资标准")

    assert words[0] == "调整"
    assert [word for word in words if word in ("最低", "工资", "标准")] == ["最低", "工资", "标准"]


def test_a_long_word_gives_its_parts_as_well(tokens: Tokens) -> None:
    words = tokens.cut("中华人民共和国")

    assert words[-1] == "中华人民共和国"
    assert {"中华", "人民", "共和国"} < set(words)


def test_a_number_with_a_point_is_one_word(tokens: Tokens) -> None:
    assert "20.2" in tokens.cut("三类20.2元")


def test_a_name_tells_more_than_a_common_word_and_that_more_than_a_particle(tokens: Tokens) -> None:
    tells = tokens.telling("太谷的年项目")

    assert list(tells) == ["太谷", "的", "年", "项目"]
    assert tells["太谷"] == 7.0
    assert tells["太谷"] > tells["项目"] > 1 > tells["年"] > tells["的"]


def test_what_no_dictionary_has_tells_as_much_as_a_name(tokens: Tokens) -> None:
    assert tokens.telling("2023年GDP？") == {"2023": 7.0, "年": pytest.approx(0.5, abs=0.2), "gdp": 7.0}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("推光漆器", ["推光", "光漆", "漆器"]),
        ("總額26億元，增長", ["总额", "亿元", "增长"]),
        ("A座", ["座"]),
        ("ABC 12", []),
        ("", []),
    ],
)
def test_characters_are_paired_where_they_stand_together(tokens: Tokens, text: str, pairs: list[str]) -> None:
    assert tokens.pairs(text) == pairs


def test_threads_may_cut_at_the_same_time() -> None:
    fresh = Tokens()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fresh.cut, ["大会在北京开幕。"] * 32))

    assert found == [["大会", "在", "北京", "开幕"]] * 32


def test_the_dictionary_is_loaded_without_talk(capfd: pytest.CaptureFixture[str]) -> None:
    Tokens().cut("大会")

    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("jieba").level == logging.WARNING


def test_nothing_is_read_from_or_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"planted")

    assert Tokens().cut("平遥牛肉") == ["平遥", "牛肉"]
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert (tmp_path / "jieba.cache").read_bytes() == b"planted"
