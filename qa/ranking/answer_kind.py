"""The kind of answer (答案类型) that a question asks for, read from its question words."""

from __future__ import annotations

import re
from enum import StrEnum

from qa.ranking.quantities import CLASSIFIER, SCALE


class AnswerKind(StrEnum):
    """What an answer has to look like."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    TITLE = "title"
    LIST = "list"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    REASON = "reason"
    OTHER = "other"


LEAD_IN = re.compile(
    r"^(?:请问一?下?|请教|(?:你|您)(?:知道|了解|清楚)|(?:能|可以)(?:不能|否)?告诉我|我?想(?:问|知道|了解)一?下?|帮我查一?下?)[，,：:]?"
)
ENDING = re.compile(r"[？?！!。\s]+$")
ASKING = r"什么|谁|哪|何|多少|几[^乎]|怎|为啥|多[大长高远久快重宽深]"
BODIES = (
    r"单位|机构|公司|企业|部门|组织|学校|大学|中学|医院|银行|集团|局|厅|委|报纸|报社|媒体|团体|协会|学会|委员会|法院|政府|"
    r"球队|队|俱乐部|工厂|厂|出版社|研究所|研究院|基金会"
)
WORKS = r"书|歌曲?|文章|论文|小说|诗歌?|电影|影片|电视剧|剧目?|戏曲?|节目|画|著作|作品|杂志|专著"
RULES = r"文件|法规|法律|条例|通知|办法|规定|意见|方案|规划|决定|公告"
PLACES = (
    r"省份?|自治区|市|县|区|镇|乡|村|国家?|城市|地方|地区|州|街道|社区|车站|机场|广场|馆|海域|港口|路|街|景区"
)
# The first that matches decides: 哪年 asks for a date although 几年 asks for a number, 哪些公司 for a list.
KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (
        AnswerKind.REASON,
        re.compile(
            r"为什么|为何|为啥|缘何|因何|何以|凭什么|(?:什么|何种|哪些)(?:原因|理由|缘故)|原因(?:是|有|何在)"
        ),
    ),
    (
        AnswerKind.DEFINITION,
        re.compile(
            r"^什么(?:是|叫)|^何[为谓]|什么意思|指的?是什么|是指什么|(?:含义|定义|概念)(?:是|为)?什么|^[^的，,在有]{2,12}是(?:一种|一个|个)?什么$"
        ),
    ),
    (
        AnswerKind.DATE,
        re.compile(
            r"什么时候|啥时候|何时|哪一?[年天日月]|哪几[天年]|几月|几号|几时|什么时间|什么日子|日期|哪个?(?:月|季度|年份|世纪)|何[年日月]|星期几|几点|时间(?:是|为|定在)(?:什么|何|哪)"
        ),
    ),
    (
        AnswerKind.LIST,
        re.compile(
            r"哪些|哪[几两二三四五六七八九十](?!天|年|月|日)|列[出举]|都有(?:谁|什么|哪)|包括(?:什么|谁)|分别(?!.{0,6}(?:多少|几)).{0,3}(?:什么|谁|哪)"
        ),
    ),
    (
        AnswerKind.TITLE,
        re.compile(
            rf"(?:什么|哪一?[部本首篇份幅个项期档]|何)(?:[^，,的是]{{0,4}})(?:{WORKS}|{RULES})|(?:书|片|剧|歌|刊|篇|曲)名|(?:题目|标题)(?:是|叫)"
        ),
    ),
    (
        AnswerKind.PLACE,
        re.compile(
            rf"哪里|在哪$|在哪(?!一?[家个])|哪儿|何处|何地|什么地方|地址|哪一?[个座条]?(?:{PLACES})|哪国|籍贯|祖籍"
        ),
    ),
    (
        AnswerKind.ORGANISATION,
        re.compile(
            rf"(?:什么|哪一?[个家所支]?)(?:[^，,的是]{{0,4}})(?:{BODIES})|哪一?[家所支]|(?:主办|承办|主管|建设|施工|发布)(?:方|单位|机构)(?:是|为)"
        ),
    ),
    (AnswerKind.PERSON, re.compile(r"谁|哪一?位|何人|姓名|叫什么|什么人|哪一?[个名]人|哪一?名")),
    (
        AnswerKind.NUMBER,
        re.compile(
            rf"多少|几{SCALE}[个人口天年月周小分秒岁种类倍成级元平立方公厘毫米里亩吨斤克升部支款本篇层轮{CLASSIFIER}]|第几|多[大长高远久快重宽深]|百分之几|占比|年产|[额率量值数]是几"
        ),
    ),
)
YES_NO = re.compile(r"是不是|是否|有没有|能不能|可不可以|会不会|要不要|能否|可否|有无|对不对|对吗|吗$")


def kind_of(question: str) -> AnswerKind:
    """Return the kind of answer that a question asks for.

    ``你知道……吗`` is courtesy around a question; without a question word inside, 吗 asks for yes or no.
    """
    asked = ENDING.sub("", LEAD_IN.sub("", ENDING.sub("", question.strip())))
    kind = next((kind for kind, pattern in KINDS if pattern.search(asked)), AnswerKind.OTHER)
    says_yes = YES_NO.search(asked) and not re.search(ASKING, YES_NO.sub("", asked))
    return AnswerKind.YES_NO if says_yes else kind
