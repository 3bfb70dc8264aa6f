"""The lock of the one process that writes, which the system frees when it ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from datetime import datetime
from pathlib import Path

from qa.errors import IndexLocked
from qa.store.files import FILE_MODE

LOCK = "writer.lock"
HOLDER_BYTES = 100


def take_lock(folder: Path) -> int:
    """Return the handle of the lock.

    :raises IndexLocked: When another process has it; names it and says since when.
    :raises OSError: When the file cannot be written; the lock is free then.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, os.pwrite(handle, f"{os.getpid()} {int(time.time())}".encode("ascii"), 0))
    except BlockingIOError as error:
        holder = told(os.pread(handle, HOLDER_BYTES, 0).decode("ascii", "replace"))
        os.close(handle)
        raise IndexLocked(f"索引 {folder} 正由另一进程（{holder}）写入；请等它结束后重试") from error
    except BaseException:
        # Also where the disk is full: a service that went on holding it would refuse every change to come.
        os.close(handle)
        raise
    return handle


def told(holder: str) -> str:
    """Return which process it is and since when, as far as what it left in the file says so."""
    number, _, since = holder.strip().partition(" ")
    if not number.isdigit():
        return "未知"
    if not since.isdigit() or len(since) > len("9999999999"):
        return number
    begun = datetime.fromtimestamp(int(since)).astimezone()
    return f"{number}，{begun:%Y-%m-%d %H:%M:%S} 起"
