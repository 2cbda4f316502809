"""What differs between two texts, word by word, for people who read them side by side.

Words are compared as they are written, unfolded: a quote that changed its shape is shown. Nothing is decided
here; whether a passage is still the same is the business of `catalog.anchoring`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

Kind = Literal["same", "removed", "added"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the words of one text, as far as they are of one kind."""

    text: str
    kind: Kind


def word_differences(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces: the old one of *same* and *removed* ones, the new one of *same* and *added* ones.

    The pieces of each join to its text, and the *same* pieces of both are equal. White space between two
    words that differ differs with them, so that a phrase is not shown in shreds.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for is_same, removed, added in _runs(before, after):
        if is_same:
            left.append(Piece(removed, "same"))
            right.append(Piece(added, "same"))
            continue
        if removed:
            left.append(Piece(removed, "removed"))
        if added:
            right.append(Piece(added, "added"))
    return left, right


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Runs of equal or of differing words, in turn, each with its old and its new text."""
    steps = list(Indel.opcodes(before, after))
    was_same, removed, added = True, "", ""
    for index, step in enumerate(steps):
        old = "".join(before[step.src_start : step.src_end])
        new = "".join(after[step.dest_start : step.dest_end])
        between = 0 < index < len(steps) - 1
        is_same = step.tag == "equal" and not (between and old.isspace())
        if is_same != was_same:
            if removed or added:
                yield was_same, removed, added
            was_same, removed, added = is_same, "", ""
        removed += old
        added += new
    if removed or added:
        yield was_same, removed, added
