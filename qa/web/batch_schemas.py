"""What goes over the wire of batches: questions in, where a batch stands, the figures that come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qa.store.batch_rows import BatchState
from qa.web.batches import Standing
from qa.web.schemas import Body


class BatchQuestion(BaseModel):
    """一个问题与它的标准答案；与 qa evaluate 的问题文件相同，多出的字段不理会。"""

    id: str | int = Field(description="编号，各不相同")
    question: str
    answers: list[str] = Field(default=[], description="各种可接受的答案；空的表示来源里没有答案")
    source: str | None = Field(default=None, description="答案所在的来源名，知道才写")


class BatchQuestions(Body):
    """一批问题；也可以用 application/x-ndjson 一行一个。"""

    questions: list[BatchQuestion] = Field(min_length=1)


class BatchBody(Body):
    """一批评测的进展。"""

    id: str
    name: str
    state: BatchState = Field(description="waiting 未开始，running 进行中，done 问完了，cancelled 中途停下")
    asked: int = Field(description="问完了几题")
    of: int = Field(description="共几题")
    passages: int = Field(description="每题检索的段落数")
    seconds_left: float | None = Field(description="照近来的快慢估计，还要多少秒；还说不准的为 null")
    made_at: datetime = Field(description="何时提交的（UTC）")
    ended_at: datetime | None = Field(description="何时问完或停下的（UTC）")
    fault: str | None = Field(description="暂时问不下去的原因（错误码），会自动再试；没有就是 null")
    index_versions: list[str] = Field(description="各题作答时的索引版本，按出现的先后")
    report: str | None = Field(
        description="网页报告的地址，不需要密钥，一两个小时内有效；还没有问完一题时为 null"
    )

    @classmethod
    def of_standing(cls, standing: Standing, *, report: str | None) -> BatchBody:
        """Return the wire form of a batch."""
        batch = standing.batch
        running = batch.ended_at is None and batch.pace is not None
        return cls(
            id=batch.id,
            name=batch.name,
            state=batch.state,
            asked=batch.asked,
            of=batch.total,
            passages=batch.passages,
            seconds_left=round((batch.total - batch.asked) * (batch.pace or 0.0), 1) if running else None,
            made_at=batch.made_at,
            ended_at=batch.ended_at,
            fault=batch.fault,
            index_versions=list(standing.versions),
            report=report,
        )


class BatchList(Body):
    """各批评测，新的在前。"""

    batches: list[BatchBody]


class ReportBody(BaseModel):
    """已经问完的各题的评分；每一项的意思见 docs/evaluation.md，没有可量的为 null。"""

    model_config = ConfigDict(extra="allow")

    asked: int = Field(description="评了几题")
    of: int = Field(description="共几题；没有问完时，评的只是其中一部分")
    index_versions: list[str]
    n: int
    em: float | None
    f1: float | None
    correct: float | None
    refused_right: float | None
    wrong: float | None
    answered: int
    abstained: int
    aurc: float | None
    ece: float | None
    no_answer_auroc: float | None
    official: dict[str, float | None]
    retrieval: dict[str, float | None]
    latency_ms: dict[str, float | None] = Field(description="整题用时的 p50、p95、p99 与最长（max），毫秒")
    stages_ms: dict[str, dict[str, float | None]] = Field(
        description="检索（retrieve）、阅读（read）与合计（total）的用时，各项同 latency_ms"
    )
    endings: dict[str, int]
    intervals_95: dict[str, Any] = Field(description="95% 自助法区间")
