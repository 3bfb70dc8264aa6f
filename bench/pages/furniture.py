"""The furniture of a page: masthead, editors' line, page number, website, advertisements for the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from bench.pages.emission import Line, Part
from bench.pages.styles import Masthead
from bench.pages.words import CITIES, PAPERS, person

WEEKDAYS = "一二三四五六日"
MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
DAYS = ("初一", "初五", "初九", "十二", "十五", "十八", "廿一", "廿六", "三十")
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
SITES = ("sx", "hb", "ly", "zj")
BANNERS = (
    "深入学习宣传贯彻会议精神",
    "聚焦 安全生产",
    "新春走基层",
    "关注民生",
    "奋进新征程 建功新时代",
    "文明创建进行时",
)
SECTIONS = ("要闻", "综合", "时政", "民生", "城事", "县域", "经济", "文化")


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The furniture lines of a page and what they tell.

    :param top: Lines over the page.
    :param foot: Lines under it, or anywhere between articles where they came out scattered.
    """

    top: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None


def furnished(*, day: date, sheet: str, masthead: Masthead, rng: Random) -> Furniture:
    """Return the furniture of a page: a whole masthead on the first, a running head on the others."""
    if masthead is Masthead.NONE:
        return Furniture()
    paper = rng.choice(CITIES) + rng.choice(PAPERS)
    if sheet == "1" or rng.random() < 0.3:
        return front(paper, day=day, rng=rng)
    return running(paper, day=day, sheet=sheet or str(rng.randint(2, 8)), rng=rng)


def front(paper: str, *, day: date, rng: Random) -> Furniture:
    """Return the masthead of a first page; some of its lines are lost."""
    issue = str(rng.randint(3000, 19999))
    city = paper[:2]
    lines = [
        f"{day.year}年{day.month}月{day.day}日",
        f"星期{WEEKDAYS[day.weekday()]}",
        f"农历{rng.choice(STEMS)}{rng.choice(BRANCHES)}年{rng.choice(MONTHS)}月{rng.choice(DAYS)}",
        f"国内统一连续出版物号：CN{rng.randint(11, 65)}-00{rng.randint(10, 99)}",
        f"邮发代号：{rng.randint(1, 80)}-{rng.randint(2, 90)} {city}新闻网：www.{rng.choice(SITES)}news.cn",
        f"第{issue}期 今日{rng.choice((4, 8, 12))}版",
    ]
    if rng.random() < 0.2:
        lines[0] = f"{day.year}年{day.month}月"
    kept = lines[:1] + [line for line in lines[1:-1] if rng.random() < 0.7] + lines[-1:]
    name = rng.choice((paper, " ".join(paper), f"中共{city}市委机关报 {paper}社出版"))
    return Furniture(
        top=(name, *shuffled(kept, rng=rng)), foot=editors(rng), newspaper=paper, issue=issue, page=None
    )


def running(paper: str, *, day: date, sheet: str, rng: Random) -> Furniture:
    """Return the running head of an inner page, on one line or several."""
    lines = [
        f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}",
        rng.choice(SECTIONS),
        paper,
    ]
    number = rng.choice((f"第{sheet}版", f"{sheet}版", f"0{sheet}"))
    pieces = shuffled([*lines, number], rng=rng)
    top = (" ".join(pieces),) if rng.random() < 0.4 else tuple(pieces)
    page = sheet if "版" in number else None
    return Furniture(top=top, foot=editors(rng), newspaper=paper, page=page)


def editors(rng: Random) -> tuple[str, ...]:
    """Return the lines at the foot of a page that name who made it."""
    names = [person(rng) for _ in range(4)]
    lines = [
        f"责编：{names[0]} 校对：{names[1]}",
        f"本版编辑 {names[0]} 美编 {names[2]} 校对 {names[3]}",
        f"编辑：{names[0]} {names[1]} 版式：{names[2]}",
        f"要闻部主办 本版组版：{names[0]} 责编：{names[1]} 校对：{names[3]}",
    ]
    mail = [f"新闻热线：{rng.randint(2000000, 8999999)}", f"邮箱：news{rng.randint(10, 99)}@163.com"]
    return tuple(rng.sample(lines, 1) + rng.sample(mail, rng.choice((0, 0, 1))))


def shuffled(lines: Sequence[str], *, rng: Random) -> list[str]:
    """Return lines in another order, at times."""
    return rng.sample(list(lines), len(lines)) if rng.random() < 0.5 else list(lines)


def bannered(page: list[list[Line]], *, share: float, rng: Random) -> list[list[Line]]:
    """Return the blocks of a page, at times with the banner of a section between two of them."""
    if rng.random() >= share:
        return page
    at = rng.randint(0, len(page))
    return [*page[:at], [line_of(rng.choice(BANNERS))], *page[at:]]


def line_of(text: str, *, after: str = "\n\n") -> Line:
    """Return a line of furniture."""
    return Line(text=text, part=Part.FURNITURE, after=after)


def around(
    page: list[list[Line]], *, furniture: Furniture, masthead: Masthead, rng: Random
) -> list[list[Line]]:
    """Return the blocks of a page with the furniture over, under or between them."""
    if not furniture.top:
        return page
    if masthead is Masthead.BLOCK:
        gap = rng.choice(("\n", "\n\n"))
        top = [line_of(text, after=gap) for text in furniture.top[:-1]] + [line_of(furniture.top[-1])]
        return [top, *page, [line_of(text) for text in furniture.foot]]
    mixed = list(page)
    for text in (*furniture.top, *furniture.foot):
        at = rng.choice((0, 0, len(mixed), len(mixed), rng.randint(0, len(mixed))))
        mixed.insert(at, [line_of(text)])
    return mixed
