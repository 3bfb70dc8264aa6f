"""A gathered article: the blocks of a page that belong together, before anything is read out of them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.text.blocks import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The blocks of one article.

    :param headings: Kicker, headline and subtitles with the bylines between them left out, in print order.
    :param body: Text, subheadings, bylines and credits, in reading order.
    :param mark: ``（上接第1版）``, where it stands apart.
    """

    headings: tuple[Block, ...]
    body: tuple[Block, ...]
    mark: Block | None = None

    @property
    def text(self) -> str:
        """Return everything gathered for the body, as printed."""
        return "".join(block.text for block in self.body)
