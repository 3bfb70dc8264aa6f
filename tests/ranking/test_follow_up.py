"""A follow-up keeps what it leaves out; a question on something else takes nothing over."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.follow_up import understand
from qa.ranking.simplified import Simplified
from qa.store.tokens import Tokens
from tests.ranking.follow_ups import APART, LATER, LATER_APART, LEANING, Pair


def is_right(pair: Pair) -> bool:
    found = understand(pair.question, before=pair.before)
    held = all(word in found.question for word in pair.held)
    return found.leans and held and not any(word in found.question for word in pair.dropped)


def test_nine_of_ten_pairs_are_understood() -> None:
    wrong = [each.question for each in LEANING if not is_right(each)]
    carried = [new for before, new in APART if understand(new, before=before).leans]

    assert len(LEANING) + len(APART) == 50
    assert len(wrong) + len(carried) <= 5, (wrong, carried)
    assert carried == []


def test_of_pairs_that_the_rules_were_not_made_with_seventeen_of_twenty_are_understood() -> None:
    wrong = [each.question for each in LATER if not is_right(each)]
    carried = [new for before, new in LATER_APART if understand(new, before=before).leans]

    assert len(LATER) + len(LATER_APART) == 20
    assert len(wrong) <= 3, wrong
    assert carried == []


@pytest.mark.parametrize(("before", "question"), [*APART, *LATER_APART])
def test_another_topic_takes_nothing_over(before: str, question: str) -> None:
    found = understand(question, before=before)

    assert (found.question, found.leans) == (question, False)


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        ("一类地区的月最低工资标准是多少？", "那二类呢？", "二类地区的月最低工资标准是多少？"),
        ("去年吕梁市的产量是多少？", "那2021年呢？", "2021年吕梁市的产量是多少？"),
        ("孙大军出席了什么会议？", "他还参加了什么？", "孙大军还参加了什么？"),
        ("晋中市委书记是谁？", "那吕梁呢", "吕梁市委书记是谁？"),
        ("晋中市委书记是谁？", "那吕梁市呢", "吕梁市委书记是谁？"),
        ("太谷县人民政府的电话是多少？", "祁县呢？", "祁县人民政府的电话是多少？"),
        ("博览会什么时候开幕？", "地点呢", "博览会开幕的地点是什么？"),
        ("论坛请了几位专家？", "地点呢", "论坛请了专家的地点是什么？"),
        ("车队添了多少列车？", "地点呢", "车队添了列车的地点是什么？"),
        ("汾河治理工程投资多少？", "什么时候开始的？", "汾河治理工程投资，什么时候开始的？"),
    ],
)
def test_the_full_question_is_what_a_person_would_ask(before: str, question: str, full: str) -> None:
    assert understand(question, before=before).question == full


def test_what_was_understood_may_be_leant_on_again() -> None:
    first = understand("那二类呢？", before="一类最低工资标准是多少？").question

    assert understand("三类呢？", before=first).question == "三类最低工资标准是多少？"


def test_the_article_that_was_cited_is_named_where_it_is_meant() -> None:
    found = understand("这篇报道是谁写的？", before="灯会在哪里？", title="灯会开幕")

    assert (found.question, found.leans) == ("《灯会开幕》是谁写的？", True)
    assert not understand("这篇报道是谁写的？", before="", title=None).leans


@given(st.text(max_size=40))
def test_without_a_question_before_the_new_one_is_taken_as_it_is(question: str) -> None:
    assert understand(question, before="").question == question


@given(st.text(alphabet="那二类呢他她其这次什么时候谁是的在？，2月日去年", max_size=30), st.text(max_size=30))
def test_whatever_is_asked_the_new_words_stay_or_nothing_changes(question: str, before: str) -> None:
    found = understand(question, before=before)

    assert found.leans or found.question == question


@pytest.mark.parametrize(
    "question",
    [
        "太原市长是谁呢？",
        "孩子应该几岁上学？",
        "土耳其地震死亡多少人？",
        "这个月有哪些新闻？",
        "日本文学奖授予了谁？",
        "语文中考什么时候举行？",
        "哪家媒体报道中国队夺冠？",
    ],
)
def test_a_part_of_another_word_refers_to_nothing(question: str) -> None:
    found = understand(question, before="左权县的乳胶项目总投资多少？", title="项目开工")

    assert (found.question, found.leans) == (question, False)


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("该文章说了什么？", "《项目开工》说了什么？"),
        ("本文作者是谁？", "《项目开工》作者是谁？"),
        ("该文件何时发布？", "左权县的乳胶项目总投资，该文件何时发布？"),
        ("这条公路有多长？", "左权县的乳胶项目总投资，这条公路有多长？"),
    ],
)
def test_the_title_stands_in_for_the_article_and_for_nothing_else(question: str, full: str) -> None:
    found = understand(question, before="左权县的乳胶项目总投资多少？", title="项目开工")

    assert found.question == full


def test_an_ellipsis_may_repeat_its_question_words() -> None:
    before = "一类地区的月最低工资标准是多少？"

    assert understand("那二类是多少呢？", before=before).question == "二类地区的月最低工资标准是多少？"


def test_what_is_put_in_is_no_pattern() -> None:
    assert understand("他是哪里人？", before=r"\d是谁？").question == r"\d是哪里人？"
    assert understand("这篇报道说了什么？", before="", title=r"\g<0>\q").question == r"《\g<0>\q》说了什么？"


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        ("一類地區的月最低工資標準是多少？", "那二類呢？", "二類地區的月最低工資標準是多少？"),
        ("晉中市委書記是誰？", "那呂梁呢", "呂梁市委書記是誰？"),
        ("孫大軍出席了什麼會議？", "他還參加了什麼？", "孫大軍還參加了什麼？"),
    ],
)
def test_traditional_script_is_understood_and_kept(before: str, question: str, full: str) -> None:
    assert understand(question, before=before, simplified=Simplified(Tokens()).of).question == full
