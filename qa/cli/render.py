"""Outcomes and lists for a person at a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from qa.domain.answers import Citation, Considered, Found, Outcome
from qa.domain.articles import PrintedArticle
from qa.domain.sources import SourceSummary
from qa.domain.spans import SourceSpan
from qa.ranking.evidence import IN_WORDS

WHITE = re.compile(r"[\t\n\r]")
PLACES = 3
"""Places of a quote that are shown; a narrow column has many."""


def outcome_text(outcome: Outcome) -> str:
    """Return an answer with its citations, or an abstention with what stands nearest."""
    understood = [f"（理解为：{outcome.understood}）"] if outcome.understood else []
    if outcome.abstained:
        lines = [*understood, "来源中没有找到答案。"]
        lines += ["", "最接近的段落（不是答案）："] if outcome.citations else []
        return "\n".join(
            [*lines, *(f"  · {where(each)}\n    {shortened(each.quote)}" for each in outcome.citations)]
        )
    lines = [*understood, *map(visible, (outcome.answer or "").split("\n")), ""]
    for rank, citation in enumerate(outcome.citations, start=1):
        lines += [f"[{rank}] {where(citation)}", f"    {marked(citation)}"]
    lines.append(f"\n把握：{outcome.confidence:.0%}")
    return "\n".join(lines)


def explanation_text(considered: Iterable[Considered]) -> str:
    """Return what was considered, the surest first, with what weighed most for and against each."""
    lines = ["", "考虑过的答案："]
    for each in considered:
        ranked = each.ranked
        scores = f"向量 {number(ranked.dense)}  词面 {number(ranked.lexical)}  融合 {ranked.fused:.3f}"
        lines.append(f"  {each.confidence:>4.0%}  {shortened(each.answer, 40)}")
        lines.append(f"        {scores}  阅读 {each.margin:+.2f}")
        effects = sorted(each.signals.items(), key=lambda signal: (-abs(signal[1]), signal[0]))
        told = "；".join(f"{IN_WORDS[name]} {effect:+.2f}" for name, effect in effects)
        lines.append(f"        {told}")
    return "\n".join(lines)


def where(citation: Citation) -> str:
    """Return article and place of a citation on one line."""
    facts = citation.cited.article.facts
    known = (
        f"《{visible(facts.title)}》" if facts.title else None,
        facts.newspaper and visible(facts.newspaper),
        facts.date and facts.date.isoformat(),
    )
    printed = printed_at(citation.places[:PLACES], names=citation.cited.source_names)
    return " ".join([*(part for part in known if part), printed])


def printed_at(places: Iterable[SourceSpan], *, names: Mapping[str, str]) -> str:
    """Return places by their sources: ``甲.txt:0–5、9–12；乙.txt:3–8``."""
    by_source: dict[str, list[str]] = {}
    for place in places:
        by_source.setdefault(names[place.source_id], []).append(f"{place.span.start}–{place.span.end}")
    return "；".join(f"{visible(name)}:{'、'.join(spans)}" for name, spans in by_source.items())


def marked(citation: Citation) -> str:
    """Return the passage around a quote, the quote between brackets."""
    text, span = citation.cited.passage.text, citation.highlight
    before, behind = text[max(0, span.start - 60) : span.start], text[span.end : span.end + 60]
    return visible(WHITE.sub(" ", f"…{before}【{citation.quote}】{behind}…"))


def shortened(text: str, length: int = 80) -> str:
    """Return the head of a text on one line."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= length else line[:length] + "…"


def found_text(results: Iterable[Found]) -> str:
    """Return ranked passages with their scores."""
    lines = []
    for rank, found in enumerate(results, start=1):
        ranked = found.ranked
        scores = f"融合 {ranked.fused:.3f}  向量 {number(ranked.dense)}  词面 {number(ranked.lexical)}"
        names = "、".join(visible(name) for name in found.cited.printed_in)
        lines.append(f"{rank:>3}. {scores}  {names}\n     {shortened(found.cited.passage.text)}")
        lines += [f"     又见 {'、'.join(map(visible, each.printed_in))}" for each in found.also]
    return "\n".join(lines)


def visible(text: str) -> str:
    """Return a text on one line, control characters spelt out so that none reaches the terminal."""
    return "".join(c if is_harmless(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def is_harmless(character: str) -> bool:
    """Tell whether a character can be shown at a terminal; the blanks of print are among them."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def number(score: float | None) -> str:
    """Return a score, or a dash where a search did not find the passage."""
    return "—" if score is None else f"{score:.3f}"


def article_line(listed: PrintedArticle) -> str:
    """Return an article on one line, with every source it is printed in."""
    facts = listed.article.facts
    day = facts.date.isoformat() if facts.date else "日期不详"
    names = " → ".join(visible(name) for name in listed.source_names.values())
    return (
        f"{listed.article.id}  {day}  {facts.kind.value:<10}  {visible(facts.title or '（无题）')}  [{names}]"
    )


def source_line(source: SourceSummary) -> str:
    """Return a source on one line."""
    counts = f"{source.articles:>4} 篇  {source.passages:>5} 段  {source.characters:>8} 字"
    return f"{source.id}  {counts}  {visible(source.name)}"


def counted(*, sources: int, articles: int, passages: int) -> str:
    """Return how much an index holds, in words."""
    return f"来源 {sources}，文章 {articles}，段落 {passages}"
