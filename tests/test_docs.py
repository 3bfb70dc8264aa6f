"""What is written must be true: commands, settings, links, versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from qa.cli.main import app
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[!.]*/README.md")])


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_command_has_help_and_is_in_the_reference() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    assert set(commands) == {
        *(
            "index",
            "ask",
            "search",
            "sources",
            "articles",
            "show",
            "remove",
            "stats",
            "evaluate",
            "compare",
            "serve",
            "mcp",
            "keys",
            "verify",
            "repair",
            "compact",
            "backup",
            "restore",
            "migrate",
            "export",
            "import",
        ),
    }
    for name, command in commands.items():
        assert command.help, name
        assert f"## qa {name}\n" in text_of("docs/cli.md")
        for part, below in getattr(command, "commands", {}).items():
            assert below.help, (name, part)
            assert f"### qa {name} {part}\n" in text_of("docs/cli.md")


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`QA_{name.upper()}`" in text_of("docs/settings.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]

    assert f"## {version}" in text_of("CHANGELOG.md")


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "requirements-ocr.lock",
        "requirements-milvus.lock",
        "requirements-ray.lock",
        "requirements-milvus-server.lock",
        "requirements-dev.lock",
    ],
)
def test_locks_hold_names_versions_and_hashes_and_no_addresses(name: str) -> None:
    lock = text_of(name)

    assert not re.search(r"://|--(?:extra-)?index|find-links|@ ", lock)
    assert not re.search(r"^(?:torch|nvidia|triton|cuda)\b", lock, re.MULTILINE)
    for requirement in re.split(r"\n(?=[a-z])", lock.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", requirement), requirement[:80]
        assert "--hash=sha256:" in requirement, requirement[:80]
