"""What somebody asked for: words that must all be found, “words in quotes” together, -words left out.

Nothing that can be typed is an error. Signs that a database would read as operators are no words, and so
never reach it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from editorial.searching.words import keys_of

LONGEST = 200  # characters that are read
MOST = 10  # terms that are looked for
LEAST = 2  # characters that one of the words must have
# The marks of every language of the site, whichever way round: "…", “…”, „…“, «…», »…«.
_MARKS = '"“”„‟«»'
_PART = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:[{_MARKS}](?P<quoted>[^{_MARKS}]*)[{_MARKS}]?|(?P<plain>[^\s{_MARKS}]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that stand one after the other."""

    words: tuple[str, ...]
    is_excluded: bool = False

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is what was typed; `terms` are what is looked for."""

    text: str
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that must be found, each once, in their order."""
        return tuple(dict.fromkeys(word for term in self.wanted for word in term.words))

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    @property
    def is_too_short(self) -> bool:
        """Whether there is nothing in it to look for."""
        return not any(len(word) >= LEAST for word in self.words)

    @property
    def key(self) -> str:
        """The words as one text, to compare with a whole title."""
        return " ".join(word for term in self.wanted for word in term.words)

    def with_words(self, instead: Mapping[str, str]) -> Query:
        """The query with other words in the place of some, in its text as well."""
        terms = tuple(
            Term(tuple(instead.get(word, word) for word in term.words), term.is_excluded)
            for term in self.terms
        )
        return Query(" ".join(map(_written, terms)), terms)


def parse(text: str) -> Query:
    """Read what was typed. Words joined by a sign, as in “Spider-Man”, stand one after the other."""
    text = text[:LONGEST].replace("\x00", " ")
    terms: dict[Term, None] = {}
    for found in _PART.finditer(text):
        words = tuple(keys_of(found["quoted"] if found["quoted"] is not None else found["plain"]))
        if words and len(terms) < MOST:
            terms[Term(words, found["minus"] is not None)] = None
    return Query(text.strip(), tuple(terms))


def _written(term: Term) -> str:
    words = " ".join(term.words)
    written = f'"{words}"' if term.is_phrase else words
    return f"-{written}" if term.is_excluded else written
