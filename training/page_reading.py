"""Make ``models/pages/reading.safetensors``: how the evidence for reading order and headings is weighed.

    python -m training.page_reading --data NEWS --pages 2800 --out models/pages
    python -m training.page_reading --data NEWS --pages 500 --seed 21 --go-on --out models/pages

Lays out pages with a known truth (``bench.pages``) from days of their own, looks
at each as the program does, and fits four conditional logits with one hidden layer: for the order of
text blocks and for headings, each at first and once more with what the first look adds. The language
tables (``training/page_language.py``, ``training/page_manner.py``) must be in the folder already. Some
minutes on two cores. What ships was made by both commands; between them the evidence of manner was
added with weights of 0.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn import functional

from bench.pages.batch import STORIES, made, orders
from bench.pages.made import MadePage
from bench.pages.news import Use, stories_by_day
from bench.pages.score import plain
from qa.domain.traced import TracedText
from qa.models.page_model import READING, load_language, load_manner, load_weighings
from qa.text.blocks import Block, Role, blocks
from qa.text.fragments import with_fragments
from qa.text.gather import in_order, stretches_of, wording_of
from qa.text.headline_evidence import Headings
from qa.text.headline_options import Choices, Option, Part
from qa.text.language import Language
from qa.text.manner import Manner
from qa.text.places import Page, page_of
from qa.text.reading import SECTION, best_reading, certainties, predecessors
from qa.text.reading_evidence import Section
from qa.text.reading_signs import Stretch
from qa.text.strands import Floats, Numbers
from qa.text.weighing import Weighing
from qa.text.wording import Wording

HIDDEN, EPOCHS, RATE, BATCH, DECAY = 32, 8, 3e-3, 256, 1e-5
FITS = 2
GO_ON_RATE, GO_ON_EPOCHS = 6e-4, 4
PURE = 0.9
"""Share of a block that must be of one article for it to teach anything."""

MOST = 100
"""Options of one choice at most."""

Choice = tuple[Floats, int]
"""The evidence for each option, and which is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Whose every character of a made page is.

    :param owner: Number of the article at each offset, -1 for none.
    :param place: Position in that article's body.
    :param titles: Whether a title stands there.
    """

    owner: Numbers
    place: Numbers
    titles: Numbers

    @classmethod
    def of(cls, page: MadePage) -> Truth:
        """Return the truth of a page, offset by offset."""
        owner = np.full(len(page.text), -1, dtype=np.int64)
        place, titles = np.zeros_like(owner), np.zeros_like(owner)
        for number, article in enumerate(page.truth):
            offsets = [at for span in article.spans for at in range(span.start, span.end)]
            owner[offsets] = number
            place[offsets] = np.arange(len(offsets))
        for span in page.title_spans:
            titles[span.start : span.end] = 1
        return cls(owner=owner, place=place, titles=titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A made page as the program sees it, with its truth."""

    made: MadePage
    page: Page
    stretches: Sequence[Stretch]
    wording: Wording
    truth: Truth


def looked_at(page: MadePage, language: Language, manner: Manner) -> Looked:
    """Return a page as the program sees it."""
    traced = TracedText.whole(page.text, source_id="page")
    printed = [block for block in blocks(traced) if block.role is not Role.FURNITURE]
    wording = wording_of(printed, language, manner)
    found = page_of(with_fragments(printed, wording))
    return Looked(made=page, page=found, stretches=stretches_of(found), wording=wording, truth=Truth.of(page))


def offsets_of(block: Block, text: str) -> Numbers:
    """Return where the characters of a block stand, white space left out."""
    spans = (place.span for place in block.traced.origin)
    return np.array([at for span in spans for at in range(span.start, span.end) if not text[at].isspace()])


def owner_of(block: Block, looked: Looked) -> tuple[int, float]:
    """Return whose a block is, and the share of it that is."""
    owners, times = np.unique(looked.truth.owner[offsets_of(block, looked.made.text)], return_counts=True)
    return int(owners[times.argmax()]), float(times.max() / times.sum())


def true_predecessors(looked: Looked) -> list[int | None]:
    """Return which text block each follows, its own number where it opens an article; None where unclear."""
    places = looked.page.places[:SECTION]
    owners = [owner_of(place.block, looked) for place in places]
    ranges: list[tuple[int, int]] = []
    for place, (owner, _) in zip(places, owners, strict=True):
        offsets = offsets_of(place.block, looked.made.text)
        inside = looked.truth.place[offsets[looked.truth.owner[offsets] == owner]]
        ranges.append((int(inside.min()), int(inside.max())))
    found: list[int | None] = []
    for at, (owner, share) in enumerate(owners):
        earlier = [
            (ranges[other][1], other)
            for other, (its, _) in enumerate(owners)
            if its == owner and other != at and ranges[other][1] <= ranges[at][0]
        ]
        clear = owner >= 0 and share >= PURE
        found.append((max(earlier)[1] if earlier else at) if clear else None)
    return found


def order_choices(found: Floats, true: Sequence[int | None]) -> Iterator[Choice]:
    """Yield the choices that one section offers: each block's predecessor, or to open an article."""
    for at, predecessor in enumerate(true):
        if predecessor is None:
            continue
        options = np.delete(found[at], at, axis=0)
        right = len(options) - 1 if predecessor == at else predecessor - (predecessor > at)
        yield options, right


def fit(choices: Iterable[Choice], *, seed: int, begun: Weighing | None) -> Weighing:
    """Return the weighing under which the right options are most probable: the mean of several fits.

    :param begun: One to go on from, gently and once.
    """
    found, barred, right = padded([choice for choice in choices if len(choice[0]) <= MOST])
    scale = found[barred == 0].std(0).clamp_min(1e-2)
    found = found / scale
    fits = 1 if begun else FITS
    net = partial(Net.begun, begun, scale) if begun else partial(Net.new, len(scale))
    parts = [fit_once(found, barred, right, seed=seed + number, net=net) for number in range(fits)]
    return Weighing(
        direct=single(sum_of(direct for direct, _, _ in parts) / fits / scale),
        inward=single(torch.cat([(inward.weight / scale).T for _, inward, _ in parts], dim=1)),
        inward_bias=single(torch.cat([inward.bias for _, inward, _ in parts])),
        outward=single(torch.cat([outward / fits for _, _, outward in parts])),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What is fitted, over evidence that was scaled, and how far each step goes at first."""

    inward: nn.Linear
    outward: nn.Linear
    direct: nn.Linear
    rate: float
    epochs: int

    @classmethod
    def new(cls, evidence: int) -> Net:
        """Return a net that weighs at random."""
        return cls(
            inward=nn.Linear(evidence, HIDDEN),
            outward=nn.Linear(HIDDEN, 1, bias=False),
            direct=nn.Linear(evidence, 1, bias=False),
            rate=RATE,
            epochs=EPOCHS,
        )

    @classmethod
    def begun(cls, weighing: Weighing, scale: Tensor) -> Net:
        """Return a net that weighs as is given, and is changed gently."""
        hidden = len(weighing.outward)
        inward, outward = nn.Linear(len(scale), hidden), nn.Linear(hidden, 1, bias=False)
        direct = nn.Linear(len(scale), 1, bias=False)
        with torch.no_grad():
            inward.weight.copy_(torch.from_numpy(weighing.inward.T) * scale)
            inward.bias.copy_(torch.from_numpy(weighing.inward_bias))
            outward.weight.copy_(torch.from_numpy(weighing.outward)[None])
            direct.weight.copy_(torch.from_numpy(weighing.direct)[None] * scale)
        return cls(inward=inward, outward=outward, direct=direct, rate=GO_ON_RATE, epochs=GO_ON_EPOCHS)


def fit_once(
    found: Tensor, barred: Tensor, right: Tensor, *, seed: int, net: Callable[[], Net]
) -> tuple[Tensor, nn.Linear, Tensor]:
    """Return the direct weights, the layer inward and the weights outward of one fit."""
    torch.manual_seed(seed)
    made = net()
    inward, outward, direct = made.inward, made.outward, made.direct
    parameters = [*inward.parameters(), *outward.parameters(), *direct.parameters()]
    optimizer = torch.optim.Adam(parameters, made.rate, weight_decay=DECAY)
    for epoch in range(made.epochs):
        for group in optimizer.param_groups:
            group["lr"] = made.rate * (1 - epoch / made.epochs)
        total = 0.0
        for part in torch.randperm(len(right)).split(BATCH):
            rows = found[part]
            scores = (outward(torch.relu(inward(rows))) + direct(rows)).squeeze(-1) + barred[part]
            loss = functional.cross_entropy(scores, right[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(part)
        print(f"seed {seed} epoch {epoch + 1} loss {total / len(right):.4f}", flush=True)
    return direct.weight[0], inward, outward.weight[0]


def sum_of(tables: Iterable[Tensor]) -> Tensor:
    """Return the sum of some tables."""
    return torch.stack(list(tables)).sum(dim=0)


def padded(choices: Sequence[Choice]) -> tuple[Tensor, Tensor, Tensor]:
    """Return the evidence of all choices in one block, what bars the padding, and the right options."""
    longest = max(len(options) for options, _ in choices)
    found = torch.zeros(len(choices), longest, choices[0][0].shape[1])
    barred = torch.full((len(choices), longest), -1e9)
    for at, (options, _) in enumerate(choices):
        found[at, : len(options)] = torch.from_numpy(options)
        barred[at, : len(options)] = 0
    return found, barred, torch.tensor([right for _, right in choices])


def single(table: Tensor) -> Floats:
    """Return a table as the program holds it."""
    return np.ascontiguousarray(table.detach().numpy(), dtype=np.float32)


def true_option(
    number: int, headings: Headings, options: Sequence[Option], looked: Looked, owners: Sequence[int]
) -> int | None:
    """Return which option is right for a heading; None where none of them is, or it is unclear."""
    heading = headings.headings[number]
    offsets = offsets_of(heading.block, looked.made.text)
    owner, share = owner_of(heading.block, looked)
    if owner >= 0 and share >= PURE - 0.1:
        return body_option(heading.gap, offsets, owner, options, looked, owners)
    wanted: set[int] = set()
    if looked.truth.titles[offsets].mean() > PURE - 0.1:
        wanted = articles_titled(heading.block.text, looked.made)
        held = [
            at
            for at, option in enumerate(options)
            if option.part is Part.HEADLINE
            and option.article is not None
            and owners[option.article] in wanted
        ]
        if held:
            return max(held, key=lambda at: (headings.size_of(options[at].article or 0), -at))
    return None if wanted else len(options) - 1


def articles_titled(text: str, page: MadePage) -> set[int]:
    """Return the articles of which a text is a title, or a part of one."""
    heading = plain(text)
    return {
        number
        for number, article in enumerate(page.truth)
        for title in map(plain, article.titles)
        if title and (heading in title or title in heading or (len(heading) > 8 and heading[:6] in title))
    }


def body_option(
    gap: int, offsets: Numbers, owner: int, options: Sequence[Option], looked: Looked, owners: Sequence[int]
) -> int | None:
    """Return which option is right for what looks like a heading and is text of an article."""
    parts = {
        option.part: at
        for at, option in enumerate(options)
        if option.article is not None and option.part is not Part.HEADLINE and owners[option.article] == owner
    }
    if Part.INSIDE in parts or len(parts) < 2:
        return parts.get(Part.INSIDE, next(iter(parts.values()), None))
    above = offsets_of(looked.page.places[gap - 1].block, looked.made.text)
    last = looked.truth.place[above[looked.truth.owner[above] == owner]].max(initial=-1)
    follows = looked.truth.place[offsets].min() - last <= 3
    return parts[Part.TAIL if follows else Part.LEAD]


def seen_headings(looked: Looked, articles: Sequence[Sequence[int]]) -> tuple[Headings, list[int]]:
    """Return the headings of a page whose text is in order, and whose each article truly is."""
    owners = []
    for places in articles:
        counted = [owner_of(looked.page.places[at].block, looked)[0] for at in places]
        sizes = {
            owner: sum(
                len(looked.stretches[at].text)
                for at, its in zip(places, counted, strict=True)
                if its == owner
            )
            for owner in counted
        }
        owners.append(max(sizes, key=lambda owner: (sizes[owner], -owner)))
    headings = Headings(looked.page, stretches=looked.stretches, articles=articles, wording=looked.wording)
    return headings, owners


def main() -> None:
    """Read the arguments, lay out pages, fit, and write the weighings."""
    parser = argparse.ArgumentParser(description="Learn how evidence about pages is weighed.")
    parser.add_argument("--data", type=Path, required=True, help="a folder of news, *.jsonl.xz")
    parser.add_argument("--pages", type=int, default=2_800)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--go-on", action="store_true", help="from the weighings that are in the folder")
    given = parser.parse_args()
    language, manner = load_language(given.out), load_manner(given.out)
    days = stories_by_day(given.data, at_least=STORIES, use=Use.WEIGHING)
    pages = [
        looked_at(made(order, days=days), language, manner) for order in orders(given.pages, seed=given.seed)
    ]
    pages = [page for page in pages if page.page.places]
    begun = load_weighings(given.out) if given.go_on else {}
    weighings = fit_order(pages, seed=given.seed, begun=begun)
    weighings |= fit_headings(pages, weighings, seed=given.seed, begun=begun)
    tables = {
        f"{name}.{field}": getattr(weighing, field)
        for name, weighing in weighings.items()
        for field in ("direct", "inward", "inward_bias", "outward")
    }
    save_file(tables, given.out / READING)


Begun = Mapping[str, Weighing]
"""What is gone on from, by name; empty to begin anew."""


def fit_order(pages: Sequence[Looked], *, seed: int, begun: Begun) -> dict[str, Weighing]:
    """Return both weighings of the evidence for reading order."""
    sections = [Section(page.stretches[:SECTION], page.wording) for page in pages]
    true = [true_predecessors(page) for page in pages]
    at_first = [section.evidence() for section in sections]
    first = fit(
        (each for found, right in zip(at_first, true, strict=True) for each in order_choices(found, right)),
        seed=seed,
        begun=begun.get("reading"),
    )
    again = []
    for section, found in zip(sections, at_first, strict=True):
        certain = certainties(found, first)
        again.append(section.second_evidence(best_reading(certain), certain))
    second = fit(
        (each for found, right in zip(again, true, strict=True) for each in order_choices(found, right)),
        seed=seed,
        begun=begun.get("reading_again"),
    )
    return {"reading": first, "reading_again": second}


def fit_headings(
    pages: Sequence[Looked], order: dict[str, Weighing], *, seed: int, begun: Begun
) -> dict[str, Weighing]:
    """Return both weighings of the evidence for headings."""
    seen = []
    for page in pages:
        follows = predecessors(
            Section(page.stretches[:SECTION], page.wording), order["reading"], order["reading_again"]
        )
        seen.append((page, *seen_headings(page, in_order(follows))))
    at_first, again = [], []
    for page, headings, owners in seen:
        options = [headings.options(each) for each in headings.headings]
        right = [true_option(at, headings, each, page, owners) for at, each in enumerate(options)]
        choices = Choices.of(options)
        if options:
            at_first.append((headings, choices, headings.evidence(choices), right))
    first = fit(
        heading_choices((choices.apart(found), right) for _, choices, found, right in at_first),
        seed=seed,
        begun=begun.get("headings"),
    )
    for headings, choices, found, right in at_first:
        again.append((choices.apart(headings.second_evidence(choices, found, first)), right))
    second = fit(heading_choices(again), seed=seed, begun=begun.get("headings_again"))
    return {"headings": first, "headings_again": second}


def heading_choices(found: Iterable[tuple[Sequence[Floats], Sequence[int | None]]]) -> Iterator[Choice]:
    """Yield the choices that headings offer, where it is clear which option is right."""
    for rows, right in found:
        yield from ((row, each) for row, each in zip(rows, right, strict=True) if each is not None)


if __name__ == "__main__":
    main()
