"""What a person does at the page: asks, reads, comes back, copies, chooses where to look."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Opened, Watched, ask, open_citation, opened, wait_until_drawn
from tests.web.room import ANSWER, QUESTION, UNANSWERABLE, Room, pages


def shown(page: Page) -> list[str]:
    """Return the answers and abstentions on the page, in order."""
    return page.locator(".reply > :is(.answer, .abstention)").all_text_contents()


def test_a_conversation_survives_a_reload_with_its_citations(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    first, second = ask(page, QUESTION), ask(page, UNANSWERABLE)
    assert (first["answer"], second["answer"]) == (ANSWER, None)
    page.reload()
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    expect(page.locator(".exchange")).to_have_count(2)
    assert shown(page) == [ANSWER, "来源中没有找到答案"]
    assert page.locator(".asked .words").all_text_contents() == [QUESTION, UNANSWERABLE]
    page.locator(".exchange").first.locator(".source").first.click()
    expect(page.locator("#pane-text mark")).to_have_text(ANSWER)
    assert watched.asked[1]["before"] == {"question": QUESTION, "title": "市委常委会召开会议"}


def test_a_link_opens_its_answer_in_another_tab_and_nothing_else(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    ask(page, UNANSWERABLE)
    outcome = ask(page, QUESTION)
    page.locator(".exchange").last.get_by_role("link", name="链接").click()
    assert page.url.endswith(f"/#a={outcome['id']}")
    with page.context.new_page() as other:
        other.goto(page.url)
        expect(other.locator(".reply > .answer")).to_have_text(ANSWER)
        expect(other.locator(".exchange")).to_have_count(1)
        ask(other, UNANSWERABLE)
        expect(other.locator(".exchange")).to_have_count(2)
    page.reload()
    expect(page.locator(".exchange")).to_have_count(2)
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)


def test_a_link_that_is_followed_and_left_again_at_once_does_no_harm(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    id = ask(page, QUESTION)["id"]
    page.locator("#fresh").click()
    late: list[Route] = []
    page.route("**/v1/answers/*", lambda each: late.append(each))
    with page.expect_request("**/v1/answers/*"):
        page.evaluate("(id) => { location.hash = `a=${id}`; }", id)
    page.locator("#fresh").click()
    with page.expect_response("**/v1/answers/*"):
        late[0].continue_()
    wait_until_drawn(page)
    expect(page.locator(".exchange")).to_have_count(0)
    assert watched.errors == []


def test_a_deleted_answer_is_gone_for_its_link_too(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    outcome = ask(page, QUESTION)
    page.get_by_role("button", name="删去").click()
    expect(page.get_by_role("button", name="保留")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="删去")).to_be_focused()
    page.get_by_role("button", name="删去").click()
    page.locator(".confirm .sure").click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    assert reading_room.room.service.answers.count() == 0
    page.goto(f"{reading_room.address}/#a={outcome['id']}")
    page.reload()
    expect(page.locator(".failure")).to_have_text("这个回答已经不在了：过了期，或已被删去")


def test_an_answer_that_is_not_kept_says_so_and_is_gone_after_a_reload(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    with opened(Room(pages(), folder=tmp_path / "index", keep_answers=False)) as there:
        page.goto(there.address)
        page.locator("#question").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
        expect(page.locator(".notkept")).to_contain_text("刷新页面后就没有了")
        expect(page.locator(".actions a")).to_have_count(0)
        page.reload()
        expect(page.locator("#welcome")).to_be_visible()
        expect(page.locator(".exchange")).to_have_count(0)


def test_passages_come_first_and_the_answer_takes_their_place(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    page.evaluate(
        """() => {
          window.seen = [];
          const look = () => {
            const warnings = document.querySelectorAll(".reply .warning");
            window.seen.push(...Array.from(warnings, (each) => each.textContent));
          };
          new MutationObserver(look).observe(document.getElementById("conversation"), {
            childList: true, subtree: true,
          });
        }"""
    )
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    assert set(page.evaluate("window.seen")) == {"还不是答案"}
    expect(page.locator(".warning")).to_have_count(0)


def test_a_failure_in_the_middle_of_a_stream_is_told(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    problem = json.dumps({"status": 503, "detail": "索引刚刚损坏"})
    page.route(
        "**/v1/ask",
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body=f'event: passages\r\ndata: {{"results": []}}\r\n\r\nevent: error\ndata: {problem}\n\n',
        ),
    )
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_have_text("索引刚刚损坏")
    expect(page.locator("#question")).to_have_value(QUESTION)


def test_a_busy_service_says_when_to_try_again_and_then_it_works(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.clock.install()
    page.goto(reading_room.address)
    busy = {"status": 503, "detail": "排队的人太多"}
    page.route(
        "**/v1/ask",
        lambda route: route.fulfill(status=503, headers={"Retry-After": "7"}, json=busy),
        times=1,
    )
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_have_text("排队的人太多7 秒后可以再试")
    again = page.get_by_role("button", name="再试")
    expect(again).to_be_disabled()
    page.clock.run_for(7_500)
    expect(again).to_be_enabled()
    expect(page.locator("#question")).to_have_value(QUESTION)
    again.click()
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator("#question")).to_have_value("")


def test_what_refuses_a_page_is_told_as_it_is_and_not_as_a_lack_of_keys(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    refused = {"status": 403, "code": "origin_refused", "detail": "拒绝来自其他网站页面的请求"}
    page.route("**/v1/ask", lambda route: route.fulfill(status=403, json=refused))
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_have_text("拒绝来自其他网站页面的请求")


def test_a_key_is_asked_for_until_it_is_the_right_one_and_kept_for_the_tab(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    keys: list[str | None] = []

    def guard(route: Route) -> None:
        key = route.request.headers.get("authorization")
        keys.append(key)
        if key == "Bearer qa_right":
            route.fallback()
        else:
            route.fulfill(status=401, json={"status": 401, "detail": "需要密钥"})

    page.route("**/v1/**", guard)
    page.goto(reading_room.address)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("只留在这个标签页里")
    dialog.get_by_label("密钥").fill("qa_wrong")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("这把密钥不对")
    # What no header may hold, as an input method writes it: no request could be made with it.
    dialog.get_by_label("密钥").fill("ｑａ＿ｒｉｇｈｔ")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("密钥")).to_have_value("")
    expect(dialog).to_contain_text("这把密钥不对")
    dialog.get_by_label("密钥").fill("qa_right")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#ear-counts")).to_have_text("馆藏 2 份来源，3 篇文章")
    assert ask(page, QUESTION)["answer"] == ANSWER
    page.reload()
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    assert keys[-1] == "Bearer qa_right"
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_answer_is_copied_with_its_citation(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reading_room.address)
    ask(page, QUESTION)
    page.get_by_role("button", name="复制并注明出处").click()
    expect(page.locator("#announcement")).to_have_text("已复制答案与出处")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (
        f"{ANSWER}\n——《市委常委会召开会议》，吕梁日报，2023年2月16日，康桂芳，吕梁日报/一版.txt"
    )


def test_a_paper_and_days_narrow_what_is_asked(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    page.locator(".scope summary").click()
    page.get_by_label("报纸或来源").select_option(label="并州晚报")
    page.get_by_label("不早于").fill("2023-02-20")
    expect(page.locator("#scope-told")).to_have_text("并州晚报 · 2023年2月20日起")
    outcome = ask(page, QUESTION)
    assert watched.asked[-1]["filters"] == {"newspapers": ["并州晚报"], "from": "2023-02-20"}
    assert {each["article"]["source"] for each in outcome["citations"]} == {"晚报.txt"}
    expect(page.locator(".within")).to_have_text("范围：并州晚报 · 2023年2月20日起")
    expect(page.get_by_label("不晚于")).to_be_hidden()
    page.locator(".scope summary").click()
    page.get_by_label("不晚于").fill("2023-01-01")
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#remark")).to_contain_text("「不早于」晚于「不晚于」")
    page.get_by_role("button", name="清除范围").click()
    page.get_by_label("报纸或来源").select_option(label="晚报.txt")
    assert len(ask(page, QUESTION)["citations"]) == 1
    assert watched.asked[-1]["filters"] == {"sources": ["晚报.txt"]}
    page.reload()
    expect(page.locator(".within").first).to_have_text("范围：并州晚报 · 2023年2月20日起")


def test_the_page_speaks_english_and_the_papers_stay_chinese(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    ask(page, QUESTION)
    page.get_by_role("button", name="Switch to English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator(".reply > .certainty")).to_have_text("Very sure")
    expect(page.locator(".citation .day").first).to_have_text("16 February 2023")
    expect(page.locator(".citation .title").first).to_have_text("《市委常委会召开会议》")
    for told in (".reply > .answer", ".citation .title", "blockquote", "#pane-text", ".holding .name"):
        assert page.locator(told).first.get_attribute("lang") == "zh", told
    page.reload()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.get_by_placeholder("What would you like to know")).to_be_visible()


def test_a_question_can_be_stopped_and_comes_back(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".reply .waiting")).to_be_visible()
    page.locator("#question").fill("下一问")
    page.keyboard.press("Enter")
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator("#question")).to_have_value("下一问")
    page.locator("#question").fill("")
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(page.locator("#question")).to_have_value(QUESTION)
    assert len(held) == 1


def test_what_is_typed_is_counted_in_characters_and_input_methods_send_nothing(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    box = page.locator("#question")
    expect(box).to_be_focused()
    box.fill("吕梁")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(page.locator(".exchange")).to_have_count(0)
    box.fill("😀" * 501)
    page.keyboard.press("Enter")
    expect(page.locator("#remark")).to_have_text("问题有 501 字，上限是 500 字；请缩短后再问")
    assert ask(page, "😀" * 500)["question"] == "😀" * 500


def test_everything_is_reached_by_the_keyboard(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    sources = page.locator(".reply > .citations .source")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if sources.first.evaluate("each => each === document.activeElement"):
            break
    expect(sources.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(sources.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-close")).to_be_focused()
    expect(page.locator("#pane-which")).to_have_text("第 1 处，共 2 处")
    expect(page.locator("#pane-text mark")).to_have_text(ANSWER)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pane-title")).to_have_text("走访社区")
    expect(sources.nth(1)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="文章", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-text")).to_have_text("昨天，市委书记孙大军到社区走访。")
    page.keyboard.press("Escape")
    expect(page.locator("#pane")).to_be_hidden()
    expect(sources.nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#question")).to_have_value(QUESTION)


def test_the_keyboard_is_never_lost(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    box = page.locator("#question")
    page.goto(reading_room.address)
    ask(page, QUESTION)
    open_citation(page)
    page.locator("#pane-next").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane-which")).to_have_text("第 2 处，共 2 处")
    expect(page.locator("#pane-previous")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pane-next")).to_be_focused()
    # Whoever writes the next question goes on writing.
    box.focus()
    page.keyboard.press("Escape")
    expect(page.locator("#pane")).to_be_hidden()
    expect(box).to_be_focused()
    # What the pane was opened from was drawn anew, and is another button now.
    open_citation(page)
    page.locator("#language").click()
    page.locator("#pane-close").click()
    expect(box).to_be_focused()


def test_two_tabs_keep_their_own_conversations(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    with page.context.new_page() as other:
        other.goto(reading_room.address)
        ask(page, QUESTION)
        ask(other, UNANSWERABLE)
        open_citation(page)
        expect(other.locator("#pane")).to_be_hidden()
        for tab in (page, other):
            tab.reload()
            expect(tab.locator(".reply > :is(.answer, .abstention)")).to_have_count(1)
        assert shown(page) == [ANSWER]
        assert shown(other) == ["来源中没有找到答案"]


def test_an_article_on_the_shelf_is_read_without_asking(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    expect(page.locator(".example .words")).to_have_text("市委常委会什么时候召开会议？")
    page.locator("#shelf button", has_text="12项民生实事公布").click()
    expect(page.locator("#pane-text")).to_have_text("全市最低工资标准为1880元。")
    expect(page.locator("#pane-facts")).to_contain_text("吕梁日报")
    assert watched.asked == []
