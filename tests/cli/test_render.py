"""What a person sees of results."""

from __future__ import annotations

from qa.cli.render import found_text
from qa.domain.answers import Filters, Mode
from qa.web.schemas import FoundBody
from tests.engine.test_ask import REPRINTED, engine
from tests.fakes import FakeReader


def test_a_text_that_two_papers_print_is_listed_once_with_both() -> None:
    found = engine(FakeReader(), pages=REPRINTED[:2]).search(
        "最低工资标准", limit=5, filters=Filters(), mode=Mode.HYBRID
    )

    lines = found_text(found).splitlines()
    assert [line.strip().split()[0] for line in lines[::2]] == ["1.", "又见"]
    assert {lines[0].split()[-1], lines[2].split()[-1]} == {"甲.txt", "乙.txt"}
    body = FoundBody.of(found[0], rank=1)
    assert {body.spans[0].source, body.also[0].spans[0].source} == {"甲.txt", "乙.txt"}
    assert body.also[0].article.title == "工资方案"
