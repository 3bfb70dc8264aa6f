"""``qa search`` where there is nothing to show."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from tests.cli.test_commands import qa
from tests.web.served import engine_over_stories

NOWHERE = ("search", "最低工资标准", "--source", "没有这个来源")


@pytest.fixture(autouse=True)
def over_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.cli.search.open_engine", lambda _: nullcontext(engine_over_stories()))


def test_a_person_is_told_that_nothing_was_found() -> None:
    result = qa(*NOWHERE)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "没有找到段落；可以换个说法，或放宽 --source、--newspaper、--from、--to\n"


def test_a_program_is_given_no_line() -> None:
    result = qa(*NOWHERE, "--json")

    assert (result.exit_code, result.output) == (0, "")
