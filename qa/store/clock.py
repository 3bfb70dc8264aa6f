"""The clock of the machine, watched: what is deleted by age must not go because the clock was set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from qa.errors import ClockJumped

JUMP_S = 3600.0
"""What the clock may gain or lose unnoticed; a correction by the network is far below it."""

SETTLING_S = 600.0
"""After which the clock is believed again, if it was not set once more."""


def steady() -> float:
    """Return seconds since the machine was started, asleep or not, whatever the clock is set to."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class WatchedClock:
    """Tells the time unless the clock has just been set."""

    def __init__(
        self, *, wall: Callable[[], float] = time.time, steady: Callable[[], float] = steady
    ) -> None:
        """Believe the clock as it is now.

        :param wall: Seconds since 1970.
        :param steady: Seconds since whenever, never set.
        """
        self._wall, self._steady = wall, steady
        self._believed = self._doubted = wall() - steady()
        self._doubted_since = steady()

    def now(self) -> float:
        """Return the time, in seconds since 1970.

        :raises ClockJumped: For some minutes after the clock was set by more than an hour, unless it is
            set back.
        """
        wall, steady = self._wall(), self._steady()
        offset = wall - steady
        if abs(offset - self._doubted) > JUMP_S:
            self._doubted, self._doubted_since = offset, steady
        if abs(offset - self._believed) > JUMP_S and steady - self._doubted_since < SETTLING_S:
            told = datetime.fromtimestamp(wall, UTC).isoformat(timespec="seconds")
            raise ClockJumped(
                f"系统时钟刚被拨动（现在是 {told}）；{SETTLING_S / 60:.0f} 分钟后才按它计算日期，请检查校时"
            )
        self._believed = self._doubted = offset
        return wall
