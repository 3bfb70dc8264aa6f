"""Which part of a page is its article, and whether it is one: menus, lists and footers are not."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

DROPPED = (
    "script, style, noscript, template, iframe, object, embed, svg, canvas, video, audio, map, "
    "nav, footer, aside, form, button, select, input, textarea, dialog, menu, "
    "[hidden], [aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo], "
    "[role=complementary], [role=search], [role=dialog]"
)
"""What is no part of any article, by what it is."""

NAMED = re.compile(
    r"^(?:(?:top|main|site|page|left|right|sub|bottom)?[-_]?"
    r"(?:nav(?:bar|igation)?|menu|footer|header|sidebar|breadcrumbs?|crumbs?|share|social|comments?|related|"
    r"recommend(?:ed|ation)?|pager|pagination|copyright|advert(?:isement)?|ads?|toolbar|login|search)"
    r"(?:[-_]?(?:bar|box|list|wrap(?:per)?|area|links?))?)$",
    re.IGNORECASE,
)
"""What is no part of any article, by the name that pages give it."""

DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
TITLE_ENDS = re.compile(r"\s*[-_|–—丨]\s*[^-_|–—丨]{1,30}$")

CANDIDATES = "p, td, div, section, article, founder-content"
LEAST_PARAGRAPH = 20
"""Characters of its own below which an element is no paragraph."""

MOST_OF_PAGE = 0.6
"""Share of the text of a page that its article has, if it has one."""

HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The part of a page that is read.

    :param whole: It is one article.
    :param title: Its headline; empty where there is none.
    """

    node: LexborNode
    whole: bool
    title: str = ""


def drop_surroundings(page: LexborHTMLParser) -> None:
    """Take out of a page what belongs to no article; the header of an article is its headline."""
    for node in page.css(DROPPED):
        node.decompose()
    for node in page.css("header"):
        if not within(node, ("article", "main")):
            node.decompose()
    for node in page.css("[class], [id], [style]"):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".split()
        hidden = DISPLAY_NONE.search(node.attributes.get("style") or "")
        if node.tag not in ("html", "body", "main", "article") and (
            hidden or any(NAMED.match(name) for name in names)
        ):
            node.decompose()


def choose(page: LexborHTMLParser) -> Chosen:
    """Return the one article of a page, or all that is left where there are several."""
    body = page.body or page.root
    assert body is not None
    articles = [node for node in page.css("article") if not within(node, ("article",))]
    if len(articles) > 1:
        longest = max(articles, key=length)
        if length(longest) < MOST_OF_PAGE * sum(map(length, articles)):
            return Chosen(node=around(page, body), whole=False)
        articles = [longest]
    node = articles[0] if articles else densest(around(page, body))
    if node is None or is_list(node) or length(node) < MOST_OF_PAGE * length(around(page, body)):
        return Chosen(node=around(page, body), whole=False)
    return Chosen(node=node, whole=True, title=headline(page, node))


def around(page: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """Return the main part of a page."""
    return page.css_first("main, [role=main]") or body


def densest(root: LexborNode) -> LexborNode | None:
    """Return the smallest element that holds most of the running text; None where nothing runs.

    Each paragraph counts for its parent, and half for the element around that.
    """
    scores: dict[int, float] = defaultdict(float)
    held: dict[int, LexborNode] = {}
    for node in root.css(CANDIDATES):
        own = own_length(node)
        if own < LEAST_PARAGRAPH:
            continue
        share = 1.0
        for each in parents(node, root) if node.tag in ("p", "td") else [node, *parents(node, root)]:
            scores[each.mem_id] += own * share
            held[each.mem_id] = each
            share /= 2
    best = max(scores, key=lambda id: scores[id], default=None)
    return None if best is None else held[best]


def parents(node: LexborNode, root: LexborNode) -> list[LexborNode]:
    """Return the two elements around one, within ``root``."""
    found: list[LexborNode] = []
    while len(found) < 2 and node.mem_id != root.mem_id and node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def own_length(node: LexborNode) -> int:
    """Return how many characters stand in an element itself, not in blocks or links within it."""
    total = 0
    for child in node.iter(include_text=True):
        if child.is_text_node or child.tag in ("b", "strong", "em", "i", "span", "font", "u", "sup", "sub"):
            total += len("".join((child.text(deep=True) or "").split()))
    return total


def length(node: LexborNode) -> int:
    """Return how many characters of running text an element has: links are for going elsewhere."""
    linked = sum(len("".join(link.text(deep=True).split())) for link in node.css("a"))
    return max(len("".join(node.text(deep=True).split())) - linked, 0)


def is_list(node: LexborNode) -> bool:
    """Tell whether an element holds several articles: headings on the highest level that is used."""
    counts = {tag: len(node.css(tag)) for tag in HEADINGS}
    if counts["h1"]:
        return counts["h1"] > 1
    return counts["h2"] > 1 or (not counts["h2"] and counts["h3"] > 1)


def headline(page: LexborHTMLParser, node: LexborNode) -> str:
    """Return the headline of the article: its own heading, the only one of the page, or its title."""
    for found in (node.css("h1"), page.css("h1"), node.css("h2")):
        if len(found) == 1 and (text := plain(found[0].text(deep=True))):
            return text
    meta = page.css_first('meta[property="og:title"]')
    title = page.css_first("title")
    stated = (meta.attributes.get("content") if meta else None) or (title.text() if title else "")
    return TITLE_ENDS.sub("", plain(stated))


def plain(text: str) -> str:
    """Return text with its white space collapsed."""
    return " ".join(text.split())


def within(node: LexborNode, tags: tuple[str, ...]) -> bool:
    """Tell whether an element stands in one of others."""
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False
