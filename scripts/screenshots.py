"""Takes the pictures in docs/images of a running chat page: three widths, light and dark.

Run ``scripts/serve`` over the sample pages first; then ``.venv/bin/python scripts/screenshots.py [ADDRESS]``.
``.venv/bin/python scripts/screenshots.py --report PREDICTIONS.jsonl`` takes those of an evaluation's report,
from disk and with the network cut.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from qa.evaluation.page import as_html
from qa.evaluation.prediction import read_labelled
from qa.evaluation.report import report

IMAGES = Path(__file__).parent.parent / "docs" / "images"
ADDRESS = "http://127.0.0.1:8000"
SIZES = {"phone": (375, 760), "desk": (1280, 900), "wall": (2560, 1440)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ANSWERED = "多少个病种分级诊疗暂停执行？"
UNANSWERED = "量子计算机的工作原理是什么？"
PATIENCE_MS = 120_000
COLOURS = 96
"""Colours that are kept of a picture: enough for flat print, and a third of the bytes."""


def take(page: Page, name: str, *, sizes: tuple[str, ...] = tuple(SIZES)) -> None:
    """Take a picture at each size, light and dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for size in sizes:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            # The sheet keeps its place when the window changes; the quote is what the picture is about.
            page.evaluate("document.querySelector('#pane-text mark')?.scrollIntoView({block: 'center'})")
            taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
            few = taken.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(IMAGES / f"{name}-{size}-{scheme}.png", optimize=True)


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the outcome is shown."""
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)
    page.locator("#question").blur()


def main(address: str) -> None:
    """Take all of them."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(address)
        expect(page.locator("#shelf button").first).to_be_visible()
        page.locator("#question").blur()
        take(page, "welcome", sizes=("desk",))
        ask(page, ANSWERED)
        take(page, "answer", sizes=("phone", "desk"))
        page.locator(".source").first.click()
        expect(page.locator("#pane-text mark").first).to_be_visible()
        take(page, "article")
        page.locator("#pane-close").click()
        page.locator("#fresh").click()
        ask(page, UNANSWERED)
        take(page, "abstention", sizes=("desk",))
        browser.close()


def picture_report(predictions: Path) -> None:
    """Take those of the report on a predictions file: the figures, and questions that failed."""
    questions, given = zip(*read_labelled(predictions.read_text("utf-8"), name=str(predictions)), strict=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        text = as_html(report(questions, given), questions, given, title="评测：样例版面")
        file.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(locale="zh-CN", offline=True).new_page()
        page.goto(file.as_uri())
        expect(page.locator("figure svg")).to_have_count(3)
        page.locator("section").nth(1).evaluate("element => element.scrollIntoView()")
        take(page, "report", sizes=("desk",))
        page.locator("[name=ending]").select_option("bad")
        page.locator("#filters").evaluate("element => element.scrollIntoView()")
        take(page, "report-failures", sizes=("desk",))
        browser.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--report"]:
        picture_report(Path(sys.argv[2]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else ADDRESS)
