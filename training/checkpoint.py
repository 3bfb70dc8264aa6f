"""Checkpoints: a run that was broken off goes on where it was, by the same command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

EVERY_SECONDS = 300


class Checkpoint:
    """The last state of one run, in a folder; written beside and renamed into place."""

    def __init__(self, work: Path, plan: dict[str, Any], *, may_change: frozenset[str] = frozenset()) -> None:
        """Keep the state of the run that ``plan`` describes.

        :param may_change: What of the plan may be another on the way, such as the length of the run.
        """
        work.mkdir(parents=True, exist_ok=True)
        self._path = work / "checkpoint.pt"
        self._plan, self._may_change = plan, may_change

    def save(self, step: int, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
        """Keep the state after ``step``."""
        state = {
            "plan": self._plan,
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
        }
        torch.save(state, self._path.with_suffix(".new"))
        self._path.with_suffix(".new").replace(self._path)

    def resume(self, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
        """Go to the last state; return how many steps are done, 0 where there is none.

        :raises SystemExit: When it is the state of another run.
        """
        if not self._path.exists():
            return 0
        state = torch.load(self._path, weights_only=True)
        if self._fixed(state["plan"]) != self._fixed(self._plan):
            raise SystemExit(f"{self._path} belongs to another plan: {state['plan']}; move it away")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])

    def _fixed(self, plan: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in plan.items() if name not in self._may_change}
