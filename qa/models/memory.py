"""What the models free is kept for their next batch (see docs/adr/0029)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping

M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8
"""Parameters of glibc's ``mallopt``, from its malloc.h."""

NEVER = 2**31 - 1
BY_HAND = ("MALLOC_", "GLIBC_TUNABLES")
"""How the names of environment variables begin by which somebody sets the allocator."""


def keep_freed_memory(environment: Mapping[str, str] = os.environ) -> bool:
    """Let this process keep the memory that it frees, in one pool for all threads; return whether it will.

    By default glibc gives every large block back to the system and gets the next one empty, page by page.
    Nothing is done where the environment sets the allocator, nor without glibc.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None or any(name.startswith(BY_HAND) for name in environment):
        return False
    # The pools of other threads are given back all the same: there must be one only.
    options = {M_MMAP_MAX: 0, M_TRIM_THRESHOLD: NEVER, M_ARENA_MAX: 1}
    return all([set_option(option, value) for option, value in options.items()])
