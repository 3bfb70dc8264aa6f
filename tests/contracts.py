"""What every implementation of a port must do; each adapter's tests inherit it.

Override the fixture that raises ``NotImplementedError`` to return yours.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qa.domain.answers import Filters
from qa.domain.articles import Facts, ListedArticle, Newspaper, Part
from qa.domain.ports import Encoder, IndexedSource, Loader, Publications, Reader, Snapshot, Writer
from qa.domain.sources import Source, Told
from qa.domain.spans import SourceSpan, Span
from qa.errors import NotFound, SourceEmpty, SourceMissing, SourceTooLarge
from tests.fakes import FakeEncoder, indexed, over_two_pages, story

MEETING = "省委书记蓝佛安主持会议并讲话。"
WAGE = "调整后最低工资标准自2023年1月1日起施行。"
WEATHER = "明天白天多云间晴，气温零下二度。"
FACTORY = "年产三万吨相变储能材料项目开工建设。"


class EncoderContract:
    """What an encoder must do; needs only the fixture ``encoder``."""

    @pytest.fixture
    def encoder(self) -> Encoder:
        raise NotImplementedError

    def test_a_row_has_the_dimension_that_the_encoder_names(self, encoder: Encoder) -> None:
        rows = encoder.embed_passages([MEETING, WAGE, WEATHER])

        assert rows.shape == (3, encoder.identity.dimension)
        assert rows.dtype == np.float32

    def test_every_row_has_unit_length(self, encoder: Encoder) -> None:
        rows = np.concatenate(
            [encoder.embed_passages([MEETING, "一"]), encoder.embed_questions(["谁主持？"])]
        )

        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)

    def test_no_texts_make_no_rows(self, encoder: Encoder) -> None:
        assert encoder.embed_passages([]).shape == (0, encoder.identity.dimension)
        assert encoder.embed_questions([]).shape == (0, encoder.identity.dimension)

    def test_the_same_text_gives_the_same_row(self, encoder: Encoder) -> None:
        np.testing.assert_array_equal(encoder.embed_passages([WAGE]), encoder.embed_passages([WAGE]))

    def test_rows_come_in_the_order_of_the_texts(self, encoder: Encoder) -> None:
        texts = [WAGE * 8, "一", MEETING, WEATHER * 3]

        together = encoder.embed_passages(texts)

        alone = np.concatenate([encoder.embed_passages([text]) for text in texts])
        nearest = np.argmax(together @ alone.T, axis=1)
        assert nearest.tolist() == [0, 1, 2, 3]
        # A batch is padded, and may be computed in bf16: near, not equal.
        np.testing.assert_allclose(np.sum(together * alone, axis=1), 1.0, atol=0.02)

    def test_a_question_is_nearest_to_the_passage_that_has_its_words(self, encoder: Encoder) -> None:
        question = encoder.embed_questions(["最低工资标准自哪一天起施行？"])[0]

        scores = encoder.embed_passages([MEETING, WAGE, WEATHER, FACTORY]) @ question

        assert int(np.argmax(scores)) == 1

    def test_odd_texts_have_a_row_as_well(self, encoder: Encoder) -> None:
        rows = encoder.embed_passages([" ", "\n", "𠮷🀄", "a", "中" * 3000])

        assert np.isfinite(rows).all()
        assert len(rows) == 5

    def test_the_identity_names_the_encoder_and_stays(self, encoder: Encoder) -> None:
        before = encoder.identity
        encoder.embed_questions(["谁主持？"])

        assert encoder.identity == before
        assert before.name
        assert len(before.digest) == 64
        assert str(before) == f"{before.name}（{before.digest[:8]}，{before.dimension} 维）"


class ReaderContract:
    """What a reader must do; needs only the fixture ``reader``."""

    @pytest.fixture
    def reader(self) -> Reader:
        raise NotImplementedError

    def test_the_passage_that_answers_is_read_first(self, reader: Reader) -> None:
        readings = reader.read(
            "谁主持会议并讲话？", passages=[WEATHER, FACTORY, MEETING, WAGE], titles=[""] * 4
        )

        assert readings[0].passage == 2

    def test_what_is_read_is_printed_in_the_passage(self, reader: Reader) -> None:
        passages = [WAGE, MEETING + "\n" + WEATHER + "\n", "\n\n" + FACTORY]

        for reading in reader.read("最低工资标准何时起施行？", passages=passages, titles=["", "天气", ""]):
            quote = passages[reading.passage][reading.span.start : reading.span.end]
            assert len(quote) == len(reading.span)
            assert quote.strip()

    def test_readings_of_a_passage_do_not_overlap_and_the_best_comes_first(self, reader: Reader) -> None:
        readings = reader.read(
            "谁主持会议？", passages=[MEETING * 3, WAGE, MEETING, WEATHER], titles=["会议", "", "", ""]
        )

        scores = [reading.score for reading in readings]
        assert scores == sorted(scores, reverse=True)
        places = sorted((reading.passage, reading.span) for reading in readings)
        for (passage, span), (other, behind) in itertools.pairwise(places):
            assert passage != other or span.end <= behind.start

    def test_equal_passages_are_read_in_their_order(self, reader: Reader) -> None:
        best = reader.read("谁主持会议？", passages=[MEETING] * 3, titles=[""] * 3)[:3]

        assert [reading.passage for reading in best] == [0, 1, 2]
        assert len({reading.score for reading in best}) == 1
        assert len({reading.span for reading in best}) == 1

    def test_no_passages_give_no_readings(self, reader: Reader) -> None:
        assert list(reader.read("谁主持会议？", passages=[], titles=[])) == []

    def test_blank_passages_give_no_readings(self, reader: Reader) -> None:
        assert list(reader.read("谁主持会议？", passages=["\n", " "], titles=["", ""])) == []

    def test_the_same_question_is_read_the_same(self, reader: Reader) -> None:
        first, second = (
            list(reader.read("何时起施行？", passages=[MEETING, WAGE], titles=["", ""])) for _ in range(2)
        )

        assert first == second

    def test_the_reader_has_a_name(self, reader: Reader) -> None:
        assert reader.name


class LoaderContract:
    """What a loader must do; needs ``loader`` and ``sample``, a file of its format that holds MEETING."""

    @pytest.fixture
    def loader(self) -> Loader:
        raise NotImplementedError

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        raise NotImplementedError

    def only(self, loader: Loader, path: Path, *, name: str = "一", limit: int = 2**20) -> Source:
        """Return the one source of a file."""
        (found,) = loader.load(path, name=name, limit=limit)
        assert isinstance(found, Source)
        return found

    def test_the_text_of_the_file_is_in_the_source(self, loader: Loader, sample: Path) -> None:
        assert MEETING in self.only(loader, sample).text

    def test_the_source_has_the_name_it_was_given(self, loader: Loader, sample: Path) -> None:
        assert self.only(loader, sample, name="版面/一").name == "版面/一"

    def test_the_same_file_gives_the_same_source(self, loader: Loader, sample: Path) -> None:
        assert self.only(loader, sample) == self.only(loader, sample)

    def test_text_as_large_as_the_limit_is_taken(self, loader: Loader, sample: Path) -> None:
        limit = len(self.only(loader, sample).text.encode())

        assert self.only(loader, sample, limit=max(limit, self.overhead(sample))).text

    def test_a_byte_more_than_the_limit_is_refused(self, loader: Loader, sample: Path) -> None:
        limit = len(self.only(loader, sample).text.encode()) - 1

        with pytest.raises(SourceTooLarge, match=r"^一.*超过 .*QA_MAX_SOURCE_BYTES"):
            self.only(loader, sample, limit=limit)

    def overhead(self, sample: Path) -> int:
        """Return the least limit under which the sample can be read at all."""
        return 0

    def test_a_missing_file_is_named(self, loader: Loader, sample: Path) -> None:
        with pytest.raises(SourceMissing, match=r"^没有\.txt：没有这个文件"):
            list(loader.load(sample.parent / "没有.txt", name="没有.txt", limit=2**20))

    def test_an_empty_file_is_refused(self, loader: Loader, sample: Path) -> None:
        sample.write_bytes(b"")

        with pytest.raises(SourceEmpty, match=r"^一：文件是空的"):
            list(loader.load(sample, name="一", limit=2**20))


DAY = date(2023, 2, 23)


def pages() -> list[IndexedSource]:
    """Return what a snapshot under contract holds: passages 1 to 5, in this order."""
    return [
        indexed(
            "二月/甲.txt",
            story("大会在京开幕。", "李某主持大会。", title="大会开幕", day=DAY, newspaper="吕梁日报"),
            story("今日天气晴，气温三度。", title="天气", newspaper="吕梁日报"),
        ),
        indexed(
            "三月/乙.txt",
            story("玛钢企业签约二十份协议。", title="博览会", day=date(2023, 3, 1), newspaper="乙报"),
        ),
        indexed("丙[1].txt", story("玛钢企业签约二十份协议。", title="博览会", day=date(2023, 3, 2))),
    ]


class SnapshotContract:
    """What a snapshot must do; ``snapshot`` holds ``pages()``."""

    @pytest.fixture
    def snapshot(self) -> Snapshot:
        raise NotImplementedError

    def texts(self, snapshot: Snapshot, numbers: list[int]) -> list[str]:
        return [cited.passage.text for cited in snapshot.cite(numbers)]

    def test_it_counts_what_it_holds(self, snapshot: Snapshot) -> None:
        statistics = snapshot.statistics()

        assert (statistics.sources, statistics.articles, statistics.passages) == (3, 4, 5)
        assert statistics.version == snapshot.version
        assert statistics.encoder == FakeEncoder().identity
        assert statistics.bytes > 0

    def test_the_words_of_a_question_are_found_in_what_says_them(self, snapshot: Snapshot) -> None:
        words = snapshot.words
        tells = words.telling("ＧＤＰ大会在哪里开幕？")

        assert list(tells)
        assert all(word in words.folded("ＧＤＰ大会在哪里开幕？") for word in tells)
        assert min(tells.values()) >= 0 < max(tells.values())
        assert words.telling("，。？") == {}

    def test_passages_are_numbered_in_the_order_they_came(self, snapshot: Snapshot) -> None:
        assert self.texts(snapshot, [1, 2, 3, 4, 5]) == [
            "大会在京开幕。",
            "李某主持大会。",
            "今日天气晴，气温三度。",
            "玛钢企业签约二十份协议。",
            "玛钢企业签约二十份协议。",
        ]

    def test_passages_are_cited_in_the_order_asked_for(self, snapshot: Snapshot) -> None:
        cited = snapshot.cite([4, 1])

        assert [each.passage.text for each in cited] == ["玛钢企业签约二十份协议。", "大会在京开幕。"]
        assert [each.source_name for each in cited] == ["三月/乙.txt", "二月/甲.txt"]
        assert [each.article.facts.title for each in cited] == ["博览会", "大会开幕"]
        assert [each.article.facts.date for each in cited] == [date(2023, 3, 1), DAY]

    def test_a_citation_leads_to_the_words_in_the_source(self, snapshot: Snapshot) -> None:
        for number in range(1, 6):
            cited = snapshot.cite([number])[0]
            source = snapshot.source(cited.source_name)
            printed = "".join(source.text[p.span.start : p.span.end] for p in cited.passage.traced.origin)
            assert printed == cited.passage.text

    def test_no_numbers_cite_nothing(self, snapshot: Snapshot) -> None:
        assert list(snapshot.cite([])) == []

    def test_the_newest_date_is_that_of_an_article(self, snapshot: Snapshot) -> None:
        dates = [each.article.facts.date for each in snapshot.articles(Filters())]

        assert snapshot.newest() == max(day for day in dates if day)

    def test_the_papers_that_articles_name_are_counted(self, snapshot: Snapshot) -> None:
        day = date(2023, 3, 1)

        assert list(snapshot.newspapers()) == [
            Newspaper(name="乙报", articles=1, first=day, last=day),
            Newspaper(name="吕梁日报", articles=2, first=DAY, last=DAY),
        ]

    def test_the_nearest_vector_comes_first(self, snapshot: Snapshot) -> None:
        question = FakeEncoder().embed_questions(["大会开幕\n李某主持大会。"])[0]

        hits = snapshot.search_dense(question, limit=3, within=None)

        assert hits[0].number == 2
        # Kept in 16 bits, so equal to about three digits.
        assert hits[0].score == pytest.approx(1.0, abs=1e-3)

    def test_equal_vectors_come_by_number(self, snapshot: Snapshot) -> None:
        question = FakeEncoder().embed_questions(["玛钢企业签约二十份协议。"])[0]

        hits = snapshot.search_dense(question, limit=2, within=None)

        assert [hit.number for hit in hits] == [4, 5]
        assert hits[0].score == hits[1].score

    def test_a_rare_word_finds_its_passage(self, snapshot: Snapshot) -> None:
        assert [hit.number for hit in snapshot.search_lexical("气温", limit=5, within=None)] == [3]

    def test_equal_texts_come_by_number(self, snapshot: Snapshot) -> None:
        hits = snapshot.search_lexical("玛钢企业", limit=5, within=None)

        assert [hit.number for hit in hits] == [4, 5]
        assert hits[0].score == hits[1].score > 0

    def test_a_word_of_the_title_finds_the_passages_below_it(self, snapshot: Snapshot) -> None:
        assert {hit.number for hit in snapshot.search_lexical("博览会", limit=5, within=None)} == {4, 5}

    def test_words_that_are_nowhere_find_nothing(self, snapshot: Snapshot) -> None:
        assert list(snapshot.search_lexical("魑魅魍魉", limit=5, within=None)) == []

    @pytest.mark.parametrize("limit", [1, 3, 5, 100])
    def test_the_limit_is_kept(self, snapshot: Snapshot, limit: int) -> None:
        question = FakeEncoder().embed_questions(["大会"])[0]

        assert len(snapshot.search_dense(question, limit=limit, within=None)) == min(limit, 5)
        assert len(snapshot.search_lexical("大会玛钢企业", limit=limit, within=None)) == min(limit, 4)

    def test_only_passages_within_are_found(self, snapshot: Snapshot) -> None:
        question = FakeEncoder().embed_questions(["玛钢企业签约二十份协议。"])[0]

        assert {hit.number for hit in snapshot.search_dense(question, limit=5, within={5, 1})} == {5, 1}
        assert [hit.number for hit in snapshot.search_lexical("玛钢大会", limit=5, within={5})] == [5]

    def test_within_nothing_nothing_is_found(self, snapshot: Snapshot) -> None:
        question = FakeEncoder().embed_questions(["大会"])[0]

        assert list(snapshot.search_dense(question, limit=5, within=set())) == []
        assert list(snapshot.search_lexical("大会", limit=5, within=set())) == []

    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            (Filters(), None),
            (Filters(sources=("二月/*",)), {1, 2, 3}),
            (Filters(sources=("*月/*",)), {1, 2, 3, 4}),
            (Filters(sources=("二月/甲.txt", "三月/乙.txt")), {1, 2, 3, 4}),
            (Filters(sources=("没有*",)), set()),
            (Filters(first=DAY), {1, 2, 4, 5}),
            (Filters(first=date(2023, 2, 24)), {4, 5}),
            (Filters(last=DAY), {1, 2}),
            (Filters(first=date(2023, 3, 1), last=date(2023, 3, 1)), {4}),
            (Filters(sources=("二月/*",), first=date(2023, 3, 1)), set()),
            (Filters(newspapers=("吕梁日报",)), {1, 2, 3}),
            (Filters(newspapers=("吕梁日报", "乙报"), last=DAY), {1, 2}),
            (Filters(newspapers=("吕梁*",)), set()),
        ],
    )
    def test_filters_leave_out_other_sources_and_days(
        self, snapshot: Snapshot, filters: Filters, numbers: set[int] | None
    ) -> None:
        within = snapshot.passages_within(filters)

        assert (within if within is None else set(within)) == numbers

    def test_an_article_that_is_held_out_is_as_if_it_had_never_been_printed(self, snapshot: Snapshot) -> None:
        [first, second] = snapshot.cite([1, 4])
        filters = Filters(without=frozenset({first.article.id}))

        within = snapshot.passages_within(filters)

        assert within is not None
        assert set(within) == {3, 4, 5}
        assert [each.article.id for each in snapshot.articles(filters)].count(second.article.id) == 1
        assert first.article.id not in {each.article.id for each in snapshot.articles(filters)}

    def test_sources_are_listed_by_name(self, snapshot: Snapshot) -> None:
        listed = [
            (each.name, each.characters, each.articles, each.passages, each.id, each.digest)
            for each in snapshot.sources()
        ]

        made = {each.source.name: each.source for each in pages()}
        assert listed == [
            (name, len(made[name].text), articles, passages, made[name].id, made[name].digest)
            for name, articles, passages in [
                ("三月/乙.txt", 1, 1),
                ("丙[1].txt", 1, 1),
                ("二月/甲.txt", 2, 3),
            ]
        ]

    def test_a_source_is_given_back_by_name_and_by_id(self, snapshot: Snapshot) -> None:
        expected = pages()[2].source

        assert snapshot.source("丙[1].txt") == expected
        assert snapshot.source(expected.id) == expected
        assert snapshot.source(expected.id).text == "玛钢企业签约二十份协议。\n"

    def test_articles_come_by_source_and_in_page_order(self, snapshot: Snapshot) -> None:
        listed = [(each.article.facts.title, each.source_name) for each in snapshot.articles(Filters())]

        assert listed == [
            ("博览会", "三月/乙.txt"),
            ("博览会", "丙[1].txt"),
            ("大会开幕", "二月/甲.txt"),
            ("天气", "二月/甲.txt"),
        ]

    @pytest.mark.parametrize(
        "filters",
        [
            Filters(),
            Filters(sources=("二月/*", "丙[1].txt")),
            Filters(newspapers=("吕梁日报",), first=DAY),
            Filters(last=DAY),
            Filters(sources=("没有*",)),
        ],
    )
    def test_what_is_listed_is_what_is_read(self, snapshot: Snapshot, filters: Filters) -> None:
        articles = [each.article for each in snapshot.articles(filters)]

        assert list(snapshot.listed(filters)) == [
            ListedArticle(
                id=each.id, source_id=each.source_id, date=each.facts.date, newspaper=each.facts.newspaper
            )
            for each in articles
        ]

    def test_articles_are_given_back_in_the_order_asked_for(self, snapshot: Snapshot) -> None:
        ids = [each.id for each in snapshot.listed(Filters())]
        asked = [ids[3], ids[0], ids[3]]

        assert [each.article.id for each in snapshot.articles_by_id(asked)] == asked
        assert list(snapshot.articles_by_id([])) == []
        with pytest.raises(NotFound, match="没有文章 丁"):
            snapshot.articles_by_id([ids[0], "丁"])

    def test_an_article_is_given_back_by_its_id(self, snapshot: Snapshot) -> None:
        expected = pages()[0].articles[1]

        found = snapshot.article(expected.id)

        assert found.article == expected
        assert found.source_names == {expected.source_id: "二月/甲.txt"}
        assert found.source_name == "二月/甲.txt"

    def test_what_is_not_there_is_not_found(self, snapshot: Snapshot) -> None:
        with pytest.raises(NotFound, match="没有来源 丁"):
            snapshot.source("丁")
        with pytest.raises(NotFound, match="没有文章 丁"):
            snapshot.article("丁")

    def test_places_lie_in_the_source_they_name(self, snapshot: Snapshot) -> None:
        ids = {each.id for each in snapshot.sources()}
        listed = snapshot.articles(Filters())
        places: list[SourceSpan] = [place for each in listed for place in each.article.places]

        assert {place.source_id for place in places} == ids


class PublicationsContract:
    """What publications must do: ``writer`` is new, and what it publishes comes out at ``publications``."""

    @pytest.fixture
    def writer(self) -> Writer:
        raise NotImplementedError

    @pytest.fixture
    def publications(self) -> Publications:
        raise NotImplementedError

    def test_the_latest_version_is_the_one_that_opens(
        self, writer: Writer, publications: Publications
    ) -> None:
        for page in pages():
            writer.publish(put=[page], remove=())
            snapshot = publications.open()
            assert snapshot.version == publications.latest()
            assert page.source.name in [each.name for each in snapshot.sources()]
            snapshot.close()

    def test_no_two_publications_have_one_token(self, writer: Writer, publications: Publications) -> None:
        seen = []
        for _ in range(3):
            writer.publish(put=pages(), remove=())
            seen.append(publications.latest())

        assert len(set(seen)) == 3

    def test_an_open_version_stays_as_it_is(self, writer: Writer, publications: Publications) -> None:
        first, *rest = pages()
        writer.publish(put=[first], remove=())
        snapshot = publications.open()
        before = snapshot.version
        writer.publish(put=rest, remove=[first.source.name])

        assert snapshot.version == before != publications.latest()
        assert [each.name for each in snapshot.sources()] == [first.source.name]
        assert snapshot.source(first.source.name).text == first.source.text
        snapshot.close()


class WriterContract:
    """What a writer must do; ``writer`` is new and holds nothing, ``snapshot_of`` opens what it published."""

    @pytest.fixture
    def writer(self) -> Writer:
        raise NotImplementedError

    @pytest.fixture
    def snapshot_of(self) -> Callable[[], Snapshot]:
        raise NotImplementedError

    def test_a_new_index_holds_nothing(self, writer: Writer) -> None:
        assert writer.digests() == {}
        assert list(writer.held()) == []

    def test_it_holds_what_was_put(self, writer: Writer) -> None:
        writer.publish(put=pages(), remove=())

        assert writer.digests() == {each.source.name: each.source.digest for each in pages()}
        assert [each.name for each in writer.held()] == ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]
        assert {each.name: each for each in writer.held()} == {p.source.name: p.source for p in pages()}

    def test_new_content_takes_the_place_of_the_old(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=pages(), remove=())
        writer.publish(put=[indexed("三月/乙.txt", story("煤炭企业开工。"))], remove=())

        snapshot = snapshot_of()
        assert snapshot.source("三月/乙.txt").text == "煤炭企业开工。\n"
        assert snapshot.statistics().passages == 5
        found = [hit.number for hit in snapshot.search_lexical("玛钢", limit=5, within=None)]
        assert [cited.source_name for cited in snapshot.cite(found)] == ["丙[1].txt"]
        found = [hit.number for hit in snapshot.search_lexical("煤炭", limit=5, within=None)]
        assert [cited.passage.text for cited in snapshot.cite(found)] == ["煤炭企业开工。"]

    def test_what_is_removed_is_found_by_neither_search(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=pages(), remove=())
        writer.publish(put=(), remove=["二月/甲.txt"])

        snapshot = snapshot_of()
        question = FakeEncoder().embed_questions(["大会在京开幕"])[0]
        dense = [hit.number for hit in snapshot.search_dense(question, limit=10, within=None)]
        assert {cited.source_name for cited in snapshot.cite(dense)} == {"三月/乙.txt", "丙[1].txt"}
        assert list(snapshot.search_lexical("大会开幕", limit=10, within=None)) == []
        statistics = snapshot.statistics()
        assert (statistics.sources, statistics.articles, statistics.passages) == (2, 2, 2)
        with pytest.raises(NotFound):
            snapshot.source("二月/甲.txt")
        with pytest.raises(NotFound):
            snapshot.article(pages()[0].articles[0].id)

    def test_one_step_may_put_and_remove(self, writer: Writer, snapshot_of: Callable[[], Snapshot]) -> None:
        first, second, third = pages()
        writer.publish(put=[first], remove=())
        writer.publish(put=[second, third], remove=[first.source.name])

        assert [each.name for each in snapshot_of().sources()] == ["三月/乙.txt", "丙[1].txt"]

    def test_removing_what_is_not_there_changes_nothing(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=pages(), remove=())
        before = writer.digests()
        writer.publish(put=(), remove=["没有.txt"])

        assert writer.digests() == before
        assert snapshot_of().statistics().passages == 5

    def test_every_publication_has_a_version_of_its_own(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        versions = []
        for each in pages():
            writer.publish(put=[each], remove=())
            versions.append(snapshot_of().version)

        assert len(set(versions)) == 3

    def test_a_snapshot_keeps_its_version_while_the_next_is_published(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=pages()[:1], remove=())
        held = snapshot_of()
        version = held.version
        for _ in range(3):
            writer.publish(put=pages()[1:], remove=["二月/甲.txt"])

        question = FakeEncoder().embed_questions(["大会开幕\n李某主持大会。"])[0]
        assert held.version == version
        assert [each.name for each in held.sources()] == ["二月/甲.txt"]
        assert held.statistics().passages == 3
        assert [hit.number for hit in held.search_dense(question, limit=1, within=None)] == [2]
        assert [hit.number for hit in held.search_lexical("李某", limit=9, within=None)] == [2]
        assert [cited.passage.text for cited in held.cite([2])] == ["李某主持大会。"]
        assert [each.name for each in snapshot_of().sources()] == ["三月/乙.txt", "丙[1].txt"]

    def test_a_source_without_articles_is_held_as_well(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=[indexed("空.txt")], remove=())

        assert [(each.name, each.passages) for each in snapshot_of().sources()] == [("空.txt", 0)]
        assert list(snapshot_of().search_lexical("大会", limit=3, within=None)) == []

    def test_a_source_is_named_by_its_id_as_well(self, writer: Writer) -> None:
        writer.publish(put=pages(), remove=())

        assert writer.name_of("丙[1].txt") == "丙[1].txt"
        assert writer.name_of(pages()[2].source.id) == "丙[1].txt"
        with pytest.raises(NotFound, match="没有来源 丁"):
            writer.name_of("丁")

    def test_a_file_named_like_the_id_of_another_does_not_take_its_place(self, writer: Writer) -> None:
        theirs = pages()[2].source
        writer.publish(put=[*pages(), indexed(theirs.id)], remove=())

        assert writer.name_of(theirs.id) == theirs.name
        assert writer.summary(theirs.id).name == theirs.id
        assert writer.name_of(writer.summary(theirs.id).id) == theirs.id

    def test_some_sources_are_given_back_by_name(self, writer: Writer) -> None:
        writer.publish(put=pages(), remove=())

        held = list(writer.held({"二月/甲.txt", "三月/乙.txt"}))
        assert held == [pages()[1].source, pages()[0].source]
        assert list(writer.held(set())) == []

    def test_what_a_format_tells_is_given_back(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        told = Told(whole=True, title=Span(0, 2), authors=("郝光明",), date=DAY, newspaper="吕梁日报")
        page = replace(pages()[1], source=replace(pages()[1].source, told=told))
        writer.publish(put=[page], remove=())

        assert [each.told for each in writer.held()] == [told]
        assert writer.digests() == {"三月/乙.txt": page.source.digest}
        assert snapshot_of().source("三月/乙.txt") == page.source

    def test_facts_come_back_with_the_places_they_were_read_at(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        page = pages()[1]
        facts = Facts(
            title="博览会",
            published=DAY,
            newspaper="吕梁日报",
            read_at={"title": page.articles[0].places, "published": ()},
        )
        article = replace(page.articles[0], facts=facts)
        writer.publish(put=[replace(page, articles=[article])], remove=())

        assert list(writer.articles_of("三月/乙.txt")) == [article]
        assert snapshot_of().article(article.id).article == article

    def test_a_source_is_summed_up_as_a_snapshot_does(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        assert writer.version == ""
        writer.publish(put=pages(), remove=())

        assert [writer.summary(each.name) for each in snapshot_of().sources()] == list(
            snapshot_of().sources()
        )
        assert writer.version == snapshot_of().version
        with pytest.raises(NotFound):
            writer.summary("没有.txt")

    def test_articles_of_a_source_come_in_page_order(self, writer: Writer) -> None:
        writer.publish(put=pages(), remove=())

        assert list(writer.articles_of("二月/甲.txt")) == list(pages()[0].articles)

    def test_parts_are_found_by_day_and_by_source(self, writer: Writer) -> None:
        one, four, other = (
            Part(source="三月/乙.txt", newspaper="吕梁日报", published=DAY, page="1", jump_to="4"),
            Part(source="丙[1].txt", published=DAY, jump_from="1"),
            Part(source="二月/甲.txt", newspaper="晋中日报", jump_to="2"),
        )
        parts = {each.source: each for each in (one, four, other)}
        put = [replace(each, parts=[parts[each.source.name]]) for each in pages()]
        writer.publish(put=put, remove=())

        assert set(writer.parts(days={DAY})) == {one, four}
        assert list(writer.parts(days={date(2023, 2, 24)})) == []
        assert list(writer.parts(sources={"二月/甲.txt"})) == [other]
        assert set(writer.parts(days={DAY}, sources=["二月/甲.txt", "丙[1].txt"])) == {one, four, other}
        assert list(writer.parts()) == []

    def test_parts_go_with_their_source(self, writer: Writer) -> None:
        part = Part(source="三月/乙.txt", published=DAY, jump_to="4")
        writer.publish(put=[replace(pages()[1], parts=[part])], remove=())
        writer.publish(put=(), remove=["三月/乙.txt"])

        assert list(writer.parts(days={DAY}, sources=["三月/乙.txt"])) == []

    def test_an_article_over_two_pages_is_in_both(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=over_two_pages(), remove=())

        snapshot = snapshot_of()
        (listed,) = snapshot.articles(Filters(sources=("四版.txt",)))
        assert list(listed.source_names.values()) == ["一版.txt", "四版.txt"]
        assert [(each.name, each.articles, each.passages) for each in snapshot.sources()] == [
            ("一版.txt", 2, 3),
            ("四版.txt", 1, 2),
        ]

    def test_a_passage_is_in_a_source_if_any_of_it_is_printed_there(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=over_two_pages(), remove=())
        snapshot = snapshot_of()

        def within(name: str) -> list[str]:
            numbers = snapshot.passages_within(Filters(sources=(name,)))
            return [each.passage.text for each in snapshot.cite(sorted(numbers or ()))]

        assert within("一版.txt") == ["大会开幕。", "煤炭产量稳步增长。", "天气晴。"]
        assert within("四版.txt") == ["煤炭产量稳步增长。", "企业复工。"]
        both = snapshot.cite(sorted(snapshot.passages_within(Filters(sources=("四版.txt",))) or ()))[0]
        assert both.printed_in == ("一版.txt", "四版.txt")

    def test_of_a_source_that_is_removed_nothing_is_left_in_articles_that_begin_elsewhere(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        writer.publish(put=over_two_pages(), remove=())
        writer.publish(put=(), remove=["四版.txt"])

        snapshot = snapshot_of()
        assert [each.article.facts.title for each in snapshot.articles(Filters())] == ["天气"]
        assert snapshot.statistics().passages == 1
        assert list(snapshot.search_lexical("复工", limit=5, within=None)) == []

    def test_a_second_page_that_is_put_again_stays_in_the_article(
        self, writer: Writer, snapshot_of: Callable[[], Snapshot]
    ) -> None:
        first, second = over_two_pages()
        writer.publish(put=[first, second], remove=())
        writer.publish(put=[second], remove=())

        assert list(snapshot_of().article(first.articles[0].id).source_names.values()) == [
            "一版.txt",
            "四版.txt",
        ]
        assert snapshot_of().statistics().passages == 4
