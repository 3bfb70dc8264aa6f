"""An index in Milvus as a person types it: the same commands and answers, only the address is another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.assemble import open_changes, open_engine, open_live, open_snapshot
from qa.cli import care
from qa.cli.main import app
from qa.domain.answers import Filters, Mode
from qa.domain.ports import Encoder
from qa.settings import Settings
from qa.store.milvus.connection import Address
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.contracts import pages
from tests.fakes import FakeEncoder, SilentProgress
from tests.milvus import Server, drop_all, free_port, prefix_of
from tests.shipped import page_model
from tests.test_golden import GOLDEN


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return a small index of fakes in a folder."""
    writer = LocalWriter(tmp_path / "index", encoder=FakeEncoder().identity, tokens=Tokens())
    writer.publish(put=pages(), remove=())
    writer.close()
    return tmp_path / "index"


def qa(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def store(milvus_address: Address, monkeypatch: pytest.MonkeyPatch) -> Address:
    """Have the environment name a store, in which nothing is."""
    monkeypatch.setenv("QA_STORE", milvus_address.uri)
    monkeypatch.setenv("QA_STORE_PREFIX", milvus_address.prefix)
    return milvus_address


@pytest.mark.usefixtures("store")
def test_an_index_moves_into_a_store_and_its_commands_say_what_they_said(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "一.parquet")
    asked = [
        ("sources", "--json"),
        ("articles", "--json"),
        ("articles", "--json", "--source", "二月/*", "--newspaper", "吕梁日报", "--from", "2023-02-01"),
        ("show", "丙[1].txt"),
        ("show", pages()[0].articles[0].id, "--json"),
    ]
    with monkeypatch.context() as folder:
        folder.delenv("QA_STORE")
        before = [qa(*each, "--index", str(index)).stdout for each in asked]
        assert qa("export", file, "--index", str(index)).exit_code == 0

    assert qa("stats").exit_code == 4
    imported = qa("import", file, "--json")
    assert json.loads(imported.stdout)["passages"] == 5
    assert [qa(*each).stdout for each in asked] == before
    assert qa("import", file).exit_code == 8
    assert "来源 3，文章 4，段落 5" in qa("stats").stdout
    assert qa("show", "没有").exit_code == 1
    monkeypatch.setattr(care, "make_encoder", lambda _: FakeEncoder())
    told = json.loads(qa("verify", "--deep", "--json").stdout)
    assert (told["sound"], told["checked"]["embedded"]) == (True, 3)
    removed = qa("remove", "三月/乙.txt")
    assert (removed.exit_code, removed.stdout) == (0, "已移除：三月/乙.txt\n")
    assert len(qa("sources").stdout.splitlines()) == 2
    out = tmp_path / "二.parquet"
    assert json.loads(qa("export", str(out), "--json").stdout)["bytes"] == out.stat().st_size


@pytest.mark.parametrize(
    "command", [("repair",), ("compact",), ("backup", "文件"), ("restore", "文件"), ("migrate",)]
)
def test_care_of_a_folder_says_what_to_do_instead(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_STORE", "http://127.0.0.1:1")
    told = qa(*command)

    assert told.exit_code == 2
    assert told.stderr.startswith(f"setting_invalid: qa {command[0]} 只照看索引目录，现在用的是存储")
    assert care.INSTEAD[command[0]] in told.stderr


def test_nobody_at_the_address_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_STORE", f"http://127.0.0.1:{free_port()}")
    told = qa("stats")

    assert told.exit_code == 8
    assert told.stderr.startswith("store_away: 连不上存储 http://127.0.0.1:")
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("QA_STORE", "127.0.0.1:19530"), ("QA_STORE", "http://我:密码@host:1"), ("QA_STORE_PREFIX", "a-b")],
)
def test_a_store_that_is_none_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    assert qa("stats").exit_code == 2


@pytest.fixture(scope="module")
def seeds_store(
    milvus_server: Server, seeds_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Return the settings of a store that holds the sample pages, imported from a folder."""
    file = tmp_path_factory.mktemp("moved") / "seeds.parquet"
    settings = Settings(index=file.parent / "kept", store=milvus_server.uri, store_prefix=prefix_of("seeds"))
    with pytest.MonkeyPatch.context() as environment:
        assert qa("export", str(file), "--index", str(seeds_index)).exit_code == 0
        environment.setenv("QA_STORE", settings.store)
        environment.setenv("QA_STORE_PREFIX", settings.store_prefix)
        assert qa("import", str(file)).exit_code == 0
    yield settings
    drop_all(Address(uri=settings.store, prefix=settings.store_prefix))


def test_the_sample_pages_are_answered_as_from_a_folder(seeds_store: Settings, seeds_index: Path) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(open_engine(Settings(index=seeds_index)))
        store = stack.enter_context(open_engine(seeds_store))
        for golden in GOLDEN:
            expected, outcome = (
                each.ask(golden["question"], limit=20, filters=Filters()) for each in (folder, store)
            )
            assert outcome.answer == expected.answer, golden
            assert [each.quote for each in outcome.citations[:1]] == [
                each.quote for each in expected.citations[:1]
            ]
            assert [each.places for each in outcome.citations[:1]] == [
                each.places for each in expected.citations[:1]
            ]
            dense = [
                [
                    each.ranked.number
                    for each in engine.search(
                        golden["question"], limit=10, filters=Filters(), mode=Mode.DENSE
                    )
                ]
                for engine in (folder, store)
            ]
            assert dense[0] == dense[1]


def test_a_service_takes_files_in_and_out_of_a_store(seeds_store: Settings, encoder: Encoder) -> None:
    from qa.domain.sources import Source

    with open_live(seeds_store) as live:
        with open_changes(
            seeds_store, encoder=encoder, pages=page_model(), tokens=Tokens(), progress=SilentProgress()
        ) as builder:
            builder.add([Source(name="新的.txt", text="市图书馆新馆本月开放，藏书三十万册。\n")])
        assert live.refresh()
        with live.held() as asker:
            for mode in (Mode.DENSE, Mode.LEXICAL):
                found = asker.search("市图书馆新馆藏书多少册？", limit=1, filters=Filters(), mode=mode)
                assert [each.cited.source_name for each in found] == ["新的.txt"]
        with open_changes(
            seeds_store, encoder=encoder, pages=page_model(), tokens=Tokens(), progress=SilentProgress()
        ) as builder:
            builder.remove(["新的.txt"])
        assert live.refresh()
    with open_snapshot(seeds_store) as snapshot:
        assert len(snapshot.sources()) == 5
