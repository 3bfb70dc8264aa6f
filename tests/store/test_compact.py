"""Compacting drops what is not needed, under readers that go on reading."""

from __future__ import annotations

from qa.domain.answers import Filters
from qa.store import segments
from qa.store.compact import compact
from qa.store.lexical import removed_in
from qa.store.segments import segments_in
from qa.store.verify import verify
from tests.fakes import FakeEncoder, indexed, story
from tests.store.conftest import Place


def files(place: Place) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in place.derived()}


def filled(place: Place) -> Place:
    with place.writing() as writer:
        writer.publish(
            put=[
                indexed(f"{at}.txt", *[story(f"第{at}号第{n}条煤炭消息。") for n in range(40)])
                for at in range(8)
            ],
            remove=(),
        )
        writer.publish(put=[indexed("又.txt", story("玛钢。"))], remove=[f"{at}.txt" for at in range(5)])
    return place


def test_nothing_of_what_was_removed_is_left_and_the_rest_answers(place: Place) -> None:
    filled(place)
    with place.reading() as snapshot:
        before = snapshot.version
    generation = next(iter(sorted((place.folder / "generations").iterdir())))
    assert removed_in(max((place.folder / "generations").iterdir()) / "lexical") == 200

    made = compact(place.folder, tokens=place.tokens)

    (kept,) = (place.folder / "generations").iterdir()
    assert kept != generation
    assert removed_in(kept / "lexical") == 0
    assert sum(each.rows for each in segments_in(kept / "dense")) == 121
    assert made.version != before
    assert made.after < made.before / 2
    assert made.after == sum(p.stat().st_size for p in place.folder.rglob("*") if p.is_file())
    assert place.names() == ["5.txt", "6.txt", "7.txt", "又.txt"]
    assert "第0号".encode() not in (place.folder / "catalogue.sqlite").read_bytes()
    assert verify(place.folder, tokens=place.tokens, deep=True, encoder=FakeEncoder()).sound


def test_a_reader_keeps_its_version(place: Place) -> None:
    filled(place)
    question = FakeEncoder().embed_questions(["煤炭"])[0]

    with place.reading() as snapshot:
        before = snapshot.search_lexical("煤炭", limit=500, within=None)
        compact(place.folder, tokens=place.tokens)

        assert snapshot.search_lexical("煤炭", limit=500, within=None) == before
        assert (
            len(snapshot.cite([h.number for h in snapshot.search_dense(question, limit=500, within=None)]))
            == 121
        )
        assert len(snapshot.articles(Filters())) == 121
    assert len(place.names()) == 4


def test_short_segments_are_joined(place: Place) -> None:
    with place.writing() as writer:
        for at in range(6):
            writer.publish(put=[indexed(f"{at}.txt", *[story("煤炭。")] * 3 ** (5 - at))], remove=())
    assert len(segments_in(max((place.folder / "generations").iterdir()) / segments.FOLDER)) == 6

    compact(place.folder, tokens=place.tokens)

    (only,) = (place.folder / "generations").iterdir()
    assert len(segments_in(only / segments.FOLDER)) == 1
    assert len(place.names()) == 6


def test_what_need_not_be_written_again_is_kept(built: Place) -> None:
    before = files(built)

    compact(built.folder, tokens=built.tokens)

    assert files(built) == before
    assert len(built.names()) == 3
