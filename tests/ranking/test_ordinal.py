"""What is told of the first fair is not told of the second."""

from __future__ import annotations

import pytest

from qa.ranking.ordinal import is_of_another, ordinals


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("首届博览会与第12届论坛", {(1, "届"), (12, "届")}),
        ("第二十一批名单，首批名单", {(21, "批"), (1, "批")}),
        ("第一次来到，第三条规定，首次公布，分批办理", set()),
    ],
)
def test_ordinals_are_read_in_digits_and_in_words(text: str, named: set[tuple[int, str]]) -> None:
    assert ordinals(text) == named


@pytest.mark.parametrize(
    ("question", "article", "another"),
    [
        ("第二届博览会在哪年举办？", "首届博览会2022年在太谷举办。", True),
        ("第二届博览会在哪年举办？", "首届博览会2022年举办，第二届2023年举办。", False),
        ("第二届博览会在哪年举办？", "博览会2022年在太谷举办。", False),
        ("第二届博览会在哪年举办？", "首批专业镇2022年公布。", False),
        ("博览会在哪年举办？", "首届博览会2022年在太谷举办。", False),
    ],
)
def test_an_article_that_names_only_others_does_not_answer(
    question: str, article: str, another: bool
) -> None:
    assert is_of_another(ordinals(question), article) is another
