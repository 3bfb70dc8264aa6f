"""Predictions whose EM and F1 under CMRC 2018's official script were worked out by hand, rule by rule.

That script takes the blanks off both ends, makes letters small, drops its own set of marks, counts each
character from 一 (4e00) to 龥 (9fa5) as a unit and what stands between as English words (NLTK). EM
compares the strings without those marks. F1 is 2 x run / (units of the guess + units of the answer), where
the run is the longest stretch of units that stands in both; the best answer counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = tuple[str, Sequence[str], int, int, int, int]
"""The guess, the answers, EM, with the best answer the longest run, units of the guess, of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One prediction with what the script makes of it."""

    guess: str
    answers: tuple[str, ...]
    em: float
    f1: float


DROPPED = tuple("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
KEPT = tuple("…‘—【】(),.!?;\"'%％．〈#&<]|℃")

GROUPS: Mapping[str, Sequence[Row]] = {
    "Han characters count one by one, and the longest run counts, not what can be picked out in order": [
        ("太原市", ["太原市"], 1, 3, 3, 3),
        ("太原", ["太原市"], 0, 2, 2, 3),
        ("山西省太原市", ["太原市"], 0, 3, 6, 3),
        ("太原", ["大同"], 0, 0, 2, 2),
        ("甲乙丙丁", ["甲乙丁"], 0, 2, 4, 3),
        ("甲丙乙", ["甲乙"], 0, 1, 3, 2),
        ("乙甲", ["甲乙"], 0, 1, 2, 2),
        ("三三两两", ["两两三三"], 0, 2, 4, 4),
        ("人民代表大会", ["人大代表"], 0, 2, 6, 4),
        ("中国共产党", ["共产党中国"], 0, 3, 5, 5),
        ("一二三四五六", ["二三四五"], 0, 4, 6, 4),
        ("二三四五", ["一二三四五六"], 0, 4, 4, 6),
        ("甲子甲丑甲寅", ["甲丑"], 0, 2, 6, 2),
        ("甲乙甲乙", ["甲乙"], 0, 2, 4, 2),
        ("甲甲甲", ["甲"], 0, 1, 3, 1),
        ("甲", ["甲甲甲"], 0, 1, 1, 3),
        ("甲甲乙", ["甲乙乙"], 0, 2, 3, 3),
        ("年被任为主教教区", ["被任为主教"], 0, 5, 8, 5),
        ("市委书记孙大军", ["孙大军"], 0, 3, 7, 3),
        ("孙大军主持", ["孙大军"], 0, 3, 5, 3),
        ("书记孙大军主持", ["孙大军同志"], 0, 3, 7, 5),
        ("晋中市太谷区", ["晋中市祁县"], 0, 3, 6, 5),
        ("东西南北", ["南北东西"], 0, 2, 4, 4),
        ("春夏秋冬", ["春秋"], 0, 1, 4, 2),
        ("国家级经济技术开发区", ["经济开发区"], 0, 3, 10, 5),
    ],
    "what is beyond 4e00 to 9fa5 is no Han: side by side it is one word; scripts are not folded": [
        ("龍", ["龙"], 0, 0, 1, 1),
        ("〇", ["零"], 0, 0, 1, 1),
        ("二〇二三年", ["二〇二三年"], 1, 5, 5, 5),
        ("鿕", ["鿕"], 1, 1, 1, 1),
        ("鿕鿖", ["鿕"], 0, 0, 1, 1),
        ("𠮷野家", ["吉野家"], 0, 2, 3, 3),
        ("かな", ["かな漢字"], 0, 1, 1, 3),
    ],
    "these marks are dropped from both": [(f"甲{mark}乙", ["甲乙"], 1, 2, 2, 2) for mark in DROPPED],
    "these marks are not, and stand between as a unit": [
        (f"甲{mark}乙", ["甲乙"], 0, 1, 3, 2) for mark in KEPT
    ],
    "several of them: points together are one unit, dashes and exclamation marks one each": [
        ("甲……乙", ["甲乙"], 0, 1, 3, 2),
        ("甲——乙", ["甲乙"], 0, 1, 4, 2),
        ("甲...乙", ["甲乙"], 0, 1, 3, 2),
        ("甲!!乙", ["甲乙"], 0, 1, 4, 2),
        ("甲(乙)", ["甲乙"], 0, 1, 4, 2),
    ],
    "a Latin word is one unit, in small letters; a mark inside it is dropped without cutting it": [
        ("NBA", ["nba"], 1, 1, 1, 1),
        ("Nba", ["NBA"], 1, 1, 1, 1),
        ("CBA", ["NBA"], 0, 0, 1, 1),
        ("NBA赛", ["NBA"], 0, 1, 2, 1),
        ("NBA总决赛", ["CBA总决赛"], 0, 3, 4, 4),
        ("New York", ["new york"], 1, 2, 2, 2),
        ("New York", ["New York City"], 0, 2, 2, 3),
        ("York New", ["New York"], 0, 1, 2, 2),
        ("NewYork", ["New York"], 0, 0, 1, 2),
        ("All-Star", ["AllStar"], 1, 1, 1, 1),
        ("All-Star", ["All Star"], 0, 0, 1, 2),
        ("Wi-Fi 6", ["wifi 6"], 1, 2, 2, 2),
        ("iPhone 14 Pro", ["iphone 14"], 0, 2, 3, 2),
        ("A股", ["a股"], 1, 2, 2, 2),
        ("A股", ["B股"], 0, 1, 2, 2),
        ("AB股", ["A股"], 0, 1, 2, 2),
        ("C++", ["C"], 1, 1, 1, 1),
        ("C#", ["C"], 0, 1, 2, 1),
        ("AT&T", ["ATT"], 0, 0, 3, 1),
        ("G20峰会", ["G20"], 0, 1, 3, 1),
        ("5G", ["5g"], 1, 1, 1, 1),
        ("5G网络", ["4G网络"], 0, 2, 3, 3),
        ("TCP/IP", ["tcpip"], 1, 1, 1, 1),
        ("café", ["CAFÉ"], 1, 1, 1, 1),
        ("Straße", ["STRASSE"], 0, 0, 1, 1),
    ],
    "a number is one unit with its point and comma; per cent and dollar stand apart, yuan and degree not": [
        ("1963年", ["1963年"], 1, 2, 2, 2),
        ("1963", ["1963年"], 0, 1, 1, 2),
        ("1963年", ["1964年"], 0, 1, 2, 2),
        ("63年", ["1963年"], 0, 1, 2, 2),
        ("20.2元", ["20.2元"], 1, 2, 2, 2),
        ("20.2", ["20.2元"], 0, 1, 1, 2),
        ("20.20元", ["20.2元"], 0, 1, 2, 2),
        ("202元", ["20.2元"], 0, 1, 2, 2),
        ("1,000人", ["1,000人"], 1, 2, 2, 2),
        ("1000人", ["1,000人"], 0, 1, 2, 2),
        ("1，000人", ["1000人"], 1, 2, 2, 2),
        ("3:2", ["3比2"], 0, 0, 1, 3),
        ("3:2", ["3：2"], 1, 1, 1, 1),
        ("3:2", ["32"], 1, 1, 1, 1),
        ("3-2", ["32"], 1, 1, 1, 1),
        ("5%", ["5"], 0, 1, 2, 1),
        ("5%", ["5%"], 1, 2, 2, 2),
        ("5%", ["百分之五"], 0, 0, 2, 4),
        ("3.5%左右", ["3.5%"], 0, 2, 4, 2),
        ("¥5", ["5"], 0, 0, 1, 1),
        ("$5", ["5"], 0, 1, 2, 1),
        ("36.5℃", ["36.5"], 0, 0, 1, 1),
        ("36.5度", ["36.5"], 0, 1, 2, 1),
        ("2月23日", ["2月23日"], 1, 4, 4, 4),
        ("2023年2月23日", ["2月23日"], 0, 4, 6, 4),
        ("2023-02-23", ["2023年2月23日"], 0, 0, 1, 6),
        ("2023.2.23", ["2023.2.23"], 1, 1, 1, 1),
        ("10—20人", ["10人"], 0, 1, 4, 2),
        ("10～20人", ["1020人"], 1, 2, 2, 2),
        ("+5", ["5"], 1, 1, 1, 1),
        ("-5", ["5"], 1, 1, 1, 1),
        ("二十", ["20"], 0, 0, 2, 1),
        ("No.1", ["no 1"], 0, 0, 1, 2),
        ("1/2", ["12"], 1, 1, 1, 1),
        ("①②", ["①"], 0, 0, 1, 1),
        ("第1、2、3名", ["第123名"], 1, 3, 3, 3),
    ],
    "width is not folded, only case within a width; of full-width marks only the listed ones are dropped": [
        ("ＮＢＡ", ["NBA"], 0, 0, 1, 1),
        ("ＮＢＡ", ["ｎｂａ"], 1, 1, 1, 1),
        ("２０２３年", ["2023年"], 0, 1, 2, 2),
        ("２０２３年", ["２０２３年"], 1, 2, 2, 2),
        ("５％", ["5%"], 0, 0, 1, 2),
        ("５％", ["５"], 0, 0, 1, 1),
        ("１，０００", ["１０００"], 1, 1, 1, 1),
        ("（甲）", ["甲"], 1, 1, 1, 1),
        ("(甲)", ["甲"], 0, 1, 3, 1),
        ("甲　乙", ["甲乙"], 0, 2, 2, 2),
        ("　甲乙　", ["甲乙"], 1, 2, 2, 2),
        ("１．５倍", ["1.5倍"], 0, 1, 2, 2),
        ("甲＋乙", ["甲乙"], 0, 1, 3, 2),
        ("甲＝乙", ["甲乙"], 0, 1, 3, 2),
        ("甲＿乙", ["甲乙"], 0, 1, 3, 2),
        ("ＡＢ", ["ＡＢ型"], 0, 1, 1, 2),
    ],
    "all of it together": [
        ("姚明加盟NBA火箭队", ["NBA火箭队"], 0, 4, 8, 4),
        ("2022年GDP增长3.5%", ["增长3.5%"], 0, 4, 7, 4),
        ("《人民日报》", ["人民日报"], 1, 4, 4, 4),
        ("“一带一路”倡议", ["一带一路"], 0, 4, 6, 4),
        ("B超、CT", ["CT"], 0, 1, 3, 1),
        ("CT、B超", ["CTB超"], 1, 2, 2, 2),
        ("K金18", ["18K金"], 0, 1, 3, 2),
        ("第5G基站", ["5G基站"], 0, 3, 4, 3),
        ("王力宏(歌手)", ["王力宏"], 0, 3, 7, 3),
        ("王力宏（歌手）", ["王力宏"], 0, 3, 5, 3),
        ("微信App", ["微信APP"], 1, 3, 3, 3),
        ("X光", ["x光片"], 0, 2, 2, 3),
        ("维生素C", ["维生素B"], 0, 3, 4, 4),
        ("维生素 C", ["维生素C"], 0, 4, 4, 4),
        ("αβ粒子", ["α粒子"], 0, 2, 3, 3),
        ("H2O", ["h2o"], 1, 1, 1, 1),
        ("北京2022", ["2022北京"], 0, 2, 3, 3),
        ("3月5日上午9:30", ["9:30"], 0, 1, 7, 1),
        ("长江·黄河", ["长江黄河"], 1, 4, 4, 4),
        ("约翰·史密斯", ["约翰.史密斯"], 0, 3, 5, 6),
    ],
    "without a unit there is no run, and F1 is 0 even where EM is 1": [
        ("", ["甲"], 0, 0, 0, 1),
        ("", [""], 1, 0, 0, 0),
        ("。", [""], 1, 0, 0, 0),
        ("。，", ["甲"], 0, 0, 0, 1),
        ("甲", [""], 0, 0, 1, 0),
        ("   ", [""], 1, 0, 0, 0),
        ("   ", ["甲"], 0, 0, 0, 1),
        ("—", [""], 0, 0, 1, 0),
        ("", ["", "甲"], 1, 0, 0, 1),
        ("甲", ["", "甲"], 1, 1, 1, 1),
    ],
    "blanks go at both ends, before the marks do; inside they count for EM and not for F1": [
        ("太原 市", ["太原市"], 0, 3, 3, 3),
        (" 太原市\n", ["太原市"], 1, 3, 3, 3),
        ("太\n原市", ["太原市"], 0, 3, 3, 3),
        ("new  york", ["new york"], 0, 2, 2, 2),
        ("new york", ["new\tyork"], 0, 2, 2, 2),
        ("19 63年", ["1963年"], 0, 1, 3, 2),
        ("。 甲", ["甲"], 0, 1, 1, 1),
        ("甲 。", ["甲"], 0, 1, 1, 1),
        ("甲\u00a0乙", ["甲乙"], 0, 2, 2, 2),
        ("甲\u200b乙", ["甲乙"], 0, 1, 3, 2),
    ],
    "of several answers the best counts, for EM and for F1 each, and never what two of them hold together": [
        ("太谷", ["晋中", "太谷区"], 0, 2, 2, 3),
        ("太谷区", ["晋中市", "太谷"], 0, 2, 3, 2),
        ("甲", ["乙", "甲"], 1, 1, 1, 1),
        ("甲", ["甲", "乙"], 1, 1, 1, 1),
        ("甲乙", ["甲", "甲乙丙"], 0, 2, 2, 3),
        ("甲乙", ["甲丙", "乙丁"], 0, 1, 2, 2),
        ("1963年", ["1963", "1963年", "六三年"], 1, 2, 2, 2),
        ("NBA", ["CBA", "nba"], 1, 1, 1, 1),
        ("甲乙丙", ["甲", "乙", "丙"], 0, 1, 3, 1),
        ("甲乙丙", ["甲乙丙丁戊己", "甲乙"], 0, 2, 3, 2),
        ("甲乙丙", ["甲乙丙丁戊己", "甲"], 0, 3, 3, 6),
        ("甲", ["。", "甲"], 1, 1, 1, 1),
        ("甲乙", ["甲乙", "甲乙"], 1, 2, 2, 2),
        ("北京", ["北京", "北京市", "首都"], 1, 2, 2, 2),
        ("首都", ["北京", "北京市"], 0, 0, 2, 2),
    ],
    "English is cut as the Penn Treebank cuts it: clitics, quotes, brackets, the last point": [
        ("it's", ["it"], 0, 1, 2, 1),
        ("don't", ["do not"], 0, 1, 2, 2),
        ("cannot", ["can not"], 0, 2, 2, 2),
        ("can't", ["can"], 0, 0, 2, 1),
        ("Inc.", ["Inc"], 0, 1, 2, 1),
        ("U.S.A.", ["USA"], 0, 0, 2, 1),
        ("U.S.", ["U.S."], 1, 2, 2, 2),
        ("a, b", ["a b"], 0, 1, 3, 2),
        ("a,b", ["ab"], 0, 0, 3, 1),
        ('"abc"', ["abc"], 0, 1, 3, 1),
        ("(abc)", ["abc"], 0, 1, 3, 1),
        ("[1]", ["1"], 0, 1, 3, 1),
        ("abc!", ["abc"], 0, 1, 2, 1),
        ("what?", ["what"], 0, 1, 2, 1),
        ("a;b", ["a b"], 0, 1, 3, 2),
        ("we'll", ["we"], 0, 1, 2, 1),
        ("o'clock", ["o'clock"], 1, 1, 1, 1),
        ("dogs' ", ["dogs"], 0, 1, 2, 1),
        ("Mr. Wang", ["mr wang"], 0, 1, 2, 2),
        ("a|b", ["a b"], 0, 0, 1, 2),
        ("e-mail", ["email"], 1, 1, 1, 1),
        ("user@qq.com", ["user"], 0, 1, 3, 1),
        ("50 km/h", ["50 kmh"], 1, 2, 2, 2),
        ("rock & roll", ["rock roll"], 0, 1, 3, 2),
    ],
}


def cases(rows: Sequence[Row]) -> list[Case]:
    """Return rows as cases, F1 worked out of the three counts."""
    return [
        Case(
            guess=guess,
            answers=tuple(answers),
            em=float(em),
            f1=2 * run / (guessed + accepted) if run else 0.0,
        )
        for guess, answers, em, run, guessed, accepted in rows
    ]
