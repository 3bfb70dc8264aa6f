"""Words for the lexical index, cut by jieba, and pairs of characters, which need no dictionary.

Both on a copy in half width and simplified script, so that 臺灣 is found by 台湾 (see docs/adr/0010).
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
import threading
import unicodedata
from functools import cached_property
from importlib.metadata import version

import jieba
import opencc

from qa.domain.characters import HAN
from qa.store.dictionary import Dictionary

# jieba logs at DEBUG to a handler that it installs on import; what it says is of no use to anyone.
logging.getLogger("jieba").setLevel(logging.WARNING)

RULES = 1
"""Goes up when what is below cuts texts another way."""

RUN = re.compile(f"[{HAN}]+")

COMMON, RAREST = 5.0, 12.0
"""Nats of a word that any text may have (上, 年), and of one that tells as much as a word can (a name)."""


class Tokens:
    """Cuts Chinese text into words, long words into their parts as well.

    Never jieba's global tokenizer, whose dictionary anyone may change.
    """

    def __init__(self) -> None:
        """Prepare to open jieba's dictionary at the first use, once, whichever thread comes first."""
        self._tokenizer = jieba.Tokenizer()
        self._script = opencc.OpenCC("t2s")
        self._dictionary: Dictionary | None = None
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """Return what the cut of a text depends on: libraries, dictionary and our own rules."""
        with self._tokenizer.get_dict_file() as file:
            words = hashlib.sha256(file.read()).hexdigest()[:8]
        return f"jieba {version('jieba')} {words} + opencc {version('opencc')}, {RULES}"

    def load(self) -> Dictionary:
        """Find what the dictionary has, once.

        Not by ``initialize()``, which trusts a file of a known name in the system's
        temporary folder, where anyone may have put one.
        """
        with self._lock:
            if self._dictionary is None:
                with self._tokenizer.get_dict_file() as file:
                    self._dictionary = Dictionary(file.read().decode())
                self._tokenizer.FREQ = self._dictionary.counts
                self._tokenizer.total = self._dictionary.total
                self._tokenizer.initialized = True
            return self._dictionary

    def cut(self, text: str) -> list[str]:
        """Return the words of ``text`` in print order, folded, without punctuation."""
        folded = self._known(text)
        return [word for word in self._tokenizer.cut_for_search(folded) if any(c.isalnum() for c in word)]

    def pairs(self, text: str) -> list[str]:
        """Return the neighbouring Han characters of ``text`` two by two, in print order; a lone one alone.

        Whatever a dictionary makes of 推光漆器, a question and a passage have the same pairs of it.
        """
        runs = RUN.findall(self.folded(text))
        return [run[at : at + 2] for run in runs for at in range(max(len(run) - 1, 1))]

    def telling(self, text: str) -> dict[str, float]:
        """Return the words of ``text``, folded, each with how much it tells of what a text is about.

        That is how rare it is in Chinese, by the counts in the dictionary: the natural logarithm of one over
        its share, from 0 for a word that any text may have to 7 for names, numbers and all that is rarer.
        """
        words = self._tokenizer.cut(self._known(text), HMM=False)
        return {word: self._tells(word) for word in words if any(c.isalnum() for c in word)}

    def _known(self, text: str) -> str:
        """Return ``text`` folded, when the dictionary has been read for it."""
        folded = self.folded(text)
        self.load().read_for(folded)
        return folded

    def _tells(self, word: str) -> float:
        count = self._tokenizer.FREQ.get(word, 0)
        rarity = math.log(self._tokenizer.total / count) if count else RAREST
        return max(min(rarity, RAREST) - COMMON, 0.0)

    def folded(self, text: str) -> str:
        """Return a copy for matching, which need not be as long as ``text``."""
        return str(self._script.convert(unicodedata.normalize("NFKC", text).lower()))
