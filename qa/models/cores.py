"""How many processor cores are there for this process."""

from __future__ import annotations

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Of a container under cgroup v2: microseconds of processor time in so many, or ``max``."""


def usable_cores(quota: Path = QUOTA) -> int:
    """Return the number of cores this process may use, at least 1: as bound, and as a container allows.

    The machine's own number misleads: sixty-four threads in a container of two cores wait for each other.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, period = quota.read_text(encoding="ascii").split()
        return max(1, min(bound, int(allowed) // int(period)))
    except (OSError, ValueError, ZeroDivisionError):
        return max(1, bound)
