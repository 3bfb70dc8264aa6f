"""People (姓名) that a byline names, and where each of them stands in it.

A name may be set apart (王 勇), run over a line end, or stand between others with nothing but a blank
between them; the commonest surnames say which characters belong together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain.characters import HAN
from qa.domain.spans import Span

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅付沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰"
    "殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌"
    "费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古"
    "米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝"
    "都巩稽井练仲乐虞卞封竺冼原官衣楚闻佟那储荆弓尚和于郗缪桑平粟展冶买热阿巴努艾玛卓多扎洛才索达次旦德央伊"
)
"""Single-character surnames that are common enough to tell a name by."""

COMPOUND = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙",
     "慕容", "令狐", "宇文", "长孙", "夏侯", "端木", "百里", "呼延", "轩辕"}
)  # fmt: skip

SPACED = r"[ \t\u3000]*"
ROLE = (
    rf"(?:(?:(?:本|特|首|全|融|见|实|驻){SPACED}(?:报|刊|台|网|约|席|媒体|习|京|外|晋|沪)|新华社|中新社|人民网|央视"
    rf"|[{HAN}]{{2,4}}(?:日报|晚报|晨报|时报|都市报))\s*){{0,4}}"
    rf"(?:记\s*者|通\s*讯\s*员|评\s*论\s*员|实\s*习\s*生|特约撰稿人?|撰稿|作者|编译)"
)
"""What stands before the names: ``本报首席记者``, ``通讯员``, ``见习记者``."""

NOISE = re.compile(
    rf"{ROLE}|本组稿件|采\s*写|参\s*与|整\s*理|综\s*合|(?:摄影|联合)?报\s*道|供\s*图|摄\s*影|制\s*图|漫\s*画|编辑"
    r"|文\s*[/／、]\s*图|图\s*[/／、]\s*文|\A\s*[文图](?=[\s:：/／])"
    rf"|(?<=[{HAN}][{HAN}][ \u3000])[文图](?=\s*\Z)|(?<=[{HAN}\s])(?<!拍)摄(?![{HAN}])|由(?=\s)"
    rf"|(?<![{HAN}])(?:本\s*报|新华社|中新社)(?![{HAN}])"
)
"""What stands between names, or behind them, and is no part of one."""

WORD = re.compile(rf"[{HAN}]+(?:\s*[·•・]\s*[{HAN}]+)*")
BLANK = re.compile(r"\s+")
UNLIKE_NAME = re.compile(
    r"(?:部|局|委|院|厅|中心|公司|学校|大学|政府|办|队|站|社|会|新闻网|日报|晚报|发|图片|照片|消息|电|讯)$"
)
NO_NAMES = frozenset(
    {"全文", "连载", "连线", "史话", "安全", "方言", "成绩", "平安", "和平", "向上",
     "时评", "时讯", "时政", "公告", "方案", "计划", "高温", "金融", "温暖"}
)  # fmt: skip
"""Words of two or three characters that begin like a name and stand in brackets at the end of texts."""

DOTS = "·•・"
TRANSCRIBED = frozenset(
    "·•・阿艾埃爱安奥巴白拜班比别波布才次达大丹旦当道德登迪丁都顿多额恩尔风冈格根古果哈汉海合赫洪胡吉加嘉江杰金居卡凯康克肯库"
    "拉莱兰朗勒雷黎里力丽利列琳龙罗洛玛马买麦曼梅美孟米明木穆那娜乃尼努诺帕平普其齐恰强切青曲热仁日荣如茹萨赛桑沙山生斯苏索塔"
    "台泰坦特提田铁图吐托瓦万汪旺维乌吾西希锡夏祥肖辛亚娅央扬叶伊依义艺因英尤玉约赞泽增扎珠孜宗卓措堆"
)
"""What names of other languages are written with."""
LONGEST = 8
"""Characters of a name without a dot in it, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person with where the name stands in the byline, from its first to its last character."""

    name: str
    span: Span


def people(byline: str) -> tuple[Named, ...]:
    """Return whom a byline names, each once, in print order; roles and what they did are no names."""
    found: dict[str, Named] = {}
    for group in groups(byline):
        for named in whole_names(group, byline):
            if is_name(named.name):
                found.setdefault(named.name, named)
    return tuple(found.values())


def groups(byline: str) -> list[list[Named]]:
    """Return the words of a byline, those with nothing but a blank between them together."""
    found: list[list[Named]] = []
    for stretch in between_roles(byline):
        end: int | None = None
        for match in WORD.finditer(byline, stretch.start, stretch.end):
            word = Named(name=squeezed(match.group()), span=Span(*match.span()))
            if end is not None and byline[end : match.start()].isspace():
                found[-1].append(word)
            else:
                found.append([word])
            end = match.end()
    return found


def between_roles(byline: str) -> list[Span]:
    """Return the stretches of a byline before, between and behind the words that are no names."""
    marks = [0]
    for match in NOISE.finditer(byline):
        marks += match.span()
    marks.append(len(byline))
    return [Span(start, end) for start, end in zip(marks[::2], marks[1::2], strict=True)]


def whole_names(words: Sequence[Named], byline: str) -> list[Named]:
    """Return names of words between which only blanks stand: those cut apart are closed up."""
    words = mended(words, byline)
    found: list[Named] = []
    at = 0
    while at < len(words):
        single = next((n for n in range(at, len(words)) if len(words[n].name) > 1), len(words)) - at
        if single > 1:
            found += set_apart(words[at : at + single])
        elif single and belongs_to_next(words, at, byline):
            found.append(joined(words[at : at + 2]))
            single += 1
        elif single and found and len(found[-1].name) == SHORTEST:
            found[-1] = joined((found[-1], words[at]))
        elif not single:
            found.append(words[at])
        at += max(single, 1)
    return found


def mended(words: Sequence[Named], byline: str) -> list[Named]:
    """Return words with the names closed up of which a line end cut off one character."""
    found = list(words[:1])
    for at in range(1, len(words)):
        over_lines = "\n" in byline[words[at - 1].span.end : words[at].span.start]
        if over_lines and are_parts(found[-1].name, words[at].name, words, at):
            found[-1] = joined((found[-1], words[at]))
        else:
            found.append(words[at])
    return found


def are_parts(before: str, behind: str, words: Sequence[Named], at: int) -> bool:
    """Tell whether the last word of a line and the first of the next, word ``at``, are one name."""
    if (len(before), len(behind)) == (SHORTEST, 1):
        followed = at + 1 < len(words) and len(words[at + 1].name) == 1
        return behind not in SURNAMES or not followed
    if (len(before), len(behind)) == (1, SHORTEST):
        preceded = at > 1 and len(words[at - 2].name) == 1
        return before in SURNAMES or not preceded
    return False


SHORTEST = 2
"""Characters of a name at least."""


def belongs_to_next(words: Sequence[Named], at: int, byline: str) -> bool:
    """Tell whether a lone character begins the next word: where only a line end cut them, or as a surname."""
    if at + 1 == len(words) or len(words[at + 1].name) > SHORTEST:
        return False
    if not at or len(words[at - 1].name) > SHORTEST:
        return True
    before, behind = (
        "\n" in byline[one.span.end : other.span.start]
        for one, other in ((words[at - 1], words[at]), (words[at], words[at + 1]))
    )
    return behind if before != behind else words[at].name in SURNAMES


def set_apart(characters: Sequence[Named]) -> list[Named]:
    """Return the names that characters standing apart make, as in 王 佳 丽 or 王 勇 李 强."""
    found: list[Named] = []
    at = 0
    while at < len(characters):
        size = name_length("".join(each.name for each in characters[at:]))
        found.append(joined(characters[at : at + size]))
        at += size
    return found


def name_length(characters: str) -> int:
    """Return how many of the characters make the first name: a surname, or nothing, must follow it."""
    lengths = (3, 4, 2) if characters[:2] in COMPOUND else (3, 2)
    fitting = (n for n in lengths if len(characters) == n or characters[n : n + 1] in SURNAMES)
    return next((n for n in fitting if len(characters) - n != 1), min(lengths[0], len(characters)))


def joined(words: Sequence[Named]) -> Named:
    """Return one name of words that stand one behind the other."""
    return Named(
        name="".join(each.name for each in words), span=Span(words[0].span.start, words[-1].span.end)
    )


def squeezed(text: str) -> str:
    """Return text without white space."""
    return BLANK.sub("", text)


def is_name(name: str) -> bool:
    """Tell whether a word beside a role can be a name; an organisation's is none."""
    if any(dot in name for dot in DOTS):
        return len(name) <= 4 * LONGEST
    return SHORTEST <= len(name) <= LONGEST and not (len(name) >= 4 and UNLIKE_NAME.search(name))


def is_usual_name(name: str) -> bool:
    """Tell whether a word looks like a name even where no role stands before it."""
    if any(dot in name for dot in DOTS):
        return len(name) <= 2 * LONGEST and all(each in TRANSCRIBED for each in name)
    if name[:2] in COMPOUND:
        return 3 <= len(name) <= 4
    return 2 <= len(name) <= 3 and name[0] in SURNAMES and name not in NO_NAMES
