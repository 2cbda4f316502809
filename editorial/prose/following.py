"""Where the words that somebody remarked on stand after a text was saved again.

Each remark is mapped through one comparison of the two texts, as passages are when a source is captured again
(`catalog.anchoring`): what stands between the same neighbours counts, not what reads alike. A remark whose
words were gone is looked for from the last text that they stood in, so that it is found when they come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from catalog.anchoring import MOVABLE, reanchor
from catalog.folding import fold
from catalog.passages import QuoteAmbiguous, QuoteNotFound, find_quote


@dataclass(frozen=True, slots=True)
class Mark:
    """`[start:end]` of a text, where a remark stands; `exact` is what it was first made on."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands in the new text; None for both when its words are gone."""

    state: Literal["anchored", "changed", "gone"]
    start: int | None
    end: int | None


def follow(old: str, new: str, marks: Sequence[Mark]) -> list[Place]:
    """What became of each mark of `old` in `new`, in their order.

    *Anchored*: the words it was made on (folded). *Changed*: similar ones in their place. *Gone*: neither.
    Raises ValueError for a mark that is not within `old` or holds no visible character.
    """
    outcomes = reanchor(old, new, [(mark.start, mark.end) for mark in marks])
    return [
        _placed(old, new, mark, outcome.start, outcome.end)
        for mark, outcome in zip(marks, outcomes, strict=True)
    ]


def _placed(old: str, new: str, mark: Mark, start: int | None, end: int | None) -> Place:
    if start is not None and end is not None and _reads(new[start:end]) == _reads(mark.exact):
        return Place("anchored", start, end)
    back = _first_words(old, new, mark)
    if back is not None:
        return Place("anchored", *back)
    return Place("gone" if start is None else "changed", start, end)


def _first_words(old: str, new: str, mark: Mark) -> tuple[int, int] | None:
    """Where the first words, which had changed before, have come back; None unless they are known by
    themselves.
    """
    words = _reads(mark.exact)
    if len(words) < MOVABLE or words in fold(old).text:
        return None
    try:
        return find_quote(new, mark.exact)
    except (QuoteNotFound, QuoteAmbiguous):
        return None


def _reads(words: str) -> str:
    return fold(words).text.strip()
