"""Papers, names and questions that are meant to harm: they are text and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.fakes import indexed, story
from tests.web.conftest import Opened, Watched, ask, open_citation, opened, overflow
from tests.web.room import ANSWER, QUESTION, UNANSWERABLE, Room

MARKUP = (
    '<img src=x onerror="window.injected=1"><script>window.injected=1</script>'
    "<svg onload=window.injected=1><style>body{display:none}</style>"
    '<a href="javascript:window.injected=1">点我</a>'
)
TURNED = "\u202e倒\u2066过\u200f来"
UNBROKEN = "W" * 100_000
NAME = "a/<img src=x onerror=window.injected=1>\u202e.txt"
TEXT = f"市委书记{ANSWER}{MARKUP}{TURNED}说：{UNBROKEN}。"
WIDTHS = (320, 959, 960, 1280, 3840)


@pytest.fixture
def hostile_room(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    made = indexed(
        NAME, story(TEXT, title=f"{MARKUP}{TURNED}", newspaper=MARKUP, authors=(MARKUP, UNBROKEN[:3_000]))
    )
    with opened(Room([made], folder=tmp_path / "index")) as there:
        yield there


def test_nothing_in_a_paper_runs_or_breaks_the_layout(watched: Watched, hostile_room: Opened) -> None:
    page = watched.page
    page.goto(hostile_room.address)
    expect(page.locator(".holding .name")).to_have_text(NAME)
    ask(page, UNANSWERABLE + MARKUP)
    outcome = ask(page, QUESTION)
    assert outcome["answer"] == ANSWER
    for fold in page.locator(".folded > summary").all():
        fold.click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, f"at {width} px"
    open_citation(page)
    assert page.locator("#pane-text mark").text_content() == outcome["citations"][0]["quote"] == ANSWER
    page.get_by_role("button", name="显示全文").click()
    expect(page.locator("#pane-text button")).to_have_count(0)
    assert page.locator("#pane-text").text_content() == TEXT
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, f"with the article open, at {width} px"
        inside = page.locator("#pane-text").evaluate("each => each.scrollWidth - each.clientWidth")
        assert inside <= 0, f"inside the pane, at {width} px"
    assert page.locator("img, svg, style, script:not([src]), a[href^=javascript]").count() == 0
    assert page.evaluate("window.injected") is None
    assert {urlsplit(url).hostname for url in watched.requests} == {"127.0.0.1"}
    assert (watched.dialogs, watched.errors) == ([], [])


def test_an_address_with_markup_is_an_answer_that_is_not_there(
    watched: Watched, hostile_room: Opened
) -> None:
    page = watched.page
    page.goto(f"{hostile_room.address}/#a={MARKUP}/../../v1/sources")
    expect(page.locator(".failure")).to_be_visible()
    assert page.evaluate("window.injected") is None
    assert page.locator("img, svg, a[href^=javascript]").count() == 0
