"""Matching copies of texts. Stored text is never folded; only comparisons look at these copies.

`fold` makes the copy that passages are compared on, with the way back to the raw text; `search_key`
makes the coarser one that people search names on. Where a passage went is decided by
`catalog.anchoring`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES_AND_DASHES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        # Soft hyphen, zero-width characters, word joiner, byte order mark.
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    }
)
# Letters that Unicode does not take apart, though readers type them without the stroke.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# What becomes of each ASCII character in a key: most texts are nothing else, and need no Unicode.
_ASCII_KEY = "".join(char.lower() if char.isalnum() else " " for char in map(chr, range(128)))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its code points begins and ends in the raw one."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span (code points) behind folded `[start:end]`; `end` must be greater than `start`."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"[{start}:{end}] is not a span of a text of {len(self.text)} code points")
        return self.starts[start], self.ends[end - 1]

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """The folded span of every folded code point that begins inside raw `[start:end]`."""
        first = bisect_right(self.starts, start - 1)
        last = bisect_right(self.starts, end - 1)
        return first, last


def fold(text: str) -> Folded:
    """Fold `text` for comparing: NFKC, straight quotes and dashes, invisible characters dropped,
    each run of white space one space, case kept.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        folded = unicodedata.normalize("NFKC", text[start:end]).translate(_QUOTES_AND_DASHES)
        for char in folded:
            if char.isspace():
                if out and out[-1] == " ":
                    ends[-1] = end
                    continue
                char = " "
            out.append(char)
            starts.append(start)
            ends.append(end)
    return Folded("".join(out), tuple(starts), tuple(ends))


def search_key(text: str) -> str:
    """The key names are found by: no accents, no case, words of letters and digits with one space between.

    "Peña", "PEN\u0303A" and "pena" have the same key.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII_KEY).split())
    # Compatibility characters fold to capitals ("ᴶ" is "J"), and capitals to new marks: both, twice.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in text if not unicodedata.combining(char)).translate(_STROKES)
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans that normalise on their own: a character with the marks and jamo that may compose with it."""
    start = 0
    for index in range(1, len(text)):
        if not _joins(text[index]):
            yield start, index
            start = index
    if text:
        yield start, len(text)


def _joins(char: str) -> bool:
    return (
        unicodedata.combining(char) != 0 or "\u1160" <= char <= "\u11ff" or char in "\u09be\u09d7\uff9e\uff9f"
    )
