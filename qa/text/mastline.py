"""The line that opens or closes an article: byline, dateline, date, credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.domain.characters import HAN

NAME = rf"[{HAN}·]{{2,4}}"
ROLE = r"(?:本报|本刊|特约)?(?:首席|全媒体|融媒体|见习|实习)?(?:记者|通讯员|评论员|实习生)"
AGENCY = r"(?:本报|新华社|中新社|人民网|央视网|本台|[\u4e00-\u9fff]{2,6}(?:日报|晚报)|据新华社)"
HEAD = 120
"""Characters of a block that are looked at for what opens it."""

DATELINE = re.compile(
    rf"^(?:\*\*)?\s*({AGENCY}\s*[{HAN}\s]{{0,10}}?(?:\d{{1,2}}\s*月\s*\d{{1,2}}\s*日)?\s*(?:讯(?!员)|电|消息))\s*(?:\*\*)?"
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
    """Return the dateline at the head of a block, white space cut, and whom it names; None without one."""
    match = DATELINE.match(block[:HEAD].lstrip())
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


EARLIEST, LATEST = 1900, 2100
FAR = 62
"""Days; beyond two months a date is of something else."""


def day_of(year: str, month: str, day: str) -> date | None:
    """Return a date; None for a day that does not exist."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def full_dates(text: str) -> list[date]:
    """Return the dates that name a year and a month; the middle of the month where no day is named."""
    found = (day_of(year, month, day or "15") for year, month, day in FULL_DATE.findall(text))
    return [day for day in found if day and EARLIEST <= day.year <= LATEST]


def nearest_year(month: str, day: str, *, known: Sequence[date]) -> date | None:
    """Return a day with the year that puts it nearest to a full date of the same source.

    None when that is more than two months off: the dates are then of something
    else, a plan or a memory, and nothing is guessed.
    """
    years = sorted({each.year for each in known})
    candidates = [each for each in (day_of(str(year), month, day) for year in years) if each]
    nearest = min(candidates, key=lambda each: distance(each, known), default=None)
    return nearest if nearest and distance(nearest, known) <= FAR else None


def distance(day: date, known: Sequence[date]) -> int:
    """Return the days between a day and the nearest of the known ones."""
    return min(abs((day - each).days) for each in known)


def date_of(*, dateline: str | None, body: str, told: str, known: Sequence[date]) -> date | None:
    """Return when an article was filed.

    Its own dateline says it best, then the date it is signed with, then the
    first day that ``told`` names: as much of the body as speaks of its own day.
    """
    signed = SIGNED.search(body[-40:])
    if signed and not DAY.search(dateline or ""):
        return day_of(*signed.groups())
    named = DAY.search(dateline or "") or DAY.search(told)
    return nearest_year(*named.groups(), known=known) if named else None
