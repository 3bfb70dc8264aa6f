"""What sort of text an article is (体裁): news, notice, commentary or caption."""

from __future__ import annotations

import re

from qa.domain.articles import ArticleKind
from qa.text.blocks import Role
from qa.text.folded import fold
from qa.text.gathered import Gathered
from qa.text.lead import Lead
from qa.text.mastline import closed, is_photographed

CAPTION = 400
"""Characters up to which text with a photographer's credit is a caption."""

SHORT_CAPTION = 160
"""Characters up to which text that says what the picture shows is one."""

NOTICE_LENGTH = 3000
"""Characters up to which the words of a notice make one."""

LONGEST_TITLE = 200
"""Characters of a headline that are looked at."""

NOTICE = re.compile(
    r"(?:公告|通告|启事|声明|公示|通知|告示|讣告|更正|遗失|催告|致歉信?)(?:[（(][^（）()]{1,12}[)）])?$"
    r"|^(?:寻亲|寻人|遗失|招领|招租|招聘)"
)
NOTICE_WORDS = re.compile(
    r"特此(?:公告|声明|通告|公示|启事|通知|更正|致歉)|声明作废|请知情者|知情者请|(?:公告|通告|声明)(?:见报|发布|登报|刊登)?之日起"
    r"|现将(?:有关)?.{0,40}?(?:公告|公示|通告)如下|(?:定于|暂停).{0,60}?(?:敬请谅解|相互转告)"
)
COMMENTARY = re.compile(
    r"评论员|时评|社论|社评|短评|快评|锐评|今日谈|钟声|观澜|杂谈|漫笔|^[—－-]{1,2}(?:[一二三四五六七八九十]{1,3})?论"
    r"|[（(【][^（）()]{0,8}(?:论坛|声音|观点|评论|纵横|随笔|言论|之声)[)）】]|^(?:[一二三四五六七八九再三四]+|也|试|略|浅)论"
)
PICTURES = re.compile(r"图为|图片为|如图|这是.{0,20}(?:拍摄|航拍)|[左右上下]图")


def kind_of(article: Gathered, *, title: str | None, lead: Lead) -> ArticleKind:
    """Return what sort of text an article is."""
    text = article.text.strip()
    if not text:
        return ArticleKind.OTHER
    if is_caption(article, text, lead=lead):
        return ArticleKind.CAPTION
    if not lead.dateline and is_notice(text, title=title):
        return ArticleKind.NOTICE
    return ArticleKind.COMMENTARY if is_commentary(article) else ArticleKind.NEWS


def is_caption(article: Gathered, text: str, *, lead: Lead) -> bool:
    """Tell whether a text stands under a picture: short, with who took it or what it shows."""
    if len(text) > CAPTION or lead.dateline:
        return False
    ending = closed(text)
    credits = (block.text for block in article.body if block.role is Role.BYLINE)
    taken = (ending and ending.photographed) or any(map(is_photographed, credits))
    return bool(taken) or (len(text) <= SHORT_CAPTION and PICTURES.search(text) is not None)


def is_notice(text: str, *, title: str | None) -> bool:
    """Tell whether a text gives notice, by what stands over it or by the words that notices use."""
    if title and NOTICE.search(fold(title[-LONGEST_TITLE:]).text):
        return True
    first, _, rest = text.partition("\n")
    if rest and len(first) <= 40 and NOTICE.search(fold(first).text):
        return True
    return len(text) <= NOTICE_LENGTH and NOTICE_WORDS.search(fold(text).text) is not None


def is_commentary(article: Gathered) -> bool:
    """Tell whether headings or bylines say that an article gives an opinion."""
    bylines = [block for block in article.body[:3] if block.role is Role.BYLINE]
    first = article.body[0].text.strip().split("\n", 1)[0] if article.body else ""
    heads = [block.text for block in (*article.headings[:12], *bylines)] + [first] * (len(first) <= 24)
    return any(COMMENTARY.search(fold(head[:80]).text) for head in heads)
