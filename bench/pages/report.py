"""Prints scores: a table by style, and the worst pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bench.pages.score import PageScore, Tally

FACTS = ("f1", "precision", "recall", "title", "author", "date")
COLUMNS = (*FACTS, "lost", "dropped", "misplaced", "taken_in", "strange")


def style_of(name: str) -> str:
    """Return the style in the name of a page: what stands before its first number."""
    return name.partition("-page-")[0]


def by_style(scores: Sequence[PageScore]) -> dict[str, Tally]:
    """Return the counts by style, in the order in which they come, and over all."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for score in scores:
        tallies[style_of(score.name)] += score.tally
    return dict(tallies) | {"overall": sum(tallies.values(), Tally())}


def table(tallies: dict[str, Tally]) -> str:
    """Return the figures as a table."""
    rows = [f"{'style':22}" + "".join(f"{name:>10}" for name in COLUMNS) + f"{'n':>7}"]
    for style, tally in tallies.items():
        figures = tally.figures()
        rows.append(
            f"{style:22}" + "".join(f"{shown(figures[name]):>10}" for name in COLUMNS) + f"{tally.pages:>7}"
        )
    return "\n".join(rows)


def shown(figure: float | int | None) -> str:
    """Return a figure as it is printed."""
    return "–" if figure is None else f"{figure:.3f}"


def worst(scores: Sequence[PageScore], *, number: int) -> str:
    """Return the pages with the most characters lost or taken in, and what was missed on them."""
    ranked = sorted(scores, key=lambda score: (-harm(score.tally), score.name))
    return "\n".join(described(score) for score in ranked[:number])


def harm(tally: Tally) -> float:
    """Return the share of a page that went wrong."""
    return (tally.dropped + tally.misplaced + tally.taken) / max(1, tally.body)


def described(score: PageScore) -> str:
    """Return what went wrong on a page."""
    tally = score.tally
    counted = f"{tally.matched}/{tally.true} matched, {tally.predicted} predicted"
    head = f"{score.name}  {counted}, harm {harm(tally):.2f}"
    return "\n".join([head, *(f"    missed: {words}" for words in score.missed)])
