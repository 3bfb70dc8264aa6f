"""Makes a large index quickly, for measuring time: passages are real, vectors those of their last words.

    python -m bench.stand_in --data DATA --index INDEX [--news N] [--characters 24]

Embedding 233,000 passages whole takes two cores five hours, and to how long a search or an answer takes it
makes no difference what a vector is the vector of. What is found differs: no quality is measured on such an
index. Broken off, the same command goes on. The index opens as any other.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from bench.collection import COLLECTION, news_records, spread, write_records
from qa.assemble import loaders_with, make_encoder, make_page_model, open_writer
from qa.cli.progress import Bar
from qa.domain.ports import Encoder, Vectors
from qa.engine.build import Builder
from qa.loaders.walk import load_all
from qa.models.deferred import DeferredEncoder
from qa.settings import Settings
from qa.store.tokens import Tokens
from training.retrieval_scores import news_rows

CHARACTERS = 24


class LastWords(DeferredEncoder):
    """Embeds the ends of passages only: they begin with the headings, which many share."""

    def __init__(self, make: Callable[[], Encoder], *, characters: int) -> None:
        """Pass for the encoder that ``make`` gives."""
        super().__init__(make)
        self._characters = characters

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage, of its end."""
        return super().embed_passages([each[-self._characters :] for each in passages])


def main() -> None:
    """Read the arguments and make the index."""
    parser = argparse.ArgumentParser(description="A large index for measuring time.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--news", type=int, default=10**6, help="news items, spread evenly")
    parser.add_argument("--characters", type=int, default=CHARACTERS, help="of a passage that are embedded")
    given = parser.parse_args()
    settings = Settings(index=given.index)
    records = spread(list(news_records(news_rows(given.data / "news"))), given.news)
    collection = write_records(given.index.with_name(f"{given.index.name}-{COLLECTION}"), records)
    encoder = LastWords(lambda: make_encoder(settings), characters=given.characters)
    writer = open_writer(settings, encoder=encoder.identity, tokens=Tokens(), create=True)
    with closing(writer), Bar() as bar:
        builder = Builder(writer, encoder, pages=make_page_model(), progress=bar)
        builder.add(
            load_all([str(collection)], limit=settings.max_source_bytes, loaders=loaders_with(settings))
        )


if __name__ == "__main__":
    main()
