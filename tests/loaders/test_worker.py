"""What is not plain text is parsed in a process of its own, which may be killed at any time."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.domain.spans import Span
from qa.errors import (
    SourceBroken,
    SourceEmpty,
    SourceFailed,
    SourceMissing,
    SourceNotText,
    SourceTimedOut,
    SourceTooLarge,
    SurroundingsFailed,
)
from qa.loaders import worker as worker_module
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.parsed import Parsed, answered
from qa.loaders.table import make_loaders
from qa.loaders.walk import load_all
from qa.loaders.worker import Worker, memory_of
from tests.loaders.files import job

ROOT = Path(__file__).parent.parent.parent
QUICK = replace(DEFAULT_BOUNDS, parse_seconds=0.5, ocr_seconds=1.0)
SMALL = replace(DEFAULT_BOUNDS, memory_bytes=300 * 2**20)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker("tests.loaders.hostile")
    yield worker
    worker.close()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "版.x"
    path.write_text("大会", encoding="utf-8")
    return path


@pytest.fixture
def newspapers(tmp_path: Path) -> Path:
    (tmp_path / "版.html").write_text("<p>大会在京开幕。</p>", encoding="utf-8")
    return tmp_path


def parsed(worker: Worker, kind: str, page: Path, *, bounds: Bounds = DEFAULT_BOUNDS) -> str:
    return worker.parse(job(kind, path=page, bounds=bounds)).text


def pid(worker: Worker, page: Path) -> int:
    return int(parsed(worker, "well", page).split("：")[0])


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ")[-1][0] != "Z"
    except OSError:
        return False


def gone(pid: int, *, within: float = 5.0) -> bool:
    until = time.monotonic() + within
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_there(pid)


def test_one_process_reads_one_file_after_another(worker: Worker, page: Path) -> None:
    first = pid(worker, page)

    assert first != os.getpid()
    assert [pid(worker, page) for _ in range(20)] == [first] * 20


@pytest.mark.parametrize(
    ("kind", "bounds", "error", "said"),
    [
        ("hang", QUICK, SourceTimedOut, r"^报：解析超过 .* 秒，已停止.*QA_PARSE_SECONDS"),
        ("eat", SMALL, SourceBroken, r"^报：.*内存超过 300 MiB 的上限.*QA_MAX_PARSER_BYTES"),
        ("creep", SMALL, SourceBroken, r"^报：.*内存超过 300 MiB 的上限"),
        ("crash", DEFAULT_BOUNDS, SourceBroken, "^报：解析时进程意外结束"),
        ("leave", DEFAULT_BOUNDS, SourceBroken, "^报：解析时进程意外结束"),
        ("raise", DEFAULT_BOUNDS, SourceBroken, r"^报：无法解析（LookupError）"),
        ("recurse", DEFAULT_BOUNDS, SourceBroken, r"^报：无法解析（RecursionError）"),
        ("swell", DEFAULT_BOUNDS, SourceTooLarge, r"^报：提取出的文字超过 1 MiB 的上限"),
        ("halves", DEFAULT_BOUNDS, SourceNotText, "^报：提取出的大多不是文字"),
    ],
)
def test_a_parser_gone_wrong_fails_its_file_and_the_next_is_read(
    worker: Worker, page: Path, kind: str, bounds: Bounds, error: type[SourceFailed], said: str
) -> None:
    with pytest.raises(error, match=said):
        parsed(worker, kind, page, bounds=bounds)
    assert parsed(worker, "well", page).endswith("：大会")


def test_the_process_never_holds_more_memory_than_it_may(page: Path) -> None:
    worker = Worker("tests.loaders.hostile")
    watched = pid(worker, page)
    most = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, memory_of(watched))
            time.sleep(0.002)

    watching = threading.Thread(target=watch)
    watching.start()
    with pytest.raises(SourceBroken):
        parsed(worker, "eat", page, bounds=SMALL)
    done.set()
    watching.join()
    worker.close()

    assert 100 * 2**20 < most <= 300 * 2**20


def test_a_process_that_is_killed_at_work_fails_that_file_only(worker: Worker, page: Path) -> None:
    victim = pid(worker, page)
    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()

    with pytest.raises(SourceBroken, match="进程意外结束"):
        parsed(worker, "hang", page)
    assert pid(worker, page) != victim


def test_a_process_that_was_killed_between_files_is_not_noticed(worker: Worker, page: Path) -> None:
    victim = pid(worker, page)
    os.kill(victim, signal.SIGKILL)
    assert gone(victim)

    assert pid(worker, page) != victim


def test_a_process_that_was_stopped_leaves_nothing_running(worker: Worker, page: Path) -> None:
    first = pid(worker, page)
    with pytest.raises(SourceTimedOut):
        parsed(worker, "hang", page, bounds=QUICK)

    assert gone(first)


def test_pictures_get_time_of_their_own(worker: Worker, page: Path) -> None:
    assert parsed(worker, "pictures", page, bounds=QUICK) == "三张"
    with pytest.raises(SourceTimedOut, match=r"1 秒、另加 \d 张图片各 0 秒.*QA_OCR_SECONDS$"):
        parsed(worker, "pictures", page, bounds=replace(QUICK, parse_seconds=0.6, ocr_seconds=0.01))


def test_a_process_that_the_system_does_not_start_is_no_fault_of_the_file(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)

    with pytest.raises(SurroundingsFailed, match="无法启动（系统暂时腾不出资源）"):
        parsed(Worker("tests.loaders.hostile"), "well", page)


def test_a_process_that_ends_before_it_is_asked_is_no_fault_of_the_file(page: Path) -> None:
    with pytest.raises(SurroundingsFailed, match="无法启动（刚启动就结束了）"):
        parsed(Worker("tests.loaders.not_there"), "well", page)


def test_a_process_that_is_never_ready_is_no_fault_of_the_file(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "START_S", 0.0)

    with pytest.raises(SurroundingsFailed, match="无法启动（0 秒内没有就绪）"):
        parsed(Worker("tests.loaders.hostile"), "well", page)


def test_a_folder_is_not_read_past_a_file_that_no_process_can_be_started_for(
    newspapers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "BOOTSTRAP", "")

    with pytest.raises(SurroundingsFailed):
        list(load_all([str(newspapers)], limit=2**20, loaders=make_loaders(DEFAULT_BOUNDS, worker=Worker())))


def test_what_libraries_print_is_no_answer(worker: Worker, page: Path) -> None:
    assert [parsed(worker, "chatter", page) for _ in range(2)] == ["真", "真"]


def test_threads_wait_for_each_other_and_each_gets_its_own_answer(worker: Worker, tmp_path: Path) -> None:
    heard: dict[int, str] = {}

    def ask(number: int) -> None:
        path = tmp_path / f"{number}.x"
        path.write_text(str(number), encoding="utf-8")
        heard[number] = parsed(worker, "well", path).split("：")[1]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert heard == {number: str(number) for number in range(16)}


def test_a_thread_that_ended_does_not_take_the_process_with_it(page: Path) -> None:
    worker = Worker("tests.loaders.hostile")
    pids: list[int] = []
    thread = threading.Thread(target=lambda: pids.append(pid(worker, page)))
    thread.start()
    thread.join()
    time.sleep(0.1)

    assert pid(worker, page) == pids[0]
    worker.close()


def test_the_process_is_told_no_secret_and_loads_no_model(
    worker: Worker, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_API_KEYS", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    fresh = Worker("tests.loaders.hostile")
    names = parsed(fresh, "environment", page).split()
    fresh.close()

    assert not {"QA_API_KEYS", "AWS_SECRET_ACCESS_KEY", "torch", "numpy", "pydantic", "typer"} & set(names)


def test_a_file_that_vanished_is_missing(worker: Worker, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"^报：没有这个文件"):
        parsed(worker, "well", tmp_path / "没有.x")


def test_a_worker_that_was_closed_starts_again(page: Path) -> None:
    worker = Worker("tests.loaders.hostile")
    first = pid(worker, page)
    worker.close()

    assert gone(first)
    assert pid(worker, page) != first
    worker.close()
    worker.close()


def test_a_worker_that_nobody_holds_takes_its_process_with_it(page: Path) -> None:
    worker = Worker("tests.loaders.hostile")
    first = pid(worker, page)
    del worker

    assert gone(first)


@pytest.mark.parametrize("redirected", ["", "<&-", "<&- 2>&-", "</dev/null"])
def test_it_works_from_one_line_of_python_and_with_standard_input_closed(
    page: Path, tmp_path: Path, redirected: str
) -> None:
    script = (
        "import sys; from qa.loaders.worker import Worker; from tests.loaders.files import job; "
        "from pathlib import Path; "
        "print(Worker('tests.loaders.hostile').parse(job('well', path=Path(sys.argv[1]))).text)"
    )
    command = f'"$0" -c "$1" "$2" {redirected}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, script, str(page)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    child, text = done.stdout.strip().split("：")

    assert text == "大会"
    assert gone(int(child))


def test_it_ends_with_the_program_however_that_ends(tmp_path: Path) -> None:
    told, page = tmp_path / "pid", tmp_path / "版.x"
    page.write_text(str(told), encoding="utf-8")
    script = (
        "import sys; from qa.loaders.worker import Worker; from tests.loaders.files import job; "
        "from pathlib import Path; "
        "Worker('tests.loaders.hostile').parse(job('linger', path=Path(sys.argv[1])))"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(page)], cwd=ROOT) as running:
        until = time.monotonic() + 30
        while not (told.is_file() and told.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        child = int(told.read_text())
        assert is_there(child)
        running.kill()

    assert gone(child)


def test_a_name_that_is_no_utf8_reaches_the_process(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xb4\xf3.x")
    path.write_text("大会", encoding="utf-8")

    assert parsed(worker, "well", path).endswith("：大会")


def saying(**told: object) -> bytes:
    """Return an answer of a process with something told of its text."""
    return json.dumps({"text": "大会开幕。", "unread": [], "told": json.dumps(told)}).encode()


def test_an_answer_that_tells_of_its_text_is_trusted_within_it() -> None:
    told = answered(saying(title=[0, 4], authors=["王小明"], newspaper="报"), name="报").told

    assert (told.title, told.authors, told.newspaper) == (Span(0, 4), ("王小明",), "报")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"code": "nonsense", "message": ""}',
        b"[" * 100_000,
        b'{"text": 1}',
        b"\xff",
        saying(title=[5, 3]),
        saying(title=[1, 999]),
        saying(authors=[1]),
        saying(newspaper=["报"]),
    ],
)
def test_an_answer_that_is_none_is_not_trusted(line: bytes) -> None:
    with pytest.raises(SourceBroken, match=r"^报：解析进程的回答无法理解"):
        answered(line, name="报")


def test_an_answer_is_what_was_parsed() -> None:
    told = Parsed(text="大会\u2028\ud83e", unread=(2, 3))

    assert answered(told.to_json().encode(), name="报") == told
    with pytest.raises(SourceEmpty, match=r"^空$"):
        answered('{"code": "source_empty", "message": "空"}'.encode(), name="报")
