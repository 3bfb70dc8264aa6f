"""Page furniture (报头、版务): what is printed on a page and belongs to no article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain.characters import HAN

LONGEST = 120
"""Furniture lines are short; a paragraph that mentions an editor is not one."""

FURNITURE = re.compile(
    r"统一(?:连续)?出版物号|国内统一刊号|邮发代号|机关报|主管主办|报社出版|农历[\u4e00-\u9fff]{2}年"
    r"|^\W*第\s*\d+\s*期\W{0,6}(?:今日\s*\d+\s*版)?\W*$|今日\s*\d+\s*版|责编|责任编辑|校对\s*[:：]|组版|邮箱\s*[:：]|新闻热线|新闻网\s*[:：]|零售\s*[:：]"
    r"|^\s*星期[一二三四五六日天]\s*$|^\s*\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?\s*(?:星期[一二三四五六日天])?\s*$"
    r"|^\s*(?:第?\s*[A-D]?\d{1,2}\s*版|[-—·\d\s]{1,6})\s*$"
)
NEWSPAPER = re.compile(rf"([{HAN}]{{2,6}}(?:日报|晚报|晨报|时报|商报|都市报|周报))(?:社)?")
ISSUE = re.compile(r"第\s*(\d{1,6})\s*期")
PAGE = re.compile(r"^\s*第?\s*([A-D]?\d{1,2})\s*版\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the furniture says of the whole page; None where it says nothing."""

    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None


def is_furniture(block: str) -> bool:
    """Tell whether a block of lines is page furniture; whole sentences are not."""
    return len(block) <= LONGEST and "。" not in block and FURNITURE.search(block) is not None


def page_facts(blocks: list[str]) -> PageFacts:
    """Return what the furniture blocks of one page say of it."""

    def first(pattern: re.Pattern[str]) -> str | None:
        found = (pattern.search(block) for block in blocks)
        return next((match.group(1) for match in found if match), None)

    return PageFacts(newspaper=first(NEWSPAPER), issue=first(ISSUE), page=first(PAGE))
