"""Questions over a collection that grows: what is measured is of the collection that was asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.collection import index_of
from bench.open_questions import table_of, with_caution

RECORDS = [
    {"id": "one", "text": "全市完成投资36.5亿元，同比增长百分之八。"},
    {"id": "two", "text": "晋源区的稻田里办起了音乐会，游客坐在田埂上听。"},
]


def test_a_collection_grows_and_is_not_taken_for_a_smaller_one(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("桃花开了\n记者王平报道，山上的桃花开了，来看花的人很多。\n", encoding="utf-8")

    index_of(tmp_path / "work", RECORDS[:1])
    settings = index_of(tmp_path / "work", RECORDS, pages=[page])

    assert settings.index.is_dir()
    with pytest.raises(ValueError, match="holds 1 other sources"):
        index_of(tmp_path / "work", RECORDS[1:], pages=[page])


def test_each_size_of_the_collection_has_a_column(tmp_path: Path) -> None:
    for size, figures in ((12, {"questions": 3, "wrong": 0.25}), (9, {"questions": 2})):
        (tmp_path / f"figures-{size}.json").write_text(json.dumps({"news items": size, **figures}))

    assert table_of(tmp_path).splitlines() == [
        "| news items | 9 | 12 |",
        "| --- | --- | --- |",
        "| questions | 2 | 3 |",
        "| wrong | — | 0.250 |",
    ]


def test_more_caution_refuses_more_of_what_is_right_and_of_what_is_wrong() -> None:
    rows = [
        {
            "answers": ["36.5亿元"],
            "with": {"best": answer, "certain": there},
            "without": {"best": "别处的话", "certain": without},
        }
        for answer, there, without in (
            ("36.5亿元", 0.9, 0.1),
            ("36.5亿元", 0.55, 0.1),
            ("百分之八", 0.45, 0.65),
            ("", 0.0, 0.0),
        )
    ]

    bold, careful = with_caution(rows, 0.4), with_caution(rows, 0.7)

    assert list(bold.values()) == [0.5, 0.25, 0.75, 0.25]
    assert list(careful.values()) == [0.25, 0.75, 1.0, 0.0]
