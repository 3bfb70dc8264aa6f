"""Numbers with what they count, as newspapers print them."""

from __future__ import annotations

import re

# A comma groups digits by three; any other ends the number: 编号5，人们说.
NUMERAL = (
    r"(?:\d+(?:[,，]\d{3}(?!\d))*(?:\.\d+|(?<=[０-９])．[０-９]+)?|"
    r"[一二三四五六七八九十百千两]{1,6}(?=[个名人座家项次条份天届所处户件]))"
)
MARKS_IN_NUMBERS = ".,．，"
IN_NUMBER = (
    r"(?:(?<=\d)(?:\.(?=\d)|,(?=\d{3}(?!\d)))|"
    r"(?<=[０-９])(?:．(?=[０-９])|，(?=[０-９]{3}(?!\d))))(?!\d{4}年)"
)
"""One of them where it stands amid a number: a full-width one only amid full-width digits, and none before a
year, since ``1.2015年`` is an item and a year."""

UNITS = (
    r"(?:美元|欧元|日元|港元|英镑|元|平方米|平方公里|平方千米|平方厘米|立方米|公里|千米|公分|厘米|毫米|米|英里|英尺|英寸|光年|"
    r"公顷|亩|公斤|千克|克|斤|毫升|升|摄氏度|℃|千瓦时|千瓦|兆瓦|万?吨|人次|场次|人|名|个百分点|个月|个小时|个工作日|个星期|个|座|"
    r"家|户|件|条|份|场|项|批|枚|届|处|站|所|册|次|天|小时|课时|学时|分钟|秒|岁|周年|周|年|倍|票|席|种|类|组|艘|架|趟|列|"
    r"颗|粒|棵|株|间|层|套|辆|台|张|幢|栋|版|期|款|部|支|只|头|度|%|％)"
)
UNIT = rf"(?:[余多]?[十百千万亿]*[余多]?{UNITS}?)"
NEARLY = r"(?:(?<![附邻临最])近|(?<![签合条公违制节大预])约)"
"""What makes a number a rough one, and is no part of another word (附近, 签约)."""

NUMBER = re.compile(rf"{NEARLY}?{NUMERAL}\s?[十百千万亿]*\s?{UNIT}(?<!\s)")

CLASSIFIER = "名位座家户件条份项批枚届处站所册场次票席种类组艘架趟列颗粒棵株间套辆台张幢栋版期只"
"""Characters that things are counted with and that begin no other unit; 个, 款, 支 and 部 do."""

SCALE = r"[十余多]?[百千万亿]*"
"""What may stand between 多少 or 几 and what is counted (几十万人)."""

IS_UNIT = (
    r"(?!年[轻货级会]|天[然津才文]|月[饼季亮]|日[本常用程]|周[边围]|岁月|元[器老旦宵素]|米[饭粉面酒]|里程|"
    r"成[员果绩本年分功品就]|票[房据]|份额|块(?![钱？?]|$)|克[隆服])"
)
"""Stands before a unit that is none where it begins another word: 多少年轻人, 多少成果, 多少块金牌."""
