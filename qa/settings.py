"""Settings: the only reader of the environment; every name begins with ``QA_``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import SettingInvalid


class Precision(StrEnum):
    """In what the encoder computes: ``auto`` takes bf16 where the processor multiplies it."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"


class Settings(BaseSettings):
    """Everything that can be set, with its default and its bounds."""

    model_config = SettingsConfigDict(env_prefix="QA_", frozen=True, extra="ignore", env_ignore_empty=True)

    index: Path = Field(default=Path("index"), description="索引目录")
    encoder: str | None = Field(
        default=None, description="句向量模型的目录，或本机缓存中的模型名；不设则用自带模型"
    )
    query_prompt: str | None = Field(default=None, description="加在问题前的提示语；不设则用模型自己的")
    passage_prompt: str | None = Field(default=None, description="加在段落前的提示语；不设则用模型自己的")
    precision: Precision = Field(default=Precision.AUTO, description="计算精度：auto、fp32 或 bf16")
    caution: float = Field(
        default=0.5, ge=0, le=1, description="至少要有几成把握才作答；越大越谨慎，拒答越多，误导越少"
    )
    threads: int | None = Field(default=None, ge=1, le=256, description="计算用的线程数；不设则由系统决定")
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
    max_body_bytes: int = Field(default=20 * 2**20, ge=1, le=2**30, description="HTTP 请求体的字节上限")


def read_settings() -> Settings:
    """Return the settings from the environment.

    :raises SettingInvalid: Naming the variable, its value and what is wrong with it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "QA_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingInvalid(f"环境变量 {name}={first['input']!r} 不合要求：{first['msg']}") from error
