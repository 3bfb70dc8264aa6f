"""The figures of the model cards are kept as they come, for the same weights only."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.evaluate_models import Figures, Measures, measured, write_card


class Counting:
    """Measures two things, and knows how often it measured."""

    def __init__(self, *, broken_off: bool = False) -> None:
        self.measured: list[str] = []
        self._broken_off = broken_off

    def measures(self) -> Measures:
        yield "first", lambda: self._measure("first", 0.25)
        if self._broken_off:
            raise KeyboardInterrupt
        yield "second", lambda: self._measure("second", 0.5)

    def _measure(self, name: str, value: float) -> Figures:
        self.measured.append(name)
        return {"em": value}


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "figures.jsonl"
    stopped, again = Counting(broken_off=True), Counting()
    with pytest.raises(KeyboardInterrupt):
        list(measured(stopped.measures(), of="weights", kept=kept))
    # Killed in the middle of a line.
    kept.write_text(kept.read_text(encoding="utf-8") + '{"name": "sec', encoding="utf-8")

    *_, figures = measured(again.measures(), of="weights", kept=kept)

    assert stopped.measured == ["first"]
    assert again.measured == ["second"]
    assert figures == {"first": {"em": 0.25}, "second": {"em": 0.5}}
    assert list(measured(again.measures(), of="weights", kept=kept)) == [figures]
    assert again.measured == ["second"]


def test_other_weights_are_measured_anew(tmp_path: Path) -> None:
    kept = tmp_path / "figures.jsonl"
    list(measured(Counting().measures(), of="weights", kept=kept))
    other = Counting()

    list(measured(other.measures(), of="other weights", kept=kept))

    assert other.measured == ["first", "second"]


def test_a_card_keeps_what_stands_around_its_figures(tmp_path: Path) -> None:
    card = tmp_path / "MODEL_CARD.md"
    card.write_text(
        "# Card\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\n## Limits\n", encoding="utf-8"
    )

    write_card(card, {"dev, bf16": {"em": 61.5321, "n": 3219, "bytes": 64069389}})

    assert card.read_text(encoding="utf-8") == (
        "# Card\n\n<!-- figures -->\n\n| measured | figures |\n| --- | --- |\n"
        "| dev, bf16 | em 61.53, n 3219, bytes 64069389 |\n\n<!-- end of figures -->\n\n## Limits\n"
    )
