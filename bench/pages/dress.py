"""Dresses a story for print: kicker, byline, dateline, credit, jump mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bench.pages.news import day_before
from bench.pages.stories import Paragraph, Story
from bench.pages.styles import Style
from bench.pages.words import CITIES, people
from qa.domain.articles import ArticleKind

RECENT = timedelta(days=10)
"""How long before the paper a day in the first sentence may lie to be the day of the news."""

UNLIKELY = 0.3
"""Share of features, which had no dateline, that may be given one."""

KICKERS = (
    "本报记者走基层",
    "高质量发展调研行",
    "学习贯彻会议精神",
    "为群众办实事",
    "新春走基层",
    "聚焦重点项目建设",
    "一线见闻",
)
SUBTITLES = (
    "——来自{city}的一线报告",
    "——{city}市推进重点工作纪实",
    "{city}市有关负责同志出席",
    "各地各部门狠抓落实见成效",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dressed:
    """A story as it goes to print.

    :param titles: In the order in which they stand on the page.
    :param byline: A line of its own beside the headline; empty for none.
    :param credit: A line of its own below the text; empty for none.
    :param mark: What is printed before the text and belongs to no body: （上接第1版）.
    :param filed: The day that the page tells of it, its year aside.
    """

    titles: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    kind: ArticleKind
    byline: str = ""
    credit: str = ""
    mark: str = ""
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    filed: date | None = None
    jump_to: str | None = None
    jump_from: str | None = None


def dress(story: Story, *, style: Style, rng: Random) -> Dressed:
    """Return a story in the clothes of its kind."""
    if story.kind is ArticleKind.NOTICE:
        return Dressed(titles=story.titles, paragraphs=story.paragraphs, kind=story.kind, filed=story.filed)
    if story.kind is ArticleKind.CAPTION:
        return captioned(story, rng=rng)
    if story.kind is ArticleKind.COMMENTARY:
        return opinion(story, rng=rng)
    dressed = news(story, style=style, rng=rng)
    if rng.random() < style.jumps and story.length > 400:
        dressed = jumping(dressed, page=str(rng.randint(2, 8)), rng=rng)
    return dressed


def captioned(story: Story, *, rng: Random) -> Dressed:
    """Return a caption with its photographer, in the text or on a line below."""
    authors = people(rng, most=2)
    credit = rng.choice(("{} 摄", "本报记者 {} 摄", "记者 {} 摄", "本报通讯员 {} 摄")).format(
        " ".join(authors)
    )
    paragraphs = story.paragraphs
    if rng.random() < 0.4:
        last = replace(paragraphs[-1], text=f"{paragraphs[-1].text} {credit}")
        paragraphs, credit = (*paragraphs[:-1], last), ""
    return Dressed(
        titles=story.titles,
        paragraphs=paragraphs,
        kind=story.kind,
        credit=credit,
        authors=authors,
        filed=told_day(story),
    )


def opinion(story: Story, *, rng: Random) -> Dressed:
    """Return a commentary with whoever signs it above the text."""
    authors = ("本报评论员",) if rng.random() < 0.6 else people(rng, most=1)
    return Dressed(
        titles=story.titles, paragraphs=story.paragraphs, kind=story.kind, byline=authors[0], authors=authors
    )


def news(story: Story, *, style: Style, rng: Random) -> Dressed:
    """Return news with a dateline and at most one place that names who wrote it."""
    shape = rng.choice(style.datelines) if story.opened or rng.random() < UNLIKELY else "none"
    inside, above, below = style.named
    authors = people(rng, most=3)
    printed, filed = dateline(story, shape=shape, rng=rng)
    dressed = Dressed(
        titles=titled(story, style=style, rng=rng),
        paragraphs=story.paragraphs,
        kind=story.kind,
        dateline=printed,
        filed=filed or told_day(story),
    )
    if printed:
        named = rng.random() < inside
        bold = f"**{printed}**" if style.markdown else printed
        behind = rng.choice(("", " ")) + in_brackets(authors, rng=rng) if named else rng.choice((" ", "　"))
        dressed = opened(dressed, with_=bold + behind)
        if named:
            return replace(dressed, authors=authors)
    if rng.random() < above and not printed:
        return replace(dressed, authors=authors, byline=byline(authors, rng=rng))
    return credited(dressed, authors=authors, rng=rng) if rng.random() < below else dressed


def titled(story: Story, *, style: Style, rng: Random) -> tuple[str, ...]:
    """Return the titles of a story, at times with a kicker before or a subtitle after them."""
    if rng.random() < style.untitled:
        return ()
    if rng.random() >= style.subtitles or len(story.titles) > 1:
        return story.titles
    if rng.random() < 0.5:
        return (rng.choice(KICKERS), *story.titles)
    return (*story.titles, rng.choice(SUBTITLES).format(city=rng.choice(CITIES)))


def dateline(story: Story, *, shape: str, rng: Random) -> tuple[str | None, date | None]:
    """Return a dateline without whom it names, and the day that it tells."""
    if shape == "none":
        return None, None
    if shape == "short":
        return "本报讯", None
    filed = story.filed or story.day - timedelta(days=1)
    verb = "电" if story.agency == "新华社" else rng.choice(("讯", "电"))
    return f"{story.agency}{story.place or rng.choice(CITIES)}{filed.month}月{filed.day}日{verb}", filed


def told_day(story: Story) -> date | None:
    """Return the day that the first sentence names, where it is a recent one."""
    named = re.search(r"(?<![\d年至到])(\d{1,2})月(\d{1,2})日", story.text.split("。")[0])
    day = day_before(story.day, *named.groups()) if named else None
    return day if day and day >= story.day - RECENT else None


def in_brackets(authors: tuple[str, ...], *, rng: Random) -> str:
    """Return the reporters as a dateline names them."""
    role = rng.choice(("记者", "记者 ", "通讯员", "记者"))
    return f"（{role}{rng.choice(('、', ' ')).join(authors)}）"


def opened(dressed: Dressed, *, with_: str) -> Dressed:
    """Return an article whose first paragraph begins with a dateline."""
    first = replace(dressed.paragraphs[0], text=with_ + dressed.paragraphs[0].text, subheading=False)
    return replace(dressed, paragraphs=(first, *dressed.paragraphs[1:]))


def byline(authors: tuple[str, ...], *, rng: Random) -> str:
    """Return a byline that stands beside the headline."""
    return rng.choice(("本报记者 {}", "□ 本报记者 {}", "■本报记者 {}", "记者 {}")).format(" ".join(authors))


def credited(dressed: Dressed, *, authors: tuple[str, ...], rng: Random) -> Dressed:
    """Return an article that names its authors at its end, in brackets or on a line below."""
    if rng.random() < 0.6:
        last = dressed.paragraphs[-1]
        text = last.text + rng.choice(
            ("（{}）", "（{}）", "（记者 {}）", "({})", "（本组稿件由 {} 采写）")
        ).format("、".join(authors))
        return replace(
            dressed, authors=authors, paragraphs=(*dressed.paragraphs[:-1], replace(last, text=text))
        )
    roles = ("记者", "通讯员", "通讯员")
    line = " ".join(f"{role} {name}" for role, name in zip(roles, authors, strict=False))
    return replace(dressed, authors=authors, credit=line)


def jumping(dressed: Dressed, *, page: str, rng: Random) -> Dressed:
    """Return an article that ends in the mark of its jump (下转第4版)."""
    mark = rng.choice(("（下转第{}版）", "（下转{}版）", "（下转第{}版）", "(下转第{}版)")).format(page)
    paragraphs = dressed.paragraphs
    if dressed.credit or rng.random() < 0.4:
        paragraphs = (*paragraphs, Paragraph(text=mark))
    else:
        paragraphs = (
            *paragraphs[:-1],
            replace(paragraphs[-1], text=paragraphs[-1].text + rng.choice(("", " ")) + mark),
        )
    return replace(dressed, paragraphs=paragraphs, credit="", jump_to=page, authors=kept(dressed))


def kept(dressed: Dressed) -> tuple[str, ...]:
    """Return the authors that are still named when the line below the text is dropped."""
    return () if dressed.credit else dressed.authors
