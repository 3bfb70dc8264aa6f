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
    threads: int | None = Field(default=None, ge=1, le=256, description="计算用的线程数；不设则由系统决定")
    max_source_bytes: int = Field(default=10 * 2**20, ge=1, le=2**30, description="单个来源的字节上限")
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
