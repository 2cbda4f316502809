"""Passages as spans of a text: finding a quote, and what is kept beside its offsets.

Offsets are Unicode code points (W3C Web Annotation 4.2.5), the end exclusive; prefix and suffix are
those of a TextQuoteSelector (4.2.4). Where a passage went in a new snapshot is decided by
`catalog.anchoring`.
"""

from __future__ import annotations

from django.utils.translation import gettext

from catalog.folding import fold

CONTEXT = 32  # code points of prefix and of suffix
EXCERPT_WORDS = 12
EXCERPT_LENGTH = 300
ELLIPSIS = "…"


class QuoteNotFound(ValueError):
    """The quote does not stand in the text; str() says what to do."""


class QuoteAmbiguous(ValueError):
    """The quote stands in the text more than once; str() says what to do."""


def excerpt_of(text: str) -> str:
    """What readers see of a passage: its first 12 words with single spaces, “…” where it goes on."""
    words = text.split()
    excerpt = " ".join(words[:EXCERPT_WORDS])
    if len(words) > EXCERPT_WORDS or len(excerpt) > EXCERPT_LENGTH:
        # Some languages write without spaces: twelve “words” of them could be the whole text.
        excerpt = excerpt[: EXCERPT_LENGTH - 1].rstrip() + ELLIPSIS
    return excerpt


def is_excerpt_of(excerpt: str, text: str) -> bool:
    """Whether the words of `excerpt` stand in `text`, those after each “…” later than those before."""
    folded = fold(text).text
    position = 0
    for part in excerpt.split(ELLIPSIS):
        words = fold(part).text.strip()
        found = folded.find(words, position)
        if found < 0:
            return False
        position = found + len(words)
    return True


def context_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The 32 code points before and after `text[start:end]`; fewer at the edges."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def find_quote(text: str, quote: str) -> tuple[int, int]:
    """The one span of `text` that is `quote`: exactly, or else after folding both.

    White space around the quote does not count. Raises QuoteNotFound and QuoteAmbiguous.
    """
    quote = quote.strip()
    folded_quote = fold(quote).text.strip()
    if not folded_quote:
        raise QuoteNotFound(gettext("The quote is empty. Copy the words from the source."))
    start = _only_place(text, quote)
    if start is not None:
        return start, start + len(quote)
    folded = fold(text)
    start = _only_place(folded.text, folded_quote)
    if start is None:
        raise QuoteNotFound(
            gettext("These words do not stand in the source. Copy them from its text, letter by letter.")
        )
    return folded.raw_span(start, start + len(folded_quote))


def _only_place(text: str, words: str) -> int | None:
    """Where `words` begin; None when nowhere. Raises QuoteAmbiguous when in several places."""
    first = text.find(words)
    if first < 0:
        return None
    if text.find(words, first + 1) >= 0:
        raise QuoteAmbiguous(
            gettext(
                "These words stand in the source more than once. "
                "Quote a few more words before or after them, so that only one place is meant."
            )
        )
    return first
