"""Follow-ups (追问): what ``那二类呢？`` asks after ``一类是多少？``.

Without any language model: a new question is taken over as it is unless it shows that it leans on the one
before, for words carried over wrongly find what nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.ranking.quantities import CLASSIFIER
from qa.ranking.time import asked_times
from qa.ranking.typed import Typed

END = "？?！!。．.，,、；; \u3000"
COUNTED_WITH = "个名人座家项次份天元吨年组户米钱所张条件辆台场岁公里亩倍"
"""Characters of units behind 多少 and 几; other measure words behind 几 alone, since 多少列车 counts 列车."""
ASKING = re.compile(
    rf"(?:[在从由有于到]|百分之)?(?:(?:多少|几)[{COUNTED_WITH}]{{1,2}}|几[{CLASSIFIER}]|多少|几|多[大长高远久重]|"
    r"什么时候|什么时间|什么地方|什么|哪些|哪里|哪儿|哪(?:一|几)?[个位家年天日次届]起?|何时|何地|何处|谁)|"
    r"怎么样|怎样|怎么|如何|为什么|为何|吗|呢|请问"
)
TRAILING = re.compile(r"(?:[是为有在于了的都共由]|一共|总共|分别)+$")
ELLIPSIS = re.compile(r"^(?:那么?|而|还有|至于)?[，,]?(?P<new>.{1,20}?)(?:又)?(?:呢|怎么样呢|又如何)$")
BEGINNING = re.compile(
    r"^(?:那么?|然后|后来|另外)?[，,]?(?:还有?|又|也|一共|总共|其中|分别|具体|最后|主要|都|共)*"
    r"(?:由|在|是|有|从|到|于|被|为)?(?:什么(?!是|叫)|哪|何(?!谓|为)|谁(?!是)|多少|几|怎|如何|为什么|为何|开始|结束)"
)
# Not in the midst of another word: 土耳其, 尤其, 应该; nor what names a time: 这个月.
REFERRING = re.compile(
    r"他们|她们|它们|(?<!其)他(?!国|乡|人|省)|她|它|(?<![耳尤极与何])其(?!他|中|它|余|实|次)|(?<![应本理活])该(?!不该|怎)|"
    r"上述|当时|此(?:次|事|外)|(?<![从至])[这那](?:次|个(?!月|星期|季度)|些|里|位|项|家|天|场|件|条|座|届|份|种|本|部)"
)
PRINTED = "文章|新闻|报道|消息|公告|通知"
ARTICLE = re.compile(
    rf"这[篇则](?:{PRINTED})?|这条(?:{PRINTED})|该文章?(?![化件物学艺])|(?<![日基版剧课脚样])本文章?(?![化件物学艺])|"
    r"(?<![语英国外论])文中(?![考小学级])|报道中(?![国央])"
)
PERSONS = re.compile(r"他们|她们|(?<!其)他(?!国|乡|人|省)|她")
ASPECTS = re.compile(
    r"^(?:具体)?(?:报名|申请|办理|参加|参赛|举办|召开|开幕|举行|开始|结束|施行|实施)?(?:时间|地点|地址|人数|金额|总?投资额?|面积|电话|主题|原因|目的|"
    r"期限|产值|产量|价格|费用|规模|名称|内容|结果|负责人|主办方|承办方|意义|标准|条件|要求|对象|范围)$"
)
PLACE = re.compile(
    rf"(?:(?<=^)|(?<=[在的由和与到，,]))[{HAN}]{{1,6}}?(?:省|市|县|区|镇|乡|村|州|旗)(?![{HAN}]{{0,1}}[场级])"
)
OFFICE = re.compile(
    rf"(?:^|[在的由和与到，,])(?P<stem>[{HAN}]{{2,4}})[省市县区州旗](?:委|政府|长|人大|政协|人民(?:政府|代表|法院))"
)
"""A place as the first part of an office (晋中市委书记): another place may be named without its 市."""
ORDINAL = re.compile(r"第?[一二三四五六七八九十\d]+(?P<what>[类级档期届批等组季月名次条项章号])")
PREDICATE = re.compile(
    r"的|是|在|于|有|被|由|将|从|参加|参与|出席|主持|担任|举办|召开|举行|获得?|建成|投资|生产|成立|开始|发布|签约|签署|"
    r"增长|增加|下降|减少|提高|达到|占|超过|完成|实现|新增|涉及|展出|规定|认定|全长|面积|扩建|"
    r"什么|何时|哪|多|百分之|几|谁|怎|如何|为什么|去年|今年|出生|毕业|强调|指出|会见|考察|调研|提出"
)
ANY_DAY = date(2000, 1, 1)
"""Only where a time stands is asked here, and not which it is."""

LITTLE = 4
"""Characters beside its question words that a question without a topic of its own has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A question as it is to be asked.

    :param leans: Whether it took anything over from what was asked before.
    """

    question: str
    leans: bool


def understand(
    question: str, *, before: str, title: str | None = None, simplified: Callable[[str], str] = str
) -> Understood:
    """Return the full question that a new one means, in the words of both as they were typed.

    :param before: The question before, as it was understood; empty where there was none.
    :param title: That of the article last cited.
    :param simplified: Returns the copy of a text in simplified script, character for character, that the
        rules look at.
    """
    asked, earlier = (
        Typed(typed=words, plain=simplified(words))
        for words in (question.strip().rstrip(END), before.strip().rstrip(END))
    )
    full = (
        next((each for each in readings(asked, earlier=earlier, title=title) if each), None)
        if asked
        else None
    )
    return (
        Understood(question=f"{full.typed}？", leans=True)
        if full
        else Understood(question=question, leans=False)
    )


def readings(asked: Typed, *, earlier: Typed, title: str | None) -> Iterator[Typed | None]:
    """Yield what a question may mean, the surest first; None where it does not lean in that way."""
    article = ARTICLE.search(asked.plain) if title else None
    yield asked.with_instead(Span(*article.span()), Typed.as_is(f"《{title}》")) if article else None
    if earlier:
        ellipsis = ELLIPSIS.match(asked.plain)
        new = named_instead(asked.at(Span(*ellipsis.span("new")))) if ellipsis else None
        yield replaced(new, earlier=earlier) if new else None
        yield referred(asked, earlier=earlier) if REFERRING.search(asked.plain) else None
        yield joined(topic(earlier), asked) if topic(earlier) and lacks_topic(asked) else None


def joined(first: Typed, second: Typed) -> Typed:
    """Return two clauses as one question."""
    return first + Typed.as_is("，") + second


def named_instead(new: Typed) -> Typed | None:
    """Return what an ellipsis names; None where its words are a question of their own (``市长是谁呢``).

    Question words behind a time, a class or a place alone say again what is left out (``一类多少呢``).
    """
    if not ASKING.search(new.plain):
        return new
    named = topic(new)
    alone = is_time(named.plain) or ORDINAL.fullmatch(named.plain) or PLACE.fullmatch(named.plain)
    return named if alone else None


def is_time(words: str) -> bool:
    """Tell whether words name a time and nothing beside it."""
    first = next(asked_times(words, reference=ANY_DAY), None)
    return first is not None and first.span == Span(0, len(words))


def replaced(new: Typed, *, earlier: Typed) -> Typed:
    """Return the question before with the part replaced that the new words stand for.

    A time takes the place of a time, 二类 that of 一类, a place that of a place, a name that
    of the subject; an aspect (地点) is asked of the topic.
    """
    if ASPECTS.match(new.plain):
        return topic(earlier) + Typed.as_is("的") + new + Typed.as_is("是什么")
    span = counterpart(new.plain, earlier=earlier.plain)
    if span is None:
        return joined(topic(earlier), new) + Typed.as_is("呢")
    return earlier.with_instead(span, new)


def counterpart(new: str, *, earlier: str) -> Span | None:
    """Return what new words stand for in the question before; None where nothing is like them."""
    if is_time(new):
        return next((each.span for each in asked_times(earlier, reference=ANY_DAY)), None)
    ordinal = ORDINAL.match(new)
    if ordinal:
        rest = new[ordinal.end() :]
        same = (each for each in ORDINAL.finditer(earlier) if each["what"] == ordinal["what"])
        return next((following(each, rest, earlier=earlier) for each in same), None)
    alike = new[1:] and re.search(rf"[{HAN}]{{{len(new) - 2}}}{re.escape(new[-2:])}", earlier)
    if alike:
        return Span(*alike.span())
    place = PLACE.search(earlier)
    if PLACE.fullmatch(new) and place:
        return Span(*place.span())
    office = OFFICE.search(earlier)
    if office and len(new) == len(office["stem"]):
        return Span(*office.span("stem"))
    named = subject(earlier)
    return named if named else None


def following(found: re.Match[str], rest: str, *, earlier: str) -> Span:
    """Return where 一等 stands, with the 奖 behind it if that is repeated as well."""
    return Span(found.start(), found.end() + len(rest) * earlier.startswith(rest, found.end()))


def referred(asked: Typed, *, earlier: Typed) -> Typed | None:
    """Return a question with who or what it refers to; None where the question before names nothing."""
    named, person = earlier.at(subject(earlier.plain)), PERSONS.search(asked.plain)
    if named and person:
        return asked.with_instead(Span(*person.span()), named)
    return joined(topic(earlier), asked) if topic(earlier) else None


def lacks_topic(asked: Typed) -> bool:
    """Tell whether a question has no topic of its own: little beside question words, or an aspect alone."""
    rest = re.sub(rf"^[在从由有于是]|[^{HAN}0-9A-Za-z]", "", ASKING.sub("", asked.plain))
    aspect_alone = ASPECTS.match(topic(asked).plain)
    return bool(aspect_alone) or (bool(BEGINNING.match(asked.plain)) and len(rest) <= LITTLE)


def topic(question: Typed) -> Typed:
    """Return what a question is about: all of it but its question words."""
    return question.without(ASKING).strip(END).without(TRAILING).strip(END)


def subject(question: str) -> Span:
    """Return where a question names what it begins with, up to what it says of it; empty where it asks."""
    match = PREDICATE.search(question)
    named = question[: match.start()] if match else ""
    start = len(named) - len(named.lstrip(END))
    return Span(start, max(start, len(named.rstrip(END))))
