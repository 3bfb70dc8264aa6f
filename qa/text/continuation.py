"""Jumps: articles that go on, or began, on another page (下转、上接)."""

from __future__ import annotations

import re

# Blanks are taken whole: two runs beside what may be missing could share them out in every way.
JUMP_TO = re.compile(r"[（(]\s*下\s*转\s*+第?\s*+([A-D]?\d{1,2})\s*版\s*[)）]")
CLOSING_JUMP = re.compile(JUMP_TO.pattern + r"\s*$")
JUMP_FROM = re.compile(r"[（(]\s*上\s*接\s*+第?\s*+([A-D]?\d{1,2})\s*版\s*[)）]")


def closes(block: str) -> bool:
    """Tell whether a block ends with a jump to another page."""
    return CLOSING_JUMP.search(block[-40:]) is not None
