"""Page furniture (报头、版务): what is printed on a page and belongs to no article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.domain.characters import HAN
from qa.text.dates import KnownDate, Places
from qa.text.folded import fold

LONGEST = 120
"""Furniture lines are short; a paragraph that mentions an editor is not one."""

KNOWN_PAPER = r"文汇报|新民晚报|解放军报|参考消息|团结报"
PAPER = (
    rf"(?:{KNOWN_PAPER}|[{HAN}]{{2,6}}?(?:(?:日|晚|晨|早|时|商|都市|青年|工人|农民|农村|法治|法制|经济|消费|生活|教育|科技|文化|老年)报"
    r"|周报|导报|新报|快报|周末报))"
)
"""The name of a newspaper."""

SURE = re.compile(
    r"统一(?:连续)?出版物号|国内统一刊号|邮发代号|机关报|主管主办|报社出版|农历[\u4e00-\u9fff]{2}年|今[日天]\s*\d+\s*版"
    r"|责\s*编|责任编辑|校\s*对\s*[:：]|组\s*版|版\s*式\s*(?:设\s*计\s*)?[:：]|制\s*[图表]\s*[:：]|美\s*编|本版(?:编辑|主编|责编)|值班(?:主任|编委|总编)"
    r"|邮箱\s*[:：]|新闻热线|广告热线|发行热线|订阅热线|新闻网\s*[:：]|零售价?\s*[:：]|CN\s*\d{2}\s*[-—]\s*\d{4}"
)
"""Words that no line without a full stop has in an article."""

SECTIONS = (
    r"要闻|综合|时政|民生|城事|县域|经济|文化|文体|体育|国际|国内|副刊|教育|健康|财经|社会|法治|科技|旅游|理论|评论|专题|专版"
    r"|广告|视点|天下|热点|本地|区县|乡村振兴|党建|生活|娱乐|时事|新闻|特别报道|深度|读书|汽车|房产|导读|市场|农业|工业|军事"
)
WEATHER = (
    r"今[天日夜]|今晚|明[天日]|白天|夜间|[晴阴]|多云|转|[小中大暴雷阵]{1,2}[雨雪]|[东南西北偏微]{1,4}风"
    r"|[-－]?\d{1,2}[~～至]?[-－]?\d{0,2}(?:℃|度|级)"
)
PIECES = {
    "paper": rf"{PAPER}(?:社(?:出版|主办)?)?",
    "date": r"(?:19|20)\d\d(?:年\d{1,2}月(?:\d{1,2}日)?|([.\-/])\d{1,2}\1\d{1,2})",
    "weekday": r"(?:星期|周)[一二三四五六日天]",
    "lunar": (
        r"(?:农历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
        r"(?:闰?[正一二三四五六七八九十冬腊]{1,2}月[初十廿三一二四五六七八九]{2,3})?"
    ),
    "issue": r"总?第\d{1,6}期",
    "page": r"(?:第?[A-D]?\d{1,2}|今[日天]\d{1,3})版|版[A-D]?\d{1,2}(?!\d)|[A-D]\d{1,2}(?!\d)",
    "site": r"(?:https?://|www\.)[\w./\-]+|[\w.\-]+@[\w.\-]+",
    "telephone": rf"[{HAN}]{{0,6}}(?:热线|电话|传真)[:：]?0?\d[\d\-—]{{6,13}}",
    "price": r"(?:零售价?|定价|每份|售价)[:：]?\d+(?:\.\d+)?元",
    "post": r"\d{1,3}[-—]\d{1,3}(?!\d)",
    "weather": WEATHER,
    "section": rf"(?:{SECTIONS})(?:新闻|版)?",
    "number": r"\d{1,3}(?!\d)",
    "between": r"[\s·|｜丨/:：,，、.\-—~>#*★☆●■□◆()（）\[\]【】]+",
}
PIECE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in PIECES.items() if name != "date"))
DATE_PIECE = re.compile(PIECES["date"])
TELLING = {"paper", "date", "weekday", "lunar", "issue", "page", "site", "price", "number"}
"""Pieces of which one alone is furniture."""


def is_furniture(block: str) -> bool:
    """Tell whether a block of lines is page furniture; whole sentences are not."""
    if len(block) > LONGEST or "。" in block:
        return False
    return SURE.search(block) is not None or bool(pieces(block) & TELLING)


def pieces(block: str) -> frozenset[str]:
    """Return what pieces of a masthead a block is made of; none where anything else is in it."""
    text = " ".join(fold(line).text for line in block.splitlines())
    found: set[str] = set()
    at = 0
    while at < len(text):
        match = DATE_PIECE.match(text, at) or PIECE.match(text, at)
        if not match:
            return frozenset()
        found.add(match.lastgroup if match.re is PIECE and match.lastgroup else "date")
        at = match.end()
    return frozenset(found - {"between"})


SIGNATURE = re.compile(
    rf"(?:局|公司|政府|委员会|院|部|中心|社|厅|办公室|集团|学校|大学|银行|协会|处|所|队|厂|店|指挥部|管委会|特此[{HAN}]{{2}}|\d{{7,8}})\s*$"
)
LIST = 3
"""Numbers alone on a page that make it likely that they count something on it."""

SHORT = 40
"""Characters up to which a line can be a signature."""


def furniture_among(blocks: Sequence[str]) -> list[bool]:
    """Tell which of the blocks of a page are furniture, by what stands beside them as well.

    A section's name is furniture beside a masthead line; a date alone below a signature is the date
    of what is signed.
    """
    found = [is_furniture(block) for block in blocks]
    numbers = [at for at, block in enumerate(blocks) if found[at] and pieces(block) == {"number"}]
    for at in numbers if len(numbers) >= LIST else ():
        found[at] = False
    for at, block in enumerate(blocks):
        if found[at] and at and pieces(block) == {"date"} and is_signature(blocks[at - 1], found[at - 1]):
            found[at] = False
    for order in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        for at in order:
            if not found[at] and any(found[max(at - 1, 0) : at + 2]):
                found[at] = len(blocks[at]) <= SHORT and pieces(blocks[at]) == {"section"}
    return found


def is_signature(block: str, furniture: bool) -> bool:
    """Tell whether a block is what a notice is signed with."""
    last = block.strip()[-SHORT:]
    return not furniture and SIGNATURE.search(last) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the furniture says of the whole page; None where it says nothing.

    :param published: When the paper came out.
    :param days: The day on which it came out, or the middle of the month where only that is said.
    :param read_at: Where each of them stands, by the names of the fields of ``Facts``.
    """

    newspaper: str | None = None
    issue: str | None = None
    page: str | None = None
    published: date | None = None
    days: tuple[KnownDate, ...] = ()
    read_at: Mapping[str, Places] = field(default_factory=dict, hash=False)

    @property
    def has_masthead(self) -> bool:
        """Tell whether anything of a masthead was found."""
        return any((self.newspaper, self.issue, self.page, self.published))
