"""One process at a time writes, in steps that happen wholly or not at all."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from qa.domain.answers import Filters
from qa.domain.ports import EncoderIdentity
from qa.errors import (
    DiskFull,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexStale,
    NoPermission,
    ReadOnly,
    SurroundingsFailed,
)
from qa.store import derived, lexical
from qa.store.dense import DenseIndex
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, over_two_pages, story
from tests.store.conftest import IDENTITY, Place

ALL = ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]
OTHER = FakeEncoder(name="other", digest="ab" * 32).identity
WIDER = FakeEncoder(name="wider", digest="cd" * 32, dimension=96)


def test_an_index_is_found_again_by_the_next_process(built: Place) -> None:
    with built.writing() as again:
        assert again.digests() == {each.source.name: each.source.digest for each in pages()}
        again.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=())

    assert built.names() == ["丁.txt", *ALL]


def test_the_numbers_of_what_is_removed_are_never_used_again(built: Place) -> None:
    with built.writing() as again:
        again.publish(put=(), remove=ALL)
        again.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=())

    with built.reading() as snapshot:
        assert snapshot.passages_within(Filters(sources=("*",))) == {6}


def test_nothing_is_left_of_what_was_removed(built: Place) -> None:
    with built.writing() as again:
        again.publish(put=(), remove=["二月/甲.txt"])

    connection = sqlite3.connect(built.folder / "catalogue.sqlite")
    counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("articles", "passages")]
    connection.close()
    assert counts == [2, 2]


def test_only_the_last_two_versions_are_kept_on_disk(built: Place) -> None:
    with built.writing() as again:
        for number in range(4):
            again.publish(put=[indexed(f"{number}.txt", story("煤炭。"))], remove=())

    assert sorted(path.name for path in (built.folder / "generations").iterdir()) == ["00000004", "00000005"]


def test_a_second_writer_is_refused_with_the_first_ones_number(built: Place) -> None:
    with (
        built.writing(),
        pytest.raises(IndexLocked, match=rf"正由另一进程（{os.getpid()}，.+ 起）写入"),
        built.writing(),
    ):
        pass


def test_a_writer_in_another_process_is_named(built: Place) -> None:
    program = (
        "import fcntl, os, sys\n"
        "from qa.store.lock import take_lock\n"
        "from pathlib import Path\n"
        "take_lock(Path(sys.argv[1]))\n"
        "print(os.getpid(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(built.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        number = other.stdout.readline().strip()
        with pytest.raises(IndexLocked, match=rf"（{number}，.+ 起）"), built.writing():
            pass
        assert built.names() == ALL
        other.kill()
        other.wait()
        with built.writing() as free:
            assert sorted(free.digests()) == ALL


def test_the_lock_is_free_after_a_writer_that_could_not_open(built: Place) -> None:
    with pytest.raises(IndexStale), built.writing(OTHER):
        pass

    with built.writing() as free:
        assert sorted(free.digests()) == ALL


def test_the_lock_is_free_after_its_holder_could_not_be_written_down(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full_disk)
        with pytest.raises(DiskFull), built.writing():
            pass

    with built.writing() as free:
        assert sorted(free.digests()) == ALL


def test_a_writer_that_only_removes_needs_an_index(place: Place) -> None:
    with (
        pytest.raises(IndexMissing, match=r"还没有索引；请先运行：qa index"),
        place.writing(None, create=False),
    ):
        pass
    assert not place.folder.exists()


def test_a_writer_without_an_encoder_removes_with_that_of_the_index(built: Place) -> None:
    with built.writing(None, create=False) as remover:
        remover.publish(put=(), remove=["二月/甲.txt", "三月/乙.txt"])

    assert built.names() == ["丙[1].txt"]


def test_a_writer_without_an_encoder_has_nothing_to_remove_from_an_empty_index(place: Place) -> None:
    with place.writing():
        pass

    with place.writing(None, create=False) as remover, pytest.raises(IndexMissing, match="还是空的"):
        remover.publish(put=(), remove=["甲.txt"])


@pytest.mark.parametrize(
    "encoder",
    [
        OTHER,
        EncoderIdentity(name=IDENTITY.name, digest="ab" * 32, dimension=IDENTITY.dimension),
        WIDER.identity,
    ],
)
def test_another_encoder_is_refused_and_both_are_named(built: Place, encoder: EncoderIdentity) -> None:
    with pytest.raises(IndexStale) as refused, built.writing(encoder):
        pass

    told = str(refused.value)
    assert told.startswith(f"索引由 模型 {IDENTITY} 建成，当前使用 模型 {encoder}；")
    assert f"qa index --rebuild --index {built.folder}" in told
    assert built.names() == ALL


def test_the_same_encoder_by_another_path_is_the_same(built: Place) -> None:
    with built.writing(EncoderIdentity(name="./x", digest=IDENTITY.digest, dimension=IDENTITY.dimension)):
        pass

    assert built.names() == ALL


def test_another_format_is_refused_and_both_are_named(built: Place) -> None:
    connection = sqlite3.connect(built.folder / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    for opening in (built.writing, built.reading):
        with pytest.raises(IndexStale) as refused, opening():
            pass
        assert str(refused.value).startswith("索引由 格式 99 建成，当前使用 格式 5；")


def test_a_rebuild_may_change_the_encoder(built: Place) -> None:
    with built.writing(WIDER.identity, create=False, rebuild=True) as again:
        held = {source.name: source for source in again.held()}
        assert sorted(held) == ALL
        made = [
            indexed("二月/甲.txt", story("大会在京开幕。"), encoder=WIDER),
            indexed("三月/乙.txt", encoder=WIDER),
            indexed("丙[1].txt", encoder=WIDER),
        ]
        with again.rebuilding() as stage:
            stage.publish(put=made, remove=())

    with built.reading(WIDER.identity) as snapshot:
        assert snapshot.statistics().encoder == WIDER.identity
        question = WIDER.embed_questions(["大会在京开幕。"])[0]
        assert [h.score for h in snapshot.search_dense(question, limit=5, within=None)] == [
            pytest.approx(1.0, abs=1e-3)
        ]


def test_a_rebuild_mends_derived_files_whatever_became_of_them(built: Place) -> None:
    for path in built.derived():
        path.write_bytes(b"garbage")

    with built.writing(create=False, rebuild=True) as again, again.rebuilding() as stage:
        stage.publish(put=pages(), remove=())

    assert built.names() == ALL


def test_a_rebuild_needs_neither_the_manifest_nor_the_note(built: Place) -> None:
    (built.folder / "published.json").write_bytes(b"garbage")
    connection = sqlite3.connect(built.folder / "catalogue.sqlite")
    with connection:
        connection.execute("UPDATE manifest SET json = '{}'")
    connection.close()

    with built.writing(create=False, rebuild=True) as again, again.rebuilding() as stage:
        stage.publish(put=pages(), remove=())

    assert built.names() == ALL


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with built.reading() as snapshot:
        before = snapshot.version
    monkeypatch.setattr(derived, "synchronise", full_disk)

    with (
        built.writing(create=False, rebuild=True) as again,
        pytest.raises(SurroundingsFailed),
        again.rebuilding() as stage,
    ):
        stage.publish(put=pages(), remove=())

    with built.reading() as snapshot:
        assert snapshot.version == before
    assert built.names() == ALL


def full_disk(*_: object, **__: object) -> Mapping[str, object]:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


FAILING: list[tuple[object, str]] = [
    (derived, "files_below"),
    (derived, "synchronise"),
    (lexical, "link"),
    (lexical, "change"),
    (DenseIndex, "write"),
    (DenseIndex, "add"),
]


@pytest.mark.parametrize(("where", "what"), FAILING, ids=[what for _, what in FAILING])
def test_a_full_disk_leaves_the_index_as_it_was(
    built: Place, monkeypatch: pytest.MonkeyPatch, where: object, what: str
) -> None:
    with built.writing() as again:
        with monkeypatch.context() as patched:
            patched.setattr(where, what, full_disk)
            with pytest.raises(SurroundingsFailed, match="磁盘已满；请腾出空间后重试"):
                again.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=["二月/甲.txt"])

        assert sorted(again.digests()) == ALL
        assert built.names() == ALL
        assert [path.name for path in (built.folder / "generations").iterdir()] == ["00000001"]

        again.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=["二月/甲.txt"])
    assert built.names() == ["丁.txt", "三月/乙.txt", "丙[1].txt"]


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("An IO error occurred: 'No space left on device (os error 28)'", DiskFull, "磁盘已满"),
        (
            "Failed to acquire Lockfile: IoError(Os { code: 30, kind: ReadOnlyFilesystem, … })",
            ReadOnly,
            "只读",
        ),
        (
            "Failed to open file for write: 'IoError { io_error: Os { code: 13, … } }'",
            NoPermission,
            "没有权限",
        ),
        ("'IoError { io_error: Os { code: 24, … } }'", SurroundingsFailed, "打开的文件太多"),
        ("An error occurred in a thread: 'Any { .. }'", DiskFull, "词面索引写不进去"),
    ],
)
def test_what_keeps_words_from_being_written_is_told_by_its_own_code(
    place: Place, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[SurroundingsFailed], told: str
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError(said)

    monkeypatch.setattr(lexical, "create", refuse)
    with place.writing() as new, pytest.raises(SurroundingsFailed, match=told) as raised:
        new.publish(put=pages(), remove=())
    assert type(raised.value) is kind


def test_an_interrupted_step_leaves_the_index_as_it_was(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(derived, "synchronise", interrupt)
    with built.writing() as again, pytest.raises(KeyboardInterrupt):
        again.publish(put=(), remove=ALL)

    assert built.names() == ALL


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EROFS, "文件系统只读"), (errno.EACCES, "没有权限"), (errno.EDQUOT, "磁盘配额已用完")],
)
def test_surroundings_are_told_apart(
    place: Place, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SurroundingsFailed, match=said), place.writing():
        pass


def test_a_file_in_the_place_of_the_folder_is_named(place: Place) -> None:
    place.folder.write_text("", encoding="utf-8")

    with pytest.raises(SurroundingsFailed, match="不是目录"), place.writing():
        pass


def test_the_index_is_for_its_owner_alone(built: Place) -> None:
    assert (built.folder / "generations").stat().st_mode & 0o077 == 0
    assert (built.folder / "writer.lock").stat().st_mode & 0o077 == 0


KILLED = """
import os, random, signal, sys, threading, time
from pathlib import Path
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.fakes import FakeEncoder, indexed, over_two_pages, story

tokens = Tokens()
tokens.cut("大会")
writer = LocalWriter(Path(sys.argv[1]), encoder=FakeEncoder().identity, tokens=tokens)
delay = float(sys.argv[2])
threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
for number in range(1000):
    put = [indexed(f"{number}-{at}.txt", story("大会开幕。", "煤炭企业。")) for at in range(3)]
    writer.publish(put=put, remove=[f"{number - 1}-{at}.txt" for at in range(3)])
    print(number, flush=True)
"""


@pytest.mark.parametrize("delay", [0.005, 0.031, 0.077, 0.113, 0.171])
def test_a_writer_that_is_killed_leaves_the_state_before_or_after(place: Place, delay: float) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(place.folder), str(delay)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )

    assert killed.returncode == -9, killed.stderr
    said = killed.stdout.split()
    last = int(said[-1]) if said else -1
    states = [[f"{number}-{at}.txt" for at in range(3)] for number in (last, last + 1)]
    try:
        found: list[str] = place.names()
    except IndexMissing:
        assert last == -1
    else:
        assert found in states
    with place.writing() as again:
        again.publish(put=pages(), remove=sorted(again.digests()))
    assert place.names() == ALL


def test_a_reader_that_opens_while_a_writer_publishes_sees_a_whole_version(built: Place) -> None:
    states = [[f"{number}-{at}.txt" for at in range(3)] for number in range(25)]
    seen: list[list[str]] = []

    with built.writing() as again, ThreadPoolExecutor(1) as pool:
        again.publish(put=[indexed(name, story("大会开幕。")) for name in states[0]], remove=ALL)

        def publish_all() -> None:
            for before, after in pairwise(states):
                again.publish(put=[indexed(name, story("大会开幕。")) for name in after], remove=before)

        done = pool.submit(publish_all)
        while not done.done():
            seen.append(built.names())
        done.result()

    assert len(seen) > 3
    assert all(each in states for each in seen)
    assert [states.index(each) for each in seen] == sorted(states.index(each) for each in seen)


def test_what_another_writer_left_half_done_is_cleared(built: Place) -> None:
    left = built.folder / "generations" / "00000002"
    (left / "lexical").mkdir(parents=True)
    (left / "dense.faiss").write_bytes(b"half")

    with built.writing() as again:
        again.publish(put=(), remove=["二月/甲.txt"])

    assert built.names() == ["三月/乙.txt", "丙[1].txt"]


def test_one_step_with_a_name_twice_is_refused_and_changes_nothing(built: Place) -> None:
    twice = [indexed("丁.txt", story("煤炭。")), indexed("丁.txt", story("玛钢。"))]

    with built.writing() as again, pytest.raises(Exception, match="UNIQUE"):
        again.publish(put=twice, remove=())

    assert built.names() == ALL


def test_an_article_that_is_printed_in_a_source_that_is_not_held_is_refused(built: Place) -> None:
    first, _ = over_two_pages()

    with built.writing() as again, pytest.raises(IndexDamaged, match="FOREIGN KEY"):
        again.publish(put=[first], remove=())

    assert built.names() == ALL


def test_an_encoder_that_is_loaded_late_is_held_to_that_of_the_index(built: Place) -> None:
    with built.writing(None, create=False) as remover:
        remover.require(IDENTITY)
        with pytest.raises(IndexStale, match="请重建：qa index --rebuild"):
            remover.require(OTHER)
