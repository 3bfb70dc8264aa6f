"""Measures of a ranking, through ``ir_measures``, and runs in TREC's six columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion

NAMES = ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10")
AS_MEASURED = {"MRR@10": "RR@10"}
NEVER, NOTHING = "never found", "nothing found"
"""What is to be found where no passage that answers was, and what stands in an empty ranking: two names
that no passage has."""

Labelled = tuple[LabelledQuestion, Prediction]


def retrieval_values(batch: Sequence[Labelled]) -> dict[str, list[float]]:
    """Return each measure's value for each answerable question that was searched for, in order.

    Where a set judges documents, they are what is to be found. Elsewhere it is the first passage that holds
    an accepted answer, so that R@k says whether one of the first k does.
    """
    # Here and not above: on import it would install a log handler.
    import ir_measures

    measured = [each for each in batch if is_measured(*each)]
    if not measured:
        return {name: [] for name in NAMES}
    measures = {name: ir_measures.parse_measure(AS_MEASURED.get(name, name)) for name in NAMES}
    evaluator = ir_measures.evaluator(
        list(measures.values()),
        {str(at): judged(asked, given) for at, (asked, given) in enumerate(measured)},
    )
    ranked = {
        str(at): scores(given, by_document=bool(asked.relevant)) for at, (asked, given) in enumerate(measured)
    }
    found = {(each.query_id, str(each.measure)): float(each.value) for each in evaluator.iter_calc(ranked)}
    return {
        name: [found.get((str(at), str(measure)), 0.0) for at in range(len(measured))]
        for name, measure in measures.items()
    }


def is_measured(asked: LabelledQuestion, given: Prediction) -> bool:
    """Tell whether there was something to be found, and a search for it or no outcome at all."""
    return bool(asked.relevant or asked.answers) and given.retrieved is not None


def judged(asked: LabelledQuestion, given: Prediction) -> dict[str, int]:
    """Return the grades of what is to be found."""
    if asked.relevant:
        return dict(asked.relevant)
    return {NEVER if given.rank is None else passage(given.rank): 1}


def scores(given: Prediction, *, by_document: bool) -> dict[str, float]:
    """Return scores that fall with the rank: what came first scores highest, however near the real scores.

    A document is where its first passage is.
    """
    names = (
        dict.fromkeys(each.document for each in given.retrieved or ())
        if by_document
        else [passage(rank) for rank in range(1, len(given.retrieved or ()) + 1)]
    )
    return {name: 1 / rank for rank, name in enumerate(names, start=1)} or {NOTHING: 0.0}


def passage(rank: int) -> str:
    """Return what the passage at a rank is called."""
    return f"passage {rank}"


def trec_lines(batch: Sequence[Labelled], *, tag: str) -> Iterator[str]:
    """Yield a TREC run: question, ``Q0``, document, rank, score, tag; blanks in names become ``_``."""
    for asked, given in batch:
        best: dict[str, float] = {}
        for each in given.retrieved or ():
            best.setdefault(each.document, each.score)
        for rank, (name, score) in enumerate(best.items(), start=1):
            yield f"{joined(asked.id)} Q0 {joined(name)} {rank} {score:.6f} {tag}\n"


def joined(name: str) -> str:
    """Return a name without blanks, as columns need it."""
    return "_".join(name.split()) or "_"
