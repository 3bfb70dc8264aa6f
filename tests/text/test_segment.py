"""From a page to its articles: one small page for each thing that newspapers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.domain.articles import ArticleKind, Facts
from qa.domain.sources import Source
from qa.text.segment import segment
from tests.shipped import page_model
from tests.text.pages import Item, items

MEETING = "本报太原2月23日讯 2月23日，省委常委会召开会议，传达会议精神。省委书记李某主持会议并讲话。"
WAGE = "本报讯（记者 王佳丽）2月20日，省政府办公厅下发通知，调整最低工资标准，自2023年1月1日起施行。"
MORE = "会议指出，要坚持警钟长鸣，始终牢记安全生产大于天，维护好全省来之不易的良好局面。"

TOWN = (
    "晋中市把培育特色专业镇作为产业转型的抓手，今年以来投入专项资金两亿一千万元，支持平遥牛肉、太谷玛钢等九个专业镇扩大生产、延长链条。",
    "在平遥县的一家牛肉加工厂，新上的真空包装线每小时可以装三千袋，工人由过去的四十人减到十二人，产品保质期却从七天延长到了半年。",
    "太谷的玛钢企业则抱团建起检测中心，过去一个管件送到省外化验要等半个月，如今当天就能拿到报告，出口订单同比多了三成。",
    "市工信局负责人说，专业镇要长远，还得靠人才，下一步将与三所职业学院合办订单班，每年为企业培养六百名技术工人。",
)
VOLUNTEERS = (
    "清晨六点，汾河公园里已经有穿着红马甲的志愿者在捡拾垃圾，他们当中有退休教师，也有刚下夜班的护士，最小的只有九岁。",
    "到目前为止，全市注册志愿者超过六十八万人，累计服务时间一千二百多万小时，助老、助学、文明劝导成了街头常见的风景。",
)
DRAGON = (
    "省会是一个省的龙头，龙头舞得起来，龙身龙尾才能跟着动。把太原放到全省发展的大棋局中看，要紧的是在创新上走在前面。",
    "走在前面，不是和兄弟城市争项目、争指标，而是要把研发、金融和人才的平台搭好，让周边的县区都能在平台上各展所长。",
)
UNION = (
    "省总工会近日印发意见，要求各级工会为货车司机、快递员和外卖送餐员建立服务站点，年内全省建成不少于一千五百个。",
    "本报讯 "
    "省委常委会昨日召开会议，听取今冬明春群众取暖准备情况的汇报，研究部署煤炭增产保供和电力迎峰度冬工作。",
)
MORALS = (
    "各级道德模范辈出，榜样层出不穷，仅今年上半年就有二十六人入选“山西好人榜”，涌现出义务救火二十年的村民和拾金不昧的的哥。",
    "为让好人有好报，市里出台了礼遇办法，道德模范可以免费乘坐公交车、游览景区，生活有困难的由街道结对帮扶。",
)


def test_a_headline_opens_its_article() -> None:
    (meeting,) = items("省委常委会召开会议", MEETING, MORE)

    assert meeting.title == "省委常委会召开会议"
    assert meeting.kind is ArticleKind.NEWS
    assert meeting.facts.dateline == "本报太原2月23日讯"
    assert MORE in meeting.body


def test_a_dateline_opens_an_article_without_a_headline() -> None:
    meeting, wage = items(MEETING, MORE, WAGE)

    assert (meeting.title, wage.title) == (None, None)
    assert meeting.body.startswith("本报太原2月23日讯2月23日")
    assert wage.body.startswith("本报讯（记者王佳丽）2月20日")
    assert wage.authors == ("王佳丽",)


def test_two_articles_with_headlines_are_not_mixed() -> None:
    meeting, wage = items("省委常委会召开会议", MEETING, "我省调整最低工资标准", WAGE)

    assert (meeting.title, wage.title) == ("省委常委会召开会议", "我省调整最低工资标准")
    assert "工资" not in meeting.body
    assert "省委常委会" not in wage.body


def test_a_headline_below_its_article_goes_up_to_it() -> None:
    meeting, wage = items(MEETING, "李某主持召开省委常委会会议", WAGE, MORE)

    assert meeting.title == "李某主持召开省委常委会会议"
    assert wage.title is None


def test_of_kicker_headline_and_subtitle_the_headline_is_the_title() -> None:
    (city,) = items(
        "真抓实干创佳绩",
        "晋中积蓄后劲让专业镇发展有看头",
        "——晋中市培育专业镇纪实",
        "本报讯 晋中市立足专业镇发展基础，积蓄后劲，让专业镇发展更有看头、企业更有奔头。",
    )

    assert city.title == "晋中积蓄后劲让专业镇发展有看头"


def test_the_highest_markdown_heading_is_the_title() -> None:
    (towns,) = items("标杆带动显现", "# 特色专业镇成为样板", "**本报讯** 9月21日，省政府新闻办举行发布会。")

    assert towns.title == "特色专业镇成为样板"


def test_a_headline_over_two_lines_is_one_title() -> None:
    (meeting,) = items("学习贯彻全会精神暨\n理论学习中心组学习会召开", MEETING)

    assert meeting.title == "学习贯彻全会精神暨理论学习中心组学习会召开"


def test_a_subheading_stays_in_its_article() -> None:
    (city,) = items("专业镇有看头", TOWN[0], "全市域推动", TOWN[1], "特色谋发展", TOWN[2], TOWN[3])

    assert city.title == "专业镇有看头"
    assert "全市域推动" in city.body
    assert "特色谋发展" in city.body


def test_a_marked_subheading_of_the_third_level_stays_in_its_article() -> None:
    (city,) = items("# 专业镇有看头", TOWN[0], "### 弘扬志愿精神", *VOLUNTEERS)

    assert "弘扬志愿精神" in city.body


def test_a_column_break_does_not_divide_an_article() -> None:
    (meeting,) = items("本报讯 大会开幕，传达学习", "会议精神，审议通过工作要点。", MORE)

    assert meeting.body.startswith("本报讯大会开幕，传达学习")


def test_a_picture_with_its_photographer_is_a_caption() -> None:
    meeting, picture = items(
        MEETING, "9月20日，反诈宣传活动在学校举行，向学生们普及反诈知识。\n张昊宇 武星星 摄"
    )

    assert picture.kind is ArticleKind.CAPTION
    assert picture.authors == ("张昊宇", "武星星")
    assert "反诈" not in meeting.body


def test_a_photographer_on_a_line_of_his_own_closes_the_caption() -> None:
    meeting, picture = items(
        MEETING, "山居入画 文旅生金", "近日，和顺县南天池村满目青翠。", "本报通讯员 张耀宇 摄"
    )

    assert picture.kind is ArticleKind.CAPTION
    assert picture.title == "山居入画 文旅生金"
    assert picture.authors == ("张耀宇",)
    assert "南天池" not in meeting.body


def test_a_notice_ends_with_its_signature_and_is_dated_by_it() -> None:
    notice, other = items(
        "## 声明",
        "我公司为加强印章管理，所有公司签章均应由公司财务部统一盖章后方可生效。",
        "特此声明",
        "太原双鹏达建筑工程有限公司\n2023年9月22日",
        "招标信息平台开通",
        "本报讯 平台近日开通。",
    )

    assert notice.title == "声明"
    assert notice.kind is ArticleKind.NOTICE
    assert notice.day == date(2023, 9, 22)
    assert notice.body.endswith("太原双鹏达建筑工程有限公司2023年9月22日")
    assert other.title == "招标信息平台开通"


def test_two_notices_are_two_articles() -> None:
    first, second = items(
        "寻亲启事",
        "刘某捡到一名女婴，现寻找其亲生父母。请知情者联系1523536****。",
        "遗失声明",
        "张某遗失身份证一张，声明作废。",
    )

    assert (first.kind, second.kind) == (ArticleKind.NOTICE, ArticleKind.NOTICE)
    assert "1523536****" in first.body
    assert (first.title, second.title) == ("寻亲启事", "遗失声明")


def test_a_report_about_a_notice_is_news() -> None:
    (report,) = items("我市发布招聘公告", "本报讯 我市近日发布招聘公告，招聘教师二十名。")

    assert report.kind is ArticleKind.NEWS


def test_a_leader_is_commentary_by_the_paper_itself() -> None:
    (leader,) = items("舞起省会这个龙头", "——论贯彻落实会议精神①", "本报评论员", *DRAGON)

    assert leader.title == "舞起省会这个龙头"
    assert leader.kind is ArticleKind.COMMENTARY
    assert leader.authors == ("本报评论员",)


def test_a_byline_below_the_headline_names_the_authors() -> None:
    (city,) = items("晋中专业镇发展有看头", "本报记者 郝光明", *TOWN)

    assert city.authors == ("郝光明",)
    assert city.title == "晋中专业镇发展有看头"


def test_a_byline_at_the_end_closes_the_article() -> None:
    city, other = items("我市弘扬志愿精神", *VOLUNTEERS, "记者 张慧 宋小宇", "今日天气晴朗。")

    assert city.authors == ("张慧", "宋小宇")
    assert "天气" not in city.body
    assert other.body == "今日天气晴朗。"


def test_a_credit_in_brackets_closes_the_article() -> None:
    first, second = items("省总工会印发意见", UNION[0] + "(于健)", "省委常委会召开会议", UNION[1])

    assert first.authors == ("于健",)
    assert second.title == "省委常委会召开会议"
    assert second.authors == ()


def test_a_credit_on_a_line_of_its_own_belongs_to_the_article_above() -> None:
    first, second = items(
        "## 专业镇将超30个",
        "**本报讯** 9月21日，省工信厅介绍培育打造特色专业镇。到2025年，打造产业名镇。",
        "(本组稿件由 李静、霍芮 采写)",
        "## 省总工会印发意见",
        "**本报讯** 9月19日，省总工会印发意见。",
    )

    assert first.authors == ("李静", "霍芮")
    assert first.body.endswith("产业名镇。\n(本组稿件由李静、霍芮采写)")
    assert second.authors == ()


def test_an_article_that_goes_on_elsewhere_says_where_and_is_closed() -> None:
    first, second = items("专业镇有看头", TOWN[0] + "（下转第4版）", VOLUNTEERS[0])

    assert (first.facts.jump_to, first.facts.jump_from) == ("4", None)
    assert first.body.endswith("延长链条。（下转第4版）")
    assert second.facts.jump_to is None


def test_an_article_that_began_elsewhere_says_where() -> None:
    first, second = items("专业镇有看头", *TOWN[:2], "(上接第1版)", *MORALS)

    assert first.facts.jump_from is None
    assert second.facts.jump_from == "1"
    assert second.body.startswith("各级道德模范辈出")


def test_an_article_that_goes_on_behind_its_mark_on_the_same_line_is_kept_whole() -> None:
    first, second = items("专业镇有看头", *TOWN[:2], "（上接第1版）" + MORALS[0], *MORALS[1:])

    assert first.facts.jump_from is None
    assert second.facts.jump_from == "1"
    assert second.body.startswith("各级道德模范辈出")


def test_a_byte_order_mark_before_a_marked_headline_is_no_part_of_it() -> None:
    (only,) = items("\ufeff# 省委常委会召开会议", "会议指出，安全第一。")

    assert only.title == "省委常委会召开会议"


@pytest.mark.parametrize(
    ("page", "numbers"),
    [
        ("会议指出，安全第一。\n\f", [None]),
        ("会议指出，安全第一。\f\n", [None]),
        ("会议指出，安全第一。\n\f会议强调，预防为主。\n\f", ["1", "2"]),
        ("\f会议强调，预防为主。\n", ["2"]),
    ],
)
def test_a_form_feed_behind_the_last_page_makes_no_other_page(page: str, numbers: list[str | None]) -> None:
    assert [each.facts.page for each in items(page)] == numbers


def test_the_masthead_names_the_paper_for_every_article() -> None:
    first, second = items(
        "中共吕梁市委机关报 吕梁日报社出版", "> 第10906期 今日8版", "第 3 版", MEETING, WAGE
    )

    for each in (first, second):
        assert (each.facts.newspaper, each.facts.issue, each.facts.page) == ("吕梁日报", "10906", "3")
        assert "日报" not in each.body


def test_a_paper_that_is_not_named_stays_unknown() -> None:
    (meeting,) = items(MEETING)

    assert (meeting.facts.newspaper, meeting.facts.issue, meeting.facts.page) == (None, None, None)


def test_the_year_is_taken_from_another_date_of_the_page() -> None:
    meeting, wage = items(MEETING, WAGE)

    assert meeting.day == date(2023, 2, 23)
    assert wage.day == date(2023, 2, 20)


def test_a_year_that_the_page_does_not_say_is_not_guessed() -> None:
    (meeting,) = items(MEETING)

    assert meeting.day is None


def test_a_year_of_a_plan_is_not_the_year_of_the_news() -> None:
    news, _ = items(
        "本报讯 9月21日，省工信厅介绍，到2025年6月底，省级重点专业镇将超30个。",
        "公告",
        "因道路施工，即日起封闭交通。",
        "太原市交通局\n2023年9月20日",
    )[:2]

    assert news.day in (None, date(2023, 9, 21))


def test_a_day_that_an_article_only_tells_of_is_not_its_date() -> None:
    (feature,) = items(
        "专业镇发展有看头",
        "□ 本报记者 康桂芳",
        "春节假期刚过，产业园一派繁忙。1月29日，省委书记在吕梁调研时指出，立足产业基础。自2023年1月1日起施行。",
    )

    assert feature.day is None


def test_letter_spaced_columns_are_read_as_text() -> None:
    (wage,) = items(
        "本报太原2\n月 23 日讯（记\n者 王 佳 丽）\n2 月 20 日，省政\n府 办 公 厅 下 发",
        "《关于调整我省\n最低工资标准的\n通知》。",
    )

    assert wage.authors == ("王佳丽",)
    assert "2月20日，省政府办公厅下发" in wage.body
    assert "《关于调整我省最低工资标准的通知》。" in wage.body


def test_headings_alone_are_kept_as_an_article() -> None:
    (only,) = items("大会开幕")

    assert only.title == "大会开幕"
    assert only.body == "大会开幕"


@pytest.mark.parametrize("page", ["", "\n", "　\r\n\r\n", "\ufeff"])
def test_a_page_without_text_has_no_articles(page: str) -> None:
    assert items(page) == []


def test_paragraphs_stay_apart_in_the_body() -> None:
    (meeting,) = items("省委常委会召开会议", "会议指出，安全第一。", "会议强调，预防为主。")

    assert meeting.body == "会议指出，安全第一。\n会议强调，预防为主。"


def printed_facts(item: Item) -> Facts:
    """The facts of an article without where they stand."""
    return replace(item.facts, read_at={})


def test_windows_line_ends_make_the_same_articles() -> None:
    page = ["省委常委会召开会议", MEETING, "我省调整最低工资标准", WAGE]
    unix = items(*page)
    windows = items("\r\n\r\n".join(page))

    assert [printed_facts(each) for each in windows] == [printed_facts(each) for each in unix]
    assert [each.body.strip() for each in windows] == [each.body.strip() for each in unix]


def test_headline_byline_and_dateline_open_one_article_together() -> None:
    page = "临河大桥正式通车\n\n本报记者 许文清\n\n本报讯 5月7日，临河大桥正式通车，全长321米。"

    (article,) = segment(Source(name="版.txt", text=page), page_model())

    assert article.facts.title == "临河大桥正式通车"
    assert article.facts.authors == ("许文清",)
    assert article.facts.dateline == "本报讯"


def test_a_sentence_that_counts_issues_is_text_and_gives_the_page_no_issue_number() -> None:
    page = "本报讯 5月7日，大桥通车。\n\n全省第3期青年干部培训班在太原开班，120名学员参加培训。"

    (article,) = segment(Source(name="版.txt", text=page), page_model())

    assert "120名学员" in article.body.text
    assert article.facts.issue is None


def test_a_decimal_that_a_column_divides_stays_one_number() -> None:
    page = "本报讯 今年全市安排资金9\n.8亿元用于修路，比去年增长1.\n5倍，群众都说好。"

    (article,) = segment(Source(name="版.txt", text=page), page_model())

    assert "9.8亿元" in article.body.text
    assert "1.5倍" in article.body.text


ROUTES = (
    "Traders, monks and soldiers carried silk, paper and ideas for fifteen hundred years along the Silk",
    "Road, which was never one road but a network of many that changed with the weather and the wars.",
)


def test_a_latin_headline_over_two_lines_has_a_blank_between_its_words_and_stands_where_it_is_said_to() -> (
    None
):
    page = f"Silk\nRoad\n\n{WAGE}\n\n{MORE}\n"

    (article,) = segment(Source(name="版.txt", text=page), page_model())

    assert article.facts.title == "Silk Road"
    assert article.headings == ("Silk Road",)
    (place,) = article.facts.read_at["title"]
    assert page[place.span.start : place.span.end] == "Silk\nRoad"


def test_latin_words_stay_apart_where_a_paragraph_goes_on_in_the_next_column() -> None:
    page = f"丝绸之路\n\n本报讯 {MORE}\n\n{ROUTES[0]}\n\n{ROUTES[1]}\n"

    (article,) = segment(Source(name="版.txt", text=page), page_model())

    assert "SilkRoad" not in article.body.text
    assert "Silk Road" in " ".join(article.body.text.split())
    printed = (page[place.span.start : place.span.end] for place in article.body.origin)
    assert "".join(printed) == article.body.text


def test_the_stars_of_a_masked_name_stay_in_headline_and_text() -> None:
    (article,) = items("李**、王**被处罚", "本报讯 市监局对李**、王**各罚款500元。" + MORE)

    assert article.title == "李**、王**被处罚"
    assert "对李**、王**各罚款" in article.body
