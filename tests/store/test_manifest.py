"""The manifest says what belongs to a version, and holds the files to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged
from qa.store.files import KnownFiles, digest_of
from qa.store.manifest import Counts, File, Manifest, check
from qa.store.manifest import files_below as listed

COUNTS = Counts(sources=1, articles=2, passages=3)
ENCODER = EncoderIdentity(name="模型", digest="ab" * 32, dimension=8)


def files_below(folder: Path) -> dict[str, File]:
    return listed(folder, known=KnownFiles())


def manifest_of(files: dict[str, File]) -> Manifest:
    return Manifest(generation=7, encoder=ENCODER, tokenizer="jieba", counts=COUNTS, files=files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lexical").mkdir()
    (tmp_path / "dense.faiss").write_bytes(b"12345")
    (tmp_path / "lexical" / "meta.json").write_bytes(b"{}")
    (tmp_path / "lexical" / ".tantivy-writer.lock").write_bytes(b"")
    return tmp_path


def test_a_manifest_comes_back_as_it_was_stored() -> None:
    manifest = manifest_of({"a/b": File(size=3, digest="c")})

    assert Manifest.from_json(manifest.to_json()) == manifest


def test_the_version_names_the_generation_and_what_is_in_it() -> None:
    manifest = manifest_of({})

    assert manifest.version == f"7-{hashlib.sha256(manifest.to_json().encode()).hexdigest()[:8]}"


def test_two_indexes_of_one_generation_and_encoder_have_versions_of_their_own() -> None:
    one, other = (manifest_of({"dense.faiss": File(size=3, digest=digest)}) for digest in ("a", "b"))

    assert one.version != other.version
    assert one.version == Manifest.from_json(one.to_json()).version


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"generation": 1}', "null", '{"generation": "x"}'])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Manifest.from_json(text)


def test_files_are_listed_with_size_and_hash_and_without_locks(folder: Path) -> None:
    assert files_below(folder) == {
        "dense.faiss": File(size=5, digest=hashlib.sha256(b"12345").hexdigest()),
        "lexical/meta.json": File(size=2, digest=hashlib.sha256(b"{}").hexdigest()),
    }


def test_a_large_file_is_hashed_in_parts(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000
    (tmp_path / "large").write_bytes(content)

    with (tmp_path / "large").open("rb") as file:
        assert digest_of(file) == hashlib.sha256(content).hexdigest()


def test_files_that_are_as_written_pass(folder: Path) -> None:
    check(folder, files=files_below(folder), index=folder, known=KnownFiles())


def test_a_missing_file_is_named(folder: Path) -> None:
    files = files_below(folder)
    (folder / "lexical" / "meta.json").unlink()

    with pytest.raises(IndexDamaged, match=r"lexical/meta\.json 不见了；请修复：qa repair"):
        check(folder, files=files, index=folder, known=KnownFiles())


def test_a_shorter_file_is_named_with_both_sizes(folder: Path) -> None:
    files = files_below(folder)
    (folder / "dense.faiss").write_bytes(b"1234")

    with pytest.raises(IndexDamaged, match=r"dense\.faiss 已损坏（应为 5 字节，实为 4 字节）"):
        check(folder, files=files, index=folder, known=KnownFiles())


def test_a_changed_file_is_named(folder: Path) -> None:
    files = files_below(folder)
    (folder / "dense.faiss").write_bytes(b"12346")

    with pytest.raises(IndexDamaged, match=r"dense\.faiss 已损坏（内容与写入时不同）"):
        check(folder, files=files, index=folder, known=KnownFiles())


def test_a_link_in_the_place_of_a_file_is_refused(folder: Path, tmp_path: Path) -> None:
    files = files_below(folder)
    (folder / "dense.faiss").rename(folder / "elsewhere")
    (folder / "dense.faiss").symlink_to(folder / "elsewhere")

    with pytest.raises(IndexDamaged, match=r"dense\.faiss"):
        check(folder, files=files, index=folder, known=KnownFiles())
