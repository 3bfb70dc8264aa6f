"""Kinds of failure: what each is called, and the address that names it, which the page at /docs explains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from qa.errors import QaError

CODE_OF: Mapping[int, str] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    410: "answer_withdrawn",
    413: "too_large",
    415: "unsupported_media_type",
    421: "host_refused",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
}
"""The code of a failure that is none of our errors, by its status."""

TITLES: Mapping[str, str] = {
    "answer_withdrawn": "回答已随来源撤下",
    "bad_request": "请求无法解析",
    "busy": "现在忙不过来",
    "clock_jumped": "系统时钟刚被拨动",
    "cluster_away": "连不上集群",
    "cluster_failed": "集群没有完成所要求的",
    "cluster_unfit": "集群里的程序或模型不同",
    "condition_invalid": "条件无法使用",
    "disk_full": "磁盘已满",
    "extra_missing": "需要另装的部分",
    "forbidden": "密钥的权限不够",
    "host_refused": "不以这个名称提供服务",
    "index_damaged": "索引已损坏",
    "index_locked": "索引正在写入",
    "index_missing": "没有索引",
    "index_stale": "索引与程序或模型不符",
    "internal": "服务内部出错",
    "invalid": "请求不合要求",
    "key_invalid": "密钥无法生成",
    "kept_file_damaged": "存档的文件已损坏",
    "keys_invalid": "密钥文件有问题",
    "method_not_allowed": "不接受这种方法",
    "model_missing": "缺少模型",
    "no_permission": "没有权限",
    "not_found": "没有这一项",
    "offset_mismatch": "原文与记录的位置不符",
    "origin_refused": "拒绝其他网站的页面",
    "out_of_memory": "内存不足",
    "preflight_refused": "不允许这样的跨站请求",
    "question_invalid": "问题是空的或太长",
    "questions_invalid": "问题文件无法读取",
    "queue_full": "排队的问题太多",
    "read_only": "文件系统只读",
    "report_pending": "还没有报告",
    "setting_invalid": "设置不对",
    "source_broken": "文件已损坏",
    "source_disguised": "后缀与内容不符",
    "source_empty": "文件是空的",
    "source_encrypted": "文件有密码",
    "source_failed": "文件无法收入",
    "source_inflated": "解压后太大",
    "source_missing": "没有这个文件",
    "source_name_taken": "名称重复",
    "source_not_text": "不是文字",
    "source_outside": "链接指向文件夹之外",
    "source_timed_out": "解析超时",
    "source_too_large": "文件太大",
    "source_too_many_pages": "页数太多",
    "source_unreadable": "文件无法读取",
    "source_unsupported": "不支持的格式",
    "stopping": "服务正在停止",
    "store_away": "连不上存储",
    "store_failed": "存储没有完成所要求的",
    "store_refused": "存储拒绝了访问",
    "store_unfit": "存储用不了",
    "surroundings_failed": "磁盘或权限有问题",
    "too_large": "请求体太大",
    "too_many_requests": "请求太频繁",
    "too_slow": "请求体发得太慢",
    "unauthorized": "需要密钥",
    "unavailable": "暂时不能服务",
    "unsupported_media_type": "不支持的内容类型",
    "waited_too_long": "等得太久，没有轮到",
}
"""What each kind of failure is called, by its code."""

PLAINLY: Mapping[int, str] = {
    400: "请求无法解析；请检查请求体与它的 Content-Type",
    404: "没有这个地址",
    405: "这个地址不接受这种方法",
    415: "请求体的 Content-Type 不对",
}
"""What to tell of a failure that the framework states in English, by its status."""


def title_of(code: str, *, status: int) -> str:
    """Return what a kind of failure is called."""
    return TITLES.get(code) or HTTPStatus(status).phrase


def type_of(code: str) -> str:
    """Return the address that names a kind of failure, relative to the service, which explains it there."""
    return f"/docs#{code}"


def codes_of(kind: type[QaError] = QaError) -> Iterator[str]:
    """Yield the codes of our errors, the whole tree below ``kind``."""
    yield kind.code
    for below in kind.__subclasses__():
        yield from codes_of(below)
