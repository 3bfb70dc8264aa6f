from __future__ import annotations

import pytest

from qa.domain.traced import TracedText
from qa.text.blocks import Block, Role
from qa.text.headings import overlap, ranked_headings

BODY = "本报讯 省总工会印发《实施意见》，规范劳模疗休养工作。"


def heading(text: str, level: int | None = None) -> Block:
    return Block(role=Role.HEADING, traced=TracedText.whole(text, source_id="s"), level=level)


def test_overlap_is_the_share_of_character_pairs_that_the_body_repeats() -> None:
    # 劳模 模疗 疗休 休养 are there, 养假 is not
    assert overlap("劳模 疗休养假", BODY) == pytest.approx(4 / 5)
    assert overlap("", BODY) == 0.0


def test_the_line_that_the_body_repeats_most_is_the_headline_and_the_others_follow_in_print_order() -> None:
    lines = [heading("本省要闻"), heading("省总工会规范劳模疗休养工作"), heading("职工有了新去处")]

    assert tuple(each.text for each in ranked_headings(lines, BODY)) == (
        "省总工会规范劳模疗休养工作",
        "本省要闻",
        "职工有了新去处",
    )


def test_a_markdown_heading_of_a_higher_level_wins() -> None:
    assert (
        ranked_headings([heading("## 规范劳模疗休养工作", 2), heading("# 新规", 1)], BODY)[0].text == "新规"
    )


def test_a_line_after_a_dash_is_a_subtitle() -> None:
    assert ranked_headings([heading("——规范劳模疗休养工作"), heading("新规")], BODY)[0].text == "新规"


def test_nothing_over_an_article_is_no_headline() -> None:
    assert ranked_headings([], BODY) == ()
