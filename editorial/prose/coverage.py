"""Which sentences of a body are supported by a passage, and which ask for one.

A sentence is *supported* by a citation in it or directly after it; *exempt* when it is marked as no claim
with a reason, or is a question in a heading; *supported* by a citation at the end of its paragraph that
covers the paragraph; otherwise *unsupported*. Whether the passages say so is for people to check, and
whether they still stand in their sources for `catalog.anchoring`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from editorial.prose.document import Citation, Document, Leaf, parse
from editorial.prose.sentences import is_claim, split

State = Literal["supported", "exempt", "unsupported"]

QUESTION = "question"  # the reason why a question heading is exempt
_ASKS = re.compile(r"[?？؟]\W*$")
_SAID = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text`, which is `[start:end]` (code points) of the block with that index in `Document.leaves`.

    `reason` says why an exempt sentence is; `passages` are the keys that support a supported one.
    """

    block: int
    start: int
    end: int
    text: str
    state: State
    reason: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """The sentences of a body in order, how many words it has, and the body as it was parsed.

    `passages` are the keys of all cited passages, `embeds` those of everything embedded
    (`cast narcos-mexico/2`, `photo rooftops`) and `photos` the slugs of the photos among these, each once,
    in order of first use. The words of an embed are not the text's: its table is footnoted by itself, and a
    caption claims nothing for the article.
    """

    sentences: tuple[Sentence, ...]
    passages: tuple[str, ...]
    embeds: tuple[str, ...]
    photos: tuple[str, ...]
    words: int
    document: Document

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """How many sentences are in each state."""
        found = Counter(sentence.state for sentence in self.sentences)
        return {state: found[state] for state in ("supported", "exempt", "unsupported")}

    @cached_property
    def unsupported(self) -> tuple[Sentence, ...]:
        """The sentences that ask for a citation."""
        return tuple(sentence for sentence in self.sentences if sentence.state == "unsupported")


def cover(body: str, language: str) -> Coverage:
    """Judge every sentence of a body in `language`; blocks in another language are read in theirs."""
    document = parse(body)
    sentences = tuple(
        sentence
        for index, leaf in enumerate(document.leaves)
        for sentence in _sentences(index, leaf, leaf.language or language)
    )
    words = sum(is_claim(word) for leaf in document.leaves for word in leaf.text.split())
    return Coverage(sentences, document.passages, document.embeds, document.photos, words, document)


def _sentences(block: int, leaf: Leaf, language: str) -> list[Sentence]:
    spans = [span for span in split(leaf.text, language) if is_claim(leaf.text[slice(*span)])]
    cited: list[list[str]] = [[] for _ in spans]
    covering: list[str] = []
    for citation in leaf.citations:
        # The sentence of the word before it; at the start of a block, the first.
        index = max(sum(start < citation.offset for start, _ in spans) - 1, 0)
        if spans:
            cited[index].append(citation.passage)
        if citation.covers_paragraph and _ends_paragraph(citation, leaf):
            covering.append(citation.passage)
    return [
        _judged(block, leaf, span, passages, covering) for span, passages in zip(spans, cited, strict=True)
    ]


def _ends_paragraph(citation: Citation, leaf: Leaf) -> bool:
    return not is_claim(leaf.text[citation.offset :])


def _judged(block: int, leaf: Leaf, span: tuple[int, int], cited: list[str], covering: list[str]) -> Sentence:
    start, end = span
    text = leaf.text[start:end]
    reason = _exemption(leaf, start, end)
    if cited:
        return Sentence(block, start, end, text, "supported", passages=tuple(dict.fromkeys(cited)))
    if reason:
        return Sentence(block, start, end, text, "exempt", reason)
    if covering:
        return Sentence(block, start, end, text, "supported", passages=tuple(dict.fromkeys(covering)))
    return Sentence(block, start, end, text, "unsupported")


def _exemption(leaf: Leaf, start: int, end: int) -> str:
    """Why a sentence is no claim, "" when it is one. A mark must hold every letter and digit of it."""
    if leaf.reason:
        return leaf.reason
    text = leaf.text[start:end]
    said = [start + match.start() for match in _SAID.finditer(text)]
    for mark in leaf.exemptions:
        if mark.start <= said[0] and said[-1] < mark.end:
            return mark.reason
    return QUESTION if leaf.is_heading and _ASKS.search(text) else ""
