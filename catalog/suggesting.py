"""What the words of a passage state for a field of a record, to be offered and never taken unseen.

A date, a number or one of a field's choices is offered in the form that citations keep it in (`2020-02-13`,
`--02-13`, `>=8`), a name as the passage writes it. What is not understood is not guessed at: then nothing is
offered. Whether what is offered is the record's value is decided by `catalog.comparing`, and how dates and
numbers are read by `catalog.said`.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.comparing import Comparison, Kind, compare, kind_of, read_choice
from catalog.facts import CITABLE, WHOLE, model_of, value_text
from catalog.folding import search_key
from catalog.said import LANGUAGES, SaidDate, read_date, read_number
from catalog.words import value_in_words

LONGEST = 300  # code points that a citation keeps of what its passage says

_DATE_WORDS = 8  # “on Thursday, the 13th of February of 2020”
_NUMBER_WORDS = 5  # “no fewer than eight episodes”
_YEARS = range(1900, 2100)  # beyond these a number is a year only beside a month

# Months, as folded, that are other words as well: “may”, “two years ago”, “April Smith”.
_ALSO_WORDS = frozenset(("ago", "apr", "april", "aug", "august", "june", "mar", "march", "may", "set"))
# What follows these is a bound and not the date itself.
_BOUNDS = frozenset(
    (
        *("before", "after", "until", "till", "by", "than"),
        *("vor", "nach", "bis", "antes", "despues", "hasta", "tras"),
    )
)
_EPISODES = frozenset(
    (
        *("episode", "episodes", "episoden", "folge", "folgen"),
        *("episodio", "episodios", "capitulo", "capitulos"),
    )
)
_SEASONS = frozenset(("season", "seasons", "staffel", "staffeln", "temporada", "temporadas"))
# What follows these counts a part, or one more.
_PARTS = frozenset(
    (
        *("first", "last", "final", "next", "previous", "another", "more", "other", "remaining"),
        *("ersten", "letzten", "nachsten", "weitere", "weiteren", "ubrigen"),
        *("primeros", "primeras", "ultimos", "ultimas", "proximos", "proximas", "otros", "otras"),
    )
)
_NEGATIONS = frozenset(
    (
        *("not", "no", "never", "t", "neither", "nor", "without", "unlikely", "cannot"),
        *("nicht", "kein", "keine", "keinen", "nie", "ohne", "weder", "nunca", "sin", "ni", "tampoco"),
    )
)
_NEAR = 4  # words between a negation and what it denies
# Parts of names that name nobody.
_PARTICLES = frozenset(("the", "and", "der", "die", "das", "und", "von", "van", "los", "las", "del"))


@dataclass(frozen=True, slots=True)
class FieldOffer:
    """A field of a record that can be cited, for a picker.

    `value` is its present value in words of the active language, `suggestion` what the passage states,
    `kind` the value of a `catalog.comparing.Kind`.
    """

    name: str
    label: str
    value: str
    suggestion: str
    kind: str


def fields_of(record: Any, words: str, names: Collection[str] = ()) -> list[FieldOffer]:
    """The record as a whole and each of its citable fields, with what the words of a passage state for it.

    `names` as for `suggest`. Needs what names the record loaded (`catalog.keys.NAMED_WITH`).
    """
    return [
        FieldOffer(
            name=name,
            label=label,
            value=str(record) if name == WHOLE else value_in_words(record, name),
            suggestion=suggest(record, name, words, names),
            kind=kind_of(model_of(record), name).value,
        )
        for name, label in field_choices(record)
    ]


def field_choices(record: Any) -> list[tuple[str, str]]:
    """The record as a whole and the fields of it that can be cited, each with its label."""
    names = CITABLE[model_of(record)]
    fields = [(name, capfirst(record._meta.get_field(name).verbose_name)) for name in names]
    return [(WHOLE, capfirst(gettext("the whole record"))), *fields]


def suggest(record: Any, field: str, words: str, names: Collection[str] = ()) -> str:
    """What the words of a passage state for a field of the record; "" when nothing is understood.

    `names` are other names of the same thing (aliases). Of several values the one that agrees with the
    present one is offered, else the first.
    """
    if field == WHOLE:
        return _who_in(record, words, names)
    kind = kind_of(model_of(record), field)
    if kind is Kind.DATE:
        return _best(record, field, dates_in(words))
    if kind is Kind.NUMBER:
        return _best(record, field, numbers_in(words))
    if kind is Kind.CHOICE:
        return _best(record, field, _choices_in(words, record, field))
    value = value_text(record, field)
    if kind is Kind.NAME:
        return _name_in(words, value, names, parts=field in ("name", "text"))
    return _free_words_in(words, record, field, names)


@functools.lru_cache(maxsize=4)
def dates_in(words: str) -> tuple[str, ...]:
    """The dates that stand in a text, in EDTF or as `--02-13`; those that are only bounds are left out."""
    found = []
    for before, run in _date_runs(words.split()):
        position, leftover = 0, False
        while position < len(run):
            size, said = _longest_date(run, position)
            bound = search_key(run[position - 1] if position else before) in _BOUNDS
            if said is not None and not bound and not leftover:
                found.append(_edtf(said))
            # After “30” that no date has, “February 2020” is none of its own.
            leftover = said is None and run[position].isdecimal()
            position += size
    return tuple(found)


def numbers_in(words: str, counted: Collection[str] = _EPISODES) -> list[str]:
    """How many there are of what is `counted` (folded nouns) in a text, each as `8` or `>=8`."""
    keys = search_key(words).split()
    found = []
    for index, key in enumerate(keys):
        if key in counted:
            for first in range(max(0, index - _NUMBER_WORDS + 1), index):
                number = read_number(" ".join(keys[first : index + 1]))
                if number is not None:
                    if first == 0 or keys[first - 1] not in _PARTS:
                        found.append(f">={number.number}" if number.is_minimum else str(number.number))
                    break
    return found


def _best(record: Any, field: str, found: Iterable[str]) -> str:
    """The one that agrees with the record's present value, or is a vaguer form of it; else the first."""
    found = list(dict.fromkeys(found))
    for wanted in (Comparison.AGREES, Comparison.VAGUER):
        for one in found:
            if compare(record, field, one) is wanted:
                return one
    return found[0] if found else ""


# Dates


def _date_runs(raw: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Words in a row that may be parts of a date, with the word before them; a year ends a row."""
    run: list[str] = []
    before = previous = ""
    for word in raw:
        bare = word.strip("\"'“”„‘’«»()[],;:!.…")
        if not _may_be_of_a_date(bare, previous):
            # “in February 2020?” asks.
            if run and not bare.endswith("?"):
                yield before, run
            run = []
        else:
            before = before if run else previous
            run.append(bare)
            if _is_year(bare) or word[-1] in ";:!)":
                yield before, run
                run = []
        previous = bare
    if run:
        yield before, run


def _may_be_of_a_date(word: str, previous: str) -> bool:
    if not word or not _reads_beside_a_month(word):
        return False
    if word[0].isdecimal():
        # “season 2 in February”
        return len(word) > 2 or search_key(previous) not in _EPISODES | _SEASONS
    return word[0].isupper() or search_key(word) not in _ALSO_WORDS


@functools.lru_cache(maxsize=4096)
def _is_a_date(word: str) -> bool:
    return read_date(word) is not None


@functools.lru_cache(maxsize=4096)
def _reads_beside_a_month(word: str) -> bool:
    return _is_a_date(word) or read_date(f"{word} May 2001") is not None


def _is_year(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) == 4


def _longest_date(run: Sequence[str], start: int) -> tuple[int, SaidDate | None]:
    """How many words the longest date has that begins at `start`, and the date when it is certain."""
    for size in range(min(_DATE_WORDS, len(run) - start), 0, -1):
        words = run[start : start + size]
        # A month and a year at the most.
        if 1 <= sum(map(_is_a_date, words)) <= 2:
            said = read_date(" ".join(words))
            if said is not None:
                return size, said if _is_certain(said, words) else None
    return 1, None


def _is_certain(said: SaidDate, words: Sequence[str]) -> bool:
    """Whether these words are surely a date: “may” is a month only in “in May”, “1500” never a year alone."""
    if said.month is None:
        return said.year in _YEARS
    if said.year is None and (said.approximate or (said.day is None and len(words) == 1)):
        return not said.approximate and search_key(words[0]) not in _ALSO_WORDS
    return True


def _edtf(said: SaidDate) -> str:
    whole = said.whole()
    if whole is not None:
        return str(whole)
    return f"--{said.month:02}" if said.day is None else f"--{said.month:02}-{said.day:02}"


# Choices


def _choices_in(words: str, record: Any, field: str) -> Iterator[str]:
    """The values of a field with choices that a text names and does not deny, longer names first."""
    model: Any = type(record)
    known, longest = _words_of_choices(model, field)
    # “Executive Producers”
    keys = [
        key[:-1] if key not in known and key[-1] == "s" and key[:-1] in known else key
        for key in search_key(words).split()
    ]
    taken: set[int] = set()
    for size in range(longest, 0, -1):
        for start in range(len(keys) - size + 1):
            place = range(start, start + size)
            if not taken.isdisjoint(place) or not known.issuperset(keys[start : start + size]):
                continue
            value = read_choice(record, field, " ".join(keys[start : start + size]))
            if value is not None:
                taken.update(place)
                if _NEGATIONS.isdisjoint(keys[max(0, start - _NEAR) : start] + keys[start + size :][:1]):
                    yield value


@functools.cache
def _words_of_choices(model: Any, field: str) -> tuple[frozenset[str], int]:
    """The folded words of all values and labels of a field, and how many the longest has."""
    labels: list[list[str]] = []
    for language in LANGUAGES:
        with translation.override(language):
            choices = model._meta.get_field(field).flatchoices
            labels += [search_key(str(text)).split() for choice in choices for text in choice]
    return frozenset(word for label in labels for word in label), max(map(len, labels))


# Names and free words


def _name_in(words: str, name: str, names: Collection[str], *, parts: bool) -> str:
    """The name as a text writes it, else an alias, else with `parts` the longest part of the name."""
    text = _text(words)
    for wanted in (name, *sorted(names, key=len, reverse=True)):
        found = text.written(search_key(wanted), capital=wanted[:1].isupper())
        if found:
            return found
    whole = search_key(name).split()
    for size in range(len(whole) - 1, 0, -1) if parts else ():
        for start in range(len(whole) - size + 1):
            part = whole[start : start + size]
            if part[0] in _PARTICLES or part[-1] in _PARTICLES or len(" ".join(part)) < 3:
                continue
            if found := text.written(" ".join(part), capital=name[:1].isupper()):
                return found
    return ""


def _who_in(record: Any, words: str, names: Collection[str]) -> str:
    """The person and the character of a cast entry or a credit, as a text writes them."""
    if model_of(record) not in ("castentry", "crewcredit"):
        return ""
    character = getattr(record, "character", None)
    who = "" if record.person is None else _name_in(words, record.person.name, (), parts=True)
    whom = "" if character is None else _name_in(words, character.name, names, parts=True)
    both = gettext("%(person)s as %(character)s") % {"person": who, "character": whom}
    return both[:LONGEST] if who and whom else who or whom


def _free_words_in(words: str, record: Any, field: str, names: Collection[str]) -> str:
    """The present value as a text writes it, or a number or a date of the text that agrees with it."""
    value = value_text(record, field)
    if read_number(value) is not None or read_date(value) is not None:
        stated = (*numbers_in(words, _EPISODES | _SEASONS), *dates_in(words))
        return next((one for one in stated if compare(record, field, one) is Comparison.AGREES), "")
    # The code of a language may well be a word of another one.
    values = _spoken_in_each_language(record, field) if field == "original_language" else [value]
    return next((found for one in (*values, *names) if (found := _text(words).written(search_key(one)))), "")


def _spoken_in_each_language(record: Any, field: str) -> list[str]:
    spoken = []
    for language in LANGUAGES:
        with translation.override(language):
            spoken.append(value_in_words(record, field))
    return spoken


class _Text:
    """A text in which folded words are looked up and given back as they are written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = list(_word_spans(text))
        keys = [search_key(text[start:end]) for start, end in self._spans]
        self._folded = f" {' '.join(keys)} "
        # Where each word begins in the folded text.
        self._starts = [0, *accumulate(len(key) + 1 for key in keys)]

    def written(self, key: str, *, capital: bool = False) -> str:
        """The folded words `key` as the text writes them first, with one space between; "" when nowhere.

        With `capital` only where they begin with a capital, a digit or a letter that has no case.
        """
        place = self._folded.find(f" {key} ") if key else -1
        while place >= 0:
            first = bisect_right(self._starts, place) - 1
            last = bisect_right(self._starts, place + len(key) - 1) - 1
            found = " ".join(self._text[self._spans[first][0] : self._spans[last][1]].split())
            if len(found) <= LONGEST and not (capital and found[0].islower()):
                return found
            place = self._folded.find(f" {key} ", place + 1)
        return ""


# Every field of a record looks through the same words.
_text = functools.lru_cache(maxsize=4)(_Text)


def _word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand: letters and digits, with the marks upon them."""
    start = None
    for index, char in enumerate(text):
        if char.isalnum():
            start = index if start is None else start
        elif start is not None and not unicodedata.combining(char):
            yield start, index
            start = None
    if start is not None:
        yield start, len(text)
