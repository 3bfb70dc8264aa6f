"""Example questions come from the collection, and from all over it."""

from __future__ import annotations

from datetime import date

from qa.domain.ports import IndexedSource
from qa.engine.examples import examples
from tests.fakes import MemorySnapshot, MemoryWriter, indexed, story

NEW, OLD = date(2023, 3, 1), date(2022, 1, 1)


def held(*sources: IndexedSource) -> MemorySnapshot:
    writer = MemoryWriter()
    writer.publish(put=sources, remove=())
    return writer.snapshot()


PAGES = (
    indexed(
        "甲.txt",
        story("共有3个项目开工。", title="我市3个项目集中开工", day=OLD),
        story("共有5名教师获奖。", title="我市5名教师获奖", day=OLD),
    ),
    indexed("乙.txt", story("新建学校7所。", title="全市新建学校7所", day=NEW)),
    indexed("丙.txt", story("新建学校9所。", title="全市新建学校7所", day=NEW)),
)


def test_the_newest_come_first_and_then_each_source_in_turn() -> None:
    found = examples(held(*PAGES), limit=6)

    assert [(each.question, each.printed.source_name) for each in found] == [
        ("全市新建学校多少所？", "乙.txt"),
        ("我市多少个项目集中开工？", "甲.txt"),
        ("我市多少名教师获奖？", "甲.txt"),
    ]


def test_no_more_than_asked_for() -> None:
    assert [each.question for each in examples(held(*PAGES), limit=1)] == ["全市新建学校多少所？"]


def test_an_empty_collection_has_none() -> None:
    assert examples(held(), limit=6) == []
