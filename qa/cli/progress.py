"""How far a long run has come, for a person who waits."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Never

from tqdm import tqdm


class Bar(AbstractContextManager["Bar"]):
    """A progress bar on stderr; silent when that is no terminal, and until there is something to do."""

    def __init__(self) -> None:
        """Show nothing until it is known how much there is to do."""
        self._bar: tqdm[Never] | None = None

    def expect(self, steps: int) -> None:
        """Say that ``steps`` more passages are to come."""
        if self._bar is None:
            self._bar = tqdm(
                total=0, unit="段", desc="建索引", file=sys.stderr, disable=None, dynamic_ncols=True
            )
        self._bar.total = (self._bar.total or 0) + steps
        self._bar.refresh()

    def advance(self, steps: int) -> None:
        """Say that ``steps`` more passages are done."""
        if self._bar is not None:
            self._bar.update(steps)

    def __exit__(self, *_: object) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()
