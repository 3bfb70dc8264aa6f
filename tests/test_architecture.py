"""What keeps the house as it was drawn."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from qa import errors
from qa.errors import QaError

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "qa").rglob("*.py"))
PICKLING = frozenset({"pickle", "shelve", "marshal", "dill", "joblib"})


def tree(error: type[QaError]) -> set[type[QaError]]:
    return {error}.union(*(tree(child) for child in error.__subclasses__()))


def test_every_error_is_drawn_in_the_tree_and_has_a_code_of_its_own() -> None:
    drawn = errors.__doc__ or ""
    codes = [error.code for error in tree(QaError)]

    assert all(f" {error.__name__} " in drawn for error in tree(QaError))
    assert len(codes) == len(set(codes))


def imported(path: Path) -> set[str]:
    """Return the top-level names of the modules that a file imports."""
    return {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }


def test_nothing_is_pickled_and_nothing_remote_is_run() -> None:
    for path in SOURCES:
        assert not imported(path) & {*PICKLING, "urllib3", "requests"}, path


@pytest.mark.parametrize("folder", ["tests", "bench", "training", "scripts"])
def test_nothing_around_the_package_pickles_either(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py")):
        assert not imported(path) & PICKLING, path


@pytest.mark.parametrize("module", ["qa", "qa.errors", "qa.domain.ports", "qa.engine.ask", "qa.text.segment"])
def test_the_core_imports_no_framework(module: str) -> None:
    heavy = {"torch", "faiss", "jieba", "fastapi", "pydantic", "typer", "sqlite3", "sentence_transformers"}
    script = f"import sys, {module}; print(*sorted(set(sys.modules) & {heavy!r}))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_listing_loads_no_model() -> None:
    script = (
        "import sys; from typer.main import get_command; from qa.cli.main import app;"
        "print(len(dict(get_command(app).commands)) > 20, 'torch' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "True False"


def test_asking_waits_for_no_library_of_another_command(seeds_index: Path) -> None:
    others = {"fastapi", "uvicorn", "mcp", "scipy", "pymilvus", "pyarrow", "lxml", "pypdf", "qa.engine.build"}
    script = (
        "import sys; from typer.testing import CliRunner; from qa.cli.main import app;"
        f"asked = CliRunner().invoke(app, ['ask', '吕梁市委书记是谁？', '--index', {str(seeds_index)!r}]);"
        f"print(asked.exit_code, *sorted(set(sys.modules) & {others!r}))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"


def test_the_shipped_models_compute_without_torch() -> None:
    script = (
        "import sys; from qa.assemble import make_encoder, make_reader; from qa.settings import Settings;"
        "encoder, reader = make_encoder(Settings()), make_reader(Settings());"
        "encoder.embed_questions(['谁主持会议？']);"
        "print(*sorted(set(sys.modules) & {'torch', 'transformers', 'sentence_transformers'}))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_every_folder_of_the_program_is_mirrored_by_tests() -> None:
    floors = {path.name for path in (ROOT / "qa").iterdir() if (path / "__init__.py").is_file()}
    mirrored = {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("test_*.py"))}

    assert floors <= mirrored
