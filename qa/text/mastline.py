"""The line that opens or closes an article: byline, dateline, date, credit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.text.continuation import CLOSING_JUMP
from qa.text.folded import fold
from qa.text.names import DOTS, ROLE, SURNAMES, TRANSCRIBED, Named, is_usual_name, people

HEAD = 120
"""Characters of a block that are looked at for what opens it."""

TAIL = 120
"""Characters of a block that are looked at for what closes it."""

PAPER = r"(?:日|晚|晨|早|时|商|都市|青年|工人|农民|法治|法制|教育|经济|生活|文化)报|周报|导报|新报|快报|周刊"
AGENCY = (
    r"(?:\*\*)?据?(?:本报|本刊|本网|本台|本社|新华社|新华网|中新社|中新网|人民网|央视网|央广网"
    rf"|[{HAN}]{{0,6}}?(?:{PAPER}))"
)
NEWS_WORD = r"(?:讯(?![员息号问])|电(?![话视力影子信商网器动站价气脑池梯源缆能力车])|消息(?![人灵称是])|特稿)"
PLACE = rf"(?:(?!记者|通讯|编辑|评论|社论|微信|客户端)[{HAN}、()·])"
DATED = r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日)(?:凌晨|上午|下午|晚|深夜)?"
# Matched on folded text.
FILED = re.compile(r"[讯电消稿]")
"""One of these is in every dateline."""

DATELINE = re.compile(rf"^({AGENCY}(?:{PLACE}{{0,14}}?{DATED}(?:专|特|综合|急)?|{PLACE}{{0,8}}?){NEWS_WORD})")
IN_BRACKETS = re.compile(r"[\s*]*[（(]([^（）()]{2,80})[)）]")
REPORTED = re.compile(rf"[\s*]*({ROLE}[^，。：:（(]{{2,40}}?报\s*道)")

NO_SENTENCE = r"(?![^\n]*[了的从在是到这])"
# Blanks are taken whole, since a line may be a hundred thousand of them.
BULLETS = r"[\s□■●◎◆▲○◇★☆*]*+"
DONE = r"(?:文\s*[/／、]?\s*图|图\s*[/／、]?\s*文|摄影报道|联合报道|报道|采写|整理|摄影|摄|文|图)"
SURNAME = "[" + "".join(sorted(SURNAMES)) + "]"
TRANSCRIPT = "[" + "".join(sorted(TRANSCRIBED.difference(DOTS))) + "]"
USUAL = rf"(?:{SURNAME}\s*[{HAN}](?:\s*[{HAN}])?|{TRANSCRIPT}{{2,8}}[{DOTS}]{TRANSCRIPT}{{2,8}})"
BYLINE = re.compile(
    rf"^{BULLETS}(?:{DONE}\s*+(?:[:：/／]\s*+)?)?{NO_SENTENCE}"
    rf"((?:本\s*报|本\s*刊|新华社|特约|人民日报)?\s*(?:特约)?评\s*论\s*员"
    rf"|{ROLE}(?:[\s:：]+[{HAN}][{HAN}\s、，,·:：]{{1,50}}?|{USUAL}(?:[\s、，,·][{HAN}\s、，,·:：]{{0,50}}?)?))"
    rf"\s*+{DONE}?\s*+$"
)
CREDIT = re.compile(
    rf"[（(]\s*((?:{ROLE}|本组稿件由?|据|文\s*[/／])[^（）()。]{{1,80}}|{USUAL}(?:[\s、，,]+{USUAL}){{0,4}})"
    rf"\s*(?:采\s*写|整\s*理|{DONE})?\s*[)）]\s*$"
)
CLOSING_BYLINE = re.compile(rf"(?<=[。！？”」…\s])\s*({ROLE}\s+{NO_SENTENCE}[{HAN}\s、，,·:：]{{2,60}})\s*$")
PHOTOGRAPHER = re.compile(
    rf"(?:^|[\s。！？”）)」])((?:图\s*[/／]\s*)?[{HAN}·、，]{{1,12}}(?:[\s/／]+[{HAN}·、，]{{1,12}}){{0,7}})"
    r"\s*(?<!拍)(?<!拍\s)摄(?:影)?\s*+(?:[（(][^（）()]{0,12}[)）])?\s*+$"
)
SIGNED = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a text (电头).

    :param dateline: As printed, white space cut.
    :param span: Where it stands.
    :param named: The people in the brackets behind it, their places counted in the text.
    :param end: Where what it opens begins.
    """

    dateline: str
    span: Span
    named: tuple[Named, ...]
    end: int


def opened(text: str) -> Opening | None:
    """Return the dateline at the head of a text; None without one."""
    head = text[:HEAD]
    if not FILED.search(head):
        return None
    folded = fold(head)
    match = DATELINE.match(folded.text)
    if not match:
        return None
    span = folded.span(*match.span(1))
    bracket = IN_BRACKETS.match(text, span.end) or REPORTED.match(text, span.end)
    named = people_at(bracket) if bracket and re.search(ROLE, bracket.group(1)) else ()
    end = bracket.end() if bracket and named else span.end
    return Opening(dateline=match.group(1), span=span, named=named, end=end)


def people_at(match: re.Match[str]) -> tuple[Named, ...]:
    """Return the people in the first group of a match, their places counted in the whole text."""
    return tuple(
        Named(name=each.name, span=each.span.shift(match.start(1))) for each in people(match.group(1))
    )


LEADER_WRITER = re.compile(r"(?:\A|[\s□■●◎◆▲—－-])((?:[^\s，。、（）()]{2,6}\s*)?(?:特约)?评\s*论\s*员)\s*\Z")


def bylined(text: str) -> tuple[Named, ...]:
    """Return whom a byline names, with where; roles are dropped.

    A leader writer who is not named stays 本报评论员, as the paper prints it.
    """
    writer = LEADER_WRITER.search(text.rstrip())
    if writer:
        return (Named(name="".join(writer.group(1).split()), span=Span(*writer.span(1))),)
    return people(text)


def opening(block: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the dateline at the head of a block, white space cut, and whom it names; None without one."""
    found = opened(block)
    return (found.dateline, tuple(each.name for each in found.named)) if found else (None, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Whom the end of a text credits.

    :param named: At least one; their places counted in the text.
    :param photographed: They took the picture that the text stands under.
    """

    named: tuple[Named, ...]
    photographed: bool


def closed(text: str) -> Closing | None:
    """Return the credit at the end of a text, be it before a jump; None where it credits nobody."""
    jump = CLOSING_JUMP.search(text[-TAIL:])
    end = len(text) - len(text[-TAIL:]) + jump.start() if jump else len(text)
    start = max(end - TAIL, 0)
    tail = text[start:end].rstrip()
    for pattern in credits_in(tail):
        match = pattern.search(tail)
        named = people_at(match) if match else ()
        if match and named and trusted(match, named, pattern=pattern):
            by = tuple(Named(name=each.name, span=each.span.shift(start)) for each in named)
            return Closing(
                named=by, photographed=pattern is PHOTOGRAPHER or PICTURED.search(match.group()) is not None
            )
    return None


def credits_in(tail: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that the end of a text may match, by what each cannot do without."""
    if "摄" in tail:
        yield PHOTOGRAPHER
    if tail[-1:] in (")", "）"):
        yield CREDIT
    if ROLE_ENDS.search(tail):
        yield CLOSING_BYLINE


ROLE_ENDS = re.compile(r"[者员生稿人译]")


def is_signed(text: str) -> bool:
    """Tell whether a text ends with the date with which it is signed."""
    return text.rstrip()[-1:] == "日" and SIGNED.search(text) is not None


def is_photographed(text: str) -> bool:
    """Tell whether a text ends with the name of who took a picture."""
    return "摄" in text and PHOTOGRAPHER.search(text.strip()) is not None


PICTURED = re.compile(r"摄|供\s*图")


def trusted(match: re.Match[str], named: Sequence[Named], *, pattern: re.Pattern[str]) -> bool:
    """Tell whether a credit without a role names people, and not what a text is or where it is from."""
    if pattern is CLOSING_BYLINE or re.search(ROLE, match.group()):
        return True
    return all(is_usual_name(each.name) for each in named) or pattern is PHOTOGRAPHER


def closing(block: str) -> tuple[str, ...]:
    """Return whom the end of a block credits; nobody where it credits none."""
    found = closed(block)
    return tuple(each.name for each in found.named) if found else ()
