"""Days as formats state them: whole days only, never a guess."""

from __future__ import annotations

import re
from datetime import date

DAY = re.compile(
    r"\s*((?:1[89]|20)\d\d)(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|([-/.])(\d{1,2})\4(\d{1,2})(?!\d)|(\d\d)(\d\d)(?!\d))"
)


def day_of(stated: object) -> date | None:
    """Return the day that ``2023-02-23``, ``2023年2月23日`` or ``20230223`` begins with; None for others."""
    match = DAY.match(str(stated)) if isinstance(stated, str | int) else None
    if match is None:
        return None
    year, month, day = (
        match[1],
        match[2] or match[5] or match[7],
        match[3] or match[6] or match[8],
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
