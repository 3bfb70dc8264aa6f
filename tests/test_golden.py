"""Questions to the five sample pages whose answers are known by reading them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.domain.answers import Filters
from qa.engine.ask import Engine

GOLDEN = json.loads((Path(__file__).parent / "golden" / "answers.json").read_text(encoding="utf-8"))
ANSWERED = [each for each in GOLDEN if each["answer"]]
UNANSWERED = [each for each in GOLDEN if not each["answer"]]


@pytest.mark.parametrize("golden", ANSWERED, ids=lambda golden: golden["question"])
def test_the_answer_is_the_one_that_is_printed(engine: Engine, golden: dict[str, str]) -> None:
    outcome = engine.ask(golden["question"], limit=20, filters=Filters())

    assert outcome.answer == golden["answer"]
    assert outcome.citations[0].cited.source_name.startswith(golden["source"])


@pytest.mark.parametrize("golden", UNANSWERED, ids=lambda golden: golden["question"])
def test_what_the_pages_do_not_say_is_not_answered(engine: Engine, golden: dict[str, str]) -> None:
    assert engine.ask(golden["question"], limit=20, filters=Filters()).abstained


@pytest.mark.parametrize("golden", [*ANSWERED, *UNANSWERED], ids=lambda golden: golden["question"])
def test_every_quote_stands_in_its_source(engine: Engine, golden: dict[str, str]) -> None:
    outcome = engine.ask(golden["question"], limit=20, filters=Filters())
    others = (citation for alternative in outcome.alternatives for citation in alternative.citations)
    texts = {each.id: engine.snapshot.source(each.id).text for each in engine.snapshot.sources()}

    for citation in (*outcome.citations, *others):
        printed = (texts[p.source_id][p.span.start : p.span.end] for p in citation.places)
        assert "".join(printed) == citation.quote != ""
