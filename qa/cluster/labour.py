"""The labour of building, shared out among workers; what comes of it is as if one process had done it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.cluster.inputs import Group, Input, group_of, grouped
from qa.cluster.pool import TRIES, GivenUp, Pool, Ticket
from qa.cluster.tasks import Embed, Found, Prepare
from qa.domain.ports import Failed, Vectors
from qa.domain.sources import Source
from qa.engine.articles import SegmentedSource
from qa.errors import ClusterFailed, SourceBroken
from qa.loaders.walk import claim

AHEAD = 4
"""Groups a worker that are put, or done and not yet taken: while one writes, the others go on reading."""

WORKERS_A_BATCH = 2
"""Workers that have enough to do with as many passages as one process publishes at once."""

Begun = Ticket[list[list[Found]]]


class SharedLabour:
    """Has a pool segment and embed."""

    def __init__(self, pool: Pool) -> None:
        """Share out what there is to do by ``pool``."""
        self._pool = pool

    @property
    def share(self) -> int:
        """Return how many times as much is published at once; with few workers as much as ever."""
        return -(-self._pool.workers // WORKERS_A_BATCH)

    def found(self, inputs: Iterable[Input], *, held: Mapping[str, str]) -> Iterator[Found]:
        """Yield what inputs give, in their order, as ``load_all`` would; what is new has been segmented.

        :param held: The digests of what the index holds, by name.
        """
        taken: dict[str, str] = {}
        for group, ticket in self._begun(grouped(inputs, held=held), held=held):
            for given, found in self._results(group, ticket, held=held):
                for each in found:
                    yield claimed(each, place=given.place, taken=taken)

    def segmented(self, sources: Iterable[Source]) -> Iterator[SegmentedSource]:
        """Yield sources with what their pages hold, all of them.

        :raises ClusterFailed: When one is given up.
        """
        inputs = (Input(place=source.name, content=source) for source in sources)
        for each in self.found(inputs, held={}):
            if not isinstance(each, SegmentedSource):
                told = each.error if isinstance(each, Failed) else each.name
                raise ClusterFailed(f"没有全部重建，索引还是原来的：{told}；也可以不用 --ray")
            yield each

    def embedded(self, steps: Iterable[Sequence[str]]) -> Iterator[Vectors]:
        """Yield for each step one row a text; all steps are put at once.

        :raises ClusterFailed: When one is given up.
        """
        for ticket in [self._pool.put(Embed(texts=tuple(step))) for step in steps]:
            try:
                yield self._pool.take(ticket)
            except GivenUp as error:
                raise ClusterFailed(
                    f"计算向量时工作进程接连 {TRIES} 次意外结束；请检查各节点的内存。"
                    "已经发布的不会丢，同一命令接着做"
                ) from error

    def _begun(
        self, groups: Iterable[Group], *, held: Mapping[str, str]
    ) -> Iterator[tuple[Group, Begun | None]]:
        """Yield groups, each with what stands for its results, while some after it are done already."""
        queue: deque[tuple[Group, Begun | None]] = deque()
        for group in groups:
            queue.append((group, self._put(group, held=held)))
            if len(queue) > AHEAD * self._pool.workers:
                yield queue.popleft()
        yield from queue

    def _put(self, group: Group, *, held: Mapping[str, str]) -> Begun | None:
        todo = group.todo
        known = {each.name: held[each.name] for each in todo if each.name in held}
        return self._pool.put(Prepare(inputs=tuple(todo), held=known)) if todo else None

    def _results(
        self, group: Group, ticket: Begun | None, *, held: Mapping[str, str]
    ) -> Iterator[tuple[Input, list[Found]]]:
        """Yield what comes of each input of a group; where it is given up, of each by itself."""
        try:
            results = iter(self._pool.take(ticket) if ticket else ())
        except GivenUp:
            yield from self._one_by_one(group, held=held)
            return
        for given, settled in zip(group.inputs, group.settled, strict=True):
            yield given, settled_as(given) if settled else next(results)

    def _one_by_one(self, group: Group, *, held: Mapping[str, str]) -> Iterator[tuple[Input, list[Found]]]:
        if len(group.inputs) == 1:
            yield group.inputs[0], [given_up(group.todo[0].name)]
            return
        for given in group.inputs:
            alone = group_of([given], held=held)
            yield from self._results(alone, self._put(alone, held=held), held=held)


def claimed(found: Found, *, place: str, taken: dict[str, str]) -> Found:
    """Return what was found, or the failure of a source whose name another took in this run."""
    match found:
        case Failed():
            return found
        case SegmentedSource(source=Source(name=name)) | Source(name=name):
            return claim(name, place=place, taken=taken) or found


def settled_as(given: Input) -> list[Found]:
    """Return what comes of an input that nothing had to be done for."""
    return [] if not isinstance(given.content, Source | Failed) else [given.content]


def given_up(name: str) -> Failed:
    """Return the failure of an input over which worker after worker was lost."""
    told = (
        f"{name}：处理它的工作进程接连 {TRIES} 次意外结束；请检查节点的内存与文件的内容，"
        "或不用 --ray 单独索引它"
    )
    return Failed(name=name, error=SourceBroken(told))
