"""What an operator watches, for Prometheus; a registry of its own, so that two apps do not count together."""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from qa.domain.answers import Timings
from qa.domain.ports import IndexStatistics

STAGES_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets, in seconds."""


class Ending(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    INVALID = "invalid"
    REFUSED = "refused"
    GONE = "gone"
    FAILED = "failed"


class Metrics:
    """The numbers of one process."""

    def __init__(self, *, version: str) -> None:
        """Begin at nothing.

        :param version: Of the program.
        """
        self.registry = CollectorRegistry()
        registry = self.registry
        # Memory, processor time and open files of this process.
        ProcessCollector(registry=registry)
        self._program = Gauge("wenbao_info", "程序版本", ["version"], registry=registry)
        self._program.labels(version).set(1)
        self._questions = Counter("wenbao_questions", "问题数，按结局", ["outcome"], registry=registry)
        for ending in Ending:
            self._questions.labels(ending)
        self.batch_questions = Counter(
            "wenbao_batch_questions", "批量评测中问完的问题数，不计入 wenbao_questions", registry=registry
        )
        self._stages = Histogram(
            "wenbao_stage_seconds", "每个问题各阶段的秒数", ["stage"], buckets=STAGES_S, registry=registry
        )
        self.waiting = Gauge("wenbao_queue_depth", "排队等候的问题数", registry=registry)
        self.kept = Gauge("wenbao_kept_answers", "存档的回答数", registry=registry)
        self._index = Gauge(
            "wenbao_index", "索引里有多少，按种类（bytes 为字节）", ["what"], registry=registry
        )
        self._index_version = Gauge(
            "wenbao_index_version_info", "现行的索引版本", ["version"], registry=registry
        )
        self.fault = Gauge("wenbao_index_fault", "最新发布的索引打不开、仍用旧版时为 1", registry=registry)
        self._requests = Counter(
            "wenbao_http_requests", "HTTP 请求数", ["method", "route", "status"], registry=registry
        )
        self._durations = Histogram(
            "wenbao_http_seconds", "HTTP 请求的秒数", ["route"], buckets=STAGES_S, registry=registry
        )

    def ended(self, ending: Ending) -> None:
        """Count a question by how it ended."""
        self._questions.labels(ending).inc()

    def took(self, *, waited: float, timings: Timings) -> None:
        """Note how long the stages of a question took.

        :param waited: Seconds in the queue.
        """
        self._stages.labels("wait").observe(waited)
        for stage in ("retrieve", "read", "total"):
            self._stages.labels(stage).observe(getattr(timings, stage) / 1000)

    def in_force(self, statistics: IndexStatistics) -> None:
        """Note what the version in force holds."""
        self._index_version.clear()
        self._index_version.labels(statistics.version).set(1)
        for what in ("sources", "articles", "passages", "bytes"):
            self._index.labels(what).set(getattr(statistics, what))

    def responded(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
