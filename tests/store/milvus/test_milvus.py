"""The index in Milvus beyond its contracts: crashes, leases, odd texts, filters, old versions, rebuilds."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.domain.answers import Filters
from qa.domain.ports import IndexedSource, Writer
from qa.errors import IndexLocked, IndexMissing, IndexStale, StoreAway, StoreFailed, StoreUnfit
from qa.store.milvus import lease, shelf
from qa.store.milvus.changes import whole_fields
from qa.store.milvus.connection import Address, Level, Milvus
from qa.store.milvus.manifest import STAGE, read_manifest
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.milvus.verify import verify_milvus
from qa.store.milvus.words import K1, LENGTHS, B, term_of, weights_of
from qa.store.milvus.writer import MilvusWriter
from qa.store.tokens import Tokens
from tests.contracts import pages
from tests.fakes import FakeEncoder, MemoryWriter, indexed, over_two_pages, story
from tests.milvus import Server, connected, drop_all, free_port, prefix_of
from tests.store.conftest import IDENTITY

ODD = [
    '"',
    "\\",
    "'",
    "%",
    "_",
    "*",
    "[",
    "]",
    "?",
    "\n",
    "\u0000",
    "\u2028",
    "吕梁日报",
    '" or 1 == 1 or "',
    "𠮷",
]
DAYS = [None, date(2023, 2, 22), date(2023, 2, 23), date(2023, 3, 1)]


@pytest.fixture
def milvus(milvus_address: Address) -> Iterator[Milvus]:
    with connected(milvus_address) as milvus:
        yield milvus


@pytest.fixture
def opening(milvus_address: Address, tokens: Tokens) -> Callable[..., MilvusWriter]:
    def opened(**options: object) -> MilvusWriter:
        return MilvusWriter(
            Milvus(milvus_address),
            tokens=tokens,
            **{"encoder": IDENTITY, **options},  # type: ignore[arg-type]
        )

    return opened


def names_in(milvus: Milvus, tokens: Tokens) -> list[str]:
    """Return the sources of the published version, once both searches agree with its counts."""
    snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    question = FakeEncoder().embed_questions(["大会"])[0]
    found = snapshot.search_dense(question, limit=1000, within=None)
    assert len(found) == snapshot.statistics().passages
    snapshot.cite([hit.number for hit in found])
    return [each.name for each in snapshot.sources()]


def words_of(milvus: Milvus) -> dict[int, int]:
    """Return in how many passages each term is, as the table says."""
    manifest = read_manifest(milvus)
    assert manifest is not None
    rows = milvus.every(
        f"{milvus.address.prefix}_words_{manifest.shelf}", "since >= 0", ("term", "now"), level=Level.STRONG
    )
    return {row["term"]: row["now"] for row in rows if row["now"]}


def test_a_change_that_fails_before_it_is_published_leaves_nothing(
    milvus: Milvus,
    opening: Callable[..., MilvusWriter],
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
        before, words = names_in(milvus, tokens), words_of(milvus)

        def gone(*_: object, **__: object) -> None:
            raise StoreAway("不在")

        with monkeypatch.context() as patched:
            patched.setattr(shelf, "write_manifest", gone)
            with pytest.raises(StoreAway):
                writer.publish(put=[indexed("四月/丁.txt", story("新的一篇。"))], remove=["二月/甲.txt"])
        assert names_in(milvus, tokens) == before
    # The next writer finds the rows of a version that never was, and takes them back.
    with closing(opening()) as writer:
        assert words_of(milvus) == words
        writer.publish(put=[indexed("五月/戊.txt", story("又一篇。"))], remove=())

    assert names_in(milvus, tokens) == sorted([*before, "五月/戊.txt"])
    assert sum(words_of(milvus).values()) > sum(words.values())
    assert term_of("pairs", "新的") not in words_of(milvus)


def test_the_same_writer_goes_on_after_a_change_that_failed(
    milvus: Milvus,
    opening: Callable[..., MilvusWriter],
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
        with monkeypatch.context() as patched:
            patched.setattr(writer._lease, "hold", lambda: (_ for _ in ()).throw(StoreAway("不在")))
            with pytest.raises(StoreAway):
                writer.publish(put=(), remove=["二月/甲.txt"])
        writer.publish(put=(), remove=["三月/乙.txt"])

    assert names_in(milvus, tokens) == ["丙[1].txt", "二月/甲.txt"]


def test_words_are_counted_for_what_is_in_force_alone(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    with closing(opening()) as writer:
        for page in pages():
            writer.publish(put=[page], remove=())
        writer.publish(put=[indexed("三月/乙.txt", story("煤炭企业开工。"))], remove=["丙[1].txt"])

    texts = [each.searched for each in pages()[0].passages] + ["煤炭企业开工。"]
    expected = Counter(term for text in texts for term in weights_of(text, tokens=tokens, lengths=LENGTHS))
    assert words_of(milvus) == dict(expected)


def test_scores_are_those_of_bm25_over_words_and_pairs(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
    snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    texts = [passage.searched for page in pages() for passage in page.passages]

    def score(question: str, text: str) -> float:
        total = 0.0
        for field, cut in (("words", tokens.cut), ("pairs", tokens.pairs)):
            held = [cut(each) for each in texts]
            for word in dict.fromkeys(cut(question)):
                times, count = cut(text).count(word), sum(word in each for each in held)
                rare = math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
                longer = K1 * (1 - B + B * len(cut(text)) / LENGTHS[field])
                total += rare * times * (K1 + 1) / (times + longer)
        return total

    question = "玛钢企业大会签约"
    found = {hit.number: hit.score for hit in snapshot.search_lexical(question, limit=9, within=None)}
    expected = {at: score(question, text) for at, text in enumerate(texts, 1) if score(question, text)}
    assert found == pytest.approx(expected, rel=1e-5)


def test_one_process_writes_at_a_time(opening: Callable[..., MilvusWriter]) -> None:
    with closing(opening()), pytest.raises(IndexLocked, match=r"正由另一进程（.* 起）写入"):
        opening()
    opening().close()


def test_a_lease_that_nobody_renews_ends(
    milvus: Milvus,
    opening: Callable[..., MilvusWriter],
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LEASE_S", -1.0)
    monkeypatch.setattr(lease.Lease, "_renew", lambda _: None)
    left = opening()
    monkeypatch.undo()
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
        # Who slept through the end of its lease finds the other one, and publishes nothing.
        with pytest.raises(IndexLocked):
            left.publish(put=(), remove=["二月/甲.txt"])
        assert len(writer.digests()) == 3
    # Nor does it once that one has gone: it knows nothing of what was published meanwhile.
    with pytest.raises(IndexLocked, match="被别的进程写过"):
        left.publish(put=(), remove=["二月/甲.txt"])
    left.close()
    assert len(names_in(milvus, tokens)) == 3


def test_long_and_odd_texts_come_back_as_they_were(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    long = "".join(f"第{at}行𠮷\u0000\u2028\r\n" for at in range(4_000))
    many = indexed("多.txt", story(*(f"{at}，" for at in range(600)), title="题"))
    odd = indexed("/".join(ODD), story("文。", title='"\\', newspaper="".join(ODD)))
    with closing(opening()) as writer:
        writer.publish(put=[indexed("长.txt", story(long)), many, odd], remove=())
        assert list(writer.articles_of("多.txt")) == list(many.articles)
        writer.publish(put=(), remove=["多.txt"])

    snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    assert snapshot.source("长.txt").text == f"{long}\n"
    assert snapshot.source(odd.source.name) == odd.source
    assert [each.name for each in snapshot.newspapers()] == ["".join(ODD)]
    assert snapshot.passages_within(Filters(newspapers=("".join(ODD),))) is not None
    assert len(snapshot.passages_within(Filters(newspapers=("".join(ODD),))) or ()) == 1


def odd_pages() -> list[IndexedSource]:
    """Return pages with names full of what expressions are made of."""
    put = [
        indexed(
            f"{odd}/{at}",
            story(f"第{at}篇。", day=DAYS[at % 4], newspaper=odd if at % 3 else None),
            story(f"另一篇{at}。", day=DAYS[(at + 1) % 4]),
        )
        for at, odd in enumerate(ODD)
    ]
    return [*put, *over_two_pages()]


@pytest.fixture(scope="module")
def both_ways(milvus_server: Server, tokens: Tokens) -> Iterator[tuple[MilvusSnapshot, MemoryWriter]]:
    """Return the same pages in Milvus and in memory."""
    address = Address(uri=milvus_server.uri, prefix=prefix_of("filters"))
    with closing(MilvusWriter(Milvus(address), encoder=IDENTITY, tokens=tokens)) as writer:
        writer.publish(put=odd_pages(), remove=())
    memory = MemoryWriter()
    memory.publish(put=odd_pages(), remove=())
    with connected(address) as milvus:
        yield MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens), memory
    drop_all(address)


ANYTHING = st.sampled_from(ODD) | st.text(max_size=5)


@settings(max_examples=25)
@given(
    sources=st.lists(
        ANYTHING | ANYTHING.map(lambda text: f"{text}*") | st.sampled_from(["*", "四版.txt", "*版*"]),
        max_size=2,
    ),
    newspapers=st.lists(ANYTHING, max_size=2),
    first=st.sampled_from(DAYS),
    last=st.sampled_from(DAYS),
    without=st.lists(ANYTHING, max_size=2),
    left_out=st.integers(0, 5),
)
def test_any_filters_choose_what_they_choose_in_memory(
    both_ways: tuple[MilvusSnapshot, MemoryWriter],
    sources: list[str],
    newspapers: list[str],
    first: date | None,
    last: date | None,
    without: list[str],
    left_out: int,
) -> None:
    snapshot, memory = both_ways
    ids = sorted(each.id for each in memory.snapshot().listed(Filters()))[:left_out]
    filters = Filters(
        sources=tuple(sources),
        newspapers=tuple(newspapers),
        first=first,
        last=last,
        without=frozenset([*without, *ids]),
    )
    choose_alike(snapshot, memory, filters)


def choose_alike(snapshot: MilvusSnapshot, memory: MemoryWriter, filters: Filters) -> None:
    """Hold what filters choose in Milvus to what they choose in memory."""
    found, expected = snapshot.passages_within(filters), memory.snapshot().passages_within(filters)

    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert set(found) == set(expected)
        assert len(found) == len(expected)
        everything = range(1, memory.snapshot().statistics().passages + 1)
        assert {number for number in everything if number in found} == set(expected)
        question = FakeEncoder().embed_questions(["第一篇"])[0]
        hits = snapshot.search_dense(question, limit=100, within=found)
        assert {hit.number for hit in hits} == set(expected)
    assert list(snapshot.listed(filters)) == list(memory.snapshot().listed(filters))


def test_what_no_version_needs_any_more_is_taken_out(
    milvus: Milvus,
    opening: Callable[..., MilvusWriter],
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelf, "KEPT_S", 0.0)
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
        held = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
        for _ in range(4):
            writer.publish(put=pages(), remove=())

    manifest = read_manifest(milvus)
    assert manifest is not None
    assert [each.generation for each in manifest.kept] == [3, 4, 5]
    prefix = milvus.address.prefix
    # Three versions of three sources, and a text of one piece to each; none of the two before.
    for table in ("sources", "pieces"):
        assert milvus.count(f"{prefix}_{table}_1", "begins >= 0", level=Level.STRONG) == 9
    assert milvus.count(f"{prefix}_passages_1", "begins < 3", level=Level.STRONG) == 0
    with pytest.raises(StoreFailed, match="已被清除"):
        held.cite([1])
    assert len(names_in(milvus, tokens)) == 3


def interrupted(writer: Writer, work: Callable[[Writer], object]) -> None:
    """Begin a rebuild, and end it before it is done."""

    def begun() -> None:
        with writer.rebuilding() as stage:
            work(stage)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begun()


def test_a_rebuild_takes_the_place_of_all_in_one_step_and_goes_on_where_it_was(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
    before = names_in(milvus, tokens)
    other = FakeEncoder(name="another", digest="aa" * 32)
    again = [
        indexed(page.source.name, story(f"重做的{at}。"), encoder=other) for at, page in enumerate(pages())
    ]

    rebuild = {"encoder": other.identity, "rebuild": True, "create": False, "cutting": "剪"}
    with closing(opening(**rebuild)) as writer:
        interrupted(writer, lambda stage: stage.publish(put=again[:2], remove=()))
    assert names_in(milvus, tokens) == before
    seen: list[Mapping[str, str]] = []
    with closing(opening(**{**rebuild, "cutting": "另一种"})) as writer:
        interrupted(writer, lambda stage: seen.append(stage.digests()))
    assert seen == [{}]
    with closing(opening(**rebuild)) as writer:
        with writer.rebuilding() as stage:
            stage.publish(put=again[:2], remove=())
        assert read_manifest(milvus, key=STAGE) is None
        assert set(writer.digests()) == {page.source.name for page in again[:2]}
    with pytest.raises(IndexStale, match="qa index --rebuild"):
        MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    snapshot = MilvusSnapshot(milvus, encoder=other.identity, tokens=tokens)
    assert [each.name for each in snapshot.sources()] == sorted(page.source.name for page in again[:2])
    assert len(snapshot.search_lexical("重做", limit=5, within=None)) == 2


def test_a_rebuild_that_was_interrupted_is_gone_on_with(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=pages(), remove=())
    with closing(opening(rebuild=True, create=False)) as writer:
        interrupted(writer, lambda stage: stage.publish(put=pages()[:1], remove=()))
    with closing(opening(rebuild=True, create=False)) as writer, writer.rebuilding() as stage:
        assert list(stage.digests()) == ["二月/甲.txt"]
        stage.publish(put=pages()[1:], remove=())

    assert names_in(milvus, tokens) == ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]


def test_an_examination_finds_a_row_that_is_not_what_was_written(
    milvus: Milvus, opening: Callable[..., MilvusWriter], tokens: Tokens
) -> None:
    with closing(opening()) as writer:
        writer.publish(put=[*pages(), *over_two_pages()], remove=())
    sound = verify_milvus(milvus, tokens=tokens, deep=True, encoder=FakeEncoder())
    assert (sound.errors, sound.checked["passages"], sound.checked["embedded"]) == ((), 9, 4)
    assert verify_milvus(milvus, tokens=tokens, deep=False, encoder=None).sound

    collection = f"{milvus.address.prefix}_passages_1"
    [row] = milvus.at_keys(collection, "number", [2], whole_fields("passages"), level=Level.STRONG)
    changed = json.loads(row["row"])
    changed[3] = "王某主持大会。"
    milvus.upsert(collection, [{**row, "row": json.dumps(changed, ensure_ascii=False)}])

    found = verify_milvus(milvus, tokens=tokens, deep=True, encoder=None)
    assert [str(error) for error in found.errors if "段落 2 不对（段落 2 与写入时不同）" in str(error)]
    milvus.delete(collection, "number == 5")
    assert "清单说有 9 行" in str(verify_milvus(milvus, tokens=tokens, deep=False, encoder=None).errors[0])


def test_nothing_there_is_told_apart_from_nobody_there(milvus: Milvus, tokens: Tokens) -> None:
    with pytest.raises(IndexMissing, match="还没有索引；请先运行：qa index"):
        MilvusSnapshot(milvus, encoder=IDENTITY, tokens=tokens)
    with pytest.raises(IndexMissing):
        MilvusWriter(milvus, encoder=None, tokens=tokens, create=False)
    nobody = Address(uri=f"http://127.0.0.1:{free_port()}", token="秘密")
    with connected(nobody) as away, pytest.raises(StoreAway, match="请检查它是否在运行") as told:
        MilvusSnapshot(away, encoder=IDENTITY, tokens=tokens)
    assert "秘密" not in str(told.value)


@pytest.mark.parametrize(
    ("version", "fit"),
    [("v2.3.5", False), ("v2.3.5-lite", False), ("2.4.0", True), ("v3.0", True), ("milvus_lite-3.2.2", True)],
)
def test_a_server_without_sparse_vectors_is_refused(version: str, fit: bool) -> None:
    milvus = Milvus(Address(uri="http://127.0.0.1:1"))
    if fit:
        milvus._hold_to_version(version)
    else:
        with pytest.raises(StoreUnfit, match=r"需要 2\.4 或更新的"):
            milvus._hold_to_version(version)
