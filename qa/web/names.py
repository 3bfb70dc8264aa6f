"""Names of uploaded files: what a browser or a script sends becomes a plain name, and never a path."""

from __future__ import annotations

import unicodedata

LONGEST = 200
"""Characters of a name; a longer one loses its middle, so that it keeps its suffix."""

NAMELESS = "未命名"
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that a name must not hold: controls, direction marks, half characters, line ends."""


def plain_name(given: str | None) -> str:
    """Return the last part of a name as it can be printed, stored and listed.

    Characters are cut and runs of blanks become one; nothing else is changed. Both kinds of
    slash end a folder. A leading dot goes, since it would hide the file; of ``..`` nothing is left.
    """
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in UNSEEN)
    name = " ".join(seen.split()).lstrip(". ")
    return shortened(name) or NAMELESS


def shortened(name: str) -> str:
    """Return a name of at most ``LONGEST`` characters with the suffix that it had."""
    if len(name) <= LONGEST:
        return name
    suffix = suffix_of(name)
    return name[: LONGEST - len(suffix)] + suffix


def suffix_of(name: str) -> str:
    """Return the suffix with its dot in small letters; empty where there is none, or none so short."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem and 0 < len(suffix) <= 10 else ""
