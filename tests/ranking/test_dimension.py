"""What a question asks the number of, and whether an answer counts something else."""

from __future__ import annotations

import pytest

from qa.ranking.dimension import Dimension, asked_dimension, measures_something_else


@pytest.mark.parametrize(
    ("question", "dimension"),
    [
        ("太谷玛钢博览会达成的现场交易额有多少？", Dimension.MONEY),
        ("工程投资多少钱？", Dimension.MONEY),
        ("土地面积是多少？", Dimension.AREA),
        ("新路全长多少？", Dimension.LENGTH),
        ("他的年龄是多少？", Dimension.TIME),
        ("工程要几个月？", Dimension.TIME),
        ("比去年增长几个百分点？", Dimension.SHARE),
        ("全市有多少座博物馆？", Dimension.COUNT),
        ("认定了多少个市级专业镇？", Dimension.COUNT),
        ("过去几个月内有多少人报名？", Dimension.COUNT),
        ("被告有多少款项没有还？", Dimension.MONEY),
        ("原告支付多少支付保全费？", None),
        ("投资有多少用于环保？", None),
        ("增长了多少倍？", None),
        ("多少块钱？", Dimension.MONEY),
        ("一斤几块？", Dimension.MONEY),
        ("市委书记是谁？", None),
    ],
)
def test_what_is_asked_the_number_of(question: str, dimension: Dimension | None) -> None:
    assert asked_dimension(question) is dimension


@pytest.mark.parametrize(
    ("question", "answer", "otherwise"),
    [
        ("现场交易额有多少？", "180余个参展企业和3000余名", True),
        ("现场交易额有多少？", "26亿元", False),
        ("现场交易额有多少？", "180余个参展企业，26亿元", False),
        ("土地面积是多少？", "8万吨", True),
        ("有多少人选择剖宫产？", "10%到15%", False),
        ("应在几个工作日内报告？", "5个", False),
        ("全市人口多少人？", "52.9万", False),
        ("总投资是多少？", "不详", False),
        ("增长了多少？", "26亿元", False),
        ("有多少年轻人参加？", "300名", False),
        ("获得多少块金牌？", "12枚", False),
        ("取得了多少成果？", "23项", False),
        ("票房有多少？多少票房来自县城？", "5亿元", False),
        ("用了几年？", "300名", True),
    ],
)
def test_an_answer_that_measures_something_else(question: str, answer: str, *, otherwise: bool) -> None:
    assert measures_something_else(question, answer) is otherwise
