"""Sets that judge documents instead of answers: BEIR folders, TREC topics with their judgements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from qa.errors import QuestionsInvalid
from qa.evaluation.questions import Document, LabelledQuestion, QuestionSet
from qa.evaluation.told import expected, identifier, member, once, parsed

TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL)
NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)")
TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*([^<]+)")

TextOf = Callable[[Path], str]


def read_beir(folder: Path, *, text_of: TextOf) -> QuestionSet:
    """Return the judged questions of a BEIR folder: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/*.tsv``.

    :raises QuestionsInvalid: Naming file and line.
    """
    documents = tuple(
        Document(
            name=name,
            title=(member(row, "title", str, where=where) or None)
            if isinstance(row.get("title"), str)
            else None,
            text=member(row, "text", str, where=where),
        )
        for where, name, row in rows(folder / "corpus.jsonl", text_of)
    )
    asked = {
        id: member(row, "text", str, where=where)
        for where, id, row in rows(folder / "queries.jsonl", text_of)
    }
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise QuestionsInvalid(f"{folder}：qrels 目录里没有 .tsv 文件")
    judged = judgements(
        (place, line.split("\t")) for file in files for place, line in numbered(file, text_of, heading=True)
    )
    return QuestionSet(
        questions=joined(asked, judged, name=str(folder)), documents=documents, judges_documents=True
    )


def read_trec(topics: Path, *, qrels: Path, text_of: TextOf) -> QuestionSet:
    """Return TREC topics, tagged or ``id<TAB>question``, with judgements of four columns.

    The documents are the sources of an index, by their names.

    :raises QuestionsInvalid: Naming file and line.
    """
    text = text_of(topics)
    asked = tagged(text, name=str(topics)) if "<top>" in text else tabbed(topics, text_of)
    judged = judgements(
        (place, [query, document, grade])
        for place, line in numbered(qrels, text_of)
        for query, _, document, grade in [columns(line, 4, place=place)]
    )
    return QuestionSet(questions=joined(asked, judged, name=str(topics)), judges_documents=True)


def rows(file: Path, text_of: TextOf) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield the place, the id and the object of each line of a JSON Lines file.

    :raises QuestionsInvalid: Naming the place; an id that comes twice as well.
    """
    first_at: dict[str, str] = {}
    for place, line in numbered(file, text_of):
        row = expected(parsed(line, where=place), dict, where=place)
        id = identifier(row, "_id", where=place)
        once(id, first_at, where=place)
        yield place, id, row


def numbered(file: Path, text_of: TextOf, *, heading: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not blank, with their places, but no first line that names columns."""
    for number, line in enumerate(text_of(file).split("\n"), start=1):
        names_columns = heading and number == 1 and not line.rsplit("\t", 1)[-1].strip().lstrip("-").isdigit()
        if line.strip() and not names_columns:
            yield f"{file} 第 {number} 行", line.rstrip("\r")


def columns(line: str, count: int, *, place: str) -> list[str]:
    """Return the columns of a line.

    :raises QuestionsInvalid: When there are more or fewer.
    """
    found = line.split()
    if len(found) != count:
        raise QuestionsInvalid(f"{place}：应有 {count} 列，这里有 {len(found)} 列")
    return found


def judgements(lines: Iterator[tuple[str, list[str]]]) -> dict[str, dict[str, int]]:
    """Return the grades of documents by question; grades of 0 and below mean that it does not answer.

    :raises QuestionsInvalid: Naming the place; two grades for the same pair as well.
    """
    judged: dict[str, dict[str, int]] = {}
    for place, cells in lines:
        if len(cells) != 3 or not re.fullmatch(r"-?\d{1,9}", cells[2].strip()):
            raise QuestionsInvalid(f"{place}：应为问题 id、文档 id 和整数的相关等级")
        query, document, grade = (cell.strip() for cell in cells)
        if judged.setdefault(query, {}).setdefault(document, int(grade)) != int(grade):
            raise QuestionsInvalid(f"{place}：问题 {query} 与文档 {document} 已有另一个相关等级")
    return judged


def joined(
    asked: Mapping[str, str], judged: Mapping[str, Mapping[str, int]], *, name: str
) -> tuple[LabelledQuestion, ...]:
    """Return the questions that some document answers.

    :raises QuestionsInvalid: When there is none.
    """
    found = tuple(
        LabelledQuestion(id=query, question=text, relevant={d: g for d, g in judged[query].items() if g > 0})
        for query, text in asked.items()
        if any(grade > 0 for grade in judged.get(query, {}).values())
    )
    if not found:
        raise QuestionsInvalid(f"{name}：没有任何问题有相关的文档；请检查 id 是否对得上")
    return found


def tagged(text: str, *, name: str) -> dict[str, str]:
    """Return topics between tags.

    :raises QuestionsInvalid: When one has no number or no title, or comes twice.
    """
    topics: dict[str, str] = {}
    first_at: dict[str, str] = {}
    for match in TOPIC.finditer(text):
        place = f"{name} 第 {text.count(chr(10), 0, match.start()) + 1} 行"
        number, title = NUMBER.search(match[1]), TITLE.search(match[1])
        if number is None or title is None:
            raise QuestionsInvalid(f"{place}：题目缺少 <num> 或 <title>")
        once(number[1], first_at, where=place)
        topics[number[1]] = " ".join(title[1].split())
    return topics


def tabbed(file: Path, text_of: TextOf) -> dict[str, str]:
    """Return topics of two columns.

    :raises QuestionsInvalid: When a line is none, or comes twice.
    """
    topics: dict[str, str] = {}
    first_at: dict[str, str] = {}
    for place, line in numbered(file, text_of):
        number, tab, question = line.partition("\t")
        if not tab or not number.strip() or not question.strip():
            raise QuestionsInvalid(f"{place}：应为 id、制表符和问题")
        once(number.strip(), first_at, where=place)
        topics[number.strip()] = question.strip()
    return topics
