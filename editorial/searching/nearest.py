"""The word that was probably meant, among words that are there: for typing errors.

A word of four to seven letters may have one error, a longer one two; where both its ends were hit it is not
found. An error is a letter too many, too few, wrong, or two that changed places (Damerau-Levenshtein).
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

LEAST = 4  # letters: shorter words are near to too many
END = 2  # letters of either end that lead to a word


def ends_of(word: str) -> tuple[str, str]:
    """The two ends of a word: what is near to it has one of them, errors or not."""
    return word[:END], word[-END:]


def errors_in(word: str) -> int:
    """How many errors a word may have and still be known; 0 for one that must be right."""
    if len(word) < LEAST or any(char.isdigit() for char in word):
        return 0
    return 1 if len(word) <= 7 else 2


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> str | None:
    """Of words with how many entries have each, the one with the fewest errors, then the most frequent."""
    allowed = errors_in(word)
    found = []
    for candidate, entries in candidates:
        errors = OSA.distance(word, candidate, score_cutoff=allowed)
        if 0 < errors <= allowed:
            found.append((errors, -entries, candidate))
    return min(found)[2] if found else None
