"""What is computed in: bf16 where the processor multiplies it itself, else fp32.

Emulated, bf16 takes twenty times as long.
"""

from __future__ import annotations

import torch

from qa.models.encoder import has_bf16


def precision() -> str:
    """Return the name of it."""
    return "bf16" if has_bf16() else "fp32"


def autocast() -> torch.autocast:
    """Return a context in which models are trained in it."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bf16())
