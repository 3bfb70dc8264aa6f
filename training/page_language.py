"""Make ``models/pages/language.safetensors``: how newspaper text goes on, and what it speaks of.

    python -m training.page_language --data NEWS --out models/pages [--steps 17000]

NEWS is a folder of ``*.jsonl.xz`` with ``date`` and ``text`` a line. Only days are trained on from which no
page is laid out (``bench.pages.news.use_of``). A checkpoint is written every few minutes, and the same
command goes on from it; half an hour on two cores. The shipped tables were made so in two stretches:
the same command gives tables as good, not the same bytes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from bench.pages.news import Use, read_news
from qa.models.page_model import LANGUAGE
from qa.text.language import AROUND, OPENING, PAIRS, SEEN, code_points, fold, pair_rows
from qa.text.strands import Numbers

WIDTH, HIDDEN, DEPTH, TOPIC_DEPTH = 48, 384, 128, 64
SELDOM = 20
"""Times a character must stand in the news to have a row of its own."""

NEIGHBOURHOOD = 64
"""Breaks of one batch that lie close together, so that most of what is wrong is of the same day."""

BATCH = 1024
TOPIC_BATCH = 768
RATE = 2e-3
SHORTEST = 80
TOPIC_STEPS = 6_000
OPENING_BATCH, OPENING_RATE, OPENING_STEPS = 4000, 2e-2, 1200
ENDS = "。!?…"
"""What stands before the beginning of a sentence, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All texts one after the other, by date.

    :param points: Folded characters.
    :param starts: Where each text starts, and the end of the last.
    :param paragraphs: Where a paragraph starts that is not the first of its text.
    """

    points: Numbers
    starts: Numbers
    paragraphs: Numbers


def news_of(folder: Path) -> News:
    """Return the news of the days that may be trained on."""
    records: list[tuple[str, list[str]]] = []
    for item in read_news(folder, use=Use.LANGUAGE):
        text = item["text"].replace("**", "").split("\n---", 1)[0]
        records.append((item["date"], [fold(each) for each in text.split("\n")]))
    records = [(day, [each for each in texts if each]) for day, texts in records]
    records = [record for record in records if sum(map(len, record[1])) >= SHORTEST]
    records.sort(key=lambda record: record[0])
    starts, paragraphs, position = [], [], 0
    for _, texts in records:
        starts.append(position)
        for at, text in enumerate(texts):
            paragraphs += [position] if at else []
            position += len(text)
    joined = code_points("".join("".join(texts) for _, texts in records))
    return News(
        points=joined, starts=np.array([*starts, position]), paragraphs=np.array(paragraphs, dtype=np.int64)
    )


class Side(nn.Module):
    """One side of a break; see ``qa.text.language.Side``."""

    def __init__(self) -> None:
        super().__init__()
        self.inward = nn.Linear(SEEN * WIDTH + WIDTH, HIDDEN)
        self.outward = nn.Linear(HIDDEN, DEPTH)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return vectors, shape (texts, DEPTH)."""
        result: Tensor = self.outward(functional.relu(self.inward(inputs)))
        return result


class PageLanguage(nn.Module):
    """Both networks; the numpy form that the program uses is ``qa.text.language.Language``."""

    def __init__(self, letters: int) -> None:
        super().__init__()
        self.characters = nn.Embedding(letters + 1, WIDTH)
        self.pairs = nn.EmbeddingBag(PAIRS, WIDTH, mode="mean")
        self.topics = nn.EmbeddingBag(PAIRS, TOPIC_DEPTH, mode="mean")
        for table in (self.characters, self.pairs, self.topics):
            nn.init.normal_(table.weight, 0.0, 0.3)
        self.before, self.after = Side(), Side()
        self.sharpness = nn.Parameter(torch.tensor(2.0))

    def side(self, network: Side, seen: Tensor, around: Tensor) -> Tensor:
        """Return the vectors of one side of breaks."""
        characters = self.characters(seen).flatten(1)
        vectors: Tensor = network(torch.cat([characters, self.pairs(around)], dim=1))
        return vectors

    def loss_of_breaks(self, batch: dict[str, Tensor]) -> Tensor:
        """Return how badly each text's own continuation is told from those of the others."""
        ends = self.side(self.before, batch["last"], batch["around_last"])
        starts = self.side(self.after, batch["first"], batch["around_first"])
        return contrast(ends @ starts.T)

    def loss_of_topics(self, one: Tensor, other: Tensor) -> Tensor:
        """Return how badly stretches of one article are told from those of others."""
        vectors = [functional.normalize(self.topics(rows)) for rows in (one, other)]
        return contrast(self.sharpness.exp() * vectors[0] @ vectors[1].T)


def contrast(scores: Tensor) -> Tensor:
    """Return the cross entropy of the diagonal, in both directions."""
    wanted = torch.arange(len(scores))
    return (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)) / 2


class Sampler:
    """Draws breaks and stretches from the news."""

    def __init__(self, news: News, alphabet: Numbers, seed: int) -> None:
        self._news, self._random = news, np.random.default_rng(seed)
        at = np.minimum(np.searchsorted(alphabet, news.points), len(alphabet) - 1)
        self._letters = np.where(alphabet[at] == news.points, at + 1, 0)
        self._pairs = pair_rows(news.points)
        self._width = len(alphabet) + 1
        self._begins = np.zeros(len(news.points), dtype=bool)
        self._begins[np.flatnonzero(np.isin(news.points[:-1], [ord(each) for each in ENDS])) + 1] = True
        self._begins[news.paragraphs] = True
        inside = self._begins[AROUND:-AROUND]
        self._beginnings = np.flatnonzero(inside) + AROUND

    def breaks(self) -> Iterator[dict[str, Tensor]]:
        """Yield batches of neighbourhoods; one in five breaks is the end of a paragraph."""
        while True:
            drawn = self._random.integers(0, len(self._news.points), 600_000)
            drawn = np.sort(np.concatenate([drawn, self._random.choice(self._news.paragraphs, 150_000)]))
            text = np.searchsorted(self._news.starts, drawn, side="right") - 1
            inside = (drawn - self._news.starts[text] >= AROUND) & (
                self._news.starts[text + 1] - drawn > AROUND
            )
            groups = drawn[inside][: inside.sum() // NEIGHBOURHOOD * NEIGHBOURHOOD].reshape(-1, NEIGHBOURHOOD)
            order = self._random.permutation(len(groups))
            for start in range(0, len(order) - BATCH // NEIGHBOURHOOD, BATCH // NEIGHBOURHOOD):
                yield self._around(groups[order[start : start + BATCH // NEIGHBOURHOOD]].ravel())

    def _around(self, breaks: Numbers) -> dict[str, Tensor]:
        near, far = np.arange(SEEN), np.arange(AROUND - 1)
        at = breaks[:, None]
        return {
            "last": torch.from_numpy(self._letters[at - 1 - near]),
            "first": torch.from_numpy(self._letters[at + near]),
            "around_last": torch.from_numpy(self._pairs[at - 2 - far]),
            "around_first": torch.from_numpy(self._pairs[at + far]),
        }

    def openings(self) -> tuple[Tensor, Tensor]:
        """Return rows for ``learn_openings`` and whether a sentence begins there, half of each."""
        drawn = self._random.integers(AROUND, len(self._news.points) - AROUND, OPENING_BATCH)
        places = np.concatenate([drawn, self._random.choice(self._beginnings, OPENING_BATCH)])
        near = np.arange(OPENING)
        letters = self._letters[places[:, None] + near] + near * self._width
        pairs = self._pairs[places[:, None] + near[:-1]] + OPENING * self._width + near[:-1] * PAIRS
        begins = self._begins[places]
        kept = begins | (np.arange(len(places)) < OPENING_BATCH)
        rows = np.concatenate([letters, pairs], axis=1)[kept]
        return torch.from_numpy(rows), torch.from_numpy(begins[kept]).float()

    def stretches(self) -> tuple[Tensor, Tensor]:
        """Return pairs of stretches of the same articles, the articles in runs of the same days."""
        length = int(self._random.integers(30, 240))
        sizes = np.diff(self._news.starts)
        runs = self._random.integers(0, len(sizes) - 48, TOPIC_BATCH // 32)
        chosen = (runs[:, None] + np.arange(48)).ravel()
        chosen = np.unique(chosen[sizes[chosen] > 2 * length + 2])
        room = sizes[chosen] - 2 * length - 1
        first = (self._random.random(len(chosen)) * room).astype(np.int64)
        second = first + length + (self._random.random(len(chosen)) * (room - first)).astype(np.int64)
        span = np.arange(length)
        rows = [
            torch.from_numpy(self._pairs[(self._news.starts[chosen] + at)[:, None] + span])
            for at in (first, second)
        ]
        return rows[0], rows[1]


def train(model: PageLanguage, sampler: Sampler, *, steps: int, checkpoint: Path) -> None:
    """Train from the last checkpoint on, or from nothing."""
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    done = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done = int(state["step"])
    started = time.monotonic()
    for step, batch in zip(range(done, steps), sampler.breaks(), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = RATE * max(0.02, 1 - step / steps)
        loss, of_topics = model.loss_of_breaks(batch), model.loss_of_topics(*sampler.stretches())
        optimizer.zero_grad()
        (loss + of_topics).backward()
        optimizer.step()
        if step % 500 == 499:
            seconds = time.monotonic() - started
            print(
                f"{step + 1} {seconds:.0f}s breaks {loss.item():.3f} topics {of_topics.item():.3f}",
                flush=True,
            )
        if step % 5000 == 4999 or step == steps - 1:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            torch.save(state, checkpoint)


def learn_topics(model: PageLanguage, sampler: Sampler, *, steps: int) -> None:
    """Train the table of topics further, alone: it is the smaller network and learns more slowly."""
    parameters = [*model.topics.parameters(), model.sharpness]
    optimizer = torch.optim.Adam(parameters, RATE)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * max(0.02, 1 - step / steps)
        loss = model.loss_of_topics(*sampler.stretches())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 500 == 499:
            print(f"{step + 1} topics {loss.item():.3f}", flush=True)


def learn_openings(sampler: Sampler, letters: int, *, steps: int) -> dict[str, Tensor]:
    """Return the tables by which it is told whether a sentence begins somewhere."""
    width = letters + 1
    table = nn.EmbeddingBag(OPENING * width + (OPENING - 1) * PAIRS, 1, mode="sum", sparse=True)
    nn.init.zeros_(table.weight)
    bias = torch.zeros(1, requires_grad=True)
    optimizers = (torch.optim.SparseAdam(table.parameters(), OPENING_RATE), torch.optim.Adam([bias], 1e-2))
    for step in range(steps):
        for group in optimizers[0].param_groups:
            group["lr"] = OPENING_RATE * max(0.01, 1 - step / steps)
        rows, begins = sampler.openings()
        loss = functional.binary_cross_entropy_with_logits(table(rows).squeeze(1) + bias, begins)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()  # type: ignore[no-untyped-call]
        if step % 500 == 499:
            print(f"{step + 1} openings {loss.item():.3f}", flush=True)
    learnt = table.weight.detach().squeeze(1)
    characters = learnt[: OPENING * width].reshape(OPENING, width)
    # Every text has a first character, so that its row can carry the bias.
    characters[0] += bias.detach()
    return {"openings.characters": characters, "openings.pairs": learnt[OPENING * width :].reshape(-1, PAIRS)}


def exported(
    model: PageLanguage, alphabet: NDArray[np.int64], openings: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Return the tables as they are stored: 16 bit, matrices so that a row vector is multiplied."""
    tables = {
        "characters": model.characters.weight,
        "pairs": model.pairs.weight,
        "topics": model.topics.weight,
        **openings,
    }
    for name, side in (("before", model.before), ("after", model.after)):
        tables |= {
            f"{name}.inward": side.inward.weight.T,
            f"{name}.inward_bias": side.inward.bias,
            f"{name}.outward": side.outward.weight.T,
            f"{name}.outward_bias": side.outward.bias,
        }
    stored = {name: table.detach().to(torch.float16).contiguous() for name, table in tables.items()}
    return {"alphabet": torch.from_numpy(alphabet.astype(np.int32)), **stored}


def main() -> None:
    """Read the arguments, train, and write the tables."""
    parser = argparse.ArgumentParser(description="Learn how newspaper text goes on.")
    parser.add_argument("--data", type=Path, required=True, help="a folder of news, *.jsonl.xz")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=17_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=Path("page_language.checkpoint"))
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    news = news_of(given.data)
    letters, times = np.unique(news.points, return_counts=True)
    alphabet = letters[times >= SELDOM]
    model = PageLanguage(len(alphabet))
    print(f"{len(news.points)} characters, {len(alphabet)} letters", flush=True)
    sampler = Sampler(news, alphabet, given.seed)
    train(model, sampler, steps=given.steps, checkpoint=given.checkpoint)
    learn_topics(model, Sampler(news, alphabet, given.seed), steps=TOPIC_STEPS)
    openings = learn_openings(Sampler(news, alphabet, given.seed), len(alphabet), steps=OPENING_STEPS)
    given.out.mkdir(parents=True, exist_ok=True)
    save_file(exported(model, alphabet, openings), given.out / LANGUAGE)


if __name__ == "__main__":
    main()
