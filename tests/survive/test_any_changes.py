"""Whatever is done to an index in whatever order, it is equal to a dictionary."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bench.survive.asking import opened, tokens, writer_of
from bench.survive.documents import digests, name_of, question
from bench.survive.model import best, cut
from qa.store.backup import back_up
from qa.store.compact import compact
from qa.store.restore import restore
from qa.store.snapshot import LocalSnapshot

NUMBERS = st.integers(0, 5)


class AnyChanges(RuleBasedStateMachine):
    """An index beside the dictionary that it should be equal to."""

    @initialize()
    def begin(self) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name) / "index"
        self.held: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.saved: dict[int, int] | None = None
        self.older: tuple[LocalSnapshot, dict[int, int]] | None = None
        self.publish(put={}, remove=set())

    def publish(self, *, put: dict[int, int], remove: set[int]) -> None:
        writer = writer_of(self.folder)
        try:
            made = [cut(*each) for each in put.items()]
            writer.publish(put=made, remove=[name_of(number) for number in remove])
        finally:
            writer.close()
        self.last |= put
        self.held = {n: revision for n, revision in self.held.items() if n not in remove - put.keys()} | put

    @rule(put=st.sets(NUMBERS, max_size=3), remove=st.sets(NUMBERS, max_size=3))
    def change(self, put: set[int], remove: set[int]) -> None:
        self.publish(put={number: self.last.get(number, -1) + 1 for number in put}, remove=remove)

    @rule()
    def hold_on(self) -> None:
        if self.older:
            self.older[0].close()
        self.older = opened(self.folder), dict(self.held)

    @rule()
    def compact(self) -> None:
        compact(self.folder, tokens=tokens())

    @rule()
    def back_up(self) -> None:
        back_up(self.folder, self.folder.with_name("backup"))
        self.saved = dict(self.held)

    @precondition(lambda self: self.saved is not None)
    @rule()
    def restore(self) -> None:
        restore(self.folder.with_name("backup"), self.folder, tokens=tokens())
        self.held = dict(self.saved or {})

    @rule(number=NUMBERS)
    def ask(self, number: int) -> None:
        snapshot = opened(self.folder)
        try:
            self.found(snapshot, number, self.last.get(number, 0))
        finally:
            snapshot.close()

    def found(self, snapshot: LocalSnapshot, number: int, revision: int) -> None:
        wanted = cut(number, revision)
        lexical = snapshot.search_lexical(question(number, revision), limit=2, within=None)
        dense = snapshot.search_dense(wanted.vectors[0], limit=2, within=None)
        for hits in (lexical, dense):
            is_found = best(snapshot, hits) == wanted.passages[0].passage
            assert is_found == (self.held.get(number) == revision)

    @invariant()
    def is_equal(self) -> None:
        if not hasattr(self, "folder"):
            return
        snapshot = opened(self.folder)
        try:
            self.hold(snapshot, self.held)
        finally:
            snapshot.close()
        if self.older:
            self.hold(*self.older)

    def hold(self, snapshot: LocalSnapshot, held: dict[int, int]) -> None:
        assert {each.name: each.digest for each in snapshot.sources()} == digests(held)
        assert snapshot.statistics().passages == len(held)

    def teardown(self) -> None:
        if self.older:
            self.older[0].close()
        self.place.cleanup()


TestAnyChanges = AnyChanges.TestCase
TestAnyChanges.settings = settings(
    max_examples=6, stateful_step_count=12, deadline=None, derandomize=True, database=None
)
