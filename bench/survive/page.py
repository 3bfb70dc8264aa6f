"""The tables of docs/survival.md, written from what came of full runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent.parent / "docs" / "survival.md"

Figures = Mapping[str, Any]


def written(output: Path) -> None:
    """Write every table anew of which there is a full run in ``output``."""
    page = PAGE.read_text(encoding="utf-8")
    for name, rows in ROWS.items():
        file = output / f"{name}.json"
        if file.is_file():
            figures = json.loads(file.read_text(encoding="utf-8"))
            page = placed(page, name, [*rows(figures), "", *ending(figures)])
    PAGE.write_text(page, encoding="utf-8")


def placed(page: str, name: str, lines: Sequence[str]) -> str:
    """Return a page with lines between the marks of their name."""
    mark = re.compile(rf"(?<=<!-- {name} -->\n).*(?=<!-- end of {name} -->)", re.DOTALL)
    return mark.sub(lambda _: "\n".join([*lines, ""]), page)


COUNTS = {
    "stride": "每几处杀一次",
    "at_random": "随机时刻",
    "every": "每几个文件取一个",
    "truncations": "截断",
    "flips": "翻转",
    "steps": "空间的档数",
    "kills": "磁盘满时各杀",
    "shards": "几轮",
    "operations": "每轮操作",
}


def ending(figures: Figures) -> Iterator[str]:
    """Yield how a run was made, and how many faults it found."""
    named = {told: figures.get(name) for name, told in COUNTS.items()}
    counts = "，".join(f"{told} {count}" for told, count in named.items() if isinstance(count, int))
    yield (
        f"{counts + '；' if counts else ''}种子 {figures['seed']}，"
        f"{figures['cores']} 核，{figures['minutes']} 分钟；"
        f"不该出现的情形：**{len(figures['faults'])}**。"
    )


def table(*rows: Sequence[object]) -> Iterator[str]:
    """Yield a table, its head first."""
    for at, row in enumerate(rows):
        yield f"| {' | '.join(str(cell) for cell in row)} |"
        if at == 0:
            yield f"|{' --- |' * len(row)}"


DOING = {
    "add": "加入",
    "update": "更新",
    "remove": "移除",
    "compact": "压缩（qa compact）",
    "rebuild": "重建（qa index --rebuild）",
    "backup": "备份（qa backup）",
    "restore": "恢复（qa restore）",
    "migrate": "格式转换（qa migrate）",
    "any": "以上任一，随机时刻",
}


def crash(figures: Figures) -> Iterator[str]:
    """Yield what kills left."""
    left = ("before", "after", "acknowledged", "between")
    head = ("操作", "kill -9 次数", "重启后为操作前", "为操作后", "已确认的都在", "介于其间")
    kills = figures["kills"]
    rows = [
        (DOING[name], sum(came.values()), *(came.get(each, 0) for each in left))
        for name, came in kills.items()
    ]
    total = ("合计", *(sum(row[at] for row in rows) for at in range(1, len(head))))
    yield from table(head, *rows, total)
    readers = figures["readers"]
    refused = "、".join(f"{code} {count} 次" for code, count in sorted(readers["refused"].items())) or "无"
    yield ""
    yield (
        f"其间 {readers['processes']} 个进程提问 {readers['asked']} 次，看到 {readers['versions']} 个版本："
        f"引文有误或该答而未答 {len(readers['faults'])} 次，"
        f"看到从未生效的版本 {readers['never_in_force']} 个；"
        f"打不开新版本而继续用旧版本：{refused}。"
    )


def damage(figures: Figures) -> Iterator[str]:
    """Yield what damaged files led to."""
    columns = ("told", "correct", "mended", "left", "lost")
    head = (
        "文件",
        "次数",
        "退出码 6，指明文件与办法",
        "答案照旧",
        "修复试验：修好",
        "说明须另作处理",
        "修好并说明丢了什么",
        "其他",
    )
    rows = []
    for file, came in figures["files"].items():
        tried = sum(count for verdict, count in came.items() if verdict not in columns[2:])
        other = sum(count for verdict, count in came.items() if verdict not in columns)
        rows.append((f"`{file}`", tried, *(came.get(each, 0) for each in columns), other))
    total = ("合计", *(sum(row[at] for row in rows) for at in range(1, len(head))))
    yield from table(head, *rows, total)


def disk(figures: Figures) -> Iterator[str]:
    """Yield what came of full and read-only disks."""
    if "skipped" in figures:
        yield "这台机器不许挂载文件系统，未能试。"
        return
    told = {
        name: "；".join(f"{code} {count}" for code, count in sorted(codes.items()))
        for name, codes in figures["came"].items()
    }
    yield from table(
        ("试的是", "结果（错误代码或 done，次数）"), *((DOING.get(n, n), c) for n, c in told.items())
    )


def crowd(figures: Figures) -> Iterator[str]:
    """Yield what writers and readers came by."""
    yield from table(
        ("", ""),
        ("写的进程 × 各加入", f"{figures['writers']} × {figures['each']}"),
        ("加入成功 / 发布次数", f"{figures['added']} / {figures['publications']}"),
        ("遇锁被拒（指明由谁占用）后重试", figures["locked"]),
        ("问的进程 / 秒 / 提问次数", f"{figures['readers']} / {figures['seconds']} / {figures['asked']}"),
        ("换到新版本的次数", figures["versions"]),
        (
            "提问用时 p50 / p95 / p99 / 最长，毫秒",
            " / ".join(str(figures[f"{name}_ms"]) for name in ("p50", "p95", "p99", "longest")),
        ),
        ("其中等的不是处理器的时间，最长，毫秒", figures["longest_blocked_ms"]),
        ("等了 200 毫秒以上的提问", figures["blocked"]),
    )


def model(figures: Figures) -> Iterator[str]:
    """Yield what a long run did."""
    done = figures["done"]
    yield from table(
        ("操作", "次数"),
        *((DOING.get(name, "提问"), done[name]) for name in ("add", "update", "remove", "ask")),
        ("合计", figures["total"]),
        ("发布", figures["publications"]),
    )


def backup(figures: Figures) -> Iterator[str]:
    """Yield what became of backups under load."""
    yield from table(
        ("其间的改动", "备份", "逐字节比较的答案"),
        (figures["changes"], figures["backups"], figures["compared"]),
    )


ROWS: Mapping[str, Callable[[Figures], Iterator[str]]] = {
    "crash": crash,
    "damage": damage,
    "disk": disk,
    "crowd": crowd,
    "model": model,
    "backup": backup,
}
