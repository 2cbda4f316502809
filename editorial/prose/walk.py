"""A text in the order in which somebody reads it who checks it: block after block, sentence after sentence.

The *plain text* is the headline, the standfirst and the words of the body, a line break between each; places
in it are code points, the end exclusive. What supports a sentence is decided by `coverage`; the headline and
the standfirst cite nothing, so that their sentences have no state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from editorial.prose.coverage import Coverage, State
from editorial.prose.document import Document, embed_key, parse
from editorial.prose.sentences import is_claim, split
from editorial.prose.tree import Element

Kind = Literal["headline", "standfirst", "heading", "item", "quotation", "paragraph", "embed"]

_SPACES = str.maketrans(dict.fromkeys(" \t\n\r\f"))
_KINDS: Mapping[str, Kind] = {"h2": "heading", "h3": "heading", "li": "item"}
_AROUND: Mapping[str, Kind] = {"blockquote": "quotation", "li": "item"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: `text` is `[start:end]` of the plain text; the rest is as in `coverage.Sentence`."""

    start: int
    end: int
    text: str
    state: State | Literal[""] = ""
    reason: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The sentences of a block, `language` "" where it is that of the text; an embed has its key instead."""

    kind: Kind
    lines: tuple[Line, ...] = ()
    language: str = ""
    embed: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where words stand in the form of an article: `length` code points after the first `skip` of a field, or
    of the body's block with that index; white space is not counted, the editor's own differs.
    """

    field: Literal["title", "standfirst", "body"]
    block: int
    skip: int
    length: int


def plain_text(content: Mapping[str, Any]) -> str:
    """The plain text of what a revision holds."""
    words = [leaf.text for leaf in parse(content["body"]).leaves]
    return "\n".join([content["title"], content["standfirst"], *words])


def walk(content: Mapping[str, Any], coverage: Coverage) -> tuple[Block, ...]:
    """The blocks with anything to check, in order. `coverage` is that of the body."""
    title, standfirst, language = (content[name] for name in ("title", "standfirst", "language"))
    found = [
        Block("headline", tuple(_said(title, 0, language))),
        Block("standfirst", tuple(_said(standfirst, len(title) + 1, language))),
        *_body(parse(content["body"]), coverage, len(title) + len(standfirst) + 2),
    ]
    return tuple(block for block in found if block.lines or block.embed)


def spot_of(content: Mapping[str, Any], start: int, end: int) -> Spot:
    """Where `[start:end]` of the plain text stands in the form; of several blocks, the part in the first."""
    texts = [content["title"], content["standfirst"]]
    texts += [leaf.text for leaf in parse(content["body"]).leaves]
    index, before = 0, 0
    while index + 1 < len(texts) and start > before + len(texts[index]):
        before += len(texts[index]) + 1
        index += 1
    text, first = texts[index], max(start - before, 0)
    skip, length = _solid(text[:first]), _solid(text[first : end - before])
    if index < 2:
        return Spot("standfirst" if index else "title", 0, skip, length)
    return Spot("body", index - 2, skip, length)


def _solid(text: str) -> int:
    return len(text.translate(_SPACES))


def _said(text: str, offset: int, language: str) -> Iterator[Line]:
    for start, end in split(text, language):
        if is_claim(text[start:end]):
            yield Line(offset + start, offset + end, text[start:end])


def _body(document: Document, coverage: Coverage, offset: int) -> Iterator[Block]:
    judged = {
        block: tuple(sentences)
        for block, sentences in groupby(coverage.sentences, key=lambda sentence: sentence.block)
    }
    index = 0
    for parent, element in _in_order(document.blocks, ""):
        if not element.is_leaf:
            yield Block("embed", embed=embed_key(element))
            continue
        leaf = document.leaves[index]
        lines = tuple(
            Line(offset + one.start, offset + one.end, one.text, one.state, one.reason, one.passages)
            for one in judged.get(index, ())
        )
        kind = _AROUND.get(parent) or _KINDS.get(element.tag, "paragraph")
        yield Block(kind, lines, leaf.language)
        offset += len(leaf.text) + 1
        index += 1


def _in_order(elements: tuple[Element | str, ...], parent: str) -> Iterator[tuple[str, Element]]:
    """Leaves, and what takes the place of words, each with the tag of the container around it."""
    for element in elements:
        if isinstance(element, str):
            continue
        if element.is_leaf or element.tag == "div":
            yield parent, element
        else:
            yield from _in_order(element.children, element.tag)
