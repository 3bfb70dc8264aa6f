"""Workers that Ray keeps on the nodes of a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qa.cluster.pool import TRIES, Done, Lost
from qa.cluster.tasks import Standing, Task
from qa.errors import ClusterAway, ClusterFailed, ClusterUnfit, QaError

DEPTH = 2
"""Tasks that a worker has at a time: the one it is at, and the next."""

TICK_S = 1.0
START_S = 180.0
"""Seconds for which there may be no worker that can be asked: starting one loads the models."""

AWAY_S = 20.0
"""Seconds for which the head may not answer: after sixty Ray ends this process, without a word of ours."""

GOES_ON = "已经发布的不会丢，同一命令接着做"

SHOWN = 200
"""Characters of what Ray says, in an error of ours."""


@dataclass(slots=True, eq=False)
class Hand:
    """One worker.

    :param standing: Will be what its results depend on, once it has loaded.
    :param begun: What it was given and has not answered, in order; each will be what comes of a task.
    """

    actor: Any
    standing: Any
    ready: bool = False
    begun: dict[int, Any] = field(default_factory=dict)

    @property
    def awaited(self) -> Any:  # noqa: ANN401 - ray's references
        """Return what it will answer next; None when it has nothing to do."""
        return next(iter(self.begun.values()), None) if self.ready else self.standing


class RayCrew:
    """Hires a number of workers, and another for each that is lost, wherever there is a processor for it."""

    def __init__(
        self,
        ray: Any,  # noqa: ANN401 - a module
        *,
        hire: Callable[[], Any],
        workers: int,
        wanted: Standing,
        answers: Callable[[], bool],
    ) -> None:
        """Start the workers; none needs to be there when this returns.

        :param hire: Returns a new actor of ``Worker``.
        :param wanted: What the results of every worker must depend on.
        :param answers: Tells whether the head of the cluster does, without Ray.
        """
        self._ray, self._hire, self.workers, self._wanted = ray, hire, workers, wanted
        self._stillborn = 0
        self._answers = answers
        self._seen = self._reached = self._knocked = time.monotonic()
        self._hands = [self._hired() for _ in range(workers)]

    @property
    def room(self) -> int:
        """Return how many more tasks those workers take that are ready."""
        return sum(DEPTH - len(hand.begun) for hand in self._hands if hand.ready)

    def put(self, number: int, task: Task[Any]) -> None:
        """Give a task to the worker that has the fewest."""
        hand = min((each for each in self._hands if each.ready), key=lambda each: len(each.begun))
        hand.begun[number] = hand.actor.do.remote(task)

    def wait(self) -> Sequence[Done | Lost]:
        """Wait for the next answer of any worker, or a tick.

        :raises ClusterFailed: When there has been none that can be asked for long, or one is unfit.
        """
        awaited = {hand.awaited: hand for hand in self._hands if hand.awaited is not None}
        answered, _ = self._ray.wait(list(awaited), num_returns=1, timeout=TICK_S)
        self._hold()
        return [event for each in answered for event in self._heard(awaited[each])]

    def _hold(self) -> None:
        """See that there is somebody to wait for.

        :raises ClusterAway: When there has not been for too long.
        """
        now = time.monotonic()
        if any(hand.ready for hand in self._hands):
            self._seen = now
        elif now - self._seen > START_S:
            raise ClusterAway(
                f"集群里 {START_S:.0f} 秒没有可用的工作进程；"
                f"请用 ray status 检查各节点与空闲的处理器。{GOES_ON}"
            )
        if now - self._knocked > TICK_S:
            self._knocked = now
            self._reached = now if self._answers() else self._reached
        if now - self._reached > AWAY_S:
            raise ClusterAway(f"集群的主节点不再应答；请重启集群。{GOES_ON}")

    def _heard(self, hand: Hand) -> list[Done | Lost]:
        """Return what the answer of a worker comes to."""
        try:
            answer = self._ray.get(hand.awaited)
        except self._ray.exceptions.RayTaskError:
            # An error that none of ours stands for, as it would be without a cluster.
            raise
        except self._ray.exceptions.RayError as error:
            return self._lost(hand, error)
        if not hand.ready:
            self._welcome(hand, answer)
            return []
        number = next(iter(hand.begun))
        del hand.begun[number]
        if isinstance(answer, QaError):
            return [Done(number=number, error=answer)]
        return [Done(number=number, result=answer)]

    def _welcome(self, hand: Hand, answer: Standing | QaError) -> None:
        """Take a worker that has loaded.

        :raises ClusterUnfit: When what it has loaded is not what is here.
        """
        if isinstance(answer, QaError):
            raise ClusterUnfit(f"一个节点上的工作进程无法开始：{answer}")
        if answer.encoder != self._wanted.encoder:
            raise ClusterUnfit(
                f"一个节点上的模型是 {answer.encoder}，这里是 {self._wanted.encoder}；各节点须用同一个模型"
            )
        if answer.cutting != self._wanted.cutting:
            raise ClusterUnfit("一个节点上的问报与这里的不是同一版本；请在各节点装同一版本，再重启那里的 Ray")
        hand.ready, self._stillborn = True, 0

    def _lost(self, hand: Hand, error: Exception) -> list[Done | Lost]:
        """Put another in the place of a worker; return what it leaves undone.

        :raises ClusterFailed: When workers end again and again before they have loaded.
        """
        self._stillborn += not hand.ready
        if self._stillborn >= TRIES * self.workers:
            raise ClusterFailed(f"工作进程接连启动失败；请检查各节点的内存与安装。Ray 说：{said(error)}")
        self._ray.kill(hand.actor)
        self._hands[self._hands.index(hand)] = self._hired()
        return [Lost(number=each, begun=at == 0) for at, each in enumerate(hand.begun)]

    def _hired(self) -> Hand:
        actor = self._hire()
        return Hand(actor=actor, standing=actor.standing.remote())

    def dismiss(self) -> None:
        """End all workers, whatever they are at."""
        for hand in self._hands:
            self._ray.kill(hand.actor)


def said(error: Exception) -> str:
    """Return the end of what Ray says of an error, on one line: the beginning is of its own affairs."""
    return " ".join(str(error).split())[-SHOWN:]
