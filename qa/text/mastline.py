"""The line that opens or closes an article: byline, dateline, date, credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.domain.characters import HAN

NAME = rf"[{HAN}·]{{2,4}}"
ROLE = r"(?:本报|本刊|特约)?(?:首席|全媒体|融媒体|见习|实习)?(?:记者|通讯员|评论员|实习生)"
AGENCY = r"(?:本报|新华社|中新社|人民网|央视网|本台|[\u4e00-\u9fff]{2,6}(?:日报|晚报)|据新华社)"
DATELINE = re.compile(
    rf"^\s*(?:\*\*)?\s*({AGENCY}\s*[{HAN}\s]{{0,10}}?(?:\d{{1,2}}\s*月\s*\d{{1,2}}\s*日)?\s*(?:讯(?!员)|电|消息))\s*(?:\*\*)?"
    rf"\s*(?:[（(]([^）)]{{2,40}})[)）])?"
)
BYLINE = re.compile(
    rf"^[\s□■●◎]*((?:本报|本刊)?评论员|{ROLE}[\s:：]+[{HAN}\s、，·]{{2,40}}?)\s*(?:文/图|摄影报道|报道|摄)?\s*$"
)
CREDIT = re.compile(
    rf"[（(](?:本组稿件由|本报记者|记者|通讯员)?\s*((?:{NAME})(?:[\s、，,]+(?:{NAME}))*)\s*(?:采写|整理|文/图)?[)）]\s*$"
)
CLOSING_BYLINE = re.compile(rf"(?<=[。！？”」\s])\s*({ROLE}\s+[{HAN}\s、，·]{{2,40}})\s*$")
PHOTOGRAPHER = re.compile(
    rf"(?:^|[\s。”）)])([{HAN}·、，]{{2,12}}(?:\s+[{HAN}·、，]{{2,12}}){{0,3}})\s*摄(?:影)?\s*$"
)
SIGNED = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*$")
FULL_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
DAY = re.compile(r"(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def names(text: str) -> tuple[str, ...]:
    """Return the people a byline names, letter-spacing closed up, roles dropped.

    A leader writer who is not named stays 本报评论员, as the paper prints it.
    """
    text = re.sub(r"\s*评论员\s*$", "评论员", text.strip())
    if text.endswith("评论员"):
        return (text,)
    text = re.sub(
        rf"{ROLE}[\s:：]*|本组稿件由|采写|文/图|摄影?$", "、", re.sub(r"(记)\s+(者)", r"\1\2", text)
    )
    people: list[str] = []
    for group in re.split(r"[、，,;；]+", text):
        words = group.split()
        # 王 佳 丽 is one name set apart; 张慧 宋小宇 are two.
        people += ["".join(words)] if all(len(word) == 1 for word in words) else words
    return tuple(person for person in people if 2 <= len(person) <= 8)


def opening(block: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the dateline at the head of a block, white space cut, and whom it names."""
    match = DATELINE.match(block)
    if not match:
        return None, ()
    inside = match.group(2) or ""
    spelled = re.sub(r"\s+", "", inside)
    people = names(inside) if re.match(ROLE, spelled) else ()
    return re.sub(r"\s+", "", match.group(1)), people


def closing(block: str) -> tuple[str, ...]:
    """Return whom the end of a block credits; nobody where it credits none."""
    for pattern in (PHOTOGRAPHER, CREDIT, CLOSING_BYLINE):
        match = pattern.search(block[-60:])
        if match:
            return names(match.group(1))
    return ()


def day_of(year: str, month: str, day: str) -> date | None:
    """Return a date; None for a day that does not exist."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def full_dates(text: str) -> list[tuple[int, int, int]]:
    """Return the dates that name a year and a month; day 0 where none is named."""
    found = (tuple(int(part or 0) for part in match.groups()) for match in FULL_DATE.finditer(text))
    return [(year, month, day) for year, month, day in found if 1900 <= year <= 2100]


def year_of(month: str, *, known: Sequence[tuple[int, int, int]]) -> int | None:
    """Return the year of a day from the full dates that stand in the same source.

    The latest year that is named, unless a date more than a month after the day
    is named as well: then the day may be of the next year, and nothing is guessed.
    """
    if not known:
        return None
    latest_year, latest_month, _ = max(known)
    return latest_year if latest_month <= int(month) + 1 else None


def date_of(*, dateline: str | None, body: str, known: Sequence[tuple[int, int, int]]) -> date | None:
    """Return when an article was filed.

    Its own dateline says it best, then the date it is signed with, then the
    first day that its first sentences name.
    """
    signed = SIGNED.search(body[-40:])
    if signed and not DAY.search(dateline or ""):
        return day_of(*signed.groups())
    named = DAY.search(dateline or "") or DAY.search(body[:200])
    year = year_of(named.group(1), known=known) if named else None
    return day_of(str(year), *named.groups()) if named and year else None
