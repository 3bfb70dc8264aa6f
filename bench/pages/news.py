"""Reads news items and cleans them into stories."""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from bench.pages.stories import Paragraph, Story
from qa.domain.articles import ArticleKind

SHORTEST, LONGEST = 80, 2400
"""Characters of a body that is used; a longer one is cut after a paragraph."""

SUBHEADING = 26
"""Characters up to which a paragraph without a full stop is a subheading."""

DATELINE = re.compile(
    r"^(?:据)?(本报|新华社)([\u4e00-\u9fff（）、]{0,12}?)(?:(\d{1,2})月(\d{1,2})日)?(?:电|讯)\s*(?:（[^）]{2,40}）|综合本报记者报道：)?\s*"
)
BROADCAST = re.compile(r"^\**央视网消息\**\s*(?:（新闻联播）)?[：:]?\s*")
CREDIT = re.compile(
    r"^（.*）$|^(?:版式设计|本版责编|责编|制图|制表|数据来源|图片来源|资料来源|题图|图[①-⑨一二三为]|[上下左右]图|记者|本报记者)"
    r"|.{0,20}(?:摄|绘|供图)(?:（[^）]*）)?$"
)
SPOILT = re.compile(
    r"[<>|&\t\ufffd]|https?:|更新时间|责任编辑|图[①-⑨]|^[（(]?(?:本报|新华社)?记者[^。]{2,30}$", re.MULTILINE
)
SECOND_DATELINE = re.compile(r"^(?:据)?(?:本报|新华社)(?:[^。，]{0,25}\d日)?[电讯]", re.MULTILINE)
MIXED = re.compile(r"图片报道|速览|导读|要闻|简讯|快讯|集锦|人民日报|摘编|目录")
COMMENTARY = re.compile(
    r"（(?:.*(?:时评|评论|论坛|今日谈|快评|短评|钟声|社论|国际论坛|观澜|锐评).*)）$|评论员"
)
CAPTION = "图片报道"
LEADS = {"核心阅读", "阅读提示", "编者按", "开栏的话", "引子"}
"""What stands over the first paragraph and is no title."""


class Use(StrEnum):
    """What the news of a day serves for; a day serves for one thing only.

    What learns how to weigh evidence must not see texts that the evidence itself was learnt from:
    there it is surer than it will ever be again.
    """

    LANGUAGE = "language"
    WEIGHING = "weighing"
    MEASURING = "measuring"


def use_of(day: date) -> Use:
    """Return what a day serves for: four of five for language, one of fifteen for measuring."""
    if day.toordinal() % 5:
        return Use.LANGUAGE
    return Use.WEIGHING if day.toordinal() % 3 else Use.MEASURING


def read_news(folder: Path, *, use: Use = Use.MEASURING) -> Iterator[dict[str, Any]]:
    """Yield the items of the ``*.jsonl.xz`` files of a folder, of the days that serve for ``use``."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                if use_of(date.fromisoformat(item["date"])) is use:
                    yield item


def stories_by_day(folder: Path, *, at_least: int, use: Use = Use.MEASURING) -> dict[date, tuple[Story, ...]]:
    """Return the usable stories of each day that has enough of them, of the days for ``use``."""
    days: dict[date, list[Story]] = defaultdict(list)
    for item in read_news(folder, use=use):
        story = story_of(item)
        if story:
            days[story.day].append(story)
    return {day: tuple(stories) for day, stories in sorted(days.items()) if len(stories) >= at_least}


def story_of(item: dict[str, Any]) -> Story | None:
    """Return an item as a story; None where it can not be used."""
    caption = item["title"] == CAPTION
    paragraphs = [each for each in map(tidy, item["text"].split("\n")) if each]
    titles = [] if caption else [tidy(item["title"])]
    while len(titles) < 3 and len(paragraphs) > 1 and is_title(paragraphs[0]):
        titles.append(paragraphs.pop(0))
    while paragraphs and CREDIT.search(paragraphs[-1]):
        paragraphs.pop()
    if (MIXED.search(item["title"]) and not caption) or is_spoilt(paragraphs):
        return None
    day = date.fromisoformat(item["date"])
    return filed(paragraphs, titles=tuple(titles), day=day, sheet=str(item.get("page", "")))


def is_spoilt(paragraphs: Sequence[str]) -> bool:
    """Tell whether a text is none, or holds tables, bylines of its own or several items."""
    later = "\n".join(paragraphs[1:])
    return not paragraphs or bool(SPOILT.search("\n".join(paragraphs)) or SECOND_DATELINE.search(later))


def filed(paragraphs: Sequence[str], *, titles: tuple[str, ...], day: date, sheet: str) -> Story | None:
    """Return the story with its dateline taken off and told apart; None where too little is left."""
    lede = BROADCAST.sub("", paragraphs[0])
    opened = DATELINE.match(lede)
    body = cut_long([lede[opened.end() :] if opened else lede, *paragraphs[1:]])
    if sum(map(len, body)) < SHORTEST // (1 if titles else 2):
        return None
    return Story(
        titles=titles,
        paragraphs=tuple(Paragraph(text=text, subheading=is_subheading(text)) for text in body),
        day=day,
        sheet=sheet,
        kind=kind_of(titles),
        opened=bool(opened) or lede != paragraphs[0],
        agency=opened.group(1) if opened else "本报",
        place=opened.group(2) if opened else "",
        filed=day_before(day, opened.group(3), opened.group(4)) if opened else None,
    )


def kind_of(titles: Sequence[str]) -> ArticleKind:
    """Return what sort of text stands under these titles; nothing but a caption stands under none."""
    if not titles:
        return ArticleKind.CAPTION
    return ArticleKind.COMMENTARY if any(map(COMMENTARY.search, titles)) else ArticleKind.NEWS


def tidy(line: str) -> str:
    """Return a line without marks of emphasis and with single spaces."""
    return re.sub(r"\s+", " ", line.replace("**", "").replace("\xa0", " ")).strip()


def is_title(line: str) -> bool:
    """Tell whether the first line of a text stands over it."""
    return (
        line not in LEADS
        and len(line) <= 45
        and not re.search(r"[。！？；”：]$", line)
        and not DATELINE.match(line)
    )


def is_subheading(line: str) -> bool:
    """Tell whether a line stands between paragraphs."""
    return len(line) <= SUBHEADING and not re.search(r"[。！？；：…”）]$", line)


def cut_long(paragraphs: Sequence[str]) -> list[str]:
    """Return as many whole paragraphs as make a body of the greatest length, the last one no subheading."""
    kept: list[str] = []
    for text in paragraphs:
        if sum(map(len, kept)) + len(text) > LONGEST:
            break
        kept.append(text)
    while kept and is_subheading(kept[-1]):
        kept.pop()
    return kept


def day_before(day: date, month: str | None, number: str | None) -> date | None:
    """Return the last day of that month and number that is not after ``day``; None for no such day."""
    if not month or not number:
        return None
    for year in (day.year, day.year - 1):
        try:
            named = date(year, int(month), int(number))
        except ValueError:
            return None
        if named <= day + timedelta(days=1):
            return named
    return None
