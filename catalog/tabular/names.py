"""Names: which are nearly the same, and the slug and the sort name that a new one gets.

Accents, case and spacing count for nothing (`catalog.folding.search_key`); one typing error in a short name
and two in a long one leave it nearly the same. Whether two such names are one person is decided by people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.folding import search_key

_SHORT, _LONG = 6, 12  # letters of a folded name: fewer allow no error, as many allow two
_PARTICLES = frozenset(
    (
        *("de", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "las", "los", "san"),
        *("van", "von", "der", "den", "ter", "el", "al", "mc"),
    )
)
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])


def name_key(name: str) -> str:
    """Names with the same key are spellings of one name: “Scoot McNairy”, “SCOOT MC NAIRY”."""
    return search_key(name).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Near:
    """The key of a known name that is nearly the one asked for; without errors it is a spelling of it."""

    key: str
    errors: int


def errors_allowed(key: str) -> int:
    """How many typing errors still leave a name of that key nearly the same."""
    return 0 if len(key) < _SHORT else 1 if len(key) < _LONG else 2


def nearest(name: str, keys: Collection[str], limit: int = 3) -> list[Near]:
    """The known keys that are nearly that of `name`, nearest first. Other numbers make another name."""
    key = name_key(name)
    if not key:
        return []
    if key in keys:
        return [Near(key, 0)]
    allowed = errors_allowed(key)
    if not allowed:
        return []
    found = process.extract(key, keys, scorer=OSA.distance, score_cutoff=allowed, limit=limit)
    digits = _digits(key)
    near = [Near(text, int(errors)) for text, errors, _index in found if _digits(text) == digits]
    return sorted(near, key=lambda one: (one.errors, one.key))


def propose_slug(name: str, is_taken: Callable[[str], bool], longest: int = 100) -> str:
    """A free slug for a new name: its words in ASCII; for a name without ASCII letters, one from its hash."""
    words = search_key(name).encode("ascii", "ignore").decode().split()
    stem = "-".join(words)[:longest].strip("-")
    if not stem:
        stem = f"name-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    slug, number = stem, 1
    while is_taken(slug):
        number += 1
        slug = f"{stem[: longest - len(str(number)) - 1]}-{number}"
    return slug


def propose_sort_name(name: str) -> str:
    """As in an index: “Luna, Diego”, “De Niro, Robert”, “Downey, Robert, Jr.”. A single word stays alone."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].strip(".,").lower() in _SUFFIXES else ""
    if len(words) < 2:
        return " ".join([*words, suffix]).strip()
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES and words[first - 1][0].isupper():
        first -= 1
    family = " ".join(words[first:]).rstrip(",")
    return ", ".join([family, " ".join(words[:first]), *([suffix] if suffix else [])])


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
