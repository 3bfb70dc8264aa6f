"""A number is the same number in whichever digits, and no number is made of words."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.han_numbers import in_han, value_of
from qa.ranking.numerals import canonical, numerals, other_writings


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一亿五千万", 150_000_000),
        ("1.5亿", 150_000_000),
        ("15000万", 150_000_000),
        ("1.2万亿", 1_200_000_000_000),
        ("一万二千亿", 1_200_000_000_000),
        ("3万5千", 35_000),
        ("1,500万", 15_000_000),
        ("二〇二三", 2023),
        ("二零二三", 2023),
        ("三百五", 350),
        ("三百零五", 305),
        ("一百〇五", 105),
        ("一万五", 15_000),
        ("一万零五", 10_005),
        ("十", 10),
        ("二十三", 23),
        ("壹佰贰拾", 120),
        ("零", 0),
        ("0", 0),
    ],
)
def test_a_number_has_its_value(written: str, value: int) -> None:
    assert value_of(written) == value


def test_decimals_are_exact() -> None:
    assert value_of("十二点五") == Decimal("12.5")
    assert value_of("一点二五亿") == 125_000_000
    assert value_of("0.1") == Decimal("0.1")


@pytest.mark.parametrize(
    "written", ["", "三四百", "百万", "万", "点五", "五点", "二三", "一二三", "人", "9" * 99]
)
def test_what_is_no_number_has_no_value(written: str) -> None:
    assert value_of(written) is None


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_what_is_written_in_han_is_read_back(value: int) -> None:
    assert value_of(in_han(value)) == value


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from("元人吨亩"))
def test_all_writings_of_a_number_are_one_answer(value: int, unit: str) -> None:
    answers = {f"{each}{unit}" for each in (value, f"{value:,}", in_han(value), *other_writings(str(value)))}

    assert {canonical(answer) for answer in answers} == {f"{value}{unit}"}


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_different_numbers_are_different_answers(one: int, other: int) -> None:
    assert (canonical(in_han(one)) == canonical(str(other))) is (one == other)


@given(st.text(alphabet="零一二三十百千万亿两点分之多余几数第0123456789.,-%年月日元人公斤 ", max_size=30))
def test_the_canonical_form_is_its_own(text: str) -> None:
    once = canonical(text)

    assert " " not in once
    assert canonical(canonical(once)) == canonical(once)


@given(st.text(max_size=60))
def test_numbers_stand_apart_and_in_print_order(text: str) -> None:
    spans = [each.span for each in numerals(text)]

    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一亿五千万元", "1.5亿元"),
        ("15000万元", "１５０，０００，０００元"),
        ("二〇二三年二月二十三日", "2023年2月23日"),
        ("2023年02月03日", "2023年2月3日"),
        ("百分之五", "5％"),
        ("百分之三点五", "3.5%"),
        ("千分之三", "3‰"),
        ("两千多人", "2000余人"),
        ("两千余万元", "2000多万元"),
        ("十几人", "10多人"),
        ("三公里", "3000米"),
        ("10公斤", "10千克"),
        ("1.50元", "1.5元"),
        ("两类", "二类"),
    ],
)
def test_equal_answers_have_one_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2000多人", "2000人"),
        ("近2000人", "2000人"),
        ("5%", "5个百分点"),
        ("5%", "5‰"),
        ("2023.10.20", "2023.1.20"),
        ("0351-1234567", "351-1234567"),
        ("数十万人", "10万人"),
        ("三四百人", "34百人"),
        ("1.5亿元", "1.5亿美元"),
        ("48人", "48%"),
    ],
)
def test_different_answers_have_different_forms(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_number_is_found_where_it_stands_with_what_belongs_to_it() -> None:
    text = "投资１.５亿元，增长百分之五，两千多人受益，数十万人参观"

    found = [(text[each.span.start : each.span.end], each.written) for each in numerals(text)]

    assert found == [("１.５亿", "150000000"), ("百分之五", "5%"), ("两千多", "2000多")]


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("投资一亿五千万元的是谁？", ("150000000", "15000万", "1.5亿")),
        ("2023年发生了什么？", ("二〇二三",)),
        ("百分之五的企业", ("5%",)),
        ("参加的2000人", ("两千",)),
        ("二类是多少？", ()),
        ("没有数字", ()),
    ],
)
def test_a_number_of_a_question_is_looked_for_in_other_writings(
    question: str, others: tuple[str, ...]
) -> None:
    assert other_writings(question) == others


@pytest.mark.parametrize("mark", ["1", "万", "一", "1.", "1,", "一点", "一万亿", "百分之", "多"])
def test_a_text_of_nothing_but_marks_is_read_in_no_time(mark: str) -> None:
    text = mark * 5000

    assert canonical(text)
    assert all(each.span.end <= len(text) for each in numerals(text))
