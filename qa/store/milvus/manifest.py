"""What is published in Milvus: one row, whose change is the one atomic step of a publication."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged, IndexMissing, IndexStale
from qa.store.failures import WRONG_JSON
from qa.store.manifest import Counts
from qa.store.milvus.connection import Address, Milvus, among
from qa.store.milvus.schema import NO_VECTOR, NONE, PUBLISHED, Place, published_in

FORMAT = 1
"""Version of what lies in Milvus; another one is never read."""

STAGE = "stage"
"""The key of what a rebuild has published so far, beside what is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version that may still be read.

    :param at: When the next one took its place, in seconds since 1970; 0 while it is in force.
    """

    generation: int
    shelf: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreManifest:
    """One published version.

    :param lengths: Terms of an average passage by field, fixed when the collections were made.
    :param last_number: The highest number that a passage ever had.
    :param bytes: Of the texts and vectors that are in force.
    :param nonce: Of chance, so that no two publications share a token.
    :param cutting: What articles and passages depend on besides their sources, of a rebuild.
    :param kept: Versions that may still be read, this one last.
    """

    generation: int
    shelf: int
    encoder: EncoderIdentity
    tokenizer: str
    counts: Counts
    lengths: Mapping[str, float]
    last_number: int
    bytes: int
    nonce: str
    cutting: str
    kept: tuple[Version, ...]
    format: int = FORMAT

    @property
    def version(self) -> str:
        """Return the token that outcomes carry."""
        return f"{self.generation}-{self.digest[:8]}"

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the manifest, which stands beside it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def oldest(self) -> int:
        """Return the first version of this shelf that may still be read."""
        return min(each.generation for each in self.kept if each.shelf == self.shelf)

    def to_json(self) -> str:
        """Return the manifest as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> StoreManifest:
        """Return a stored manifest.

        :raises ValueError, KeyError, TypeError: When it is not one.
        """
        stored = json.loads(text)
        stored["encoder"] = EncoderIdentity(**stored["encoder"])
        stored["counts"] = Counts(**stored["counts"])
        stored["kept"] = tuple(Version(**each) for each in stored["kept"])
        return cls(**stored)


def read_manifest(milvus: Milvus, *, key: str = PUBLISHED) -> StoreManifest | None:
    """Return what is published now; None before the first time.

    :raises IndexDamaged: When it is not what was written.
    :raises IndexStale: When another version of the program wrote it.
    """
    address = milvus.address
    row = milvus.look(published_in(address.prefix), key)
    if row is None:
        return None
    try:
        stored = json.loads(row["row"])
        hold_to_format(json.loads(stored["manifest"])["format"], address)
        manifest = StoreManifest.from_json(stored["manifest"])
        if manifest.digest != stored["digest"]:
            raise ValueError("与写入时不同")
    except WRONG_JSON as error:
        raise damaged(address, f"清单无法读取（{error}）") from error
    return manifest


def write_manifest(milvus: Milvus, manifest: StoreManifest, *, key: str = PUBLISHED) -> None:
    """Say what is published from now on."""
    stored = json.dumps({"manifest": manifest.to_json(), "digest": manifest.digest})
    row = {"key": key, "row": stored, NONE: NO_VECTOR}
    milvus.upsert(published_in(milvus.address.prefix), [row])


def forget_manifest(milvus: Milvus, *, key: str) -> None:
    """Take out what a key says."""
    milvus.delete(published_in(milvus.address.prefix), among("key", [key]))


def place_of(milvus: Milvus, manifest: StoreManifest) -> Place:
    """Return where the rows of a version lie."""
    return Place(prefix=milvus.address.prefix, shelf=manifest.shelf)


def hold_to_format(found: object, address: Address) -> None:
    """Hold what is stored to the format that is read.

    :raises IndexStale: When it is another.
    """
    if found != FORMAT:
        remedy = f"请用写成它的版本打开，或换一个前缀（QA_STORE_PREFIX）重新收入；存储 {address}"
        raise IndexStale(built_with=f"格式 {found}", asked_for=f"格式 {FORMAT}", remedy=remedy)


def hold_to_models(
    manifest: StoreManifest, *, encoder: EncoderIdentity, tokenizer: str, address: Address
) -> None:
    """Hold a version to what texts are embedded with and how their words are cut.

    :raises IndexStale: When it was made another way.
    """
    if encoder != manifest.encoder:
        remedy = f"请重建：qa index --rebuild（存储 {address}），或改回原来的模型（QA_ENCODER）"
        raise IndexStale(built_with=f"模型 {manifest.encoder}", asked_for=f"模型 {encoder}", remedy=remedy)
    hold_to_tokens(manifest, tokenizer=tokenizer, address=address)


def hold_to_tokens(manifest: StoreManifest, *, tokenizer: str, address: Address) -> None:
    """Hold a version to how words are cut.

    :raises IndexStale: When they were cut another way.
    """
    if tokenizer != manifest.tokenizer:
        remedy = f"请重建：qa index --rebuild（存储 {address}）"
        raise IndexStale(
            built_with=f"分词 {manifest.tokenizer}", asked_for=f"分词 {tokenizer}", remedy=remedy
        )


def damaged(address: Address, what: str) -> IndexDamaged:
    """Return the error for something in a store that is not what was written."""
    remedy = (
        "请重建：qa index --rebuild；若仍不行，换一个前缀（QA_STORE_PREFIX），用 qa import 或原文件重新收入"
    )
    return IndexDamaged(f"存储 {address} 的 {what}；{remedy}")


def missing(address: Address) -> IndexMissing:
    """Return the error for a store to which nothing has been published yet."""
    return IndexMissing(f"存储 {address} 里还没有索引；请先运行：qa index 文件或文件夹，或 qa import 文件")
