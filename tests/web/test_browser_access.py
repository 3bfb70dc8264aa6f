"""Whether everybody can use the page: axe-core at several widths, in both schemes, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.web.conftest import Opened, Watched, ask, faults, open_citation, overflow
from tests.web.room import QUESTION, UNANSWERABLE

STATIC = Path(__file__).parents[2] / "qa" / "web" / "static"


def test_axe_finds_no_fault(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    expect(page.locator("#shelf button").first).to_be_visible()
    found: dict[str, list[str]] = {"before the first question": faults(page)}
    ask(page, UNANSWERABLE)
    ask(page, QUESTION)
    page.locator(".scope summary").click()
    for fold in page.locator(".folded > summary").all():
        fold.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0
            found[f"{scheme} {width}"] = faults(page)
            open_citation(page)
            found[f"{scheme} {width} reading"] = faults(page)
            page.keyboard.press("Escape")
    page.locator("#language").click()
    page.get_by_role("button", name="Delete").last.click()
    found["english, asked whether to delete"] = faults(page)
    assert {where: what for where, what in found.items() if what} == {}


def test_what_has_the_focus_is_never_below_the_slip(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    for height in (500, 640, 700):
        page.set_viewport_size({"width": 900, "height": height})
        ask(page, UNANSWERABLE)
        ask(page, QUESTION)
        page.evaluate("scrollTo(0, 0)")
        page.locator("#conversation .source").first.focus()
        covered = []
        for _ in range(12):
            page.keyboard.press("Tab")
            covered += page.evaluate(
                """() => {
                  const focused = document.activeElement;
                  if (!focused.closest("#conversation")) return [];
                  const [slip, box] = ["composer", null].map((id) =>
                    (id ? document.getElementById(id) : focused).getBoundingClientRect());
                  return box.bottom > slip.top ? [`${focused.className}: ${box.bottom - slip.top}`] : [];
                }"""
            )
        assert covered == [], height


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    keys = {
        name: re.findall(r"^  (\w+):", (STATIC / name).read_text("utf-8"), re.MULTILINE)
        for name in ("words.zh.js", "words.en.js")
    }
    assert keys["words.zh.js"] == keys["words.en.js"]
    assert len(set(keys["words.zh.js"])) == len(keys["words.zh.js"])
    used = {
        key for path in STATIC.glob("*.js") for key in re.findall(r'\bsay\("(\w+)"', path.read_text("utf-8"))
    } | {
        key
        for path in STATIC.glob("*.html")
        for key in re.findall(r'data-say(?:-\w+)?="(\w+)"', path.read_text("utf-8"))
    }
    assert used <= set(keys["words.zh.js"])


def test_the_page_sets_text_and_never_markup() -> None:
    for path in STATIC.glob("*.js"):
        code = path.read_text("utf-8")
        forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function"
        assert not re.search(forbidden, code), path.name
        assert not re.search(r"https?:|(?<!:)//\w+\.", code), path.name
