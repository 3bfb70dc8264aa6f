"""Traces for OpenTelemetry, where they are asked for; the program does without the packages otherwise."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fastapi import FastAPI

from qa.errors import SettingInvalid

NEEDED = (
    "opentelemetry.instrumentation.fastapi",
    "opentelemetry.sdk.trace",
    "opentelemetry.sdk.trace.export",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
)
UNTRACED = "healthz,readyz,metrics"
"""Routes that machines ask every few seconds."""


def install(app: FastAPI) -> None:
    """Trace every request, and send the traces to OTEL_EXPORTER_OTLP_ENDPOINT.

    :raises SettingInvalid: When the extra ``[otel]`` is not installed.
    """
    instrumentation, tracing, export, exporter = packages()
    provider = tracing.TracerProvider()
    provider.add_span_processor(export.BatchSpanProcessor(exporter.OTLPSpanExporter()))
    instrumentation.FastAPIInstrumentor.instrument_app(app, tracer_provider=provider, excluded_urls=UNTRACED)


def packages() -> list[Any]:
    """Return the modules that are needed, in that order.

    :raises SettingInvalid: When the extra ``[otel]`` is not installed.
    """
    try:
        return [import_module(name) for name in NEEDED]
    except ModuleNotFoundError as error:
        told = (
            f"QA_TRACES=true 需要可选部分 [otel]（缺少 {error.name}）；请安装 wenbao[otel]，或去掉 QA_TRACES"
        )
        raise SettingInvalid(told) from error
