"""The chat page in a real browser, over the real service."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import HOSTILE_MARKUP, HOSTILE_NAME, HOSTILE_TEXT, UNBROKEN, Watched

ANSWERABLE = "吕梁市委书记是谁？"
UNANSWERABLE = "量子计算机的工作原理是什么？"
WIDTHS = (320, 375, 959, 960, 1280, 1920)


def ask(page: Page, question: str) -> dict[str, Any]:
    """Type a question, send it, wait until its outcome is shown; return what the service said."""
    page.get_by_label("问题").fill(question)
    with page.expect_response("**/v1/ask") as answered:
        page.keyboard.press("Enter")
    outcome: dict[str, Any] = answered.value.json()
    expect(page.locator(".exchange").last.locator(".certainty").first).to_be_visible()
    return outcome


def open_citation(page: Page, *, at: int) -> None:
    """Click a citation of the latest outcome, wait until the page's text is there."""
    page.locator(".exchange").last.get_by_role("button", name="看原文").nth(at).click()
    expect(page.locator("#pane-text")).not_to_have_attribute("aria-busy", "true")


def overflow(page: Page) -> int:
    """Return by how many pixels the layout is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wider


def test_the_answer_is_shown_with_where_it_is_printed(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    outcome = ask(page, ANSWERABLE)
    assert outcome["answer"] == "孙大军"
    expect(page.locator(".reply > .answer")).to_have_text("孙大军")
    first = page.locator(".citation").first
    expect(first.locator(".facts")).to_contain_text("吕梁日报")
    expect(first.locator(".facts")).to_contain_text("003_313d145a827ed219.txt")
    expect(first.locator("blockquote mark")).to_have_text("孙大军")
    expect(page.get_by_role("status")).to_contain_text("答案：孙大军")


def test_a_citation_opens_the_page_with_the_quote_marked_in_it(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    citations = ask(page, ANSWERABLE)["citations"]
    held = page.request.get(f"{seeds_service}/v1/sources").json()["sources"]
    for at, citation in enumerate(citations[:2]):
        open_citation(page, at=at)
        name = citation["spans"][0]["source"]
        id = next(source["id"] for source in held if source["name"] == name)
        text = page.request.get(f"{seeds_service}/v1/sources/{id}").json()["text"]
        assert any(ord(character) > 0xFFFF for character in text[: citation["spans"][0]["start"]]), (
            "this page no longer tells code points from UTF-16 units"
        )
        assert page.locator("#pane-text").text_content() == text
        marks = page.locator("#pane-text mark")
        assert marks.all_text_contents() == [text[s["start"] : s["end"]] for s in citation["spans"]]
        assert "".join(marks.all_text_contents()) == citation["quote"]
        expect(marks.first).to_be_in_viewport()


def test_the_nearest_passages_of_an_abstention_are_called_no_answer(
    watched: Watched, seeds_service: str
) -> None:
    page = watched.page
    page.goto(seeds_service)
    outcome = ask(page, UNANSWERABLE)
    assert outcome["abstained"] is True
    expect(page.locator(".abstention")).to_have_text("来源中没有找到答案")
    expect(page.locator(".reply > .answer")).to_have_count(0)
    expect(page.locator(".beside")).to_have_count(len(outcome["citations"]))
    assert page.locator(".beside .warning").all_text_contents() == ["不是答案"] * len(outcome["citations"])
    expect(page.locator(".beside mark")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("来源中没有找到答案")


def test_escape_closes_the_page_and_gives_the_focus_back(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    ask(page, ANSWERABLE)
    open_citation(page, at=0)
    button = page.locator(".citation button").first
    expect(page.locator("#pane-close")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#pane")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_an_example_is_asked_with_one_click_and_answered(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    examples = page.locator("#welcome button")
    expect(examples).to_have_count(4)
    for question in examples.all_text_contents():
        page.goto(seeds_service)
        page.get_by_role("button", name=question).click()
        expect(page.locator(".reply > .answer")).to_be_visible()
        expect(page.locator(".asked")).to_have_text(question)


def test_the_sources_are_listed_and_open(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    page.locator("#holdings-summary").click()
    expect(page.locator("#sources .name")).to_have_count(5)
    page.locator("#sources button").nth(3).click()
    expect(page.locator("#pane-text")).to_contain_text("中共吕梁市委机关报 🥰 吕梁日报社出版")


def test_the_question_box_has_the_focus_from_the_start(watched: Watched, seeds_service: str) -> None:
    watched.page.goto(seeds_service)
    expect(watched.page.get_by_label("问题")).to_be_focused()


def test_a_second_question_waits_for_the_first(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))
    box = page.get_by_label("问题")
    box.fill(ANSWERABLE)
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_be_visible()
    box.fill(UNANSWERABLE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="提问")).to_be_disabled()
    expect(box).to_have_value(UNANSWERABLE)
    held[0].continue_()
    expect(page.locator(".reply > .answer")).to_have_text("孙大军")
    assert len(held) == 1
    expect(page.locator(".exchange")).to_have_count(1)


def test_enter_within_an_input_method_sends_nothing(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    box = page.get_by_label("问题")
    box.fill("吕梁")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box).to_have_value("吕梁")
    expect(page.locator(".exchange")).to_have_count(0)


def test_a_question_of_500_characters_is_sent_and_of_501_is_not(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    box = page.get_by_label("问题")
    box.fill("😀" * 501)
    page.keyboard.press("Enter")
    expect(page.locator("#remark")).to_have_text("问题有 501 字，上限是 500 字；请缩短后再问")
    expect(page.locator(".exchange")).to_have_count(0)
    assert ask(page, "😀" * 500)["question"] == "😀" * 500


def test_a_failure_is_told_in_the_services_own_words(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    problem = {"title": "Service Unavailable", "status": 503, "detail": "索引已损坏；请运行 qa repair"}
    page.route(
        "**/v1/ask",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    box = page.get_by_label("问题")
    box.fill(ANSWERABLE)
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_have_text("索引已损坏；请运行 qa repair")
    expect(box).to_have_value(ANSWERABLE)
    expect(page.get_by_role("button", name="提问")).to_be_enabled()


@pytest.mark.parametrize("question", ["星河市委书记是谁？", "星河市的编号是多少？", UNANSWERABLE])
def test_markup_in_a_source_is_text_and_nothing_more(
    watched: Watched, hostile_service: str, question: str
) -> None:
    page = watched.page
    page.goto(hostile_service)
    page.locator("#holdings-summary").click()
    expect(page.locator("#sources .name")).to_have_text(HOSTILE_NAME)
    citations = ask(page, question)["citations"]
    for fold in page.locator(".folded > summary").all():
        fold.click()
    for at in range(min(2, len(citations))):
        open_citation(page, at=at)
        assert page.locator("#pane-text").text_content() == HOSTILE_TEXT
        assert "".join(page.locator("#pane-text mark").all_text_contents()) == citations[at]["quote"]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, f"with the page's text open, at {width} px"
    page.keyboard.press("Escape")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, f"at {width} px"
    assert page.locator("img, svg, style, script:not([src])").count() == 0
    assert page.evaluate("window.injected") is None
    assert (watched.dialogs, watched.errors) == ([], [])


def test_a_question_of_markup_is_shown_as_it_was_typed(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    question = HOSTILE_MARKUP + UNBROKEN[:300]
    ask(page, question)
    expect(page.locator(".asked")).to_have_text(question)
    assert page.locator("img, svg, style, script:not([src])").count() == 0
    assert page.evaluate("window.injected") is None
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0


def test_nothing_leaves_the_host_and_nothing_fails_in_the_console(
    watched: Watched, seeds_service: str
) -> None:
    page = watched.page
    page.goto(seeds_service)
    ask(page, ANSWERABLE)
    open_citation(page, at=0)
    page.keyboard.press("Escape")
    ask(page, UNANSWERABLE)
    assert {urlsplit(url).hostname for url in watched.requests} == {"127.0.0.1"}
    assert f"{seeds_service}/v1/ask" in watched.requests
    assert (watched.errors, watched.dialogs) == ([], [])
