"""What goes over the wire of asking: the shapes of the contract, also printed by ``qa --json``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from qa.domain import answers
from qa.domain.spans import SourceSpan
from qa.engine.ask import LIMIT
from qa.ranking.evidence import IN_WORDS

Question = Annotated[str, Field(description="要问的问题", examples=["晋中市委书记是谁？"])]
Limit = Annotated[int, Field(strict=True, ge=1, le=100, description="检索的段落数，其中最好的几段会被细读")]


LONGEST_NAME = 1000
Name = Annotated[str, Field(max_length=LONGEST_NAME)]

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def written_as_day(value: object) -> object:
    """Return what may be read as a day; pydantic would take a number for seconds since 1970.

    :raises PydanticCustomError: When it is no day as the interface writes them.
    """
    if isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_form", "应为 YYYY-MM-DD 形式的日期")


Day = Annotated[date, BeforeValidator(written_as_day)]


class Body(BaseModel):
    """Any body: unknown fields are an error, so that a misspelt filter is not silently ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FiltersBody(Body):
    """只在一部分来源里找。"""

    sources: list[Name] = Field(default=[], max_length=100, description="来源名，可用 * 通配")
    newspapers: list[Name] = Field(default=[], max_length=100, description="报名，照文章所写，须全同")
    first: Day | None = Field(default=None, alias="from", description="不早于这一天")
    last: Day | None = Field(default=None, alias="to", description="不晚于这一天")

    def value(self) -> answers.Filters:
        """Return what the engine takes."""
        return answers.Filters(
            sources=tuple(self.sources),
            newspapers=tuple(self.newspapers),
            first=self.first,
            last=self.last,
        )


class Asked(Body):
    """问题与检索范围。"""

    question: Question
    limit: Limit = LIMIT
    filters: FiltersBody = FiltersBody()


class PrecedingBody(Body):
    """上一问：追问从中补足省略的部分。"""

    question: Question
    title: str | None = Field(default=None, max_length=500, description="上一问首先引用的文章的标题")

    def value(self) -> answers.Preceding:
        """Return what the engine takes."""
        return answers.Preceding(question=self.question, title=self.title)


class AskBody(Asked):
    """一个问题。"""

    before: PrecedingBody | None = Field(
        default=None,
        description="上一问（它的 understood，没有就是 question）；追问「那二类呢？」从中补足省略的部分",
    )
    explain: bool = Field(default=False, strict=True, description="是否说明考虑过哪些答案、依据是什么")


class SearchBody(Asked):
    """一次检索。"""

    mode: answers.Mode = Field(default=answers.Mode.HYBRID, description="hybrid、dense 或 lexical")


class SpanBody(Body):
    """原文中的一段，半开区间，以 Unicode 码点计。"""

    source: str
    start: int
    end: int


class ArticleReference(Body):
    """出处所在的文章。"""

    id: str
    title: str | None
    published: date | None
    date: date | None
    authors: list[str]
    newspaper: str | None
    issue: str | None
    page: str | None
    source: str


class PassageReference(Body):
    """出处所在的段落；highlight 是引文在其中的位置。"""

    id: str
    text: str
    highlight: list[tuple[int, int]]


class CitationBody(Body):
    """一条出处：quote 逐字等于各 span 在原文中的拼接。"""

    rank: int
    quote: str
    spans: list[SpanBody]
    article: ArticleReference
    passage: PassageReference
    score: float
    supports: bool = True


class AlternativeBody(Body):
    """另一个可能的答案。"""

    answer: str
    confidence: float
    citations: list[CitationBody]


class SignalBody(Body):
    """支持或反对一个答案的一个依据；effect 为它给对数几率的增减。"""

    name: str
    words: str
    effect: float


class ConsideredBody(Body):
    """考虑过的一个答案：检索与阅读的得分，以及各项依据。"""

    answer: str
    confidence: float
    dense: float | None
    lexical: float | None
    fused: float
    margin: float = Field(description="阅读模型给答案的分减去给「此处无答案」的分")
    signals: list[SignalBody]

    @classmethod
    def of(cls, considered: answers.Considered) -> ConsideredBody:
        """Return the wire form; the signal that weighs most comes first."""
        effects = sorted(considered.signals.items(), key=lambda each: (-abs(each[1]), each[0]))
        return cls(
            answer=considered.answer,
            confidence=round(considered.confidence, 4),
            dense=rounded(considered.ranked.dense),
            lexical=rounded(considered.ranked.lexical),
            fused=round(considered.ranked.fused, 4),
            margin=round(considered.margin, 3),
            signals=[
                SignalBody(name=name, words=IN_WORDS[name], effect=round(effect, 3))
                for name, effect in effects
            ],
        )


class OutcomeBody(Body):
    """回答或拒答。"""

    id: str | None = Field(default=None, description="存档的编号，见 GET /v1/answers/{id}；不存档时为 null")
    question: str
    understood: str | None = Field(default=None, description="追问补足后的完整问题；照原样问的为 null")
    answer: str | None
    abstained: bool
    confidence: float
    citations: list[CitationBody]
    alternatives: list[AlternativeBody]
    timings_ms: dict[str, float]
    index_version: str
    explanation: list[ConsideredBody] | None = Field(
        default=None, description="考虑过的每个答案及其依据；只在要求解释时给出"
    )

    @classmethod
    def of(cls, outcome: answers.Outcome, *, explain: bool = False) -> OutcomeBody:
        """Return the wire form of an outcome, with what was considered where that is asked for."""
        timings = outcome.timings
        return cls(
            question=outcome.question,
            understood=outcome.understood,
            answer=outcome.answer,
            abstained=outcome.abstained,
            confidence=round(outcome.confidence, 4),
            citations=citation_bodies(outcome.citations),
            alternatives=[
                AlternativeBody(
                    answer=each.answer,
                    confidence=round(each.confidence, 4),
                    citations=citation_bodies(each.citations),
                )
                for each in outcome.alternatives
            ],
            timings_ms={
                "retrieve": round(timings.retrieve, 1),
                "read": round(timings.read, 1),
                "total": round(timings.total, 1),
            },
            index_version=outcome.index_version,
            explanation=[ConsideredBody.of(each) for each in outcome.considered] if explain else None,
        )


def told_of(outcome: answers.Outcome) -> Mapping[str, Any]:
    """Return an outcome as JSON has it, in the shape of the contract."""
    return OutcomeBody.of(outcome).model_dump(mode="json")


class AlsoBody(Body):
    """另一处几乎相同的段落：同一篇通稿在别处的刊载。"""

    quote: str
    spans: list[SpanBody]
    article: ArticleReference


class KeptBody(OutcomeBody):
    """存档的回答，与当时给出的一样。"""

    asked_at: datetime = Field(description="何时问的（UTC）")


class FoundBody(Body):
    """检索到的一个段落，附各项得分；没有被某种检索找到的为 null。"""

    rank: int
    quote: str
    spans: list[SpanBody]
    article: ArticleReference
    passage: PassageReference
    dense: float | None
    lexical: float | None
    fused: float
    also: list[AlsoBody] = Field(default=[], description="几乎相同的段落只列一次，其余的刊载处在此")

    @classmethod
    def of(cls, found: answers.Found, *, rank: int) -> FoundBody:
        """Return the wire form of a passage that was found."""
        passage, ranked = found.cited.passage, found.ranked
        return cls(
            rank=rank,
            quote=passage.text,
            spans=span_bodies(passage.traced.origin, names=found.cited.source_names),
            article=reference(found.cited),
            passage=PassageReference(id=passage.id, text=passage.text, highlight=[]),
            dense=rounded(ranked.dense),
            lexical=rounded(ranked.lexical),
            fused=round(ranked.fused, 4),
            also=[
                AlsoBody(
                    quote=each.passage.text,
                    spans=span_bodies(each.passage.traced.origin, names=each.source_names),
                    article=reference(each),
                )
                for each in found.also
            ],
        )


class SearchResults(Body):
    """检索结果，最好的在前。"""

    results: list[FoundBody]

    @classmethod
    def of(cls, found: Iterable[answers.Found]) -> SearchResults:
        """Return the wire form of ranked passages."""
        return cls(results=[FoundBody.of(each, rank=rank) for rank, each in enumerate(found, start=1)])


class Problem(BaseModel):
    """出错时的统一形状（application/problem+json）。"""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str


class Health(Body):
    """存活。"""

    status: str


class Readiness(Body):
    """就绪；fault 不为 null 时仍在用旧的索引版本回答。"""

    status: str
    index_version: str
    fault: str | None = Field(
        default=None, description="最新发布的索引版本打不开的原因（错误码），详情见日志"
    )


def rounded(score: float | None) -> float | None:
    """Return a score as it is shown."""
    return None if score is None else round(score, 4)


def span_bodies(places: Iterable[SourceSpan], *, names: Mapping[str, str]) -> list[SpanBody]:
    """Return spans by their sources' names."""
    return [
        SpanBody(source=names[place.source_id], start=place.span.start, end=place.span.end)
        for place in places
    ]


def reference(cited: answers.Cited) -> ArticleReference:
    """Return which article a passage stands in."""
    facts = cited.article.facts
    return ArticleReference(
        id=cited.article.id,
        title=facts.title,
        published=facts.published,
        date=facts.date,
        authors=list(facts.authors),
        newspaper=facts.newspaper,
        issue=facts.issue,
        page=facts.page,
        source=cited.source_name,
    )


def citation_bodies(citations: Iterable[answers.Citation]) -> list[CitationBody]:
    """Return citations, ranked from 1."""
    return [
        CitationBody(
            rank=rank,
            quote=each.quote,
            spans=span_bodies(each.places, names=each.cited.source_names),
            article=reference(each.cited),
            passage=PassageReference(
                id=each.cited.passage.id,
                text=each.cited.passage.text,
                highlight=[(each.highlight.start, each.highlight.end)],
            ),
            score=round(each.score, 4),
            supports=each.supports,
        )
        for rank, each in enumerate(citations, start=1)
    ]
