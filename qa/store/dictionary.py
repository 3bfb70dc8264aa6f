"""jieba's dictionary, read as far as the texts that are cut need it.

To read all of its 349,000 lines takes a second, a third of what a single question from the command line
waits for; the words that question may have begin with its own dozen characters. What is cut is the same.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict

BLOCK = re.compile(r"^(\S).*(?:\n\1.*)*", re.MULTILINE)
"""Neighbouring lines whose words begin with the same character. The file has a few such blocks apart."""

COUNT = re.compile(r"^\S+ (\d+)", re.MULTILINE)


class Dictionary:
    """Counts words as jieba's ``gen_pfdict`` does: 0 for what is no word itself but begins one."""

    def __init__(self, lines: str) -> None:
        """Find the blocks in ``lines``, each ``word count kind``; no word is read yet."""
        self.counts: dict[str, int] = {}
        """Of the words that begin with characters of the texts that were given to ``read_for``."""
        self.total = sum(map(int, COUNT.findall(lines)))
        """Of all words."""
        self._lines = lines
        self._unread: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for block in BLOCK.finditer(lines):
            self._unread[block[1]].append(block.span())
        self._lock = threading.Lock()

    def read_for(self, text: str) -> None:
        """See that ``counts`` has every word that a part of ``text`` may be, whichever thread asks first."""
        if self._unread.keys().isdisjoint(text):
            return
        with self._lock:
            for first in self._unread.keys() & set(text):
                for start, end in self._unread[first]:
                    self._read(self._lines[start:end])
                del self._unread[first]  # only now: another thread goes on once it is gone

    def _read(self, block: str) -> None:
        for line in block.splitlines():
            word, count, *_ = line.split(" ")
            self.counts[word] = int(count)
            for end in range(1, len(word)):
                self.counts.setdefault(word[:end], 0)
