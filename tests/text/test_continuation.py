"""Jumps to and from other pages are read however they are set."""

from __future__ import annotations

import re

import pytest

from qa.text.continuation import JUMP_FROM, JUMP_TO, closes


def page_named(mark: re.Pattern[str], text: str) -> str | None:
    found = mark.search(text)
    return found.group(1) if found else None


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("居全国前三。 （下转第4版）", "4"),
        ("生产基地,(下转2版)", "2"),
        ("（下 转 第 A12 版）", "A12"),
        ("（ 下转第3版 ）", "3"),
        ("下转第4版", None),
        ("（上接第1版）", None),
        ("（下转第123版）", None),
    ],
)
def test_where_an_article_goes_on(text: str, page: str | None) -> None:
    assert page_named(JUMP_TO, text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [("(上接第1版)", "1"), ("（上接 B2 版）", "B2"), ("（下转第4版）", None), ("上接第1版", None)],
)
def test_where_an_article_began(text: str, page: str | None) -> None:
    assert page_named(JUMP_FROM, text) == page


def test_a_jump_closes_a_block_only_at_its_end() -> None:
    assert closes("居全国前三。（下转第4版）\n")
    assert not closes("（下转第4版）居全国前三。")
