"""In which language what the page shows is marked, and what is said of failures on the English page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.web.problems import TITLES
from tests.web.conftest import Opened, Watched, ask
from tests.web.room import ANSWER, QUESTION
from tests.web.test_browser_access import STATIC
from tests.web.test_browser_collection import paper

WITH_A_PLACE = {"questions_invalid", "question_invalid", "invalid", "condition_invalid"}
"""What is told of these says where something is wrong."""


@pytest.fixture
def english(watched: Watched, reading_room: Opened) -> Page:
    page = watched.page
    page.goto(reading_room.address)
    page.locator("#language").click()
    return page


def failing(page: Page, *, code: str, detail: str) -> None:
    """Let the next question fail so."""
    body = {"status": 503, "code": code, "detail": detail}
    page.route("**/v1/ask", lambda each: each.fulfill(status=503, json=body))
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")


def test_a_failure_that_the_page_knows_is_told_in_its_own_words(english: Page) -> None:
    failing(english, code="queue_full", detail="排队的问题太多")

    told = "Many questions are waiting already; please try again shortly"
    expect(english.locator(".reply .failure")).to_have_text(told)
    expect(english.locator(".reply .failure [lang]")).to_have_count(0)
    expect(english.locator("#announcement")).to_have_text(f"Something went wrong: {told}")


def test_a_failure_that_the_page_does_not_know_is_marked_as_chinese(english: Page) -> None:
    failing(english, code="of_tomorrow", detail="明天才有的毛病")

    for place in (".reply .failure", "#announcement"):
        chinese = english.locator(f"{place} [lang]")
        expect(chinese).to_have_text("明天才有的毛病")
        assert chinese.get_attribute("lang") == "zh-Hans"
    expect(english.locator("#announcement")).to_have_text("Something went wrong: 明天才有的毛病")


def test_a_chinese_page_says_what_the_service_says(watched: Watched, reading_room: Opened) -> None:
    watched.page.goto(reading_room.address)
    failing(watched.page, code="queue_full", detail="排队的问题太多")

    expect(watched.page.locator(".reply .failure")).to_have_text("排队的问题太多")


def test_files_that_are_refused_are_told_of_in_english_or_marked(english: Page) -> None:
    record = '{"id": "煤", "text": "全市煤炭产量为三十六万吨。"}'
    english.locator("#files").set_input_files(
        [paper("空.txt", b" "), paper("记录.jsonl", f"{record}\n{{坏\n".encode())]
    )

    expect(english.locator(".upload .state").first).to_have_text("Refused: there is no text in the file")
    expect(english.locator(".upload .partly")).to_contain_text("1 record refused: 记录.jsonl:2")
    assert english.locator(".upload .partly [lang]").get_attribute("lang") == "zh-Hans"


def test_what_is_quoted_within_english_is_marked_as_chinese(english: Page) -> None:
    title = english.locator(".example .from [lang]").first
    expect(title).to_have_text("市委常委会召开会议")
    assert title.get_attribute("lang") == "zh"
    ask(english, QUESTION)
    expect(english.locator("#announcement")).to_have_text(f"Answer: {ANSWER}. Very sure")
    quoted = english.locator("#announcement [lang]")
    expect(quoted).to_have_text(ANSWER)
    assert quoted.get_attribute("lang") == "zh"


def test_the_english_sentences_are_of_kinds_that_there_are() -> None:
    table = Path(STATIC / "problems.en.js").read_text("utf-8")
    known = re.findall(r"^  (\w+): ", table, re.MULTILINE)

    assert known == sorted(set(known))
    assert set(known) <= set(TITLES)
    assert not WITH_A_PLACE & set(known)
