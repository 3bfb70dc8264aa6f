"""The predictions file as a journal: a question a line, so that an interrupted run goes on where it was."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from qa.errors import QuestionsInvalid
from qa.evaluation.prediction import Prediction, prediction_of
from qa.evaluation.questions import LabelledQuestion

STATE = ".running"
"""Suffix of the file that stands beside the predictions of a run that has not ended."""


def identity_of(questions: Sequence[LabelledQuestion], settings: Mapping[str, Any]) -> str:
    """Return what tells a run from another: its questions, and everything that its answers depend on."""
    asked = [
        # Judgements only where there are any: a run without them goes on as what it was.
        [each.id, each.question, each.context, each.source, list(each.answers)]
        + ([dict(each.relevant)] if each.relevant else [])
        for each in questions
    ]
    told = json.dumps([asked, dict(settings)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Journal(AbstractContextManager["Journal"]):
    """Keeps predictions in the order of the questions; survives being killed between two of them.

    ``done`` is what the same run did before, in order; ``is_new`` tells whether there was no such run.
    """

    def __init__(self, path: Path, *, identity: str) -> None:
        """Go on in ``path`` if the same run was interrupted there, else begin it anew.

        :raises QuestionsInvalid: When another run was interrupted there, or one is writing there now.
        :raises OSError: When it cannot be written there.
        """
        self.path, self._state = path, path.with_name(path.name + STATE)
        # Opened without cutting it off: until the lock is ours, what is there may be another's.
        self._file = path.open("a+b")
        try:
            self._take_lock()
            self.done = self._begun(identity)
        except BaseException:
            self._file.close()
            raise

    def __exit__(self, *_: object) -> None:
        """Let go of the file; a run that did not say that it ended can be gone on with."""
        self._file.close()

    def keep(self, asked: LabelledQuestion, prediction: Prediction) -> None:
        """Write the prediction of the next question.

        :raises OSError: When it cannot be written.
        """
        self._file.write(prediction.line(asked).encode("utf-8", "surrogatepass"))
        self._file.flush()

    def end(self) -> None:
        """Say that the run is over: the next one in this file begins anew."""
        self._state.unlink(missing_ok=True)

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise QuestionsInvalid(f"{self.path} 正由另一次评测写入；请等它结束，或换一个文件名") from error

    def _begun(self, identity: str) -> list[Prediction]:
        """Return what the same run has done, after a last line that was torn by a kill is cut off."""
        begun = self._state.read_text(encoding="utf-8") if self._state.exists() else ""
        self.is_new = not begun
        if self.is_new:
            # In this order: what is found with a state beside it is always of that run.
            self._file.truncate(0)
            self._state.write_text(identity, encoding="utf-8")
        elif begun != identity:
            raise QuestionsInvalid(
                f"{self.path} 里有另一次评测中断时留下的结果（问题、索引或设置不同）；"
                f"请换一个文件名，或删去 {self._state.name} 后重来"
            )
        self._file.seek(0)
        content = self._file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._file.truncate(len(whole))
        lines = whole.decode("utf-8", "surrogatepass").split("\n")[:-1]
        return [prediction_of(line, where=f"{self.path} 第 {at} 行") for at, line in enumerate(lines, 1)]
