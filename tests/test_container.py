"""What can be said of image, composition and unit without an engine that builds them."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from qa.settings import Settings

ROOT = Path(__file__).parent.parent


def stages() -> list[list[list[str]]]:
    """Return the instructions of each stage of the Dockerfile, as instruction and rest."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    found: list[list[list[str]]] = []
    for line in filter(None, lines.splitlines()):
        instruction = re.split(r"\s+", line.strip(), maxsplit=1)
        if instruction[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(instruction)
    return found


def last(instruction: str) -> str:
    return [rest for name, rest in stages()[-1] if name == instruction][-1]


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(composed["volumes"]) == {"wenbao"}
    found: dict[str, Any] = composed["services"]["wenbao"]
    return found


def test_the_image_has_two_stages_and_carries_no_build_tools() -> None:
    build, final = stages()

    assert build[0][1].endswith(" AS build")
    assert ["COPY", "--from=build /opt/wenbao /opt/wenbao"] in final
    assert not [rest for name, rest in final if name == "RUN" and "pip" in rest]


def test_the_image_does_not_run_as_root() -> None:
    assert last("USER") == "10001"
    assert "--uid 10001" in last("RUN")
    names = [name for name, _ in stages()[-1]]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name in ("RUN", "COPY"))


def test_the_image_says_whether_it_is_alive() -> None:
    assert "/healthz" in last("HEALTHCHECK")


def test_what_is_copied_is_there() -> None:
    for stage in stages():
        for name, rest in stage:
            if name == "COPY" and not rest.startswith("--from"):
                for source in rest.split()[:-1]:
                    assert (ROOT / source).exists(), source


def test_settings_that_are_passed_are_settings(service: dict[str, Any]) -> None:
    known = {f"QA_{name.upper()}" for name in Settings.model_fields} | {"QA_HOST", "QA_PORT"}
    in_image = set(re.findall(r"\bQA_[A-Z_]+(?==)", " ".join(rest for _, rest in stages()[-1])))
    in_page = set(re.findall(r"\bQA_[A-Z_]+", (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")))

    assert set(service["environment"]) | in_image | in_page <= known


def test_the_composition_gives_nothing_away(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"][0].startswith("/tmp:size=")
    assert service["ports"] == ["${WENBAO_LISTEN:-127.0.0.1:8000}:8000"]
    assert "privileged" not in service
    assert any("/readyz" in each for each in service["healthcheck"]["test"])
    assert not any("docker.sock" in each for each in service["volumes"])


def test_the_unit_is_one_and_is_shut_in() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(re.findall(r"```ini\n(.*?)```", page, re.DOTALL)[0])

    service = unit["Service"]
    assert service["ExecStart"].startswith("/opt/wenbao/bin/qa serve")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["User"] == "wenbao"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
