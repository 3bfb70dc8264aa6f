"""Fixtures for the web: a real browser, and the real service on a loopback port."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect, sync_playwright

from qa.settings import Settings
from qa.web.app import create_app
from tests.web.room import Room, pages
from tests.web.served import served

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ANSWERS_WITHIN_MS = 120_000
SHOWN_WITHIN_MS = 60_000
"""What a test waits for comes in milliseconds; on a machine that does other work, it may take many."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium, with a fresh profile; a missing one fails in CI and is said elsewhere.

    For one module at a time: while it is open, Playwright holds the main thread's event loop.
    """
    executable = shutil.which("chromium")
    if executable is None:
        missing = "Chromium is not installed, so the chat page was not tested: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=SHOWN_WITHIN_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def service(index: Path) -> Iterator[str]:
    """Serve an index as ``qa serve`` does, in a thread; give its address."""
    with served(create_app(Settings(index=index))) as address:
        yield address


@pytest.fixture(scope="module")
def seeds_service(chromium: Browser, seeds_index: Path) -> Iterator[str]:
    """Return the address of the service over the sample pages; after Chromium, whose lack is soon told."""
    with service(seeds_index) as address:
        yield address


class Watched:
    """A page with everything that it did on the side."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.sent: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", self.note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("dialog", self.dismiss)

    def note(self, request: Request) -> None:
        self.requests.append(request.url)
        if request.method == "POST":
            self.sent.append(request.url)
        if request.url.endswith("/v1/ask"):
            self.asked.append(request.post_data_json or {})

    def dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """Return a page in a context of its own, which asks no other host for anything and runs no dialog."""
    with chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}) as context:
        contacted: list[str] = []
        context.on("request", lambda request: contacted.append(request.url))
        there = Watched(context.new_page())
        yield there
    # A report that was saved is opened from disk: no host at all.
    hosts = {urlsplit(url).hostname for url in contacted if urlsplit(url).scheme != "file"}
    assert hosts <= {"127.0.0.1"}
    assert contacted
    assert there.dialogs == []


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A reading room with its address."""

    room: Room
    address: str


@contextmanager
def opened(room: Room) -> Iterator[Opened]:
    """Serve a reading room."""
    with served(room.app) as address:
        yield Opened(room=room, address=address)


@pytest.fixture
def reading_room(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Return a reading room of its own, over fakes."""
    with opened(Room(pages(), folder=tmp_path / "index")) as there:
        yield there


def ask(page: Page, question: str) -> dict[str, Any]:
    """Type a question, send it, wait until its outcome is shown; return what the service said."""
    page.locator("#question").fill(question)
    with page.expect_response("**/v1/ask", timeout=ANSWERS_WITHIN_MS) as answered:
        page.keyboard.press("Enter")
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "false", timeout=ANSWERS_WITHIN_MS)
    # The browser keeps nothing of a stream that has passed; the service has kept the answer.
    kept = json.loads(page.evaluate("sessionStorage.getItem('wenbao.conversation')"))
    address = answered.value.url.removesuffix("ask")
    outcome: dict[str, Any] = page.request.get(f"{address}answers/{kept[-1]['id']}").json()
    return outcome


def open_citation(page: Page, *, at: int = 0) -> None:
    """Click a citation of the latest outcome, wait until the article's text is there."""
    page.locator(".exchange").last.locator(".source").nth(at).click()
    expect(page.locator("#pane-text")).not_to_have_attribute("aria-busy", "true")


@contextmanager
def held_back(page: Page, address: str, *, asking: str) -> Iterator[None]:
    """Have what a script asks the service for come late: as it was before all that is done meanwhile.

    :param address: What it asks for.
    :param asking: The script.
    """
    told = page.request.get(address).json()
    late: list[Route] = []
    page.route(address, lambda each: late.append(each), times=1)
    with page.expect_request(address):
        page.evaluate(asking)
    yield
    with page.expect_response(address):
        late[0].fulfill(json=told)
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until what came just now would be on the page, where nothing of it may be."""
    page.evaluate("new Promise((drawn) => setTimeout(drawn, 100))")


def overflow(page: Page) -> int:
    """Return by how many pixels the layout is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wider


def faults(page: Page) -> list[str]:
    """Return what axe-core finds, down to what is merely moderate."""
    return [
        f"{each['id']}: {node['html'][:160]} {node['any'][:1]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] != "minor"
        for node in each["nodes"]
    ]
