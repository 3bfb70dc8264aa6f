"""Building: what is new is embedded and published, what is known is left alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from qa.domain.answers import Filters
from qa.domain.ports import Failed, Vectors
from qa.domain.sources import Source
from qa.engine import build
from qa.engine.articles import segmented
from qa.engine.build import Builder
from qa.errors import SourceEmpty, SurroundingsFailed
from tests.fakes import FakeEncoder, MemoryWriter, SilentProgress
from tests.shipped import page_model

MEETING = Source(name="会.txt", text="本报讯 大会在京开幕。李某主持大会。\n")
WAGE = Source(name="薪.txt", text="本报讯 最低工资标准调整。\n\n本报讯 天气晴。\n")
BROKEN = Failed(name="坏.txt", error=SourceEmpty("坏.txt：文件是空的"))


def long_page(name: str, passages: int) -> Source:
    """Return a page of one article whose passages have lengths of their own."""
    lines = [f"第{number}段，" + "长" * (210 + 7 * number % 90) + "。" for number in range(passages)]
    return Source(name=name, text="\n\n".join(lines) + "\n")


class Bench:
    """A builder over fakes."""

    def __init__(self) -> None:
        self.encoder = FakeEncoder()
        self.writer = MemoryWriter()
        self.progress = SilentProgress()
        self.builder = Builder(self.writer, self.encoder, pages=page_model(), progress=self.progress)

    def vectors_of(self, name: str) -> list[tuple[str, Vectors]]:
        held = self.writer.snapshot().held[name]
        return [(p.searched, row) for p, row in zip(held.passages, held.vectors, strict=True)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_new_sources_are_added(bench: Bench) -> None:
    report = bench.builder.add([MEETING, WAGE])

    assert report.added == ["会.txt", "薪.txt"]
    assert (report.updated, report.unchanged, report.failed) == ([], [], [])
    assert (report.articles, report.passages) == (3, 3)
    assert report.seconds >= 0
    assert bench.writer.digests() == {"会.txt": MEETING.digest, "薪.txt": WAGE.digest}


def test_unchanged_sources_are_skipped_by_their_hash(bench: Bench) -> None:
    bench.builder.add([MEETING, WAGE])
    bench.encoder.batches.clear()

    report = bench.builder.add([MEETING, WAGE])

    assert report.unchanged == ["会.txt", "薪.txt"]
    assert (report.added, report.updated, report.articles, report.passages) == ([], [], 0, 0)
    assert bench.encoder.batches == []
    assert bench.writer.published == [["会.txt", "薪.txt"]]


def test_changed_sources_are_updated(bench: Bench) -> None:
    bench.builder.add([MEETING, WAGE])

    report = bench.builder.add([MEETING, Source(name="薪.txt", text="本报讯 最低工资不变。\n")])

    assert (report.added, report.updated, report.unchanged) == ([], ["薪.txt"], ["会.txt"])
    assert (report.articles, report.passages) == (1, 1)
    assert bench.writer.snapshot().source("薪.txt").text == "本报讯 最低工资不变。\n"
    assert bench.writer.snapshot().statistics().passages == 2


def test_failures_are_listed_and_the_others_are_in(bench: Bench) -> None:
    report = bench.builder.add([BROKEN, MEETING])

    assert report.failed == [BROKEN]
    assert report.added == ["会.txt"]
    assert sorted(bench.writer.digests()) == ["会.txt"]


def test_only_failures_publish_nothing(bench: Bench) -> None:
    assert bench.builder.add([BROKEN]).failed == [BROKEN]
    assert bench.writer.published == []


def test_the_same_source_twice_in_a_run_is_taken_once(bench: Bench) -> None:
    report = bench.builder.add([MEETING, MEETING])

    assert (report.added, report.unchanged) == (["会.txt"], ["会.txt"])
    assert bench.writer.published == [["会.txt"]]


def test_every_passage_has_the_vector_of_its_own_text(bench: Bench) -> None:
    bench.builder.add([long_page("长.txt", 40), MEETING, long_page("中.txt", 9)])

    for name in ("长.txt", "会.txt", "中.txt"):
        for searched, row in bench.vectors_of(name):
            np.testing.assert_allclose(row, FakeEncoder().embed_passages([searched])[0], atol=1e-7)


def test_passages_are_embedded_by_length_a_step_at_a_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "STEP", 8)

    report = bench.builder.add([long_page("长.txt", 30)])

    lengths = [len(text) for batch in bench.encoder.batches for text in batch]
    assert lengths == sorted(lengths)
    assert len(lengths) == report.passages
    assert [len(batch) for batch in bench.encoder.batches] == [8] * (report.passages // 8) + (
        [report.passages % 8] if report.passages % 8 else []
    )


def test_what_is_printed_twice_is_embedded_once_and_found_in_both_places(bench: Bench) -> None:
    bench.builder.add([MEETING, Source(name="转载.txt", text=MEETING.text)])

    (embedded,) = bench.encoder.batches
    assert len(embedded) == len(set(embedded)) == len(bench.vectors_of("会.txt"))
    for (text, one), (again, other) in zip(
        bench.vectors_of("会.txt"), bench.vectors_of("转载.txt"), strict=True
    ):
        assert text == again
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one, FakeEncoder().embed_passages([text])[0])


def test_progress_is_told_of_every_passage(bench: Bench) -> None:
    report = bench.builder.add([long_page("长.txt", 20), MEETING])

    assert bench.progress.expected == bench.progress.advanced == report.passages


def test_a_long_run_publishes_every_so_often(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 2)
    sources = [Source(name=f"{number}.txt", text="本报讯 大会开幕。\n") for number in range(5)]

    report = bench.builder.add(sources)

    assert bench.writer.published == [["0.txt", "1.txt"], ["2.txt", "3.txt"], ["4.txt"]]
    assert report.added == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]
    assert report.passages == 5


def test_whoever_shares_the_labour_has_larger_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 2)
    made = [segmented(Source(name=f"{at}.txt", text="本报讯 开幕。\n"), page_model()) for at in range(7)]

    assert [len(group) for group in build.batched(made, share=3)] == [6, 1]


def test_a_name_twice_in_a_batch_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 2)
    first, other = (
        segmented(Source(name=name, text="本报讯 开幕。\n"), page_model()) for name in ("甲", "乙")
    )

    assert [len(group) for group in build.batched([first, first, first, other])] == [2]


def test_a_slow_run_publishes_every_so_often_too(bench: Bench) -> None:
    made = [segmented(Source(name=f"{at}.txt", text="本报讯 开幕。\n"), page_model()) for at in range(6)]
    times = iter([0.0, 20.0, 59.0, 60.0, 60.0, 119.0, 121.0, 121.0, 130.0])

    groups = [
        [each.source.name for each in group] for group in build.batched(made, clock=lambda: next(times))
    ]

    assert groups == [["0.txt", "1.txt", "2.txt"], ["3.txt", "4.txt"], ["5.txt"]]


def test_an_interrupted_run_goes_on_where_it_was(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 2)
    sources = [Source(name=f"{number}.txt", text="本报讯 大会开幕。\n") for number in range(5)]

    def interrupted() -> Iterator[Source]:
        yield from sources[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.builder.add(interrupted())
    assert sorted(bench.writer.digests()) == ["0.txt", "1.txt"]

    report = bench.builder.add(sources)
    assert report.unchanged == ["0.txt", "1.txt"]
    assert report.added == ["2.txt", "3.txt", "4.txt"]


def test_a_publication_that_fails_ends_the_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(**_: object) -> None:
        raise SurroundingsFailed("磁盘已满")

    monkeypatch.setattr(bench.writer, "publish", full_disk)
    with pytest.raises(SurroundingsFailed, match="磁盘已满"):
        bench.builder.add([MEETING])


def test_a_source_without_articles_is_held_as_well(bench: Bench) -> None:
    report = bench.builder.add([Source(name="版.txt", text="第 3 版\n")])

    assert (report.added, report.articles, report.passages) == (["版.txt"], 0, 0)
    assert bench.builder.add([Source(name="版.txt", text="第 3 版\n")]).unchanged == ["版.txt"]


def test_a_rebuild_makes_everything_again_in_one_step(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.builder.add([MEETING, WAGE])
    before = bench.writer.snapshot()
    monkeypatch.setattr(build, "BATCH_PASSAGES", 1)

    report = bench.builder.rebuild()

    after = bench.writer.snapshot()
    assert report.updated == ["会.txt", "薪.txt"]
    assert (report.articles, report.passages) == (3, 3)
    assert bench.writer.published[1:] == [["会.txt", "薪.txt"]]
    assert after.sources() == before.sources()
    assert after.articles(Filters()) == before.articles(Filters())


def test_a_rebuild_of_nothing_publishes_nothing_new(bench: Bench) -> None:
    report = bench.builder.rebuild()

    assert (report.updated, report.articles, report.passages) == ([], 0, 0)


def test_removed_sources_are_gone(bench: Bench) -> None:
    bench.builder.add([MEETING, WAGE])

    bench.builder.remove(["会.txt"])

    assert sorted(bench.writer.digests()) == ["薪.txt"]
    assert bench.writer.snapshot().statistics().passages == 2
