"""A run that was broken off goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.checkpoint import Checkpoint


def made() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
    model = torch.nn.Linear(3, 1)
    return model, torch.optim.AdamW(model.parameters())


def stepped(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    optimizer.zero_grad()


def test_there_is_nothing_to_go_on_from_at_first(tmp_path: Path) -> None:
    assert Checkpoint(tmp_path / "work", {"seed": 1}).resume(*made()) == 0


def test_going_on_gives_the_weights_and_the_steps_of_a_run_that_was_not_broken_off(tmp_path: Path) -> None:
    model, optimizer = made()
    stepped(model, optimizer)
    Checkpoint(tmp_path, {"seed": 1}).save(7, model, optimizer)
    other, its_optimizer = made()

    assert Checkpoint(tmp_path, {"seed": 1}).resume(other, its_optimizer) == 7
    stepped(model, optimizer)
    stepped(other, its_optimizer)

    for one, another in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, another)


def test_another_run_does_not_go_on_from_it(tmp_path: Path) -> None:
    Checkpoint(tmp_path, {"seed": 1}).save(7, *made())

    with pytest.raises(SystemExit, match="another plan"):
        Checkpoint(tmp_path, {"seed": 2}).resume(*made())


def test_what_may_change_on_the_way_may(tmp_path: Path) -> None:
    Checkpoint(tmp_path, {"seed": 1, "tokens": 10}).save(7, *made())
    longer = Checkpoint(tmp_path, {"seed": 1, "tokens": 20}, may_change=frozenset({"tokens"}))

    assert longer.resume(*made()) == 7
