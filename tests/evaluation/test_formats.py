"""Question files in every form; what is wrong with one is named with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from qa.errors import QuestionsInvalid
from qa.evaluation.cmrc import read_cmrc
from qa.evaluation.formats import Format, read_question_set
from qa.evaluation.own import read_jsonl
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.squad import read_squad

SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "会议",
            "paragraphs": [
                {
                    "id": "P1",
                    "context": "昨日大会开幕，李明主持。",
                    "qas": [
                        {
                            "id": "Q1",
                            "question": "谁主持？",
                            "answers": [
                                {"text": "李明", "answer_start": 7},
                                {"text": "李明", "answer_start": 7},
                            ],
                        },
                        {"id": 2, "question": "谁闭幕？", "is_impossible": True, "answers": []},
                    ],
                },
                {"context": "天气晴。", "qas": []},
            ],
        }
    ],
}


def test_own_lines_give_questions_in_order() -> None:
    text = (
        '\ufeff{"id": 7, "question": "谁？", "answers": ["甲", "乙"], "source": "a.txt"}\r\n\n'
        '{"id": "b", "question": "何时？"}\n'
    )
    first, second = read_jsonl(text, name="q.jsonl").questions

    assert (first.id, first.answers, first.source) == ("7", ("甲", "乙"), "a.txt")
    assert (second.id, second.answers, second.source) == ("b", (), None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "不是 JSON"),
        ("[]", "应为对象"),
        ('{"question": "谁？"}', "缺少 id"),
        ('{"id": null, "question": "谁？"}', "缺少 id"),
        ('{"id": true, "question": "谁？"}', "缺少 id"),
        ('{"id": 1}', "缺少 question"),
        ('{"id": 1, "question": 5}', "应为文字，这里是整数"),
        ('{"id": 1, "question": "谁？", "answers": "甲"}', "应为列表，这里是文字"),
        ('{"id": 1, "question": "谁？", "answers": [1]}', "应为文字，这里是整数"),
        ('{"id": 1, "question": "谁？", "source": {}}', "应为文字，这里是对象"),
        ("[" * 100_000, "嵌套太深"),
        ('{"id": ' + "9" * 5000 + ', "question": "谁？"}', "不是可读的 JSON"),
    ],
)
def test_a_line_that_is_no_question_is_named_with_the_reason(line: str, reason: str) -> None:
    good = '{"id": "好", "question": "谁？"}'
    with pytest.raises(QuestionsInvalid, match=f"q.jsonl 第 2 行.*{reason}"):
        read_jsonl(f"{good}\n{line}\n", name="q.jsonl")


def test_an_id_twice_and_no_question_at_all_are_refused() -> None:
    with pytest.raises(QuestionsInvalid, match="id 1 重复"):
        read_jsonl('{"id": 1, "question": "谁？"}\n{"id": "1", "question": "谁？"}', name="q")
    with pytest.raises(QuestionsInvalid, match="没有问题"):
        read_jsonl("\n \n", name="q")


def test_squad_gives_questions_with_their_paragraph_and_paragraphs_as_documents() -> None:
    found = read_squad(json.dumps(SQUAD), name="dev.json")

    first, second = found.questions
    assert (first.id, first.answers, first.context) == ("Q1", ("李明",), "昨日大会开幕，李明主持。")
    assert (second.id, second.answers) == ("2", ())
    assert [document.text for document in found.documents] == ["昨日大会开幕，李明主持。", "天气晴。"]
    assert first.source == found.documents[0].name
    assert found.documents[0].title == "会议"


@pytest.mark.parametrize(
    ("at", "value", "where"),
    [
        (("data",), None, "dev.json：缺少 data|data：应为列表，这里是空值"),
        (("data", 0), 3, r"data\[0\]：应为对象"),
        (("data", 0, "paragraphs", 1), [], r"data\[0\]\.paragraphs\[1\]：应为对象"),
        (("data", 0, "paragraphs", 0, "context"), 1, "context：应为文字，这里是整数"),
        (("data", 0, "paragraphs", 0, "qas", 0, "question"), None, r"qas\[0\] 的 question：应为文字"),
        (("data", 0, "paragraphs", 0, "qas", 1, "id"), None, r"qas\[1\]：缺少 id"),
        (("data", 0, "paragraphs", 0, "qas", 0, "answers", 0), "甲", r"qas\[0\]\.answers：应为对象"),
    ],
)
def test_what_is_wrong_within_squad_is_named_with_its_path(
    at: tuple[str | int, ...], value: object, where: str
) -> None:
    whole: Any = json.loads(json.dumps(SQUAD))
    inner = whole
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    with pytest.raises(QuestionsInvalid, match=where):
        read_squad(json.dumps(whole), name="dev.json")


LISTED: list[dict[str, Any]] = [
    {
        "context_id": "DEV_1",
        "context_text": "昨日大会开幕，李明主持。",
        "title": "会议",
        "qas": [
            {"query_id": "DEV_1_QUERY_0", "query_text": "谁主持？", "answers": ["李明", "李明", "明"]},
            {"query_id": "DEV_1_QUERY_1", "query_text": "何时开幕？", "answers": ["昨日"]},
        ],
    },
    {
        "context_id": "DEV_2",
        "context_text": "天气晴。",
        "qas": [{"query_id": "DEV_2_QUERY_0", "query_text": "天气？", "answers": ["晴"]}],
    },
]
"""CMRC 2018 as it first came out: a list, answers without offsets."""


def test_cmrc_is_read_in_the_form_of_a_list_with_its_paragraphs_as_documents(tmp_path: Path) -> None:
    path = tmp_path / "cmrc.json"
    path.write_text(json.dumps(LISTED), encoding="utf-8")
    found = read_question_set(path, form=Format.CMRC)

    first, second, third = found.questions
    assert (first.id, first.question) == ("DEV_1_QUERY_0", "谁主持？")
    assert (first.answers, first.context) == (("李明", "明"), "昨日大会开幕，李明主持。")
    assert (second.id, second.answers) == ("DEV_1_QUERY_1", ("昨日",))
    assert [(each.title, each.text) for each in found.documents] == [
        ("会议", "昨日大会开幕，李明主持。"),
        (None, "天气晴。"),
    ]
    assert [each.source for each in (first, third)] == [each.name for each in found.documents]
    assert not found.judges_documents


def test_cmrc_is_read_in_the_form_of_squad_as_well() -> None:
    assert read_cmrc(json.dumps(SQUAD), name="dev.json") == read_squad(json.dumps(SQUAD), name="dev.json")


@pytest.mark.parametrize(
    ("at", "value", "where"),
    [
        ((0,), 3, r"cmrc\.json\[0\]：应为对象，这里是整数"),
        ((1, "context_text"), None, r"cmrc\.json\[1\] 的 context_text：应为文字，这里是空值"),
        ((1, "qas"), {}, r"cmrc\.json\[1\] 的 qas：应为列表，这里是对象"),
        ((0, "qas", 1), "谁？", r"cmrc\.json\[0\]\.qas\[1\]：应为对象"),
        ((0, "qas", 1, "query_id"), None, r"qas\[1\]：缺少 query_id"),
        ((0, "qas", 1, "query_text"), 5, r"qas\[1\] 的 query_text：应为文字"),
        ((0, "qas", 1, "answers"), "昨日", r"qas\[1\] 的 answers：应为列表，这里是文字"),
        ((0, "qas", 1, "answers", 0), {"text": "昨日"}, r"qas\[1\] 的 answers：应为文字，这里是对象"),
        ((1, "qas", 0, "query_id"), "DEV_1_QUERY_0", r"\[1\]\.qas\[0\]：id DEV_1_QUERY_0 重复"),
    ],
)
def test_what_is_wrong_within_the_list_of_cmrc_is_named_with_its_place(
    at: tuple[str | int, ...], value: object, where: str
) -> None:
    whole: Any = json.loads(json.dumps(LISTED))
    inner = whole
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    with pytest.raises(QuestionsInvalid, match=where):
        read_cmrc(json.dumps(whole), name="cmrc.json")


def test_a_list_without_questions_is_refused() -> None:
    with pytest.raises(QuestionsInvalid, match=r"cmrc\.json：没有问题；.*context_text"):
        read_cmrc("[]", name="cmrc.json")


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "通知", "text": "工资上调。"}\n'
        '{"_id": "d2", "title": "", "text": "天气晴。"}\n',
        encoding="utf-8",
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "工资？"}\n{"_id": "q2", "text": "没有人判过？"}\n', encoding="utf-8"
    )
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n", encoding="utf-8"
    )
    return folder


def test_a_beir_folder_gives_documents_and_what_was_judged_to_answer(tmp_path: Path) -> None:
    found = read_question_set(beir(tmp_path / "beir"), form=Format.BEIR)

    [question] = found.questions
    assert (question.id, question.question, dict(question.relevant)) == ("q1", "工资？", {"d1": 2})
    assert [(each.name, each.title) for each in found.documents] == [("d1", "通知"), ("d2", None)]
    assert found.judges_documents


def test_a_judgement_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    folder = beir(tmp_path / "beir")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\tmuch\n", encoding="utf-8")
    with pytest.raises(QuestionsInvalid, match=r"test\.tsv 第 2 行：.*整数"):
        read_question_set(folder, form=Format.BEIR)


@pytest.mark.parametrize(
    "topics",
    [
        "<top>\n<num> Number: 301\n<title> 最低 工资\n<desc>…\n</top>\n",
        "301\t最低 工资\n",
    ],
)
def test_trec_topics_meet_their_judgements(tmp_path: Path, topics: str) -> None:
    (tmp_path / "topics").write_text(topics, encoding="utf-8")
    (tmp_path / "qrels").write_text("301 0 甲.txt 1\n301 0 乙.txt 0\n", encoding="utf-8")

    found = read_question_set(tmp_path / "topics", form=Format.TREC, qrels=tmp_path / "qrels")

    assert [(each.id, each.question, dict(each.relevant)) for each in found.questions] == [
        ("301", "最低 工资", {"甲.txt": 1})
    ]
    with pytest.raises(QuestionsInvalid, match="--qrels"):
        read_question_set(tmp_path / "topics", form=Format.TREC)


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "天气晴。"}', r"corpus\.jsonl 第 3 行：id d1 重复"),
        ("queries.jsonl", '{"_id": "q1", "text": "天气？"}', r"queries\.jsonl 第 3 行：id q1 重复"),
        ("qrels/test.tsv", "q1\td1\t1", r"test\.tsv 第 4 行：问题 q1 与文档 d1 已有另一个相关等级"),
    ],
)
def test_what_comes_twice_in_a_beir_folder_is_named(
    tmp_path: Path, file: str, line: str, reason: str
) -> None:
    folder = beir(tmp_path / "beir")
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write(line + "\n")
    with pytest.raises(QuestionsInvalid, match=reason):
        read_question_set(folder, form=Format.BEIR)


def test_the_same_judgement_twice_is_one(tmp_path: Path) -> None:
    folder = beir(tmp_path / "beir")
    (folder / "qrels" / "train.tsv").write_text("q1\td1\t2\n", encoding="utf-8")
    assert dict(read_question_set(folder, form=Format.BEIR).questions[0].relevant) == {"d1": 2}


@pytest.mark.parametrize(
    ("topics", "place"),
    [
        ("<top>\n<num> 301\n<title> 工资\n</top>\n" * 2, "第 5 行"),
        ("301\t最低工资\n302\t天气\n301\t工资\n", "第 3 行"),
    ],
)
def test_a_topic_that_comes_twice_is_named(tmp_path: Path, topics: str, place: str) -> None:
    (tmp_path / "topics").write_text(topics, encoding="utf-8")
    (tmp_path / "qrels").write_text("301 0 甲.txt 1\n", encoding="utf-8")
    with pytest.raises(QuestionsInvalid, match=f"{place}：id 301 重复"):
        read_question_set(tmp_path / "topics", form=Format.TREC, qrels=tmp_path / "qrels")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("id", "_id", "question", "answers", "text", "data", "paragraphs", "context", "qas"),
                    *("context_text", "query_id", "query_text"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BROKEN = st.one_of(
    JSON.map(json.dumps),
    st.text(max_size=40),
    st.binary(max_size=40).map(lambda content: content.decode("utf-8", "replace")),
    st.tuples(JSON.map(json.dumps), st.integers(0, 60)).map(lambda pair: pair[0][: pair[1]]),
    st.lists(JSON.map(json.dumps), max_size=4).map("\n".join),
)


def assert_read_or_refused(text: str, folder: Path, form: Format) -> None:
    """Read a text as a file of a form: questions come out, or the reason why not."""
    path = folder / "given"
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    judgements = folder / "qrels.txt"
    judgements.write_text("1 0 d 1\n", encoding="utf-8")
    refusal = ""
    try:
        found = read_question_set(path, form=form, qrels=judgements)
        assert found.questions
    except QuestionsInvalid as error:
        refusal = str(error)
    assert not refusal or str(path) in refusal or str(judgements) in refusal


@pytest.mark.parametrize("form", [each for each in Format if each is not Format.BEIR])
@given(text=BROKEN)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_read_or_refused_with_the_reason(tmp_path: Path, text: str, form: Format) -> None:
    assert_read_or_refused(text, tmp_path, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", [each for each in Format if each is not Format.BEIR])
@given(text=BROKEN)
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_thousand_broken_files_are_read_or_refused(tmp_path: Path, text: str, form: Format) -> None:
    assert_read_or_refused(text, tmp_path, form)


PLACE = (
    r"第 \d+ 行|data|given\[\d+\]|没有问题|没有任何问题|缺少 data|应为对象|应为列表"
    "|不是 JSON|嵌套太深|不是可读的 JSON"
)
"""What a refusal names: a line, a path within JSON, or that there is nothing at all."""


def mutilated(good: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """Return a good file with bytes put into it, or in the place of others, where ``cuts`` say."""
    content = good
    for at, piece in cuts:
        place = at % (len(content) + 1)
        content = content[:place] + piece + content[place + at % 5 :]
    return content


GOOD = {
    Format.JSONL: (
        '{"id": "1", "question": "谁？", "answers": ["甲"]}\n{"id": "2", "question": "何时？"}\n'.encode()
    ),
    Format.SQUAD: json.dumps(SQUAD, ensure_ascii=False).encode(),
    Format.CMRC: json.dumps(LISTED, ensure_ascii=False).encode(),
}
PIECES = st.sampled_from(
    [
        b"",
        b"\xff",
        b"\x00",
        b"{",
        b"}",
        b"]",
        b"\n",
        b'"',
        b"null",
        b"\\ud800",
        b"1e999",
        b"NaN",
        b"\xef\xbb\xbf",
    ]
)
CUTS = st.lists(st.tuples(st.integers(0, 10**6), PIECES), min_size=1, max_size=4)


@pytest.mark.parametrize("form", GOOD)
@given(cuts=CUTS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutilated_file_is_read_or_refused_with_its_place(
    tmp_path: Path, cuts: list[tuple[int, bytes]], form: Format
) -> None:
    path = tmp_path / "given"
    path.write_bytes(mutilated(GOOD[form], cuts))
    refusal, read = "", tuple[LabelledQuestion, ...]()
    try:
        read = read_question_set(path, form=form).questions
    except QuestionsInvalid as error:
        refusal = str(error)
    assert read or re.search(PLACE, refusal), refusal
    for each in read:
        # What is read can be asked, written and compared.
        json.dumps([each.id, each.question, *each.answers], ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (
            '{"id": 1, "question": "谁？"}\n\n{"id": 1, "question": "谁？"}\n'.encode(),
            "第 3 行：id 1 重复，已见于 .* 第 1 行",
        ),
        ('{"id": 1, "question": "谁？"}\n'.encode() + b"\xff", "第 2 行：不是 UTF-8"),
        (b'{"id": 1, "question": "\\ud800"}', "第 1 行 的 question：有残缺的字符"),
        (b'{"id": "\\udfff", "question": ""}', "第 1 行 的 id：有残缺的字符"),
        (b'{"id": 1, "question": "", "answers": ["\\ud83d"]}', "第 1 行 的 answers：有残缺的字符"),
    ],
)
def test_what_no_program_could_ask_is_named_with_its_line(tmp_path: Path, content: bytes, place: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionsInvalid, match=place):
        read_question_set(path, form=Format.JSONL)


def test_half_a_character_in_two_escapes_is_a_whole_one() -> None:
    [question] = read_jsonl('{"id": 1, "question": "\\ud83d\\ude00？"}', name="q").questions

    assert question.question == "😀？"
