"""BM25 in Tantivy: the same order, and the same scores, as the formula by hand."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from qa.store import lexical
from qa.store.lexical import TERM_LIMIT, LexicalIndex
from qa.store.tokens import Tokens
from tests.fakes import bm25

TEXTS = {
    1: "大会在北京开幕，代表参加大会。",
    2: "最低工资标准自一月起施行。",
    3: "天气晴，气温三度。",
    4: "北京天气晴。",
    5: "大会审议工资标准，大会强调工资标准，大会闭幕。",
    6: "大会在北京开幕，代表参加大会。",
}


@pytest.fixture
def folder(tmp_path: Path, tokens: Tokens) -> Path:
    lexical.create(tmp_path)
    lexical.change(tmp_path, remove=[], add=list(TEXTS.items()), tokens=tokens)
    return tmp_path


def found(folder: Path, tokens: Tokens, question: str, within: set[int] | None = None) -> list[int]:
    hits = LexicalIndex(folder, tokens=tokens).search(question, limit=10, within=within)
    return [hit.number for hit in hits]


@pytest.mark.parametrize("question", ["大会", "工资标准", "北京天气", "大会开幕", "代表参加北京大会"])
def test_scores_are_those_of_the_formula_for_words_and_for_pairs(
    folder: Path, tokens: Tokens, question: str
) -> None:
    hits = LexicalIndex(folder, tokens=tokens).search(question, limit=10, within=None)

    expected = dict.fromkeys(TEXTS, 0.0)
    for cut in (tokens.cut, tokens.pairs):
        counted = {number: Counter(cut(text)) for number, text in TEXTS.items()}
        for number, score in bm25(sorted(set(cut(question))), counted).items():
            expected[number] += score
    expected = {number: score for number, score in expected.items() if score > 0}
    assert {hit.number: hit.score for hit in hits} == pytest.approx(expected, rel=1e-4)
    assert [hit.number for hit in hits] == sorted(expected, key=lambda n: (-round(expected[n], 5), n))


def test_the_rarer_word_counts_more(folder: Path, tokens: Tokens) -> None:
    assert found(folder, tokens, "北京气温")[0] == 3


def test_equal_texts_come_by_number(folder: Path, tokens: Tokens) -> None:
    assert found(folder, tokens, "代表参加") == [1, 6]


def test_a_word_asked_twice_counts_once(folder: Path, tokens: Tokens) -> None:
    once = LexicalIndex(folder, tokens=tokens).search("工资 北京", limit=9, within=None)
    twice = LexicalIndex(folder, tokens=tokens).search("工资 工资 北京", limit=9, within=None)

    assert once == twice


@pytest.mark.parametrize("question", ["", "，。？", "魑魅"])
def test_a_question_without_a_known_word_finds_nothing(folder: Path, tokens: Tokens, question: str) -> None:
    assert found(folder, tokens, question) == []


@pytest.mark.parametrize("question", ["AND OR NOT", "number:1", "words:大会 +", '"大会', "*", "(", "a:b^2~"])
def test_marks_of_a_query_language_are_plain_words(folder: Path, tokens: Tokens, question: str) -> None:
    assert set(found(folder, tokens, question)) <= {1, 5, 6}


def test_only_passages_within_are_found_with_the_same_scores(folder: Path, tokens: Tokens) -> None:
    index = LexicalIndex(folder, tokens=tokens)
    everywhere = {hit.number: hit.score for hit in index.search("大会", limit=10, within=None)}

    within = index.search("大会", limit=10, within={5, 6, 99})

    assert {hit.number for hit in within} == {5, 6}
    assert {hit.number: hit.score for hit in within} == pytest.approx({n: everywhere[n] for n in (5, 6)})


@pytest.mark.parametrize("named", [0, 10_000], ids=["passed over", "named one by one"])
def test_within_many_the_same_is_found_however_the_others_are_left_out(
    tmp_path: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    monkeypatch.setattr(lexical, "FEW", named)
    chance = random.Random(7)
    words = ("大会", "北京", "工资", "标准", "天气", "煤炭", "施行")
    texts = {at: "，".join(chance.choices(words, k=chance.randint(1, 9))) for at in range(1, 400)}
    lexical.create(tmp_path)
    lexical.change(tmp_path, remove=[], add=list(texts.items()), tokens=tokens)
    index = LexicalIndex(tmp_path, tokens=tokens)
    order = index.search("北京大会的工资标准", limit=len(texts), within=None)

    for most in (1, 5, 60, 399):
        within = set(chance.sample(sorted(texts), most)) | {10**9}
        # Those that fit worst too, for whom most of what is found must be passed over.
        for some in (within, {hit.number for hit in order[-most:]}):
            for limit in (1, 10, 500):
                hits = index.search("北京大会的工资标准", limit=limit, within=some)
                assert hits == [hit for hit in order if hit.number in some][:limit]


def test_a_pasted_passage_is_looked_up_by_its_first_words(folder: Path, tokens: Tokens) -> None:
    # In no passage, and none the same as another, in words as in pairs.
    padding = " ".join(f"{chr(0x9000 + number)}{chr(0x9100 + number)}" for number in range(TERM_LIMIT))

    assert set(found(folder, tokens, "大会 " + padding)) == {1, 5, 6}
    assert found(folder, tokens, padding + " 大会") == []


def test_of_more_equal_texts_than_asked_for_the_lowest_numbers_come(tmp_path: Path, tokens: Tokens) -> None:
    lexical.create(tmp_path)
    for number in range(1, 13):
        lexical.change(tmp_path, remove=[], add=[(number, "大会开幕")], tokens=tokens)
    lexical.change(tmp_path, remove=[2], add=[(13, "大会开幕"), (14, "大会开幕")], tokens=tokens)

    hits = LexicalIndex(tmp_path, tokens=tokens).search("大会", limit=3, within=None)

    assert [hit.number for hit in hits] == [1, 3, 4]


@pytest.mark.parametrize("question", ["推光漆", "光漆器", "推光漆器在哪里生产"])
def test_what_a_dictionary_cuts_otherwise_is_found_by_its_characters(
    folder: Path, tokens: Tokens, question: str
) -> None:
    lexical.change(folder, remove=[], add=[(7, "平遥推光漆器厂投产。")], tokens=tokens)

    assert found(folder, tokens, question)[0] == 7


@pytest.mark.parametrize(
    ("printed", "question"), [("臺灣經濟發展", "台湾经济"), ("台湾经济发展", "臺灣經濟")]
)
def test_one_script_finds_the_other(folder: Path, tokens: Tokens, printed: str, question: str) -> None:
    lexical.change(folder, remove=[], add=[(7, printed)], tokens=tokens)

    assert found(folder, tokens, question) == [7]


def test_what_is_removed_is_not_found(folder: Path, tokens: Tokens) -> None:
    lexical.change(folder, remove=[1, 5, 77], add=[], tokens=tokens)

    assert found(folder, tokens, "大会") == [6]
    assert len(LexicalIndex(folder, tokens=tokens)) == 4


def test_an_index_that_was_linked_does_not_change_with_its_copy(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, tokens: Tokens
) -> None:
    copy = tmp_path_factory.mktemp("next")
    lexical.link(folder, copy)
    lexical.change(copy, remove=[1], add=[(7, "大会闭幕")], tokens=tokens)

    assert set(found(folder, tokens, "大会")) == {1, 5, 6}
    assert set(found(copy, tokens, "大会")) == {5, 6, 7}


def test_numbers_beyond_32_bits_are_kept(folder: Path, tokens: Tokens) -> None:
    lexical.change(folder, remove=[], add=[(2**40, "玛钢")], tokens=tokens)

    assert found(folder, tokens, "玛钢") == [2**40]
    assert found(folder, tokens, "玛钢", within={2**40}) == [2**40]
    lexical.change(folder, remove=[2**40], add=[], tokens=tokens)
    assert found(folder, tokens, "玛钢") == []


def test_what_is_no_index_is_refused(tmp_path: Path, tokens: Tokens) -> None:
    with pytest.raises(ValueError, match="meta"):
        LexicalIndex(tmp_path, tokens=tokens)
