"""Batches at the page: a file in, progress, report and predictions out; the report opened from disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from qa.web.key_file import KeyFile
from qa.web.keys import Access
from tests.evaluation.made import BATCH
from tests.evaluation.test_page import HOSTILE, page_of
from tests.web.batch_calls import lines_of, question
from tests.web.conftest import ANSWERS_WITHIN_MS, Watched, faults, held_back, overflow, wait_until_drawn
from tests.web.running import WAITS_S, Gate, Paper
from tests.web.served import served
from tests.web.test_batches import UNKNOWN, WAGE, WageReader

OFFLINE = "连不上服务，请确认它在运行，然后再试"
FIVE = [
    WAGE,
    UNKNOWN,
    question("w", "最低工资标准几类？", "三类"),
    question("h", HOSTILE, HOSTILE),
    question("e", " "),
]


def file_of(name: str, content: bytes) -> FilePayload:
    """Return a file to choose."""
    return {"name": name, "mimeType": "", "buffer": content}


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A service with its address, and a reader that may be held."""

    address: str
    gate: Gate


@pytest.fixture
def there(chromium: Browser, tmp_path: Path) -> Iterator[There]:
    """Return a service whose reader waits until it is let go on."""
    gate = Gate()
    app = Paper(reader=gate).app(index=tmp_path, keep_answers=False)
    with served(app) as address:
        yield There(address=address, gate=gate)
        gate.open.set()


@pytest.fixture
def service(chromium: Browser, tmp_path: Path) -> Iterator[str]:
    """Return the address of a service that answers questions on wages."""
    with served(Paper(reader=WageReader()).app(index=tmp_path, keep_answers=False)) as address:
        yield address


def hand_in(page: Page, *files: FilePayload) -> None:
    """Choose files."""
    page.locator("#files").set_input_files(list(files))


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    watched: Watched, chromium: Browser, tmp_path: Path
) -> None:
    page = watched.page
    app = Paper(reader=WageReader()).app(index=tmp_path, keep_answers=False, max_body_bytes=2**20)
    with served(app) as address:
        page.goto(f"{address}/batches.html")
        hand_in(page, file_of("大.jsonl", b" " * 2**20), file_of("五题.jsonl", lines_of(FIVE)))

        expect(page.locator("#remark")).to_have_text("大.jsonl：文件超过 1 MiB，太大了；请分成几份再交")
        expect(page.locator(".batch .name")).to_have_text(["五题.jsonl"])
        assert len([each for each in watched.sent if "/v1/batches" in each]) == 1


def test_a_file_is_handed_in_and_its_report_opens_with_filters_that_work(
    watched: Watched, service: str
) -> None:
    page = watched.page
    page.goto(service)
    page.get_by_role("link", name="批量评测").click()
    expect(page).to_have_title("批量评测 · 问报")
    expect(page.locator("#none")).to_be_visible()

    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)), file_of("坏.jsonl", b"{"))

    expect(page.locator(".batch .state")).to_have_text("问完了，共 5 题")
    expect(page.locator("#remark")).to_have_text(
        "坏.jsonl 第 1 行：不是 JSON（第 2 个字符：Expecting property name enclosed in double quotes）"
    )
    with page.expect_popup(timeout=ANSWERS_WITHIN_MS) as opened:
        page.get_by_role("link", name="看报告 五题.jsonl").click()
    report = opened.value
    faults: list[str] = []
    report.on("console", lambda said: faults.append(said.text))
    expect(report.locator("h1")).to_have_text("评测：五题.jsonl")
    expect(report.locator("figure svg")).to_have_count(3)
    assert_filters_work(report, bad=3, kept="最低工资标准是多少？")
    # Enter in the field must not try to send anything, which the fence would refuse with a fault.
    report.locator("input[name=words]").press("Enter")
    assert faults == []
    # Even what got into it could reach nothing of the service.
    assert report.evaluate("window.origin") == "null"
    # The browser's own remark on the file that was refused.
    assert [each.partition(" (")[0] for each in watched.errors] == [
        "Failed to load resource: the server responded with a status of 422"
    ]
    assert watched.dialogs == []
    assert all(each.startswith(service) for each in watched.requests)


def assert_filters_work(report: Page, *, bad: int, kept: str) -> None:
    """Check that filters show what they are set to, and nothing else."""
    shown = report.locator(".question:visible")
    count, ending, words = (
        report.locator("#count"),
        report.locator("[name=ending]"),
        report.locator("[name=words]"),
    )
    every = shown.count()
    expect(count).to_have_text(f"{every} 题")
    ending.select_option("bad")
    expect(shown).to_have_count(bad)
    expect(count).to_have_text(f"{bad} 题")
    ending.select_option("right")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(kept)
    words.fill("这样的字哪里也没有")
    expect(shown).to_have_count(0)
    ending.select_option("")
    words.fill(kept)
    expect(shown).to_have_count(1)
    words.fill("")
    expect(shown).to_have_count(every)


def test_progress_is_shown_and_what_is_stopped_keeps_what_it_has(watched: Watched, there: There) -> None:
    page = watched.page
    page.goto(f"{there.address}/batches.html")
    hand_in(
        page, file_of("长.jsonl", lines_of([question(str(at), f"工资{at}？", "甲") for at in range(300)]))
    )
    expect(page.locator(".batch .state")).to_have_text("等候中，共 300 题")
    assert there.gate.reached.acquire(timeout=WAITS_S)

    page.get_by_role("button", name="停下 长.jsonl").click()
    expect(page.get_by_role("button", name="接着问")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="停下 长.jsonl")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".confirm .sure").click()

    expect(page.locator(".batch .state")).to_have_text("已停下，问了 0 / 300 题")
    expect(page.get_by_role("button", name="停下 长.jsonl")).to_be_hidden()
    there.gate.open.set()
    page.get_by_role("button", name="删去 长.jsonl").click()
    page.locator(".confirm .sure").click()
    expect(page.locator("#none")).to_be_visible()
    assert watched.errors == []


def test_how_far_a_batch_has_come_is_told_in_words(watched: Watched, service: str) -> None:
    page = watched.page
    batch = {
        "id": "x",
        "name": "五千题.jsonl",
        "state": "running",
        "asked": 120,
        "of": 5000,
        "seconds_left": 2440.0,
        "made_at": "2026-03-01T08:30:00Z",
        "ended_at": None,
        "fault": "index_damaged",
        "report": "reports/x.1.y",
    }
    page.route("**/v1/batches", lambda route: route.fulfill(json={"batches": [batch]}))
    page.goto(f"{service}/batches.html")

    expect(page.locator(".batch .state")).to_have_text("已问 120 / 5000 题、约还要 41 分钟")
    expect(page.locator(".batch .fault")).to_have_text("暂时问不下去（index_damaged），会自动再试")
    expect(page.locator(".batch progress")).to_have_js_property("value", 120)
    batch |= {"seconds_left": 20_000.0, "asked": 240, "fault": None}
    expect(page.locator(".batch .state")).to_have_text("已问 240 / 5000 题、约还要 6 小时")
    expect(page.locator(".batch .fault")).to_be_hidden()
    page.locator("#language").click()
    expect(page.locator(".batch .state")).to_have_text("240 of 5000 questions asked, about 6 hours left")


def test_that_the_service_gives_no_answer_is_said_until_it_does(watched: Watched, service: str) -> None:
    page, remark = watched.page, watched.page.locator("#remark")
    page.clock.install()
    page.goto(f"{service}/batches.html")
    expect(page.locator("#none")).to_be_visible()
    page.route("**/v1/batches**", lambda route: route.abort())
    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))
    expect(remark).to_have_text(OFFLINE)
    page.clock.run_for(5_000)
    expect(remark).to_have_text(OFFLINE)

    page.unroute("**/v1/batches**")
    page.clock.run_for(5_000)

    expect(remark).to_be_empty()
    # What is wrong with a file does not pass when the service answers.
    hand_in(page, file_of("坏.jsonl", b"{"))
    expect(remark).to_contain_text("坏.jsonl 第 1 行：不是 JSON")
    with page.expect_response("**/v1/batches"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(remark).to_contain_text("坏.jsonl 第 1 行：不是 JSON")


def test_a_folder_is_handed_in_and_of_each_file_that_is_refused_it_is_said_why(
    watched: Watched, service: str
) -> None:
    page, remark = watched.page, watched.page.locator("#remark")
    page.goto(f"{service}/batches.html")
    expect(page.locator("#none")).to_be_visible()
    # A folder cannot be dragged by a test; this is what a browser hands over for one.
    page.evaluate(
        """([good, bad]) => {
          const made = (name, content) => (done) => done(new File([content], name));
          const file = (name, content) => ({ isFile: true, name, file: made(name, content) });
          const gone = { isFile: true, name: "移走的.jsonl", file: (_, fail) => fail(new DOMException("")) };
          const parts = [[file("好.jsonl", good), file("坏.jsonl", bad)], [gone]];
          const folder = {
            createReader: () => ({ readEntries: (done) => done(parts.shift() ?? []) }), name: "夹",
          };
          const drop = new Event("drop", { bubbles: true, cancelable: true });
          const items = [{ webkitGetAsEntry: () => folder }];
          Object.defineProperty(drop, "dataTransfer", { value: { types: ["Files"], items, files: [] } });
          document.querySelector("main").dispatchEvent(drop);
        }""",
        [lines_of(FIVE).decode(), "{"],
    )
    expect(page.locator(".batch .name")).to_have_text("好.jsonl")
    expect(remark).to_contain_text("坏.jsonl 第 1 行：不是 JSON")
    expect(remark).to_contain_text("移走的.jsonl：浏览器读不了，可能没有权限，或已被移走")


def test_a_file_that_did_not_arrive_is_not_forgotten_when_the_service_answers(
    watched: Watched, service: str
) -> None:
    page = watched.page
    page.goto(f"{service}/batches.html")
    page.route("**/v1/batches?name=*", lambda route: route.abort())
    with page.expect_response("**/v1/batches"):
        hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))
    wait_until_drawn(page)
    expect(page.locator("#remark")).to_have_text(f"五题.jsonl：{OFFLINE}")


def test_a_batch_that_was_deleted_does_not_come_back_with_an_older_list(
    watched: Watched, service: str
) -> None:
    page = watched.page
    page.goto(f"{service}/batches.html")
    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))
    expect(page.locator(".batch .state")).to_have_text("问完了，共 5 题")
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    with held_back(page, f"{service}/v1/batches", asking=look):
        page.get_by_role("button", name="删去 五题.jsonl").click()
        page.locator(".confirm .sure").click()
        expect(page.locator("#none")).to_be_visible()
    expect(page.locator(".batch")).to_have_count(0)


def test_predictions_that_did_not_come_are_said_to_be_missing_until_the_service_answers(
    watched: Watched, service: str
) -> None:
    page, remark = watched.page, watched.page.locator("#remark")
    page.goto(f"{service}/batches.html")
    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))
    expect(page.locator(".batch .state")).to_have_text("问完了，共 5 题")
    page.clock.install()
    page.route("**/predictions", lambda route: route.abort())
    page.get_by_role("button", name="下载结果 五题.jsonl").click()
    expect(remark).to_have_text(OFFLINE)

    page.clock.run_for(5_000)

    expect(remark).to_be_empty()


def test_predictions_are_saved_as_a_file(watched: Watched, service: str) -> None:
    page = watched.page
    page.goto(f"{service}/batches.html")
    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))

    with page.expect_download() as saved:
        page.get_by_role("button", name="下载结果 五题.jsonl").click()

    assert saved.value.suggested_filename == "五题.predictions.jsonl"
    lines = saved.value.path().read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [each["id"] for each in FIVE][: len(lines)]


def test_with_keys_the_report_opens_all_the_same(watched: Watched, tmp_path: Path) -> None:
    secret = KeyFile(tmp_path / "keys.json").add("编辑", access=Access.WRITE).secret
    app = Paper(reader=WageReader()).app(index=tmp_path, keep_answers=False, api_keys=tmp_path / "keys.json")
    page = watched.page
    with served(app) as address:
        page.goto(f"{address}/batches.html")
        page.locator("#key-box").fill(secret)
        page.locator("#key-form .sure").click()
        expect(page.locator("#none")).to_be_visible()
        hand_in(page, file_of("五题.jsonl", lines_of(FIVE)))
        with page.expect_popup(timeout=ANSWERS_WITHIN_MS) as opened:
            page.get_by_role("link", name="看报告 五题.jsonl").click()
        expect(opened.value.locator("h1")).to_have_text("评测：五题.jsonl")


def test_everybody_can_use_the_page(watched: Watched, service: str) -> None:
    page = watched.page
    page.goto(f"{service}/batches.html")
    hand_in(page, file_of("五题.jsonl", lines_of(FIVE)), file_of("很" * 150 + ".jsonl", lines_of([WAGE])))
    expect(page.locator(".batch .state")).to_have_text(["问完了，共 1 题", "问完了，共 5 题"])
    page.locator(".form summary").click()
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0
            found[f"{scheme} {width}"] = faults(page)
    page.locator("#language").click()
    page.get_by_role("button", name="Delete 五题.jsonl").click()
    found["english, asked whether to delete"] = faults(page)
    assert {where: what for where, what in found.items() if what} == {}


# The report as a file


def test_the_report_opens_from_disk_without_a_network(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "报告.html"
    path.write_text(page_of(*BATCH), encoding="utf-8")
    page = watched.page
    page.context.set_offline(True)

    page.goto(path.as_uri())

    expect(page.locator("figure svg")).to_have_count(3)
    for drawing in page.locator("figure svg").all():
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 120
        # Curves, points or bars beside the axes.
        assert drawing.locator("path").count() > 10
    assert_filters_work(page, bad=3, kept="刘星")
    assert (watched.errors, watched.dialogs) == ([], [])
    assert watched.requests == [path.as_uri()]


def test_no_script_but_its_own_runs_in_the_report(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "报告.html"
    # As if a text had come through unescaped.
    path.write_text(page_of(*BATCH).replace("</h1>", "</h1><script>alert(1)</script>", 1), encoding="utf-8")

    watched.page.goto(path.as_uri())
    watched.page.locator("[name=words]").fill("主持")

    assert watched.dialogs == []
    assert "Content Security Policy" in "".join(watched.errors)


def test_the_report_is_read_on_a_telephone_and_in_the_dark(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "报告.html"
    path.write_text(page_of(*BATCH), encoding="utf-8")
    page = watched.page
    page.goto(path.as_uri())
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, (scheme, width)
            found[f"{scheme} {width}"] = faults(page)
    assert {where: what for where, what in found.items() if what} == {}
