"""What the system will not read or write is told in Chinese, without its numbers and its English."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.cli.main import app
from qa.domain.system import reason
from tests.cli.test_commands import qa


def refused(*arguments: str) -> str:
    """Return what ``qa evaluate`` says of questions that it cannot read."""
    result = qa("evaluate", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_a_file_of_questions_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"

    assert refused(str(path)) == f"questions_invalid: {path}：无法读取，没有这个文件\n"


def test_a_folder_is_no_file_of_questions(tmp_path: Path) -> None:
    assert refused(str(tmp_path)) == f"questions_invalid: {tmp_path}：无法读取，是一个文件夹，不是文件\n"


def test_a_folder_of_beir_without_a_corpus_names_the_file(tmp_path: Path) -> None:
    told = refused(str(tmp_path), "--format", "beir")

    assert told == f"questions_invalid: {tmp_path / 'corpus.jsonl'}：无法读取，没有这个文件\n"


def test_a_file_without_the_right_to_read_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "q.jsonl"
    path.touch()

    def not_for_us(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", not_for_us)

    assert refused(str(path)) == f"questions_invalid: {path}：无法读取，没有权限\n"


def test_results_to_compare_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    result = qa("compare", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))

    assert result.exit_code == 1
    assert result.stderr == f"questions_invalid: {tmp_path / 'a.jsonl'}：无法读取，没有这个文件\n"


def test_a_folder_is_no_place_for_a_report(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "谁？"}', encoding="utf-8")

    result = qa("evaluate", str(questions), "--report", str(tmp_path))

    assert result.exit_code == 8
    assert result.stderr == f"surroundings_failed: {tmp_path}：是一个文件夹；请给出文件名\n"


def test_a_key_file_that_cannot_be_written_says_why_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = qa("keys", "add", "甲", "--file", str(tmp_path / "file" / "keys.json"))

    assert result.exit_code == 8
    assert f"密钥文件 {tmp_path / 'file' / 'keys.json'} 无法写入（同名的东西已经在了）" in result.stderr


def test_a_port_that_is_taken_says_so_in_chinese() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = qa("serve", "--port", str(port))

    assert result.exit_code == 8
    assert f"127.0.0.1:{port} 无法监听（已被占用）" in result.stderr


def test_a_host_that_is_none_says_so_in_chinese() -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert reason(error) == "没有这个主机名"


def test_what_the_system_says_that_is_not_known_here_goes_by_its_name() -> None:
    assert reason(OSError(110, "Connection timed out")) == "系统错误 ETIMEDOUT"
    assert reason(OSError("odd")) == "系统错误 OSError"


def test_bytes_on_standard_input_that_are_no_text_name_the_line() -> None:
    result = CliRunner().invoke(app, ["evaluate", "-"], input=b'{"id": 1}\n\xff')

    assert result.exit_code == 1
    assert result.stderr == "questions_invalid: 标准输入 第 2 行：不是 UTF-8 的文字；请转成 UTF-8\n"
