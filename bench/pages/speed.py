"""Measures how fast a page is cut, on one core, and that no text takes for ever."""

from __future__ import annotations

import time
from collections.abc import Sequence
from multiprocessing import Pool, TimeoutError
from pathlib import Path
from random import Random

from bench.pages.batch import orders, pages
from bench.pages.news import read_news
from bench.pages.segmenter import cut_page
from qa.domain.sources import Source

MEGABYTE = 1_000_000
PATIENCE = 120.0
"""Seconds after which a hostile text is given up."""

HOSTILE = {
    "one character": "好",
    "brackets": "（",
    "spaces": " ",
    "digits": "1",
    "line ends": "\n",
    "stops": "。",
}


def seconds(texts: Sequence[str]) -> float:
    """Return how long it takes to cut texts."""
    start = time.perf_counter()
    for text in texts:
        cut_page(Source(name="page.txt", text=text))
    return time.perf_counter() - start


def rate(texts: Sequence[str]) -> float:
    """Return megabytes (UTF-8) a second."""
    return sum(len(text.encode()) for text in texts) / MEGABYTE / seconds(texts)


def hostile(character: str) -> float:
    """Return the seconds for a megabyte of one character; infinite where patience ran out."""
    text = character * (MEGABYTE // len(character.encode()))
    with Pool(1) as pool:
        try:
            return pool.apply_async(seconds, ([text],)).get(PATIENCE)
        except TimeoutError:
            return float("inf")


def speed_figures(folder: Path, *, number: int, seed: int) -> dict[str, float]:
    """Return MB/s over news items and made pages, and seconds for hostile megabytes."""
    texts = [f"{item['title']}\n\n{item['text']}" for item in read_news(folder)]
    chosen = Random(seed).sample(texts, min(number, len(texts)))
    made = [page.text for page in pages(folder, orders(max(1, number // 10), seed=seed))]
    figures = {"news MB/s": rate(chosen), "pages MB/s": rate(made)}
    return figures | {f"1 MB of {name}, s": hostile(character) for name, character in HOSTILE.items()}
