"""Questions made of news: a number, a name, a day or a place of a statement gives way to a question word.

After Lewis, Denoyer and Riedel (2019), *Unsupervised Question Answering by Cloze Translation*. Chinese asks
in place, so that most statements are questions once the answer is exchanged: ``完成投资36.5亿元`` becomes
``完成投资多少亿元？``. Some words are dropped, and the headline stands in front of some, as people ask.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import jieba
import jieba.posseg

from qa.domain.characters import HAN
from qa.domain.spans import Span
from qa.ranking.office import OFFICES
from qa.ranking.quantities import NUMBER
from qa.text.names import COMPOUND, SURNAMES
from qa.text.sentences import sentences
from training.reading_sets import Answer, Asked

SOURCE = "news_cloze"
CONTEXT = 900
"""Characters of an item around a statement that are shown, at most."""

TRIED = 8
"""Sentences of an item that are looked at."""

SHORTEST, LONGEST = 8, 44
"""Characters of a statement without its answer."""

DROPPED, UNDER_HEADLINE = 0.06, 0.15
"""How often a word of a question is left out, and a question begins with the headline."""

FEW = 6
"""Words of a question that stays whole."""

DAY = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}日|上午|下午)?|(?<!\d)\d{4}年(?:\d{1,2}月(?!\d))?"
)
COUNTED = re.compile(
    r"(?P<number>[近约]?\d[\d,.]*)(?P<scale>[余多]?[十百千万亿]*[余多]?)(?P<unit>[^\d十百千万亿余多\s]+)$"
)
NAMED = re.compile(r"《(?P<work>[^《》]{2,30})》|“(?P<saying>[^“”]{2,16})”")
IN_OFFICE = re.compile(rf"(?P<body>[{HAN}]{{2,10}}?)(?:党组|党委)?(?:书记、)?(?P<office>{OFFICES})$")
FILE = re.compile(r"(?:条例|通知|意见|办法|规划|方案|决定|规定|纲要|公告|法|细则|标准)(?:（.*）)?$")
ASKING = re.compile(rf"谁|什么|哪|多少|几|何|{OFFICES}")
AT = re.compile(r"(?:在|于|赴|到|来到|抵达|前往)$")
ACTS = re.compile(r"表示|主持|出席|说|介绍|强调|指出|认为|致辞|讲话|告诉|参加|陪同|[，、]?(?:带领|率队)")
"""What people do whom the news names."""
MARKED = re.compile(r"\*\*[^*]{0,60}\*\*|-{3}.*$", re.DOTALL)
"""Subheadings and notes that a website put into the text."""
BREAK = re.compile(r"[，；：。！？,;:!?]")
STATED = re.compile(r"(?:已经?|共计?|达到?|为|约|超过?|近|增至|降至|完成|实现|有)+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is asked for: where it stands in a text, and the ways of asking for it.

    :param ways: From what stands before and behind it in its statement to a question without its mark.
    :param weight: How much rather it is asked for than others.
    """

    span: Span
    ways: Sequence[Callable[[str, str], str]]
    weight: float = 1.0


def news_questions(
    rows: Sequence[Mapping[str, str]], *, count: int, seed: int
) -> Iterator[tuple[Mapping[str, str], Asked]]:
    """Yield so many items at most, spread evenly, each with a question; the same for the same seed."""
    tagger = jieba.posseg.POSTokenizer(jieba.Tokenizer())
    count = min(count, len(rows))
    for at in range(count):
        row = rows[at * len(rows) // count]
        asked = question_of(row, tagger, random.Random(f"{seed}:cloze:{at}"))
        if asked:
            yield row, asked


def question_of(
    row: Mapping[str, str], tagger: jieba.posseg.POSTokenizer, chance: random.Random
) -> Asked | None:
    """Return a question made of one news item; None where none can be."""
    text = "".join(MARKED.sub("", row["text"]).split())
    told = list(sentences(text))
    for sentence in chance.sample(told, min(TRIED, len(told))):
        # Weighted sampling without replacement (Efraimidis and Spirakis 2006).
        for gap in sorted(
            gaps_of(text, sentence, tagger), key=lambda each: -(chance.random() ** (1 / each.weight))
        ):
            question = question_for(text, sentence, gap, chance)
            if question:
                headline = f"{row['title'].strip()}，" if chance.random() < UNDER_HEADLINE else ""
                return placed(text, gap.span, f"{headline}{shortened(question, tagger, chance)}？")
    return None


def shortened(question: str, tagger: jieba.posseg.POSTokenizer, chance: random.Random) -> str:
    """Return a question without some of its words; short ones stay, and so do the words that ask."""
    words = [pair.word for pair in tagger.cut(question)]
    if len(words) < FEW:
        return question
    return "".join(word for word in words if asks(word) or chance.random() >= DROPPED)


def placed(text: str, span: Span, question: str) -> Asked:
    """Return a question with its answer in a stretch of the text."""
    first = max(0, min(span.start - CONTEXT // 2, len(text) - CONTEXT))
    answer = Answer(text=text[span.start : span.end], start=span.start - first)
    return Asked(
        id="", source=SOURCE, question=question, context=text[first : first + CONTEXT], answers=(answer,)
    )


def asks(word: str) -> bool:
    """Tell whether a word makes a question one, or says of which office it asks."""
    return bool(ASKING.search(word))


def question_for(text: str, sentence: Span, gap: Gap, chance: random.Random) -> str | None:
    """Return what asks for a gap in its statement; None where the statement is too short or too long."""
    before = text[sentence.start : gap.span.start]
    behind = BREAK.split(text[gap.span.end : sentence.end], maxsplit=1)[0]
    clauses = BREAK.split(before)
    before = clauses.pop()
    while clauses and len(before) + len(behind) < SHORTEST:
        before = clauses.pop() + before
    if not SHORTEST <= len(before) + len(behind) <= LONGEST or re.search(r"[“”《》（）]", before + behind):
        return None
    return chance.choice(gap.ways)(before, behind)


def gaps_of(text: str, sentence: Span, tagger: jieba.posseg.POSTokenizer) -> Iterator[Gap]:
    """Yield what can be asked for in a sentence."""
    for match in DAY.finditer(text, sentence.start, sentence.end):
        yield Gap(span=Span(*match.span()), ways=ways_of_day(match[0]))
    for match in NAMED.finditer(text, sentence.start, sentence.end):
        yield Gap(span=Span(*match.span()), ways=ways_of_name(match), weight=0.25)
    for match in NUMBER.finditer(text, sentence.start, sentence.end):
        counted = COUNTED.fullmatch(match[0])
        if counted and counted["unit"] != "年":
            yield Gap(span=Span(*match.span()), ways=ways_of_number(counted))
    yield from names_of(text, sentence, tagger)


def names_of(text: str, sentence: Span, tagger: jieba.posseg.POSTokenizer) -> Iterator[Gap]:
    """Yield people and places that a sentence surely names: the tagger alone takes many words for names."""
    at = sentence.start
    for pair in tagger.cut(text[sentence.start : sentence.end]):
        span = Span(at, at + len(pair.word))
        at = span.end
        before = text[sentence.start : span.start]
        if (
            pair.flag == "nr"
            and is_person(pair.word)
            and (IN_OFFICE.search(before) or ACTS.match(text, span.end))
        ):
            yield Gap(span=span, ways=ways_of_person(before), weight=2.0)
        elif pair.flag == "ns" and AT.search(before):
            yield Gap(span=span, ways=[partial(in_place, "哪里"), partial(in_place, "什么地方")])


def is_person(word: str) -> bool:
    """Tell whether a word that is tagged as a name begins as names do and is as long."""
    return (word[0] in SURNAMES and len(word) == 3) or (word[:2] in COMPOUND and 3 <= len(word) <= 4)


def in_place(asking: str, before: str, behind: str) -> str:
    """Ask with a question word where the answer stood."""
    return f"{before}{asking}{behind}"


def stated(asking: str, before: str, behind: str) -> str:  # noqa: ARG001 - all ways take both
    """Ask what the things before a number come to."""
    return f"{STATED.sub('', before)}{asking}"


def said_of(asking: str, before: str, behind: str) -> str:
    """Ask with a question word behind the statement."""
    return f"{before}{behind}{asking}"


def holder(question: str, before: str, behind: str) -> str:  # noqa: ARG001 - all ways take both
    """Ask who holds an office."""
    return question


def ways_of_day(day: str) -> Sequence[Callable[[str, str], str]]:
    """Return the ways to ask for a day, a month or a year."""
    if "月" not in day:
        return [partial(in_place, "哪一年"), partial(in_place, "什么时候"), partial(said_of, "是在哪一年")]
    exact = [partial(in_place, "哪天"), partial(said_of, "是哪一天")] if "日" in day else []
    return [partial(in_place, "什么时候"), partial(in_place, "何时"), partial(said_of, "是什么时候"), *exact]


def ways_of_name(match: re.Match[str]) -> Sequence[Callable[[str, str], str]]:
    """Return the ways to ask for a work or a saying by its name."""
    if match["work"] and FILE.search(match["work"]):
        return [partial(in_place, "什么文件"), partial(in_place, "哪个文件"), partial(in_place, "什么")]
    return [partial(in_place, "什么")]


def ways_of_number(counted: re.Match[str]) -> Sequence[Callable[[str, str], str]]:
    """Return the ways to ask for a number of things."""
    unit = counted["unit"]
    if unit in {"%", "％", "个百分点", "倍"}:
        return [partial(in_place, "多少"), partial(stated, "是多少"), partial(in_place, "百分之几")]
    few = [partial(in_place, f"几{unit}")] if len(unit) == 1 and not counted["scale"] else []
    large = "".join(character for character in counted["scale"] if character in "万亿")
    return [
        partial(in_place, f"多少{large}{unit}"),
        partial(in_place, f"多少{unit}"),
        partial(stated, "是多少"),
        partial(stated, "有多少"),
        *few,
    ]


def ways_of_person(before: str) -> Sequence[Callable[[str, str], str]]:
    """Return the ways to ask for a person; for who holds an office where one stands before the name."""
    office = IN_OFFICE.search(before)
    if office:
        held = f"{office['body']}{office['office']}"
        return [
            partial(holder, f"{held}是谁"),
            partial(holder, f"{office['body']}的{office['office']}叫什么名字"),
        ]
    return [partial(in_place, "谁"), partial(in_place, "哪位"), partial(said_of, "的是谁")]
