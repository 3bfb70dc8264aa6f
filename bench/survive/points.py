"""Runs a step in a process of its own and kills it at one of the points where it changes the disk.

The points are the system calls themselves, also those of SQLite and Tantivy: the process is traced, and
killed as it enters the n-th of them, before the call does anything. So the disk is left in every state
that it goes through, one after another. Linux on x86-64 alone.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal

from bench.survive.processes import DONE, End, Step, begun

CHANGING = {
    1: "write", 18: "pwrite64", 20: "writev", 26: "msync", 74: "fsync", 75: "fdatasync", 76: "truncate",
    77: "ftruncate", 82: "rename", 83: "mkdir", 84: "rmdir", 85: "creat", 86: "link", 87: "unlink",
    88: "symlink", 90: "chmod", 91: "fchmod", 258: "mkdirat", 263: "unlinkat", 264: "renameat",
    265: "linkat", 266: "symlinkat", 277: "sync_file_range", 285: "fallocate", 296: "pwritev",
    316: "renameat2", 326: "copy_file_range",
}  # fmt: skip
OPENING = {2: 1, 257: 2}
"""Calls that open a file, which may make or empty it, and the position of the flags among their arguments."""

MAKES = os.O_CREAT | os.O_TRUNC
TRACE_ME, CONTINUE_TO_CALL, SET_OPTIONS, CALL_INFO = 0, 24, 0x4200, 0x420E
OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x100000
"""Mark stops at calls, follow forks and threads, and let nobody outlive the tracer."""

ALL_THREADS = 0x40000000
STOPPED_AT_CALL = signal.SIGTRAP | 0x80
SYSTEM = ctypes.CDLL(None)
SYSTEM.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class Call(ctypes.Structure):
    """``struct ptrace_syscall_info`` as it is on entering a call."""

    _fields_ = [
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("at", ctypes.c_uint64 * 2),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
    ]


def possible() -> bool:
    """Tell whether processes can be traced here."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return False
    return traced(lambda tell: tell("changed something"), kill_at=1).killed


def ptrace(request: int, thread: int, address: int = 0, data: int = 0) -> int:
    """Ask the system to trace; return what it says, -1 where the thread is no more."""
    return int(SYSTEM.ptrace(request, thread, address, data))


def change(thread: int) -> str | None:
    """Return the name of the call that a stopped thread is about to make, if it changes the disk."""
    call = Call()
    ptrace(CALL_INFO, thread, ctypes.sizeof(call), ctypes.addressof(call))
    if call.op != 1:
        return None
    flags = OPENING.get(call.number)
    if flags is not None:
        return "open" if call.arguments[flags] & MAKES else None
    return CHANGING.get(call.number)


def traced(step: Step, *, kill_at: int | None = None) -> End:
    """Run a step to its end, or to the point where it is killed.

    :param kill_at: The number of the point, counted from 1.
    """
    running = begun(step, first=trace_me)
    points, failed = followed(running.id, kill_at=kill_at)
    killed = kill_at is not None and len(points) >= kill_at
    return End(killed=killed, failed=failed, told=running.lines(), points=points)


def trace_me() -> None:
    """Have this process traced by the one that began it, and wait for that one."""
    ptrace(TRACE_ME, 0)
    os.kill(os.getpid(), signal.SIGSTOP)


def followed(child: int, *, kill_at: int | None) -> tuple[list[str], bool]:
    """Let a process and its threads go from call to call.

    :return: The points that they came by, and whether the process failed.
    """
    os.waitpid(child, ALL_THREADS)
    ptrace(SET_OPTIONS, child, 0, OPTIONS)
    ptrace(CONTINUE_TO_CALL, child)
    points: list[str] = []
    failed = False
    while True:
        try:
            thread, status = os.waitpid(-child, ALL_THREADS)
        except ChildProcessError:
            return points, failed
        if not os.WIFSTOPPED(status):
            failed |= thread == child and os.WIFEXITED(status) and os.WEXITSTATUS(status) != DONE
            continue
        stop = os.WSTOPSIG(status)
        if stop == STOPPED_AT_CALL and (name := change(thread)):
            points.append(name)
            if len(points) == kill_at:
                os.kill(child, signal.SIGKILL)
                continue
        ptrace(CONTINUE_TO_CALL, thread, 0, passed_on(stop))


def passed_on(stop: int) -> int:
    """Return the signal that a stopped thread is to get: those of tracing itself are not for it."""
    return 0 if stop in (STOPPED_AT_CALL, signal.SIGTRAP, signal.SIGSTOP) else stop
