"""The body of an article: cleaned, read once, and laid out for those who judge or compile it.

A `Document` can only be made by cleaning, so nothing downstream meets an element or attribute that the
desk's markup does not have. What is a sentence and what supports it is decided by `coverage`, what readers
get by `compile`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from editorial.prose import markup, tree
from editorial.prose.tree import Element


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation point: `offset` code points into the text of its block."""

    offset: int
    passage: str
    covers_paragraph: bool


@dataclass(frozen=True, slots=True)
class Exemption:
    """`text[start:end]` of a block is marked as no claim; the reason is never empty."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block with words: its plain text (a `br` is a newline) and what is marked on it.

    `language` and `reason` (why the whole block is no claim) are its own or those of the nearest block around
    it, "" without any. Offsets are Unicode code points.
    """

    element: Element
    text: str
    language: str
    reason: str
    citations: tuple[Citation, ...]
    exemptions: tuple[Exemption, ...]

    @property
    def is_heading(self) -> bool:
        return self.element.tag in ("h2", "h3")


@dataclass(frozen=True)
class Document:
    """The blocks of a body in normal form, in document order."""

    blocks: tuple[Element, ...]

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every block that holds words, however deep it stands."""
        return tuple(leaf for block in self.blocks for leaf in _leaves(block, "", ""))

    @cached_property
    def embeds(self) -> tuple[str, ...]:
        """The keys of the embeds (`cast narcos-mexico/2`, `photo rooftops`), each once, as first used."""
        return tuple(dict.fromkeys(embed_key(div) for block in self.blocks for div in _embeds(block)))

    @cached_property
    def photos(self) -> tuple[str, ...]:
        """The slugs of the embedded photos, each once, in order of first use."""
        keys = (key.partition(" ") for key in self.embeds)
        return tuple(slug for kind, _space, slug in keys if kind == "photo")

    @cached_property
    def passages(self) -> tuple[str, ...]:
        """The keys of the cited passages, each once, in order of first use."""
        return tuple(dict.fromkeys(citation.passage for leaf in self.leaves for citation in leaf.citations))

    def html(self) -> str:
        """The body as it is stored."""
        return tree.write(self.blocks)


def sanitise(html: str) -> str:
    """The body in its normal form: allowed elements and attributes only, citations empty, bare text in
    paragraphs, each block on its own line. Idempotent; never raises; no word is lost that a browser shows.
    """
    return parse(html).html()


def parse(html: str) -> Document:
    """Clean and read a body. Never raises."""
    return Document(tree.build(markup.clean(html)))


def embed_key(element: Element) -> str:
    """What the embed of a placeholder is called: its kind, and its season or photo."""
    kind = element.get("data-embed")
    return f"{kind} {element.get(markup.EMBEDS[kind])}"


def _embeds(element: Element) -> Iterator[Element]:
    if element.tag == "div":
        yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from _embeds(child)


def _leaves(element: Element, language: str, reason: str) -> Iterator[Leaf]:
    language = element.get("lang") or language
    reason = element.get("data-not-a-claim") or reason
    if element.is_leaf:
        yield _Reader().leaf(element, language, reason)
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from _leaves(child, language, reason)


class _Reader:
    """Reads the inline content of one block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._citations: list[Citation] = []
        self._exemptions: list[Exemption] = []

    def leaf(self, element: Element, language: str, reason: str) -> Leaf:
        self._read(element)
        return Leaf(
            element,
            "".join(self._parts),
            language,
            reason,
            tuple(self._citations),
            tuple(self._exemptions),
        )

    def _read(self, element: Element) -> None:
        start = self._length
        for child in element.children:
            if isinstance(child, str):
                self._write(child)
            elif child.tag == "br":
                self._write("\n")
            elif child.tag == "cite":
                covers = child.get("data-covers") == "paragraph"
                self._citations.append(Citation(self._length, child.get("data-passage"), covers))
            else:
                self._read(child)
        reason = element.get("data-not-a-claim")
        if element.tag == "span" and reason:
            self._exemptions.append(Exemption(start, self._length, reason))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
