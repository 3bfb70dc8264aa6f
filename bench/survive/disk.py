"""A disk that is full, and one that is read-only: the index stays what it was, and the code says why.

On a small file system in memory, mounted in a mount namespace of its own, which goes with the process:
nothing is left mounted, whatever happens. Where that is not permitted, it is said.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from bench.survive.asking import faults, load, opened, state_in
from bench.survive.documents import name_of
from bench.survive.operations import AT_ANY_TIME, Drawing, Kind, Operation
from bench.survive.points import traced
from bench.survive.processes import End, Step, told_by
from qa.errors import QaError

SIZE_KIB = 8 * 1024
BASE = 30
NAMESPACE = ("unshare", "--mount", "--propagation", "private")

FULL = ("disk_full", "surroundings_failed")
"""What a full disk is told as; SQLite says of one kind only that input or output failed."""

ROOM_KIB, POINTS = 640, 150
"""Room in which every operation succeeds, and about how many points it has."""


def permitted() -> bool:
    """Tell whether a file system may be mounted here."""
    script = f"mount -t tmpfs -o size=64k none {Path(sys.prefix).anchor}mnt"
    return (
        subprocess.run([*namespace(), "sh", "-c", script], capture_output=True, check=False).returncode == 0
    )


def namespace() -> Sequence[str]:
    """Return the command that runs another one where it may mount without anyone else seeing it."""
    return NAMESPACE if os.geteuid() == 0 else (*NAMESPACE, "--map-root-user")


@dataclass(slots=True)
class Disk:
    """A small file system with an index on it."""

    mount: Path
    drawing: Drawing
    state: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(BASE), 0))
    came: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def index(self) -> Path:
        """Return the folder of the index."""
        return self.mount / "index"

    def begin(self) -> None:
        """Mount it, and make the index."""
        options = f"size={SIZE_KIB}k,mode=0700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(self.mount)], check=True)
        first = Operation(kind=Kind.ADD, put=tuple(self.state.items()))
        told_by(lambda: first.perform(self.index))

    @contextmanager
    def full_but_for(self, kib: int) -> Iterator[None]:
        """Leave so much room and no more."""
        free = os.statvfs(self.mount)
        ballast = self.mount / "ballast"
        ballast.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - kib * 1024))
        try:
            yield
        finally:
            ballast.unlink()

    def fill(self, kind: Kind, room: Sequence[int], *, kill_at: Sequence[int | None] = (None,)) -> None:
        """Try an operation with so much room left, for each of several amounts in KiB."""
        for kib, at in product(room, kill_at):
            operation = self.drawing.operation(kind, self.state)
            with self.full_but_for(kib):
                end = traced(self.performing(operation), kill_at=at)
                self.note("reading while it is full", told_by(self.open))
            self.judge(operation, end, expected=("done", *FULL))

    def read_only(self) -> None:
        """Try every kind of operation, and reading, where nothing can be written."""
        for kind in AT_ANY_TIME:
            operation = self.drawing.operation(kind, self.state)
            with read_only(self.mount):
                end = traced(self.performing(operation))
            self.judge(operation, end, expected=("read_only",))
        with read_only(self.mount):
            self.note("reading where it is read-only", told_by(self.open))
            self.note("qa remove, read-only: exit code", str(self.exit_code()))

    def exit_code(self) -> int:
        """Return how the command ends that takes a document out."""
        command = [sys.executable, "-m", "qa", "remove", name_of(min(self.state)), "--index", str(self.index)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def performing(self, operation: Operation) -> Step:
        """Return the step that does an operation, and tells its code."""
        return lambda tell: tell(came_of(lambda: operation.perform(self.index)))

    def open(self) -> str:
        """Return how an attempt to read a version ends, whichever it is."""
        return code_of(lambda: opened(self.index).close())

    def read(self) -> str:
        """Return how an attempt to read all of the index ends."""
        wrong: list[str] = []
        code = code_of(lambda: wrong.extend(faults(self.index, state=self.state, ask=self.state, gone={})))
        return "wrong" if wrong else code

    def judge(self, operation: Operation, end: End, *, expected: Sequence[str]) -> None:
        """Look at what is left."""
        told = end.told[0] if end.told else "killed" if end.killed else "broke off"
        code = told.split(":")[0]
        found: dict[int, int] = dict(told_by(lambda: sorted((state_in(self.index) or {}).items())))
        before, after = self.state, operation.after(self.state)
        due = {"done": [after], "killed": [before, after]}.get(code, [before])
        if found not in due or code not in ("killed", *expected):
            self.faults.append(f"{operation}, {told}: the index holds {found}, and should hold one of {due}")
        self.state = found
        wrong = told_by(self.read)
        if wrong != "done":
            self.faults.append(f"{operation}, {code}: afterwards the index is not whole: {wrong}")
        self.note(operation.kind, code)

    def note(self, what: str, came: str) -> None:
        """Count what came of something."""
        self.came.setdefault(what, Counter())[came] += 1


def came_of(attempt: Callable[[], object]) -> str:
    """Return the code that an attempt fails with, and its message, or that it is done."""
    try:
        attempt()
    except QaError as error:
        return f"{error.code}: {error}".replace("\n", " ")
    return "done"


def code_of(attempt: Callable[[], object]) -> str:
    """Return the code that an attempt fails with, or that it is done."""
    return came_of(attempt).split(":")[0]


@contextmanager
def read_only(mount: Path) -> Iterator[None]:
    """Let nobody write on a file system."""
    subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(mount)], check=True)


def disk_within(mount: Path, *, seed: int, steps: int, kills: int) -> dict[str, Any]:
    """Return what came of full and read-only disks; to be run where mounting is permitted.

    :param steps: Amounts of room that each kind of operation is tried with, up to where it succeeds.
    :param kills: Points that each kind is killed at while the disk is full.
    """
    disk = Disk(mount=mount, drawing=Drawing(seed))
    disk.begin()
    for kind in AT_ANY_TIME:
        disk.fill(kind, range(0, ROOM_KIB, ROOM_KIB // steps))
        disk.fill(kind, [ROOM_KIB // 8], kill_at=range(1, POINTS, POINTS // kills))
    disk.read_only()
    with disk.full_but_for(0):
        disk.note("qa remove, full: exit code", str(disk.exit_code()))
    return {"came": {name: dict(codes) for name, codes in disk.came.items()}, "faults": disk.faults}


def disk(folder: Path, *, seed: int, steps: int, kills: int) -> dict[str, Any]:
    """Return what came of full and read-only disks, or that nothing can be mounted here."""
    if not permitted():
        return {"skipped": "mounting is not permitted here", "faults": []}
    counts = ["--seed", str(seed), "--steps", str(steps), "--kills", str(kills)]
    command = [*namespace(), sys.executable, "-m", "bench.survive.disk", str(folder), *counts]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Run within the namespace, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mount", type=Path)
    for name in ("seed", "steps", "kills"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    load()
    print(json.dumps(disk_within(given.mount, seed=given.seed, steps=given.steps, kills=given.kills)))


if __name__ == "__main__":
    main()
