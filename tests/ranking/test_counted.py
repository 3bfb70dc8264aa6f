"""What is counted behind a number, against what a question asks the number of."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.counted import counts_as_asked


@pytest.mark.parametrize(
    ("question", "passage", "taken", "as_asked"),
    [
        ("山西认定了多少个市级专业镇？", "认定82个市级专业镇予以重点培育。", "82个", True),
        ("山西认定了多少个市级专业镇？", "等10个省级现代产业学院，通过镇校合作。", "10个", False),
        ("现场签约了多少份战略合作协议？", "现场签约20份战略合作协议。", "20份", True),
        ("全省有几个专业镇？", "专业镇增加到3个试点。", "3个", True),
        ("全市有多少个专业镇？", "全市共3个，涉及企业200户。", "3个", None),
        ("全市有多少家企业参加了展会？", "180家商户参加。", "180家", None),
        ("总投资是多少？", "总投资26亿元人民币。", "26亿元", None),
        ("认定了多少个专业镇？", "认定一批专业镇。", "一批专业镇", None),
    ],
)
def test_what_is_counted(question: str, passage: str, taken: str, *, as_asked: bool | None) -> None:
    start = passage.index(taken)

    assert counts_as_asked(question, passage, Span(start, start + len(taken))) is as_asked
