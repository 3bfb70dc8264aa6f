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
    handle = opened(folder / LOCK)
    try:
        if not is_locked_by_us(handle):
            holder = told(os.pread(handle, HOLDER_BYTES, 0).decode("ascii", "replace"))
            raise IndexLocked(f"索引 {folder} 正由另一进程（{holder}）写入；请等它结束后重试")
        os.ftruncate(handle, os.pwrite(handle, f"{os.getpid()} {int(time.time())}".encode("ascii"), 0))
    except BaseException:
        # Also where the disk is full: a service that went on holding it would refuse every change to come.
        os.close(handle)
        raise
    return handle


def locked(path: Path) -> int | None:
    """Return the handle of a file that is locked for us, made where it is not there; None while another's is.

    The system frees it when the process ends, however it ends.

    :raises OSError: When it cannot be opened or locked; nothing stays open.
    """
    handle = opened(path)
    try:
        ours = is_locked_by_us(handle)
    except BaseException:
        os.close(handle)
        raise
    if not ours:
        os.close(handle)
        return None
    return handle


def opened(path: Path) -> int:
    """Return the handle of a file of ours, which is made where it is not there; no link is followed."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)


def is_locked_by_us(handle: int) -> bool:
    """Lock a file, and tell whether that was possible: not while another process has it locked."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def told(holder: str) -> str:
    """Return which process it is and since when, as far as what it left in the file says so."""
    number, _, since = holder.strip().partition(" ")
    if not number.isdigit():
        return "未知"
    if not since.isdigit() or len(since) > len("9999999999"):
        return number
    begun = datetime.fromtimestamp(int(since)).astimezone()
    return f"{number}，{begun:%Y-%m-%d %H:%M:%S} 起"
