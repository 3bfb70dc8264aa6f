"""Speaking with Milvus: every call bounded in time, and every failure told in our words.

Nothing that a person wrote ever stands in an expression, numbers and hexadecimal tokens alone: engines differ
in how strings are quoted there (see docs/adr/0031).
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from qa.errors import QaError, StoreAway, StoreFailed, StoreRefused, StoreUnfit

LOOK_S, READ_S, WRITE_S = 10.0, 30.0, 60.0
"""Seconds that one call may take, its retries included: a look at what is published, a read, a write.

A search takes hundredths of one, the first after the server has loaded a collection much longer.
"""

CONNECT_S = 5.0
"""Seconds after which nobody is taken to be there."""

PAGE = 2_000
"""Rows that are read at once."""

PORTION_BYTES, PORTION_ROWS = 8 * 2**20, 2_000
"""What is written at once; Milvus takes messages of 64 MB."""

MOST_HITS = 16_384
"""Hits that Milvus returns at most."""

IDS = 1_000
"""Keys in one expression."""

NOT_LOADED, NO_COLLECTION = 101, 100
REFUSED = frozenset({1400, 1401, 1800})
REFUSED_WORDS = re.compile(r"unauthenticated|auth(?:entication)? check fail|permission ?den|privilege", re.I)
AWAY_WORDS = re.compile(
    r"unavailable|fail(?:ed)? connecting|failed to connect|deadline|timeout|timed out|closed channel|"
    r"connection (?:refused|reset)|socket closed|should create connection first",
    re.IGNORECASE,
)
OLDEST = (2, 4)
"""Of Milvus: before it there are no sparse vectors."""

VERSION = re.compile(r"v?(\d+)\.(\d+)")
LITE = re.compile(r"milvus[-_]lite")
"""As milvus-lite 3 names itself; a version that only ends in ``-lite`` is a server's in a package."""

RECONNECTING = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.min_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 2000,
}
"""Else it waits up to two minutes before it looks again for a server that was away."""

Row = dict[str, Any]
T = TypeVar("T")


class Level(StrEnum):
    """How fresh a read is, as Milvus names it."""

    BOUNDED = "Bounded"
    STRONG = "Strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Which store, and under which names.

    :param uri: ``http://…``, or a file that ends in ``.db``.
    :param prefix: Before the name of every collection.
    :param level: How fresh reads are that need not see what was written just now.
    """

    uri: str
    token: str = ""
    prefix: str = "wenbao"
    level: Level = Level.BOUNDED

    def __str__(self) -> str:
        """Return what a person calls it; never the token."""
        return f"{self.uri}（{self.prefix}）"


class Milvus:
    """One connection, for several threads; it is made with the first call, and again after it was lost."""

    def __init__(self, address: Address, *, oldest: tuple[int, int] = OLDEST) -> None:
        """Speak with the store at ``address``, as soon as there is anything to say.

        :param oldest: The server that is spoken with at least; one before ``OLDEST`` can hold no index,
            only be measured and tested as far as it goes.
        """
        self.address, self.oldest = address, oldest
        self._client: Any = None
        self._connecting = threading.Lock()

    def close(self) -> None:
        """Let go of the connection."""
        with self._connecting:
            if self._client is not None:
                self._client.close()
                self._client = None

    # --- reading

    def look(self, collection: str, key: str) -> Row | None:
        """Return the row of a key, as fresh as can be; None where there is none, or no such collection."""
        if collection not in self.collections():
            return None
        found = self.rows(
            collection, among("key", [key]), ("row",), level=Level.STRONG, limit=1, seconds=LOOK_S
        )
        return found[0] if found else None

    def rows(
        self,
        collection: str,
        where: str,
        fields: Sequence[str],
        *,
        level: Level,
        limit: int,
        seconds: float | None = None,
    ) -> list[Row]:
        """Return rows, at most ``limit`` of them, in any order.

        :param seconds: How long to wait; as for any read, where it is not given.
        """
        return [
            dict(row)
            for row in self._call(
                lambda client: client.query(
                    collection,
                    filter=where,
                    output_fields=list(fields),
                    limit=limit,
                    consistency_level=level.value,
                    timeout=seconds or READ_S,
                ),
                collection,
            )
        ]

    def at_keys(
        self, collection: str, key: str, keys: Sequence[str | int], fields: Sequence[str], *, level: Level
    ) -> list[Row]:
        """Return the rows whose primary key is one of some, in any order."""
        found: list[Row] = []
        for start in range(0, len(keys), IDS):
            some = keys[start : start + IDS]
            found += self.rows(collection, among(key, some), fields, level=level, limit=len(some))
        return found

    def keyed(
        self,
        collection: str,
        key: str,
        keys: Sequence[str | int],
        fields: Sequence[str],
        *,
        level: Level,
        where: str = "",
    ) -> list[Row]:
        """Return the rows of which ``key`` is one of some, all of them, in any order."""
        found: list[Row] = []
        for start in range(0, len(keys), IDS):
            clause = among(key, keys[start : start + IDS])
            found += self.every(collection, f"{where} and {clause}" if where else clause, fields, level=level)
        return found

    def every(self, collection: str, where: str, fields: Sequence[str], *, level: Level) -> Iterator[Row]:
        """Yield all rows that pass, by their primary key; read a page at a time."""
        pages = self._call(
            lambda client: client.query_iterator(
                collection,
                filter=where,
                output_fields=list(fields),
                batch_size=PAGE,
                consistency_level=level.value,
                timeout=READ_S,
            ),
            collection,
        )
        try:
            while page := self._call(lambda _: pages.next(), collection):
                for row in page:
                    yield dict(row)
        finally:
            pages.close()

    def count(self, collection: str, where: str, *, level: Level) -> int:
        """Return how many rows pass."""
        found = self._call(
            lambda client: client.query(
                collection,
                filter=where,
                output_fields=["count(*)"],
                consistency_level=level.value,
                timeout=READ_S,
            ),
            collection,
        )
        return int(found[0]["count(*)"])

    def search(
        self,
        collection: str,
        field: str,
        vector: Any,  # noqa: ANN401 - a list of floats, or a dict of term to weight
        *,
        limit: int,
        where: str,
        fields: Sequence[str],
        level: Level,
        parameters: Mapping[str, Any],
    ) -> list[tuple[int, float, Row]]:
        """Return number, inner product and fields of the nearest passages, best first."""
        found = self._call(
            lambda client: client.search(
                collection,
                data=[vector],
                anns_field=field,
                limit=min(limit, MOST_HITS),
                filter=where,
                # Else a server of before 2.4 gives the number another name.
                output_fields=["number", *fields],
                search_params={"metric_type": "IP", "params": dict(parameters)},
                consistency_level=level.value,
                timeout=READ_S,
            ),
            collection,
        )
        return [(int(hit["number"]), float(hit["distance"]), dict(hit["entity"])) for hit in found[0]]

    # --- writing

    def insert(self, collection: str, rows: Sequence[Row]) -> None:
        """Put new rows in; acknowledged ones survive whatever becomes of the server."""
        self._write("insert", collection, rows)

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Put rows in the place of those with their keys."""
        self._write("upsert", collection, rows)

    def _write(self, how: str, collection: str, rows: Sequence[Row]) -> None:
        for portion in portions(rows):
            self._call(partial(wrote, how=how, collection=collection, rows=portion), collection)

    def delete(self, collection: str, where: str) -> None:
        """Take out all rows that pass."""
        self._call(lambda client: client.delete(collection, filter=where, timeout=WRITE_S), collection)

    # --- collections

    def collections(self) -> list[str]:
        """Return the names of all collections there are."""
        return list(self._call(lambda client: client.list_collections(timeout=LOOK_S)))

    def create(self, collection: str, make: Callable[[Any], tuple[Any, Any]]) -> None:
        """Make a collection and load it.

        :param make: Returns its schema and its indexes, by the client.
        """

        def made(client: Any) -> None:  # noqa: ANN401 - pymilvus has no types
            schema, indexes = make(client)
            client.create_collection(
                collection,
                schema=schema,
                index_params=indexes,
                # The client reads pages of rows with the level of the collection, whatever it is asked for.
                consistency_level=Level.STRONG.value,
                timeout=WRITE_S,
            )

        self._call(made)

    def drop(self, collection: str) -> None:
        """Take a collection out, with all rows; one that is not there is none to take."""
        self._call(lambda client: client.drop_collection(collection, timeout=WRITE_S))

    # --- failing

    def _call(self, work: Callable[[Any], T], collection: str | None = None) -> T:
        """Return what a call gives; a collection that the server has not loaded is loaded first.

        :raises StoreFailed: When it fails.
        """
        try:
            client = self._connected()
            try:
                return work(client)
            except Exception as error:
                if collection is None or getattr(error, "code", None) != NOT_LOADED:
                    raise
                client.load_collection(collection, timeout=WRITE_S)
                return work(client)
        except QaError:
            raise
        except Exception as error:
            failed = self._failed(error)
            if failed is None:
                raise
            raise failed from error

    def _connected(self) -> Any:  # noqa: ANN401 - pymilvus has no types
        with self._connecting:
            if self._client is None:
                self._client = self._opened()
            return self._client

    def _opened(self) -> Any:  # noqa: ANN401 - pymilvus has no types
        try:
            # Here and not above: it takes a second, and only who keeps a collection there needs it.
            from pymilvus import MilvusClient
        except ImportError as error:
            told = (
                "用 Milvus 需要 [milvus] 部分；请运行 scripts/setup milvus，或 pip install 'wenbao[milvus]'"
            )
            raise StoreUnfit(told) from error
        # It writes every failure to standard error by itself, with a traceback; we tell them in our words.
        for name in ("pymilvus", "pymilvus.milvus_client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        client = MilvusClient(
            uri=self.address.uri,
            token=self.address.token,
            timeout=CONNECT_S,
            dedicated=True,
            grpc_options=RECONNECTING,
        )
        try:
            self._hold_to_version(str(client.get_server_version(timeout=CONNECT_S)))
        except BaseException:
            client.close()
            raise
        return client

    def _hold_to_version(self, told: str) -> None:
        found = VERSION.search(told)
        if LITE.search(told) or found is None:
            return
        if (int(found[1]), int(found[2])) < self.oldest:
            raise StoreUnfit(
                f"存储 {self.address} 是 Milvus {told}，没有稀疏向量；需要 {OLDEST[0]}.{OLDEST[1]} 或更新的"
            )

    def _failed(self, error: Exception) -> StoreFailed | None:
        """Return our error for one of the client's; None for one of the program."""
        code = getattr(error, "code", None)
        number = code if isinstance(code, int) else None
        module = type(error).__module__.partition(".")[0]
        if module not in ("pymilvus", "grpc", "milvus_lite") and not isinstance(error, OSError):
            return None
        told = str(getattr(error, "message", "") or error).strip()
        kind = f"{told} {code}"
        if number in REFUSED or REFUSED_WORDS.search(kind):
            remedy = "请检查 QA_STORE_TOKEN 与它的权限"
            return StoreRefused(f"存储 {self.address} 拒绝了访问；{remedy}")
        if AWAY_WORDS.search(kind) or isinstance(error, OSError):
            remedy = "请检查它是否在运行、QA_STORE 是否写对；恢复后不必重启"
            return StoreAway(f"连不上存储 {self.address}；{remedy}")
        return StoreFailed(f"存储 {self.address} 没有完成所要求的：{told[:300]}；请看 Milvus 的日志")


def wrote(client: Any, *, how: str, collection: str, rows: list[Row]) -> None:  # noqa: ANN401
    """Write rows, by the method of the client that does it."""
    getattr(client, how)(collection, rows, timeout=WRITE_S)


def among(key: str, keys: Sequence[str | int]) -> str:
    """Return the expression that ``key`` is one of some numbers or tokens.

    :raises ValueError: When one of them is no token.
    """
    return f"{key} in [{', '.join(map(written, keys))}]"


TOKEN = re.compile(r"[0-9a-zA-Z_./-]{1,200}", re.ASCII)


def written(key: str | int) -> str:
    """Return a number or a token as it stands in an expression.

    :raises ValueError: When it is neither.
    """
    if isinstance(key, int):
        return str(int(key))
    if not TOKEN.fullmatch(key):
        raise ValueError(f"not a token: {key!r}")
    return f'"{key}"'


def portions(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield rows in portions that one message holds."""
    portion: list[Row] = []
    size = 0
    for row in rows:
        if portion and (size >= PORTION_BYTES or len(portion) >= PORTION_ROWS):
            yield portion
            portion, size = [], 0
        portion.append(row)
        size += sum(weight(value) for value in row.values())
    if portion:
        yield portion


def weight(value: object) -> int:
    """Return about how many bytes a value is in a message."""
    if isinstance(value, str):
        return 3 * len(value)
    return 12 * len(value) if isinstance(value, (list, dict)) else 8
