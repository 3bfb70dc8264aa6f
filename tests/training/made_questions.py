"""Questions written for the tests, in the form of the training sets."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

PLACES = ("太谷", "祁县", "平遥", "介休", "榆次", "左权", "和顺", "昔阳", "寿阳", "灵石", "榆社", "清徐")
FILLING = "会议强调，要把各项工作抓细抓实，推动全年目标任务落地见效。与会人员进行了交流发言，并到一线察看。"


def context_of(number: int) -> str:
    """Return a notice that says three things of one place."""
    place, leader = PLACES[number % len(PLACES)], f"王{'甲乙丙丁戊'[number % 5]}明"
    return (
        f"{FILLING * (number % 3)}{place}县{2001 + number % 20}年开工的第{number}号项目"
        f"总投资{30 + number}.5亿元，由县长{leader}主持开工仪式，"
        f"年产玛钢{number * 3 + 10}万吨。{FILLING * (number % 2)}"
    )


def rows(count: int) -> list[dict[str, Any]]:
    """Return questions over ``count`` notices, two that are answered for each and one that is not."""
    made: list[dict[str, Any]] = []
    for number in range(count):
        context = context_of(number)
        asked = [
            (f"第{number}号项目总投资多少？", f"{30 + number}.5亿元"),
            (f"谁主持第{number}号项目的开工仪式？", f"王{'甲乙丙丁戊'[number % 5]}明"),
            ("谁获得了诺贝尔文学奖？", None),
        ]
        made += [
            {
                "source": "cmrc2018_train" if answer else "dureader_checklist_train",
                "script": "simplified",
                "question": question,
                "context": context,
                "answers": [{"text": answer, "answer_start": context.index(answer)}] if answer else [],
            }
            for question, answer in asked
        ]
    return made


def write_data(folder: Path, *, count: int = 80) -> Path:
    """Write training data in the layout that the trainers read; return the folder."""
    (folder / "reading").mkdir(parents=True)
    (folder / "news").mkdir()
    write(folder / "reading" / "train.jsonl.xz", rows(count))
    news = [
        {
            "date": f"2023-02-{1 + n % 28:02}",
            "title": f"{PLACES[n % 12]}县第{n}次大会开幕",
            "text": context_of(n) * 3,
        }
        for n in range(300)
    ]
    write(folder / "news" / "paper.jsonl.xz", news)
    return folder


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    """Write rows as packed JSON Lines."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_bytes(lzma.compress(text.encode()))
