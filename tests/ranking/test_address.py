"""Where something is, is told to the door."""

from __future__ import annotations

import pytest

from qa.domain.spans import Span
from qa.ranking.address import with_its_numbers

PASSAGE = "印章应至青阳街12号院3号楼2306室统一盖章，咨询请到白河路88-1号，参加者在会场3人一组，共3层楼。"


@pytest.mark.parametrize(
    ("place", "whole"),
    [
        ("青阳街", "青阳街12号院3号楼2306室"),
        ("青阳街12", "青阳街12号院3号楼2306室"),
        ("青阳街12号院3号楼", "青阳街12号院3号楼2306室"),
        ("白河路", "白河路88-1号"),
        ("会场", "会场"),
        ("咨询", "咨询"),
        ("2306室", "2306室"),
    ],
)
def test_a_place_goes_on_to_its_last_number(place: str, whole: str) -> None:
    start = PASSAGE.index(place)

    span = with_its_numbers(PASSAGE, Span(start, start + len(place)))

    assert PASSAGE[span.start : span.end] == whole
