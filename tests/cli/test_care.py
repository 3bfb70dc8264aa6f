"""Care of an index as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.cli import care
from qa.cli.failures import told_plainly
from qa.cli.main import app
from qa.errors import ModelMissing
from qa.settings import Settings
from qa.store.lock import take_lock
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.contracts import pages
from tests.fakes import FakeEncoder
from tests.store.third_format import write_third_format


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small index of fakes."""
    writer = LocalWriter(tmp_path / "index", encoder=FakeEncoder().identity, tokens=Tokens())
    writer.publish(put=pages(), remove=())
    writer.close()
    monkeypatch.setattr(care, "make_encoder", lambda _: FakeEncoder())
    return tmp_path / "index"


def qa(*arguments: str, index: Path) -> Result:
    return CliRunner().invoke(app, [*arguments, "--index", str(index)])


def test_a_sound_index_is_told_so_with_what_was_looked_at(index: Path) -> None:
    quick, deep = qa("verify", index=index), qa("verify", "--deep", "--json", index=index)

    assert (quick.exit_code, deep.exit_code) == (0, 0)
    assert "完好（文件 " in quick.stdout
    told = json.loads(deep.stdout)
    assert (told["sound"], told["errors"], told["checked"]["embedded"]) == (True, [], 5)


def test_damage_is_exit_code_6_and_repair_mends_it(index: Path) -> None:
    dense = next(index.rglob("*.faiss"))
    dense.write_bytes(dense.read_bytes()[:-1] + b"\x99")

    found = qa("verify", "--deep", "--json", index=index)

    assert found.exit_code == 6
    (error,) = json.loads(found.stdout)["errors"]
    assert error["code"] == "index_damaged"
    assert f"dense/{dense.name} 已损坏" in error["message"]
    assert f"index_damaged: {error['message']}\n" == found.stderr
    mended = qa("repair", index=index)
    assert (mended.exit_code, mended.stdout.split("。")[0]) == (0, "已修复：dense/（向量检索）")
    assert qa("verify", "--deep", index=index).exit_code == 0
    assert json.loads(qa("repair", "--json", index=index).stdout)["mended"] == []


def test_without_a_model_all_but_vectors_is_verified(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Settings) -> None:
        raise ModelMissing("没有模型")

    monkeypatch.setattr(care, "make_encoder", missing)
    told = qa("verify", "--deep", "--json", index=index)

    assert told.exit_code == 0
    assert "没有重算向量：没有模型" in told.stderr
    assert "embedded" not in json.loads(told.stdout)["checked"]


def test_another_model_is_exit_code_5(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(care, "make_encoder", lambda _: FakeEncoder(digest="ab" * 32))

    assert qa("verify", "--deep", index=index).exit_code == 5


def test_a_backup_is_restored_into_another_folder(index: Path, tmp_path: Path) -> None:
    made = qa("backup", str(tmp_path / "kept.tar"), "--json", index=index)
    restored = qa("restore", str(tmp_path / "kept.tar"), "--json", index=tmp_path / "other")

    version = json.loads(made.stdout)["index_version"]
    assert json.loads(restored.stdout) == {
        "index_version": version,
        "sources": 3,
        "articles": 4,
        "passages": 5,
    }
    assert qa("restore", str(tmp_path / "none.tar"), index=tmp_path / "other").exit_code == 8
    (tmp_path / "none.tar").write_text("?")
    assert qa("restore", str(tmp_path / "none.tar"), index=tmp_path / "other").exit_code == 6


def test_compacting_tells_the_sizes(index: Path) -> None:
    told = json.loads(qa("compact", "--json", index=index).stdout)

    assert told["before"] >= told["after"] > 0


def test_an_index_that_is_being_written_is_exit_code_8_and_names_the_process(index: Path) -> None:
    import os

    lock = take_lock(index)
    told = [qa(command, index=index) for command in ("repair", "compact")]
    os.close(lock)

    assert [each.exit_code for each in told] == [8, 8]
    assert all(f"正由另一进程（{os.getpid()}，" in each.stderr for each in told)
    assert qa("verify", index=index).exit_code == 0


def test_an_older_format_is_exit_code_5_until_it_is_migrated(tmp_path: Path) -> None:
    write_third_format(tmp_path / "index", pages())

    assert qa("verify", index=tmp_path / "index").exit_code == 5
    assert "qa migrate" in qa("sources", index=tmp_path / "index").stderr
    assert qa("migrate", index=tmp_path / "index").exit_code == 0
    assert len(qa("sources", index=tmp_path / "index").stdout.splitlines()) == 3


@pytest.mark.parametrize("command", ["verify", "repair", "compact", "migrate"])
def test_without_an_index_there_is_nothing_to_care_for(tmp_path: Path, command: str) -> None:
    assert qa(command, index=tmp_path / "none").exit_code == 4


def test_no_memory_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    with pytest.raises(typer.Exit) as ended, told_plainly():
        raise MemoryError

    assert ended.value.exit_code == 8
    assert capsys.readouterr().err.startswith("out_of_memory: ")
