"""Question files in the forms that the field uses: a table from the name of a form to its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from qa.domain.system import reason
from qa.errors import QuestionsInvalid
from qa.evaluation.cmrc import read_cmrc
from qa.evaluation.judged import read_beir, read_trec
from qa.evaluation.own import read_jsonl
from qa.evaluation.questions import QuestionSet
from qa.evaluation.squad import read_squad
from qa.evaluation.told import decoded

MOST_BYTES = 2**30


class Format(StrEnum):
    """A form of question files."""

    JSONL = "jsonl"
    SQUAD = "squad"
    CMRC = "cmrc"
    DRCD = "drcd"
    BEIR = "beir"
    TREC = "trec"


def read_question_set(path: Path, *, form: Format, qrels: Path | None = None) -> QuestionSet:
    """Return the questions of a file or, for BEIR, a folder.

    :param qrels: The judgements that belong to TREC topics.
    :raises QuestionsInvalid: Naming the place in the file and what is wrong with it.
    """
    if form is Format.BEIR:
        return read_beir(path, text_of=text_of)
    if form is Format.TREC:
        if qrels is None:
            raise QuestionsInvalid(f"{path}：TREC 题目还需要 --qrels 指定相关性判断文件")
        return read_trec(path, qrels=qrels, text_of=text_of)
    return READERS[form](text_of(path), name=str(path))


def text_of(path: Path) -> str:
    """Return the text of a question file.

    :raises QuestionsInvalid: When it cannot be read as UTF-8, or is far too large to be one.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise QuestionsInvalid(f"{path}：超过 {MOST_BYTES // 2**20} MiB，不像问题文件")
        content = path.read_bytes()
    except OSError as error:
        raise QuestionsInvalid(f"{path}：无法读取，{reason(error)}") from error
    return decoded(content, name=str(path))


READERS: Mapping[Format, Callable[..., QuestionSet]] = {
    Format.JSONL: read_jsonl,
    Format.SQUAD: read_squad,
    Format.CMRC: read_cmrc,
    Format.DRCD: read_squad,
}
