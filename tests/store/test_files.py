"""Files are opened below the index and nowhere else, and are their owner's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.store.files import KnownFiles, opened_below, private_file, private_folder, replace_file
from tests.store.conftest import Place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index" / "a").mkdir(parents=True)
    (tmp_path / "index" / "a" / "file").write_bytes(b"inside")
    (tmp_path / "outside").write_bytes(b"outside")
    return tmp_path / "index"


def test_a_file_below_the_folder_is_opened(folder: Path) -> None:
    with opened_below(folder, "a/file") as file:
        assert file.read() == b"inside"


@pytest.mark.parametrize(
    "name", ["", "a", "a/none", "none/file", "../outside", "a/../../outside", "/etc/passwd"]
)
def test_what_is_not_a_plain_file_below_it_is_not_there(folder: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError), opened_below(folder, name):
        pass


def test_no_link_is_followed_and_no_pipe_waited_for(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "a" / "file")
    (folder / "b").symlink_to(folder / "a")
    os.mkfifo(folder / "pipe")

    for name in ("link", "b/file", "pipe"):
        with pytest.raises(FileNotFoundError), opened_below(folder, name):
            pass


def test_a_file_is_hashed_once_by_whatever_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = KnownFiles()
    os.link(folder / "a" / "file", folder / "again")
    with opened_below(folder, "a/file") as file:
        digest = known.digest(file)

    with opened_below(folder, "again") as file:
        assert known.digest(file) == digest
        assert file.tell() == 0
    (folder / "again").write_bytes(b"change")
    os.utime(folder / "again", ns=(1, 1))
    with opened_below(folder, "again") as file:
        assert known.digest(file) != digest


def test_folders_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    private_file(tmp_path / "a" / "b" / "file")
    replace_file(tmp_path / "a" / "b" / "other", b"x")

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*")}
    assert modes == {"b": 0o700, "file": 0o600, "other": 0o600}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_every_file_of_an_index_is_for_its_owner_alone(built: Place) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in [built.folder, *built.folder.rglob("*")]}

    assert {name: mode for name, mode in modes.items() if mode} == {}


def test_a_file_is_not_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic"):
        private_file(tmp_path / "link")
