"""What a recapture did to the passages of a source, as a person looks at it: old and new words side by side.

Only reads; what follows from it is decided by people through `catalog.actions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.anchoring import suggestions
from catalog.differences import Piece, word_differences
from catalog.models import Outcome, Reanchoring, Recapture, Snapshot
from catalog.passages import ELLIPSIS

CONTEXT = 200  # code points around the words of a passage
# What needs a person most stands first; *verified* needs nobody.
ORDER = (Outcome.CHANGED, Outcome.LOST, Outcome.MOVED, Outcome.VERIFIED)


@dataclass(frozen=True, slots=True)
class Step:
    """One passage that waits, or has waited, for a person, in the order of the review."""

    pk: int  # of its Reanchoring
    passage: int
    number: int
    outcome: str
    is_open: bool
    supports: bool  # whether the passage does now


@dataclass(frozen=True, slots=True)
class Words:
    """A span of a text with what stands around it; `[start:end]` in code points."""

    start: int
    end: int
    before: str
    pieces: Sequence[Piece]
    after: str
    exact: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place of the new text that reads somewhat like a lost passage."""

    words: Words
    percent: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row with its words in the old text and in the new one, as far as they stand there."""

    row: Reanchoring
    old: Words
    new: Words | None
    candidates: Sequence[Candidate] = ()


def counts_in_words(counts: Mapping[str, int]) -> str:
    """“12 verified, 1 lost”; "" for none."""
    return ", ".join(f"{counts[state]} {state.label}" for state in ORDER if counts.get(state))


def steps(recapture: Recapture) -> list[Step]:
    """All passages of the recapture that were not plainly verified, in one query."""
    rows = recapture.reanchorings.exclude(state=Outcome.VERIFIED).select_related("passage")
    order = {outcome.value: position for position, outcome in enumerate(ORDER)}
    rows = rows.only("recapture", "state", "start", "resolution", "passage__number", "passage__state")
    found = sorted(rows, key=lambda row: (order[row.state], row.start, row.pk))
    return [
        Step(row.pk, row.passage_id, row.passage.number, row.state, not row.resolution, row.passage.supports)
        for row in found
    ]


def comparisons(recapture: Recapture, pks: Sequence[int]) -> list[Comparison]:
    """These rows of the recapture, in this order, with their words. Two queries.

    Open lost ones come with the places that read most like them; looking for those takes about a tenth of
    a second each in a text of 120,000 characters.
    """
    related = ("passage__source", "resolved_by", "taken_from")
    rows = recapture.reanchorings.select_related(*related).defer("taken_from__text").in_bulk(pks)
    wanted = {recapture.snapshot_id, *(row.taken_from_id for row in rows.values())}
    texts = dict(Snapshot.objects.filter(pk__in=wanted).values_list("pk", "text"))
    new = texts[recapture.snapshot_id] or ""
    return [_compared(rows[pk], texts[rows[pk].taken_from_id] or "", new) for pk in pks]


def words_at(text: str, start: int, end: int, pieces: Iterable[Piece] | None = None) -> Words:
    """`text[start:end]` with about 200 code points on either side, cut between words."""
    exact = text[start:end]
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT:
        before = ELLIPSIS + before[_break_in(before) :]
    if end + CONTEXT < len(text):
        after = after[: len(after) - _break_in(after[::-1])] + ELLIPSIS
    return Words(start, end, before, tuple(pieces or [Piece(exact, "same")]), after, exact)


def _break_in(text: str) -> int:
    """Where the first word that stands whole in `text` begins; 0 when none does."""
    return next((index for index, character in enumerate(text) if character.isspace()), 0)


def _compared(row: Reanchoring, old: str, new: str) -> Comparison:
    if row.new_start is None or row.new_end is None:
        candidates = _candidates(old[row.start : row.end], new) if not row.resolution else []
        return Comparison(row, words_at(old, row.start, row.end), None, candidates)
    left, right = word_differences(old[row.start : row.end], new[row.new_start : row.new_end])
    return Comparison(
        row,
        words_at(old, row.start, row.end, left),
        words_at(new, row.new_start, row.new_end, right),
    )


def _candidates(exact: str, new: str) -> list[Candidate]:
    found = []
    for place in suggestions(new, exact):
        _left, right = word_differences(exact, new[place.start : place.end])
        words = words_at(new, place.start, place.end, right)
        found.append(Candidate(words, round(100 * place.similarity)))
    return found
