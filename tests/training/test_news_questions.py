"""Questions made of news ask for what stands at the place that they name as their answer."""

from __future__ import annotations

import pytest

from training.news_questions import news_questions
from training.reading_sets import Asked

ITEM = {
    "title": "全市重点项目集中开工",
    "text": "本报讯 今年以来全市重点项目建设进展顺利，累计完成投资36.5亿元，比去年同期增长12%。"
    "市发展改革委主任王建国表示，将继续做好项目服务保障各项工作。"
    "开工仪式于2023年3月5日在太谷区举行，共有120名代表参加了这次活动。"
    "省政府办公厅日前印发了《关于支持专业镇发展的若干意见》并发出通知要求落实。",
}


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    return [each for _, each in news_questions([ITEM] * 60, count=60, seed=1)]


def test_an_answer_stands_where_it_is_said_to_and_is_not_in_its_question(asked: list[Asked]) -> None:
    assert len(asked) == 60
    for each in asked:
        (answer,) = each.answers
        assert each.context[answer.start : answer.start + len(answer.text)] == answer.text
        assert answer.text not in each.question


def test_what_is_asked_for_is_of_every_kind(asked: list[Asked]) -> None:
    answers = {each.answers[0].text for each in asked}

    assert {"36.5亿元", "12%", "王建国", "2023年3月5日", "120名"} <= answers


def test_questions_ask_as_people_do(asked: list[Asked]) -> None:
    by_answer = {(each.answers[0].text, each.question.removeprefix(ITEM["title"] + "，")) for each in asked}

    assert ("王建国", "市发展改革委主任是谁？") in by_answer
    assert any(answer == "36.5亿元" and "多少" in question for answer, question in by_answer)
    assert all(question.endswith("？") for _, question in by_answer)


def test_the_same_seed_makes_the_same_questions() -> None:
    assert list(news_questions([ITEM], count=1, seed=3)) == list(news_questions([ITEM], count=5, seed=3))


def test_an_item_that_states_nothing_makes_none() -> None:
    assert list(news_questions([{"title": "无题", "text": "好。"}], count=1, seed=1)) == []


def test_a_question_comes_with_its_item() -> None:
    other = {"title": "另一条", "text": "好。"}

    assert {row["title"] for row, _ in news_questions([ITEM, other], count=2, seed=1)} == {ITEM["title"]}
