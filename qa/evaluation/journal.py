"""The predictions file as a journal: a question a line, so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.errors import QuestionsInvalid
from qa.evaluation.prediction import Prediction, prediction_of
from qa.evaluation.questions import LabelledQuestion

STATE = ".running"
"""Suffix of the file that stands beside the predictions of a run that has not ended."""


def identity_of(questions: Sequence[LabelledQuestion], settings: Mapping[str, Any]) -> str:
    """Return what tells a run from another: its questions, and everything that its answers depend on."""
    asked = [[each.id, each.question, each.context, each.source, list(each.answers)] for each in questions]
    told = json.dumps([asked, dict(settings)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Journal:
    """Keeps predictions in the order of the questions; survives being killed between two of them."""

    def __init__(self, path: Path, *, identity: str) -> None:
        """Go on in ``path`` if the same run was interrupted there, else begin it anew.

        :raises QuestionsInvalid: When another run was interrupted there.
        """
        self._path, self._state = path, path.with_name(path.name + STATE)
        if not self._state.exists():
            # In this order: what is found with a state beside it is always of that run.
            path.write_bytes(b"")
            self._state.write_text(identity, encoding="utf-8")
        elif self._state.read_text(encoding="utf-8") != identity:
            raise QuestionsInvalid(
                f"{path} 里有另一次评测中断时留下的结果（问题、索引或设置不同）；"
                f"请换一个文件名，或删去 {self._state.name} 后重来"
            )
        self.done = self._whole_lines()

    def _whole_lines(self) -> list[Prediction]:
        """Return what is there, and cut off a last line that was torn by a kill."""
        content = self._path.read_bytes() if self._path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            self._path.write_bytes(whole)
        lines = whole.decode("utf-8", "surrogatepass").split("\n")[:-1]
        return [prediction_of(line, where=f"{self._path} 第 {at} 行") for at, line in enumerate(lines, 1)]

    def kept(self, answers: Iterable[tuple[LabelledQuestion, Prediction]]) -> Iterator[Prediction]:
        """Yield what was done, then each further prediction once it is written.

        :param answers: The questions that are left, in order, with what came of them.
        """
        yield from self.done
        with self._path.open("ab") as file:
            for asked, prediction in answers:
                file.write(prediction.line(asked).encode("utf-8", "surrogatepass"))
                file.flush()
                yield prediction
        self._state.unlink(missing_ok=True)
