"""Recaptures whose truth is known because we made them: what tests and `make bench-anchoring` count.

A trial is an old text, a new one made from it by edits that keep track of every code point, and one
passage. Where a passage stands in the new text follows from the edits, never from reading the texts; what
should be said about it follows from the rules of `catalog.anchoring`: the same folded words there are
verified, a similarity of 0.70 or more is changed, less is lost.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalog.anchoring import Outcome, reanchor
from catalog.folding import fold

DEMO = Path(__file__).parents[2] / "fixtures" / "demo" / "articles"
LENGTHS = {"40-300": (40, 300), "8-45": (8, 45)}
PASSAGES = 10  # of one recapture, for the kinds that edit the whole text
APART = 20  # code points at least between a passage and its copy: side by side nobody can tell which is which
ADS = (
    "Advertisement",
    "ANZEIGE",
    "Publicidad",
    "Read more: The ten best crime dramas to stream this weekend",
    "Sign up for our newsletter and never miss a new season.\nYour e-mail address\nSubscribe",
    "Sponsored: Sleep better with a mattress that thinks. Now 20% off!",
)
PARAGRAPH = (
    "Update: This article was first published last week. We have since spoken to two members of the crew, "
    "who told us that the shoot took longer than planned and that the weather was to blame for most of it."
)
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True)
class Trial:
    """One passage of one recapture; `states` are the right answers, with `place` for all but lost."""

    kind: str
    old: str
    new: str
    span: tuple[int, int]
    states: frozenset[str]
    place: tuple[int, int] | None

    def verdict(self, outcome: Outcome) -> str:
        """right; wrong (an anchor where the passage does not stand); else missed (the state is not right)."""
        if outcome.state == "lost":
            return "right" if "lost" in self.states else "missed"
        if (outcome.start, outcome.end) != self.place:
            return "wrong"
        return "right" if outcome.state in self.states else "missed"


class Draft:
    """A text under edit: every code point with the place in the old text that it comes from."""

    def __init__(self, text: str) -> None:
        self.old = text
        self.chars: list[tuple[str, int | None]] = [(char, index) for index, char in enumerate(text)]

    @property
    def text(self) -> str:
        return "".join(char for char, _ in self.chars)

    def insert(self, at: int, text: str) -> None:
        """Insert before what came from old `at`, wherever that stands now."""
        where = next((k for k, (_, origin) in enumerate(self.chars) if origin == at), len(self.chars))
        self.chars[where:where] = [(char, None) for char in text]

    def delete(self, start: int, end: int) -> None:
        self.chars = [pair for pair in self.chars if pair[1] is None or not start <= pair[1] < end]

    def rewrite(self, change: Callable[[str, int | None], str]) -> None:
        """Put `change(char, origin)` in the place of every code point."""
        self.chars = [(new, origin) for char, origin in self.chars for new in change(char, origin)]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """From the first to the last visible code point that comes from old `[start:end]`."""
        found = [
            k
            for k, (char, origin) in enumerate(self.chars)
            if origin is not None and start <= origin < end and not char.isspace()
        ]
        return (found[0], found[-1] + 1) if found else None


def demo_texts() -> list[str]:
    """The articles of the demo newsroom without their markup, one paragraph or heading per block."""
    texts = []
    for path in sorted(DEMO.rglob("*.html")):
        blocks = re.split(r"</(?:p|h2|h3|li|blockquote)>", path.read_text())
        words = (unescape(re.sub(r"<[^>]*>", "", block)).strip() for block in blocks)
        texts.append("\n\n".join(word for word in words if word))
    return texts


def trials(texts: Sequence[str], kind: str, length: str, count: int) -> Iterator[Trial]:
    """`count` trials of one kind over `texts` in turn, the same ones every time."""
    made = 0
    for number in range(count * 20):
        rng = random.Random(f"{kind} {length} {number}")
        text = texts[number % len(texts)]
        other = texts[(number + 1) % len(texts)]
        for trial in KINDS[kind](rng, kind, text, other, LENGTHS[length]):
            yield trial
            made += 1
            if made == count:
                return
    raise AssertionError(f"only {made} of {count} trials of {kind}, {length}")


def answers(trials: Iterable[Trial]) -> Iterator[tuple[Trial, Outcome]]:
    """Each trial with the outcome for its passage; those of one recapture are asked for together."""
    for (old, new), group in groupby(trials, key=lambda trial: (trial.old, trial.new)):
        together = list(group)
        yield from zip(together, reanchor(old, new, [trial.span for trial in together]), strict=True)


def passage(rng: random.Random, text: str, lengths: tuple[int, int]) -> tuple[int, int]:
    """A span from the start of a word to the end of one; in nine of ten cases within a line."""
    words = [match.span() for match in re.finditer(r"[\w$%]+", text)]
    across = rng.random() < 0.1
    while True:
        start = rng.choice(words)[0]
        target = start + rng.randint(*lengths)
        end = max((end for _, end in words if end <= target), default=0)
        if lengths[0] <= end - start and (across or "\n" not in text[start:end]):
            return start, end


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or line around a span, with the white space after it."""
    first = max((match.end() for match in re.finditer(r"[.!?]\s+|\n+", text[:start])), default=0)
    last = re.compile(r"[.!?]\s+|\n+|\Z").search(text, end)
    return first, last.end()


def blocks(text: str) -> list[tuple[int, int]]:
    """The spans of the paragraphs, each with the blank line after it."""
    return [match.span() for match in re.finditer(r"[^\n]+\n*", text)]


def by_the_rules(kind: str, draft: Draft, span: tuple[int, int]) -> Trial:
    """What the rules say about a passage that stayed where it was."""
    place = draft.place(*span)
    new = draft.text
    state = "lost"
    if place:
        before, after = fold(draft.old[slice(*span)]).text, fold(new[slice(*place)]).text
        if before == after:
            state = "verified"
        elif Levenshtein.normalized_similarity(before, after) >= 0.70:
            state = "changed"
    return Trial(kind, draft.old, new, span, frozenset({state}), None if state == "lost" else place)


# Edits of the whole text


def typos(rng: random.Random, draft: Draft) -> None:
    """Slips inside words, in one letter of 80: left out, doubled, another one, two exchanged."""
    letters = [k for k, (char, origin) in enumerate(draft.chars) if char.isalpha() and origin is not None]
    for k in sorted(rng.sample(letters, len(letters) // 80), reverse=True):
        char, origin = draft.chars[k]
        following = draft.chars[k + 1] if k + 1 < len(draft.chars) else (" ", None)
        slip = rng.choice(("left out", "doubled", "another", "exchanged"))
        if slip == "left out":
            del draft.chars[k]
        elif slip == "doubled":
            draft.chars.insert(k, (char, origin))
        elif slip == "another":
            draft.chars[k] = (rng.choice("etaoinshrdlu"), origin)
        elif following[0].isalpha() and following[1] is not None:
            draft.chars[k : k + 2] = [(following[0], origin), (char, following[1])]


def inserted_paragraph(rng: random.Random, draft: Draft) -> None:
    draft.insert(rng.choice(blocks(draft.old))[0], PARAGRAPH + "\n\n")


def quotes(rng: random.Random, draft: Draft) -> None:
    """Curly quotes made straight, or straight ones curly."""
    if any(char in "“”‘’" for char in draft.old):
        draft.rewrite(lambda char, _: char.translate(QUOTES))
    else:
        draft.rewrite(lambda char, _: rng.choice("“”") if char == '"' else "’" if char == "'" else char)


def spaces(rng: random.Random, draft: Draft) -> None:
    """No-break spaces, letters taken apart, soft hyphens."""
    old = draft.old

    def change(char: str, origin: int | None) -> str:
        if char == " " and rng.random() < 0.2:
            return "\u00a0"
        if origin is not None and old[max(origin - 2, 0) : origin + 2].isalpha() and rng.random() < 0.1:
            # Between two letters of the word, never at its edge.
            return "\u00ad" + char if origin and old[origin - 1].isalpha() and _inner(old, origin) else char
        return unicodedata.normalize("NFD", char)

    draft.rewrite(change)


def _inner(text: str, index: int) -> bool:
    return 1 < index < len(text) - 2 and text[index - 2 : index + 2].isalpha()


def ads(rng: random.Random, draft: Draft) -> None:
    """Two to five advertisements between paragraphs or sentences."""
    starts = [start for start, _ in blocks(draft.old)]
    starts += [match.end() for match in re.finditer(r"[.!?] ", draft.old)]
    for at in rng.sample(starts, min(len(starts), rng.randint(2, 5))):
        draft.insert(at, f"{rng.choice(ADS)}\n\n")


def everything(rng: random.Random, draft: Draft) -> None:
    for edit in (typos, inserted_paragraph, ads, quotes, spaces):
        edit(rng, draft)


def edited(edit: Callable[[random.Random, Draft], None]) -> Callable[..., Iterator[Trial]]:
    def make(rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]):
        draft = Draft(text)
        edit(rng, draft)
        for _ in range(PASSAGES):
            yield by_the_rules(kind, draft, passage(rng, text, lengths))

    return make


def ads_out(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """The old text is the one with advertisements; a passage may hold one or a part of one."""
    full = Draft(text)
    ads(rng, full)
    draft = Draft(full.text)
    draft.chars = [
        pair for pair, (_, origin) in zip(draft.chars, full.chars, strict=True) if origin is not None
    ]
    for _ in range(PASSAGES):
        yield by_the_rules(kind, draft, passage(rng, draft.old, lengths))


def reordered(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """Two paragraphs change places. From the one to the other, passages may count as moved or as staying."""
    spans = blocks(text.rstrip("\n") + "\n\n")
    text = text.rstrip("\n") + "\n\n"
    a, b = sorted(rng.sample(spans, 2))
    draft = Draft(text)
    whole = draft.chars
    draft.chars = [
        *whole[: a[0]],
        *whole[slice(*b)],
        *whole[a[1] : b[0]],
        *whole[slice(*a)],
        *whole[b[1] :],
    ]
    for _ in range(PASSAGES):
        span = passage(rng, text, lengths)
        if not any(start <= span[0] and span[1] <= end for start, end in spans):
            continue
        trial = by_the_rules(kind, draft, span)
        if a[0] <= span[0] < b[1]:
            trial = Trial(kind, text, trial.new, span, _moved_states(text, trial.new, span), trial.place)
        yield trial


# Edits of one passage; in every other trial the rest of the text is edited as well


def noise(rng: random.Random, draft: Draft) -> None:
    if rng.random() < 0.5:
        for edit in rng.sample((typos, inserted_paragraph, ads, quotes, spaces), 2):
            edit(rng, draft)


def duplicated(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """A copy is added elsewhere, before or after."""
    span = passage(rng, text, lengths)
    draft = Draft(text)
    at = _elsewhere(rng, text, span)
    draft.insert(at, text[slice(*span)] + rng.choice((". ", ".\n\n")))
    noise(rng, draft)
    yield by_the_rules(kind, draft, span)


def moved(rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]) -> Iterator[Trial]:
    """The passage, or its sentence, is taken out and put in elsewhere."""
    span = passage(rng, text, lengths)
    cut = rng.choice((span, sentence(text, *span)))
    at = _elsewhere(rng, text, cut)
    draft = Draft(text)
    taken = draft.chars[slice(*cut)]
    rest = [*draft.chars[: cut[0]], *draft.chars[cut[1] :]]
    where = next(k for k, (_, origin) in enumerate(rest) if origin == at)
    draft.chars = [*rest[:where], *taken, (" ", None), *rest[where:]]
    noise(rng, draft)
    place = draft.place(*span)
    if place and fold(draft.text[slice(*place)]).text == fold(text[slice(*span)]).text:
        yield Trial(kind, text, draft.text, span, _moved_states(text, draft.text, span), place)


def deleted(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """The passage, or its sentence, is taken out; nothing else in the text reads like it."""
    span = passage(rng, text, lengths)
    if not _lookalike(text[slice(*span)], text[: span[0]], text[span[1] :]):
        draft = Draft(text)
        draft.delete(*rng.choice((span, sentence(text, *span))))
        noise(rng, draft)
        if not _lookalike(text[slice(*span)], draft.text):
            yield Trial(kind, text, draft.text, span, frozenset({"lost"}), None)


def replaced(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """The passage, or its sentence, gives way to words of another text that do not read like it."""
    span = passage(rng, text, lengths)
    cut = rng.choice((span, sentence(text, *span)))
    start, end = passage(rng, other, lengths)
    if not _lookalike(text[slice(*span)], other[start:end]):
        draft = Draft(text)
        draft.insert(cut[0], other[start:end] + (" " if cut != span else ""))
        draft.delete(*cut)
        noise(rng, draft)
        yield Trial(kind, text, draft.text, span, frozenset({"lost"}), None)


def lookalike(
    rng: random.Random, kind: str, text: str, other: str, lengths: tuple[int, int]
) -> Iterator[Trial]:
    """The passage, or its sentence, is taken out; a copy, or all but one word of it, stays elsewhere."""
    start, end = passage(rng, text, lengths)
    words = text[start:end].split(" ")
    if rng.random() < 0.5:
        words[rng.randrange(len(words))] = rng.choice(PARAGRAPH.split())
    at = _elsewhere(rng, text, sentence(text, start, end))
    copy = " ".join(words) + rng.choice((". ", ".\n\n"))
    text = text[:at] + copy + text[at:]
    span = (start, end) if at > start else (start + len(copy), end + len(copy))
    draft = Draft(text)
    draft.delete(*rng.choice((span, sentence(text, *span))))
    noise(rng, draft)
    yield Trial(kind, text, draft.text, span, frozenset({"lost"}), None)


def _elsewhere(rng: random.Random, text: str, span: tuple[int, int]) -> int:
    """Where a sentence begins, not within or beside the span."""
    starts = [start for start, _ in blocks(text)] + [match.end() for match in re.finditer(r"[.!?] ", text)]
    return rng.choice(
        [at for at in starts if not span[0] - APART <= at <= span[1] + APART and at < len(text)]
    )


def _lookalike(words: str, *texts: str) -> bool:
    return any(fuzz.partial_ratio(fold(words).text, fold(text).text) >= 70 for text in texts)


def _moved_states(old: str, new: str, span: tuple[int, int]) -> frozenset[str]:
    """Found where it went; or lost if under 16 characters, or not standing once in both."""
    words = fold(old[slice(*span)]).text
    known = len(words) >= 16 and all(
        text.find(words) == text.rfind(words) for text in (fold(old).text, fold(new).text)
    )
    return frozenset({"moved", "verified"} if known else {"moved", "verified", "lost"})


KINDS: dict[str, Callable[..., Iterator[Trial]]] = {
    "typos": edited(typos),
    "inserted paragraph": edited(inserted_paragraph),
    "curly quotes": edited(quotes),
    "NBSP, NFD, soft hyphens": edited(spaces),
    "ads in": edited(ads),
    "ads out": ads_out,
    "all together": edited(everything),
    "reordered": reordered,
    "duplicated": duplicated,
    "moved": moved,
    "deleted": deleted,
    "replaced": replaced,
    "deleted, lookalike": lookalike,
}
