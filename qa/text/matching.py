"""Matching (配对): which of several first parts goes with which of several second parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

MARGIN = 0.02
"""By how much the best matching must beat the best one without a pair, for the pair to be sure."""

MOST = 8
"""Parts on one side beyond which nothing is sure: so many are no page, and trying all takes too long."""

Edge = tuple[int, int]
"""A first and a second part, by position."""


def sure_pairs(scores: Mapping[Edge, float]) -> list[Edge]:
    """Return the pairs that surely belong together, one to one.

    What two parts have in common with everything cancels out, since whole
    matchings are compared and not pairs.

    :param scores: How well the parts of each possible pair go together; at least 0.
    """
    if len({f for f, _ in scores}) > MOST or len({s for _, s in scores}) > MOST:
        return []
    total, chosen = best_matching(scores)
    sure: list[Edge] = []
    for edge in chosen:
        without = {each: score for each, score in scores.items() if each != edge}
        rivals = any(each[0] == edge[0] or each[1] == edge[1] for each in without)
        if not rivals or total - best_matching(without)[0] > MARGIN:
            sure.append(edge)
    return sure


def best_matching(scores: Mapping[Edge, float]) -> tuple[float, list[Edge]]:
    """Return the matching with the highest sum, and that sum; earlier pairs win ties.

    The best matching of some firsts, for each set of seconds that they may take:
    with at most ``MOST`` seconds, these are few.
    """
    best: dict[frozenset[int], tuple[float, list[Edge]]] = {frozenset(): (0.0, [])}
    for first in sorted({f for f, _ in scores}):
        taken = {second: score for (f, second), score in sorted(scores.items()) if f == first}
        after = dict(best)
        for used, (total, pairs) in best.items():
            for second, score in taken.items():
                key = used | {second}
                if second not in used and (key not in after or total + score > after[key][0]):
                    after[key] = (total + score, [*pairs, (first, second)])
        best = after
    return max(best.values(), key=lambda each: (each[0], len(each[1])))


def components(edges: Collection[Edge]) -> Iterator[list[Edge]]:
    """Yield the edges that hang together, each group sorted, the groups by their first edge."""
    at_first: dict[int, list[Edge]] = {}
    at_second: dict[int, list[Edge]] = {}
    for edge in sorted(edges):
        at_first.setdefault(edge[0], []).append(edge)
        at_second.setdefault(edge[1], []).append(edge)
    seen: set[Edge] = set()
    for start in sorted(edges):
        waiting, found = [start], []
        while waiting:
            edge = waiting.pop()
            if edge not in seen:
                seen.add(edge)
                found.append(edge)
                waiting += at_first.pop(edge[0], []) + at_second.pop(edge[1], [])
        if found:
            yield sorted(found)
