"""The chat page in a real browser, over the real service and the shipped models."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.web.conftest import ANSWERS_WITHIN_MS, Watched, ask, open_citation

ANSWERABLE = "吕梁市委书记是谁？"
FAIRLY_SURE, VERY_SURE = 0.65, 0.85
"""Confidence from which the page says 较有把握 and 很有把握."""

UNANSWERABLE = "量子计算机的工作原理是什么？"


def test_a_question_is_answered_with_the_line_of_the_paper(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    outcome = ask(page, ANSWERABLE)
    citations = outcome["citations"]
    expect(page.locator(".reply > .answer")).to_have_text("孙大军")
    first = page.locator(".citation").first
    expect(first.locator(".folio")).to_contain_text("吕梁日报")
    expect(first.locator(".facts")).to_contain_text("003_313d145a827ed219.txt")
    expect(first.locator("blockquote mark")).to_have_text("孙大军")
    # How sure it is depends on weights that are fitted anew; the page says no more and no less.
    sure = "很有把握" if outcome["confidence"] >= VERY_SURE else "较有把握"
    assert outcome["confidence"] >= FAIRLY_SURE
    expect(page.locator("#announcement")).to_have_text(f"答案：孙大军。{sure}")
    held = page.request.get(f"{seeds_service}/v1/sources").json()["sources"]
    for at, citation in enumerate(citations[:2]):
        open_citation(page, at=at)
        marks = page.locator("#pane-text mark")
        assert "".join(marks.all_text_contents()) == citation["quote"]
        expect(marks.first).to_be_in_viewport()
        name = citation["spans"][0]["source"]
        id = next(source["id"] for source in held if source["name"] == name)
        text = page.request.get(f"{seeds_service}/v1/sources/{id}").json()["text"]
        assert any(ord(character) > 0xFFFF for character in text[: citation["spans"][0]["start"]]), (
            "this page no longer tells code points from UTF-16 units"
        )
        page.get_by_role("button", name="看版面原文").click()
        expect(page.locator("#pane-text")).to_have_text(text, use_inner_text=False)
        assert page.locator("#pane-text").text_content() == text
        assert marks.all_text_contents() == [text[s["start"] : s["end"]] for s in citation["spans"]]
        expect(marks.first).to_be_in_viewport()
    assert {urlsplit(url).hostname for url in watched.requests} == {"127.0.0.1"}
    assert (watched.errors, watched.dialogs) == ([], [])


def test_the_nearest_passages_of_an_abstention_are_called_no_answer(
    watched: Watched, seeds_service: str
) -> None:
    page = watched.page
    page.goto(seeds_service)
    outcome = ask(page, UNANSWERABLE)
    assert outcome["abstained"] is True
    expect(page.locator(".abstention:visible")).to_have_text("来源中没有找到答案")
    expect(page.locator(".reply > .answer")).to_have_count(0)
    near = page.locator(".reply > .citations .beside, .reply > .folded").first
    expect(near).to_be_visible()
    assert set(page.locator(".beside .warning").all_text_contents()) == {"不是答案"}
    expect(page.locator(".beside")).to_have_count(len(outcome["citations"]))
    expect(page.locator(".beside mark")).to_have_count(0)
    expect(page.locator("#announcement")).to_have_text("来源中没有找到答案")
    for at in range(2):
        open_citation(page, at=at)
        quote = "".join(page.locator("#pane-text mark").all_text_contents())
        assert quote == outcome["citations"][at]["quote"]


def test_an_example_comes_from_the_collection_and_is_answered(watched: Watched, seeds_service: str) -> None:
    page = watched.page
    page.goto(seeds_service)
    example = page.locator(".example", has_text="多少个病种分级诊疗暂停执行？")
    expect(example.locator(".from")).to_have_text("见《265个病种分级诊疗暂停执行》")
    example.click()
    expect(page.locator(".reply > .answer")).to_have_text("265个", timeout=ANSWERS_WITHIN_MS)
    expect(page.locator("#welcome")).to_be_hidden()
