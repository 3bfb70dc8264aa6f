"""Classes of characters that Chinese newspaper text is made of."""

from __future__ import annotations

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
"""Han characters, for use inside a character class."""

LATIN = r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
"""Letters of words that a blank keeps apart, for use inside a character class."""

PUNCTUATION = r"，。、；：？！…—·“”‘’「」『』（）《》〈〉【】〔〕％～"
"""Full-width and other Chinese punctuation, for use inside a character class."""

BLANK = r"\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f"
"""White space, and what prints as nothing: soft hyphens, zero-width marks, control characters."""

TERMINAL = "。！？!?…"
"""What ends a sentence."""

CLOSING = "”’」』）)》〉】〕\"'"
"""What may still follow the end of a sentence and belongs to it."""
