"""The reader that is shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.assemble import shipped_model
from qa.domain.ports import Reader
from qa.errors import ModelMissing
from qa.models.span_reader import Pair, SpanReader, load_reader
from tests.contracts import ReaderContract

SHIPPED = shipped_model("reader")
WAGES = "非全日制用工小时最低工资标准依次为：一类21.3元、二类20.2元、三类19.1元。标准自2023年1月1日起施行。"
MEETING = "会议由省委副书记、省长金湘军主持，市委书记刘星在太谷区调研时强调，要严守耕地保护红线。"
WEATHER = "活动通过多种形式普及反诈知识。"


@pytest.fixture(scope="module")
def shipped() -> SpanReader:
    return load_reader(SHIPPED)


class TestShippedReader(ReaderContract):
    """The contract, over the reader that is shipped."""

    @pytest.fixture
    def reader(self, shipped: SpanReader) -> Reader:
        return shipped


def read(reader: SpanReader, question: str, passage: str) -> str:
    found = reader.read_pairs([Pair(question=question, passage=passage)])[0]
    assert found is not None
    return passage[found.span.start : found.span.end]


@pytest.mark.parametrize(
    ("question", "passage", "answer"),
    [
        pytest.param(
            "二类小时最低工资标准是多少？",
            WAGES,
            "20.2元",
            marks=pytest.mark.xfail(reason="takes the whole row of classes", strict=True),
        ),
        ("标准从什么时候起施行？", WAGES, "2023年1月1日"),
        ("会议由谁主持？", MEETING, "金湘军"),
        ("刘星在哪里调研？", MEETING, "太谷区"),
    ],
)
def test_an_answer_is_cut_out_exactly(shipped: SpanReader, question: str, passage: str, answer: str) -> None:
    assert answer in read(shipped, question, passage)
    assert len(read(shipped, question, passage)) <= len(answer) + 8


def test_a_passage_that_does_not_answer_is_below_one_that_does(shipped: SpanReader) -> None:
    question = "二类小时最低工资标准是多少？"
    right, wrong = shipped.read_pairs([Pair(question=question, passage=text) for text in (WAGES, WEATHER)])

    assert right is not None
    assert wrong is not None
    assert right.margin > 0 > wrong.margin


def test_an_answer_far_behind_in_a_long_passage_is_found_at_its_place(shipped: SpanReader) -> None:
    passage = WEATHER * 120 + WAGES

    found = shipped.read_pairs([Pair(question="二类小时最低工资标准是多少？", passage=passage)])[0]

    assert found is not None
    assert found.span.start > len(WEATHER) * 120
    assert "20.2元" in passage[found.span.start : found.span.end]


def test_what_is_read_does_not_depend_on_what_is_read_beside_it(shipped: SpanReader) -> None:
    pairs = [Pair(question="会议由谁主持？", passage=text) for text in (WAGES, MEETING, WEATHER * 9)]

    together = shipped.read_pairs(pairs)
    alone = [shipped.read_pairs([pair])[0] for pair in pairs]

    for one, other in zip(together, alone, strict=True):
        assert one is not None
        assert other is not None
        assert one.margin == pytest.approx(other.margin, abs=0.6)
    assert together[1] is not None
    assert alone[1] is not None
    assert together[1].span == alone[1].span


def test_traditional_print_is_quoted_as_it_is_printed(shipped: SpanReader) -> None:
    passage = "會議由省委副書記、省長金湘軍主持，市委書記劉星在太谷區調研。"

    assert "金湘軍" in read(shipped, "会议由谁主持？", passage)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="阅读模型"):
        load_reader(tmp_path)


def test_weights_that_are_no_weights_are_said(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "reader")
    (tmp_path / "reader" / "model.safetensors").write_bytes(b"\x80\x04cposix\nsystem\n")

    with pytest.raises(ModelMissing, match="阅读模型"):
        load_reader(tmp_path / "reader")
