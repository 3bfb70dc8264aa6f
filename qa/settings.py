"""Settings: the only reader of the environment; every name begins with ``QA_``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import SettingInvalid

ORIGIN = re.compile(r"https?://[^\s/*,]+")
STORE = re.compile(r"https?://[^\s/@]+(/\w*)?|\S.*\.db")
PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)


class Precision(StrEnum):
    """In what the encoder computes: ``auto`` takes bf16 where the processor multiplies it."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"


class LogForm(StrEnum):
    """How the service writes its log: ``line`` for a person, ``json`` for programs."""

    LINE = "line"
    JSON = "json"


class Consistency(StrEnum):
    """How fresh reads of Milvus are: ``Bounded`` may lag by seconds, and is quick; ``Strong`` sees all."""

    BOUNDED = "Bounded"
    STRONG = "Strong"


class Settings(BaseSettings):
    """Everything that can be set, with its default and its bounds."""

    model_config = SettingsConfigDict(env_prefix="QA_", frozen=True, extra="ignore", env_ignore_empty=True)

    index: Path = Field(default=Path("index"), description="索引目录")
    store: str = Field(
        default="",
        description="Milvus 的地址，如 http://127.0.0.1:19530，或 .db 文件（需要 [milvus]）；不设则用目录",
    )
    store_token: SecretStr = Field(
        default=SecretStr(""), description="Milvus 的令牌，或 用户名:密码；不设则不带"
    )
    store_consistency: Consistency = Field(
        default=Consistency.BOUNDED,
        description="读 Milvus 的一致性：Bounded 或 Strong；新版本刚打开时总是 Strong",
    )
    store_prefix: str = Field(
        default="wenbao", description="Milvus 里各集合名称的开头：字母、数字与下划线；不同的库用不同的"
    )
    encoder: str | None = Field(
        default=None, description="句向量模型的目录，或本机缓存中的模型名；不设则用自带模型"
    )
    query_prompt: str | None = Field(default=None, description="加在问题前的提示语；不设则用模型自己的")
    passage_prompt: str | None = Field(default=None, description="加在段落前的提示语；不设则用模型自己的")
    precision: Precision = Field(default=Precision.AUTO, description="计算精度：auto、fp32 或 bf16")
    caution: float = Field(
        default=0.4, ge=0, le=1, description="至少要有几成把握才作答；越大越谨慎，拒答越多，误导越少"
    )
    read_ms: float | None = Field(
        default=None,
        gt=0,
        le=3_600_000,
        description="每问读段落至多用多少毫秒，至少读两段；到时就凭已读的作答，更快，少答对一些。不设则读完",
    )
    threads: int | None = Field(default=None, ge=1, le=256, description="计算用的线程数；不设则为可用的核数")
    max_source_bytes: int = Field(
        default=10 * 2**20, ge=1, le=2**30, description="单个来源的文字的字节上限；JSONL 每条记录也是一个来源"
    )
    max_file_bytes: int = Field(
        default=100 * 2**20, ge=1, le=2**30, description="PDF、docx、网页或图片文件的字节上限"
    )
    max_jsonl_bytes: int = Field(default=4 * 2**30, ge=1, le=2**40, description="JSONL 文件的字节上限")
    max_pages: int = Field(default=2000, ge=1, le=100_000, description="一个 PDF 的页数上限")
    max_pixels: int = Field(
        default=50_000_000, ge=1, le=10**9, description="一张图片的像素上限，解码之前检查"
    )
    max_expanded_bytes: int = Field(default=200 * 2**20, ge=1, le=2**32, description="docx 解压后的字节上限")
    max_expansion: int = Field(default=200, ge=2, le=10_000, description="docx 解压后至多是压缩时的多少倍")
    max_parser_bytes: int = Field(
        default=1_000_000_000, ge=2**27, le=2**36, description="解析进程的内存字节上限"
    )
    parse_seconds: float = Field(default=60.0, gt=0, le=86_400, description="解析一个文件的秒数上限")
    ocr_seconds: float = Field(
        default=120.0, gt=0, le=3600, description="每识别一张图片另加的秒数（需要 [ocr]）"
    )
    max_question: int = Field(default=500, ge=1, le=10_000, description="问题的字数上限")
    max_upload_sources: int = Field(
        default=10_000, ge=1, le=10**7, description="一次上传至多成为几个来源；JSONL 每条记录是一个"
    )
    max_body_bytes: int = Field(default=20 * 2**20, ge=1, le=2**30, description="HTTP 请求体的字节上限")
    max_question_bytes: int = Field(
        default=2**20, ge=1, le=2**30, description="提问、检索与对话的请求体的字节上限；对话连同以前的消息"
    )
    queue: int = Field(
        default=64, ge=1, le=100_000, description="至多有几个问题排队等候；再来的得到 503 与 Retry-After"
    )
    queue_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="排队至多等多少秒；还没有轮到的得到 503"
    )
    stop_seconds: int = Field(
        default=30, ge=0, le=3600, description="停止服务时，至多等多少秒让进行中的回答完成"
    )
    refresh_seconds: float = Field(
        default=1.0, gt=0, le=3600, description="每隔多少秒看一次别的进程有没有发布新的索引版本"
    )
    keep_answers: bool = Field(
        default=True, description="是否存档回答，供链接与刷新后再看；关掉后已存的也不再给出"
    )
    answer_days: float = Field(default=30.0, gt=0, le=3650, description="回答存档多少天")
    max_answers: int = Field(
        default=100_000, ge=1, le=10**8, description="至多存档多少个回答；超过时先删最早的"
    )
    batches: bool = Field(
        default=True, description="是否接受批量评测（/v1/batches）；关掉后没做完的停在那里，已有的也不再给出"
    )
    max_batch_questions: int = Field(
        default=10_000, ge=1, le=10**6, description="一批评测至多有几个问题；请求体的上限另计"
    )
    max_batches: int = Field(
        default=50, ge=1, le=10_000, description="至多留几批评测；超过时先删最早做完的，都没做完则得到 503"
    )
    batch_days: float = Field(default=30.0, gt=0, le=3650, description="评测做完后留多少天")
    log: LogForm = Field(default=LogForm.LINE, description="服务日志的样式：line 给人看，json 给程序读")
    log_questions: bool = Field(
        default=False, description="是否把问题的文字写进日志；默认日志里没有任何问题的文字"
    )
    traces: bool = Field(
        default=False,
        description="是否记录 OpenTelemetry 追踪（需要 [otel]）；发往 OTEL_EXPORTER_OTLP_ENDPOINT",
    )

    api_keys: Path | None = Field(
        default=None, description="密钥文件，由 qa keys 生成；设了它，没有密钥的请求一律拒绝，不设则不查密钥"
    )
    rate: str | None = Field(
        default=None,
        description="每把密钥或每个地址可以请求多频繁，如 60/minute 或 5/second;1000/day；不设则不限",
    )
    origins: str = Field(
        default="",
        description="可以从浏览器跨站访问的来源，逗号分隔，如 https://example.org；不设则一个也没有",
    )
    hosts: str = Field(
        default="",
        description="对外的域名，逗号分隔；不设时只认地址与内网名称（防 DNS 重绑定），设了密钥则不限",
    )
    proxies: str = Field(
        default="",
        description="前置代理的地址或网段，逗号分隔；只信它们给出的客户端地址（X-Forwarded-For）",
    )
    body_seconds: float = Field(default=300.0, gt=0, le=86_400, description="收完一个请求体的秒数上限")

    @field_validator("store")
    @classmethod
    def _store_is_an_address(cls, written: str) -> str:
        if written and not STORE.fullmatch(written):
            raise ValueError("应形如 http://127.0.0.1:19530，或是一个 .db 文件")
        return written

    @field_validator("store_prefix")
    @classmethod
    def _prefix_is_a_name(cls, written: str) -> str:
        if not PREFIX.fullmatch(written):
            raise ValueError("应以字母开头，只有字母、数字与下划线，至多 40 个")
        return written

    @field_validator("rate")
    @classmethod
    def _rate_can_be_read(cls, written: str | None) -> str | None:
        # Here and not above: only a service with a rate needs the library.
        from limits import parse_many

        if written is not None:
            parse_many(written)
        return written

    @field_validator("origins")
    @classmethod
    def _origins_are_some(cls, written: str) -> str:
        for each in listed(written):
            if not ORIGIN.fullmatch(each):
                raise ValueError(f"{each} 不是网站的来源；应形如 https://example.org，不能是 *")
        return written

    @field_validator("proxies")
    @classmethod
    def _proxies_are_networks(cls, written: str) -> str:
        for each in listed(written):
            ip_network(each)
        return written


def listed(written: str) -> tuple[str, ...]:
    """Return what is listed in a setting, separated by commas."""
    return tuple(each.strip() for each in written.split(",") if each.strip())


def read_settings() -> Settings:
    """Return the settings from the environment.

    :raises SettingInvalid: Naming the variable, its value and what is wrong with it.
    """
    return settings_given({})


def settings_given(given: Mapping[str, object]) -> Settings:
    """Return the settings that are given by name, the others from the environment.

    :raises SettingInvalid: Naming the setting or the variable, its value and what is wrong with it.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        told = f"设置 {name}" if name in given else f"环境变量 QA_{name.upper()}"
        raise SettingInvalid(f"{told}={first['input']!r} 不合要求：{first['msg']}") from error
