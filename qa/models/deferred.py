"""An encoder that is loaded when it is first needed, which may be never."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.domain.ports import Encoder, EncoderIdentity, Vectors


class DeferredEncoder:
    """Stands for an encoder; loading one takes seconds, and much can be done without."""

    def __init__(self, make: Callable[[], Encoder]) -> None:
        """Load by ``make``, once."""
        self._make = make
        self._made: Encoder | None = None

    def _encoder(self) -> Encoder:
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def identity(self) -> EncoderIdentity:
        """Return which encoder this is."""
        return self._encoder().identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Return one row a question."""
        return self._encoder().embed_questions(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage."""
        return self._encoder().embed_passages(passages)
