"""What a person sees of results."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from qa.cli.options import text_given
from qa.cli.render import article_line, found_text, outcome_text
from qa.domain.answers import Filters, Mode
from qa.web.schemas import FoundBody
from tests.engine.test_ask import REPRINTED, engine
from tests.fakes import FakeReader, PhraseReader, indexed, story


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


def test_nothing_that_a_paper_prints_steers_the_terminal() -> None:
    page = indexed("甲.txt", story("\x1b[2J最低工资标准是\u30001880元\x07。", title="调整\x1b[31m工资\n方案"))
    asked = engine(PhraseReader({"1880元\x07": 3.0}), pages=(page,))

    told = outcome_text(asked.ask("最低工资标准是多少？"))
    (listed,) = asked.snapshot.articles(Filters())
    line = article_line(listed)

    assert told.startswith("1880元\\x07\n")
    assert "…\\x1b[2J最低工资标准是\u3000【1880元\\x07】。…" in told
    assert "调整\\x1b[31m工资\\n方案" in line
    found = found_text(asked.search("最低工资标准"))
    assert not {"\x1b", "\x07"} & set(told + line + found)


def test_a_dash_stands_for_what_is_on_standard_input() -> None:
    app = typer.Typer()
    app.command()(lambda question: typer.echo(ascii(text_given(question))))

    def told(given: str, stdin: bytes) -> str:
        return CliRunner().invoke(app, [given], input=stdin).stdout.strip()

    assert told("-", " 市委书记是谁？\n".encode()) == ascii("市委书记是谁？")
    assert told("-", b"\xff?") == ascii("\udcff?")
    assert told("谁？", b"x") == ascii("谁？")
