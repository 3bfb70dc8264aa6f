"""What is shipped can be made again; no day of news serves for two things."""

from __future__ import annotations

import json
import lzma
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.pages.batch import STORIES as STORIES_OF_A_DAY
from bench.pages.news import Use, read_news, stories_by_day, use_of
from qa.domain.sources import Source
from qa.models.page_model import LANGUAGE, MANNER, READING, load_page_model
from qa.text.segment import segment
from tests.bench.articles import STORIES

YEAR = [date(2023, 1, 1) + timedelta(days=number) for number in range(365)]
DAYS = 30


def test_every_day_serves_for_one_thing_only() -> None:
    days = {use: {day for day in YEAR if use_of(day) is use} for use in Use}

    assert sum(map(len, days.values())) == len(YEAR)
    assert set().union(*days.values()) == set(YEAR)


def test_of_fifteen_days_twelve_are_learnt_from_two_weighed_on_and_one_measured() -> None:
    for start in range(0, 350, 7):
        counted = Counter(use_of(day) for day in YEAR[start : start + 15])
        assert counted == {Use.LANGUAGE: 12, Use.WEIGHING: 2, Use.MEASURING: 1}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a folder with a month of the same dozen items every day."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number, day in enumerate(YEAR[:DAYS]):
        with lzma.open(folder / f"{number:02}.jsonl.xz", "wt", encoding="utf-8") as lines:
            for story in STORIES:
                text = "\n".join([*story.titles[1:], *(each.text for each in story.paragraphs)])
                item = {"date": day.isoformat(), "page": 1, "title": story.titles[0], "text": text}
                lines.write(json.dumps(item, ensure_ascii=False) + "\n")
    return folder


def test_what_is_read_for_one_use_is_of_its_days(news: Path) -> None:
    days = {use: {item["date"] for item in read_news(news, use=use)} for use in Use}

    assert {use: len(each) for use, each in days.items()} == {
        Use.LANGUAGE: 24, Use.WEIGHING: 4, Use.MEASURING: 2,
    }  # fmt: skip
    assert len(set().union(*days.values())) == DAYS
    for use, each in days.items():
        usable = stories_by_day(news, at_least=STORIES_OF_A_DAY, use=use)
        assert {day.isoformat() for day in usable} == each
        assert {len(stories) for stories in usable.values()} == {len(STORIES)}


@pytest.mark.slow
def test_the_files_of_the_model_are_made_anew(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_language = pytest.importorskip("training.page_language")
    page_manner = pytest.importorskip("training.page_manner")
    page_reading = pytest.importorskip("training.page_reading")
    out, checkpoint = tmp_path / "made", tmp_path / "checkpoint"
    for name, few in (("TOPIC_STEPS", 20), ("OPENING_STEPS", 20)):
        monkeypatch.setattr(page_language, name, few)
    given = ["--data", str(news), "--out", str(out)]

    monkeypatch.setattr(
        sys, "argv", ["page_language", *given, "--steps", "5", "--checkpoint", str(checkpoint)]
    )
    page_language.main()
    assert [path.name for path in out.iterdir()] == [LANGUAGE]
    assert checkpoint.is_file()
    monkeypatch.setattr(sys, "argv", ["page_manner", *given])
    page_manner.main()
    monkeypatch.setattr(sys, "argv", ["page_reading", *given, "--pages", "54"])
    page_reading.main()

    assert sorted(path.name for path in out.iterdir()) == [LANGUAGE, MANNER, READING]
    model = load_page_model(out)
    text = "\n\n".join([STORIES[0].titles[0], *(each.text for each in STORIES[0].paragraphs)])
    drafts = segment(Source(name="版.txt", text=text), model)
    assert "".join(each.body.text for each in drafts).replace("\n", "") == STORIES[0].text
