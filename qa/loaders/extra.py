"""The extra ``[ocr]``: whether it is installed, and how to install it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from qa.errors import ExtraMissing

SETUP = Path(__file__).parent.parent.parent / "scripts" / "setup"

INSTALL_OCR = "scripts/setup ocr" if SETUP.is_file() else "pip install 'wenbao[ocr]'"
"""The command that fits where the program runs: a checkout, or an installed package."""


def is_ocr_installed() -> bool:
    """Tell whether text in pictures can be recognised."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


def require_ocr(*, name: str, why: str) -> None:
    """Refuse a file that cannot be read without the extra.

    :raises ExtraMissing: Naming the command that installs it.
    """
    if not is_ocr_installed():
        raise ExtraMissing(f"{name}：{why}，要识别其中的文字，请先运行：{INSTALL_OCR}")
