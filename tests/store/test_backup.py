"""What is backed up is restored to the same answers, or not at all."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sqlite3
import tarfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from qa.domain.answers import Filters
from qa.errors import DiskFull, IndexDamaged, IndexLocked, IndexMissing, IndexStale, SurroundingsFailed
from qa.store import mending
from qa.store import restore as restoring
from qa.store.backup import Backup, back_up, replacing
from qa.store.backup_file import HEADER
from qa.store.restore import restore
from qa.store.schema import FILE, connect
from qa.store.verify import verify
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, over_two_pages, story
from tests.store.conftest import Place, flip
from tests.store.test_verify import execute

ALL = ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept.tar"


@pytest.fixture
def other(place: Place, tmp_path: Path) -> Place:
    """Return another folder without an index."""
    return Place(folder=tmp_path / "other" / "index", tokens=place.tokens)


def told(place: Place) -> str:
    """Return all that a reader gets to see, as JSON."""
    with place.reading() as snapshot:
        question = FakeEncoder().embed_questions(["大会煤炭"])[0]
        hits = [
            *snapshot.search_dense(question, limit=99, within=None),
            *snapshot.search_lexical("大会煤炭玛钢", limit=99, within=None),
        ]
        return json.dumps(
            [
                snapshot.version,
                [(hit.number, hit.score) for hit in hits],
                [str(each) for each in snapshot.cite([hit.number for hit in hits])],
                [str(each) for each in snapshot.sources()],
                [str(each) for each in snapshot.articles(Filters())],
            ]
        )


def test_a_backup_restores_elsewhere_to_the_same_answers(built: Place, other: Place, file: Path) -> None:
    with built.writing() as writer:
        writer.publish(put=over_two_pages(), remove=["二月/甲.txt"])
    made = back_up(built.folder, file)

    restored = restore(file, other.folder, tokens=other.tokens)

    assert made == Backup(version=restored.version, bytes=file.stat().st_size)
    assert told(other) == told(built)
    assert verify(other.folder, tokens=other.tokens, deep=True, encoder=FakeEncoder()).sound
    assert sorted(p.name for p in other.folder.iterdir()) == sorted(p.name for p in built.folder.iterdir())
    assert [p.name for p in file.parent.iterdir() if p.name.startswith(".")] == []
    assert file.stat().st_mode & 0o077 == 0


def test_numbers_go_on_after_a_restore_where_they_were(built: Place, other: Place, file: Path) -> None:
    with built.writing() as writer:
        writer.publish(put=(), remove=ALL)
    back_up(built.folder, file)
    restore(file, other.folder, tokens=other.tokens)

    with other.writing() as writer:
        writer.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=())

    with other.reading() as snapshot:
        assert snapshot.passages_within(Filters(sources=("*",))) == {6}


def test_an_index_that_is_there_is_replaced_in_one_step_under_its_readers(built: Place, file: Path) -> None:
    back_up(built.folder, file)
    with built.writing() as writer:
        writer.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=ALL)

    with built.reading() as snapshot:
        restored = restore(file, built.folder, tokens=built.tokens)
        assert [each.name for each in snapshot.sources()] == ["丁.txt"]
        assert snapshot.cite([6])[0].passage.text == "煤炭。"

    assert restored.version.startswith("3-")
    assert built.names() == ALL


def test_a_version_stays_whole_in_a_backup_while_a_writer_goes_on(
    built: Place, other: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(built)

    def publish_meanwhile(
        connection: sqlite3.Connection, beside: Path, stack: ExitStack, *, index: Path
    ) -> object:
        with built.writing() as writer:
            for at in range(3):
                writer.publish(put=[indexed(f"{at}.txt", story("煤炭。"))], remove=ALL)
        return copied(connection, beside, stack, index=index)

    from qa.store import backup

    copied = backup.copied
    with monkeypatch.context() as patched:
        patched.setattr(backup, "copied", publish_meanwhile)
        back_up(built.folder, file)

    restore(file, other.folder, tokens=other.tokens)
    assert told(other) == before
    assert built.names() == ["0.txt", "1.txt", "2.txt"]


def test_a_backup_is_replaced_by_the_next_and_no_other_file_is(built: Place, file: Path) -> None:
    first = back_up(built.folder, file)
    with built.writing() as writer:
        writer.publish(put=(), remove=["二月/甲.txt"])

    assert back_up(built.folder, file).version != first.version

    file.write_text("文件", encoding="utf-8")
    with pytest.raises(SurroundingsFailed, match="已存在，且不是问报的备份"):
        back_up(built.folder, file)
    assert file.read_text(encoding="utf-8") == "文件"


def test_what_a_killed_backup_left_is_taken_over(built: Place, file: Path) -> None:
    (file.parent / f".{file.name}.part").write_bytes(b"x" * 10_000_000)
    (file.parent / f".{file.name}.part.sqlite").write_bytes(b"half")

    assert back_up(built.folder, file).bytes == file.stat().st_size < 1_000_000


def test_two_backups_to_one_file_do_not_disturb_each_other(built: Place, file: Path) -> None:
    with replacing(file), pytest.raises(IndexLocked, match="另一进程正在写备份"):
        back_up(built.folder, file)


def test_a_backup_that_ends_between_opening_and_locking_is_not_written_over(
    built: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    inodes: list[int] = []

    def after_another_one(handle: int, operation: int) -> None:
        if not inodes:
            inodes.append(os.fstat(handle).st_ino)
            back_up(built.folder, file)
            # The file that we have open is the other one's backup now.
            assert file.stat().st_ino == inodes[0]
        lock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", after_another_one)

    with replacing(file) as (target, _):
        other = file.read_bytes()
        target.write(other)
        target.flush()
        assert file.read_bytes() == other != b""
        assert os.fstat(target.fileno()).st_ino != inodes[0]


def test_damage_is_not_backed_up(built: Place, file: Path) -> None:
    kept = back_up(built.folder, file)
    path = next(p for p in built.derived() if p.suffix == ".term")
    flip(path)
    with pytest.raises(IndexDamaged, match=rf"{path.name} 已损坏（内容与写入时不同）；请修复：qa repair"):
        back_up(built.folder, file)

    execute(built, "UPDATE passages SET searched = '改' WHERE number = 1")
    with pytest.raises(IndexDamaged, match="段落 1"):
        back_up(built.folder, file)
    assert file.stat().st_size == kept.bytes


def test_a_backup_of_nothing_is_refused(place: Place, file: Path) -> None:
    with pytest.raises(IndexMissing):
        back_up(place.folder, file)
    assert not file.exists()


@pytest.mark.parametrize("at", range(8))
def test_a_damaged_backup_is_never_restored(built: Place, other: Place, file: Path, at: int) -> None:
    back_up(built.folder, file)
    content = bytearray(file.read_bytes())
    with tarfile.open(file) as tar:
        members = tar.getmembers()
    place = members[at % len(members)]
    content[place.offset_data + (place.size * (at + 1)) // 10] ^= 0x20
    file.write_bytes(bytes(content))

    with pytest.raises((IndexDamaged, IndexStale)) as refused:
        restore(file, other.folder, tokens=other.tokens)

    assert str(file) in str(refused.value)
    with pytest.raises(IndexMissing), other.reading():
        pass
    assert not (other.folder / "restoring.sqlite").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.6, 0.8])
def test_a_shortened_backup_is_never_restored(built: Place, file: Path, share: float) -> None:
    back_up(built.folder, file)
    os.truncate(file, int(file.stat().st_size * share) // 512 * 512)

    with built.writing() as writer:
        writer.publish(put=(), remove=["二月/甲.txt"])
    with pytest.raises(IndexDamaged, match="请换一个备份"):
        restore(file, built.folder, tokens=built.tokens)

    assert built.names() == ["三月/乙.txt", "丙[1].txt"]


def tampered(file: Path, change: object) -> None:
    """Write a backup again with its header changed, and members of other names or kinds."""
    with tarfile.open(file) as tar:
        members = [(each, tar.extractfile(each).read()) for each in tar.getmembers()]  # type: ignore[union-attr]
    with tarfile.open(file, "w", format=tarfile.USTAR_FORMAT) as tar:
        for member, content in change(members):  # type: ignore[operator]
            import io

            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content) if member.isreg() else None)


@pytest.mark.parametrize(
    "name", ["files/../../evil", "/etc/evil", "files/lexical/../../evil", "files/lexical/a/b", "other"]
)
def test_names_that_lead_out_are_refused(built: Place, other: Place, file: Path, name: str) -> None:
    back_up(built.folder, file)

    def renamed(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
        (header, listed), *rest = members
        last = rest[-1][0].name
        rest[-1][0].name = name
        return [(header, listed.replace(last.encode(), name.encode())), *rest]

    tampered(file, renamed)
    with pytest.raises(IndexDamaged, match="其中的文件不是索引的文件"):
        restore(file, other.folder, tokens=other.tokens)


def test_a_link_in_a_backup_is_refused(built: Place, other: Place, file: Path) -> None:
    back_up(built.folder, file)

    def linked(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
        members[-1][0].type, members[-1][0].linkname = tarfile.SYMTYPE, "/etc/passwd"
        return members

    tampered(file, linked)
    with pytest.raises(IndexDamaged, match="不在它的位置"):
        restore(file, other.folder, tokens=other.tokens)
    with pytest.raises(IndexMissing), other.reading():
        pass


def test_a_catalogue_with_a_trigger_is_refused(built: Place, other: Place, file: Path) -> None:
    from qa.store import backup

    execute(built, "UPDATE printed SET passages = passages")
    back_up(built.folder, file)
    kept = file.read_bytes()
    execute(built, "CREATE TRIGGER evil AFTER INSERT ON printed BEGIN DELETE FROM sources; END")
    with pytest.raises(IndexDamaged, match="其中的表与格式不符"):
        backup.back_up(built.folder, file)
    assert file.read_bytes() == kept


def test_a_backup_of_another_format_is_refused(built: Place, other: Place, file: Path) -> None:
    back_up(built.folder, file)

    def older(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
        (header, listed), *rest = members
        return [(header, listed.replace(b'"index_format": 5', b'"index_format": 9')), *rest]

    tampered(file, older)
    with pytest.raises(IndexStale, match="由 格式 9 建成"):
        restore(file, other.folder, tokens=other.tokens)


def test_a_restore_that_fails_leaves_the_index_as_it_was(
    built: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(built.folder, file)
    with built.writing() as writer:
        writer.publish(put=(), remove=["二月/甲.txt"])
    before = told(built)

    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "synchronise", full_disk)
        with pytest.raises(SurroundingsFailed, match="磁盘已满"):
            restore(file, built.folder, tokens=built.tokens)

    assert told(built) == before
    assert not (built.folder / "restoring.sqlite").exists()
    restore(file, built.folder, tokens=built.tokens)
    assert built.names() == sorted(each.source.name for each in pages())


def test_no_room_for_what_a_backup_holds_is_told_as_a_full_disk_and_not_as_a_broken_backup(
    built: Place, other: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with built.writing() as writer:
        writer.publish(put=[indexed("长.txt", story("煤炭产量增长。" * 20_000))], remove=())
    back_up(built.folder, file)
    with other.writing() as writer:
        writer.publish(put=pages(), remove=())
    before = told(other)

    def cramped(folder: Path, *, write: bool) -> sqlite3.Connection:
        connection = connect(folder, write=write)
        connection.execute("PRAGMA max_page_count = 1")  # as large as it is now, and no larger
        return connection

    monkeypatch.setattr(mending, "connect", cramped)
    with pytest.raises(DiskFull, match="is full"):
        restore(file, other.folder, tokens=other.tokens)

    assert told(other) == before
    assert [each.name for each in (other.folder / "generations").iterdir()] == ["00000001"]


def test_something_else_is_no_backup(built: Place, tmp_path: Path) -> None:
    for content in (
        b"",
        b"garbage" * 1000,
        (built.folder / FILE).read_bytes(),
        HEADER.encode() + b"\0" * 2000,
    ):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(IndexDamaged, match="已损坏或不是问报的备份"):
            restore(tmp_path / "file", built.folder, tokens=built.tokens)
    with pytest.raises(SurroundingsFailed):
        restore(tmp_path / "nowhere", built.folder, tokens=built.tokens)
    assert built.names() == ALL
