"""Workshops of fakes; workers import these functions by their names."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.assemble import standing_with, workshop_with
from qa.cluster.tasks import Standing, Workshop
from qa.domain.ports import Failed, Vectors
from qa.domain.sources import Source
from qa.errors import ModelMissing
from qa.loaders.text import TextLoader
from qa.settings import Settings
from tests.fakes import FakeEncoder

SLOWLY_S = 0.2
FATAL = "致命"

WANTED: Standing = standing_with(FakeEncoder().identity)


def made(settings: Settings) -> Workshop:
    """Return a workshop with the fake encoder."""
    return workshop_with(settings, FakeEncoder())


def slow(settings: Settings) -> Workshop:
    """Return one that takes its time over passages, so that it can be disturbed."""
    return workshop_with(settings, SlowEncoder())


def fatal(settings: Settings) -> Workshop:
    """Return one that does not survive a text file of a certain name."""
    workshop = made(settings)
    return replace(workshop, loaders={**workshop.loaders, ".txt": FatalLoader()})


def of_another_model(settings: Settings) -> Workshop:
    """Return one that embeds with something else."""
    return workshop_with(settings, FakeEncoder(digest="e1" * 32))


def without_model(settings: Settings) -> Workshop:
    """Return none."""
    raise ModelMissing("自带的模型不见了")


class SlowEncoder(FakeEncoder):
    """Takes as long for any number of passages."""

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        time.sleep(SLOWLY_S)
        return super().embed_passages(passages)


@dataclass(frozen=True, slots=True)
class FatalLoader:
    """Loads text, and takes its process with it over a file of a certain name."""

    def load(self, path: Path, *, name: str, limit: int) -> Iterator[Source | Failed]:
        if FATAL in name:
            os.kill(os.getpid(), signal.SIGKILL)
        return TextLoader().load(path, name=name, limit=limit)
