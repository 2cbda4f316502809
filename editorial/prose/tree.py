"""The normal form of a body: how cleaned HTML becomes a tree, and how the tree is written.

Leaf blocks hold inline content only, containers hold blocks only, lists hold items only. Runs of white
space are one space, none stands at the edges of a block or between a word and its citation. Elements that
say nothing vanish; words never do. Writing a tree and building it again gives the same tree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby, takewhile

from editorial.prose import markup

# Deeper nesting is flattened: nobody writes it, and nothing may exhaust the stack.
MAX_CONTAINERS = 8
MAX_INLINES = 8

_SPACES = re.compile("([ \t\n\r\f]+)")
_CLOSING = ".,;:!?…)]}"
_BLOCKS = markup.LEAVES | markup.CONTAINERS | {"div"}


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a body; attributes stand in the order of `markup.VALUES`, text nodes are plain `str`."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def get(self, name: str) -> str:
        """The value of an attribute, "" without it."""
        return next((value for key, value in self.attributes if key == name), "")

    @property
    def is_leaf(self) -> bool:
        """Whether it is a block that holds inline content."""
        return self.tag in markup.LEAVES or (
            self.tag == "li" and not any(_is_block(child) for child in self.children)
        )


Node = Element | str


def build(cleaned: str) -> tuple[Element, ...]:
    """The blocks of HTML that `markup.clean` returned."""
    builder = _Builder()
    builder.feed(cleaned)
    builder.close()
    return builder.finish()


def write(blocks: Iterable[Element]) -> str:
    """The blocks as HTML, each on a line of its own."""
    return "\n".join(_written(block) for block in blocks)


def _written(node: Node) -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False).replace("\xa0", "&nbsp;")
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes)
    if node.tag == "br":
        return "<br>"
    between = "\n" if any(_is_block(child) for child in node.children) else ""
    edge = "\n" if node.tag in ("ul", "ol") else ""
    inner = between.join(_written(child) for child in node.children)
    return f"<{node.tag}{attributes}>{edge}{inner}{edge}</{node.tag}>"


def _is_block(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in _BLOCKS


@dataclass(eq=False, slots=True)
class _Open:
    """An element that has begun. Compared by identity: two `<em>` side by side stay two."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: list[Element] = field(default_factory=list)


_Path = tuple[_Open, ...]
_BARE = "bare"  # the tag of a leaf that nobody opened


class _Builder(HTMLParser):
    """Builds blocks from the events of well-formed HTML; every start tag has its end tag, except `br`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._containers = [_Open("body")]
        self._leaf: _Open | None = None
        self._items: list[tuple[_Path, Node]] = []
        self._space: _Path | None = None  # where white space waits for the next word
        self._inlines: list[_Open] = []
        self._begun: list[str] = []  # what each open tag began: "container", "inline", "leaf" or ""

    def finish(self) -> tuple[Element, ...]:
        self._end_leaf()
        return tuple(_listed(self._containers[0].children, "body"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = markup.RENAMED.get(tag, tag)
        if tag == "br":
            self._break()
        elif tag == "hr":
            self._end_leaf()
        else:
            given = {name: value for name, value in attrs if value}
            attributes = tuple((name, given[name]) for name in markup.VALUES if name in given)
            self._begun.append(self._begin(_Open(tag, attributes), set(given)))

    def _begin(self, element: _Open, names: set[str]) -> str:
        """Take in a start tag; what its end tag will end."""
        tag = element.tag
        if tag in markup.INLINE:
            if not self._keeps(tag, names):
                return ""
            self._inlines.append(element)
            return "inline"
        if tag == "cite":
            # Words inside a citation stand behind it: an unclosed one must not swallow a paragraph.
            if "data-passage" in names:
                self._cite(Element(tag, element.attributes))
            return ""
        self._end_leaf()
        if tag in markup.CONTAINERS and len(self._containers) <= MAX_CONTAINERS:
            self._containers.append(element)
            return "container"
        if tag in markup.LEAVES:
            self._leaf = element
        elif tag == "div" and (embed := _embed(element.attributes)):
            self._containers[-1].children.append(embed)
        return "leaf"

    def handle_endtag(self, tag: str) -> None:
        begun = self._begun.pop()
        if begun == "inline":
            self._inlines.pop()
        elif begun == "leaf":
            self._end_leaf()
        elif begun == "container":
            self._end_leaf()
            self._end_container()

    def handle_data(self, data: str) -> None:
        for words, citation in markup.with_citations(markup.text_of(data)):
            self._write(words)
            if citation:
                self._cite(Element("cite", citation))

    def _write(self, words: str) -> None:
        path = tuple(self._inlines)
        for part in _SPACES.split(words):
            if not part:
                continue
            if _SPACES.fullmatch(part):
                if self._space is None:
                    self._space = path
                continue
            if part[0] in _CLOSING and self._items and _is(self._items[-1][1], "cite"):
                self._space = None  # “fell <cite></cite>.”: it stood before the citation
            self._put_space(path)
            self._put(path, part)

    def _keeps(self, tag: str, names: set[str]) -> bool:
        if len(self._inlines) >= MAX_INLINES:
            return False
        if tag == "span":
            return bool(names)
        if tag == "a" and not names:
            return False
        return all(inline.tag != tag for inline in self._inlines)

    def _put(self, path: _Path, node: Node) -> None:
        if self._leaf is None:
            self._leaf = _Open(_BARE)
        self._items.append((path, node))

    def _put_space(self, path: _Path) -> None:
        """White space goes behind citations and outside of the inline elements at whose edge it stands."""
        if self._space is not None and self._items and not _is(self._items[-1][1], "br"):
            around = zip(self._space, path, self._items[-1][0], strict=False)
            shared = tuple(one for one, other, before in around if one is other is before)
            self._items.append((shared, " "))
        self._space = None

    def _cite(self, cite: Element) -> None:
        """A citation becomes a link, so it cannot stand inside one."""
        path = tuple(takewhile(lambda inline: inline.tag != "a", self._inlines))
        if not self._items or self._items[-1][1] != cite:
            self._put(path, cite)

    def _break(self) -> None:
        self._space = None
        if self._items:
            self._put(tuple(self._inlines), Element("br"))

    def _end_leaf(self) -> None:
        leaf, items = self._leaf, self._items
        self._leaf, self._items, self._space = None, [], None
        while items and _is(items[-1][1], "br"):
            items.pop()
        if leaf and any(not isinstance(node, str) or node.strip() for _, node in items):
            self._containers[-1].children.append(Element(leaf.tag, leaf.attributes, _nested(items, 0)))

    def _end_container(self) -> None:
        container = self._containers.pop()
        children = container.children
        if not children:
            return
        if container.tag == "li" and len(children) == 1 and children[0].tag == _BARE:
            inner: tuple[Node, ...] = children[0].children
        else:
            inner = tuple(_listed(children, container.tag))
        self._containers[-1].children.append(Element(container.tag, container.attributes, inner))


def _embed(attributes: tuple[tuple[str, str], ...]) -> Element | None:
    """The placeholder with its kind and what it shows, and nothing else; None when either is missing."""
    given = dict(attributes)
    kind = given.get("data-embed", "")
    name = markup.EMBEDS.get(kind, "")
    return Element("div", (("data-embed", kind), (name, given[name]))) if name in given else None


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _nested(items: list[tuple[_Path, Node]], depth: int) -> tuple[Node, ...]:
    """Inline content from nodes with the elements around each; neighbouring texts become one."""
    nodes: list[Node] = []
    for inline, group in groupby(items, key=lambda item: item[0][depth] if len(item[0]) > depth else None):
        if inline is not None:
            nodes.append(Element(inline.tag, inline.attributes, _nested(list(group), depth + 1)))
            continue
        for _, node in group:
            if isinstance(node, str) and nodes and isinstance(nodes[-1], str):
                nodes[-1] += node
            else:
                nodes.append(node)
    return tuple(nodes)


def _listed(children: list[Element], parent: str) -> list[Element]:
    """Children that may stand in `parent`: items in lists, lists around items, paragraphs around words."""
    in_list = parent in ("ul", "ol")
    blocks: list[Element] = []
    for is_item, group in groupby(children, key=lambda child: child.tag == "li"):
        run = list(group)
        if in_list and not is_item:
            blocks += [Element("li", (), _item_content(child)) for child in run]
            continue
        if is_item and not in_list:
            run = [Element("ul", (), tuple(run))]
        blocks += [Element("p", (), one.children) if one.tag == _BARE else one for one in run]
    return blocks


def _item_content(child: Element) -> tuple[Node, ...]:
    return child.children if child.tag == _BARE else (child,)
