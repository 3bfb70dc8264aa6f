"""Faults that last: logged when they begin, when they become others and when they are over."""

from __future__ import annotations

from typing import Any

from qa.errors import QaError


class LastingFault:
    """What keeps a thing from being done that is tried again and again."""

    def __init__(self, log: Any, *, begun: str, over: str) -> None:  # noqa: ANN401 - structlog's own is a proxy
        """Log to ``log``.

        :param begun: The event when it could not be done, for another reason than the last time.
        :param over: The event when it was done after that.
        """
        self._log, self._begun, self._over = log, begun, over
        self._told: str | None = None

    def met(self, error: Exception) -> None:
        """Note that it could not be done; an error that is none of ours is logged with where it came from."""
        told = repr(error)
        if told == self._told:
            return
        self._told = told
        if isinstance(error, QaError):
            self._log.warning(self._begun, code=error.code, detail=str(error))
        else:
            self._log.error(self._begun, exc_info=error)

    def passed(self) -> None:
        """Note that it was done."""
        if self._told is not None:
            self._told = None
            self._log.info(self._over)
