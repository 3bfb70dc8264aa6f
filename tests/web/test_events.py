"""A question that is answered in events, and what watches a service that has a fault."""

from __future__ import annotations

import asyncio
import logging
import math

import pytest
from fastapi import Request

from qa.domain.answers import Outcome
from qa.engine.live import FixedAsker
from qa.errors import KeptFileDamaged
from qa.store.answers import KeptAnswers
from qa.web.answers import Answers
from qa.web.events import told
from qa.web.leaving import ClientGone
from qa.web.schemas import AskBody
from qa.web.service import Service
from tests.web.served import engine_over_stories


class DamagedAnswers(KeptAnswers):
    """Kept answers whose file is damaged."""

    def __init__(self) -> None:
        """Open nothing."""

    def __len__(self) -> int:
        raise KeptFileDamaged("回答存档已损坏")

    def keep_only(self, *_: object, **__: object) -> int:
        raise KeptFileDamaged("回答存档已损坏")

    def close(self) -> None:
        """Hold nothing."""


def test_a_client_that_goes_away_amid_the_events_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def events() -> list[bytes]:
        service = Service(FixedAsker(engine_over_stories()))
        asking: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        asking.set_exception(ClientGone())
        request = Request({"type": "http", "path": "/v1/ask", "headers": []})
        steps = told(AskBody(question="谁？"), asking, (), service=service, request=request)
        sent = [each async for each in steps]
        service.close()
        return sent

    with caplog.at_level(logging.ERROR):
        sent = asyncio.run(events())

    assert [each.partition(b"\n")[0] for each in sent] == [b"event: passages"]
    assert caplog.records == []


def test_a_damaged_file_of_answers_leaves_all_other_numbers_to_be_watched() -> None:
    async def numbers() -> str:
        service = Service(FixedAsker(engine_over_stories()), answers=Answers(DamagedAnswers()))
        text = service.metrics_text().decode()
        service.close()
        return text

    lines = dict(line.rsplit(" ", 1) for line in asyncio.run(numbers()).splitlines() if line[0] != "#")

    assert math.isnan(float(lines["wenbao_kept_answers"]))
    assert float(lines['wenbao_index{what="sources"}']) == 2
