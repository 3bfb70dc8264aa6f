"""Words for the lexical index, cut by jieba."""

from __future__ import annotations

import logging
import threading
import unicodedata

import jieba

# jieba logs at DEBUG to a handler that it installs on import; what it says is of no use to anyone.
logging.getLogger("jieba").setLevel(logging.WARNING)


class Tokens:
    """Cuts Chinese text into words, long words into their parts as well.

    One tokenizer a process, never jieba's global one, whose dictionary anyone may change.
    """

    def __init__(self) -> None:
        """Prepare to load jieba's dictionary at the first use, once, whichever thread comes first."""
        self._tokenizer = jieba.Tokenizer()
        self._lock = threading.Lock()

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text`` in print order, folded, without punctuation."""
        with self._lock:
            self._tokenizer.initialize()
        folded = unicodedata.normalize("NFKC", text).lower()
        return [word for word in self._tokenizer.cut_for_search(folded) if any(c.isalnum() for c in word)]
