"""The lease of the one process that writes to a store: a row that it renews, and that ends by itself.

Milvus has no compare-and-set. So whoever wants to write puts a row of its own first and looks for others
second, both by reads that see every write: of two that come at once at most one finds itself alone.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from qa.errors import IndexLocked, QaError
from qa.store.failures import WRONG_JSON
from qa.store.milvus.connection import Level, Milvus, Row, among
from qa.store.milvus.schema import NO_VECTOR, NONE, published_in

WRITER = "writer."
LEASE_S = 60.0
"""Seconds that a lease lasts; a writer that was killed is in nobody's way any longer than that."""

RENEWALS = 4
"""Times that it is renewed meanwhile."""


class Lease:
    """Held from opening to closing; renewed in a thread of its own."""

    def __init__(self, milvus: Milvus, *, clock: Callable[[], float] = time.time) -> None:
        """Take the lease.

        :raises IndexLocked: When another process has it; names it and says since when.
        :raises StoreFailed: When the store fails.
        """
        self._milvus, self._clock = milvus, clock
        self._collection = published_in(milvus.address.prefix)
        self._key = WRITER + secrets.token_hex(8)
        self._since = clock()
        self._ended = threading.Event()
        self._write()
        try:
            others = self._others()
            if others:
                raise self._locked(others[0])
        except BaseException:
            self._forget()
            raise
        self._renewing = threading.Thread(target=self._renew, name="milvus-lease", daemon=True)
        self._renewing.start()

    def hold(self) -> None:
        """Make sure that nobody else has taken it for ended, before what must not be done twice.

        :raises IndexLocked: When the lease was lost.
        """
        self._write()
        others = self._others()
        if others:
            raise self._locked(others[0])

    def close(self) -> None:
        """Give the lease back."""
        self._ended.set()
        self._renewing.join()
        self._forget()

    def _renew(self) -> None:
        while not self._ended.wait(LEASE_S / RENEWALS):
            # While the store is away nobody else can take it either; once it is back, it goes on.
            with suppress(QaError):
                self._write()

    def _write(self) -> None:
        told = {
            "until": self._clock() + LEASE_S,
            "since": self._since,
            "host": socket.gethostname(),
            "process": os.getpid(),
        }
        self._milvus.upsert(self._collection, [{"key": self._key, "row": json.dumps(told), NONE: NO_VECTOR}])

    def _others(self) -> list[Row]:
        """Return the leases of others that have not ended; those that have are taken away."""
        rows = [
            row
            for row in self._milvus.every(
                self._collection, f'key like "{WRITER}%"', ("key", "row"), level=Level.STRONG
            )
            if row["key"] != self._key
        ]
        now = self._clock()
        ended = [row["key"] for row in rows if until(row) <= now]
        if ended:
            self._milvus.delete(self._collection, among("key", ended))
        return [row for row in rows if row["key"] not in ended]

    def _forget(self) -> None:
        # It ends by itself.
        with suppress(QaError):
            self._milvus.delete(self._collection, among("key", [self._key]))

    def _locked(self, row: Row) -> IndexLocked:
        told = json.loads(row["row"])
        begun = datetime.fromtimestamp(told["since"]).astimezone()
        holder = f"{told['host']} 的 {told['process']}，{begun:%Y-%m-%d %H:%M:%S} 起"
        return IndexLocked(
            f"存储 {self._milvus.address} 正由另一进程（{holder}）写入；请等它结束后重试，"
            f"它若已被杀，{LEASE_S:.0f} 秒后自行失效"
        )


def until(row: Row) -> float:
    """Return when a lease ends; one that cannot be read has ended."""
    try:
        return float(json.loads(row["row"])["until"])
    except WRONG_JSON:
        return 0.0
