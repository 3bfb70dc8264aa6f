"""Where the versions of the local index come out."""

from __future__ import annotations

from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.store.failures import missing, surroundings
from qa.store.published import noted, published_in
from qa.store.schema import FILE, connect
from qa.store.snapshot import Loaded, LocalSnapshot
from qa.store.tokens import Tokens


class LocalPublications:
    """The versions that are published in one folder, by whatever process."""

    def __init__(
        self,
        folder: Path,
        *,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        loaded: Loaded | None = None,
    ) -> None:
        """Look at ``folder``.

        :param encoder: What questions are embedded with; None when nothing will be searched.
        :param loaded: What was read of versions before, so that only what is new is read.
        """
        self._folder, self._encoder, self._tokens = folder, encoder, tokens
        self._loaded = loaded or Loaded()

    def latest(self) -> str:
        """Return the token of the version that is published now: one row is read, and no file.

        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        if not (self._folder / FILE).is_file():
            raise missing(self._folder)
        with surroundings(self._folder):
            last = noted(self._folder)
            # A new one each time: the file may be another one by now.
            connection = connect(self._folder, write=False)
            try:
                return published_in(connection, self._folder, noted=last).version
            finally:
                connection.close()

    def open(self) -> LocalSnapshot:
        """Return the version that is published now, checked.

        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        return LocalSnapshot(self._folder, encoder=self._encoder, tokens=self._tokens, loaded=self._loaded)
