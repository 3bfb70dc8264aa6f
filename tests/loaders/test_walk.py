"""From the paths a person names to sources with names; one that fails does not stop the others."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from qa.domain.ports import Failed
from qa.domain.sources import Source
from qa.errors import (
    SourceEmpty,
    SourceMissing,
    SourceNameTaken,
    SourceNotText,
    SourceOutside,
    SourceTooLarge,
    SourceUnreadable,
    SourceUnsupported,
)
from qa.loaders.walk import load_all

LIMIT = 2**20


def written(path: Path, text: str = "大会开幕。") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(*paths: Path | str, stdin: bytes = b"", limit: int = LIMIT) -> list[Source | Failed]:
    return list(load_all([str(path) for path in paths], limit=limit, stdin=io.BytesIO(stdin)))


def names(found: list[Source | Failed]) -> list[str]:
    return [each.name for each in found if isinstance(each, Source)]


def failures(found: list[Source | Failed]) -> dict[str, type[Exception]]:
    return {each.name: type(each.error) for each in found if isinstance(each, Failed)}


def test_a_file_is_named_after_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "二月" / "甲.txt", "大会。")

    assert loaded(path) == [Source(name="甲.txt", text="大会。")]


def test_files_of_a_folder_are_named_by_their_path_below_it(tmp_path: Path) -> None:
    for name in ("乙.txt", "二月/甲.md", "二月/十/丙.text"):
        written(tmp_path / name)

    assert names(loaded(tmp_path)) == ["乙.txt", "二月/十/丙.text", "二月/甲.md"]


def test_paths_come_in_the_order_they_were_given(tmp_path: Path) -> None:
    second, first = written(tmp_path / "二.txt"), written(tmp_path / "一.txt")

    assert names(loaded(second, first)) == ["二.txt", "一.txt"]


def test_readme_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    for name in ("README.md", "readme", "Readme.txt", ".隐.txt", ".git/甲.txt", "README甲.txt", "甲.txt"):
        written(tmp_path / name)

    assert names(loaded(tmp_path)) == ["README甲.txt", "甲.txt"]


def test_a_readme_that_was_named_itself_is_taken(tmp_path: Path) -> None:
    assert names(loaded(written(tmp_path / "README.md"))) == ["README.md"]


def test_what_fails_is_named_and_the_others_come(tmp_path: Path) -> None:
    written(tmp_path / "甲.txt")
    written(tmp_path / "乙.xyz")
    written(tmp_path / "空.txt", " \n")
    written(tmp_path / "大.txt", "大" * 1000)
    found = loaded(tmp_path, tmp_path / "没有.txt", limit=100)

    assert names(found) == ["甲.txt"]
    assert failures(found) == {
        "乙.xyz": SourceUnsupported,
        "空.txt": SourceEmpty,
        "大.txt": SourceTooLarge,
        "没有.txt": SourceMissing,
    }


@pytest.mark.parametrize(
    "name", ["名 字.txt", "换\n行.txt", "🥰.txt", "引'号\".txt", "百%20分.txt", "-n.txt", "a;b.txt"]
)
def test_odd_names_are_kept(tmp_path: Path, name: str) -> None:
    written(tmp_path / name)

    assert names(loaded(tmp_path)) == [name]


def test_bytes_that_are_no_utf8_are_spelled_out(tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xb4\xf3.txt")
    written(tmp_path / odd)

    (found,) = loaded(tmp_path)
    assert found.name == r"\udcb4\udcf3.txt" or found.name == r"\xb4\xf3.txt"
    found.name.encode("utf-8")
    assert isinstance(found, Source)


def test_a_name_that_cannot_be_decoded_can_be_named_itself(tmp_path: Path) -> None:
    odd = written(tmp_path / os.fsdecode(b"\xb4\xf3.txt"))

    assert names(loaded(odd)) == names(loaded(tmp_path))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "外" / "密.txt")
    folder = tmp_path / "内"
    written(folder / "甲.txt")
    (folder / "链.txt").symlink_to(tmp_path / "外" / "密.txt")
    (folder / "夹").symlink_to(tmp_path / "外")
    found = loaded(folder)

    assert names(found) == ["甲.txt"]
    assert failures(found) == {"链.txt": SourceOutside}


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    written(tmp_path / "甲.txt", "大会。")
    (tmp_path / "乙.txt").symlink_to("甲.txt")

    assert loaded(tmp_path) == [Source(name="乙.txt", text="大会。"), Source(name="甲.txt", text="大会。")]


def test_a_link_that_was_named_itself_is_followed(tmp_path: Path) -> None:
    target = written(tmp_path / "外" / "甲.txt", "大会。")
    link = tmp_path / "链.txt"
    link.symlink_to(target)

    assert loaded(link) == [Source(name="链.txt", text="大会。")]


def test_a_folder_behind_a_link_that_was_named_itself_is_read(tmp_path: Path) -> None:
    written(tmp_path / "真" / "甲.txt")
    (tmp_path / "链").symlink_to("真")

    assert names(loaded(tmp_path / "链")) == ["甲.txt"]


def test_links_in_a_circle_fail_and_the_others_come(tmp_path: Path) -> None:
    written(tmp_path / "甲.txt")
    (tmp_path / "左.txt").symlink_to("右.txt")
    (tmp_path / "右.txt").symlink_to("左.txt")
    found = loaded(tmp_path)

    assert names(found) == ["甲.txt"]
    assert failures(found).keys() == {"左.txt", "右.txt"}


def test_a_circle_that_was_named_itself_fails(tmp_path: Path) -> None:
    (tmp_path / "圈.txt").symlink_to("圈.txt")

    assert failures(loaded(tmp_path / "圈.txt")).keys() == {"圈.txt"}


def test_a_link_to_nowhere_is_missing(tmp_path: Path) -> None:
    (tmp_path / "断.txt").symlink_to("没有.txt")

    assert failures(loaded(tmp_path)) == {"断.txt": SourceMissing}


def test_a_circle_of_folders_ends(tmp_path: Path) -> None:
    written(tmp_path / "夹" / "甲.txt")
    (tmp_path / "夹" / "回").symlink_to(tmp_path)

    assert names(loaded(tmp_path)) == ["夹/甲.txt"]


def test_a_name_that_two_folders_want_goes_to_the_first(tmp_path: Path) -> None:
    written(tmp_path / "一" / "甲.txt", "先。")
    written(tmp_path / "二" / "甲.txt", "后。")
    found = loaded(tmp_path / "一", tmp_path / "二")

    assert found[0] == Source(name="甲.txt", text="先。")
    assert failures(found) == {"甲.txt": SourceNameTaken}
    assert str(tmp_path / "一" / "甲.txt") in str(found[1].error if isinstance(found[1], Failed) else "")


def test_the_same_file_named_twice_is_no_conflict(tmp_path: Path) -> None:
    path = written(tmp_path / "甲.txt")

    assert names(loaded(path, path)) == ["甲.txt", "甲.txt"]
    assert failures(loaded(path, tmp_path)) == {}


def test_a_file_that_failed_does_not_take_the_name(tmp_path: Path) -> None:
    written(tmp_path / "一" / "甲.txt", " ")
    written(tmp_path / "二" / "甲.txt", "后。")

    assert names(loaded(tmp_path / "一", tmp_path / "二")) == ["甲.txt"]


def test_standard_input_is_a_source() -> None:
    stdin = "\ufeff大会\r\n".encode()

    assert loaded("-", stdin=stdin) == [Source(name="stdin.txt", text="\ufeff大会\r\n")]


def test_standard_input_is_decoded_like_a_file() -> None:
    stdin = "大会在京开幕，共商发展。".encode("gb18030")

    assert loaded("-", stdin=stdin) == [Source(name="stdin.txt", text="大会在京开幕，共商发展。")]


def test_standard_input_that_is_no_text_fails() -> None:
    assert failures(loaded("-", stdin=b"\x00\x01\x02" * 9)) == {"stdin.txt": SourceNotText}


def test_empty_standard_input_fails() -> None:
    assert failures(loaded("-", stdin=b" \n")) == {"stdin.txt": SourceEmpty}


def test_too_much_standard_input_fails() -> None:
    assert failures(loaded("-", stdin="大".encode() * 34, limit=100)) == {"stdin.txt": SourceTooLarge}
    assert names(loaded("-", stdin="大".encode() * 33, limit=100)) == ["stdin.txt"]


def test_a_missing_folder_is_missing(tmp_path: Path) -> None:
    assert failures(loaded(tmp_path / "没有")) == {"没有": SourceMissing}


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path) == []


def test_a_path_with_a_nul_fails_without_a_traceback() -> None:
    (found,) = loaded("甲\x00.txt")

    assert isinstance(found, Failed)
    assert isinstance(found.error, SourceUnreadable | SourceMissing)


def test_a_path_that_is_too_long_fails_without_a_traceback(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path / ("长" * 300 + ".txt"))

    assert isinstance(found, Failed)
    assert isinstance(found.error, SourceUnreadable | SourceMissing)


def test_a_pipe_in_the_folder_does_not_hold_the_run_up(tmp_path: Path) -> None:
    written(tmp_path / "甲.txt")
    pipe = tmp_path / "管.txt"
    os.mkfifo(pipe)
    # Whoever waits for someone to write is let go, and gets nothing: SourceEmpty.
    rescue = threading.Timer(2.0, lambda: os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK)))
    rescue.start()
    found = loaded(tmp_path)
    rescue.cancel()

    assert names(found) == ["甲.txt"]
    assert failures(found) == {"管.txt": SourceUnreadable}


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "甲.txt")
    written(tmp_path / "锁" / "乙.txt")
    listed = os.scandir

    def refuse(path: str) -> object:
        if os.fspath(path).endswith("锁"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = loaded(tmp_path)

    assert names(found) == ["甲.txt"]
    assert failures(found) == {"锁": SourceUnreadable}
