"""The way to Ray, which is imported here, when it is asked for, and nowhere else."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from qa.cluster.address import Address, away
from qa.cluster.ray_crew import RayCrew, said
from qa.cluster.tasks import Standing
from qa.cluster.worker import Make, Worker
from qa.errors import ClusterAway, ClusterUnfit, ExtraMissing
from qa.models.cores import usable_cores
from qa.settings import Settings

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
"""Ray reports nothing to anybody, and does not warn of accelerators that nobody asked for."""

TOKEN = "RAY_AUTH_TOKEN"

INSTALL = "用 --ray 需要 [ray] 部分；请运行 scripts/setup ray，或 pip install 'wenbao[ray]'"
LOOPBACK = "127.0.0.2"
"""Of a cluster for one run; 127.0.0.1 Ray would replace by the address that other machines know us by."""

LEAVE_S = 15.0


@contextmanager
def open_crew(address: Address, *, make: Make, settings: Settings, wanted: Standing) -> Iterator[RayCrew]:
    """Hire workers on all processors of a cluster for as long as the context lasts.

    :param make: Loads what tasks need, from the settings, where they are done.
    :param wanted: What the results of every worker must depend on.
    :raises ExtraMissing: When Ray is not installed here.
    :raises ClusterFailed: When the cluster cannot be reached or has no processors.
    """
    threads = settings.threads or 1
    with connected(address) as ray:
        actor = ray.remote(Worker).options(
            num_cpus=threads, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD"
        )
        given = travelling(settings, threads=threads)
        workers = places_for_workers(ray.nodes(), threads=threads, address=address)
        head = Address(ray.get_runtime_context().gcs_address)
        crew = RayCrew(
            ray,
            hire=lambda: actor.remote(make, given),
            workers=workers,
            wanted=wanted,
            answers=head.answers,
        )
        try:
            yield crew
        finally:
            crew.dismiss()


@contextmanager
def connected(address: Address) -> Iterator[Any]:
    """Give Ray, connected, for as long as the context lasts.

    :raises ExtraMissing: When it is not installed here.
    :raises ClusterFailed: When the cluster cannot be reached, also later.
    """
    os.environ.update(QUIET)
    if address.is_local:
        guard(os.environ)
    try:
        import ray
    except ImportError as error:
        raise ExtraMissing(INSTALL) from error
    address.knock()
    # Told to print nothing, Ray still prints on standard output that a worker died; its own logs say so too.
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        try:
            ray.init(**way_to(address))
        except Exception as error:  # it has no one type for this
            raise not_connected(address, error) from error
        try:
            yield ray
        except ray.exceptions.RayTaskError:
            raise
        except ray.exceptions.RayError as error:
            raise away(address, said(error)) from error
        finally:
            disconnect(ray)


def disconnect(ray: Any) -> None:  # noqa: ANN401 - a module
    """Let go of the cluster; of one that does not answer after a while, without its leave.

    Ray would wait for a minute, also once more at the end of this process, and then end it as failed.
    """
    atexit.unregister(ray.shutdown)
    leaving = threading.Thread(target=ray.shutdown, daemon=True)
    leaving.start()
    leaving.join(LEAVE_S)


def guard(environment: MutableMapping[str, str]) -> None:
    """Have a cluster made for this run let in nobody else on this machine, unless a person set otherwise.

    Ray would write a token into the home folder. One that it has read stays for as long as this process.
    """
    if not any(name.startswith("RAY_AUTH_") for name in environment):
        environment.update({"RAY_AUTH_MODE": "token", TOKEN: secrets.token_hex(32)})


def way_to(address: Address) -> dict[str, Any]:
    """Return how Ray is told to connect: what it and its workers print is not ours to show."""
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    if address.is_local:
        alone = {"include_dashboard": False, "num_cpus": usable_cores(), "_node_ip_address": LOOPBACK}
        return {"address": "local", **alone, **quiet}
    here = {"_node_ip_address": address.loopback} if address.loopback else {}
    return {"address": address.written, **here, **quiet}


def not_connected(address: Address, error: Exception) -> ClusterAway | ClusterUnfit:
    """Return our error for why Ray does not connect."""
    if isinstance(error, RuntimeError) and "ersion mismatch" in str(error):
        return ClusterUnfit(
            f"集群 {address.written} 的 Ray 或 Python 与这里的不是同一版本；Ray 说：{said(error)}"
        )
    if "Failed to connect" in str(error):
        return away(address, "那里的 Ray 没有接受；集群若有令牌，这里也须设 RAY_AUTH_MODE=token 与同一令牌")
    return away(address, f"Ray 说：{said(error)}")


def places_for_workers(nodes: Sequence[Mapping[str, Any]], *, threads: int, address: Address) -> int:
    """Return how many workers the nodes have processors for.

    :param threads: Processors of one worker.
    :raises ClusterAway: When there is none.
    """
    processors = [int(node["Resources"].get("CPU", 0)) for node in nodes if node["Alive"]]
    if not (places := sum(each // threads for each in processors)):
        raise ClusterAway(
            f"集群 {address.written} 里没有哪个节点有 {threads} 个处理器；"
            "请检查 ray start --num-cpus 与 QA_THREADS"
        )
    return places


def travelling(settings: Settings, *, threads: int) -> Settings:
    """Return the settings that workers are given, by value: without what opens the store."""
    return settings.model_copy(update={"threads": threads, "store_token": SecretStr("")})
