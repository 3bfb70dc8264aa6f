"""Train the encoder: questions and headlines towards their passages, away from those that a search confuses.

    scripts/train encoder --data DATA --output models/encoder [--pairs N] [--keep 0.4] [--smoke]

InfoNCE over the passages of a batch (van den Oord et al. 2018; Karpukhin et al. 2020), then weights between
those before and after (Wortsman et al. 2022, *Robust fine-tuning of zero-shot models*): what the base knew
of other texts stays. A checkpoint is written every five minutes; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from training.checkpoint import EVERY_SECONDS, Checkpoint
from training.pairs import Matched, apart, batches_of_neighbours, news_pairs, question_pairs
from training.precision import autocast
from training.reading_sets import LICENSED, Asked, is_development, is_kept, read_lines
from training.retrieval_scores import held_out, measured_notices, news_rows

SIZE = 64
TOGETHER = 16
"""Texts of a batch that are computed at once: a quarter is padded to its own longest."""

TEMPERATURE = 0.02
PEAK, WARM = 5e-5, 0.1
LONGEST_QUESTION, LONGEST_PASSAGE = 48, 224
NEWS_A_ROUND = 12_000
"""News items shown in a round, beside every question once."""

WITHOUT = frozenset({"medicine_tcm"})
"""Licensed sets that are far from newspapers and would outweigh the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does; kept beside its checkpoint, so that another run does not go on from it."""

    pairs: int
    seed: int
    peak: float


def main() -> None:
    """Read the arguments, train, and write the model."""
    parser = argparse.ArgumentParser(description="Train the encoder.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=Path("models/encoder"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs/encoder"), help="where checkpoints are kept")
    parser.add_argument("--pairs", type=int, default=32_000)
    parser.add_argument("--keep", type=float, default=0.4, help="share of the weights before training")
    parser.add_argument("--peak", type=float, default=PEAK)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="the whole path on a small part")
    given = parser.parse_args()

    plan = Plan(pairs=4 * SIZE if given.smoke else given.pairs, seed=given.seed, peak=given.peak)
    questions = apart(
        (
            asked
            for asked in read_lines(given.data / "reading" / "train.jsonl.xz")
            if asked.source in LICENSED.keys() - WITHOUT and not is_development(asked)
        ),
        measured=measured_notices(given.data),
    )
    rows = news_rows(given.data / "news")
    measured = set(held_out(len(rows)))
    rows = [row for at, row in enumerate(rows) if at not in measured and not is_kept(row["text"])]
    if given.smoke:
        questions, rows = questions[::40], rows[::200]
    tokenizer = AutoTokenizer.from_pretrained(given.start, local_files_only=True)
    model = AutoModel.from_pretrained(
        given.start,
        local_files_only=True,
        dtype=torch.float32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    Run(plan, model, tokenizer, questions=questions, rows=rows, work=given.work).train()
    write(model, given.start, given.output, keep=given.keep)


class Run:
    """One training run, which may be broken off and gone on with at any time."""

    def __init__(
        self,
        plan: Plan,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        questions: Sequence[Asked],
        rows: Sequence[dict[str, str]],
        work: Path,
    ) -> None:
        """Prepare the data."""
        self._plan, self._model, self._tokenizer = plan, model, tokenizer
        self._questions, self._rows = questions, rows
        self._optimizer = torch.optim.AdamW(model.parameters(), lr=plan.peak, weight_decay=0.01, fused=True)
        self._checkpoint = Checkpoint(work, asdict(plan))

    def train(self) -> None:
        """Train to the end of the plan."""
        done, saved = self._checkpoint.resume(self._model, self._optimizer), time.monotonic()
        steps = self._plan.pairs // SIZE
        losses: list[float] = []
        step = 0
        for step, batch in enumerate(self._batches(), start=1):
            if step > steps:
                break
            if step <= done:
                continue
            losses.append(self._step(batch, step / steps))
            if step % 10 == 0:
                said = {"step": step, "of": steps, "loss": round(sum(losses) / len(losses), 4)}
                print(json.dumps(said), flush=True)
                losses = []
            if time.monotonic() - saved > EVERY_SECONDS:
                self._checkpoint.save(step, self._model, self._optimizer)
                saved = time.monotonic()
        self._checkpoint.save(min(step, steps), self._model, self._optimizer)

    def _batches(self) -> Iterator[list[Matched]]:
        for epoch in range(10_000):
            share = max(len(self._rows) // NEWS_A_ROUND, 1)
            pairs = [
                *question_pairs(self._questions, epoch=epoch, seed=self._plan.seed),
                *news_pairs(self._rows[epoch % share :: share], epoch=epoch, seed=self._plan.seed),
            ]
            yield from batches_of_neighbours(pairs, size=SIZE, epoch=epoch, seed=self._plan.seed)

    def _step(self, batch: Sequence[Matched], part: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.peak * min(part / WARM, (1 - part) / (1 - WARM))
        self._model.train()
        asked = self._vectors(["query: " + pair.question for pair in batch], LONGEST_QUESTION)
        given = self._vectors(["passage: " + pair.passage for pair in batch], LONGEST_PASSAGE)
        scores = asked @ given.T / TEMPERATURE
        documents = [pair.document for pair in batch]
        same = torch.tensor([[one == other for other in documents] for one in documents])
        same.fill_diagonal_(False)
        # The other stretches of its own document are neither right nor wrong.
        scores = scores.masked_fill(same, -1e4)
        right = torch.arange(len(batch))
        loss = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _vectors(self, texts: Sequence[str], longest: int) -> Tensor:
        """Return vectors of length 1, in order; texts of like length are computed together."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        parts = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
        vectors = torch.cat([self._vectors_of([texts[at] for at in part], longest) for part in parts])
        return vectors[torch.tensor(order).argsort()]

    def _vectors_of(self, texts: Sequence[str], longest: int) -> Tensor:
        inputs = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=longest, return_tensors="pt"
        )
        with autocast():
            hidden = self._model(
                input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]
            ).last_hidden_state
        mask = inputs["attention_mask"][..., None].float()
        return functional.normalize((hidden.float() * mask).sum(1) / mask.sum(1), dim=-1)


def write(model: PreTrainedModel, start: Path, output: Path, *, keep: float) -> None:
    """Write the encoder in half precision: ``keep`` of the weights before, the rest of those after."""
    if start.resolve() != output.resolve():
        shutil.copytree(start, output, dirs_exist_ok=True)
    before = load_file(start / "model.safetensors")
    after = model.state_dict()
    mixed = {
        name: (keep * weight.float() + (1 - keep) * after[name].float()).half() if name in after else weight
        for name, weight in before.items()
    }
    save_file({name: each.contiguous() for name, each in mixed.items()}, output / "model.safetensors")


if __name__ == "__main__":
    main()
