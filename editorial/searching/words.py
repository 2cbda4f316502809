"""Words of texts and of queries, as they are compared: without accents and case, and by their stems.

A word is a run of letters and digits; its key is `catalog.folding.search_key`. Stems (Snowball) are made of
keys, so that who types no accents finds the same. Which texts a query finds is decided by
`editorial.searching.columns` and `editorial.searching.matching` together.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import snowballstemmer

from catalog.folding import search_key

# The languages whose words are stemmed; words of others are found as they are written.
STEMMED = {"en": "english", "de": "german", "es": "spanish"}
LONGEST = 60  # characters of a key; a word that is longer is found by its beginning
_APOSTROPHES = "'’ʼ"
_LETTERS = re.compile(r"[^\W_]+")
# What may be a combining mark: no letter, no digit, no Latin sign, no punctuation and no currency.
_UNUSUAL = re.compile(r"[^\w\x00-\u02ff\u2000-\u20cf]")
_lock = threading.Lock()


class Word(NamedTuple):
    """A word at `[start:end]` of a text. A sign such as “½” gives several words of one span."""

    key: str
    start: int
    end: int


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in their order. “Peña’s” is one word, “peña”, with its ending left out."""
    plain = not _UNUSUAL.search(text)
    for start, end in (found.span() for found in _LETTERS.finditer(text)) if plain else _runs(text):
        if end - start > 1 or not _is_ending(text, start):
            run = text[start:end]
            for key in (run.lower(),) if run.isascii() else search_key(run).split():
                yield Word(key[:LONGEST], start, end)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """The same for a text that may have combining marks, character by character."""
    start = None
    for index, char in enumerate(text):
        if _is_of_word(char):
            start = index if start is None else start
        elif start is not None:
            yield start, index
            start = None
    if start is not None:
        yield start, len(text)


def keys_of(text: str) -> list[str]:
    return [word.key for word in words_of(text)]


def stem(key: str, language: str) -> str:
    """The stem of a key in a language (“de”, “es-MX”); the key itself where the language is not stemmed."""
    name = STEMMED.get(language.partition("-")[0].lower())
    return key if name is None else _stem(key, name)


def stems(key: str) -> tuple[str, ...]:
    """The stems of a key in every language: a query says none."""
    return tuple(sorted({_stem(key, name) for name in STEMMED.values()}))


def _is_ending(text: str, start: int) -> bool:
    """Whether a single letter is the genitive of a name: “Peña’s” is looked for as “Peña”."""
    after_apostrophe = start >= 2 and text[start] in "sS" and text[start - 1] in _APOSTROPHES
    return after_apostrophe and _is_of_word(text[start - 2])


def _is_of_word(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) != 0


@lru_cache(maxsize=50_000)
def _stem(key: str, name: str) -> str:
    with _lock:  # a stemmer keeps its word in itself
        return str(_stemmer(name).stemWord(key)) or key


@cache
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name)
