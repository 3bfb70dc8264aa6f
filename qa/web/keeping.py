"""Makes what changes the collection from the settings and from the encoder that answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache

from qa.assemble import loaders_with, make_page_model, open_changes
from qa.domain.ports import Encoder
from qa.engine.build import Builder
from qa.settings import Settings
from qa.store.tokens import Tokens
from qa.web.keeper import Keeper
from qa.web.uploads import UploadBounds


class Unwatched:
    """The progress of a change, which nobody watches."""

    def expect(self, steps: int) -> None:
        """Take no notice."""

    def advance(self, steps: int) -> None:
        """Take no notice."""


def make_keeper(
    settings: Settings, *, encoder: Callable[[], Encoder], changed: Callable[[], object]
) -> Keeper:
    """Return what changes the collection.

    :param encoder: Returns the one that embeds the questions; no second one is loaded.
    :param changed: Called after each change, in the thread that made it.
    """
    # Read with the first change, which most services never see, and then kept: a dictionary takes a second.
    pages, tokens = cache(make_page_model), Tokens()

    def open_index() -> AbstractContextManager[Builder]:
        return open_changes(settings, encoder=encoder(), pages=pages(), tokens=tokens, progress=Unwatched())

    return Keeper(
        open_index,
        loaders=loaders_with(settings),
        bounds=UploadBounds(text_bytes=settings.max_source_bytes, sources=settings.max_upload_sources),
        changed=changed,
    )
