"""What Ray tells becomes what the pool is told, and our errors; over a Ray that does as it is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from qa.cluster import ray_connection, ray_crew
from qa.cluster.address import Address
from qa.cluster.pool import TRIES, Done, Lost
from qa.cluster.ray_connection import connected, guard, places_for_workers, travelling, way_to
from qa.cluster.ray_crew import DEPTH, RayCrew
from qa.cluster.tasks import Embed
from qa.cluster.worker import Make, Worker
from qa.domain.ports import Vectors
from qa.errors import ClusterAway, ClusterFailed, ClusterUnfit, ExtraMissing, OutOfMemory
from qa.settings import Settings
from tests.cluster.workshops import WANTED, made, of_another_model, without_model

HELLO = Embed(texts=("大会开幕。",))


class RayError(Exception):
    """As Ray has it."""


class RayTaskError(RayError):
    """As Ray has it."""


@dataclass(eq=False)
class Reference:
    """What will be an answer."""

    answer: Callable[[], Any]
    actor: Actor


class Actor:
    """A worker in this process that can be ended."""

    def __init__(self, make: Make) -> None:
        self.worker, self.alive = Worker(make, Settings()), True
        self.standing = SimpleNamespace(remote=lambda: Reference(self.worker.standing, self))
        self.do = SimpleNamespace(remote=lambda task: Reference(lambda: self.worker.do(task), self))


@dataclass
class FakeRay:
    """Answers whatever is asked of it, first the last; of an actor that has ended, with an error."""

    killed: list[Actor] = field(default_factory=list)
    silent: bool = False
    exceptions: Any = field(
        default_factory=lambda: SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)
    )

    def wait(self, references: list[Reference], *, num_returns: int, timeout: float) -> tuple[Any, Any]:
        return ([] if self.silent else references[-1:]), []

    def get(self, reference: Reference) -> object:
        if not reference.actor.alive:
            raise RayError("The actor died\nunexpectedly.")
        return reference.answer()

    def kill(self, actor: Actor) -> None:
        self.killed.append(actor)


class Office:
    """Hires, and remembers whom."""

    def __init__(self, make: Make = made, *, stillborn: bool = False) -> None:
        self.make, self.stillborn = make, stillborn
        self.hired: list[Actor] = []

    def __call__(self) -> Actor:
        self.hired.append(Actor(self.make))
        self.hired[-1].alive = not self.stillborn
        return self.hired[-1]


def crew_of(office: Office, *, workers: int = 1, ray: FakeRay | None = None) -> RayCrew:
    return RayCrew(ray or FakeRay(), hire=office, workers=workers, wanted=WANTED, answers=lambda: True)


def test_there_is_room_once_a_worker_has_loaded() -> None:
    crew = crew_of(Office(), workers=2)

    assert crew.room == 0
    assert crew.wait() == []
    assert crew.room == DEPTH
    crew.wait()
    assert crew.room == 2 * DEPTH


def test_answers_come_in_the_order_of_a_workers_tasks() -> None:
    crew = crew_of(Office())
    crew.wait()
    crew.put(7, HELLO)
    crew.put(8, HELLO)

    told = [*crew.wait(), *crew.wait()]

    assert [each.number for each in told] == [7, 8]
    assert all(isinstance(each, Done) and each.result.shape == (1, 64) for each in told)


def test_a_lost_worker_is_replaced_and_what_it_had_is_told() -> None:
    office, ray = Office(), FakeRay()
    crew = crew_of(office, ray=ray)
    crew.wait()
    crew.put(7, HELLO)
    crew.put(8, HELLO)
    office.hired[0].alive = False

    assert crew.wait() == [Lost(number=7, begun=True), Lost(number=8, begun=False)]
    assert (crew.room, len(office.hired), ray.killed) == (0, 2, office.hired[:1])
    crew.wait()
    assert crew.room == DEPTH


def test_workers_that_never_start_end_the_run() -> None:
    office = Office(stillborn=True)
    crew = crew_of(office, workers=2)

    for _ in range(2 * TRIES - 1):
        assert crew.wait() == []
    with pytest.raises(ClusterFailed, match=r"接连启动失败.*The actor died unexpectedly\.$"):
        crew.wait()
    assert len(office.hired) == 2 + 2 * TRIES - 1


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (of_another_model, r"模型是 fake（e1e1e1e1，64 维），这里是 fake（0f0f0f0f"),
        (without_model, "自带的模型不见了"),
    ],
)
def test_a_node_with_something_else_on_it_is_refused(make: Make, told: str) -> None:
    with pytest.raises(ClusterUnfit, match=told):
        crew_of(Office(make)).wait()


def test_a_node_with_another_program_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = crew_of(Office())
    monkeypatch.setattr("qa.assemble.cutting_digest", lambda: "another")

    with pytest.raises(ClusterUnfit, match="同一版本"):
        crew.wait()


def test_nobody_to_ask_for_long_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = crew_of(Office(), ray=FakeRay(silent=True))
    assert crew.wait() == []

    monkeypatch.setattr(ray_crew, "START_S", -1.0)
    with pytest.raises(ClusterAway, match="没有可用的工作进程"):
        crew.wait()


def test_a_head_that_does_not_answer_for_long_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_crew, "TICK_S", -1.0)
    crew = RayCrew(FakeRay(), hire=Office(), workers=1, wanted=WANTED, answers=lambda: False)
    assert crew.wait() == []

    monkeypatch.setattr(ray_crew, "AWAY_S", -1.0)
    with pytest.raises(ClusterAway, match="主节点不再应答"):
        crew.wait()


def test_all_workers_are_dismissed() -> None:
    office, ray = Office(), FakeRay()
    crew_of(office, workers=3, ray=ray).dismiss()

    assert ray.killed == office.hired


class NoRoom:
    """A task that takes more memory than there is."""

    def done_in(self, workshop: object) -> Vectors:
        raise MemoryError


def test_a_worker_without_memory_says_so() -> None:
    worker = Worker(made, Settings())
    worker.standing()

    assert isinstance(worker.do(NoRoom()), OutOfMemory)


def test_without_ray_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(ExtraMissing, match=r"scripts/setup ray"), connected(Address("local")):
        pass


def fake_ray(monkeypatch: pytest.MonkeyPatch, *, fails: Exception | None = None) -> list[Any]:
    """Put a Ray in the place of Ray; return what it is told."""
    told: list[Any] = []

    def init(**given: object) -> None:
        told.append(given)
        sys.stdout.write("A worker died\n")
        if fails:
            raise fails

    exceptions = FakeRay().exceptions
    ray = SimpleNamespace(init=init, shutdown=lambda: told.append("shutdown"), exceptions=exceptions)
    monkeypatch.setitem(sys.modules, "ray", ray)
    return told


def test_ray_is_left_as_it_was_found_and_says_nothing_in_our_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = fake_ray(monkeypatch)

    with connected(Address("auto")):
        pass

    assert told[0]["address"] == "auto"
    assert told[1:] == ["shutdown"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("fails", "error", "said"),
    [
        (ConnectionError("Could not find any running Ray instance."), ClusterAway, "Could not find any"),
        (RuntimeError("Version mismatch: The cluster was started with"), ClusterUnfit, "不是同一版本"),
    ],
)
def test_why_there_is_no_connection_is_told(
    fails: Exception, error: type[Exception], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ray(monkeypatch, fails=fails)

    with pytest.raises(error, match=said), connected(Address("auto")):
        pass


def test_a_cluster_that_goes_away_meanwhile_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ray(monkeypatch)

    with pytest.raises(ClusterAway, match="连不上集群 auto（gone）"), connected(Address("auto")):
        raise RayError("gone")


def test_an_error_of_the_program_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ray(monkeypatch)

    with pytest.raises(RayTaskError), connected(Address("auto")):
        raise RayTaskError("a bug")


def test_ways_to_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_connection, "usable_cores", lambda: 3)

    local, loopback, far = (way_to(Address(each)) for each in ("local", "127.0.0.2:6390", "10.0.0.5:6379"))

    assert (local["num_cpus"], local["_node_ip_address"], local["include_dashboard"]) == (
        3,
        "127.0.0.2",
        False,
    )
    assert loopback["_node_ip_address"] == "127.0.0.2"
    assert "_node_ip_address" not in far
    assert not any(each["log_to_driver"] for each in (local, loopback, far))


@pytest.mark.parametrize(
    ("processors", "threads", "places"), [([1, 1], 1, 2), ([4, 3], 2, 3), ([8, 1], 4, 2), ([0, 5], 1, 5)]
)
def test_each_worker_has_processors_of_one_node(processors: Sequence[int], threads: int, places: int) -> None:
    nodes: list[Mapping[str, Any]] = [
        {"Alive": True, "Resources": {"CPU": float(each)}} for each in processors
    ]
    nodes.append({"Alive": False, "Resources": {"CPU": 64.0}})

    assert places_for_workers(nodes, threads=threads, address=Address("auto")) == places


def test_a_cluster_without_processors_is_told() -> None:
    nodes = [{"Alive": True, "Resources": {"CPU": 1.0}}]

    with pytest.raises(ClusterAway, match="没有哪个节点有 2 个处理器"):
        places_for_workers(nodes, threads=2, address=Address("auto"))


def test_what_opens_the_store_does_not_travel() -> None:
    given = Settings(store="http://127.0.0.1:19530", store_token=SecretStr("secret"), max_pages=7)

    sent = travelling(given, threads=2)

    assert (sent.store_token.get_secret_value(), sent.threads, sent.max_pages) == ("", 2, 7)


def test_a_cluster_for_one_run_is_guarded_unless_a_person_said_otherwise() -> None:
    environment = {"PATH": "/bin"}
    guard(environment)
    chosen = {"RAY_AUTH_MODE": "disabled"}
    guard(chosen)

    assert environment["RAY_AUTH_MODE"] == "token"
    assert len(environment["RAY_AUTH_TOKEN"]) == 64
    assert chosen == {"RAY_AUTH_MODE": "disabled"}
