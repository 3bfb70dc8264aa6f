"""Batches of questions, as the routes see them: made from what was sent, looked at, stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from qa.errors import NotFound, QuestionsInvalid
from qa.evaluation.own import line_of, read_jsonl, read_list
from qa.evaluation.questions import QuestionSet
from qa.evaluation.told import decoded, expected, member, parsed
from qa.store.batch_rows import KeptBatch
from qa.store.batches import KeptBatches

JSON, LINES = "application/json", "application/x-ndjson"
AT_ONCE = 200
"""Predictions that are read from the file at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A batch with the versions of the index that it was answered from, in the order they came."""

    batch: KeptBatch
    versions: tuple[str, ...]


class Batches:
    """What the routes call; blocks, so call it in a thread."""

    def __init__(self, kept: KeptBatches | None, *, most_questions: int, added: Callable[[], None]) -> None:
        """Work on ``kept``; None where batches are switched off.

        :param added: Called after a batch was made.
        """
        self._kept, self._most, self._added = kept, most_questions, added

    def make(self, body: bytes, media: str, *, name: str, passages: int) -> Standing:
        """Keep the questions of a request's body as a batch.

        :param media: ``JSON`` or ``LINES``.
        :raises QuestionsInvalid: Naming the place and what is wrong there.
        :raises QueueFull: When too many batches have not ended.
        """
        questions = READERS[media](decoded(body, name=name), name).questions
        if len(questions) > self._most:
            raise QuestionsInvalid(
                f"{name}：有 {len(questions)} 个问题，一批至多 {self._most} 个；"
                "请分成几批，或用 qa evaluate，或调大环境变量 QA_MAX_BATCH_QUESTIONS"
            )
        made = self.kept.add([line_of(each) for each in questions], name=name, passages=passages)
        self._added()
        return Standing(batch=made, versions=())

    @property
    def kept(self) -> KeptBatches:
        """Return where batches are kept.

        :raises NotFound: When that is switched off.
        """
        if self._kept is None:
            raise NotFound("这个服务没有开批量评测；要开，请设 QA_BATCHES=true，并以索引目录启动")
        return self._kept

    def get(self, id: str) -> Standing:
        """Return one batch.

        :raises NotFound: When there is none.
        """
        return self._standing(self.kept.get(id))

    def all(self) -> list[Standing]:
        """Return every batch, the newest first."""
        return [self._standing(each) for each in self.kept.all()]

    def cancel(self, id: str) -> Standing:
        """Ask no more of a batch; see ``KeptBatches.cancel``."""
        return self._standing(self.kept.cancel(id))

    def delete(self, id: str) -> None:
        """Delete a batch with all that came of it.

        :raises NotFound: When there is none.
        """
        self.kept.delete(id)

    def predictions(self, id: str) -> Iterator[str]:
        """Return the predictions of the questions that were asked so far, in order, some lines at once.

        :raises NotFound: When there is no such batch; at once, not with the first line.
        """
        asked = self.kept.get(id).asked
        return (
            "".join(self.kept.predictions(id, after=after, most=min(AT_ONCE, asked - after)))
            for after in range(0, asked, AT_ONCE)
        )

    def _standing(self, batch: KeptBatch) -> Standing:
        return Standing(batch=batch, versions=tuple(self.kept.versions(batch.id)))


def questions_in_json(text: str, name: str) -> QuestionSet:
    """Return the questions of a JSON object that holds them in a list.

    :raises QuestionsInvalid: Naming the place and what is wrong there.
    """
    whole = expected(parsed(text, where=name), dict, where=name)
    for other in sorted(whole.keys() - {"questions"}):
        raise QuestionsInvalid(f"{name}：不认识的字段 {other[:100]}；只应有 questions")
    return read_list(member(whole, "questions", list, where=name), name=f"{name} questions")


READERS: Mapping[str, Callable[[str, str], QuestionSet]] = {
    JSON: questions_in_json,
    LINES: lambda text, name: read_jsonl(text, name=name),
}
"""How the questions of each kind of body are read."""
