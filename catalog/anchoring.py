"""Where the passages of a source stand after it was captured again.

Old and new text are compared once, on folded word tokens (`catalog.folding`), by longest common
subsequence; every passage is mapped through that one comparison. So a lookalike elsewhere is never taken
for words that were deleted: what stands between the same neighbours counts, not what reads alike. Offsets
are Unicode code points of the raw texts (W3C Web Annotation 4.2.5), the end exclusive. How the texts are
lined up is in `catalog.alignment`; what follows for citations and articles is decided by actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalog.alignment import Alignment, Tokens, align
from catalog.folding import fold

State = Literal["verified", "changed", "moved", "lost"]

SIMILAR = 0.70  # Levenshtein similarity from which other words at the same place are the passage, changed
MOVABLE = 16  # folded code points from which a passage that stands once is known by its words alone
CLOSE = 400  # folded code points between two neighbours within which the same words are the passage
REACH = 4000  # folded code points between two neighbours that are searched for similar words
SUGGESTED = 0.50  # similarity from which a place is worth a look

PAYWALLS = (
    # English
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "subscribe now to",
    "subscribers only",
    "already a subscriber",
    "sign in to continue",
    "sign in to read",
    "log in to continue",
    "log in to read",
    "create a free account",
    "register to continue",
    "to continue reading",
    "accept cookies",
    "accept all cookies",
    "we use cookies",
    "cookie settings",
    "enable javascript",
    "verify you are human",
    # German
    "jetzt abonnieren",
    "mit abo weiterlesen",
    "weiterlesen mit",
    "um weiterzulesen",
    "nur für abonnenten",
    "bereits abonnent",
    "jetzt anmelden",
    "bitte melden sie sich an",
    "kostenlos registrieren",
    "cookies akzeptieren",
    "alle akzeptieren",
    "wir verwenden cookies",
    "mit werbung weiterlesen",
    "zustimmen und weiter",
    # Spanish
    "suscríbete para",
    "suscríbase para",
    "solo para suscriptores",
    "exclusivo para suscriptores",
    "ya eres suscriptor",
    "inicia sesión para",
    "inicie sesión para",
    "regístrate para",
    "para seguir leyendo",
    "para continuar leyendo",
    "aceptar cookies",
    "aceptar todas",
    "utilizamos cookies",
    "usamos cookies",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a passage stands in the new text: `new[start:end]`, None for both when lost.

    `similarity` is that of the folded words, from 0 to 1; for a lost passage, that of whatever stands
    where it stood.
    """

    state: State
    start: int | None
    end: int | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place `new[start:end]` that reads somewhat like a lost passage. For people to judge."""

    start: int
    end: int
    similarity: float


def reanchor(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[Outcome]:
    """What became of each span of `old` in `new`, in the order of `spans`.

    *Verified*: the same words (folded) at the same place. *Changed*: similar words there. *Moved*: gone
    from there, at least 16 characters, and standing exactly once in both texts. *Lost*: anything else.
    Raises ValueError for a span that is not within `old` or holds no visible character.
    """
    alignment = align(Tokens(old), Tokens(new))
    return [_outcome(alignment, span) for span in spans]


def suggestions(new: str, exact: str, limit: int = 3) -> list[Suggestion]:
    """At most `limit` places of `new` that read somewhat like `exact`, the likest first.

    They never overlap and never span a line break. No rule may take one without a person.
    """
    words = fold(exact).text.strip()
    if not words:
        return []
    found: list[Suggestion] = []
    offset = 0
    for line in new.splitlines(keepends=True):
        tokens = Tokens(line)
        for start, end, similarity in _alike(tokens, words, 0, len(tokens.text)):
            first, last = tokens.folded.raw_span(start, end)
            found.append(Suggestion(offset + first, offset + last, similarity))
        offset += len(line)
    return sorted(found, key=lambda hit: (-hit.similarity, hit.start))[:limit]


def recapture_refusal(old: str, new: str) -> str | None:
    """Why `new` cannot take the place of `old`, as a sentence for people; None when it can.

    Refused are an empty text, one under half as long, and a shorter one that asks for money, a login or
    consent where the old one did not.
    """
    before, after = (" ".join(fold(text).text.casefold().split()) for text in (old, new))
    if not after:
        return str(gettext("The new text is empty. The earlier snapshot stays as it is."))
    shorter = len(after) < 0.9 * len(before)
    if shorter and any(phrase in after and phrase not in before for phrase in PAYWALLS):
        return str(
            gettext(
                "The new text is shorter and asks readers to subscribe, sign in or accept cookies. "
                "Capture the whole document, or paste its text."
            )
        )
    if 2 * len(after) < len(before):
        return str(
            gettext(
                "The new text is less than half as long as the earlier one. "
                "Capture the whole document, or make a new source of it."
            )
        )
    return None


def _outcome(alignment: Alignment, span: tuple[int, int]) -> Outcome:
    folded = alignment.old.visible(*span)
    place = _same(alignment, *folded)
    if place:
        return Outcome("verified", *_raw_place(alignment, span, folded, place), 1.0)
    similarity = 0.0
    place = _similar(alignment, *folded)
    if place:
        words = alignment.old.text[slice(*folded)]
        similarity = Levenshtein.normalized_similarity(words, alignment.new.text[slice(*place)])
        if similarity >= SIMILAR:
            return Outcome("changed", *alignment.new.folded.raw_span(*place), similarity)
    place = _elsewhere(alignment, *folded)
    if place and _gone(alignment, *folded):
        return Outcome("moved", *_raw_place(alignment, span, folded, place), 1.0)
    return Outcome("lost", None, None, similarity)


def _raw_place(
    alignment: Alignment,
    span: tuple[int, int],
    folded: tuple[int, int],
    place: tuple[int, int],
) -> tuple[int, int]:
    """The raw span behind the same words; with the white space that the old span had, if it still stands."""
    start, end = alignment.new.folded.raw_span(*place)
    literal = start + span[0] - alignment.old.folded.starts[folded[0]]
    exact = alignment.old.raw[slice(*span)]
    if literal >= 0 and alignment.new.raw.startswith(exact, literal):
        return literal, literal + len(exact)
    return start, end


def _same(alignment: Alignment, first: int, last: int) -> tuple[int, int] | None:
    """Where the very words of old `[first:last]` stand at their place: beside words that line up with
    their own, or else once between their neighbours, if those stand close.
    """
    words = alignment.old.text[first:last]
    for here, _, there, _ in alignment.solid(first, last):
        start = there - (here - first)
        if start >= 0 and alignment.new.text.startswith(words, start):
            place = start, start + len(words)
            if _cut_alike(alignment, (first, last), place):
                return place
    low, high = alignment.room(first, last)
    start = alignment.new.text.find(words, low, high)
    if high - low > CLOSE + len(words) or start < 0 or alignment.new.text.find(words, start + 1, high) >= 0:
        return None
    place = start, start + len(words)
    return place if _cut_alike(alignment, (first, last), place) else None


def _elsewhere(alignment: Alignment, first: int, last: int) -> tuple[int, int] | None:
    """Where the words of old `[first:last]` went, if there is no doubt that it is they."""
    words = alignment.old.text[first:last]
    start = alignment.new.text.find(words)
    if len(words) < MOVABLE or start < 0:
        return None
    place = start, start + len(words)
    once = alignment.new.text.find(words, start + 1) < 0
    once = once and alignment.old.text.find(words) == alignment.old.text.rfind(words)
    return place if once and _cut_alike(alignment, (first, last), place) else None


def _gone(alignment: Alignment, first: int, last: int) -> bool:
    """Whether less than half of old `[first:last]` still stands at its place, however much came between."""
    return 2 * sum(end - start for start, end, _, _ in alignment.solid(first, last)) < last - first


def _cut_alike(alignment: Alignment, span: tuple[int, int], place: tuple[int, int]) -> bool:
    """Whether `place` cuts no word in two where `span` did not: "cast" does not stand in "castle"."""
    old, new = alignment.old, alignment.new
    return all(old.cuts(here) or not new.cuts(there) for here, there in zip(span, place, strict=True))


def _similar(alignment: Alignment, first: int, last: int) -> tuple[int, int] | None:
    """The place between their neighbours that reads most like old `[first:last]`; None without one.

    Words that line up hold it; its two ends are set where the rest of the passage fits best.
    """
    old, new = alignment.old, alignment.new
    low, high = alignment.room(first, last)
    solid = list(alignment.solid(first, last))
    if not solid:
        if not 0 < high - low <= REACH:
            return None
        hits = _alike(new, old.text[first:last], low, high, inside=old.cuts(first) or old.cuts(last))
        best = max(hits, key=lambda hit: (hit[2], -hit[0]), default=None)
        return best[:2] if best else None
    here, _, start, _ = solid[0]
    _, last_here, _, end = solid[-1]
    head, tail = old.text[first:here], old.text[last_here:last]
    if head:
        reach = max(low, start - 2 * len(head) - 10)
        edges = new.edges(reach, start, ends=False, inside=old.cuts(first))
        start = _nearest(((edge, new.text[edge:start]) for edge in (*edges, start)), head)
    if tail:
        reach = min(high, end + 2 * len(tail) + 10)
        edges = new.edges(end, reach, ends=True, inside=old.cuts(last))
        end = _nearest(((edge, new.text[end:edge]) for edge in (*edges, end)), tail)
    return start, end


def _nearest(candidates: Iterator[tuple[int, str]], words: str) -> int:
    """The edge whose text takes the fewest edits to become `words`; of several, the one that keeps most."""

    def far(candidate: tuple[int, str]) -> tuple[int, float]:
        text = candidate[1]
        return Levenshtein.distance(words, text), Levenshtein.normalized_distance(words, text)

    return min(candidates, key=far)[0]


def _alike(
    tokens: Tokens, words: str, low: int, high: int, *, inside: bool = False
) -> Iterator[tuple[int, int, float]]:
    """Places of folded `[low:high]` that read like `words`, with their similarity; none overlap."""
    rest = [(low, high)]
    while rest:
        low, high = rest.pop()
        hit = fuzz.partial_ratio_alignment(words, tokens.text[low:high], score_cutoff=100 * SUGGESTED)
        if hit is None or hit.dest_start == hit.dest_end:
            continue
        start, end = low + hit.dest_start, low + hit.dest_end
        # The hit has the length of `words` and may end within a word: settle the end, the start, and again.
        slack = len(words) // 2 + 10
        for _ in range(2):
            ends = tokens.edges(max(start + 1, end - slack), min(high, end + slack), ends=True, inside=inside)
            end = _nearest(((edge, tokens.text[start:edge]) for edge in ends or [end]), words)
            starts = tokens.edges(
                max(low, start - slack), min(end - 1, start + slack), ends=False, inside=inside
            )
            start = _nearest(((edge, tokens.text[edge:end]) for edge in starts or [start]), words)
        similarity = Levenshtein.normalized_similarity(words, tokens.text[start:end])
        if similarity >= SUGGESTED:
            yield start, end, similarity
            rest += [(low, start), (end, high)]
