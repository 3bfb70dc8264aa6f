"""A conversation as it comes in full with every request: its last question, and what that may lean on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.domain.answers import Preceding
from qa.ranking.follow_up import understand
from qa.web.chat_schemas import MessageBody, Role
from qa.web.chat_text import cited_title

LOOKED_BACK = 20
"""Questions that are gone through to understand the one before."""

LEANED_ON = 500
"""Characters of an earlier question, and of the title that its answer cites, that a follow-up can lean on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question of the user.

    :param title: Of the article that its answer cites first, where there was one.
    """

    question: str
    title: str | None = None


def turns_of(messages: Iterable[MessageBody]) -> list[Turn]:
    """Return the questions in order, each with the title that the message after it cites."""
    turns: list[Turn] = []
    for message in messages:
        if message.role is Role.USER:
            turns.append(Turn(question=message.content.strip()))
        elif message.role is Role.ASSISTANT and turns:
            turns[-1] = replace(turns[-1], title=cited_title(message.content))
    return turns


def preceding(earlier: Sequence[Turn]) -> Preceding | None:
    """Return the question before as it was understood, which may itself have leaned on others."""
    before = None
    for turn in earlier[-LOOKED_BACK:]:
        question = turn.question[:LEANED_ON]
        if before:
            question = understand(question, before=before.question, title=before.title).question
        before = Preceding(question=question[:LEANED_ON], title=turn.title and turn.title[:LEANED_ON])
    return before
