"""The index in Milvus over the genuine server, of a version before there were sparse vectors.

All but those lies in it: what they would find is found here, by ``WordsBeside``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial

import numpy as np
import pytest

from qa.domain.answers import Filters
from qa.domain.ports import Publications, Snapshot, Writer
from qa.errors import IndexLocked, StoreAway, StoreFailed, StoreUnfit
from qa.store.milvus import connection, shelf
from qa.store.milvus.connection import Address, Level, Milvus, Row
from qa.store.milvus.filters import Condition
from qa.store.milvus.publications import MilvusPublications
from qa.store.milvus.rows import ChosenBy, day_number, paper_token
from qa.store.milvus.schema import DENSE, FOREVER, Place, make_collections, making
from qa.store.milvus.snapshot import LOOKED_AT, MilvusSnapshot
from qa.store.milvus.verify import verify_milvus
from qa.store.milvus.writer import MilvusWriter
from qa.store.tokens import Tokens
from tests.contracts import PublicationsContract, SnapshotContract, WriterContract, pages
from tests.fakes import FakeEncoder, MemoryWriter, indexed, story
from tests.milvus import connected, prefix_of
from tests.store.conftest import IDENTITY
from tests.store.milvus.genuine import GenuineServer, WordsBeside, running_genuine
from tests.store.milvus.test_killed import until
from tests.store.milvus.test_milvus import DAYS, ODD, choose_alike, odd_pages

pytestmark = pytest.mark.genuine_milvus

DIMENSION = 384
PAPERS = ("吕梁日报", "乙报", None)
SOURCES = ("00aa", "00bb", "00cc")


@pytest.fixture(scope="module", autouse=True)
def without_sparse_vectors() -> Iterator[None]:
    """Make collections of passages that this server can hold."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shelf, "make_collections", partial(make_collections, sparse=False))
        yield


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenuineServer]:
    with running_genuine(tmp_path_factory.mktemp("milvus") / "data") as server:
        yield server


@pytest.fixture
def address(server: GenuineServer, request: pytest.FixtureRequest) -> Iterator[Address]:
    """Return where a test keeps an index of its own; nothing is there yet."""
    address = Address(uri=server.uri, prefix=prefix_of(request.node.name))
    yield address
    drop_all(Address(uri=server.uri, prefix=address.prefix))


def drop_all(address: Address) -> None:
    """Take out every collection of a prefix."""
    with closing(WordsBeside(address)) as milvus:
        for name in milvus.collections():
            if name.startswith(f"{address.prefix}_"):
                milvus.drop(name)


@pytest.fixture
def milvus(address: Address) -> Iterator[WordsBeside]:
    with closing(WordsBeside(address)) as milvus:
        yield milvus


@pytest.fixture
def passages(milvus: Milvus, address: Address) -> str:
    """Return a new collection of passages, with no index around it."""
    place = Place(prefix=address.prefix, shelf=1)
    milvus.create(place["passages"], making("passages", dimension=DIMENSION, sparse=False))
    return place["passages"]


def rows(first: int, count: int) -> list[Row]:
    """Return so many rows of passages, the same for the same numbers."""
    vectors = np.random.default_rng(first).standard_normal((count, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        {
            "number": number,
            "begins": 1,
            "ends": FOREVER,
            "article": f"{number % 40:04x}",
            **chosen_by(number).fields(),
            "row": f'"第{number}段"',
            "more": 0,
            DENSE: vector.tolist(),
        }
        for number, vector in enumerate(vectors, first)
    ]


def chosen_by(number: int) -> ChosenBy:
    """Return what the passage of a number is chosen by."""
    return ChosenBy(
        day=day_number(DAYS[number % 4]),
        paper=paper_token(PAPERS[number % 3]),
        sources=frozenset(SOURCES[: number % 3 + 1]),
        article=f"{number % 40:04x}",
    )


def test_our_program_refuses_it_and_says_what_it_needs(address: Address) -> None:
    with connected(address) as milvus, pytest.raises(StoreUnfit, match=r"v2\.3\.5.*需要 2\.4 或更新的"):
        milvus.collections()


CONDITIONS = [
    (Filters(), None),
    (Filters(first=DAYS[1]), None),
    (Filters(last=DAYS[2]), None),
    (Filters(first=DAYS[2], last=DAYS[3]), None),
    (Filters(first=date(2024, 1, 1)), None),
    (Filters(newspapers=("吕梁日报",)), None),
    (Filters(newspapers=("乙报", '" or 1 == 1 or "')), None),
    (Filters(without=frozenset({"0003", "0007"})), None),
    (Filters(newspapers=("吕梁日报", "乙报"), last=DAYS[2], without=frozenset({"0001"})), None),
    (Filters(), ["00bb", "00cc"]),
    (Filters(first=DAYS[1], newspapers=("乙报",)), ["00cc"]),
    (Filters(), [f"{at:04x}" for at in range(3000)]),
]


def test_whatever_is_filtered_the_nearest_that_pass_are_found(milvus: Milvus, passages: str) -> None:
    put = rows(1, 2000)
    milvus.insert(passages, put)
    vectors = np.array([row[DENSE] for row in put], dtype=np.float32)
    question = rows(9000, 1)[0][DENSE]
    scores = vectors @ np.array(question, dtype=np.float32)
    for filters, sources in CONDITIONS:
        condition = Condition.of(filters, sources=sources, key="article")
        passing = [row["number"] for row in put if condition.holds_of(chosen_by(row["number"]))]
        clauses = condition.expressions()
        if len(clauses) == 1:
            where = clauses[0] or "number > 0"
            assert milvus.count(passages, where, level=Level.STRONG) == len(passing), where
        counted = {
            row["number"]
            for clause in clauses
            for row in milvus.every(passages, clause or "number > 0", ["number"], level=Level.STRONG)
        }
        assert counted == set(passing)
        nearest = sorted(passing, key=lambda number: -scores[number - 1])[:10]
        assert best_of(milvus, passages, question, clauses) == nearest


def best_of(milvus: Milvus, passages: str, question: Sequence[float], clauses: Sequence[str]) -> list[int]:
    """Return the ten nearest passages for which one of some expressions holds."""
    found = {
        number: score
        for clause in clauses
        for number, score, _ in milvus.search(
            passages,
            DENSE,
            question,
            limit=10,
            where=clause,
            fields=("day", "sources"),
            level=Level.STRONG,
            parameters={"ef": LOOKED_AT},
        )
    }
    return sorted(found, key=lambda number: -found[number])[:10]


def test_what_is_written_again_or_taken_out_is_seen_at_once(milvus: Milvus, passages: str) -> None:
    put = rows(1, 50)
    milvus.insert(passages, put)
    milvus.upsert(passages, [{**row, "ends": 2, DENSE: put[0][DENSE]} for row in put[10:20]])
    milvus.delete(passages, "number > 40")

    assert milvus.count(passages, "number > 0", level=Level.STRONG) == 40
    ended = milvus.every(passages, "ends <= 2", ["number"], level=Level.STRONG)
    assert sorted(row["number"] for row in ended) == list(range(11, 21))
    assert set(best_of(milvus, passages, put[0][DENSE], ["ends <= 2"])) == set(range(11, 21))
    assert best_of(milvus, passages, put[45][DENSE], ["number > 40"]) == []
    [row] = milvus.at_keys(passages, "number", [7], list(put[6]), level=Level.STRONG)
    assert row.pop(DENSE) == pytest.approx(put[6][DENSE])
    assert row == {name: put[6][name] for name in put[6] if name != DENSE}


@pytest.fixture(scope="module")
def built_once(server: GenuineServer, tokens: Tokens) -> Iterator[Address]:
    address = Address(uri=server.uri, prefix=prefix_of("snapshot"))
    with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
        writer.publish(put=pages(), remove=())
    yield address
    # The server may have been started again since, at another port.
    drop_all(Address(uri=server.uri, prefix=address.prefix))


class TestGenuineSnapshot(SnapshotContract):
    @pytest.fixture
    def snapshot(self, built_once: Address, tokens: Tokens) -> Iterator[Snapshot]:
        with closing(WordsBeside(built_once)) as milvus:
            yield MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)


class TestGenuineWriter(WriterContract):
    @pytest.fixture
    def writer(self, address: Address, tokens: Tokens) -> Iterator[Writer]:
        with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
            yield writer

    @pytest.fixture
    def snapshot_of(self, milvus: Milvus, tokens: Tokens) -> Callable[[], Snapshot]:
        return lambda: MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)


class TestGenuinePublications(PublicationsContract):
    @pytest.fixture
    def writer(self, address: Address, tokens: Tokens) -> Iterator[Writer]:
        with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
            yield writer

    @pytest.fixture
    def publications(self, milvus: Milvus, tokens: Tokens) -> Publications:
        return MilvusPublications(milvus, encoder=IDENTITY, tokens=tokens)


def test_one_process_writes_at_a_time(address: Address, tokens: Tokens) -> None:
    def opening() -> MilvusWriter:
        return MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)

    # Again and again: a read that lags behind is noticed only now and then.
    for _ in range(5):
        with closing(opening()), pytest.raises(IndexLocked, match=r"正由另一进程（.* 起）写入"):
            opening()


def test_filters_with_odd_names_choose_what_they_choose_in_memory(
    milvus: Milvus, address: Address, tokens: Tokens
) -> None:
    memory = MemoryWriter()
    memory.publish(put=odd_pages(), remove=())
    with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
        writer.publish(put=odd_pages(), remove=())
    snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    ids = sorted(each.id for each in memory.snapshot().listed(Filters()))
    for at, odd in enumerate(ODD):
        first, last = DAYS[at % 4], DAYS[(at + 2) % 4]
        choose_alike(snapshot, memory, Filters(newspapers=(odd,), first=first))
        choose_alike(snapshot, memory, Filters(sources=(f"{odd}*", "*版*"), last=last))
        choose_alike(snapshot, memory, Filters(without=frozenset([odd, *ids[:at]]), first=first, last=last))


def test_a_rebuild_takes_the_place_of_all_in_one_step(
    milvus: Milvus, address: Address, tokens: Tokens
) -> None:
    again = [indexed(page.source.name, story(f"重做的{at}。")) for at, page in enumerate(pages())]
    with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
        writer.publish(put=pages(), remove=())
        with writer.rebuilding() as stage:
            stage.publish(put=again, remove=())
    snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    question = FakeEncoder().embed_questions(["重做的1。"])[0]
    found = snapshot.search_dense(question, limit=1, within=None)
    assert [each.passage.text for each in snapshot.cite([found[0].number])] == ["重做的1。"]


def writing(work: Callable[[int], None]) -> tuple[threading.Thread, list[int], list[StoreFailed]]:
    """Write again and again in a thread, until it fails; return what was acknowledged, and the failure."""
    acknowledged: list[int] = []
    failed: list[StoreFailed] = []

    def write() -> None:
        try:
            for at in range(100_000):
                work(at)
                acknowledged.append(at)
        except StoreFailed as error:
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    return thread, acknowledged, failed


def test_what_was_acknowledged_is_there_after_a_kill_in_the_middle_of_writing(
    server: GenuineServer,
    address: Address,
    milvus: Milvus,
    passages: str,
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "WRITE_S", 5.0)
    whole = Address(uri=server.uri, prefix=prefix_of("killed"))
    writer = MilvusWriter(WordsBeside(whole), encoder=IDENTITY, tokens=tokens)
    portion = 200
    rowwise, inserted, _ = writing(lambda at: milvus.insert(passages, rows(at * portion + 1, portion)))
    until(lambda: len(inserted) >= 5)
    pagewise, published, failed = writing(
        lambda at: writer.publish(put=[indexed(f"{at}.txt", story(f"第{at}号消息。"))], remove=())
    )
    until(lambda: len(published) >= 3)
    server.kill()
    rowwise.join()
    pagewise.join()
    assert isinstance(failed[0], StoreAway)
    writer.close()
    monkeypatch.undo()

    server.start()
    with closing(WordsBeside(Address(uri=server.uri, prefix=address.prefix))) as again:
        until(lambda: loaded(again, passages))
        acknowledged = len(inserted) * portion
        # The last portion may have come in before its answer was lost.
        assert again.count(passages, f"number <= {acknowledged}", level=Level.STRONG) == acknowledged
        assert again.count(passages, "number > 0", level=Level.STRONG) in (
            acknowledged,
            acknowledged + portion,
        )
        [last] = rows((len(inserted) - 1) * portion + 1, portion)[-1:]
        assert best_of(again, passages, last[DENSE], [""])[0] == last["number"]
    hold_to_what_was_published(Address(uri=server.uri, prefix=whole.prefix), published, tokens)


def loaded(milvus: Milvus, collection: str) -> bool:
    """Tell whether a collection can be read again, which takes a while after the server has come back."""
    try:
        return milvus.count(collection, "number > 0", level=Level.STRONG) > 0
    except StoreFailed:
        return False


def hold_to_what_was_published(address: Address, published: Sequence[int], tokens: Tokens) -> None:
    """Hold a store to what was acknowledged before a kill, and go on writing to it."""
    names = {f"{at}.txt" for at in published}
    with closing(WordsBeside(address)) as milvus, pytest.MonkeyPatch.context() as patched:
        until(lambda: loaded(milvus, f"{address.prefix}_passages_1"))
        snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
        held = {each.name for each in snapshot.sources()}
        # The last one may have come to be published before its answer was lost.
        assert names <= held <= {*names, f"{len(published)}.txt"}
        patched.setattr("qa.store.milvus.lease.until", lambda _: 0.0)
        with closing(MilvusWriter(WordsBeside(address), encoder=IDENTITY, tokens=tokens)) as writer:
            writer.publish(put=pages(), remove=["0.txt"])
        assert verify_milvus(milvus, tokens=tokens, deep=True, encoder=FakeEncoder()).sound
    drop_all(address)
