"""Asks a served index with more and more clients at once, and says how fast and how steadily it answers.

    python -m bench.load --index INDEX --questions FILE.jsonl [--clients 1 8 32 64] [--seconds 60]
                         [--steady 10000] [--steady-limit 10] [--out FILE.json] [--page MARK]

It starts ``qa serve`` of its own, and stops it by a signal at the end of the last round, while questions are
in flight: each must be answered or refused with a 503, and none may be lost. The full counts are the defaults
with ``--steady 10000``; they take a quiet machine about an hour. ``--page`` writes them into
docs/benchmarks.md between two marks: ``load`` or ``load over news``.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.page import put, table
from qa.engine.ask import LIMIT

STARTS_WITHIN_S = 600
TIMEOUT_S = 120
LOST, TURNED_AWAY = 0, -1
"""In place of a status: no answer came, or there was nobody to take the question."""

EXPECTED = (200, 503, LOST, TURNED_AWAY)
PAGE = Path("docs/benchmarks.md")
COLUMNS = ("clients", "answered", "refused", "lost", "errors", "p50_ms", "p95_ms", "per_second")
MIB = 2**20

STEPS = 10
"""Times that memory is looked at over the steady run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running service."""

    host: str
    port: int
    pid: int

    def ask(self, question: str, *, limit: int = LIMIT) -> int:
        """Return the status of one question, or why there is none; of ``limit`` see ``Engine.ask``."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        try:
            body = json.dumps({"question": question, "limit": limit})
            connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            return response.status
        except ConnectionRefusedError:
            return TURNED_AWAY
        except (OSError, http.client.HTTPException):
            return LOST
        finally:
            connection.close()

    def get(self, path: str) -> bytes:
        """Return what is at a path."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def resident_bytes(self) -> int:
        """Return the memory that the service holds."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


class Shared:
    """Questions, again and again, for several threads."""

    def __init__(self, questions: Sequence[str]) -> None:
        """Begin with the first."""
        self._questions, self._lock = itertools.cycle(questions), threading.Lock()

    def __next__(self) -> str:
        """Return the next one."""
        with self._lock:
            return next(self._questions)


@dataclass(slots=True)
class Round:
    """What came of one round.

    :param milliseconds: Of each question that was answered with 200.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, seconds: float) -> None:
        """Note one question."""
        with self.lock:
            self.statuses[status] += 1
            if status == 200:
                self.milliseconds.append(1000 * seconds)

    def figures(self, *, clients: int, seconds: float, resident: int) -> dict[str, Any]:
        """Return the round in numbers."""
        percentile = np.percentile(self.milliseconds, [50, 95]) if self.milliseconds else (None, None)
        return {
            "clients": clients,
            "seconds": round(seconds, 2),
            "answered": self.statuses[200],
            "refused": self.statuses[503],
            "lost": self.statuses[LOST],
            "errors": sum(n for status, n in self.statuses.items() if status not in EXPECTED),
            "p50_ms": rounded(percentile[0]),
            "p95_ms": rounded(percentile[1]),
            "per_second": round(self.statuses[200] / seconds, 2),
            "resident_bytes": resident,
        }


def rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)


def many(clients: int, client: Callable[[], None]) -> None:
    """Run as many clients at once, to their end."""
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ask(service: Served, question: str, into: Round, *, limit: int = LIMIT) -> int:
    """Ask one question, and note what came of it."""
    started = time.perf_counter()
    status = service.ask(question, limit=limit)
    into.note(status, time.perf_counter() - started)
    return status


def load(service: Served, questions: Sequence[str], *, clients: int, seconds: float) -> dict[str, Any]:
    """Return the figures of some clients that ask for so long, each at least once."""
    asked, into, started = Shared(questions), Round(), time.perf_counter()

    def client() -> None:
        ask(service, next(asked), into)
        while time.perf_counter() < started + seconds:
            ask(service, next(asked), into)

    many(clients, client)
    took = time.perf_counter() - started
    return into.figures(clients=clients, seconds=took, resident=service.resident_bytes())


def steady(
    service: Served, questions: Sequence[str], *, count: int, clients: int, limit: int = LIMIT
) -> dict[str, Any]:
    """Return the memory over about so many questions, looked at ``STEPS`` times."""
    asked, into, resident = Shared(questions), Round(), [service.resident_bytes()]
    each = max(1, count // STEPS // clients)

    def client() -> None:
        for _ in range(each):
            ask(service, next(asked), into, limit=limit)

    for _ in range(STEPS):
        many(clients, client)
        resident.append(service.resident_bytes())
    return {
        "asked": into.statuses.total(),
        "answered": into.statuses[200],
        "limit": limit,
        "resident_bytes": resident,
    }


def stopped(service: Served, questions: Sequence[str], *, clients: int) -> dict[str, Any]:
    """Return what came of the questions that were in flight when the service was told to stop."""
    asked, into = Shared(questions), Round()

    def client() -> None:
        while True:
            # Who is told that the service stops comes again later, to another one.
            if ask(service, next(asked), into) in (503, TURNED_AWAY):
                break

    def stop() -> None:
        time.sleep(1.0)
        os.kill(service.pid, signal.SIGTERM)

    stopping = threading.Thread(target=stop)
    stopping.start()
    many(clients, client)
    stopping.join()
    named = {200: "answered", 503: "refused", TURNED_AWAY: "turned_away", LOST: "lost"}
    return {name: into.statuses[status] for status, name in named.items()}


@contextmanager
def serving(index: Path) -> Iterator[Served]:
    """Serve an index in a process of its own, and stop it at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "qa", "serve", "--index", str(index), "--port", str(port)]
    environment = {**os.environ, "QA_KEEP_ANSWERS": "false"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        service = Served(host="127.0.0.1", port=port, pid=process.pid)
        wait_for(service, process)
        yield service
    finally:
        process.terminate()
        process.wait()


def wait_for(service: Served, process: subprocess.Popen[bytes]) -> None:
    """Return once the service answers."""
    until = time.monotonic() + STARTS_WITHIN_S
    while service.ask("谁？") != 200:
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit("the service did not start")
        time.sleep(0.2)


def questions_in(file: Path) -> list[str]:
    """Return the questions of a file of JSON Lines."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def summary(figures: dict[str, Any]) -> str:
    """Return the figures as a person reads them."""
    steady, stopped = figures.get("steady"), figures["stopped"]
    seconds = figures["load"][0]["seconds"]
    told = [
        f"{figures['date']}，{figures['machine']}，{figures['cores']} 核，"
        f"测前系统负载 {figures['load_before']:.1f}（0 为闲）；索引 {figures['passages']} 个段落。",
        f"每轮 {seconds:.0f} 秒，客户端答完一问即问下一问；refused 是排队已满或等得太久的 503。",
        "",
        table(
            (*COLUMNS, "MiB"),
            [[*(str(each[name]) for name in COLUMNS), str(mib(each))] for each in figures["load"]],
        ),
    ]
    if steady:
        sizes = "、".join(str(size // MIB) for size in steady["resident_bytes"])
        asked = f"8 个客户端共问 {steady['asked']} 题（每题至多读 {steady['limit']} 段）"
        told += [f"内存：{asked}，其间常驻 MiB 依次为 {sizes}。", ""]
    return "\n".join([*told, f"答题途中停止服务（8 个客户端）：{stopped_told(stopped)}。", ""])


def stopped_told(stopped: dict[str, Any]) -> str:
    """Return what came of the questions while the service was being stopped."""
    return (
        f"答完 {stopped['answered']}，以 503 谢绝 {stopped['refused']}，"
        f"停止之后才来、无人接待 {stopped['turned_away']}，丢失 {stopped['lost']}"
    )


def mib(figures: dict[str, Any]) -> int:
    """Return the memory that was held, in whole MiB."""
    return int(figures["resident_bytes"]) // MIB


def surroundings(service: Served) -> dict[str, Any]:
    """Return what the figures depend on beside the program."""
    text = service.get("/v1/collection")
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "machine": model[1] if model else "",
        "load_before": os.getloadavg()[0],
        "passages": json.loads(text)["passages"],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 64])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--steady", type=int, default=0, help="questions over which memory is watched")
    parser.add_argument("--steady-limit", type=int, default=LIMIT, help="passages that each of those reads")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--page", metavar="MARK", help=f"write the figures into {PAGE}, between these marks")
    given = parser.parse_args(arguments)
    questions = questions_in(given.questions)
    with serving(given.index) as service:
        figures = surroundings(service)
        figures["load"] = [load(service, questions, clients=n, seconds=given.seconds) for n in given.clients]
        if given.steady:
            figures["steady"] = steady(
                service, questions, count=given.steady, clients=8, limit=given.steady_limit
            )
        figures["stopped"] = stopped(service, questions, clients=8)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    if given.page:
        put(PAGE, mark=given.page, content=summary(figures))


if __name__ == "__main__":
    main()
