"""A report for people: one HTML file that asks for nothing outside, and a Markdown summary."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from qa.evaluation.curves import drawn
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.report import Report
from qa.evaluation.scored import IN_WORDS, Ending, Scored, scored

SCRIPT = "report.js"

AROUND = 70
"""Characters of a passage shown on each side of a quote."""

FIGURES: Mapping[str, str] = {
    "correct": "答对（有答案的题）",
    "em": "完全一致",
    "f1": "字符 F1",
    "refused_right": "正确拒答（无答案的题）",
    "wrong": "误导（全部题）",
}
RANKED: Mapping[str, str] = {
    "R@1": "首段即有答案",
    "R@5": "前五段内有",
    "R@10": "前十段内有",
    "MRR@10": "平均倒数排名",
    "nDCG@10": "nDCG@10",
}
STAGES: Mapping[str, str] = {"retrieve": "检索", "read": "阅读", "total": "合计"}
POINTS: Mapping[str, str] = {"p50": "p50", "p95": "p95", "p99": "p99", "max": "最长"}
"""What is told of the times that a stage took."""

KINDS: Mapping[str, str] = {
    "number": "数量",
    "date": "时间",
    "person": "人物",
    "place": "地点",
    "organisation": "机构",
    "title": "作品、文件",
    "list": "列举",
    "definition": "定义",
    "yes_no": "是非",
    "reason": "原因",
    "other": "其他",
}
GOOD = frozenset({Ending.RIGHT, Ending.REFUSED_RIGHT})


def as_html(
    figures: Report,
    questions: Sequence[LabelledQuestion],
    predictions: Sequence[Prediction],
    *,
    title: str,
    notes: Sequence[str] = (),
) -> str:
    """Return the report as one HTML page; texts of questions and papers are escaped, never markup.

    :param notes: What has to be known to read the figures.
    """
    batch = [scored(asked, given) for asked, given in zip(questions, predictions, strict=True)]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(beside("report.html.j2"))
    script = beside(SCRIPT)
    return template.render(
        title=title,
        notes=notes,
        script=Markup(script),
        script_hash=hash_of(script),
        figures=figures,
        named=FIGURES,
        ranked=RANKED,
        kinds=KINDS,
        endings=IN_WORDS,
        stages=STAGES,
        points=POINTS,
        shown=shown,
        milliseconds=milliseconds,
        around=lambda name: around(figures, name),
        curves=[(curve, Markup(curve.svg)) for curve in drawn(batch)],
        rows=[row(each) for each in batch],
    )


def script_hash() -> str:
    """Return what a Content-Security-Policy names the page's one script by; no other may run in it."""
    return hash_of(beside(SCRIPT))


def beside(name: str) -> str:
    """Return the text of a file that lies beside this module."""
    return files("qa.evaluation").joinpath(name).read_text("utf-8")


def hash_of(script: str) -> str:
    """Return the hash of a script as a Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def row(each: Scored) -> dict[str, Any]:
    """Return what the page shows of a question."""
    return {
        "id": each.asked.id,
        "question": each.asked.question,
        "expected": list(each.asked.answers),
        "given": each.given.answer,
        "ending": each.ending.value,
        "good": each.ending in GOOD,
        "kind": figures_kind(each),
        "source": each.asked.source or "",
        "confidence": each.given.confidence,
        "rank": each.given.rank,
        "quotes": [quote_of(cited) for cited in cited_in(each.given)[:3]],
    }


def figures_kind(each: Scored) -> str:
    """Return the kind of answer that a question asks for."""
    from qa.ranking.answer_kind import kind_of

    return kind_of(each.asked.question).value


def cited_in(given: Prediction) -> list[Mapping[str, Any]]:
    """Return the citations of a prediction that are objects."""
    cited = given.body.get("citations")
    return [each for each in cited if isinstance(each, dict)] if isinstance(cited, list) else []


def quote_of(cited: Mapping[str, Any]) -> dict[str, str]:
    """Return a quote with what stands before and behind it, and where that is printed."""
    passage, article = cited.get("passage") or {}, cited.get("article") or {}
    text, highlight = str(passage.get("text", "")), passage.get("highlight") or []
    start, end = highlight[0] if highlight and len(highlight[0]) == 2 else (0, 0)
    facts = (article.get("title"), article.get("newspaper"), article.get("date"), article.get("source"))
    return {
        "before": ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
        "quote": str(cited.get("quote", "")),
        "behind": text[end : end + AROUND] + ("…" if end + AROUND < len(text) else ""),
        "where": "　".join(str(each) for each in facts if each),
    }


def as_markdown(figures: Report, *, title: str) -> str:
    """Return the summary as Markdown."""
    lines = [
        f"# {title}",
        "",
        f"{figures['n']} 题：回答 {figures['answered']}，拒答 {figures['abstained']}。",
        "",
    ]
    lines += ["| 指标 | 值 | 95 % 区间 |", "| --- | --- | --- |"]
    lines += [
        f"| {words} | {shown(figures[name])} | {around(figures, name)} |" for name, words in FIGURES.items()
    ]
    lines += [
        f"| {words} | {shown(figures['retrieval'][name])} | {around(figures, name)} |"
        for name, words in RANKED.items()
    ]
    for name in ("aurc", "ece", "no_answer_auroc"):
        lines.append(f"| {name} | {shown(figures[name])} | |")
    lines += ["", f"| 用时（毫秒） | {' | '.join(POINTS.values())} |", "| --- " * (1 + len(POINTS)) + "|"]
    for stage, words in STAGES.items():
        times = " | ".join(milliseconds(figures["stages_ms"][stage][point]) for point in POINTS)
        lines.append(f"| {words} | {times} |")
    lines += ["", "| 结局 | 题数 |", "| --- | --- |"]
    lines += [f"| {IN_WORDS[Ending(ending)]} | {count} |" for ending, count in figures["endings"].items()]
    return "\n".join([*lines, ""])


def shown(value: float | None) -> str:
    """Return a figure, or a dash where there was nothing to measure."""
    return "—" if value is None else f"{value:.3f}"


def milliseconds(value: float | None) -> str:
    """Return a time in milliseconds, or a dash where nothing was timed; short ones with one decimal."""
    if value is None:
        return "—"
    # Only what would round to 10.0 is told as 10.
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def around(figures: Report, name: str) -> str:
    """Return the 95 % interval of a figure, empty where there is none."""
    within = figures["intervals_95"].get(name)
    return f"{within[0]:.3f}–{within[1]:.3f}" if within else ""
