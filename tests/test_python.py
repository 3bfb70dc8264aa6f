"""The library as its page shows it: every example is run, and importing it costs nothing."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import qa
import qa.assemble
from qa.domain.answers import Filters
from qa.engine.ask import Engine
from qa.errors import IndexMissing, SettingInvalid
from qa.settings import Settings

PAGE = Path(__file__).parent.parent / "docs" / "python.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Return the settings that engines are opened with; none is opened."""
    settings: list[Settings] = []

    @contextmanager
    def remember(given: Settings) -> Iterator[None]:
        settings.append(given)
        yield None

    monkeypatch.setattr(qa.assemble, "open_engine", remember)
    return settings


def test_every_example_of_the_page_is_true(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def already_open(settings: Settings) -> Iterator[Engine]:
        assert settings.index == Path("index")
        yield engine

    monkeypatch.setattr(qa.assemble, "open_engine", already_open)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    results = doctest.DocTestRunner().run(examples, out=told.append)

    assert "".join(told) == ""
    assert results.attempted == len(examples.examples) > 20


def test_importing_it_loads_nothing_else() -> None:
    loaded = "import qa, sys; print([m for m in sys.modules if m.startswith('qa.')], 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=PAGE.parent.parent, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[] False\n"


def test_all_that_is_named_is_there_and_nothing_else_is() -> None:
    for name in qa.__all__:
        assert getattr(qa, name).__name__ == name
    assert qa.Filters is Filters
    with pytest.raises(AttributeError, match="has no attribute 'Engines'"):
        _ = qa.Engines


def test_what_is_given_is_set_and_the_rest_comes_from_the_environment(
    opened: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CAUTION", "0.7")
    monkeypatch.setenv("QA_INDEX", "elsewhere")
    with qa.open_engine(threads=2), qa.open_engine(Path("here"), caution=0.9, encoder="name"):
        pass

    first, second = opened
    assert (first.index, first.caution, first.threads) == (Path("elsewhere"), 0.7, 2)
    assert (second.index, second.caution, second.encoder) == (Path("here"), 0.9, "name")


def test_a_setting_out_of_bounds_is_named_by_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingInvalid, match="设置 caution=2 不合要求"):
        qa.open_engine(caution=2)
    monkeypatch.setenv("QA_CAUTION", "3")
    with pytest.raises(SettingInvalid, match="环境变量 QA_CAUTION='3' 不合要求"):
        qa.open_engine()


def test_a_missing_index_is_told_before_a_model_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing), qa.open_engine(tmp_path / "none"):
        pass
