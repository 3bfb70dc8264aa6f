from __future__ import annotations

import pytest

from qa.domain.ports import Encoder
from qa.models.sentence_reader import SentenceReader
from tests.contracts import ReaderContract

PASSAGES = [
    "非全日制用工小时最低工资标准依次为：一类21.3元、二类20.2元、三类19.1元。标准自1月1日起施行。",
    "刘星强调，要严守耕地保护红线。\n市委书记刘星在太谷区调研。",
    "活动通过多种形式普及反诈知识。",
]


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> SentenceReader:
    return SentenceReader(encoder)


class TestSentenceReader(ReaderContract):
    """The contract, over the reader by sentences."""

    @pytest.fixture
    def reader(self, encoder: Encoder) -> SentenceReader:
        return SentenceReader(encoder)


def read(reader: SentenceReader, question: str) -> str:
    best = reader.read(question, passages=PASSAGES, titles=["", "", ""])[0]
    return PASSAGES[best.passage][best.span.start : best.span.end]


def test_a_number_is_cut_out_with_its_unit(reader: SentenceReader) -> None:
    assert read(reader, "三类是多少元？") == "19.1元"


def test_a_person_is_cut_out(reader: SentenceReader) -> None:
    assert read(reader, "在太谷区调研的市委书记是谁？") == "刘星"


def test_where_nothing_can_be_cut_out_safely_the_sentence_stands(reader: SentenceReader) -> None:
    assert read(reader, "活动怎样普及反诈知识？") == "活动通过多种形式普及反诈知识。"


def test_there_is_one_reading_a_passage_best_first(reader: SentenceReader) -> None:
    readings = reader.read("市委书记是谁？", passages=PASSAGES, titles=["", "", ""])

    assert sorted(each.passage for each in readings) == [0, 1, 2]
    assert [each.score for each in readings] == sorted((each.score for each in readings), reverse=True)
    for each in readings:
        quote = PASSAGES[each.passage][each.span.start : each.span.end]
        assert quote == quote.strip() != ""


def test_nothing_to_read_gives_no_readings(reader: SentenceReader) -> None:
    assert reader.read("谁？", passages=[], titles=[]) == []
    assert reader.read("谁？", passages=["\n"], titles=[""]) == []
