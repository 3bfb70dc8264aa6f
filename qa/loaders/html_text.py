"""From the elements of a page to text: blocks parted by blank lines, rows by line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    {
        *("html", "body", "main", "article", "section", "header", "footer", "nav", "aside", "div", "center"),
        *(
            "address",
            "blockquote",
            "details",
            "summary",
            "dialog",
            "figure",
            "figcaption",
            "fieldset",
            "form",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "hr", "p", "pre", "founder-content"),
        *("dl", "dt", "dd", "ol", "ul", "table", "thead", "tbody", "tfoot", "caption"),
    }
)
"""Elements that stand apart from what is above and below them."""

LINES = frozenset({"br", "li", "tr"})
CELLS = frozenset({"td", "th"})

BLOCK_END, LINE_END, CELL_END = "\n\n", "\n", "\t"

# Ideographic spaces are kept: they set paragraphs in.
COLLAPSED = re.compile(r"[ \t\r\n\f\xa0]+")
COLLAPSED_IN_LINE = re.compile(r"[ \t\r\f\xa0]+")
"""White space, and what of it is collapsed where lines end as they are written."""

AROUND_LINE = re.compile(r"[ \t\u200b]*\n[ \u200b]*")


def text_of(node: LexborNode) -> str:
    """Return what an element prints."""
    text = "".join(pieces(node))
    text = AROUND_LINE.sub("\n", re.sub(r"\t+(?=\n)|(?<=\n)\t+", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip(" \t\r\n")


def pieces(node: LexborNode) -> Iterator[str]:
    """Yield characters and breaks, in order; without recursion, since pages nest without bound."""
    current: LexborNode | None = node
    # How many elements around keep their lines as they are written.
    set_by_hand = 0
    while current is not None:
        set_by_hand += current.tag == "pre"
        yield before(current, white=COLLAPSED_IN_LINE if set_by_hand else COLLAPSED)
        child = current.child
        if child is not None:
            current = child
            continue
        while current is not None and current.mem_id != node.mem_id and current.next is None:
            yield after(current)
            set_by_hand -= current.tag == "pre"
            current = current.parent
        if current is None or current.mem_id == node.mem_id:
            return
        yield after(current)
        set_by_hand -= current.tag == "pre"
        current = current.next


def before(node: LexborNode, *, white: re.Pattern[str]) -> str:
    """Return what stands before the children of a node, or the text that it is.

    :param white: What is printed as one space.
    """
    if node.is_text_node:
        return white.sub(" ", node.text_content or "")
    return BLOCK_END if node.tag in BLOCKS else LINE_END if node.tag in LINES else ""


def after(node: LexborNode) -> str:
    """Return what stands behind the children of a node."""
    if node.tag in BLOCKS:
        return BLOCK_END
    return CELL_END if node.tag in CELLS else ""
