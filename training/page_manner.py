"""Make ``models/pages/manner.safetensors``: how headlines, beginnings and endings of articles read.

    python -m training.page_manner --data NEWS --out models/pages

Learns from the days of the language tables (``training/page_language.py``), which must be in the
folder already: titles against subheadings, first paragraphs against later ones and torn ones, and last
paragraphs against earlier ones and torn ones. A minute on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from bench.pages.news import LONGEST, Use, read_news, story_of
from bench.pages.setting import broken
from bench.pages.stories import Story
from qa.domain.characters import CLOSING, TERMINAL
from qa.models.page_model import MANNER, load_language
from qa.text.language import AROUND, PAIRS, Language, folded_points, pairs_of
from qa.text.manner import PLACED, placed_rows
from qa.text.strands import MISSING, Floats, Numbers, Strands

HIDDEN, EPOCHS, RATE, BATCH, DECAY = 32, 3, 2e-3, 1024, 1e-4
PIECES = 0.3
"""Share of titles and subheadings of which a part is learnt too: print breaks them over lines."""

LATER, TORN = 0.4, 0.3
"""Shares of the paragraphs inside an article that are learnt, and of those that are torn at a sentence."""

LEAST = 40
"""Characters of a torn paragraph on either side at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text, and whether it is what it is compared with others for."""

    text: str
    right: bool


def stories(folder: Path) -> list[Story]:
    """Return the stories of the days that may be learnt from."""
    found = map(story_of, read_news(folder, use=Use.LANGUAGE))
    return [story for story in found if story]


def headlines(story: Story, rng: Random) -> Iterator[Example]:
    """Yield titles and subheadings, some of them in parts as well."""
    lines = [(title, True) for title in story.titles]
    lines += [(each.text, False) for each in story.paragraphs if each.subheading]
    for text, right in lines:
        parts = broken(text, rng=rng) if rng.random() < PIECES else [text]
        yield from (Example(text=each, right=right) for each in {text, *parts})


def beginnings(story: Story, rng: Random) -> Iterator[Example]:
    """Yield the first paragraph, and later ones and torn ones."""
    texts = [each.text for each in story.paragraphs if not each.subheading]
    for number, text in enumerate(texts):
        if number == 0 or rng.random() < LATER:
            yield Example(text=text, right=number == 0)
        yield from (Example(text=text[at:], right=False) for at in torn(text, rng))


def endings(story: Story, rng: Random) -> Iterator[Example]:
    """Yield the last paragraph, and earlier ones and torn ones; nothing of a text that was cut."""
    texts = [each.text for each in story.paragraphs if not each.subheading]
    if story.length > LONGEST - LEAST * 10:
        return
    for number, text in enumerate(texts, 1):
        if number == len(texts) or rng.random() < LATER:
            yield Example(text=text, right=number == len(texts))
        yield from (Example(text=text[:at], right=False) for at in torn(text, rng))


def torn(text: str, rng: Random) -> Iterator[int]:
    """Yield where a paragraph is torn: at the end of a sentence and anywhere."""
    inside = range(LEAST, len(text) - LEAST)
    ends = [at for at in inside if text[at - 1] in TERMINAL and text[at] not in TERMINAL + CLOSING]
    for places in (ends, inside):
        if places and rng.random() < TORN:
            yield rng.choice(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of some texts as the networks see it.

    :param pairs: Rows of the pairs around the break, ``PAIRS`` for none, shape (texts, AROUND - 1).
    :param placed: Likewise of the nearest by their place, shape (texts, PLACED).
    :param features: What the language network sees, shape (texts, features).
    """

    pairs: Tensor
    placed: Tensor
    features: Tensor

    def chosen(self, rows: Tensor) -> Side:
        """Return some of the texts."""
        return Side(pairs=self.pairs[rows], placed=self.placed[rows], features=self.features[rows])


def sides(texts: Sequence[str], language: Language) -> tuple[Side, Side]:
    """Return the starts and the ends of texts."""
    points = folded_points(texts)
    starts = side(points.head(AROUND), points.first(PLACED + 1), language.seen_at_starts(points))
    ends = side(points.tail(AROUND), points.last(PLACED + 1), language.seen_at_ends(points))
    return starts, ends


def side(around: Strands, nearest: Numbers, features: Floats) -> Side:
    """Return one side of texts."""
    pairs = pairs_of(around).first(AROUND - 1)
    placed = np.where(nearest[:, 1:] == MISSING, MISSING, placed_rows(nearest))
    rows = [torch.from_numpy(np.where(each == MISSING, PAIRS, each)) for each in (pairs, placed)]
    return Side(pairs=rows[0], placed=rows[1], features=torch.from_numpy(features))


class ToneOf(nn.Module):
    """One question to one side; see ``qa.text.manner.Tone``, which holds two."""

    def __init__(self, features: Tensor) -> None:
        super().__init__()
        self.pairs = nn.EmbeddingBag(PAIRS + 1, 1, mode="sum", padding_idx=PAIRS)
        self.placed = nn.EmbeddingBag(PAIRS + 1, 1, mode="sum", padding_idx=PAIRS)
        for table in (self.pairs, self.placed):
            nn.init.zeros_(table.weight)
        self.middle, self.spread = features.mean(dim=0), features.std(dim=0) + 0.1
        self.inward = nn.Linear(features.shape[1], HIDDEN)
        self.outward = nn.Linear(HIDDEN, 1)

    def forward(self, seen: Side) -> Tensor:
        """Return log odds, shape (texts,)."""
        hidden = torch.relu(self.inward((seen.features - self.middle) / self.spread))
        odds: Tensor = self.outward(hidden) + self.pairs(seen.pairs) + self.placed(seen.placed)
        return odds.squeeze(1)

    def tables(self) -> dict[str, Tensor]:
        """Return the tables as ``Tone`` holds them, one question wide."""
        inward = self.inward.weight / self.spread
        return {
            "pairs": self.pairs.weight[:PAIRS],
            "placed": self.placed.weight[:PAIRS],
            "inward": inward.T,
            "inward_bias": self.inward.bias - inward @ self.middle,
            "outward": self.outward.weight.T,
            "outward_bias": self.outward.bias,
        }


def learnt(examples: Sequence[Example], language: Language, *, asked: Sequence[int]) -> list[ToneOf]:
    """Return what tells right examples from wrong ones.

    :param asked: Which sides are asked: 0 for how texts start, 1 for how they end.
    """
    both = sides([each.text for each in examples], language)
    seen = [both[number] for number in asked]
    right = torch.tensor([float(each.right) for each in examples])
    tones = [ToneOf(each.features) for each in seen]
    parameters = [each for tone in tones for each in tone.parameters()]
    tables, layers = (
        [each for each in parameters if (len(each) == PAIRS + 1) is big] for big in (True, False)
    )
    groups: list[dict[str, Any]] = [{"params": tables}, {"params": layers, "weight_decay": DECAY}]
    optimizer = torch.optim.Adam(groups, RATE)
    for epoch in range(EPOCHS):
        total = 0.0
        for number, rows in enumerate(torch.randperm(len(right)).split(BATCH)):
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - (epoch + number * BATCH / len(right)) / EPOCHS)
            odds = sum_of([tone(each.chosen(rows)) for tone, each in zip(tones, seen, strict=True)])
            loss = functional.binary_cross_entropy_with_logits(odds, right[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        print(f"{len(right)} texts, epoch {epoch + 1}, loss {total / len(right):.4f}", flush=True)
    return tones


def sum_of(odds: Sequence[Tensor]) -> Tensor:
    """Return the sum of the odds of both sides, or those of one."""
    return torch.stack(list(odds)).sum(dim=0)


def joined(one: ToneOf, other: ToneOf) -> dict[str, Tensor]:
    """Return the tables of two questions to one side, side by side; each has its own hidden layer."""
    first, second = one.tables(), other.tables()
    names = ("pairs", "placed", "inward", "inward_bias", "outward_bias")
    wide = {name: torch.cat([first[name], second[name]], dim=-1) for name in names}
    return wide | {"outward": torch.block_diag(first["outward"], second["outward"])}


def main() -> None:
    """Read the arguments, learn, and write the tables."""
    parser = argparse.ArgumentParser(description="Learn how headlines, beginnings and endings read.")
    parser.add_argument("--data", type=Path, required=True, help="a folder of news, *.jsonl.xz")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    rng, language, told = Random(given.seed), load_language(given.out), stories(given.data)
    questions = ((headlines, (0, 1)), (beginnings, (0,)), (endings, (1,)))
    answers = [
        learnt([each for story in told for each in question(story, rng)], language, asked=asked)
        for question, asked in questions
    ]
    (title_start, title_end), (beginning,), (ending,) = answers
    tables = {
        f"{name}.{field}": table.detach().to(torch.float16).contiguous()
        for name, tone in (("starts", joined(title_start, beginning)), ("ends", joined(title_end, ending)))
        for field, table in tone.items()
    }
    save_file(tables, given.out / MANNER)


if __name__ == "__main__":
    main()
