"""Jumps over pages (转版): the parts of an article made one again.

An article that says 下转第4版 on page 1 goes on where page 4 of the same paper
and day says 上接第1版. Where it is not sure which part goes on in which, they stay
apart: two halves are better than one article made of two (see docs/adr/0008).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from qa.domain.articles import Part
from qa.text.joint import whole
from qa.text.matching import MOST, Edge, components, sure_pairs
from qa.text.partners import fitting, is_sure_paper
from qa.text.seam import Stretch, goes_on, may_go_on, rarity
from qa.text.segment import Draft


def join(drafts: Sequence[Draft]) -> dict[int, Draft]:
    """Return the articles by the position of their first part, in order.

    :param drafts: Of all pages that may belong together, in an order that does not depend on
        when they came; of two copies of a page the earlier one is taken.
    """
    follows = links(drafts)
    later = set(follows.values())
    return {at: whole(chain(drafts, at, follows)) for at in range(len(drafts)) if at not in later}


def chain(drafts: Sequence[Draft], at: int, follows: Mapping[int, int]) -> list[Draft]:
    """Return the parts of the article that begins at a position, in reading order."""
    parts = [drafts[at]]
    while at in follows:
        at = follows[at]
        parts.append(drafts[at])
    return parts


def links(drafts: Sequence[Draft]) -> dict[int, int]:
    """Return in which part each part goes on, by position; one to one, and never in a circle."""
    parts = {at: part for at, draft in enumerate(drafts) if (part := part_of(draft)) and part.jumps}
    original = originals(drafts, parts)
    possible: dict[Edge, list[Edge]] = {}
    for first, second in candidates(parts):
        if may_go_on(drafts[first].body.text, drafts[second].body.text):
            possible.setdefault((original[first], original[second]), []).append((first, second))
    sure_papers = {
        edge for edge, copies in possible.items() if any(is_sure_paper(parts[f], parts[s]) for f, s in copies)
    }
    follows: list[Edge] = []
    for edge in chosen(possible, sure_papers=sure_papers, drafts=drafts):
        follows += one_to_one(possible[edge], parts)
    return without_circles(follows)


def part_of(draft: Draft) -> Part | None:
    """Return what the page of a draft says of it; None for one without text."""
    origin = draft.body.origin
    return Part.of(draft.facts, source=origin[0].source_id) if origin else None


def originals(drafts: Sequence[Draft], parts: Mapping[int, Part]) -> dict[int, int]:
    """Return for each part the first that says the same: a page that is held twice is one candidate."""
    first: dict[tuple[str, Part], int] = {}
    return {
        at: first.setdefault((drafts[at].body.text, replace(part, source="")), at)
        for at, part in parts.items()
    }


def candidates(parts: Mapping[int, Part]) -> Iterator[Edge]:
    """Yield every first part with every second part that fits it.

    Where a page has more of one kind than anything could be sure of, none of them.
    """
    alike: dict[Part, list[int]] = {}
    for at, part in parts.items():
        alike.setdefault(part, []).append(at)
    few = [part for part, at in alike.items() if len(at) <= MOST]
    for first, second in fitting(few):
        yield from ((f, s) for f in alike[few[first]] for s in alike[few[second]] if f != s)


def chosen(
    possible: Collection[Edge], *, sure_papers: Collection[Edge], drafts: Sequence[Draft]
) -> list[Edge]:
    """Return the pairs that belong together: by their words within one paper, then whoever is left alone."""
    pairs: list[Edge] = []
    for group in components(sure_papers):
        pairs += sure_pairs(scored(group, drafts))
    firsts, seconds = {first for first, _ in pairs}, {second for _, second in pairs}
    left = [edge for edge in possible if edge[0] not in firsts and edge[1] not in seconds]
    lone = [group[0] for group in components(left) if len(group) == 1]
    return [*pairs, *lone]


def scored(edges: Collection[Edge], drafts: Sequence[Draft]) -> dict[Edge, float]:
    """Return how well the two parts of each pair go together, by all words of all of them."""
    stretches = {
        at: Stretch.of(headings=drafts[at].headings, body=drafts[at].body.text)
        for at in sorted({at for edge in edges for at in edge})
    }
    weights = rarity(stretches.values())
    return {(f, s): goes_on(stretches[f], stretches[s], weights=weights) for f, s in edges}


def one_to_one(copies: Iterable[Edge], parts: Mapping[int, Part]) -> Iterator[Edge]:
    """Yield which copy goes with which: those of one source first, then in order."""
    taken: set[int] = set()
    for first, second in sorted(
        copies, key=lambda edge: (parts[edge[0]].source != parts[edge[1]].source, edge)
    ):
        if not {first, second} & taken:
            taken |= {first, second}
            yield first, second


def without_circles(pairs: Iterable[Edge]) -> dict[int, int]:
    """Return the pairs as a way forward, less those that would lead back to where it began."""
    follows: dict[int, int] = {}
    for first, second in sorted(pairs):
        at = second
        while at in follows:
            at = follows[at]
        if at != first:
            follows[first] = second
    return follows
