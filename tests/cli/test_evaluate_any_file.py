"""Whatever file ``qa evaluate`` is given: it is evaluated, or refused with the place and the reason."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from qa.evaluation.formats import Format
from tests.cli.test_commands import qa
from tests.evaluation.test_formats import CUTS, GOOD, PLACE, mutilated
from tests.web.served import engine_over_stories

SLACK = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@pytest.fixture
def over_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a few stories, without models."""
    engine = engine_over_stories()
    monkeypatch.setattr("qa.cli.evaluating.open_engine", lambda _: nullcontext(engine))
    monkeypatch.setattr("qa.cli.evaluating.open_snapshot", lambda _: nullcontext(engine.snapshot))


def evaluated_or_refused(folder: Path, content: bytes) -> bool:
    """Evaluate a file to the end; return whether it could be, which it says without a traceback."""
    path, out, report = folder / "q.jsonl", folder / "p.jsonl", folder / "r.json"
    path.write_bytes(content)
    for left in folder.glob("p.jsonl*"):
        left.unlink()

    result = qa("evaluate", str(path), "--predictions", str(out), "--report", str(report), "--json")

    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if result.exit_code == 0:
        figures = json.loads(result.stdout)
        # Not by splitlines: a text may hold other ends of lines.
        assert out.read_text("utf-8").count("\n") == figures["n"]
        assert qa("compare", str(out), str(out)).exit_code == 0
        return True
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.search(f"questions_invalid: .*(?:{PLACE})", result.stderr), result.stderr
    return False


@pytest.mark.usefixtures("over_stories")
def test_a_good_file_is_evaluated_and_a_broken_one_refused(tmp_path: Path) -> None:
    good = GOOD[Format.JSONL]

    assert evaluated_or_refused(tmp_path, good)
    assert evaluated_or_refused(tmp_path, good + b'{"id": 3, "question": "\\u0000\\n\\u202e"}\n')
    assert not evaluated_or_refused(tmp_path, good + b"{")


@pytest.mark.slow
@pytest.mark.usefixtures("over_stories")
@given(cuts=CUTS)
@settings(max_examples=1000, deadline=None, suppress_health_check=SLACK)
def test_a_thousand_mutilated_files_are_evaluated_or_refused(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    evaluated_or_refused(tmp_path, mutilated(GOOD[Format.JSONL], cuts))
