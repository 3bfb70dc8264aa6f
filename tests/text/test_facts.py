"""Facts are read out of a gathered article, and each stands at the places that are given for it."""

from __future__ import annotations

from datetime import date

import pytest

from qa.domain.articles import ArticleKind, Facts
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.blocks import Block, Role
from qa.text.dates import known_dates
from qa.text.facts import facts_of
from qa.text.folded import fold
from qa.text.furniture import furniture_among
from qa.text.gathered import Gathered
from qa.text.headings import ranked_headings
from qa.text.masthead import masthead_of

HEAD = "青阳日报 2023年2月24日 星期五 第10906期 3版"
ROLES = {"#": Role.HEADING, "@": Role.BYLINE}


def read(*blocks: str, mark: str | None = None) -> tuple[Facts, str]:
    """Return the facts of one article, and its page; ``#`` is set before a heading, ``@`` before a byline."""
    page = "\n\n".join(each.lstrip("#@") for each in (*blocks, *((mark,) if mark else ())))
    whole = TracedText.whole(page, source_id="甲")
    pieces: list[Block] = []
    at = 0
    for each in (*blocks, *((mark,) if mark else ())):
        text = each.lstrip("#@")
        traced = whole.slice(Span(at, at + len(text)))
        pieces.append(Block(role=ROLES.get(each[:1], Role.BODY), traced=traced))
        at += len(text) + 2
    furniture = furniture_among([block.text for block in pieces])
    own = [block for block, apart in zip(pieces, furniture, strict=True) if not apart]
    article = Gathered(
        headings=tuple(block for block in own if block.role is Role.HEADING),
        body=tuple(block for block in own if block.role is not Role.HEADING and block.text != mark),
        mark=pieces[-1] if mark else None,
    )
    told = masthead_of([block.traced for block, apart in zip(pieces, furniture, strict=True) if apart])
    title = next(iter(ranked_headings(article.headings, article.text)), None)
    return facts_of(article, title=title, page=told, known=known_dates(whole)), page


def day(*blocks: str) -> date | None:
    return read(*blocks)[0].date


def printed(page: str, facts: Facts, name: str) -> list[str]:
    return [fold(page[p.span.start : p.span.end]).text for p in facts.read_at[name]]


def test_every_fact_stands_at_its_places() -> None:
    facts, page = read(
        HEAD,
        "#劳模 疗休养\n有新规",
        "本 报 太 原 2\n月 23 日 讯（记\n者 王 佳 丽）\n2 月 20 日，省总工会印发\n意见。（下转第4版）",
        mark="（上接第1版）",
    )

    assert {name: printed(page, facts, name) for name in facts.read_at} == {
        "title": ["劳模疗休养", "有新规"],
        "authors": ["王佳丽"],
        "dateline": ["本报太原2月23日讯"],
        "date": ["本报太原2月23日讯", "2023年2月24日"],
        "published": ["2023年2月24日"],
        "newspaper": ["青阳日报"],
        "issue": ["第10906期"],
        "page": ["3版"],
        "jump_to": ["(下转第4版)"],
        "jump_from": ["(上接第1版)"],
    }
    assert facts == Facts(
        title="劳模 疗休养有新规",
        authors=("王佳丽",),
        dateline="本报太原2月23日讯",
        date=date(2023, 2, 23),
        published=date(2023, 2, 24),
        newspaper="青阳日报",
        issue="10906",
        page="3",
        jump_to="4",
        jump_from="1",
        read_at=facts.read_at,
    )


def test_what_is_not_known_has_no_place() -> None:
    facts, _ = read("市委召开会议，研究部署工作。")

    assert facts == Facts()


def test_the_own_day_of_the_paper_gives_the_year() -> None:
    story = "1936年10月21日，红军长征胜利。老人讲起往事。"

    assert day(HEAD, "本报太原2月23日讯 全省大会开幕。", story) == date(2023, 2, 23)
    assert day("青阳日报 2023年1月2日 星期一", "本报12月30日讯 大会开幕。") == date(2022, 12, 30)


def test_a_date_of_the_past_gives_no_year() -> None:
    story = "1936年10月21日，红军长征胜利。2019年，老人讲起往事。"

    assert day("本报太原10月23日讯 纪念大会开幕。", story) is None


def test_a_byline_over_the_text_is_not_its_first_sentence() -> None:
    facts, _ = read("□ 本报记者 张三\n2月23日，全省大会在太原开幕。会期两天。", "2023年2月1日起施行。")

    assert facts.authors == ("张三",)
    assert facts.date == date(2023, 2, 23)


def test_a_first_sentence_over_several_lines_is_read_whole() -> None:
    assert day(HEAD, "全省大会\n于2 月\n23日在太\n原开幕。会期两天。") == date(2023, 2, 23)


def test_a_later_sentence_of_a_feature_is_not_its_date() -> None:
    assert day(HEAD, "产业园一派繁忙。2月20日，省委书记在吕梁调研。") is None


@pytest.mark.parametrize(
    ("told", "filed"),
    [
        ("文物事业高质量发展。\n\n2月20日，案例入选全国典型。", date(2023, 2, 20)),
        # The first paragraph tells of a day of its own, or goes on over the line end.
        ("会上说，1月3日已开工。\n\n2月20日，案例入选。", None),
        ("事业发展。文物事业高质量\n2月20日，案例入选。", None),
        # What the text is not about, or what was long ago.
        ("文物事业高质量发展。\n\n自2月20日起，案例公示。", None),
        ("文物事业高质量发展。\n\n2月1日，案例入选。", None),
        ("文物事业高质量发展。\n\n大会召开。\n\n2月20日，案例入选。", None),
    ],
)
def test_the_second_paragraph_may_begin_with_the_day_of_the_news(told: str, filed: date | None) -> None:
    assert day(HEAD, told) == filed


@pytest.mark.parametrize(
    ("told", "filed"),
    [
        ("本报讯 昨日，大会开幕。", date(2023, 2, 23)),
        ("本报讯 （记者 张三）22日上午，大会开幕。", date(2023, 2, 22)),
        ("新华社北京22日电 大会开幕。", date(2023, 2, 22)),
        ("本报讯 大会将于2月25日开幕。", None),
        ("本报讯 大会2月28日开幕。", None),
        ("本报讯 截至2月20日，全省开工九成。", None),
        ("本报讯 今天上午，大会开幕。", None),
        ("本报讯 10日至12日，大会举行。", None),
        ("2022年10月21日，全市召开推进会。", None),
        ("2023年2月20日，全市召开推进会。", date(2023, 2, 20)),
    ],
)
def test_the_first_day_told_of_news(told: str, filed: date | None) -> None:
    assert day(HEAD, told) == filed


def test_without_the_day_of_the_paper_yesterday_is_unknown() -> None:
    assert day("本报讯 昨日，大会开幕。") is None


@pytest.mark.parametrize(
    "end",
    [
        "特此公告\n太原市信访局\n2023年2月22日",
        "太原市信访局2023年2月22日",
        "太原市信访局\n2023年2月22日\n特此公告\n联系电话：0351-4422550",
        "太原市信访局\n2023年2月22日\n地址：太原市新建路1号",
        "太原市信访局\n二〇二三年二月二十二日",
        "太原市信访局\n2 0 2 3 年 2 月 2 2 日",
    ],
)
def test_a_notice_is_dated_where_it_is_signed(end: str) -> None:
    facts, _ = read(HEAD, "#公告", "定于2月1日接访。" + end)

    assert facts.kind is ArticleKind.NOTICE
    assert facts.date == date(2023, 2, 22)


@pytest.mark.parametrize(
    "text",
    [
        "刘某于2022年4月26日在医院附近捡到一名女婴，请知情者联系刘某。",
        "报名截止2023年2月22日",
        "有效期至2023年2月22日",
        "开标时间：2023年2月22日",
    ],
)
def test_a_day_that_a_notice_tells_of_is_not_its_date(text: str) -> None:
    assert day(HEAD, "#启事", text) is None


@pytest.mark.parametrize("end", ["一六四四年三月十九日", "二三四五年三月十九日", "〇〇〇一年一月一日"])
def test_a_day_of_another_age_is_not_the_date_of_a_text(end: str) -> None:
    assert day("城门洞开，一个王朝就此落幕。" + end) is None


def test_a_decision_is_dated_when_it_was_adopted() -> None:
    facts, page = read(
        "#关于召开会议的决定", "(2026年6月25日市人大常委会第三十二次会议通过)", "会议定于6月29日召开。"
    )

    assert facts.date == date(2026, 6, 25)
    assert printed(page, facts, "date") == ["2026年6月25日"]


def test_the_day_in_a_caption_is_its_date() -> None:
    facts, _ = read(HEAD, "年货俏销。图为2月22日，市民正在选购商品。牛利敏 摄")

    assert (facts.kind, facts.authors) == (ArticleKind.CAPTION, ("牛利敏",))
    assert facts.date == date(2023, 2, 22)


@pytest.mark.parametrize(
    ("blocks", "authors"),
    [
        (("#大会开幕", "@本报记者 张三\n", "大会开幕。"), ("张三",)),
        (("#大会开幕", "大会开幕。", "@记者 王勇 通讯员 王琦"), ("王勇", "王琦")),
        (("#大会开幕", "大会开幕。（记者 周源\n鸣）（下转第4版）"), ("周源鸣",)),
        (("#大会开幕", "本报讯（记者 张三）大会开幕。", "@李四 摄"), ("张三",)),
        (("#大会开幕", "大会开幕。", "@李四 摄"), ("李四",)),
        (("#治理跟上来（人民时评）", "#钱斌娟", "治理要跟上来。"), ("钱斌娟",)),
        (("#治理跟上来（人民时评）", "钱斌娟\n治理要跟上来，群众才满意。"), ("钱斌娟",)),
        (("#大会开幕", "大会开幕。（资料图片）"), ()),
    ],
)
def test_whom_an_article_is_by(blocks: tuple[str, ...], authors: tuple[str, ...]) -> None:
    assert read(*blocks)[0].authors == authors


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        (("#遗失声明", "张某遗失身份证一张。"), ArticleKind.NOTICE),
        (("#讣告", "张某同志因病逝世。"), ArticleKind.NOTICE),
        (("张某遗失身份证一张，声明作废。",), ArticleKind.NOTICE),
        (("寻亲启事\n刘某捡到一名女婴。",), ArticleKind.NOTICE),
        (("#我市发布公告", "本报讯 我市发布公告，招聘教师。"), ArticleKind.NEWS),
        (("#舞起龙头", "#——论贯彻会议精神①", "要舞起龙头。"), ArticleKind.COMMENTARY),
        (("#舞起龙头", "@本报评论员", "要舞起龙头。"), ArticleKind.COMMENTARY),
        (("#以短视频讲好故事（人民论坛）", "要讲好故事。"), ArticleKind.COMMENTARY),
        (("图为工人正在吊装。",), ArticleKind.CAPTION),
        (("#大会开幕", "大会今天开幕。"), ArticleKind.NEWS),
    ],
)
def test_what_sort_of_text_it_is(blocks: tuple[str, ...], kind: ArticleKind) -> None:
    assert read(*blocks)[0].kind is kind
