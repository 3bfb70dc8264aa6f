"""The styles of made pages: a table of how they are set and how badly they were extracted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Place(StrEnum):
    """Where a headline is printed, in relation to the text of its article."""

    ABOVE = "above"
    BELOW = "below"
    INSIDE = "inside"


class Masthead(StrEnum):
    """How the furniture of the page comes out."""

    NONE = "none"
    BLOCK = "block"
    SCATTERED = "scattered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a page is set. Shares are probabilities in [0, 1]; ranges hold both ends.

    :param width: Characters in a line of a column; drawn once a page.
    :param column: Lines in a block of a column; drawn once a block.
    :param line_end: What the extraction left of the end of a set line: a line break, a space or nothing.
    :param gap: What stands between two paragraphs of a block.
    :param columns: Whether long articles are broken into column blocks at all.
    :param headlines: Where headlines may be printed; drawn once an article.
    :param broken: Share of headlines that are set over several lines.
    :param tight: Share of titles without a blank line between them and their text.
    :param subtitles: Share of articles with a kicker (引题) or a further subtitle of the maker's.
    :param untitled: Share of news whose headline the extraction lost.
    :param spaced: Share of lines whose characters are set apart.
    :param apart: Share of pages with a space on either side of every number.
    :param indented: Share of pages whose paragraphs begin with two full-width spaces.
    :param banners: Share of pages with a section's banner (栏目) between articles.
    :param interleaved: Share of articles whose blocks alternate with those of their neighbour.
    :param interrupted: Share of articles that another article or a caption interrupts.
    :param strayed: Share of articles one of whose lines is read a block too late.
    :param tail_first: Share of articles whose last column is printed before their headline.
    :param datelines: Shapes of datelines to draw from: ``kept``, ``short`` (本报讯), ``none``.
    :param named: Shares of: reporters in the dateline, byline above the text, credit below it.
    :param noise: Share of line ends and punctuation marks that come out wrong.
    :param half: Share of pages whose commas, colons and brackets are half-width throughout.
    """

    name: str
    width: tuple[int, int] = (14, 24)
    column: tuple[int, int] = (8, 24)
    line_end: str = "\n"
    gap: str = "\n"
    columns: bool = True
    headlines: tuple[Place, ...] = (Place.ABOVE,)
    broken: float = 0.2
    tight: float = 0.2
    subtitles: float = 0.2
    untitled: float = 0.03
    spaced: float = 0.0
    apart: float = 0.15
    indented: float = 0.1
    banners: float = 0.2
    interleaved: float = 0.0
    interrupted: float = 0.0
    strayed: float = 0.0
    tail_first: float = 0.0
    datelines: tuple[str, ...] = ("kept", "kept", "short", "short", "none")
    named: tuple[float, float, float] = (0.6, 0.2, 0.3)
    masthead: Masthead = Masthead.BLOCK
    notices: tuple[int, int] = (0, 1)
    captions: tuple[int, int] = (0, 1)
    decorated: float = 0.0
    jumps: float = 0.1
    noise: float = 0.0
    half: float = 0.0
    markdown: bool = False


ALL_PLACES = (Place.ABOVE, Place.ABOVE, Place.BELOW, Place.INSIDE)
COLUMNS = Style(name="columns", gap="\n\n")
PLAIN = Style(
    name="plain", line_end="", gap="\n\n", columns=False, masthead=Masthead.NONE, width=(20, 20), half=0.3
)

STYLES: tuple[Style, ...] = (
    PLAIN,
    replace(PLAIN, name="plain-dense", gap="\n", masthead=Masthead.SCATTERED),
    replace(
        PLAIN, name="plain-split", columns=True, column=(12, 40), half=0.6, jumps=0.3, masthead=Masthead.BLOCK
    ),
    replace(PLAIN, name="markdown", markdown=True, half=0.6, notices=(1, 3), masthead=Masthead.BLOCK),
    replace(PLAIN, name="markdown-split", markdown=True, columns=True, column=(12, 40), half=0.6),
    COLUMNS,
    replace(COLUMNS, name="columns-dense", gap="\n", tight=0.6),
    replace(COLUMNS, name="columns-narrow", width=(8, 12), broken=0.5),
    replace(COLUMNS, name="columns-wide", width=(26, 40), column=(5, 14)),
    replace(COLUMNS, name="no-masthead", masthead=Masthead.NONE, notices=(0, 0)),
    replace(COLUMNS, name="headline-below", headlines=(Place.BELOW,), tight=0.7, masthead=Masthead.NONE),
    replace(COLUMNS, name="headline-inside", headlines=(Place.INSIDE, Place.INSIDE, Place.ABOVE)),
    replace(COLUMNS, name="headlines-mixed", headlines=ALL_PLACES, tight=0.4, subtitles=0.5),
    replace(COLUMNS, name="letter-spaced", spaced=0.3, apart=0.6, width=(8, 20)),
    replace(COLUMNS, name="decorated", decorated=0.8, broken=0.5, subtitles=0.6),
    replace(
        COLUMNS, name="interleaved", interleaved=0.7, strayed=0.15, column=(4, 12), named=(0.7, 0.2, 0.2)
    ),
    replace(
        COLUMNS,
        name="interleaved-joined",
        interleaved=0.6,
        strayed=0.15,
        column=(4, 12),
        line_end=" ",
        half=0.7,
    ),
    replace(COLUMNS, name="interrupted", interrupted=0.6, captions=(1, 2), notices=(1, 2)),
    replace(PLAIN, name="interrupted-plain", columns=True, column=(12, 40), interrupted=0.6, captions=(1, 2)),
    replace(COLUMNS, name="tail-first", tail_first=0.5, column=(8, 16)),
    replace(PLAIN, name="tail-first-plain", tail_first=0.4, columns=True, column=(12, 40), half=0.6),
    replace(COLUMNS, name="furniture-scattered", masthead=Masthead.SCATTERED, captions=(1, 2)),
    replace(COLUMNS, name="notices", notices=(3, 6), captions=(0, 2)),
    replace(COLUMNS, name="features", datelines=("none",), named=(0.0, 0.7, 0.5), subtitles=0.6),
    replace(COLUMNS, name="ocr-noise", noise=0.06, half=0.3, broken=0.5, spaced=0.03),
    replace(COLUMNS, name="jumps", jumps=1.0, captions=(0, 1)),
    replace(
        COLUMNS,
        name="everything",
        headlines=ALL_PLACES,
        spaced=0.04,
        interleaved=0.2,
        strayed=0.05,
        interrupted=0.2,
        tail_first=0.1,
        noise=0.02,
        masthead=Masthead.SCATTERED,
        decorated=0.3,
        half=0.4,
        notices=(0, 2),
        captions=(0, 2),
    ),
)

BY_NAME = {style.name: style for style in STYLES}
