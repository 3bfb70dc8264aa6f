"""From the elements of WordprocessingML, as they come, to text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main "
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006 "
"""Namespaces; the space parts them from the name of an element."""

LEFT_OUT = frozenset({"w:del", "w:moveFrom", "m:Fallback", "w:rPrChange", "w:pPrChange", "w:sdtPr"})
"""Deleted text, the old place of moved text, and the second writing of what newer programs draw."""

HEADING = re.compile(r"(?:heading|title|subtitle|标题|副标题)\s*\d?|[1-9]", re.IGNORECASE)
"""Ids of styles that are headings; programs in Chinese number them."""

OFF = frozenset({"0", "false", "off", "none"})

WHITE = MappingProxyType({"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"})


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read.

    :param boxes: The text boxes that hang in it; each has paragraphs of its own.
    :param in_run: A run of it is being read.
    :param hidden: That run is not shown.
    """

    text: list[str] = field(default_factory=list)
    heading: bool = False
    boxes: list[str] = field(default_factory=list)
    in_run: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Story:
    """Paragraphs that follow one another: the body, a cell of a table, a text box."""

    pieces: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    row: list[str] | None = None

    def text(self) -> str:
        """Return the paragraphs, blank lines around headings and tables."""
        return re.sub(r"\n{3,}", "\n\n", "".join(self.pieces)).strip("\n")


class DocumentText:
    """Collects the text of a document from its elements."""

    def __init__(self) -> None:
        """Begin with an empty body."""
        self._stories = [Story()]
        self._left_out = 0
        self._in_text = False
        self._starts: Mapping[str, Callable[[dict[str, str]], None]] = {
            "w:p": lambda _: self._story.paragraphs.append(Paragraph()),
            "w:r": lambda _: self._run(True),
            "w:t": lambda _: self._read(True),
            "w:pStyle": self._style,
            "w:outlineLvl": self._outline,
            "w:vanish": self._vanish,
            "w:tbl": lambda _: self._story.pieces.append("\n"),
            "w:tr": lambda _: self._begin_row(),
            "w:tc": lambda _: self._stories.append(Story()),
            "w:txbxContent": lambda _: self._stories.append(Story()),
        }
        self._ends: Mapping[str, Callable[[], None]] = {
            "w:p": self._end_paragraph,
            "w:r": lambda: self._run(False),
            "w:t": lambda: self._read(False),
            "w:tc": self._end_cell,
            "w:tr": self._end_row,
            "w:tbl": lambda: self._story.pieces.append("\n"),
            "w:txbxContent": self._end_box,
        }

    def text(self) -> str:
        """Return what was read."""
        return self._stories[0].text()

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = short(element)
        if self._left_out or name in LEFT_OUT:
            self._left_out += 1
        elif name in WHITE and self._paragraph.in_run:
            # Outside of a run a tab is a stop on the ruler.
            self._add(WHITE[name])
        elif name in self._starts:
            self._starts[name]({short(key): value for key, value in attributes.items()})

    def end(self, element: str) -> None:
        """Take the end of an element."""
        if self._left_out:
            self._left_out -= 1
        elif (name := short(element)) in self._ends:
            self._ends[name]()

    def characters(self, text: str) -> None:
        """Take characters; only those of a text element are printed."""
        if self._in_text and not self._left_out:
            self._add(text)

    @property
    def _story(self) -> Story:
        return self._stories[-1]

    @property
    def _paragraph(self) -> Paragraph:
        """Return the paragraph that is being read; what is outside of all prints nothing."""
        return self._story.paragraphs[-1] if self._story.paragraphs else Paragraph()

    def _add(self, text: str) -> None:
        if not self._paragraph.hidden:
            self._paragraph.text.append(text)

    def _read(self, on: bool) -> None:
        self._in_text = on

    def _run(self, on: bool) -> None:
        self._paragraph.in_run, self._paragraph.hidden = on, False

    def _vanish(self, attributes: dict[str, str]) -> None:
        self._paragraph.hidden = attributes.get("w:val", "1") not in OFF

    def _style(self, attributes: dict[str, str]) -> None:
        if HEADING.fullmatch(attributes.get("w:val", "")):
            self._paragraph.heading = True

    def _outline(self, attributes: dict[str, str]) -> None:
        if attributes.get("w:val", "9") in set("012345678"):
            self._paragraph.heading = True

    def _end_paragraph(self) -> None:
        story = self._story
        if not story.paragraphs:
            return
        paragraph = story.paragraphs.pop()
        text = "".join(paragraph.text).strip("\n")
        around = "\n" if paragraph.heading else ""
        story.pieces.append(f"{around}{text}\n{around}")
        story.pieces += [f"\n{box}\n\n" for box in paragraph.boxes]

    def _begin_row(self) -> None:
        self._story.row = []

    def _end_cell(self) -> None:
        cell = self._stories.pop() if len(self._stories) > 1 else Story()
        if self._story.row is not None:
            self._story.row.append(" ".join(cell.text().split("\n")).strip())

    def _end_row(self) -> None:
        row, self._story.row = self._story.row, None
        if row is not None:
            self._story.pieces.append("\t".join(row) + "\n")

    def _end_box(self) -> None:
        if len(self._stories) > 1:
            box = self._stories.pop().text()
            self._paragraph.boxes.append(box)


def short(element: str) -> str:
    """Return a name with a short prefix for the namespaces that matter."""
    for namespace, prefix in ((WORD, "w:"), (STRICT_WORD, "w:"), (COMPATIBILITY, "m:")):
        if element.startswith(namespace):
            return prefix + element[len(namespace) :]
    return element
