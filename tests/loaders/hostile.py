"""Parsers that do what no parser should; run only in a parsing process of their own."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from qa.loaders.parsed import Job, MoreTime, Parsed, Parser


def well(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return the number of the process and the text."""
    return Parsed(text=f"{os.getpid()}：{content.decode()}")


def hang(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Never return."""
    while True:
        time.sleep(1)


def eat(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Take memory until there is none."""
    eaten = []
    while True:
        eaten.append(bytearray(2**24))


def creep(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Take memory where the process itself may not notice: files in memory are no data of its own."""
    held = os.memfd_create("held")
    os.ftruncate(held, 2**30)
    import mmap

    with mmap.mmap(held, 2**30) as mapped:
        for at in range(0, 2**30, 2**22):
            mapped[at : at + 2**22] = b"x" * 2**22
            time.sleep(0.001)
        time.sleep(60)
    return Parsed(text="")


def crash(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Read what is not there."""
    ctypes.string_at(0)
    return Parsed(text="")


def leave(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """End the process."""
    os._exit(3)


def raise_anything(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Raise what nobody expects."""
    raise LookupError("一个库的错误")


def recurse(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Call itself without end."""
    return recurse(content, job, more_time)


def chatter(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Print, as libraries do."""
    sys.stdout.write('{"text": "假"}\n')
    sys.stdout.flush()
    os.write(1, b"noise\n")
    sys.stderr.write("noise\n")
    return Parsed(text="真")


def swell(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return more text than there may be."""
    return Parsed(text="长" * job.limit)


def halves(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return half a character."""
    return Parsed(text="半个：\ud800")


def pictures(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Take more time than a file has, with a word before each part."""
    for _ in range(3):
        more_time()
        time.sleep(0.4)
    return Parsed(text="三张")


def linger(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Leave the number of the process in a file, and never return."""
    Path(content.decode()).write_text(str(os.getpid()), encoding="ascii")
    return hang(content, job, more_time)


def environment(content: bytes, job: Job, more_time: MoreTime) -> Parsed:
    """Return the names of what the process was told, and which modules it holds."""
    return Parsed(text=" ".join([*os.environ, "modules:", *sys.modules]))


PARSERS: Mapping[str, Parser] = {
    "well": well,
    "hang": hang,
    "eat": eat,
    "creep": creep,
    "crash": crash,
    "leave": leave,
    "raise": raise_anything,
    "recurse": recurse,
    "chatter": chatter,
    "swell": swell,
    "halves": halves,
    "pictures": pictures,
    "linger": linger,
    "environment": environment,
}
