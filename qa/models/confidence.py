"""The weights of the confidence model, from a file that a person can read."""

from __future__ import annotations

import json
from pathlib import Path

from qa.errors import ModelMissing
from qa.ranking.confidence import ConfidenceModel

CONFIDENCE = "confidence.json"
"""Beside the reader's weights: it goes with that reader."""


def load_confidence(folder: Path) -> ConfidenceModel:
    """Return the confidence model that goes with the reader in a folder.

    :raises ModelMissing: When it is not there, or is not one.
    """
    path = folder / CONFIDENCE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return ConfidenceModel(
            intercept=float(content["intercept"]),
            weights={str(name): float(weight) for name, weight in content["weights"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelMissing(f"把握模型 {path} 无法载入：{error}；请重新安装") from error
