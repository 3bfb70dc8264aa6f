"""``qa keys`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.web.key_file import KeyRing
from tests.cli.test_commands import json_lines, qa


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QA_API_KEYS", str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def test_a_key_is_printed_once_and_works(file: Path) -> None:
    result = qa("keys", "add", "阅览室", "--scope", "write")

    assert result.exit_code == 0, result.stderr
    secret = result.stdout.strip()
    assert "不再显示" in result.stderr
    key = KeyRing(file).matching(secret)
    assert key is not None
    assert (key.name, str(key.access)) == ("阅览室", "write")
    listed = qa("keys", "list")
    assert secret not in listed.stdout
    assert "阅览室\twrite" in listed.stdout
    assert key.digest not in listed.stdout


def test_reading_is_what_a_key_may_do_where_nothing_is_said(file: Path) -> None:
    made = json.loads(qa("keys", "add", "甲", "--json").stdout)

    assert set(made) == {"id", "name", "scope", "made", "key"}
    assert made["scope"] == "read"
    assert json_lines(qa("keys", "list", "--json")) == [
        {name: value for name, value in made.items() if name != "key"}
    ]


def test_a_key_is_revoked(file: Path) -> None:
    secret = qa("keys", "add", "甲").stdout.strip()

    assert qa("keys", "revoke", "甲").stdout == "已撤销：甲\n"
    assert KeyRing(file).matching(secret) is None
    again = qa("keys", "revoke", "甲")
    assert (again.exit_code, again.stderr[:9]) == (1, "not_found")


def test_usage_that_is_wrong_is_told(file: Path) -> None:
    qa("keys", "add", "甲")

    assert qa("keys", "add", "甲").exit_code == 2
    assert qa("keys", "add", "乙", "--scope", "admin").exit_code == 2
    file.write_text("{", encoding="utf-8")
    assert qa("keys", "list").exit_code == 8


def test_without_a_file_it_says_how_to_name_one() -> None:
    result = qa("keys", "list")

    assert result.exit_code == 2
    assert "QA_API_KEYS" in result.stderr
