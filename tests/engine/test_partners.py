"""Articles that jump from page to page are one, however their pages come, change and go."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.domain.answers import Filters
from qa.domain.sources import Source
from qa.engine import articles, build
from qa.engine.articles import cut_together, segmented
from qa.engine.build import Builder
from qa.errors import NotFound
from tests.engine.pages import paper_page, segment_lines
from tests.fakes import FakeEncoder, MemoryWriter, SilentProgress
from tests.shipped import page_model

ONE = paper_page("一版.txt", "煤炭产量去年稳步（下转第4版）", "天气晴。")
FOUR = paper_page("四版.txt", "（上接第1版）增长，煤炭企业复工。", "招聘启事。", head="吕梁日报 2023-02-24 4")
TWO = paper_page("二版.txt", "老陈醋展出（下转第4版）", head="吕梁日报 2023-02-24 2")
OTHER_DAY = paper_page("旧四版.txt", "（上接第1版）增长，煤炭价格。", head="吕梁日报 2023-02-23 4")
OTHER = paper_page("别报.txt", "（上接第1版）增长，煤炭运输。", head="晋中日报 2023-02-24 4")
WHOLE = "煤炭产量去年稳步（下转第4版）（上接第1版）增长，煤炭企业复工。"


@pytest.fixture(autouse=True)
def lines_are_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "segment", segment_lines)


class Bench:
    """A builder over fakes, and what it has published."""

    def __init__(self) -> None:
        self.encoder = FakeEncoder()
        self.writer = MemoryWriter()
        self.builder = Builder(self.writer, self.encoder, pages=page_model(), progress=SilentProgress())

    def add(self, *sources: Source) -> list[str]:
        """Add sources in one run; return the names of what was published."""
        self.builder.add(sources)
        return self.writer.published[-1]

    def bodies(self, *globs: str) -> list[str]:
        snapshot = self.writer.snapshot()
        texts = {each.id: snapshot.source(each.id).text for each in snapshot.sources()}
        return [
            "".join(texts[p.source_id][p.span.start : p.span.end] for p in each.article.places)
            for each in snapshot.articles(Filters(sources=globs))
        ]

    def state(self) -> object:
        """Return everything that is held, but for the numbers of passages."""
        return {
            name: (
                held.source,
                list(held.articles),
                list(held.passages),
                held.vectors.tolist(),
                sorted(map(repr, held.parts)),
            )
            for name, held in self.writer.snapshot().held.items()
        }


@pytest.fixture
def bench() -> Bench:
    return Bench()


def from_scratch(*sources: Source) -> object:
    """Return what is held when all sources come in one run."""
    fresh = Bench()
    fresh.builder.add(sources)
    return fresh.state()


def test_pages_that_come_together_are_joined(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    assert bench.bodies() == [WHOLE, "天气晴。", "招聘启事。"]


def test_a_page_that_comes_later_is_joined_with_the_one_that_is_held(bench: Bench) -> None:
    bench.add(FOUR)
    assert bench.bodies() == ["（上接第1版）增长，煤炭企业复工。", "招聘启事。"]

    assert sorted(bench.add(ONE)) == ["一版.txt", "四版.txt"]
    assert bench.bodies() == [WHOLE, "天气晴。", "招聘启事。"]


@pytest.mark.parametrize("order", list(permutations([ONE, FOUR, TWO, OTHER_DAY, OTHER])))
def test_in_whatever_order_pages_come_the_articles_are_the_same(
    order: tuple[Source, ...], bench: Bench
) -> None:
    for page in order:
        bench.add(page)

    assert bench.state() == from_scratch(ONE, FOUR, TWO, OTHER_DAY, OTHER)
    assert WHOLE in bench.bodies()


def test_a_page_that_comes_twice_changes_nothing(bench: Bench) -> None:
    bench.add(ONE, FOUR)
    before = bench.state()

    report = bench.builder.add([ONE])
    assert report.unchanged == ["一版.txt"]
    assert bench.state() == before


def test_a_page_under_two_names_is_joined_once(bench: Bench) -> None:
    copy = Source(name="副本.txt", text=ONE.text)
    bench.add(copy)
    bench.add(FOUR, ONE)

    assert sorted(bench.bodies()) == sorted(
        [WHOLE, "天气晴。", "招聘启事。", "煤炭产量去年稳步（下转第4版）", "天气晴。"]
    )
    assert bench.state() == from_scratch(ONE, copy, FOUR)


def test_the_article_is_found_by_the_name_of_either_page(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    assert bench.bodies("一版.txt") == [WHOLE, "天气晴。"]
    assert bench.bodies("四版.txt") == [WHOLE, "招聘启事。"]


def test_a_sentence_over_the_jump_is_in_one_passage(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    snapshot = bench.writer.snapshot()
    numbers = snapshot.passages_within(Filters(sources=("四版.txt",)))
    texts = [each.passage.text for each in snapshot.cite(sorted(numbers or ()))]
    assert texts == [WHOLE, "招聘启事。"]


def test_what_stands_beside_a_jump_keeps_its_name(bench: Bench) -> None:
    bench.add(FOUR)
    (_, notice) = bench.writer.snapshot().articles(Filters())
    bench.add(ONE)

    assert bench.writer.snapshot().article(notice.article.id).article == notice.article


def test_removing_the_second_page_gives_the_first_part_back(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    assert bench.builder.remove(["四版.txt"]) == ["四版.txt"]
    assert bench.bodies() == ["煤炭产量去年稳步（下转第4版）", "天气晴。"]
    assert bench.state() == from_scratch(ONE)


def test_removing_the_first_page_gives_the_second_part_back(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    assert bench.builder.remove([ONE.id]) == ["一版.txt"]
    assert bench.bodies() == ["（上接第1版）增长，煤炭企业复工。", "招聘启事。"]
    assert bench.state() == from_scratch(FOUR)


def test_removing_both_pages_leaves_nothing_and_asks_the_encoder_for_nothing(bench: Bench) -> None:
    bench.add(ONE, FOUR)
    bench.encoder.batches.clear()

    assert bench.builder.remove(["一版.txt", "四版.txt", FOUR.id]) == ["一版.txt", "四版.txt"]
    assert bench.bodies() == []
    assert bench.encoder.batches == []


def test_removing_what_is_not_held_removes_nothing(bench: Bench) -> None:
    bench.add(ONE, FOUR)

    with pytest.raises(NotFound, match="没有来源 五版"):
        bench.builder.remove(["一版.txt", "五版.txt"])
    assert bench.bodies() == [WHOLE, "天气晴。", "招聘启事。"]


def test_a_page_that_changes_is_joined_anew(bench: Bench) -> None:
    bench.add(ONE, FOUR)
    bench.add(paper_page("四版.txt", "（上接第1版）下降。", head="吕梁日报 2023-02-24 4"))

    assert bench.bodies() == ["煤炭产量去年稳步（下转第4版）（上接第1版）下降。", "天气晴。"]
    bench.add(paper_page("四版.txt", "招聘启事。", head="吕梁日报 2023-02-24 4"))
    assert bench.bodies() == ["煤炭产量去年稳步（下转第4版）", "天气晴。", "招聘启事。"]


def test_words_that_move_on_the_second_page_are_cited_where_they_are_now(bench: Bench) -> None:
    bench.add(ONE, FOUR)
    moved = paper_page(
        "四版.txt", "新启事。", "（上接第1版）增长，煤炭企业复工。", head="吕梁日报 2023-02-24 4"
    )
    bench.add(moved)

    assert bench.bodies() == [WHOLE, "天气晴。", "新启事。"]
    assert bench.state() == from_scratch(ONE, moved)


def test_pages_that_share_nothing_with_what_comes_are_not_read_again(bench: Bench) -> None:
    many = [
        paper_page(f"{day:02}日.txt", "煤炭（下转第4版）", head=f"吕梁日报 2023-01-{day:02} 1")
        for day in range(1, 21)
    ]
    bench.add(ONE, TWO, OTHER_DAY, OTHER, *many)
    bench.writer.read.clear()

    assert sorted(bench.add(FOUR)) == ["一版.txt", "四版.txt"]
    assert bench.writer.read == ["一版.txt"]


def test_partners_whose_articles_stay_as_they_are_are_not_published_again(bench: Bench) -> None:
    three = paper_page("三版.txt", "老陈醋（下转第4版）", head="吕梁日报 2023-02-24 3")
    four = paper_page(
        "四版.txt", "（上接第1版）增长，煤炭。", "（上接第3版）老陈醋香。", head="吕梁日报 2023-02-24 4"
    )
    bench.add(three, four)
    bench.encoder.batches.clear()

    assert sorted(bench.add(ONE)) == ["一版.txt", "四版.txt"]
    embedded = [text for batch in bench.encoder.batches for text in batch]
    assert not any("老陈醋" in text for text in embedded)


def test_a_rebuild_joins_as_well(bench: Bench) -> None:
    bench.add(FOUR)
    bench.add(ONE)
    before = bench.state()
    bench.builder.rebuild()

    assert bench.state() == before


def test_batches_of_one_run_are_joined_over_their_edges(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 1)
    report = bench.builder.add([ONE, OTHER, FOUR])

    assert [sorted(each) for each in bench.writer.published] == [
        ["一版.txt"],
        ["别报.txt"],
        ["一版.txt", "四版.txt"],
    ]
    assert report.added == ["一版.txt", "别报.txt", "四版.txt"]
    assert bench.state() == from_scratch(ONE, OTHER, FOUR)


def test_sources_are_given_back_in_the_order_they_came() -> None:
    made = (
        cut_together([segmented(ONE, page_model()), segmented(FOUR, page_model())]),
        cut_together([segmented(FOUR, page_model()), segmented(ONE, page_model())]),
    )

    assert [each.source.name for each in made[0]] == ["一版.txt", "四版.txt"]
    assert made[0] == made[1][::-1]


LINES = (
    "煤炭产量（下转第4版）",
    "老陈醋（下转第4版）",
    "（上接第1版）煤炭增长。",
    "（上接第1版）老陈醋香。",
    "（上接第2版）煤炭（下转第1版）",
    "天气晴。",
)
page_texts = st.builds(
    lambda paper, day, page, lines: "\n".join([f"{paper} {day} {page}", *lines, ""]),
    st.sampled_from(["吕梁日报", "晋中日报", "-"]),
    st.sampled_from(["2023-02-24", "2023-02-25", "-"]),
    st.sampled_from(["1", "2", "4", "-"]),
    st.lists(st.sampled_from(LINES), max_size=3),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.dictionaries(st.sampled_from("甲乙丙丁戊"), page_texts, max_size=3)),
        st.tuples(st.just("remove"), st.sets(st.sampled_from("甲乙丙丁戊"), max_size=2)),
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_after_any_changes_the_index_is_what_its_sources_make_at_once(
    steps: list[tuple[str, dict[str, str] | set[str]]],
) -> None:
    bench = Bench()
    held: dict[str, Source] = {}
    for what, names in steps:
        if isinstance(names, dict):
            added = {name: Source(name=name, text=text) for name, text in names.items()}
            held |= added
            bench.builder.add(added.values())
        else:
            gone = sorted(names & held.keys())
            held = {name: source for name, source in held.items() if name not in gone}
            bench.builder.remove(gone)

        assert bench.state() == from_scratch(*held.values()), what
