"""The one process that parses what is not plain text, seen from outside: started, asked, and killed.

A parser that hangs, crashes or eats memory takes that process with it and nothing else.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

from qa.domain.system import reason
from qa.errors import SourceBroken, SourceTimedOut, SurroundingsFailed
from qa.loaders.child import MORE_TIME, out_of_memory
from qa.loaders.parsed import Job, Parsed, answered

ROOT = Path(__file__).parent.parent.parent
BOOTSTRAP = "import sys; sys.path.append(sys.argv[1]); from qa.loaders.child import main; main(sys.argv[2])"
"""Finds the program where this process found it, and imports nothing from the working directory."""

PASSED_ON = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "TZ")
"""Of the environment, what a parser may see: nothing that could be a secret."""

TICK_S = 0.02
START_S = 60.0
"""Seconds within which the process says that it is ready, for a machine on which starting Python is slow."""


AT_ONCE_S = 0.2
"""Seconds after being asked within which a process that ends had most likely ended before."""


class Worker:
    """Parses files one after another in a process of its own; may be asked from any thread."""

    def __init__(self, parsers: str = "qa.loaders.parsers") -> None:
        """Start nothing yet.

        :param parsers: The module whose ``PARSERS`` the process uses.
        """
        self._parsers = parsers
        self._lock = threading.Lock()
        self._process: Process | None = None

    def parse(self, job: Job) -> Parsed:
        """Return the text of a file.

        :raises SourceFailed: When it has none, or when parsing it had to be stopped.
        :raises SurroundingsFailed: When no process can be started, whatever the file.
        """
        with self._lock:
            used = self._process if self._process and self._process.runs() else None
            try:
                try:
                    line = self._asked(used or Process(self._parsers), job)
                except Ended:
                    # One that read files before may have been killed since: not this file's fault.
                    if used is None:
                        raise
                    line = self._asked(Process(self._parsers), job)
            except Ended as error:
                raise crashed(job) from error
        return answered(line, name=job.name)

    def _asked(self, process: Process, job: Job) -> bytes:
        """Return the answer of a process, which is kept unless it fails."""
        self._process = process
        try:
            return process.ask(job)
        except BaseException:
            self._process = None
            process.end()
            raise

    def close(self) -> None:
        """End the process, if there is one; the next job starts another."""
        with self._lock:
            if self._process:
                self._process.end()
                self._process = None


class Process:
    """One running parsing process."""

    def __init__(self, parsers: str) -> None:
        """Start it; it ends with this object, and with this process.

        :raises SurroundingsFailed: When the system starts none.
        """
        try:
            running = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOTSTRAP, str(ROOT), parsers],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        except OSError as error:
            raise not_started(reason(error)) from error
        self._running = running
        self._ready = False
        self.end = weakref.finalize(self, kill, running)

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._running.pid

    def runs(self) -> bool:
        """Tell whether it can be asked."""
        return self._running.poll() is None

    def ask(self, job: Job) -> bytes:
        """Return the answer to a job.

        :raises SourceFailed: When it ended, took too long, or took too much memory; then kill it.
        :raises SurroundingsFailed: When it never became ready to be asked.
        """
        if not self._ready:
            self._begin(job)
        asked = time.monotonic()
        try:
            self._send(job)
            return self._hear(job, seconds=job.bounds.parse_seconds)
        except Ended as error:
            if time.monotonic() - asked > AT_ONCE_S:
                raise crashed(job) from error
            raise

    def _begin(self, job: Job) -> None:
        """Wait until it is ready; it has not been told of any file before."""
        try:
            self._hear(job, seconds=START_S)
        except Ended as error:
            raise not_started("刚启动就结束了") from error
        except SourceTimedOut as error:
            raise not_started(f"{START_S:.0f} 秒内没有就绪") from error
        self._ready = True

    def _hear(self, job: Job, *, seconds: float) -> bytes:
        """Return the next line that the process says; pictures get time of their own."""
        until = time.monotonic() + seconds
        said = bytearray()
        pictures = 0
        while not said.endswith(b"\n"):
            said += self._read()
            while said.startswith(MORE_TIME) and pictures <= job.bounds.pages:
                del said[: len(MORE_TIME)]
                pictures += 1
                until += job.bounds.ocr_seconds
            self._check(job, said=len(said))
            if time.monotonic() > until:
                raise timed_out(job, pictures=pictures)
        return bytes(said)

    def _send(self, job: Job) -> None:
        # A job is shorter than the pipe is wide, so that this never waits.
        assert self._running.stdin
        try:
            os.write(self._running.stdin.fileno(), job.to_json().encode("ascii") + b"\n")
        except OSError as error:
            raise Ended from error

    def _read(self) -> bytes:
        """Return what was said within a tick."""
        assert self._running.stdout
        waiting = select.poll()
        waiting.register(self._running.stdout, select.POLLIN)
        if not waiting.poll(TICK_S * 1000):
            return b""
        said = os.read(self._running.stdout.fileno(), 2**20)
        if not said:
            raise Ended
        return said

    def _check(self, job: Job, *, said: int) -> None:
        """Raise when the process takes more memory than it may."""
        if memory_of(self.pid) > job.bounds.memory_bytes or said > 8 * job.limit + 2**20:
            raise out_of_memory(job)


class Ended(Exception):
    """The parsing process ended before it had answered; never leaves this module."""


def crashed(job: Job) -> SourceBroken:
    """Return the error for a file over which the parsing process ended."""
    return SourceBroken(f"{job.name}：解析时进程意外结束；文件可能已损坏，请重新导出后再试")


def timed_out(job: Job, *, pictures: int) -> SourceTimedOut:
    """Return the error for a file that took too long, naming the setting that bounds what it was at.

    :param pictures: How many had been begun, each with time of its own.
    """
    bounds = job.bounds
    limit, setting = f"{bounds.parse_seconds:.0f} 秒", "QA_PARSE_SECONDS"
    if pictures:
        limit, setting = f"{limit}、另加 {pictures} 张图片各 {bounds.ocr_seconds:.0f} 秒", "QA_OCR_SECONDS"
    return SourceTimedOut(f"{job.name}：解析超过 {limit}，已停止；请拆成较小的文件，或调大环境变量 {setting}")


def not_started(why: str) -> SurroundingsFailed:
    """Return the error for a parsing process that did not get as far as being asked."""
    return SurroundingsFailed(
        f"解析 PDF、docx、网页与图片的进程无法启动（{why}）；请检查内存与进程数的上限（ulimit -u），"
        "或重新安装，再运行同一命令"
    )


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def kill(running: subprocess.Popen[bytes]) -> None:
    """End a process at once and forget it."""
    running.kill()
    for pipe in (running.stdin, running.stdout):
        if pipe:
            pipe.close()
    running.wait()
