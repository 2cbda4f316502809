"""The part of a text that a result shows, in pieces, some of them marked: the template makes HTML of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from editorial.searching.query import Query
from editorial.searching.words import Word, stem, stems, words_of

LENGTH = 30  # words of a snippet
BEFORE = 6  # of them before the first that was looked for
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool = False


def marked(text: str, query: Query, language: str, *, begun: bool = False) -> list[Piece]:
    """The whole text, what was looked for marked; with `begun`, also what the last word begins."""
    return list(_pieces(text, _hits(words_of(text), query, language, begun=begun), 0, len(text)))


def snippet(text: str, query: Query, language: str) -> list[Piece]:
    """Some words around the place where most different ones were looked for; the beginning without any.

    Nothing of an empty text.
    """
    words = list(words_of(text))
    if not words:
        return []
    hits = _hits(words, query, language)
    first = max(0, _best(words, hits, query) - BEFORE)
    last = min(len(words), first + LENGTH) - 1
    start = 0 if first == 0 else words[first].start
    end = len(text) if last == len(words) - 1 else words[last].end
    pieces = list(_pieces(text, [hit for hit in hits if start <= hit.start < end], start, end))
    return [
        *([Piece(f"{ELLIPSIS} ")] if start else []),
        *pieces,
        *([Piece(f" {ELLIPSIS}")] if end < len(text) else []),
    ]


def _best(words: Sequence[Word], hits: Sequence[Word], query: Query) -> int:
    """The place of the first hit of the window with the most different words."""
    at = {(word.start, word.key): place for place, word in enumerate(words)}
    places = [(at[hit.start, hit.key], hit.key) for hit in hits]
    best, most = 0, 0
    for index, (place, _key) in enumerate(places):
        inside = {key for other, key in places[index:] if other < place + LENGTH - BEFORE}
        if len(inside) > most:
            best, most = place, len(inside)
        if most == len(query.words):
            break
    return best


def _hits(words: Iterable[Word], query: Query, language: str, *, begun: bool = False) -> list[Word]:
    wanted = set(query.words)
    single = {term.words[0] for term in query.wanted if not term.is_phrase}
    stemmed = {one for word in single for one in stems(word)}
    beginning = query.words[-1] if begun and query.words else None
    return [
        word
        for word in words
        if word.key in wanted
        or stem(word.key, language) in stemmed
        or (beginning is not None and word.key.startswith(beginning))
    ]


def _pieces(text: str, hits: Sequence[Word], start: int, end: int) -> Iterator[Piece]:
    for hit in hits:
        if hit.start < start:
            continue  # the second word of one sign
        if hit.start > start:
            yield Piece(text[start : hit.start])
        yield Piece(text[hit.start : hit.end], is_marked=True)
        start = hit.end
    if start < end:
        yield Piece(text[start:end])
