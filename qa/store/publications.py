"""Where the versions of the local index come out."""

from __future__ import annotations

from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.store.catalogue import Catalogue
from qa.store.failures import another_format, empty, missing, surroundings
from qa.store.manifest import FORMAT
from qa.store.schema import FILE, connect, format_of
from qa.store.snapshot import LocalSnapshot, published, unborn
from qa.store.tokens import Tokens


class LocalPublications:
    """The versions that are published in one folder, by whatever process."""

    def __init__(self, folder: Path, *, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        """Look at ``folder``.

        :param encoder: What questions are embedded with; None when nothing will be searched.
        """
        self._folder, self._encoder, self._tokens = folder, encoder, tokens

    def latest(self) -> str:
        """Return the token of the version that is published now: one row is read, and no file.

        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        if not (self._folder / FILE).is_file():
            raise missing(self._folder)
        with surroundings(self._folder):
            # A new one each time: the file may be another one by now.
            connection = connect(self._folder, write=False)
            try:
                found = format_of(connection)
                if found == 0:
                    raise unborn(self._folder)
                if found != FORMAT:
                    raise another_format(self._folder, found=found, ours=FORMAT)
                manifest = published(Catalogue(connection), self._folder)
            finally:
                connection.close()
        if manifest is None:
            raise empty(self._folder)
        return manifest.version

    def open(self) -> LocalSnapshot:
        """Return the version that is published now, checked.

        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        return LocalSnapshot(self._folder, encoder=self._encoder, tokens=self._tokens)
