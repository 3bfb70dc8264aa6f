"""Short answers inside a sentence: numbers with their units, dates, people, places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.ranking.answer_kind import AnswerKind
from qa.ranking.question import fold

NUMERAL = r"(?:\d[\d,，]*(?:\.\d+)?|[一二三四五六七八九十百千两]{1,6}(?=[个名人座家项次条份天届所处户件]))"
UNIT = (
    r"(?:[余多]?[十百千万亿]*[余多]?(?:美元|欧元|元|平方米|平方公里|立方米|公里|千米|厘米|毫米|米|公顷|亩|公斤|千克|克|"
    r"万?吨|人次|场次|人|名|个百分点|个|座|家|户|件|条|份|场|项|批|枚|届|处|站|所|册|次|天|小时|分钟|岁|年|倍|"
    r"套|辆|台|张|幢|栋|版|期|款|部|支|只|头|度|%|％)?)"
)
NUMBER = re.compile(rf"(?:(?<![附邻临最])近|(?<![签合条公违制节大预])约)?{NUMERAL}\s?[十百千万亿]*\s?{UNIT}")
DATE = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(?:底|初|中旬|上旬|下旬)?|\d{1,2}月\d{1,2}日(?:至\d{1,2}日)?|\d{4}年"
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞"
    "颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁"
    "蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋"
)
OFFICE = (
    r"(?:书记|市长|省长|县长|区长|镇长|村长|局长|厅长|部长|处长|科长|院长|校长|所长|会长|站长|社长|主任|主席|秘书长|"
    r"检察长|总经理|经理|董事长|董事|负责人|带头人|教授|学子|专家|经济师|工程师|同志|总裁|委员|领导)"
)
# Two characters where a third would begin a verb; newspapers name people behind their office.
GIVEN = rf"[{SURNAMES}](?!于|和|同|志|强调|指出|主持|中|全|市|省|县)[{HAN}]"
PERSON = re.compile(
    rf"{OFFICE}({GIVEN}(?:(?=[在率到出主作介强说指表参及和带为就、，。,；;]|一行)|(?![在率到主介强说指参及和带、])[{HAN}])"
    rf"(?:、{GIVEN}[{HAN}]?(?=[、参出等]))*)"
)
PLACE = re.compile(
    rf"(?:在|位于|地点[:：]?|经营地|地址[:：]?)([{HAN}0-9A-Za-z（）()]{{2,24}}?(?:[省市县区镇乡村路街室楼厂园馆所院校站港]))(?![{HAN}]{{0,2}}[委府])"
)
PATTERNS: dict[AnswerKind, re.Pattern[str]] = {
    AnswerKind.NUMBER: NUMBER,
    AnswerKind.DATE: DATE,
    AnswerKind.PERSON: PERSON,
    AnswerKind.PLACE: PLACE,
}
REACH = 16.0
"""Characters over which the pull of a question word on a candidate falls to 1/e."""


def candidates(sentence: str, *, kind: AnswerKind, units: str = "") -> Iterator[Span]:
    """Yield the stretches of a sentence that could answer a question of this kind, in order.

    :param units: Characters one of which a number must hold; empty where any will do.
    """
    pattern = PATTERNS.get(kind)
    for match in pattern.finditer(sentence) if pattern else ():
        span = Span(*match.span(match.lastindex or 0))
        if not units or any(unit in sentence[span.start : span.end] for unit in units):
            yield span


def nearest(sentence: str, *, spans: Sequence[Span], terms: Sequence[str]) -> Span | None:
    """Return the candidate that the question's words stand closest to; the first of equals.

    Words before a number say what it counts (二类 20.2 元), so words behind it pull half as much.
    """
    folded = fold(sentence)
    positions = [(m.start(), m.end()) for term in terms for m in re.finditer(re.escape(term), folded)]

    def pull(span: Span) -> float:
        before = sum(math.exp((end - span.start) / REACH) for _, end in positions if end <= span.start)
        behind = sum(math.exp((span.end - start) / REACH) for start, _ in positions if start >= span.end)
        return before + behind / 2

    return max(spans, key=lambda span: (pull(span), -span.start), default=None)
