"""Putting papers in and taking them out, at the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Route, expect

from tests.fakes import over_two_pages
from tests.web.conftest import Opened, Watched, ask, held_back, open_citation, opened
from tests.web.room import ANSWER, QUESTION, UNANSWERABLE, Room, pages

WITHDRAWN = "所引的来源已被移除或改动，这个回答也随之撤下"
COAL_PAGE = "煤炭产量再创新高\n\n本报讯（记者 王强）3月1日，全市煤炭产量为三十六万吨。\n"
COAL = "全市煤炭产量为多少？"


def paper(name: str, content: bytes) -> FilePayload:
    """Return a file to choose."""
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def test_a_file_is_put_in_and_asked_about_and_one_that_is_no_text_is_refused(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    assert ask(page, COAL)["abstained"]
    page.locator("#files").set_input_files(
        [paper("煤炭.txt", COAL_PAGE.encode()), paper("图.txt", bytes(range(256)) * 4)]
    )
    expect(page.locator(".upload")).to_have_count(2)
    first, second = page.locator(".upload").all()
    expect(first.locator(".state")).to_have_text("已收入，1 篇文章")
    expect(first.locator(".titles li")).to_have_text("煤炭产量再创新高")
    expect(second.locator(".state")).to_contain_text("未收入：不是文本文件")
    expect(page.locator("#announcement")).to_have_text("2 个文件，收入 1 个")
    expect(page.locator(".holding .name")).to_have_text(["吕梁日报/一版.txt", "晚报.txt", "煤炭.txt"])
    outcome = ask(page, COAL)
    assert outcome["answer"] == "三十六万吨"
    open_citation(page)
    expect(page.locator("#pane-text mark")).to_have_text("三十六万吨")


def test_a_file_that_is_dragged_onto_the_page_is_put_in(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    expect(page.locator(".holding")).to_have_count(2)
    dragged = page.evaluate_handle(
        """() => {
          const dragged = new DataTransfer();
          dragged.items.add(new File(["全市煤炭产量为三十六万吨。"], "拖来.txt", { type: "text/plain" }));
          return dragged;
        }"""
    )
    page.dispatch_event("main", "dragover", {"dataTransfer": dragged})
    expect(page.locator("#overlay")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": dragged})
    expect(page.locator("#overlay")).to_be_hidden()
    expect(page.locator(".upload .state")).to_have_text("已收入，1 篇文章")
    expect(page.locator(".holding .name").last).to_have_text("晚报.txt")
    expect(page.locator(".holding", has_text="拖来.txt")).to_have_count(1)
    # A folder cannot be dragged by a test; this is what a browser hands over for one.
    names = page.evaluate(
        """async () => {
          const { filesIn } = await import("/dragged.js");
          const file = (name) => ({ isFile: true, name, file: (done) => done(new File([], name)) });
          const folder = (...parts) => ({
            createReader: () => ({ readEntries: (done) => done(parts.shift() ?? []) }), name: "夹",
          });
          const deep = folder([file("甲.txt"), file(".隐藏"), folder([file("乙.txt")])], [file("丙.txt")]);
          const items = [{ webkitGetAsEntry: () => deep }, { webkitGetAsEntry: () => file("丁.txt") }];
          return (await filesIn({ items, files: [] })).map(({ name }) => name);
        }"""
    )
    assert names == ["甲.txt", "乙.txt", "丙.txt", "丁.txt"]


def test_of_a_folder_that_cannot_be_read_it_is_said_and_the_rest_is_put_in(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    expect(page.locator(".holding")).to_have_count(2)
    # Neither can be dragged by a test; this is what a browser hands over for them.
    page.evaluate(
        """(content) => {
          const refused = (_, fail) => fail(new DOMException("", "NotReadableError"));
          const locked = { name: "锁着的夹", createReader: () => ({ readEntries: refused }) };
          const gone = { isFile: true, name: "移走的.txt", file: refused };
          const coal = new File([content], "煤炭.txt");
          const parts = [[{ isFile: true, name: coal.name, file: (done) => done(coal) }, gone, locked]];
          // Fails after it has handed out a part.
          const readEntries = (done, fail) => (parts.length ? done(parts.shift()) : refused(done, fail));
          const folder = { name: "夹", createReader: () => ({ readEntries }) };
          const drop = new Event("drop", { bubbles: true, cancelable: true });
          const items = [locked, folder].map((entry) => ({ webkitGetAsEntry: () => entry }));
          Object.defineProperty(drop, "dataTransfer", { value: { types: ["Files"], items, files: [] } });
          document.querySelector("main").dispatchEvent(drop);
        }""",
        COAL_PAGE,
    )
    unread = "未收入：浏览器读不了，可能没有权限，或已被移走"
    expect(page.locator(".upload .name")).to_have_text(
        ["锁着的夹", "煤炭.txt", "移走的.txt", "锁着的夹", "夹"]
    )
    expect(page.locator(".upload .state")).to_have_text([unread, "已收入，1 篇文章", unread, unread, unread])
    expect(page.locator("#announcement")).to_have_text("5 个文件，收入 1 个")
    assert watched.errors == []


def test_a_source_is_removed_only_when_it_is_meant_and_answers_no_more(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    assert len(ask(page, QUESTION)["citations"]) == 2
    open_citation(page)
    page.set_viewport_size({"width": 1920, "height": 900})
    page.get_by_role("button", name="移除 吕梁日报/一版.txt").click()
    expect(page.locator(".confirm")).to_contain_text("不能撤销")
    page.get_by_role("button", name="保留").click()
    expect(page.locator(".holding")).to_have_count(2)
    page.get_by_role("button", name="移除 吕梁日报/一版.txt").click()
    page.locator(".confirm .sure").click()
    expect(page.locator(".holding .name")).to_have_text(["晚报.txt"])
    expect(page.locator("#pane")).to_be_hidden()
    expect(page.locator("#announcement")).to_have_text("已移除 吕梁日报/一版.txt")
    for _ in range(3):
        # At once, when the page is opened again, and when it is opened once more.
        expect(page.locator(".exchange .words")).to_have_text(QUESTION)
        expect(page.locator(".exchange .words")).to_be_visible()
        expect(page.locator(".exchange .failure")).to_have_text(WITHDRAWN)
        assert ANSWER not in (page.locator("#conversation").text_content() or "")
        page.reload()
    page.get_by_role("button", name="再问一次").click()
    expect(page.locator(".reply > .answer")).to_have_text(ANSWER)
    expect(page.locator(".exchange")).to_have_count(1)
    sources = [each["article"]["source"] for each in ask(page, QUESTION)["citations"]]
    assert sources == ["晚报.txt"]


def test_what_was_removed_elsewhere_is_gone_here_too(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 900})
    page.goto(reading_room.address)
    outcome = ask(page, QUESTION)
    held = page.request.get(f"{reading_room.address}/v1/sources").json()["sources"]
    for path in (f"answers/{outcome['id']}", f"sources/{held[-1]['id']}"):
        assert page.request.delete(f"{reading_room.address}/v1/{path}").status == 204
    page.get_by_role("button", name="删去").click()
    page.locator(".confirm .sure").click()
    expect(page.locator(".exchange")).to_have_count(0)
    page.get_by_role("button", name=f"移除 {held[-1]['name']}").click()
    page.locator(".confirm .sure").click()
    expect(page.locator(".holding .name")).to_have_text([held[0]["name"]])


def test_what_was_removed_lies_on_the_shelf_no_more(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 900})
    page.goto(reading_room.address)
    shelf = page.locator("#shelf .title")
    expect(shelf).to_have_text(["市委常委会召开会议", "12项民生实事公布", "走访社区"])
    ask(page, UNANSWERABLE)
    for name, left in (("晚报.txt", ["市委常委会召开会议", "12项民生实事公布"]), ("吕梁日报/一版.txt", [])):
        page.get_by_role("button", name=f"移除 {name}").click()
        page.locator(".confirm .sure").click()
        expect(page.locator("#announcement")).to_have_text(f"已移除 {name}")
        if left:
            page.locator("#fresh").click()
        expect(shelf).to_have_text(left)
    expect(page.locator("#empty")).to_be_visible()


def test_an_article_is_not_read_on_when_one_of_its_pages_was_removed(
    watched: Watched, chromium: Browser, tmp_path: Path
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 900})
    page.route("**/v1/sources/*", lambda each: each.fulfill(status=204) if removes(each) else each.fallback())
    with opened(Room(over_two_pages(), folder=tmp_path / "index")) as there:
        page.goto(there.address)
        ask(page, "大会什么时候开幕？")
        page.locator(".exchange .source", has_text="一版.txt").first.click()
        expect(page.locator("#pane-text")).to_contain_text("大会开幕。煤炭产量稳步增长。企业复工。")
        page.get_by_role("button", name="移除 四版.txt").click()
        page.locator(".confirm .sure").click()
        expect(page.locator("#pane")).to_be_hidden()


def removes(route: Route) -> bool:
    """Tell whether a request takes something away."""
    return route.request.method == "DELETE"


def test_of_a_file_of_records_it_is_said_which_were_refused(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    record = '{"id": "煤", "title": "煤炭", "text": "全市煤炭产量为三十六万吨。"}'
    page.locator("#files").set_input_files(paper("记录.jsonl", f"{record}\n{{坏\n".encode()))
    expect(page.locator(".upload .state")).to_have_text("已收入，1 篇文章")
    expect(page.locator(".upload .partly")).to_contain_text(
        "其中 1 条没有收入：记录.jsonl:2：不是合法的 JSON"
    )


def test_of_a_file_of_many_records_it_is_said_how_many_were_taken(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    lines = [f'{{"id": "桥{at}", "text": "第{at}座桥今天通车。"}}' for at in range(101)]
    chooser, state = page.locator("#files"), page.locator(".upload .state")
    chooser.set_input_files(paper("桥.jsonl", "\n".join(lines).encode()))
    expect(state).to_have_text("已收入，101 份来源")
    more = [*lines, '{"id": "路", "text": "新路今天通车。"}', '{"id": "塔", "text": "新塔今天落成。"}']
    chooser.set_input_files(paper("桥.jsonl", "\n".join(more).encode()))
    expect(state).to_have_text(["已收入，101 份来源", "已收入，2 份来源"])


def test_whether_a_source_is_to_be_removed_stays_asked_while_the_list_is_drawn_anew(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 900})
    page.goto(reading_room.address)
    page.get_by_role("button", name="移除 晚报.txt").click()
    expect(page.get_by_role("button", name="保留")).to_be_focused()
    added = paper("一览.txt", COAL_PAGE.encode())
    assert page.request.post(f"{reading_room.address}/v1/sources", multipart={"files": added}).ok
    page.evaluate("import('/collection.js').then(({ refresh }) => refresh())")
    expect(page.locator(".holding")).to_have_count(3)
    expect(page.locator(".holding .name")).to_have_text(["一览.txt", "吕梁日报/一版.txt"])
    expect(page.locator(".holding").last).to_contain_text("移除 晚报.txt？")
    expect(page.get_by_role("button", name="保留")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".holding .name")).to_have_text(["一览.txt", "吕梁日报/一版.txt", "晚报.txt"])
    page.get_by_role("button", name="移除 晚报.txt").click()
    page.locator(".confirm .sure").click()
    expect(page.locator(".holding .name")).to_have_text(["一览.txt", "吕梁日报/一版.txt"])


def test_what_the_collection_was_before_does_not_come_back(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 900})
    page.goto(reading_room.address)
    expect(page.locator(".holding")).to_have_count(2)
    look = "import('./collection.js').then(({ refresh }) => void refresh())"
    with held_back(page, f"{reading_room.address}/v1/sources", asking=look):
        page.get_by_role("button", name="移除 晚报.txt").click()
        page.locator(".confirm .sure").click()
        expect(page.locator(".holding")).to_have_count(1)
    expect(page.locator(".holding")).to_have_count(1)


def test_a_link_to_an_answer_whose_source_was_removed_says_so_and_asks_again(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    page.goto(reading_room.address)
    page.locator(".scope summary").click()
    page.get_by_label("报纸或来源").select_option(label="晚报.txt")
    outcome = ask(page, QUESTION)
    held = page.request.get(f"{reading_room.address}/v1/sources").json()["sources"]
    id = next(each["id"] for each in held if each["name"] == "晚报.txt")
    assert page.request.delete(f"{reading_room.address}/v1/sources/{id}").status == 204
    with page.context.new_page() as other:
        other.goto(f"{reading_room.address}/#a={outcome['id']}")
        expect(other.locator(".exchange .words")).to_have_text(QUESTION)
        expect(other.locator(".exchange .words")).to_be_visible()
        expect(other.locator(".failure")).to_have_text(WITHDRAWN)
        other.get_by_role("button", name="再问一次").click()
        expect(other.locator(".citation .file").first).to_have_text("吕梁日报/一版.txt")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    with opened(Room(pages(), folder=tmp_path / "index", max_body_bytes=2**20)) as there:
        page.goto(there.address)
        expect(page.locator(".holding")).to_have_count(2)
        dragged = page.evaluate_handle(
            """() => {
              const dragged = new DataTransfer();
              dragged.items.add(new File([new Uint8Array(2 ** 20)], "大.txt"));
              return dragged;
            }"""
        )
        page.dispatch_event("main", "drop", {"dataTransfer": dragged})
        told = "未收入：文件超过 1 MiB，太大了；请分成几份，或用 qa index 收入"
        expect(page.locator(".upload .state")).to_have_text(told)
        assert f"{there.address}/v1/sources" not in watched.sent


def test_a_source_that_changed_is_not_marked_at_the_old_place(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    ask(page, QUESTION)
    held = page.request.get(f"{reading_room.address}/v1/sources").json()["sources"]
    id = next(each["id"] for each in held if each["name"] == "吕梁日报/一版.txt")

    page.route(
        f"**/v1/sources/{id}",
        lambda route: route.fulfill(json={"id": id, "name": "吕梁日报/一版.txt", "text": "换了一篇。" * 20}),
    )
    open_citation(page)
    expect(page.locator("#pane-text .failure")).to_have_text("来源已经改动，引文不在原来的位置上；请重新提问")
    expect(page.locator("#pane-text mark")).to_have_count(0)


def test_a_source_opens_word_for_word(watched: Watched, reading_room: Opened) -> None:
    page = watched.page
    page.goto(reading_room.address)
    page.locator(".holding .open").last.click()
    expect(page.locator("#pane-text")).to_have_text("昨天，市委书记孙大军到社区走访。")
    expect(page.locator("#pane-views")).to_be_hidden()


def test_of_a_very_large_collection_the_list_is_fetched_only_when_it_is_looked_through(
    watched: Watched, reading_room: Opened
) -> None:
    page = watched.page
    short = page.request.get(f"{reading_room.address}/v1/collection").json() | {"sources": 43_000}
    page.route("**/v1/collection", lambda route: route.fulfill(json=short))
    page.goto(reading_room.address)
    expect(page.locator("#sources-rest")).to_have_text("另有 43000 份；请按名称找")
    assert f"{reading_room.address}/v1/sources" not in watched.requests
    page.get_by_label("按名称找来源").fill("晚报")
    expect(page.locator(".holding .name")).to_have_text(["晚报.txt"])
    expect(page.locator("#sources-rest")).to_be_empty()
