"""The kind of answer is read from the question words, and from nothing about the topic."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qa.ranking.answer_kind import AnswerKind, kind_of

ASKED = {
    AnswerKind.NUMBER: (
        "最低工资标准是多少？",
        "认定了几个市级专业镇",
        "新建道路有多长？",
        "汾河公园的面积有多大",
        "一类和二类分别是多少？",
        "产值占全县的百分之几？",
        "这是第几届文化节？",
        "水库蓄水量是多少万立方米？",
        "全程要走几天？",
        "共有几位获奖者？",
        "比同龄人老几岁？",
        "买了几辆车？",
        "收了几吨粮食？",
        "有几千人参加？",
        "迁了几百个村？",
    ),
    AnswerKind.DATE: (
        "大会什么时候召开？",
        "第一届在哪年举办？",
        "哪几年丰收？",
        "办法从哪一天起施行？",
        "新馆何时开放？",
        "报名截止日期是？",
        "首班车几点发车？",
        "请问高铁是哪个月通车的？",
        "发布会的时间定在哪天？",
    ),
    AnswerKind.PERSON: (
        "市委书记是谁",
        "哪位副市长通报了情况？",
        "谁主持了开幕式？",
        "这张照片的摄影者叫什么？",
        "救人的是什么人？",
        "哪一名选手夺冠？",
        "你知道是谁设计了大桥吗？",
    ),
    AnswerKind.PLACE: (
        "公司的实际经营地在哪？",
        "下一届在哪个国家举办？",
        "植树活动在哪里举行？",
        "药材主要产自什么地方？",
        "他的籍贯是？",
        "报名地址是？",
        "会议在哪座城市召开",
        "第一家门店开在哪条街？",
    ),
    AnswerKind.ORGANISATION: (
        "项目由哪家公司承建？",
        "哪个部门负责发放补贴？",
        "活动的主办单位是？",
        "什么单位出具了检测报告？",
        "冠军是哪支球队？",
        "他毕业于哪所大学？",
        "论坛由哪个协会发起？",
    ),
    AnswerKind.TITLE: (
        "他写了什么书？",
        "获奖的是哪部电影？",
        "补贴依据哪个文件发放？",
        "晚会的最后唱了哪首歌？",
        "演出的是什么剧目？",
        "会议通过了什么条例？",
    ),
    AnswerKind.LIST: (
        "五大交易平台是哪些？",
        "哪几个县受灾？",
        "请列举获奖单位。",
        "出席会议的都有谁？",
        "补助对象包括什么人群？",
        "四个组长分别是谁？",
        "哪三家企业上市？",
        "哪些公司被处罚？",
    ),
    AnswerKind.DEFINITION: (
        "什么是专业镇？",
        "何谓零工市场？",
        "“双随机”是什么意思？",
        "一枚印章管审批指的是什么",
        "推光漆器是什么？",
    ),
    AnswerKind.YES_NO: (
        "景区是否收费？",
        "有没有人员伤亡？",
        "外地人可以参加吗？",
        "是不是所有企业都要申报",
        "孩子能不能免票？",
        "大桥通车了吗",
    ),
    AnswerKind.REASON: (
        "为什么要调整标准？",
        "航班因何取消？",
        "停水是什么原因？",
        "他缘何放弃城里的工作",
        "产量下降的原因是什么？",
    ),
    AnswerKind.OTHER: (
        "怎样办理居住证？",
        "会议的主题是什么？",
        "天气怎么样？",
        "介绍一下玛钢产业",
        "评价如何？",
        "",
    ),
}


@pytest.mark.parametrize(
    ("question", "kind"), [(question, kind) for kind, questions in ASKED.items() for question in questions]
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: AnswerKind) -> None:
    assert kind_of(question) is kind


def test_each_kind_was_asked_for() -> None:
    assert set(ASKED) == set(AnswerKind)
    assert sum(len(questions) for questions in ASKED.values()) >= 60


@pytest.mark.parametrize("lead_in", ["请问", "你知道", "您了解", "能告诉我", "我想知道"])
def test_courtesy_around_a_question_does_not_change_it(lead_in: str) -> None:
    assert kind_of(f"{lead_in}大会在哪里召开吗？") is AnswerKind.PLACE
    assert kind_of(f"{lead_in}大会召开了吗？") is AnswerKind.YES_NO


@given(st.text(max_size=60))
def test_every_text_has_a_kind(question: str) -> None:
    assert kind_of(question) in AnswerKind
