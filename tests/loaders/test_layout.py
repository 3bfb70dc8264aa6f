"""Words with their places become blocks in the order in which a newspaper page is read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pytest

from qa.loaders.boxes import Box, Line
from qa.loaders.layout import arranged, lines_of, page_text
from qa.loaders.running import without_running

SIZE = 10.0


def run(text: str, *, x: float, y: float, size: float = SIZE) -> Line:
    """Return words whose characters are as wide as high; ``y`` is counted from the top."""
    width = sum(size if ord(character) > 255 else size / 2 for character in text)
    return Line(text=text, box=Box(left=x, top=y, right=x + width, bottom=y + size), size=size)


def column(
    texts: Iterable[str], *, x: float, y: float, leading: float = 14, size: float = SIZE
) -> list[Line]:
    return [run(text, x=x, y=y + at * leading, size=size) for at, text in enumerate(texts)]


def filled(name: str, lines: int, *, characters: int = 15) -> list[str]:
    return [f"{name}{at:02}".ljust(characters, "文") for at in range(lines)]


def order(runs: Sequence[Line]) -> list[str]:
    """Return the first characters of each block, the runs being given in any order."""
    mixed = list(runs)
    random.Random(7).shuffle(mixed)
    return [block.text.strip()[:3] for block in arranged(mixed)]


def test_columns_are_read_from_left_to_right_each_from_top_to_bottom() -> None:
    page = [run for at, name in enumerate("甲乙丙") for run in column(filled(name, 9), x=170 * at, y=100)]

    assert order(page) == ["甲00", "乙00", "丙00"]


def test_the_lines_of_a_column_stay_in_their_order() -> None:
    lines = filled("甲", 9)

    assert page_text(list(reversed(column(lines, x=0, y=0)))) == "\n".join(lines)


def test_a_headline_over_all_columns_stands_before_them_and_after_the_article_above() -> None:
    page = [
        run("一版头条标题很长", x=100, y=30, size=30),
        *column(filled("甲", 9), x=0, y=80),
        *column(filled("乙", 9), x=170, y=80),
        run("下面另一篇的标题", x=100, y=230, size=24),
        *column(filled("丙", 9), x=0, y=270),
        *column(filled("丁", 9), x=170, y=270),
    ]

    assert order(page) == ["一版头", "甲00", "乙00", "下面另", "丙00", "丁00"]


def test_a_short_headline_that_has_its_height_to_itself_spans_the_columns_too() -> None:
    page = [
        *(each for at, name in enumerate("甲乙丙") for each in column(filled(name, 5), x=170 * at, y=0)),
        run("短题", x=200, y=90, size=24),
        *(each for at, name in enumerate("丁戊己") for each in column(filled(name, 5), x=170 * at, y=130)),
    ]

    assert order(page) == ["甲00", "乙00", "丙00", "短题", "丁00", "戊00", "己00"]


def test_each_column_may_have_a_headline_of_its_own() -> None:
    page = [
        *(run(f"{name}标题", x=170 * at, y=0, size=20) for at, name in enumerate("甲乙")),
        *(each for at, name in enumerate("甲乙") for each in column(filled(name, 9), x=170 * at, y=40)),
    ]

    assert order(page) == ["甲标题", "甲00", "乙标题", "乙00"]


def test_gaps_between_paragraphs_on_one_height_do_not_part_the_columns() -> None:
    page = [
        each
        for at, name in enumerate("甲乙")
        for y in (0, 100)
        for each in column(filled(f"{name}{y // 100}", 4), x=170 * at, y=y)
    ]

    assert order(page) == ["甲00", "甲10", "乙00", "乙10"]


def test_a_sidebar_beside_a_headline_and_its_columns_comes_after_them() -> None:
    page = [
        run("横跨两栏的大标题在此", x=0, y=0, size=30),
        *column(filled("甲", 9), x=0, y=50),
        *column(filled("乙", 9), x=170, y=50),
        *column(filled("边", 14), x=340, y=0),
    ]

    assert order(page) == ["横跨两", "甲00", "乙00", "边00"]


def test_a_masthead_in_pieces_is_one_line_at_the_top() -> None:
    page = [
        run("晋中日报", x=0, y=0),
        run("2023年2月23日", x=120, y=0),
        run("第1版", x=400, y=0),
        *column(filled("甲", 9), x=0, y=60),
        *column(filled("乙", 9), x=170, y=60),
    ]

    assert arranged(page)[0].text == "晋中日报 2023年2月23日 第1版"
    assert order(page)[1:] == ["甲00", "乙00"]


def test_a_masthead_close_to_the_columns_is_no_part_of_them() -> None:
    page = [
        run("晋中日报", x=0, y=0),
        run("2023年2月23日", x=190, y=0),
        *column(filled("甲", 9), x=0, y=14),
        *column(filled("乙", 9), x=170, y=14),
    ]

    assert [block.text[:6] for block in arranged(page)] == ["晋中日报 2", "甲00文文文", "乙00文文文"]


def test_a_knot_of_blocks_without_any_gutter_loses_none() -> None:
    page = [
        *column(filled("甲", 6), x=0, y=0),
        *column(filled("乙", 6, characters=20), x=180, y=20),
        *column(filled("丙", 6, characters=30), x=60, y=120),
        *column(filled("丁", 9), x=400, y=90),
    ]

    assert sorted(order(page)) == ["丁00", "丙00", "乙00", "甲00"]


def test_a_paragraph_that_is_set_in_keeps_its_white_space() -> None:
    lines = [run("甲段开头", x=20, y=0), run("甲段其余一行", x=0, y=14), run("乙段开头", x=20, y=28)]

    assert page_text([*lines, run("乙段其余一行", x=0, y=42)]) == (
        "　　甲段开头\n甲段其余一行\n　　乙段开头\n乙段其余一行"
    )


def test_runs_of_one_line_are_joined_and_a_gutter_parts_them() -> None:
    runs = [run("大会", x=0, y=0), run("开幕", x=20, y=0.5), run("另一栏", x=60, y=0)]

    assert sorted(each.text for each in lines_of(runs)) == ["另一栏", "大会开幕"]


@pytest.mark.parametrize(
    ("first", "second", "gap", "text"),
    [
        ("Latex", "Project", 3, "Latex Project"),
        ("Lat", "ex", 0, "Latex"),
        ("大会", "开幕", 3, "大会开幕"),
        ("共", "36", 3, "共 36"),
    ],
)
def test_latin_words_stay_apart_and_chinese_ones_do_not(
    first: str, second: str, gap: float, text: str
) -> None:
    before = run(first, x=0, y=0)

    assert [each.text for each in lines_of([before, run(second, x=before.box.right + gap, y=0)])] == [text]


def test_large_print_is_a_block_of_its_own() -> None:
    page = [run("大标题", x=0, y=0, size=20), *column(filled("甲", 3), x=0, y=24)]

    assert page_text(page).startswith("大标题\n\n甲00")


def test_what_is_printed_in_the_upright_keeps_its_order() -> None:
    page = [*column("竖排标题", x=0, y=0, leading=12), *column(filled("甲", 9), x=60, y=0)]

    assert page_text(page).startswith("竖\n排\n标\n题\n\n甲00")


def test_nothing_printed_gives_nothing() -> None:
    assert page_text([]) == ""
    assert page_text([run(" ", x=0, y=0)]) == ""


def test_every_word_comes_out_exactly_once_wherever_it_stands() -> None:
    chance = random.Random(11)
    page = [
        run(
            f"词{at:04}",
            x=chance.uniform(0, 2000),
            y=chance.uniform(0, 3000),
            size=chance.choice([8, 10, 30]),
        )
        for at in range(400)
    ]
    text = page_text(page)

    assert all(text.count(each.text) == 1 for each in page)


def page_with(head: str, foot: str, *, body: str) -> list[Line]:
    return [
        run(head, x=0, y=0),
        *column(filled(body, 30), x=0, y=60),
        run(foot, x=250, y=600),
    ]


def test_running_heads_stay_on_the_first_page_only_unless_they_state_facts() -> None:
    pages = [page_with("某某调研报告", f"— {at} —", body=f"体{at}") for at in range(1, 6)]
    kept = [page_text(page) for page in without_running(pages)]

    assert kept[0].startswith("某某调研报告\n\n体1")
    assert all(text.startswith(f"体{at}") for at, text in enumerate(kept[1:], start=2))
    assert kept[0].endswith("— 1 —")
    assert not any("—" in text for text in kept[1:])


def test_cells_of_a_table_that_goes_over_all_pages_are_no_running_lines() -> None:
    def row(page: int, at: int) -> list[Line]:
        cells = (f"{page * 7 + at}.{at % 10}", f"{page * 97 + 13 * at}", "合格")
        return [run(cell, x=100 * column, y=14 * at) for column, cell in enumerate(cells)]

    pages = [[cell for at in range(40) for cell in row(page, at)] for page in range(5)]

    assert without_running(pages) == pages


@pytest.mark.parametrize("foot", ["— {} —", "{} / 12", "附录 2·{}"])
def test_numbers_that_count_the_pages_make_a_foot_a_running_one(foot: str) -> None:
    pages = [page_with("某某调研报告", foot.format(at), body=f"体{at}") for at in range(7, 12)]
    kept = [page_text(page) for page in without_running(pages)]

    assert [text.split("\n")[0][:3] for text in kept] == ["某某调", "体80", "体90", "体10", "体11"]
    assert [len(page) for page in without_running(pages)] == [32, 30, 30, 30, 30]


def test_running_heads_of_a_newspaper_keep_their_day_and_page() -> None:
    pages = [page_with(f"2023年2月23日 星期四 {at}版", "责编 王某", body=f"体{at}") for at in range(1, 6)]

    for at, page in enumerate(without_running(pages), start=1):
        assert page_text(page).startswith(f"2023年2月23日 星期四 {at}版\n\n体{at}")


def test_the_masthead_of_a_file_of_few_pages_stays() -> None:
    pages = [page_with("晋中日报", "责编 王某", body=f"体{at}") for at in range(2)]

    assert [page_text(page) for page in without_running(pages)] == [page_text(page) for page in pages]
    assert without_running([[], [], []]) == [[], [], []]
