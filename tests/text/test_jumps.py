"""Articles that jump over pages become one again, where it is sure which part goes on in which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.articles import Part
from qa.domain.sources import Source
from qa.domain.spans import SourceSpan, Span
from qa.text.jumps import join
from qa.text.partners import linked
from qa.text.segment import Draft, segment
from tests.conftest import SEEDS
from tests.shipped import page_model
from tests.text.drafts import DAY, Paper, bodies

LVLIANG = Paper()
JINZHONG = Paper(newspaper="晋中日报")
NAMELESS = Paper(newspaper=None)

COAL = LVLIANG.first("全市煤炭企业开工，煤炭产量稳步（下转第4版）", title="煤炭企业开工")
COAL_ON = LVLIANG.second("增长，煤炭企业全部复工。", title="煤炭复工")
VINEGAR = LVLIANG.first("老陈醋酿造技艺展出，老陈醋传人到场。（下转第4版）", title="老陈醋展")
VINEGAR_ON = LVLIANG.second("（上接第1版）传人说，老陈醋要陈放三年。", title="老陈醋")


def test_the_two_parts_become_one_article_in_reading_order() -> None:
    (article,) = join([COAL, COAL_ON]).values()

    assert article.body.text == "全市煤炭企业开工，煤炭产量稳步（下转第4版）增长，煤炭企业全部复工。"
    assert [place.source_id for place in article.body.origin] == [
        COAL.body.origin[0].source_id,
        COAL_ON.body.origin[0].source_id,
    ]
    assert article.headings == ("煤炭企业开工", "煤炭复工")


def test_the_article_keeps_both_jumps_and_the_page_on_which_it_begins() -> None:
    (article,) = join([COAL, COAL_ON]).values()

    facts = article.facts
    assert (facts.title, facts.page, facts.jump_to, facts.jump_from) == ("煤炭企业开工", "1", "4", "1")
    assert (facts.newspaper, facts.published) == ("吕梁日报", DAY)


def test_what_the_first_part_does_not_know_is_told_by_the_second_with_its_place() -> None:
    place = (SourceSpan(source_id="四版", span=Span(3, 6)),)
    own = (SourceSpan(source_id="一版", span=Span(0, 2)),)
    first = replace(COAL, headings=(), facts=replace(COAL.facts, title=None, read_at={"page": own}))
    known = replace(
        COAL_ON.facts, title="复工", authors=("郝光明",), read_at={"authors": place, "page": place}
    )
    (article,) = join([first, replace(COAL_ON, facts=known)]).values()

    assert (article.facts.title, article.facts.authors) == ("复工", ("郝光明",))
    assert article.facts.read_at == {"authors": place, "page": own}


def test_a_mark_is_no_title() -> None:
    marked = replace(
        COAL_ON, headings=("（上接第1版）",), facts=replace(COAL_ON.facts, title="（上接第1版）")
    )
    untitled = replace(COAL, headings=(), facts=replace(COAL.facts, title=None))
    (article,) = join([untitled, marked]).values()

    assert (article.facts.title, article.headings) == (None, ())


def test_articles_stand_where_their_first_part_stood() -> None:
    other = replace(VINEGAR_ON, facts=replace(VINEGAR_ON.facts, jump_from=None))

    assert list(join([COAL_ON, other, COAL])) == [1, 2]


def test_a_sentence_that_the_jump_divides_is_whole_again() -> None:
    first = LVLIANG.first("煤炭产量稳步\n（下转第4版）")
    second = LVLIANG.second("\n（上接第1版）\n增长。第二段。")

    assert bodies(first, second) == ["煤炭产量稳步（下转第4版）（上接第1版）增长。第二段。"]


def test_paragraphs_that_the_jump_parts_stay_apart() -> None:
    assert bodies(
        LVLIANG.first("煤炭增产。\n（下转第4版）"), LVLIANG.second("（上接第1版）\n煤炭复工。")
    ) == ["煤炭增产。\n（下转第4版）（上接第1版）\n煤炭复工。"]


@pytest.mark.parametrize(
    "second",
    [
        Paper(newspaper="晋中日报").second("增长。"),
        Paper(published=date(2023, 2, 25)).second("增长。"),
        Paper(published=None).second("增长。"),
        LVLIANG.second("增长。", page="3"),
        LVLIANG.second("增长。", back="2"),
        NAMELESS.second("增长。", page="5"),
        Paper(newspaper=None, published=None).second("增长。"),
    ],
    ids=["paper", "day", "no day", "page", "page before", "no paper and page", "no paper and no day"],
)
def test_another_paper_day_or_page_is_not_joined(second: Draft) -> None:
    assert bodies(COAL, second) == [COAL.body.text, second.body.text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NAMELESS.first("产量稳步（下转第4版）"), LVLIANG.second("增长。")),
        (LVLIANG.first("产量稳步（下转第4版）"), NAMELESS.second("增长。")),
        (LVLIANG.first("产量稳步（下转第4版）", page=None), LVLIANG.second("增长。")),
        (LVLIANG.first("产量稳步（下转第4版）"), LVLIANG.second("增长。", page=None)),
        (LVLIANG.first("产量稳步（下转04版）", to="04"), LVLIANG.second("增长。", page="4", back="01")),
    ],
    ids=["paper of the first", "paper of the second", "page of the first", "page of the second", "zeros"],
)
def test_what_is_not_printed_on_one_side_does_not_part_lone_candidates(first: Draft, second: Draft) -> None:
    assert len(bodies(first, second)) == 1


def test_two_papers_without_a_name_are_not_known_to_be_one() -> None:
    assert len(bodies(NAMELESS.first("产量稳步（下转第4版）"), NAMELESS.second("增长。"))) == 2


def test_a_page_without_a_name_that_fits_two_papers_is_joined_with_neither() -> None:
    other = JINZHONG.first("老陈醋展出（下转第4版）")
    lone = NAMELESS.second("增长，煤炭企业全部复工。")

    assert len(bodies(COAL, other, lone)) == 3


def test_a_page_that_names_its_paper_goes_before_one_that_does_not() -> None:
    nameless = NAMELESS.second("稳步增长，煤炭产量喜人。")

    assert bodies(COAL, COAL_ON, nameless) == [COAL.body.text + COAL_ON.body.text, nameless.body.text]


def test_a_part_that_begins_inside_a_sentence_does_not_follow_a_whole_one() -> None:
    assert len(bodies(LVLIANG.first("煤炭增产。（下转第4版）"), LVLIANG.second("，煤炭复工。"))) == 2
    assert len(bodies(LVLIANG.first("煤炭增产（下转第4版）"), LVLIANG.second("，煤炭复工。"))) == 1


def test_among_several_the_one_that_shares_its_words_goes_on() -> None:
    assert bodies(COAL, VINEGAR, VINEGAR_ON, COAL_ON) == [
        COAL.body.text + COAL_ON.body.text,
        VINEGAR.body.text + VINEGAR_ON.body.text,
    ]
    assert bodies(COAL, VINEGAR, VINEGAR_ON) == [COAL.body.text, VINEGAR.body.text + VINEGAR_ON.body.text]


def test_among_several_that_share_nothing_none_is_joined() -> None:
    strange = [LVLIANG.second("会议强调安全。"), LVLIANG.second("明天多云。")]

    assert len(bodies(COAL, *strange)) == 3


def test_an_article_may_go_on_more_than_once() -> None:
    first = LVLIANG.first("煤炭产量（下转第2版）", to="2")
    middle = LVLIANG.part("稳步（下转第4版）", page="2", jump_to="4", jump_from="1")
    last = LVLIANG.second("增长。", back="2")

    assert bodies(last, first, middle) == ["煤炭产量（下转第2版）稳步（下转第4版）增长。"]


def test_parts_that_lead_in_a_circle_are_all_kept() -> None:
    one = LVLIANG.part("甲（下转第4版）", page="1", jump_to="4", jump_from="4")
    four = LVLIANG.part("乙（下转第1版）", page="4", jump_to="1", jump_from="1")

    assert bodies(one, four) == ["甲（下转第4版）乙（下转第1版）"]


def test_pages_of_one_file_need_no_name_and_no_day() -> None:
    nothing = Paper(newspaper=None, published=None)
    first = nothing.first("产量稳步（下转第4版）")
    second = nothing.second("增长。")
    place = SourceSpan(source_id=first.body.origin[0].source_id, span=Span(50, 53))
    same_file = replace(second, body=replace(second.body, origin=(place,)))

    assert len(bodies(first, second)) == 2
    assert bodies(first, same_file) == ["产量稳步（下转第4版）增长。"]


def test_one_page_does_not_jump_to_itself() -> None:
    first = LVLIANG.first("产量稳步（下转第2版）", page=None, to="2")
    place = SourceSpan(source_id=first.body.origin[0].source_id, span=Span(50, 53))
    second = LVLIANG.second("增长。", page=None, back="1")

    assert len(bodies(first, replace(second, body=replace(second.body, origin=(place,))))) == 2


def test_a_page_that_is_held_twice_is_one_candidate_and_the_earlier_one_is_taken() -> None:
    again = Paper(suffix="副本")
    copy = again.first(COAL.body.text, title="煤炭企业开工")

    first, second = join([COAL, copy, COAL_ON]).values()

    assert [place.source_id for place in first.body.origin] == [
        COAL.body.origin[0].source_id,
        COAL_ON.body.origin[0].source_id,
    ]
    assert second == copy


def test_two_copies_of_both_pages_make_two_articles() -> None:
    again = Paper(suffix="副本")
    drafts = [COAL, again.first(COAL.body.text), COAL_ON, again.second(COAL_ON.body.text)]

    assert bodies(*drafts) == [COAL.body.text + COAL_ON.body.text] * 2


def test_more_jumps_than_any_page_has_are_left_alone() -> None:
    firsts = [LVLIANG.first(f"第{at}篇煤炭（下转第4版）") for at in range(9)]
    many = [*firsts, COAL_ON]

    assert len(bodies(*many)) == 10


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_the_pages_changes_nothing(order: tuple[int, ...]) -> None:
    drafts = [COAL, VINEGAR, VINEGAR_ON, COAL_ON]

    assert sorted(bodies(*(drafts[at] for at in order))) == sorted(
        [COAL.body.text + COAL_ON.body.text, VINEGAR.body.text + VINEGAR_ON.body.text]
    )


SAMPLES = [
    draft
    for path in sorted(SEEDS.glob("*.txt"))
    for draft in segment(Source(name=path.name, text=path.read_bytes().decode("utf-8")), page_model())
    if len(draft.body.text) > 400
]


def divided(draft: Draft, at: int) -> tuple[Draft, Draft]:
    """Return the two parts of an article that is cut in two, the second without a headline."""
    facts = replace(draft.facts, newspaper="某报", published=DAY, jump_to=None, jump_from=None)
    whole = draft.body
    return (
        replace(draft, facts=replace(facts, page="1", jump_to="4"), body=whole.slice(Span(0, at))),
        replace(
            draft,
            headings=(),
            facts=replace(facts, page="4", jump_from="1", title=None),
            body=whole.slice(Span(at, len(whole.text))),
        ),
    )


@given(seed=st.integers(0, 10**6))
def test_articles_of_the_sample_pages_that_are_cut_in_two_are_seldom_joined_wrongly(seed: int) -> None:
    random = Random(seed)
    chosen = random.sample(SAMPLES, 3)
    halves = [divided(draft, random.randrange(150, len(draft.body.text) - 150)) for draft in chosen]
    drafts = [part for pair in zip(*halves, strict=True) for part in pair]
    random.shuffle(drafts)

    made = join(drafts)

    assert "".join(sorted("".join(d.body.text for d in made.values()))) == "".join(
        sorted("".join(d.body.text for d in drafts))
    )
    assert len(made) >= 3


def test_of_sample_articles_that_are_cut_in_two_most_are_made_whole_and_none_is_mixed() -> None:
    random = Random(7)
    whole = mixed = 0
    for _ in range(60):
        chosen = random.sample(SAMPLES, 2)
        halves = [divided(draft, random.randrange(150, len(draft.body.text) - 150)) for draft in chosen]
        made = {draft.body.text for draft in join([part for pair in halves for part in pair]).values()}
        whole += sum(draft.body.text in made for draft in chosen)
        mixed += len(made - {d.body.text for d in (*chosen, *(part for pair in halves for part in pair))})

    assert whole >= 110
    assert mixed == 0


def part(source: str, **facts: str) -> Part:
    return Part(source=source, newspaper="吕梁日报", published=DAY, **facts)


def test_pages_are_linked_directly_and_over_others() -> None:
    parts = [
        part("一", page="1", jump_to="4"),
        part("四", page="4", jump_from="1"),
        part("四", page="4", jump_from="3"),
        part("三", page="3", jump_to="4"),
        part("五", page="5", jump_to="6"),
    ]

    assert linked(parts, sources=["一"]) == {"一", "四", "三"}
    assert linked(parts, sources=["五"]) == {"五"}
    assert linked([], sources=["甲"]) == {"甲"}
