"""The writing side of Milvus: one process at a time by a lease, one atomic step a change."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from qa.domain.ports import EncoderIdentity, Writer
from qa.errors import QaError
from qa.store.milvus.connection import Milvus
from qa.store.milvus.lease import Lease
from qa.store.milvus.manifest import (
    STAGE,
    forget_manifest,
    hold_to_models,
    hold_to_tokens,
    missing,
    read_manifest,
)
from qa.store.milvus.schema import PUBLISHED, Place, drop_collections, make_published
from qa.store.milvus.shelf import ShelfWriter, kept_with
from qa.store.tokens import Tokens


class MilvusWriter(ShelfWriter):
    """Changes the index of a store; holds its lease from opening to closing."""

    def __init__(
        self,
        milvus: Milvus,
        *,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        create: bool = True,
        rebuild: bool = False,
        cutting: str = "",
    ) -> None:
        """Take the lease and open the index; a new one is made with the first publication.

        :param encoder: What the vectors to come are made with; None when only to remove.
        :param create: Whether there may be none yet.
        :param rebuild: Whether to make all of it again by ``rebuilding``: the encoder may then be another.
        :param cutting: What articles and passages depend on besides their sources; a rebuild that was
            begun with another one is not gone on with.
        :raises IndexLocked: When another process is writing; names it.
        :raises IndexMissing: When there is none and ``create`` is False.
        :raises IndexStale: When the index is of another format or encoder.
        :raises StoreFailed: When the store fails.
        """
        if not create and read_manifest(milvus) is None:
            raise missing(milvus.address)
        make_published(milvus, milvus.address.prefix)
        lease = Lease(milvus)
        try:
            super().__init__(milvus, lease=lease, encoder=encoder, tokens=tokens, key=PUBLISHED, shelf=1)
            self._rebuild, self._rebuild_cutting = rebuild, cutting
            self._open()
        except BaseException:
            lease.close()
            raise

    def _open(self) -> None:
        base = self._base
        if base is None:
            return
        if not self._rebuild:
            self._encoder = self._encoder or base.encoder
            hold_to_models(
                base,
                encoder=self._encoder,
                tokenizer=self._tokens.identity,
                address=self._milvus.address,
            )
        self._make_sure(base.encoder.dimension, base.generation)

    def require(self, encoder: EncoderIdentity) -> None:
        """Hold an encoder that was loaded later to that of the index.

        :raises IndexStale: When it is another.
        """
        if self._base is not None:
            hold_to_models(
                self._base,
                encoder=encoder,
                tokenizer=self._tokens.identity,
                address=self._milvus.address,
            )

    def close(self) -> None:
        """Give the lease back, and let go of the connection."""
        self._lease.close()
        self._milvus.close()

    @contextmanager
    def rebuilding(self) -> Iterator[Writer]:
        """Give what a rebuild writes to, on a shelf of its own until it takes the place of what is in force.

        Sources that an interrupted rebuild left there are held already. What ends the context early leaves
        them to the next one; when it ends well, one row says that this shelf is published.

        :raises StoreFailed: With the index as it was before.
        """
        base, encoder = self._base, self._encoder
        if base is None or encoder is None:
            raise missing(self._milvus.address)
        shelf = base.shelf + 1
        self._clear_stage(encoder, shelf=shelf)
        stage = ShelfWriter(
            self._milvus,
            lease=self._lease,
            encoder=encoder,
            tokens=self._tokens,
            key=STAGE,
            shelf=shelf,
            cutting=self._rebuild_cutting,
        )
        yield stage
        if stage.base is None:
            stage.publish(put=(), remove=())
        made = stage.base
        assert made is not None, "it was just published"
        generation = max(base.generation + 1, made.generation)
        self._say(
            replace(
                made,
                generation=generation,
                nonce=secrets.token_hex(8),
                kept=kept_with(base, generation=generation, shelf=shelf),
            )
        )
        self._rebuild = False
        forget_manifest(self._milvus, key=STAGE)

    def _clear_stage(self, encoder: EncoderIdentity, *, shelf: int) -> None:
        """Take out what an interrupted rebuild left, unless it is one of the same kind."""
        # What is of another program, or not what was written, is nothing to go on with.
        with suppress(QaError):
            made = read_manifest(self._milvus, key=STAGE)
            if made is not None and made.shelf == shelf and made.cutting == self._rebuild_cutting:
                hold_to_tokens(made, tokenizer=self._tokens.identity, address=self._milvus.address)
                if made.encoder == encoder:
                    return
        forget_manifest(self._milvus, key=STAGE)
        drop_collections(self._milvus, Place(prefix=self._milvus.address.prefix, shelf=shelf))
