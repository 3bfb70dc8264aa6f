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

    Never jieba's global tokenizer, whose dictionary anyone may change.
    """

    def __init__(self) -> None:
        """Prepare to load jieba's dictionary at the first use, once, whichever thread comes first."""
        self._tokenizer = jieba.Tokenizer()
        self._lock = threading.Lock()

    def _load(self) -> None:
        """Read the dictionary, once.

        Not by ``initialize()``, which trusts a file of a known name in the system's
        temporary folder, where anyone may have put one.
        """
        with self._lock:
            if not self._tokenizer.initialized:
                words, total = self._tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
                self._tokenizer.FREQ, self._tokenizer.total = words, total
                self._tokenizer.initialized = True

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text`` in print order, folded, without punctuation."""
        self._load()
        folded = unicodedata.normalize("NFKC", text).lower()
        return [word for word in self._tokenizer.cut_for_search(folded) if any(c.isalnum() for c in word)]
