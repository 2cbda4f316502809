"""The links of a body, with the words that each stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from editorial.prose.document import Document
from editorial.prose.tree import Element


@dataclass(frozen=True, slots=True)
class Link:
    """`[start:end]` (code points) of the block with that index in `Document.leaves` leads to `href`."""

    href: str
    block: int
    start: int
    end: int


def links(document: Document) -> list[Link]:
    """Every link in the order of the text."""
    return [
        link for block, leaf in enumerate(document.leaves) for link in _links(leaf.element.children, block, 0)
    ]


def _links(nodes: tuple[Element | str, ...], block: int, offset: int) -> Iterator[Link]:
    for node in nodes:
        end = offset + _length(node)
        if isinstance(node, Element):
            if node.tag == "a":
                yield Link(node.get("href"), block, offset, end)
            yield from _links(node.children, block, offset)
        offset = end


def _length(node: Element | str) -> int:
    """Of its plain text, in which a `br` is a newline."""
    if isinstance(node, str):
        return len(node)
    return 1 if node.tag == "br" else sum(map(_length, node.children))
