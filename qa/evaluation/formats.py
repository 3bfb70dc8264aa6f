"""Question files in the forms that the field uses: a table from the name of a form to its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.errors import QuestionsInvalid
from qa.evaluation.judged import read_beir, read_trec
from qa.evaluation.own import each_once, read_jsonl
from qa.evaluation.questions import Document, LabelledQuestion, QuestionSet
from qa.evaluation.told import decoded, expected, identifier, member, parsed

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
        raise QuestionsInvalid(f"{path}：无法读取（{error}）；请给出 UTF-8 的文件") from error
    return decoded(content, name=str(path))


def read_squad(text: str, *, name: str) -> QuestionSet:
    """Return the questions of SQuAD 1.1 or 2.0, CMRC 2018 or DRCD; the paragraphs are the documents."""
    whole = expected(parsed(text, where=name), dict, where=name)
    questions: list[tuple[str, LabelledQuestion]] = []
    documents: dict[str, Document] = {}
    for at, article in enumerate(member(whole, "data", list, where=name)):
        where = f"{name} data[{at}]"
        held = expected(article, dict, where=where)
        for number, paragraph in enumerate(member(held, "paragraphs", list, where=where)):
            inside = f"{where}.paragraphs[{number}]"
            text_there = member(expected(paragraph, dict, where=inside), "context", str, where=inside)
            document = documents.setdefault(
                text_there,
                Document(
                    name=f"{len(documents):06d}.txt", title=title_of(held, where=where), text=text_there
                ),
            )
            questions += paragraph_questions(paragraph, document, where=inside)
    return QuestionSet(
        questions=each_once(questions, name=name, hint="应为 SQuAD 的 data/paragraphs/qas 结构"),
        documents=tuple(documents.values()),
    )


def title_of(article: Mapping[str, Any], *, where: str) -> str | None:
    """Return the title of a SQuAD article, where it has one.

    :raises QuestionsInvalid: When it is no text that can be written.
    """
    title = article.get("title")
    return expected(title, str, where=f"{where} 的 title") if isinstance(title, str) and title else None


def paragraph_questions(
    paragraph: dict[str, Any], document: Document, *, where: str
) -> Iterable[tuple[str, LabelledQuestion]]:
    """Yield the questions on one paragraph, each with its place.

    :raises QuestionsInvalid: When one is none.
    """
    for at, row in enumerate(member(paragraph, "qas", list, where=where)):
        inside = f"{where}.qas[{at}]"
        asked = expected(row, dict, where=inside)
        answers = [] if asked.get("is_impossible") is True else member(asked, "answers", list, where=inside)
        texts = [
            member(expected(answer, dict, where=f"{inside}.answers"), "text", str, where=f"{inside}.answers")
            for answer in answers
        ]
        yield (
            inside,
            LabelledQuestion(
                id=identifier(asked, "id", where=inside),
                question=member(asked, "question", str, where=inside),
                answers=tuple(dict.fromkeys(each for each in texts if each)),
                source=document.name,
                context=document.text,
            ),
        )


READERS: Mapping[Format, Callable[..., QuestionSet]] = {
    Format.JSONL: read_jsonl,
    Format.SQUAD: read_squad,
    Format.CMRC: read_squad,
    Format.DRCD: read_squad,
}
