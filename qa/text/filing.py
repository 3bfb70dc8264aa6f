"""When an article was filed: as its dateline says, else its signature, else the first day of its lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.domain.articles import ArticleKind
from qa.domain.characters import CLOSING, TERMINAL
from qa.domain.spans import Span
from qa.domain.traced import TracedText
from qa.text.dates import FAR, KnownDate, Places, closest_to, day_of, days_before, in_digits, nearest
from qa.text.folded import Folded, fold
from qa.text.furniture import PageFacts
from qa.text.gathered import Gathered
from qa.text.lead import Lead

TOLD = 200
"""Characters at the head of news in which its own day is named."""

END = 300
"""Characters at the end of a text in which it is signed."""

CLOSING_BLOCKS = 12
"""Blocks at the end of an article that its signature and what stands behind it may take."""

RECENT = 2 * FAR
"""Days that a notice may be older than the page it is printed on."""

HAN_DIGITS = "〇○零一二三四五六七八九"
YEAR = rf"(?<!\d)(?:(?:19|20)\d\d|(?:一九|二[〇○零])[{HAN_DIGITS}]{{2}})"
FULL = rf"({YEAR})年(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(\d{{1,2}}|[一二三四五六七八九十廿]{{1,3}})日"
SIGNED = re.compile(
    rf"(?<![于自至到止从在期间:，,、—\-]){FULL}\)?(?:[(](?!.{{0,30}}日)[^()]{{0,30}}[)])?"
    r"(?:(?:特此|联系|电话|地址|咨询|监督|附件?|注|邮编|网址|传真|举报)[\s\S]{0,160})?$"
)
ADOPTED = re.compile(rf"^\({FULL}[^()]{{2,60}}(?:通过|公布|发布|批准|修订)\)")
DAY = re.compile(rf"(?:{FULL}|(?<![\d年])(\d{{1,2}})月(\d{{1,2}})日)")
DAY_BEGINS = re.compile(rf"{DAY.pattern}(?=,)")
DAY_ALONE = re.compile(r"(?<![\d月年第至到前后\-—~～])(\d{1,2})日(?![\d至到前内起元报均\-—~～])")
NOT_THEN = re.compile(r"(?:将于|定于|拟于|原定|截至|截止|至|到|自|从|去年|明年)$")
YESTERDAY = re.compile(r"昨[日天晚]")
SENTENCE = re.compile(r"[。！？!?]")
PARAGRAPH_END = re.compile(rf"[{TERMINAL}][{CLOSING}]*[ \t\u3000]*\r?\n\s*")
DAY_BEFORE = timedelta(days=1)
NEWS = timedelta(days=31)
"""How long before its paper came out the day may be that news with a dateline, or a caption, tells of."""
LATELY = timedelta(days=15)
"""How long before its paper came out the day may be that a text without a dateline begins with."""


def filed_on(
    article: Gathered, *, lead: Lead, kind: ArticleKind, page: PageFacts, known: Sequence[KnownDate]
) -> KnownDate | None:
    """Return when an article was filed, with the places of its day and of its year."""
    calendar = Calendar.of_page(page, known)
    if lead.dateline and re.search(r"\d日", lead.dateline):
        return calendar.in_dateline(lead)
    found = calendar.signed(article) or calendar.adopted(article)
    if found or kind in (ArticleKind.NOTICE, ArticleKind.COMMENTARY):
        return found
    whole = bool(lead.dateline) or kind is ArticleKind.CAPTION
    return calendar.told(lead, whole=whole) or (None if whole else calendar.told_below(lead))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that a page is known to be of, by which a day without its year gets one.

    :param published: When the paper came out.
    :param days: In order; the paper's own where it is known.
    """

    published: KnownDate | None
    days: tuple[KnownDate, ...]

    @classmethod
    def of_page(cls, page: PageFacts, known: Sequence[KnownDate]) -> Calendar:
        """Return the paper's own day, else the full dates of its page."""
        return cls(published=page.days[0] if page.published else None, days=page.days or tuple(known))

    def in_dateline(self, lead: Lead) -> KnownDate | None:
        """Return the day that a dateline names."""
        places = lead.dateline_at
        match = DAY.search(lead.dateline or "")
        if match:
            return self.of(match, places)
        alone = DAY_ALONE.search(lead.dateline or "")
        return self.lately(alone.group(1), places) if alone else None

    def signed(self, article: Gathered) -> KnownDate | None:
        """Return the day that a text is signed with, a telephone number or an address behind it or not."""
        whole = TracedText.joined(block.traced for block in article.body[-CLOSING_BLOCKS:])
        end = whole.slice(Span(max(len(whole.text) - END, 0), len(whole.text)))
        folded = fold(end.text)
        match = last(SIGNED, folded.text)
        return self.printed(match, places_of(match, folded, end)) if match else None

    def adopted(self, article: Gathered) -> KnownDate | None:
        """Return the day in the brackets below a headline: （2023年2月3日…会议通过）."""
        for block in (*article.headings[:CLOSING_BLOCKS], *article.body[:2]):
            folded = fold(block.text[:END])
            match = ADOPTED.match(folded.text)
            if match:
                place = folded.span(match.start(1), match.end(3) + 1)
                return self.printed(match, block.traced.slice(place).origin)
        return None

    def told(self, lead: Lead, *, whole: bool) -> KnownDate | None:
        """Return the first day that a lead tells of: its first sentence, or more of news and captions."""
        folded = fold(lead.text.text)
        end = SENTENCE.search(folded.text)
        text = folded.text[: TOLD if whole or not end else end.start()]
        days = (match for match in DAY.finditer(text) if not NOT_THEN.search(text[: match.start()][-2:]))
        match = next(days, None)
        alone = DAY_ALONE.search(text)
        if match and not (alone and lead.dateline and alone.start() < match.start()):
            found = self.of(match, places_of(match, folded, lead.text))
            return found if found and self.is_news(found.day, whole=whole, in_full=bool(match[1])) else None
        return self.relative(text, folded, lead) if lead.dateline and self.published else None

    def told_below(self, lead: Lead) -> KnownDate | None:
        """Return the day that the second paragraph begins with, where the first one only leads up to it."""
        end = PARAGRAPH_END.search(lead.text.text)
        if not end or DAY.search(fold(lead.text.text[: end.start()]).text):
            return None
        below = lead.text.slice(Span(end.end(), len(lead.text.text)))
        folded = fold(below.text)
        match = DAY_BEGINS.match(folded.text)
        found = self.of(match, places_of(match, folded, below)) if match else None
        return found if found and self.is_news(found.day, whole=False, in_full=False) else None

    def relative(self, text: str, folded: Folded, lead: Lead) -> KnownDate | None:
        """Return what 昨日, or a day without its month, is by the day of the paper."""
        sentence = SENTENCE.split(text, maxsplit=1)[0]
        match = YESTERDAY.search(sentence)
        if match and self.published:
            places = places_of(match, folded, lead.text)
            return KnownDate(day=self.published.day - DAY_BEFORE, places=(*places, *self.published.places))
        alone = DAY_ALONE.search(sentence)
        return self.lately(alone.group(1), places_of(alone, folded, lead.text)) if alone else None

    def of(self, match: re.Match[str], places: Places) -> KnownDate | None:
        """Return the day of a match of ``DAY``, its year read elsewhere where it names none."""
        if match.group(1):
            return self.printed(match, places)
        found = nearest(*match.group(4, 5), known=self.days)
        if not found or not self.is_past(found.day):
            return None
        return KnownDate(day=found.day, places=(*places, *found.places))

    def printed(self, match: re.Match[str], places: Places) -> KnownDate | None:
        """Return the day of a full date, if it is of the page's time."""
        day = day_of(*(each if each.isdigit() else in_digits(each) for each in match.group(1, 2, 3)))
        if not day or (self.days and abs((closest_to(day, self.days).day - day).days) > RECENT):
            return None
        return KnownDate(day=day, places=places) if self.is_past(day) else None

    def lately(self, number: str, places: Places) -> KnownDate | None:
        """Return a day without its month: the last one before the paper came out."""
        day = days_before(self.published.day, number) if self.published else None
        return (
            KnownDate(day=day, places=(*places, *self.published.places)) if day and self.published else None
        )

    def is_news(self, day: date, *, whole: bool, in_full: bool) -> bool:
        """Tell whether the day that a text begins with is that of its news, and not one that it remembers."""
        if not self.published:
            return whole or not in_full
        return self.published.day - day <= (NEWS if whole else LATELY)

    def is_past(self, day: date) -> bool:
        """Tell whether a day is not after the one on which the paper came out."""
        return not self.published or day <= self.published.day


def last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last match of a pattern that reaches to the end of a text."""
    found = None
    for start in (each.start() for each in re.finditer(YEAR, text)):
        found = pattern.match(text, start) or found
    return found


def places_of(match: re.Match[str], folded: Folded, text: TracedText) -> Places:
    """Return where what was matched in folded text is printed."""
    return text.slice(folded.span(*match.span())).origin
