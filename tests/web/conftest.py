"""Fixtures for the web: a real browser, and the real service on a loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from qa.domain.ports import Encoder
from qa.engine.build import Builder
from qa.loaders.walk import load_all
from qa.settings import Settings
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from qa.web.app import create_app
from tests.fakes import SilentProgress
from tests.shipped import page_model

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN_S = 120


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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def service(index: Path) -> Iterator[str]:
    """Serve an index as ``qa serve`` does, in a thread; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(Settings(index=index)), log_config=None, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_for(server, thread)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    """Return once the server takes requests."""
    until = time.monotonic() + STARTS_WITHIN_S
    while not server.started:
        assert thread.is_alive(), "the service stopped while it was starting"
        assert time.monotonic() < until, f"the service did not start within {STARTS_WITHIN_S} s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def seeds_service(chromium: Browser, seeds_index: Path) -> Iterator[str]:
    """Return the address of the service over the sample pages; after Chromium, whose lack is soon told."""
    with service(seeds_index) as address:
        yield address


HOSTILE_MARKUP = (
    '<img src=x onerror="window.injected=1"><script>window.injected=1</script>'
    "<svg onload=window.injected=1><style>body{display:none}</style>"
)
HOSTILE_NAME = "a/<img src=x onerror=window.injected=1>.txt"
UNBROKEN = "W" * 10_000
HOSTILE_TEXT = (
    f"😀😀😀\r\n\r\n星河市{HOSTILE_MARKUP}召开会议\r\n\r\n"
    f"本报讯(记者{HOSTILE_MARKUP}) 2月16日,星河市召开会议。星河市委书记王小明{HOSTILE_MARKUP}主持会议。\r\n"
    f"星河市的编号是{UNBROKEN}。\r\n"
)


@pytest.fixture(scope="module")
def hostile_service(
    chromium: Browser, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of the service over a page whose text, title and name are markup."""
    pages = tmp_path_factory.mktemp("hostile")
    page = pages / "in" / HOSTILE_NAME
    page.parent.mkdir(parents=True)
    page.write_bytes(HOSTILE_TEXT.encode())
    writer = LocalWriter(pages / "index", encoder=encoder.identity, tokens=Tokens())
    try:
        loaded = load_all([str(pages / "in")], limit=2**20)
        report = Builder(writer, encoder, pages=page_model(), progress=SilentProgress()).add(loaded)
    finally:
        writer.close()
    assert list(report.added) == [HOSTILE_NAME], report
    with service(pages / "index") as address:
        yield address


class Watched:
    """A page with everything that it did on the side."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("dialog", self.dismiss)

    def dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """Return a page in a context of its own."""
    with chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}) as context:
        yield Watched(context.new_page())
