"""Questions that a headline answers."""

from __future__ import annotations

import pytest

from qa.text.asking import question_of


@pytest.mark.parametrize(
    ("title", "body", "question"),
    [
        ("265个病种分级诊疗暂停执行", "将265个病种暂停执行。", "多少个病种分级诊疗暂停执行？"),
        ("2025年省级重点专业镇将超30个", "到2025年将超30个。", "2025年省级重点专业镇将超多少个？"),
        ("全市新增造林1.2万亩", "新增造林1.2万亩。", "全市新增造林多少万亩？"),
        ("喜讯传来 12名教师获表彰", "共有12名教师获表彰。", "多少名教师获表彰？"),
        ("市政协召开常委会议", "6月25日,市政协召开会议。", "市政协什么时候召开常委会议？"),
        ("省委书记蓝某主持召开会议", "2月23日，蓝某主持召开会议。", "省委书记蓝某什么时候主持召开会议？"),
        ("第三十二次会议召开", "25日上午，会议召开。", "第三十二次会议什么时候召开？"),
    ],
)
def test_what_a_headline_states_is_asked_for(title: str, body: str, question: str) -> None:
    assert question_of(title, body) == question


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("265个病种分级诊疗暂停执行", "将266个病种暂停执行。"),
        ("265个病种分级诊疗暂停执行", "将1265个病种暂停执行。"),
        ("全市经济工作会议第3次部署", "第3次。"),
        ("我市2025年工作要点发布", "2025年工作要点。"),
        ("市政协召开常委会议", "日前，市政协召开会议。"),
        ("关于召开第七次会议的决定", "6月25日决定召开。"),
        ("山居入画 文旅生金", "6月25日，游客5人。"),
        ("声明", ""),
        ("召开", "6月25日召开。"),
        ("长" * 30 + "3个" + "长" * 30, "3个"),
    ],
)
def test_what_the_article_does_not_state_is_not_asked(title: str, body: str) -> None:
    assert question_of(title, body) is None
