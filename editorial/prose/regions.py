"""The parts of compiled HTML: its blocks, and in them the leaves that hold the words of the text.

What `compile` writes is regular: every text and attribute is escaped, so that `<` begins a tag and `>` ends
it. What is embedded (tables, photos) and the footnotes have words of their own, which are not the text's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_VOID = frozenset({"br", "hr", "img", "source", "wbr"})
_NOT_THE_TEXT = re.compile(r'class="(?:embed|picture|gallery|footnotes)\b')
# A list item that holds blocks begins on a line of its own.
_LEAF = re.compile(
    r"<(p|h2|h3)(?:\s[^>]*)?>(?P<block>.*?)</\1>|<li(?:\s[^>]*)?>(?!\n)(?P<item>.*?)</li>", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Span:
    """`[start:end]` of the HTML."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Regions:
    """Where the blocks of the text stand, and the content of its leaves in the order of `Document.leaves`."""

    blocks: tuple[Span, ...]
    leaves: tuple[Span, ...]


def regions(html: str) -> Regions:
    """Of HTML that `compile` made."""
    blocks, others = _elements(html)
    return Regions(
        tuple(one for one in blocks if one not in others),
        tuple(
            Span(*match.span(match.lastgroup or 0))
            for match in _LEAF.finditer(html)
            if not any(other.holds(Span(*match.span())) for other in others)
        ),
    )


def _elements(html: str) -> tuple[list[Span], list[Span]]:
    """The outermost elements, and those that are not the text's."""
    blocks: list[Span] = []
    others: list[Span] = []
    begun: list[tuple[int, bool]] = []
    for tag in _TAG.finditer(html):
        closes, name, attributes = tag.groups()
        if name in _VOID:
            continue
        if not closes:
            begun.append((tag.start(), bool(_NOT_THE_TEXT.search(attributes))))
        elif begun:
            start, is_other = begun.pop()
            span = Span(start, tag.end())
            if is_other:
                others.append(span)
            if not begun:
                blocks.append(span)
    return blocks, others
