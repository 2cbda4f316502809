"""Which words of compiled HTML its footnotes support: an edition read again with its body.

An edition keeps its HTML as it was compiled. Its sentences, and the passages that support each, are those
that `coverage` finds in the body that the edition froze; here they are found again in the HTML. Where the two
do not read alike, the words are left unmarked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import groupby, pairwise

from editorial.prose.coverage import Coverage, Sentence
from editorial.prose.regions import Span, regions

# Markers side by side have a narrow space between them that is no part of the text.
_TOKEN = re.compile(
    r'(?P<marker><sup class="ref">.*?</sup>(?:\u202f(?=<sup class="ref">))?)|(?P<tag><[^>]*>)'
    r"|(?P<text>&[^;<]+;|[^<&]+)",
    re.DOTALL,
)
_NOTE = re.compile(r'<li id="fn-(?P<number>\d+)">(?P<content>.*?)</li>', re.DOTALL)
_EXCERPT = re.compile(r'<blockquote class="note-excerpt".*?</blockquote>', re.DOTALL)
_SOURCE = re.compile(
    r'<p class="note-source">\s*<a href="[^"]*/(?P<slug>[^/"]+)/#p(?P<passage>\d+)".*?</p>', re.DOTALL
)
_REF = re.compile(r'id="ref-(\d+)-(\d+)"')


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence with the ids of its markers and the numbers of all footnotes that support it."""

    text: str
    refs: tuple[str, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """An outermost block of the text: its HTML with its sentences marked, and these."""

    html: str
    sentences: tuple[Supported, ...]


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A footnote as the HTML has it; `slug` and `passage` are those that its source had then."""

    number: int
    slug: str
    passage: str
    excerpt: str  # HTML
    source: str  # HTML, with a link to the passage
    uses: int  # how often it is cited

    @property
    def key(self) -> str:
        return f"{self.slug}#{self.passage}"


def stored_notes(html: str) -> dict[int, StoredNote]:
    """The footnotes of compiled HTML by number."""
    uses = Counter(int(number) for number, _use in _REF.findall(html))
    found = {}
    for note in _NOTE.finditer(html):
        number = int(note["number"])
        excerpt, source = _EXCERPT.search(note["content"]), _SOURCE.search(note["content"])
        if excerpt is not None and source is not None:
            slug = unescape(source["slug"])
            found[number] = StoredNote(
                number, slug, source["passage"], excerpt.group(), source.group(), uses[number]
            )
    return found


def with_footnotes(html: str, draw: Callable[[int, str], str]) -> str:
    """The HTML with the content of each footnote (of this number) as `draw` gives it."""

    def drawn(match: re.Match[str]) -> str:
        number = match["number"]
        return f'<li id="fn-{number}">{draw(int(number), match["content"])}</li>'

    return _NOTE.sub(drawn, html)


def marked(html: str, coverage: Coverage) -> list[str | Block]:
    """The HTML in parts, its blocks with each supported sentence in a `<span class="cited">`.

    Joined they are the HTML and these spans; every word stays where it was.
    """
    places = regions(html)
    by_leaf = _by_leaf(html, coverage)
    if len(places.leaves) != len(coverage.document.leaves):
        by_leaf = {}
    parts: list[str | Block] = []
    done = 0
    for block in places.blocks:
        parts += [html[done : block.start], _block(html, block, places.leaves, coverage, by_leaf)]
        done = block.end
    return [*parts, html[done:]]


def _by_leaf(html: str, coverage: Coverage) -> dict[int, list[tuple[Sentence, tuple[int, ...]]]]:
    """The sentences of each leaf, with the numbers of the footnotes that support them."""
    numbers = {note.key: note.number for note in stored_notes(html).values()}
    found: dict[int, list[tuple[Sentence, tuple[int, ...]]]] = {}
    for sentence in coverage.sentences:
        notes = tuple(numbers[key] for key in sentence.passages if key in numbers)
        found.setdefault(sentence.block, []).append((sentence, notes))
    return found


def _block(
    html: str,
    block: Span,
    leaves: tuple[Span, ...],
    coverage: Coverage,
    by_leaf: Mapping[int, list[tuple[Sentence, tuple[int, ...]]]],
) -> Block:
    parts: list[str] = []
    sentences: list[Supported] = []
    done = block.start
    for index, leaf in enumerate(leaves):
        if not block.holds(leaf) or index not in by_leaf:
            continue
        words = _Words(html[leaf.start : leaf.end])
        if words.text != coverage.document.leaves[index].text:
            continue
        wrapped, found = words.wrapped(by_leaf[index])
        parts += [html[done : leaf.start], wrapped]
        sentences += found
        done = leaf.end
    return Block("".join([*parts, html[done : block.end]]), tuple(sentences))


@dataclass(slots=True)
class _Token:
    """Some words, a tag or a marker with its place in the text; `sentence` is the index of its sentence."""

    kind: str
    html: str
    offset: int
    sentence: int | None = None


class _Words:
    """The content of a leaf, piece by piece."""

    def __init__(self, html: str) -> None:
        self._tokens: list[_Token] = []
        parts: list[str] = []
        offset = 0
        for match in _TOKEN.finditer(html):
            kind = match.lastgroup or ""
            token = _Token(kind, match.group(), offset)
            said = "\n" if token.html == "<br>" else unescape(token.html) if kind == "text" else ""
            self._tokens.append(token)
            parts.append(said)
            offset += len(said)
        self.text = "".join(parts)

    def wrapped(self, sentences: list[tuple[Sentence, tuple[int, ...]]]) -> tuple[str, list[Supported]]:
        """The HTML with the supported sentences marked, and these."""
        starts = [sentence.start for sentence, _notes in sentences]
        self._cut({edge for sentence, _notes in sentences for edge in (sentence.start, sentence.end)})
        for token in self._tokens:
            if token.kind == "marker":
                # As `coverage` has it: the sentence of the word before it; at the start, the first.
                index = max(sum(start < token.offset for start in starts) - 1, 0)
            else:
                index = max(sum(start <= token.offset for start in starts) - 1, 0)
                sentence = sentences[index][0]
                if not sentence.start <= token.offset < sentence.end:
                    continue
            if sentences[index][1]:
                token.sentence = index
        self._keep_elements_whole()
        return self._written(), [
            Supported(sentence.text, self._refs(index), notes)
            for index, (sentence, notes) in enumerate(sentences)
            if notes
        ]

    def _cut(self, edges: set[int]) -> None:
        """No words reach over the edge of a sentence."""
        tokens = []
        for token in self._tokens:
            within = range(token.offset + 1, token.offset + len(token.html))
            inner = (
                sorted(edges.intersection(within)) if token.kind == "text" and token.html[0] != "&" else []
            )
            for start, end in pairwise([token.offset, *inner, token.offset + len(token.html)]):
                html = token.html[start - token.offset : end - token.offset]
                tokens.append(_Token(token.kind, html, start))
        self._tokens = tokens

    def _refs(self, index: int) -> tuple[str, ...]:
        """The ids of its markers."""
        own = (one.html for one in self._tokens if one.kind == "marker" and one.sentence == index)
        return tuple(f"ref-{number}-{use}" for html in own for number, use in _REF.findall(html))

    def _keep_elements_whole(self) -> None:
        """The tags of an element belong to a sentence that holds all of it, or to none."""
        begun: list[int] = []
        for index, token in enumerate(self._tokens):
            if token.kind != "tag" or token.html == "<br>":
                continue
            if not token.html.startswith("</"):
                begun.append(index)
            elif begun:
                start = begun.pop()
                inside = {one.sentence for one in self._tokens[start + 1 : index]}
                whole = inside.pop() if len(inside) == 1 else None
                self._tokens[start].sentence = token.sentence = whole

    def _written(self) -> str:
        parts = []
        for sentence, group in groupby(self._tokens, key=lambda one: one.sentence):
            html = "".join(one.html for one in group)
            parts.append(html if sentence is None else f'<span class="cited">{html}</span>')
        return "".join(parts)
