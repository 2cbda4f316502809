"""Excerpts: which words of a passage readers see, and where in it they stand.

An excerpt is words of the passage in their order, with “…” where some of them are left out: between two
runs of words, and at either end. Offsets are Unicode code points, the end exclusive.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.folding import fold
from catalog.passages import ELLIPSIS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt of the passage `[start:end]` of a text; `exact` is "" while its words are not here."""

    excerpt: str
    exact: str
    start: int
    end: int

    def overlaps(self, other: Quote) -> bool:
        return self.start < other.end and other.start < self.end


def runs_of(excerpt: str) -> list[str]:
    """The runs of words that an excerpt is made of, without “…” and what nobody can see."""
    return [run for part in excerpt.split(ELLIPSIS) if fold(run := part.strip()).text.strip()]


def places(excerpt: str, text: str, *, whole_words: bool = False) -> list[Span] | None:
    """Where each run of the excerpt stands in `text`, one after the other; None when one does not.

    Compared after folding. A place of whole words is taken before one inside of words, which is none
    with `whole_words`.
    """
    found = _find(excerpt, text, inside_words=False)
    return _find(excerpt, text, inside_words=True) if found is None and not whole_words else found


def tidy(typed: str) -> str:
    """What somebody typed as an excerpt: single spaces, three dots as “…”, which clings to both ends."""
    runs = f" {ELLIPSIS} ".join(" ".join(run.split()) for run in runs_of(typed.replace("...", ELLIPSIS)))
    words = typed.replace("...", ELLIPSIS).strip()
    start = ELLIPSIS if runs and words.startswith(ELLIPSIS) else ""
    end = ELLIPSIS if runs and words.endswith(ELLIPSIS) else ""
    return f"{start}{runs}{end}"


def marked(excerpt: str, text: str, spans: Sequence[Span]) -> str:
    """The tidy excerpt with “…” at each end where words of `text` are left out.

    `spans` are its `places` in `text`; a full stop or a quotation mark alone may be left out unmarked.
    """
    start = ELLIPSIS if _says_something(text[: spans[0][0]]) else ""
    end = ELLIPSIS if _says_something(text[spans[-1][1] :]) else ""
    return f"{start}{excerpt.strip(ELLIPSIS)}{end}"


def quoted_length(quotes: Iterable[Quote]) -> int:
    """How many code points of one text are quoted; what several quote counts once.

    Without its exact words only a run at the beginning or the end of a passage has a place. Another, and an
    excerpt that does not stand in the words any more, counts with its length, unless an excerpt of a passage
    that overlaps its own says the same.
    """
    spans: list[Span] = []
    said: list[tuple[Quote, str]] = []  # runs with a place
    loose: list[tuple[Quote, str]] = []
    for quote in quotes:
        for run, span in _placed(quote):
            if span is None:
                loose.append((quote, run))
            else:
                spans.append(span)
                said.append((quote, run))
    length = _union(spans)
    # The longest first, so that what stands in it is known by then.
    for quote, run in sorted(loose, key=lambda one: -len(one[1])):
        if not any(run in other and quote.overlaps(by) for by, other in said):
            length += len(run)
            said.append((quote, run))
    return length


def _placed(quote: Quote) -> Iterator[tuple[str, Span | None]]:
    """The runs of a quote, each with its span of the text where that is known."""
    literal = _literal(quote)
    if literal is not None:
        yield literal
        return
    runs = runs_of(quote.excerpt)
    found = places(quote.excerpt, quote.exact) if quote.exact else None
    if found is not None:
        yield from zip(runs, [(quote.start + a, quote.start + b) for a, b in found], strict=True)
        return
    at_start = not quote.exact and not quote.excerpt.startswith(ELLIPSIS)
    at_end = not quote.exact and not quote.excerpt.endswith(ELLIPSIS)
    for index, run in enumerate(runs):
        span = None
        if index == 0 and at_start:
            span = quote.start, min(quote.end, quote.start + len(run))
        elif index == len(runs) - 1 and at_end:
            span = max(quote.start, quote.end - len(run)), quote.end
        yield run, span


def _literal(quote: Quote) -> tuple[str, Span] | None:
    """The one run of a quote that stands in its words letter by letter: most do, and need no folding."""
    run = quote.excerpt.strip(f"{ELLIPSIS} ")
    at = quote.exact.find(run) if run and ELLIPSIS not in run else -1
    if at < 0:
        return None
    around = quote.exact[max(0, at - 1) : at] + quote.exact[at + len(run) : at + len(run) + 1]
    # Beside a letter or a mark on one it may be part of a longer word.
    if any(sign.isalnum() or unicodedata.combining(sign) for sign in around):
        return None
    return run, (quote.start + at, quote.start + at + len(run))


def _union(spans: Iterable[Span]) -> int:
    covered, last = 0, 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, last))
        last = max(last, end)
    return covered


def _find(excerpt: str, text: str, *, inside_words: bool) -> list[Span] | None:
    folded = fold(text)
    spans: list[Span] = []
    position = 0
    for run in runs_of(excerpt):
        words = fold(run).text.strip()
        found = folded.text.find(words, position)
        while found >= 0 and not inside_words and _cuts_a_word(folded.text, found, found + len(words)):
            found = folded.text.find(words, found + 1)
        if found < 0:
            return None
        position = found + len(words)
        spans.append(folded.raw_span(found, position))
    return spans


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    return any(_inside_word(text[edge - 1 : edge + 1]) for edge in (start, end))


def _inside_word(pair: str) -> bool:
    """Whether two neighbouring characters are of one word. Scripts without spaces part words anywhere."""
    return len(pair) == 2 and all(
        char.isalnum() and unicodedata.east_asian_width(char) not in "WF" for char in pair
    )


def _says_something(text: str) -> bool:
    return any(char.isalnum() or char == ELLIPSIS for char in text)
