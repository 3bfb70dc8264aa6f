"""Whole articles, and what is said of one that was cut."""

from __future__ import annotations

import pytest

from bench.pages import intact
from bench.pages.intact import Outcome, fault, intact_figures, intact_report, is_one_article
from qa.domain.articles import Facts
from qa.domain.sources import Source
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.segment import Draft

TEXT = "清河大桥通车\n\n大桥全长一千二百六十米。\n两侧设人行道。\n"


def cutter(*spans: tuple[int, int], heading: str = "清河大桥通车") -> object:
    """A segmenter that finds an article at each of ``spans``."""

    def cut_page(source: Source) -> list[Draft]:
        whole = TracedText.whole(source.text, source_id=source.id)
        return [
            Draft(facts=Facts(title=heading), headings=(heading,), body=whole.slice(Span(*span)))
            for span in spans
        ]

    return cut_page


def test_an_article_is_whole_where_every_line_is_in_its_body_or_headings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intact, "cut_page", cutter((8, len(TEXT))))
    assert fault(TEXT) == ""


def test_a_line_that_was_cut_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intact, "cut_page", cutter((8, 20)))
    assert fault(TEXT) == "cut: 两侧设人行道。"


def test_an_article_in_two_is_named_by_where_the_other_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intact, "cut_page", cutter((8, 20), (21, 28)))
    assert fault(TEXT) == "2 articles; others begin: 两侧设人行道。"


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("短讯。", False),
        ("大桥全长一千二百六十米。" * 8, True),
        ("大桥全长一千二百六十米。" * 8 + "\n本报太原9月21日讯 新桥通车。", False),
        ("大桥全长一千二百六十米。" * 8 + "\n本报记者 王某\n好。\n本报记者 李某\n好。", False),
    ],
)
def test_collections_of_reports_are_not_one_article(text: str, one: bool) -> None:
    assert is_one_article({"title": "清河大桥", "text": text}) is one


def test_shares_are_counted_apart_with_and_without_title() -> None:
    found = [
        Outcome(titled=True, words="甲", fault=""),
        Outcome(titled=True, words="乙", fault="cut: 某行"),
        Outcome(titled=False, words="甲", fault=""),
    ]
    assert intact_figures(found) == {"titled": 0.5, "untitled": 1.0}
    assert intact_report(found, shown=5).splitlines() == [
        "with title: 1/2 whole",
        "without title: 1/1 whole",
        "    乙  cut: 某行",
    ]
