"""Train the reader from the encoder's weights.

    scripts/train reader --data DATA --output models/reader [--tokens N] [--smoke]

``DATA`` is a folder with ``reading/train.jsonl.xz`` and ``news/*.jsonl.xz``.
Nothing of ``cmrc2018_dev`` or ``drcd_test`` is read. A checkpoint is written
every five minutes to ``--work``; the same command goes on from it. The same
seed gives the same examples in the same order.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from transformers import BertConfig, BertForQuestionAnswering, BertModel

from qa.models.span_tokens import SpanTokens, character_tokenizer
from training.checkpoint import EVERY_SECONDS, Checkpoint
from training.news_questions import SOURCE, news_questions
from training.precision import autocast
from training.reader_scores import score_given
from training.reading_examples import Example, ExampleMaker
from training.reading_sets import Asked, is_development, read_lines, read_text
from training.retrieval_scores import papers
from training.torch_reader import torch_reader

EPOCHS = {
    "cmrc2018_train": 1.0,
    "drcd_train_cps": 1.0,
    "drcd_dev": 1.0,
    "yiqing_gov": 0.15,
    "dureader_checklist_train": 0.3,
    "medicine_tcm": 0.01,
    SOURCE: 1.0,
}
"""How much of a set is shown in a round: what was read least so far most, long answers least."""

UNLICENSED = {
    "houjin_news_train": 0.6,
    "pufa_bank_entity_train": 0.3,
    "cail2019_dev": 0.2,
    "cail2019_test": 0.2,
}

BATCH_TOKENS = 6400
POOL = 2048
"""Examples that are drawn together and sorted by length."""

PEAK, WARM, DECAY = 2e-4, 0.06, 0.01
MEASURED_EVERY = 1000
MEASURED = 120
NEWS_STRETCH, NEWS_STRETCHES = 380, 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does; kept beside its checkpoint, so that another run does not go on from it."""

    tokens: int
    seed: int
    peak: float
    unlicensed: bool
    swaps: bool
    start: str
    news: int = 0


def main() -> None:
    """Read the arguments, train, and write the model."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=Path("models/encoder"), help="an encoder, or a reader")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs/reader"), help="where checkpoints are kept")
    parser.add_argument("--tokens", type=int, default=9_600_000)
    parser.add_argument("--peak", type=float, default=PEAK)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unlicensed", action="store_true", help="sets whose licence is not stated as well")
    parser.add_argument("--swaps", action="store_true", help="questions with another name or year as well")
    parser.add_argument("--news", type=int, default=0, help="questions made of news as well")
    parser.add_argument("--smoke", action="store_true", help="the whole path on a small part")
    given = parser.parse_args()

    plan = Plan(
        tokens=40_000 if given.smoke else given.tokens,
        seed=given.seed,
        peak=given.peak,
        unlicensed=given.unlicensed,
        swaps=given.swaps,
        start=given.start.name,
        news=given.news,
    )
    questions = [
        asked for asked in read_lines(given.data / "reading" / "train.jsonl.xz") if share(asked, plan)
    ]
    if given.smoke:
        questions = questions[::40]
    printed = papers(given.data / "news", measured=False)
    questions += [asked for _, asked in news_questions(printed, count=plan.news, seed=plan.seed)]
    elsewhere = news_stretches(given.data / "news", count=100 if given.smoke else NEWS_STRETCHES)
    tokens = SpanTokens(character_tokenizer(given.start))
    model = starting_model(given.start)
    run = Run(plan, model, tokens, questions=questions, elsewhere=elsewhere, work=given.work)
    run.train()
    write(model, given.start, given.output)


def share(asked: Asked, plan: Plan) -> float:
    """Return how much of a question's set is shown in a round; 0 for not at all."""
    if asked.source in EPOCHS:
        return EPOCHS[asked.source]
    return UNLICENSED.get(asked.source, 0.0) if plan.unlicensed else 0.0


def news_stretches(folder: Path, *, count: int) -> list[str]:
    """Return stretches of news, spread evenly: text in which a search finds what does not answer."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(folder.glob("*.jsonl.xz"))
        for line in read_text(path).splitlines()
    ]
    long = [text for text in texts if len(text) > NEWS_STRETCH]
    return ["".join(long[at * len(long) // count][:NEWS_STRETCH].split()) for at in range(count)]


def starting_model(folder: Path) -> BertForQuestionAnswering:
    """Return a reader with the weights of a reader, or of an encoder with a new head."""
    config = BertConfig.from_pretrained(
        folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=2
    )
    torch.manual_seed(0)
    if config.architectures == ["BertForQuestionAnswering"]:
        return BertForQuestionAnswering.from_pretrained(folder, config=config, dtype=torch.float32)
    model = BertForQuestionAnswering(config)
    encoder = BertModel.from_pretrained(folder, config=config, dtype=torch.float32, add_pooling_layer=False)
    model.bert.load_state_dict(encoder.state_dict())
    return model


class Run:
    """One training run, which may be broken off and gone on with at any time."""

    def __init__(
        self,
        plan: Plan,
        model: BertForQuestionAnswering,
        tokens: SpanTokens,
        *,
        questions: Sequence[Asked],
        elsewhere: Sequence[str],
        work: Path,
    ) -> None:
        """Prepare the data and go to where the last checkpoint stands."""
        self._plan, self._model, self._tokens = plan, model, tokens
        self._measured = [asked for asked in questions if is_development(asked)]
        self._questions = [asked for asked in questions if not is_development(asked)]
        self._maker = ExampleMaker(
            tokens, self._questions, elsewhere=elsewhere, seed=plan.seed, swaps=plan.swaps
        )
        self._optimizer = torch.optim.AdamW(groups(model), lr=plan.peak, betas=(0.9, 0.98), fused=True)
        self._seen = 0
        # A run may be made longer, shorter or gentler on the way: the rate then falls along the new line.
        self._checkpoint = Checkpoint(work, asdict(plan), may_change=frozenset({"tokens", "peak"}))

    def train(self) -> None:
        """Train to the end of the plan."""
        done, step = self._checkpoint.resume(self._model, self._optimizer), 0
        started = saved = time.monotonic()
        losses: list[float] = []
        for step, batch in enumerate(self._batches(), start=1):
            size = sum(map(len, batch))
            self._seen += size
            if step <= done:
                continue
            if self._seen > self._plan.tokens:
                break
            losses.append(self._step(batch))
            if step % 20 == 0:
                self._say(step, losses, (time.monotonic() - started) / max(step - done, 1))
                losses = []
            if step % MEASURED_EVERY == 0:
                self._measure(step)
            if time.monotonic() - saved > EVERY_SECONDS:
                self._checkpoint.save(step, self._model, self._optimizer)
                saved = time.monotonic()
        self._measure(step)
        self._checkpoint.save(step, self._model, self._optimizer)

    def _batches(self) -> Iterator[list[Example]]:
        for epoch in range(10_000):
            chance = random.Random(f"{self._plan.seed}:{epoch}")
            numbers = [
                number
                for number, asked in enumerate(self._questions)
                for _ in range(times(share(asked, self._plan), chance))
            ]
            chance.shuffle(numbers)
            pool: list[Example] = []
            for example in self._maker.examples(numbers, epoch=epoch):
                pool.append(example)
                if len(pool) >= POOL:
                    yield from packed(pool, chance)
                    pool = []
            yield from packed(pool, chance)

    def _step(self, batch: Sequence[Example]) -> float:
        part = min(self._seen / self._plan.tokens, 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.peak * min(part / WARM, (1 - part) / (1 - WARM))
        longest = max(map(len, batch))
        ids = torch.full((len(batch), longest), self._tokens.padding)
        for row, example in enumerate(batch):
            ids[row, : len(example)] = torch.tensor(example.ids)
        mask = ids.ne(self._tokens.padding).long()
        self._model.train()
        with autocast():
            hidden = self._model.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = self._model.qa_outputs(hidden.float()).masked_fill(mask[..., None] == 0, -1e4)
        first = torch.nn.functional.cross_entropy(
            logits[..., 0], torch.tensor([each.first for each in batch])
        )
        last = torch.nn.functional.cross_entropy(logits[..., 1], torch.tensor([each.last for each in batch]))
        loss = (first + last) / 2
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _say(self, step: int, losses: Sequence[float], seconds: float) -> None:
        print(
            json.dumps(
                {
                    "step": step,
                    "part": round(self._seen / self._plan.tokens, 4),
                    "loss": round(sum(losses) / len(losses), 4),
                    "seconds_a_step": round(seconds, 2),
                }
            ),
            flush=True,
        )

    def _measure(self, step: int) -> None:
        reader = torch_reader(self._model, self._tokens)
        by_set: dict[str, list[Asked]] = {}
        for asked in self._measured:
            by_set.setdefault(asked.source, []).append(asked)
        with autocast():
            scores = {name: score_given(reader, each[:MEASURED]) for name, each in by_set.items()}
        print(json.dumps({"step": step, "development": scores}, ensure_ascii=False), flush=True)


def times(share: float, chance: random.Random) -> int:
    """Return how often a question is shown in a round, so that on average it is ``share``."""
    return math.floor(share) + (chance.random() < share % 1)


def groups(model: torch.nn.Module) -> list[dict[str, object]]:
    """Return the weights that decay, which are the matrices, and those that do not."""
    named = list(model.named_parameters())
    return [
        {"params": [each for _, each in named if each.ndim > 1], "weight_decay": DECAY},
        {"params": [each for _, each in named if each.ndim == 1], "weight_decay": 0.0},
    ]


def packed(pool: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Yield batches of like length and bounded size, in random order."""
    batches: list[list[Example]] = [[]]
    for example in sorted(pool, key=len):
        if batches[-1] and len(example) * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(example)
    chance.shuffle(batches)
    yield from (batch for batch in batches if batch)


def write(model: BertForQuestionAnswering, start: Path, output: Path) -> None:
    """Write the model in half precision, with the tokenizer that keeps Han characters apart."""
    model.half().save_pretrained(output, safe_serialization=True)
    character_tokenizer(start).save(str(output / "tokenizer.json"), pretty=False)


if __name__ == "__main__":
    main()
