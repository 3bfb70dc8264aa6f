"""Asking: an answer with verbatim citations, or an abstention that shows what was nearest."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from qa.domain.answers import Citation, Filters, Mode, Outcome, Preceding, Reading
from qa.domain.ports import IndexedSource, Reader
from qa.domain.sources import Source
from qa.domain.spans import Span
from qa.engine.ask import ALTERNATIVES, CERTAIN, NEAREST, SURE, Engine
from qa.engine.build import Builder
from qa.engine.pace import TURN, Pace
from qa.errors import QuestionInvalid
from qa.ranking.confidence import SIGNALS, ConfidenceModel
from qa.settings import Settings
from qa.store.tokens import Tokens
from tests.fakes import (
    FakeEncoder,
    FakeReader,
    FakeWords,
    MemorySnapshot,
    MemoryWriter,
    PhraseReader,
    SilentProgress,
    confidence_by_margin,
    indexed,
    story,
)
from tests.shipped import page_model

MIDPOINT = 0.5
STEEP = confidence_by_margin(midpoint=MIDPOINT, slope=10.0)
ANYWHERE = Filters()

PAGES = (
    indexed(
        "甲.txt",
        story("最低工资标准为二类1880元。", title="调整工资", day=date(2023, 2, 23)),
        story("天气晴，气温三度。", title="天气"),
    ),
    indexed("乙.txt", story("记者获悉，最低工资标准为二类1880元整。", day=date(2023, 2, 24))),
    indexed(
        "丙.txt",
        story("最低工资标准为二类１８８０元。", "去年的最低工资标准为1700元。", day=date(2023, 3, 1)),
    ),
)


def engine(
    reader: Reader,
    *,
    pages: tuple[IndexedSource, ...] = PAGES,
    confidence: ConfidenceModel = STEEP,
    longest: int = 500,
    caution: float = CERTAIN,
    pace: Pace | None = None,
) -> Engine:
    writer = MemoryWriter()
    writer.publish(put=pages, remove=())
    return Engine(
        writer.snapshot(),
        FakeEncoder(),
        reader,
        confidence=confidence,
        longest=longest,
        caution=caution,
        pace=pace,
    )


def asked(scores: Mapping[str, float], *, limit: int = 10, filters: Filters = ANYWHERE) -> Outcome:
    return engine(PhraseReader(scores)).ask("最低工资标准是多少？", limit=limit, filters=filters)


def assert_verbatim(citation: Citation, sources: Mapping[str, Source]) -> None:
    printed = "".join(sources[p.source_id].text[p.span.start : p.span.end] for p in citation.places)
    assert printed == citation.quote != ""
    assert citation.quote == citation.cited.passage.text[citation.highlight.start : citation.highlight.end]


def all_citations(outcome: Outcome) -> list[Citation]:
    others = [citation for each in outcome.alternatives for citation in each.citations]
    return [*outcome.citations, *others]


def test_the_answer_is_what_the_best_reading_quotes() -> None:
    outcome = asked({"1880元": 0.9, "1700元": 0.7})

    assert outcome.answer == "1880元"
    assert not outcome.abstained
    assert outcome.citations[0].quote == "1880元"
    assert outcome.question == "最低工资标准是多少？"
    assert outcome.index_version == "1"


def test_the_confidence_is_the_calibrated_score() -> None:
    outcome = asked({"1880元": 0.9, "1700元": 0.7})

    assert outcome.confidence == pytest.approx(1 / (1 + math.exp(-4.0)))
    assert outcome.alternatives[0].confidence == pytest.approx(1 / (1 + math.exp(-2.0)))


def test_equal_answers_are_one_answer_with_every_place() -> None:
    outcome = asked({"1880元": 0.9, "１８８０元": 0.8, "1700元": 0.7})

    assert {c.cited.source_name for c in outcome.citations} == {"甲.txt", "乙.txt", "丙.txt"}
    assert {citation.quote for citation in outcome.citations} == {"1880元", "１８８０元"}
    assert [citation.score for citation in outcome.citations] == sorted(
        (citation.score for citation in outcome.citations), reverse=True
    )
    assert [each.answer for each in outcome.alternatives] == ["1700元"]
    assert all(citation.supports for citation in all_citations(outcome))


def test_equal_numbers_in_other_digits_are_one_answer() -> None:
    pages = tuple(
        indexed(f"{name}.txt", story(f"最低工资标准为{wage}。"))
        for name, wage in (("甲", "一千八百八十元"), ("乙", "1880元"), ("丙", "1,880元"))
    )
    reader = PhraseReader({"一千八百八十元": 0.9, "1880元": 0.8, "1,880元": 0.7})

    outcome = engine(reader, pages=pages).ask("最低工资标准是多少？", limit=5, filters=ANYWHERE)

    assert outcome.answer == "一千八百八十元"
    assert [citation.quote for citation in outcome.citations] == ["一千八百八十元", "1880元", "1,880元"]
    assert outcome.alternatives == ()


AGENCY = (
    "国务院办公厅日前印发方案，统筹部署了八项重点工程，安排26个建设项目，要求各地加强组织领导，"
    "做好任务分解，确保如期完成建设目标。方案明确，最低工资标准为1880元，由各地结合实际落实。"
)
REPRINTED = (
    indexed("甲.txt", story(f"新华社电 {AGENCY}", title="工资方案")),
    indexed("乙.txt", story(AGENCY, title="工资方案")),
    indexed("丙.txt", story("去年的最低工资标准为1700元。", title="工资旧闻")),
)


def test_one_text_in_two_papers_is_found_once_and_cited_in_both() -> None:
    made = engine(PhraseReader({"1880元": 0.9, "1700元": 0.7}), pages=REPRINTED)

    found = made.search("最低工资标准是多少？", limit=2, filters=ANYWHERE, mode=Mode.HYBRID)
    assert sorted(sorted(each.printed_in) for each in found) == [["丙.txt"], ["乙.txt", "甲.txt"]]

    outcome = made.ask("最低工资标准是多少？", limit=5, filters=ANYWHERE)
    assert [citation.quote for citation in outcome.citations] == ["1880元", "1880元"]
    assert {citation.cited.source_name for citation in outcome.citations} == {"甲.txt", "乙.txt"}
    for citation in outcome.citations:
        assert_verbatim(citation, {page.source.id: page.source for page in REPRINTED})


def test_one_text_in_two_papers_counts_as_one_place() -> None:
    twice, once = (
        engine(PhraseReader({"1880元": 0.9}), pages=pages).ask(
            "最低工资标准是多少？", limit=5, filters=ANYWHERE
        )
        for pages in (REPRINTED, REPRINTED[1:])
    )

    assert twice.confidence == pytest.approx(once.confidence)


def test_every_citation_is_printed_in_its_source() -> None:
    sources = {page.source.id: page.source for page in PAGES}

    for scores in ({"1880元": 0.9, "1700元": 0.7, "天气晴": 0.6}, {"1880元": 0.2, "天气": 0.1}, {}):
        for citation in all_citations(asked(scores)):
            assert_verbatim(citation, sources)


def test_a_citation_over_a_line_break_is_still_verbatim() -> None:
    source = Source(name="栏.txt", text="\ufeff本报讯 会议由省委书\r\n记蓝佛\r\n安主持。\r\n")
    writer = MemoryWriter()
    Builder(writer, FakeEncoder(), pages=page_model(), progress=SilentProgress()).add([source])
    reader = PhraseReader({"省委书记蓝佛安": 0.9})
    cutting = Engine(writer.snapshot(), FakeEncoder(), reader, confidence=STEEP, longest=500)

    outcome = cutting.ask("谁主持会议？", limit=5, filters=ANYWHERE)

    assert outcome.answer == "省委书记蓝佛安"
    assert [(p.span.start, p.span.end) for p in outcome.citations[0].places] == [(8, 11), (13, 16), (18, 19)]
    assert_verbatim(outcome.citations[0], {source.id: source})


def test_below_certainty_there_is_no_answer_but_what_was_nearest() -> None:
    outcome = asked({"1880元": 0.4, "1700元": 0.3})

    assert outcome.answer is None
    assert outcome.abstained
    # How sure it is that neither is right.
    assert outcome.confidence == pytest.approx(1 - 1 / (1 + math.exp(1.0)) - 1 / (1 + math.exp(2.0)))
    assert [citation.supports for citation in outcome.citations] == [False] * 5
    assert [citation.quote for citation in outcome.citations] == [
        found.cited.passage.text for found in outcome.retrieved[:NEAREST]
    ]
    assert [each.answer for each in outcome.alternatives] == ["1880元", "1700元"]


def test_an_abstention_scores_each_passage_by_its_reading() -> None:
    outcome = asked({"1880元": 0.4})

    scores = {citation.quote: citation.score for citation in outcome.citations}
    assert scores["最低工资标准为二类1880元。"] == pytest.approx(1 / (1 + math.exp(1.0)))
    assert scores["天气晴，气温三度。"] == 0.0


def test_an_abstention_scores_a_passage_of_two_readings_by_the_surer_one() -> None:
    pages = (indexed("甲.txt", story("东庄与西庄均在山区。")),)

    outcome = engine(ReadsAll(["东庄", "西庄"], scores=[0.4, 0.1]), pages=pages).ask("在哪里？", limit=1)

    assert [citation.score for citation in outcome.citations] == [outcome.considered[0].confidence]
    assert outcome.considered[0].confidence > outcome.considered[1].confidence


def test_an_abstention_shows_a_few_passages_at_most() -> None:
    many = tuple(indexed(f"{number}.txt", story(f"第{number}次大会开幕。")) for number in range(9))

    outcome = engine(PhraseReader({}), pages=many).ask("大会开幕几次？", limit=9, filters=ANYWHERE)

    assert len(outcome.retrieved) == 9
    assert len(outcome.citations) == NEAREST == 5


def test_who_sets_nothing_is_as_careful_as_the_engine_by_itself() -> None:
    assert Settings().caution == CERTAIN


def test_exactly_as_sure_as_caution_wants_there_is_an_answer() -> None:
    outcome = engine(PhraseReader({"1880元": MIDPOINT}), caution=0.5).ask("最低工资标准是多少？", limit=10)

    assert (outcome.answer, outcome.confidence) == ("1880元", 0.5)


def test_without_a_reading_it_is_certain_that_there_is_no_answer() -> None:
    outcome = asked({})

    assert (outcome.answer, outcome.confidence, outcome.alternatives) == (None, 1.0, ())


def test_an_empty_index_abstains_without_citations() -> None:
    outcome = engine(FakeReader(), pages=()).ask("谁？", limit=5, filters=ANYWHERE)

    assert (outcome.answer, outcome.confidence) == (None, 1.0)
    assert (outcome.citations, outcome.alternatives, outcome.retrieved) == ((), (), ())


def test_there_are_a_few_alternatives_at_most_and_never_the_answer_itself() -> None:
    words = ["甲地", "乙地", "丙地", "丁地", "戊地", "己地"]
    pages = tuple(indexed(f"{word}.txt", story(f"大会在{word}开幕。")) for word in words)
    reader = PhraseReader({word: 0.9 - 0.01 * at for at, word in enumerate(words)})

    outcome = engine(reader, pages=pages).ask("大会在哪里开幕？", limit=6, filters=ANYWHERE)

    assert outcome.answer == "甲地"
    assert [each.answer for each in outcome.alternatives] == ["乙地", "丙地", "丁地"]
    assert ALTERNATIVES == 3


def test_the_reader_is_given_passages_and_their_titles_best_first() -> None:
    reader = PhraseReader({})

    outcome = engine(reader).ask("最低工资标准为二类1880元", limit=10, filters=ANYWHERE)

    ((question, passages, titles),) = reader.asked
    assert question == "最低工资标准为二类1880元"
    assert passages == [found.cited.passage.text for found in outcome.retrieved]
    assert titles == [found.cited.article.facts.title or "" for found in outcome.retrieved]
    assert titles[passages.index("天气晴，气温三度。")] == "天气"


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_limit_is_kept(limit: int) -> None:
    outcome = asked({"1880元": 0.9, "１８８０元": 0.8}, limit=limit)

    assert len(outcome.retrieved) == min(limit, 5)
    assert len(outcome.citations) <= limit


def test_filters_are_kept_by_both_searches() -> None:
    outcome = asked({"1880元": 0.9}, filters=Filters(sources=("乙*",)))
    assert {found.cited.source_name for found in outcome.retrieved} == {"乙.txt"}

    outcome = asked({"1880元": 0.9}, filters=Filters(last=date(2023, 2, 23)))
    assert [found.cited.passage.text for found in outcome.retrieved] == ["最低工资标准为二类1880元。"]


def test_filters_that_leave_nothing_abstain() -> None:
    outcome = asked({"1880元": 0.9}, filters=Filters(sources=("没有*",)))

    assert (outcome.answer, outcome.confidence, outcome.citations) == (None, 1.0, ())


DAYS = tuple(
    indexed(f"{day}.txt", story("新闻联播快讯。", title="快讯", day=date(2023, 2, day)))
    for day in range(1, 29)
)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("asked_for", ["2023年2月14日", "2月14日", "二月十四日"])
def test_what_is_of_the_day_that_is_asked_for_comes_first(mode: Mode, asked_for: str) -> None:
    found = engine(FakeReader(), pages=DAYS).search(
        f"{asked_for}的快讯", limit=28, filters=ANYWHERE, mode=mode
    )

    assert {each.cited.article.facts.date for each in found[:4]} == {
        date(2023, 2, day) for day in range(14, 18)
    }
    assert len({each.ranked.number for each in found}) == 28


@pytest.mark.parametrize("mode", list(Mode))
def test_the_newest_comes_first_only_where_it_is_asked_for(mode: Mode) -> None:
    asking = engine(FakeReader(), pages=DAYS)

    newest = asking.search("最新的快讯", limit=3, filters=ANYWHERE, mode=mode)
    anyone = asking.search("快讯", limit=3, filters=ANYWHERE, mode=mode)

    assert [each.cited.article.facts.date for each in newest] == [date(2023, 2, day) for day in (28, 27, 26)]
    assert [each.ranked.number for each in anyone] == sorted(each.ranked.number for each in anyone)
    assert anyone[0].cited.article.facts.date == date(2023, 2, 1)


def test_the_newest_is_asked_for_in_traditional_script_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemorySnapshot, "words", Tokens())

    newest = engine(FakeReader(), pages=DAYS).search("最近一屆快讯", limit=1, filters=ANYWHERE)

    assert newest[0].cited.article.facts.date == date(2023, 2, 28)


def test_a_time_and_filters_that_have_no_day_in_common_are_no_error() -> None:
    found = engine(FakeReader(), pages=DAYS).search(
        "2023年2月14日的快讯", limit=5, filters=Filters(first=date(2023, 2, 20)), mode=Mode.HYBRID
    )

    assert {each.cited.article.facts.date.day for each in found if each.cited.article.facts.date} <= set(
        range(20, 29)
    )
    assert len(found) == 5


@pytest.mark.parametrize("question", ["2023年2月30日的快讯", "2022年的快讯", "近日的快讯"])
def test_a_time_that_is_no_day_of_news_changes_nothing(question: str) -> None:
    asking = engine(FakeReader(), pages=DAYS)

    found = asking.search(question, limit=28, filters=ANYWHERE, mode=Mode.DENSE)

    vector = FakeEncoder().embed_questions([question])[0]
    hits = asking.snapshot.search_dense(vector, limit=28, within=None)
    assert [each.ranked.number for each in found] == [hit.number for hit in hits]


@pytest.mark.parametrize("question", ["明天的快讯", "本月的快讯", "本周的快讯"])
def test_a_paper_of_the_last_day_there_is_is_no_error(question: str) -> None:
    pages = (indexed("甲.txt", story("新闻联播快讯。", day=date.max)),)

    assert len(engine(FakeReader(), pages=pages).search(question, limit=5)) == 1


def test_question_words_in_traditional_script_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    simplified = str.maketrans("個這幾萬參", "个这几万参")
    monkeypatch.setattr(FakeWords, "folded", lambda _, text: text.translate(simplified))
    pages = tuple(
        indexed(f"{month}.txt", story("大会共有代表321人参加。", day=date(2023, month, 14)))
        for month in (1, 4, 3)
    )
    asking = engine(PhraseReader({"共有代表321人": 0.9}), pages=pages)

    outcome = asking.ask("上個月大会有幾個人參加？", limit=3)

    assert outcome.answer == "321人"
    assert outcome.retrieved[0].cited.article.facts.date == date(2023, 3, 14)


@pytest.mark.parametrize("question", ["", " ", "\n\t", "　"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionInvalid, match="问题是空的"):
        engine(FakeReader()).ask(question, limit=5, filters=ANYWHERE)
    with pytest.raises(QuestionInvalid, match="问题是空的"):
        engine(FakeReader()).search(question, limit=5, filters=ANYWHERE, mode=Mode.DENSE)


def test_a_question_as_long_as_the_limit_is_taken_and_no_longer() -> None:
    short = engine(FakeReader(), longest=10)

    short.ask("问" * 10, limit=5, filters=ANYWHERE)
    with pytest.raises(QuestionInvalid, match="问题有 11 字，上限是 10 字；请缩短后再问"):
        short.ask("问" * 11, limit=5, filters=ANYWHERE)


def test_a_search_in_one_mode_has_the_scores_of_that_mode() -> None:
    both = engine(FakeReader())

    dense = both.search("最低工资", limit=10, filters=ANYWHERE, mode=Mode.DENSE)
    lexical = both.search("最低工资", limit=10, filters=ANYWHERE, mode=Mode.LEXICAL)

    assert all(found.ranked.lexical is None and found.ranked.dense is not None for found in dense)
    assert all(found.ranked.dense is None and found.ranked.lexical is not None for found in lexical)
    assert "天气晴，气温三度。" not in [found.cited.passage.text for found in lexical]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_search_is_in_the_order_of_its_score(mode: Mode) -> None:
    found = engine(FakeReader()).search("最低工资标准", limit=10, filters=ANYWHERE, mode=mode)

    order = [(-each.ranked.fused, each.ranked.number) for each in found]
    assert order == sorted(order)
    assert len({each.ranked.number for each in found}) == len(found)


def test_the_same_question_gets_the_same_answer() -> None:
    def without_time(outcome: Outcome) -> tuple[object, ...]:
        return outcome.answer, outcome.confidence, outcome.citations, outcome.alternatives, outcome.retrieved

    first, second = (
        engine(FakeReader()).ask("最低工资标准是多少？", limit=5, filters=ANYWHERE) for _ in range(2)
    )

    assert without_time(first) == without_time(second)


def test_the_stages_take_the_time_of_the_whole() -> None:
    timings = asked({"1880元": 0.9}).timings

    assert timings.total == pytest.approx(timings.retrieve + timings.read)
    assert min(timings.retrieve, timings.read) >= 0


def test_the_engine_names_its_reader_and_its_version() -> None:
    assert engine(FakeReader()).reader == "fake-reader"
    assert engine(FakeReader()).snapshot.version == "1"


def test_a_list_that_was_read_in_part_is_answered_in_full() -> None:
    pages = (indexed("甲.txt", story("获奖的村有：东庄、西庄、南庄，均在山区。", title="获奖的村")),)

    outcome = engine(PhraseReader({"东庄、西庄": 0.9}), pages=pages).ask(
        "获奖的有哪些村？", limit=5, filters=ANYWHERE
    )

    assert outcome.answer == "东庄、西庄、南庄"


def test_a_list_begins_with_a_word_and_not_with_a_blank() -> None:
    pages = (indexed("甲.txt", story("获奖的村有： 东庄、西庄、南庄，均在山区。", title="获奖的村")),)

    outcome = engine(PhraseReader({"西庄、南庄": 0.9}), pages=pages).ask("获奖的有哪些村？", limit=5)

    assert outcome.answer == "东庄、西庄、南庄"


def test_what_is_no_list_is_not_made_longer() -> None:
    pages = (indexed("甲.txt", story("获奖的村有：东庄、西庄、南庄，均在山区。", title="获奖的村")),)

    outcome = engine(PhraseReader({"西庄": 0.9}), pages=pages).ask("李明是谁？", limit=5, filters=ANYWHERE)

    assert outcome.answer == "西庄"


@dataclass(frozen=True)
class ReadsAll:
    """Takes each of the given phrases from the first passage, the earlier the better."""

    phrases: Sequence[str]
    scores: Sequence[float] = (0.9, 0.89)
    name: str = "reads-all"

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        starts = [passages[0].index(phrase) for phrase in self.phrases]
        return [
            Reading(passage=0, span=Span(start, start + len(phrase)), score=score)
            for start, phrase, score in zip(starts, self.phrases, self.scores, strict=True)
        ]


def test_a_deputy_is_neither_the_answer_nor_another_one() -> None:
    pages = (indexed("甲.txt", story("公司董事长孙明一行到访，副董事长李文参加。", title="会谈")),)

    outcome = engine(ReadsAll(["李文", "孙明"]), pages=pages).ask("董事长是谁？", limit=5, filters=ANYWHERE)

    assert outcome.answer == "孙明"
    assert outcome.alternatives == ()


def test_what_has_no_letter_and_a_second_reading_that_is_doubted_are_no_answers() -> None:
    pages = (indexed("甲.txt", story("市图书馆于3月5日开放，每天接待读者200人。", title="开放")),)
    reader = ReadsAll(["3月5日", "，", "200人"], scores=[0.9, 0.8, -0.1])

    outcome = engine(reader, pages=pages).ask("什么时候开放？", limit=5, filters=ANYWHERE)

    assert [each.answer for each in outcome.considered] == ["3月5日"]


def test_two_readings_of_one_list_are_one_place() -> None:
    pages = (indexed("甲.txt", story("获奖的村有：东庄、西庄、南庄，均在山区。", title="获奖的村")),)

    reader = ReadsAll(["西庄、南庄", "东庄、"])
    outcome = engine(reader, pages=pages).ask("有哪些村？", limit=5, filters=ANYWHERE)

    assert outcome.answer == "东庄、西庄、南庄"
    assert [citation.quote for citation in outcome.citations] == ["东庄、西庄、南庄"]


def test_every_answer_that_was_considered_is_explained_the_surest_first() -> None:
    outcome = asked({"1880元": 0.9, "1700元": 0.7})

    assert [each.answer for each in outcome.considered] == ["1880元", "1700元"]
    assert outcome.considered[0].margin == 0.9
    assert outcome.considered[0].signals["margin"] == pytest.approx(9.0)
    assert outcome.considered[0].confidence == outcome.confidence


def test_a_follow_up_is_asked_in_full_and_says_how_it_was_understood() -> None:
    reader = PhraseReader({"1880元": 0.9})
    before = Preceding(question="最低工资标准一类是多少？", title="调整工资")

    outcome = engine(reader).ask("那二类呢？", limit=5, filters=ANYWHERE, before=before)

    assert outcome.question == "那二类呢？"
    assert outcome.understood == "最低工资标准二类是多少？"
    assert reader.asked[0][0] == "最低工资标准二类是多少？"


def test_a_question_of_its_own_takes_nothing_over() -> None:
    before = Preceding(question="最低工资标准一类是多少？")

    outcome = engine(PhraseReader({})).ask(
        "太谷博览会上签约了多少份合作协议？", limit=5, filters=ANYWHERE, before=before
    )

    assert outcome.understood is None


def test_a_follow_up_that_would_be_too_long_is_asked_as_it_stands() -> None:
    before = Preceding(question="最低工资标准一类是多少？")

    outcome = engine(PhraseReader({}), longest=8).ask("那二类呢？", limit=5, filters=ANYWHERE, before=before)

    assert outcome.understood is None


def test_more_caution_refuses_what_less_would_answer() -> None:
    outcome = engine(PhraseReader({"1880元": 0.6}), caution=0.9).ask("最低工资标准是多少？", limit=10)

    assert outcome.abstained
    assert asked({"1880元": 0.6}).answer == "1880元"


MANY = tuple(
    indexed(f"{number:02}.txt", story(f"最低工资标准第{'一二三四五六七八'[number]}条，为{1800 + number}元。"))
    for number in range(8)
)


def passages_read(reader: PhraseReader) -> int:
    return sum(len(passages) for _, passages, _ in reader.asked)


def test_nothing_is_read_below_what_makes_an_answer_sure() -> None:
    sure = PhraseReader({f"{1800 + number}元": 9.0 for number in range(8)})
    outcome = engine(sure, pages=MANY).ask("最低工资标准是多少元？", limit=8)

    assert passages_read(sure) == TURN
    assert outcome.confidence >= SURE
    assert len(outcome.retrieved) == 8


def test_what_more_caution_refuses_does_not_end_the_reading() -> None:
    fairly = confidence_by_margin(midpoint=0.0, slope=1.0)
    reader = PhraseReader({f"{1800 + number}元": 1.5 for number in range(8)})
    for caution, expected in ((0.5, TURN), (0.9, TURN + 8)):
        asking = engine(reader, pages=MANY, confidence=fairly, caution=caution)
        asking.ask("最低工资标准是多少元？", limit=8)
        assert passages_read(reader) == expected


def test_all_is_read_where_nothing_is_sure_and_the_surest_is_found_where_it_stands() -> None:
    doubted = {f"{1800 + number}元": 0.3 for number in range(8)}
    unsure = PhraseReader(doubted)
    engine(unsure, pages=MANY).ask("最低工资标准是多少元？", limit=8)
    order = [passage for _, passages, _ in unsure.asked for passage in passages]
    last = order[-1][-6:-1]
    late = PhraseReader(doubted | {last: 9.0})
    outcome = engine(late, pages=MANY).ask("最低工资标准是多少元？", limit=8)

    assert passages_read(unsure) == passages_read(late) == 8
    assert outcome.answer == last
    assert outcome.citations[0].cited.passage.text == order[-1]


def test_when_time_is_up_what_was_read_is_answered_with() -> None:
    seconds = itertools.count()
    reader = PhraseReader({f"{1800 + number}元": 0.7 for number in range(8)})
    hurried = Pace(1.0, clock=lambda: float(next(seconds)))
    outcome = engine(reader, pages=MANY, caution=0.1, pace=hurried).ask("最低工资标准是多少元？", limit=8)

    assert passages_read(reader) == 2
    assert outcome.answer is not None
    assert len(outcome.retrieved) == 8


@pytest.mark.parametrize("caution", [CERTAIN, 0.0])
def test_nothing_is_read_below_what_leaves_no_hope_unless_every_answer_is_wanted(caution: float) -> None:
    hopeless = PhraseReader({f"{1800 + number}元": -5.0 for number in range(8)})
    outcome = engine(hopeless, pages=MANY, caution=caution).ask("最低工资标准是多少元？", limit=8)

    assert passages_read(hopeless) == (TURN if caution else 8)
    assert outcome.abstained == (caution > 0)
    assert len(outcome.retrieved) == 8


TOWNS = (
    indexed("甲.txt", story("全省认定82个市级专业镇予以培育。")),
    indexed("乙.txt", story("全省认定10个省级现代产业学院。")),
)


def test_of_two_counts_the_one_is_weighed_that_counts_what_is_asked_for() -> None:
    reader = PhraseReader({"82个": 1.0, "10个": 7.0})
    towns = engine(reader, pages=TOWNS).ask("全省认定了多少个市级专业镇？", limit=2)
    colleges = engine(reader, pages=TOWNS[1:]).ask("全省认定了多少个市级专业镇？", limit=2)

    assert towns.answer == "82个"
    assert [each.answer for each in towns.considered] == ["82个"]
    # Alone, it may be named in other words.
    assert colleges.answer == "10个"


def test_companies_are_no_sum_of_money() -> None:
    fair = (indexed("甲.txt", story("博览会有180个企业参加，现场交易额26亿元。")),)
    outcome = engine(PhraseReader({"180个企业": 9.0, "26亿元": 1.0}), pages=fair).ask(
        "现场交易额有多少？", limit=2
    )

    assert outcome.answer is None
    assert outcome.considered == ()


CITIES = tuple(
    indexed(
        f"{city}.txt",
        story(f"6月25日，市委书记{name}调研。", title="调研"),
        story(f"{city}市供水，{city}市供电，{city}市供热。", title="消息"),
    )
    for city, name in (("青阳", "张某"), ("白河", "李某"))
)


@pytest.mark.parametrize(("city", "answer"), [("青阳", "张某"), ("白河", "李某"), ("黑山", None)])
def test_a_city_s_office_is_not_answered_from_the_page_of_another(city: str, answer: str | None) -> None:
    asking = engine(PhraseReader({"张某": 5.0, "李某": 4.0}), pages=CITIES)

    assert asking.ask(f"{city}市委书记是谁？").answer == answer


def test_the_name_of_a_place_is_held_by_its_page() -> None:
    plain = ConfidenceModel(intercept=0.0, weights=dict.fromkeys(SIGNALS, 1.0))
    silent = indexed("青阳.txt", story("6月25日，市委书记张某调研。", title="调研"))
    held = [
        engine(PhraseReader({"张某": 5.0}), pages=(page,), confidence=plain)
        .ask("青阳市委书记是谁？")
        .considered[0]
        .signals["article"]
        for page in (CITIES[0], silent)
    ]

    assert held[0] > held[1]


@pytest.mark.parametrize(
    ("question", "read", "answer"),
    [
        ("項目總投資多少？", "36.5", "36.5億元"),
        ("項目总投资多少？", "36.5", "36.5億元"),
        ("參觀的有多少人？", "八萬", "八萬人"),
        ("公司的董事長是誰？", "李文", None),
    ],
)
def test_what_is_printed_in_traditional_script_is_understood_and_quoted_as_it_is(
    question: str, read: str, answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemorySnapshot, "words", Tokens())
    page = indexed("甲.txt", story("項目總投資36.5億元，八萬人參觀，副董事長李文出席。"))

    assert engine(PhraseReader({read: 5.0}), pages=(page,)).ask(question).answer == answer


def test_an_answer_that_is_printed_in_both_scripts_is_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemorySnapshot, "words", Tokens())
    pages = (
        indexed("甲.txt", story("項目占地36.5公頃，種樹八萬棵。")),
        indexed("乙.txt", story("该厂去年在山上种树八万棵。")),
    )

    outcome = engine(PhraseReader({"種樹八萬棵": 5.0, "种树八万棵": 4.0}), pages=pages).ask("做了什么？")

    assert [citation.quote for citation in outcome.citations] == ["種樹八萬棵", "种树八万棵"]
    assert outcome.alternatives == ()


def test_companies_are_no_sum_of_money_in_traditional_script_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemorySnapshot, "words", Tokens())
    page = indexed("甲.txt", story("現場有180個企業參展。"))

    assert engine(PhraseReader({"180個企業": 5.0}), pages=(page,)).ask("现场交易额有多少元？").answer is None


@pytest.mark.parametrize(("number", "answer"), [("首", "2022年"), ("第一", "2022年"), ("第二", None)])
def test_what_is_told_of_the_first_is_not_told_of_the_second(number: str, answer: str | None) -> None:
    page = indexed("甲.txt", story("首届玛钢博览会2022年在太谷举办。"))
    asking = engine(PhraseReader({"2022年": 5.0}), pages=(page,))

    assert asking.ask(f"{number}届玛钢博览会在哪年举办？").answer == answer
