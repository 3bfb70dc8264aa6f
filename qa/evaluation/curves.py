"""Curves of a report, drawn as SVG that goes into its page: risk over coverage, accuracy over confidence."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.evaluation.measures import BINS
from qa.evaluation.scored import Scored

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, HIGH = 5.2, 3.4
INK, ACCENT, FAINT = "#2b2622", "#9c2f24", "#b9b0a4"
SALT = "wenbao"
"""Makes the ids in the SVG the same every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A drawing with its words; the words are in the page, since fonts differ."""

    title: str
    told: str
    svg: str


def risk_coverage(batch: Sequence[Scored]) -> tuple[list[float], list[float]]:
    """Return coverage and risk where the surest answers come first; Geifman and El-Yaniv (2017).

    Coverage is of all questions; one without an outcome counts as answered wrongly with full certainty.
    """
    ordered = sorted((each for each in batch if each.claims), key=lambda each: -each.claimed)
    wrong = np.cumsum([not each.right for each in ordered])
    counts = np.arange(1, len(ordered) + 1)
    return (counts / max(len(batch), 1)).tolist(), (wrong / counts).tolist()


def reliability(batch: Sequence[Scored]) -> list[tuple[float, float, int]]:
    """Return mean confidence, accuracy and count of each tenth of confidence that holds an answer."""
    given = [each for each in batch if each.claims]
    bins: dict[int, list[Scored]] = {}
    for each in given:
        bins.setdefault(min(int(each.claimed * BINS), BINS - 1), []).append(each)
    return [
        (
            float(np.mean([each.claimed for each in part])),
            float(np.mean([each.right for each in part])),
            len(part),
        )
        for _, part in sorted(bins.items())
    ]


def drawn(batch: Sequence[Scored]) -> list[Curve]:
    """Return the curves of a batch; none where nothing was answered."""
    if not any(each.claims for each in batch):
        return []
    return [
        Curve(
            title="风险与覆盖",
            told="横轴：回答了的题所占的比例，最有把握的在前；纵轴：其中答错的比例。",
            svg=line(*risk_coverage(batch)),
        ),
        Curve(
            title="把握与正确率",
            told="横轴：回答时的把握；纵轴：实际答对的比例。落在对角线上，把握才名副其实；点的大小是题数。",
            svg=dots(reliability(batch)),
        ),
        Curve(
            title="用时",
            told="横轴：一道题用的毫秒数；纵轴：题数。",
            svg=histogram([each.given.timings.get("total", 0.0) for each in batch]),
        ),
    ]


def line(across: Sequence[float], up: Sequence[float]) -> str:
    """Return a curve over [0, 1]."""
    figure, axes = blank()
    axes.step(across, up, where="post", color=ACCENT, linewidth=1.8)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, max([*up, 0.05]) * 1.1)
    return svg_of(figure)


def dots(points: Sequence[tuple[float, float, int]]) -> str:
    """Return points with the diagonal they should lie on."""
    figure, axes = blank()
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle="--")
    across, up, counts = zip(*points, strict=True)
    axes.scatter(across, up, s=[12 + 6 * np.sqrt(count) for count in counts], color=ACCENT, zorder=3)
    axes.plot(across, up, color=ACCENT, linewidth=1)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    return svg_of(figure)


def histogram(values: Sequence[float]) -> str:
    """Return how many values are how large."""
    figure, axes = blank()
    axes.hist(values, bins=min(30, max(5, len(values) // 8)), color=ACCENT)
    return svg_of(figure)


def blank() -> tuple[Figure, Axes]:
    """Return an empty drawing."""
    # Here and not above: it takes seconds to import, and most evaluations draw nothing.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, HIGH), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(INK)
    axes.tick_params(colors=INK)
    axes.grid(visible=True, color=FAINT, alpha=0.35, linewidth=0.6)
    return figure, axes


def svg_of(figure: Figure) -> str:
    """Return a drawing as an SVG element that scales with its page."""
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": SALT, "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    element = out.getvalue()
    element = element[element.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>", "", element, count=1, flags=re.DOTALL)
    # The page sizes it; the box says in what proportion.
    return re.sub(
        r'(<svg[^>]*?) height="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", element)
    )
