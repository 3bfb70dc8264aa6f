"""Backups that are taken while documents are put in and taken out, and restored elsewhere.

Each must answer as the version did that it is of: the same JSON, byte for byte.
"""

from __future__ import annotations

import json
import time
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

from bench.survive.asking import asked, engine_over, opened, tokens
from bench.survive.documents import question
from bench.survive.operations import CHANGES, Drawing, Kind, Operation
from bench.survive.processes import begun, told_by
from qa.store.backup import back_up
from qa.store.restore import restore
from qa.web.schemas import OutcomeBody

BASE, ASKED = 60, 40
"""Documents at first, and questions; some of them for what is not there, or no more."""

PAUSE_S, LONGEST_S = 0.05, 60
"""Between two backups, and that the first change may take."""


def answers_of(folder: Path) -> tuple[str, list[str]]:
    """Return the version that is published, and the JSON of its answers."""
    snapshot = opened(folder)
    try:
        engine = engine_over(snapshot)
        outcomes = [asked(engine, question(number * 2, number % 2)) for number in range(ASKED)]
        return snapshot.version, [OutcomeBody.of(each, explain=True).model_dump_json() for each in outcomes]
    finally:
        snapshot.close()


def change_on(folder: Path, *, seed: int, until: float, log: Path) -> None:
    """Change an index without a pause, and note the version and the answers after each change.

    :param log: A file, since a pipe would hold up whoever changes until somebody reads it.
    """
    drawing, state = Drawing(seed), dict.fromkeys(range(BASE), 0)
    operation = Operation(kind=Kind.ADD, put=tuple(state.items()))
    kinds = cycle(CHANGES)
    with log.open("w", encoding="utf-8") as noted:
        while not log.stat().st_size or time.monotonic() < until:
            operation.perform(folder)
            state = operation.after(state)
            print(json.dumps(answers_of(folder)), file=noted, flush=True)
            operation = drawing.operation(next(kinds), state)


def backed_up(folder: Path, file: Path) -> str:
    """Back an index up; return which version that was."""
    return back_up(folder, file).version


def restored(file: Path, folder: Path) -> tuple[str, list[str]]:
    """Restore a backup where nothing was; return the version that it is, and the JSON of its answers."""
    restore(file, folder, tokens=tokens())
    return answers_of(folder)


def backup(folder: Path, *, seed: int, seconds: float) -> dict[str, Any]:
    """Return what became of backups under load."""
    index, log, until = folder / "index", folder / "log", time.monotonic() + seconds
    changing = begun(lambda _: change_on(index, seed=seed, until=until, log=log))
    files: dict[str, Path] = {}
    # Each into a file of its own: two may be of one version.
    names = (folder / f"{at}.backup" for at in count())
    while time.monotonic() < until + (0 if files else LONGEST_S):
        time.sleep(PAUSE_S)
        if log.exists() and log.stat().st_size:
            file = next(names)
            files[told_by(partial(backed_up, index, file))] = file
    faults = ["whoever changed the index broke off"] if changing.end().failed else []
    versions = dict(json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    for at, (version, file) in enumerate(files.items()):
        came = told_by(partial(restored, file, folder / f"restored-{at}"))
        if came[0] != version or came[1] != versions.get(version):
            faults.append(f"the backup of version {version} answers as {came[0]} otherwise than it did")
    return {
        "changes": len(versions),
        "backups": len(files),
        "compared": ASKED * len(files),
        "faults": faults,
    }
