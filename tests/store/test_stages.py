"""What interrupted rebuilds left is no part of the index; it is kept for the next one, or tidied away."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import assemble
from qa.assemble import cutting_digest
from qa.store.backup import back_up
from qa.store.compact import compact
from qa.store.repair import repair
from qa.store.restore import restore
from qa.store.snapshot import size_of
from qa.store.stages import stages_in
from qa.store.verify import verify
from tests.fakes import FakeEncoder
from tests.store.conftest import Place
from tests.store.rebuilt import (
    EMBEDDED,
    SOURCES,
    Interrupted,
    add,
    builder_over,
    embedded,
    in_small_batches,
    rebuild,
)

NAMES = sorted(each.name for each in SOURCES)


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with in_small_batches():
        yield


@pytest.fixture
def left(place: Place) -> Place:
    """Return an index beside which a rebuild was interrupted, three of its five sources made."""
    add(place, SOURCES)
    with pytest.raises(KeyboardInterrupt):
        rebuild(place, Interrupted(3))
    return place


def rest_of(place: Place) -> int:
    """Return how many texts the next rebuild embeds."""
    encoder = FakeEncoder()
    rebuild(place, encoder)
    return embedded(encoder)


def test_its_folder_lies_in_that_of_the_index_for_the_owner_alone(left: Place) -> None:
    (stage,) = stages_in(left.folder)

    assert re.fullmatch(r"rebuilding-[0-9a-f]{16}", stage.name)
    assert stage.parent == left.folder
    assert all(path.stat().st_mode & 0o077 == 0 for path in (stage, *stage.rglob("*")))
    assert list((stage / "generations").iterdir()) == []


def test_its_bytes_are_not_those_of_the_index(left: Place) -> None:
    (stage,) = stages_in(left.folder)
    size = size_of(left.folder)

    assert size_of(stage) > 0
    shutil.rmtree(stage)
    assert size_of(left.folder) == size


def test_whoever_reads_verifies_or_backs_up_leaves_it_alone(left: Place) -> None:
    assert left.names() == NAMES
    assert verify(left.folder, tokens=left.tokens, deep=True, encoder=FakeEncoder()).sound
    back_up(left.folder, left.folder.with_name("backup"))
    restore(left.folder.with_name("backup"), left.folder.with_name("elsewhere"), tokens=left.tokens)

    assert stages_in(left.folder.with_name("elsewhere")) == []
    assert rest_of(left) == EMBEDDED - 5


def test_repairing_restoring_and_adding_leave_it_alone(left: Place) -> None:
    back_up(left.folder, left.folder.with_name("backup"))
    repair(left.folder, tokens=left.tokens)
    restore(left.folder.with_name("backup"), left.folder, tokens=left.tokens)
    with left.writing() as writer:
        builder_over(writer, FakeEncoder()).add(SOURCES)

    assert rest_of(left) == EMBEDDED - 5


def test_compacting_keeps_what_the_next_one_goes_on_with(left: Place) -> None:
    made = compact(left.folder, tokens=left.tokens)

    assert made.after == sum(path.stat().st_size for path in left.folder.rglob("*") if path.is_file())
    assert rest_of(left) == EMBEDDED - 5


def test_compacting_removes_what_another_program_left(left: Place) -> None:
    (stage,) = stages_in(left.folder)
    bytes_left = sum(path.stat().st_size for path in stage.rglob("*") if path.is_file())

    made = compact(left.folder, tokens=left.tokens, cutting="another program")

    assert stages_in(left.folder) == []
    assert made.before - made.after >= bytes_left
    assert left.names() == NAMES


def test_compacting_leaves_nothing_of_what_was_removed(left: Place) -> None:
    with left.writing() as writer:
        builder_over(writer, FakeEncoder()).remove(["二版.txt"])

    compact(left.folder, tokens=left.tokens)

    assert stages_in(left.folder) == []
    assert not [p for p in left.folder.rglob("*") if p.is_file() and "玛钢".encode() in p.read_bytes()]


def test_compacting_removes_what_cannot_be_read(left: Place) -> None:
    (stage,) = stages_in(left.folder)
    (stage / "published.json").write_bytes(b"garbage")

    compact(left.folder, tokens=left.tokens)

    assert stages_in(left.folder) == []


def test_a_link_in_its_place_goes_and_where_it_leads_stays(left: Place) -> None:
    (stage,) = stages_in(left.folder)
    elsewhere = left.folder.with_name("elsewhere")
    stage.rename(elsewhere)
    stage.symlink_to(elsewhere)

    assert rest_of(left) == EMBEDDED
    assert (elsewhere / "catalogue.sqlite").is_file()


def test_what_pages_are_cut_with_has_one_digest() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", cutting_digest())
    assert cutting_digest() == cutting_digest()


def test_another_program_and_another_page_model_have_another_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("domain", "text/deeper", "engine", "web", "models/pages"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(assemble, "PACKAGE", tmp_path)
    monkeypatch.setattr(assemble, "SHIPPED", (tmp_path / "models",))
    seen = [cutting_digest()]

    for file in ("text/deeper/cut.py", "domain/spans.py", "engine/build.py", "models/pages/x.safetensors"):
        for content in ("a = 1\n", "a = 2\n"):
            (tmp_path / file).write_text(content)
            seen.append(cutting_digest())
    (tmp_path / "web/page.py").write_text("a = 1\n")

    assert len(set(seen)) == len(seen)
    assert cutting_digest() == seen[-1]
