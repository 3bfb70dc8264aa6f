"""What is installed elsewhere must work there: the wheel, outside the checkout, with the model inside."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    return next(folder.glob("wenbao-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a virtual environment that has the wheel, and our dependencies behind it."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    site = next((folder / "lib").glob("python3*/site-packages"))
    # A path in a .pth file comes after the environment's own packages, and the .pth files
    # in it are not read, so that the checkout is not importable.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    return folder


def test_the_wheel_carries_model_page_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "qa/shipped/encoder/model.safetensors",
        "qa/shipped/encoder/tokenizer.json",
        "qa/shipped/encoder/MODEL_CARD.md",
        "qa/shipped/reader/model.safetensors",
        "qa/shipped/reader/tokenizer.json",
        "qa/shipped/reader/confidence.json",
        "qa/shipped/pages/language.safetensors",
        "qa/shipped/pages/manner.safetensors",
        "qa/shipped/pages/reading.safetensors",
        "qa/web/static/index.html",
        "qa/py.typed",
    } <= names


def test_the_installed_command_indexes_and_answers_outside_the_checkout(
    elsewhere: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text("本报讯 6月1日，新馆开放，共有藏品321件。", encoding="utf-8")
    qa = str(elsewhere / "bin" / "qa")

    def run(*arguments: str) -> str:
        done = subprocess.run([qa, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    where = subprocess.run(
        [str(elsewhere / "bin" / "python"), "-c", "import qa; print(qa.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(where.strip()).is_relative_to(elsewhere)
    assert json.loads(run("index", "page.txt", "--json"))["added"] == ["page.txt"]
    assert json.loads(run("ask", "新馆有多少件藏品？", "--json"))["answer"] == "321件"
