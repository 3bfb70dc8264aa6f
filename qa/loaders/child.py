"""The parsing process: a job a line in, an answer a line out; can be killed at any time.

Imports nothing heavy: it must start quickly, and again after each crash.
"""

from __future__ import annotations

import os
import resource
import select
import sys
import threading
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from qa.errors import SourceBroken, SourceFailed, SourceTooLarge
from qa.loaders.parsed import Job, MoreTime, Parser, refusal
from qa.loaders.text import checked_text, read_bytes

READY = b"ready\n"
MORE_TIME = b"more\n"


def main(parsers: str) -> None:
    """Answer jobs until standard input ends.

    :param parsers: The module whose ``PARSERS`` names a parser for each kind of file.
    """
    threading.Thread(target=end_with_parent, daemon=True).start()
    answers = take_standard_output()
    table: Mapping[str, Parser] = import_module(parsers).PARSERS

    answers.write(READY)
    for line in sys.stdin.buffer:
        job = Job.from_json(line.decode("ascii"))
        limit_memory(job.bounds.memory_bytes)
        more_time = partial(begin_picture, answers, job)
        answers.write(answer(job, table[job.kind], more_time).encode("ascii") + b"\n")


def begin_picture(answers: BinaryIO, job: Job) -> None:
    """Say that a picture comes, and let the recogniser reserve memory.

    It reserves about twice what it uses; what it uses is watched from outside.
    """
    answers.write(MORE_TIME)
    limit_memory(2 * job.bounds.memory_bytes)


def take_standard_output() -> BinaryIO:
    """Return standard output for answers alone; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def end_with_parent() -> None:
    """End this process when nobody can send it a job any more, even in the middle of one."""
    waiting = select.poll()
    waiting.register(0, 0)
    waiting.poll()
    os._exit(0)


def limit_memory(size: int) -> None:
    """Let allocations fail beyond ``size`` bytes; what libraries only reserve does not count."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (size if hard < 0 else min(size, hard), hard))


def answer(job: Job, parser: Parser, more_time: MoreTime) -> str:
    """Return the answer to a job; never raises for the file."""
    try:
        content = read_bytes(Path(job.path), name=job.name, limit=job.bounds.file_bytes)
        parsed = parser(content, job, more_time)
        checked_text(parsed.text, name=job.name)
        if len(parsed.text.encode("utf-8", "surrogatepass")) > job.limit:
            raise SourceTooLarge(
                f"{job.name}：提取出的文字超过 {job.limit / 2**20:.0f} MiB 的上限；"
                "请拆成较小的文件，或调大环境变量 QA_MAX_SOURCE_BYTES"
            )
        return parsed.to_json()
    except SourceFailed as error:
        return refusal(error)
    except MemoryError:
        return refusal(out_of_memory(job))
    except Exception as error:
        # Whatever a library says of a hostile file; the process itself stays as it was.
        kind = type(error).__name__
        return refusal(SourceBroken(f"{job.name}：无法解析（{kind}）；文件可能已损坏，请重新导出后再试"))


def out_of_memory(job: Job) -> SourceBroken:
    """Return the error for a file that takes more memory than it may."""
    size = job.bounds.memory_bytes / 2**20
    return SourceBroken(
        f"{job.name}：解析时需要的内存超过 {size:.0f} MiB 的上限，已停止；"
        "请拆成较小的文件，或调大环境变量 QA_MAX_PARSER_BYTES"
    )
