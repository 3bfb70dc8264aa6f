"""What typer says of a command line that it cannot take, in Chinese.

Its sentences are English, and most are not marked for translation, so they are known by their words.
One that is not known here is shown as it is: better in English than not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    r"Missing command\.": "缺少命令",
    r"Missing argument '(.+?)'\..*": r"缺少参数 \1",
    r"Missing option '(.+?)'\..*": r"缺少选项 \1",
    r"No such command ['\"](.+?)['\"](?:\.|\. Did you mean (.+)\?)": r"没有 \1 这个命令",
    r"No such option: (\S+)(?: \(Possible options: .+\))?": r"没有 \1 这个选项",
    r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)": r"多出了参数 \1",
    r"Option '(.+?)' requires an argument\.": r"选项 \1 后面缺少它的值",
    r"Option '(.+?)' does not take a value\.": r"选项 \1 不带值",
    r"Input should be greater than or equal to (\S+)": r"不得小于 \1",
    r"Input should be less than or equal to (\S+)": r"不得大于 \1",
    r"Input should be a valid integer.*": "应为整数",
    r"Unable to parse input string as an integer.*": "应为整数",
    r"Input should be a valid number.*": "应为数",
    r"(?:Value error, )?['\"](.*)['\"] does not match the formats? .+": r"\1 不是 YYYY-MM-DD 形式的日期",
    r"(?:Value error, )?['\"](.*)['\"] is not one of (.+)\.": r"\1 不在可选的值之中：\2",
}
"""What to say instead of a sentence, which is known as a whole."""

SUGGESTION = re.compile(r"Did you mean (.+)\?|\(Possible options: (.+)\)")
VARIABLE = r" \(env var: '(.+?)'\)"
OF_ONE = re.compile(rf"Invalid value(?: for (?P<which>.+?(?:{VARIABLE})?))?: (?P<what>.+)", re.DOTALL)


def in_chinese(sentence: str) -> str:
    """Return what a message of typer says; what is in Chinese already stays as it is."""
    wrong = OF_ONE.fullmatch(sentence)
    if wrong:
        what = in_chinese(wrong["what"])
        return f"{named(wrong['which'])}：{what}" if wrong["which"] else what
    for known, ours in ANSWERS.items():
        found = re.fullmatch(known, sentence, re.DOTALL)
        if found:
            return plain(found.expand(ours)) + suggested(sentence)
    return sentence


def named(hint: str) -> str:
    """Return what a value was given for: an option, an argument, or an environment variable in its place."""
    return plain(re.sub(VARIABLE, r"（环境变量 \1）", hint))


def suggested(sentence: str) -> str:
    """Return what may have been meant, where typer found something alike."""
    found = SUGGESTION.search(sentence)
    return f"；是不是 {plain(found[1] or found[2])}？" if found else ""


def plain(names: str) -> str:
    """Return names without the quotes of Python, a list with the comma of Chinese."""
    return re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"\1", names).replace(", ", "、")
