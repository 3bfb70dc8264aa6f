"""The versions of an index that is kept in Milvus."""

from __future__ import annotations

from qa.domain.ports import EncoderIdentity
from qa.store.milvus.connection import Milvus
from qa.store.milvus.manifest import missing, read_manifest
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.tokens import Tokens


class MilvusPublications:
    """The versions that are published in one store, by whatever process."""

    def __init__(self, milvus: Milvus, *, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        """Look at a store.

        :param encoder: What questions are embedded with; None when nothing will be searched.
        """
        self._milvus, self._encoder, self._tokens = milvus, encoder, tokens

    def latest(self) -> str:
        """Return the token of the version that is published now: one row is read.

        :raises IndexMissing, IndexStale, IndexDamaged, StoreFailed: See ``qa/errors.py``.
        """
        manifest = read_manifest(self._milvus)
        if manifest is None:
            raise missing(self._milvus.address)
        return manifest.version

    def open(self) -> MilvusSnapshot:
        """Return the version that is published now, held to its counts.

        :raises IndexMissing, IndexStale, IndexDamaged, StoreFailed: See ``qa/errors.py``.
        """
        return MilvusSnapshot(self._milvus, encoder=self._encoder, tokens=self._tokens)

    def close(self) -> None:
        """Let go of the connection."""
        self._milvus.close()
