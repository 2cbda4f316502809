"""Whether what a passage says is the value of a record's field.

Each citable field has a kind, and each kind its own comparison: dates by precision, names by alias and
folding, numbers by what “at least” leaves open, choices by value or label in any of the site's languages.
What is not understood says nothing: it is never guessed at. Nothing here reads the database; what follows
for a field from all its citations is decided by `catalog.timeline`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any

from django.utils import translation

from catalog.dates import PartialDate
from catalog.facts import WHOLE, model_of, value_text
from catalog.folding import search_key
from catalog.said import LANGUAGES, SaidNumber, reach, read_date, read_number


class Comparison(Enum):
    """How what a passage says stands to a value."""

    AGREES = "agrees"
    VAGUER = "vaguer"  # compatible, and less precise
    DIFFERS = "differs"
    SILENT = "silent"  # says nothing that can be compared


class Kind(Enum):
    """How the values of a field compare. Every other field holds free words."""

    DATE = "date"
    NAME = "name"
    NUMBER = "number"
    CHOICE = "choice"
    WORDS = "words"


_KINDS: Mapping[Kind, frozenset[tuple[str, str]]] = {
    Kind.DATE: frozenset(
        {
            ("series", "premiere"),
            ("season", "premiere"),
            ("season", "renewed"),
            ("season", "filming_start"),
            ("season", "filming_end"),
            ("episode", "aired"),
            ("availability", "begins"),
            ("availability", "ends"),
        }
    ),
    Kind.NAME: frozenset(
        {
            ("series", "title"),
            ("series", "network"),
            ("series", "production_company"),
            ("episode", "title"),
            ("person", "name"),
            ("character", "name"),
            ("alias", "text"),
            ("earlierwork", "title"),
            ("availability", "service"),
        }
    ),
    Kind.NUMBER: frozenset({("season", "episode_count")}),
    Kind.CHOICE: frozenset(
        {("series", "relation"), ("season", "status"), ("castentry", "status"), ("crewcredit", "job")}
    ),
}

# Values that a field passes through one after the other: an earlier one was true once.
COURSES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("season", "status"): (
        "not confirmed",
        "renewed",
        "filming",
        "post-production",
        "upcoming",
        "available",
    ),
}

# Ways of saying that a value is not known yet; compared by folding, as a whole.
_NOT_KNOWN = frozenset(
    search_key(words)
    for words in (
        *("not announced", "not announced yet", "not yet announced", "unannounced", "to be announced", "tba"),
        *("none set", "not set", "no date", "no date set", "no date announced", "none announced", "tbc"),
        *("unknown", "not known", "not yet known", "not confirmed", "to be confirmed", "to come"),
        *("nicht angekündigt", "noch nicht angekündigt", "nicht bekannt", "noch nicht bekannt", "unbekannt"),
        *("kein Termin", "noch kein Termin", "steht noch nicht fest", "offen", "noch offen"),
        *("no anunciado", "no anunciada", "sin anunciar", "aún no anunciado", "aún no anunciada"),
        *("sin fecha", "desconocido", "desconocida", "por anunciar", "por confirmar", "sin confirmar"),
    )
)


def kind_of(model: str, field: str) -> Kind:
    """The kind of a field, by the names that `catalog.facts.CITABLE` has."""
    return next((kind for kind, fields in _KINDS.items() if (model, field) in fields), Kind.WORDS)


def compare(record: Any, field: str, says: str, names: Collection[str] = ()) -> Comparison:
    """How `says` stands to the record's present value of `field`.

    `names` are other names of the same thing (aliases), for names and free words.
    """
    value = value_text(record, field)
    if not value or not search_key(says):
        return Comparison.SILENT
    if says == value:
        return Comparison.AGREES
    kind = kind_of(model_of(record), field)
    if kind is Kind.CHOICE:
        return compare_choices(value, read_choice(record, field, says))
    if (model_of(record), field) == ("series", "original_language"):
        names = {*names, *_language_names(value)}
    if kind in (Kind.NAME, Kind.WORDS):
        return _TEXTS[kind](value, says, names)
    return _VALUES[kind](value, says)


def says_not_known(says: str) -> bool:
    """Whether the words say that the value is not known yet: “not announced”, “noch nicht bekannt”."""
    return search_key(says) in _NOT_KNOWN


def compare_dates(value: str, says: str) -> Comparison:
    """`value` in EDTF; `says` in EDTF, as `--02-13`, or in words. A missing year contradicts none."""
    said = read_date(says)
    try:
        date = PartialDate.parse(value)
    except ValueError:
        return Comparison.SILENT
    if said is None:
        return Comparison.SILENT
    pairs = ((said.year, date.year), (said.month, date.month), (said.day, date.day))
    if any(one is not None and other is not None and one != other for one, other in pairs):
        whole = said.whole()
        near = whole is not None and whole.approximate and _overlap(whole, date)
        return Comparison.VAGUER if near else Comparison.DIFFERS
    vaguer = _finest(said.month, said.day) < _finest(date.month, date.day)
    return Comparison.VAGUER if vaguer or said.approximate > date.approximate else Comparison.AGREES


def compare_numbers(value: str, says: str) -> Comparison:
    """Both as `8` or `>=8`, `says` also in words: “at least 8” agrees with 8 and 10, not with 7."""
    known, said = read_number(value), read_number(says)
    if known is None or said is None:
        return Comparison.SILENT
    if not (_allows(known, said) or _allows(said, known)):
        return Comparison.DIFFERS
    if said.is_minimum and (not known.is_minimum or said.number < known.number):
        return Comparison.VAGUER
    return Comparison.AGREES


def compare_names(value: str, says: str, names: Collection[str] = ()) -> Comparison:
    """By folding and by alias; some words of the name, in their order, are a vaguer form of it."""
    said = search_key(says)
    keys = {search_key(name) for name in (value, *names)}
    if said in keys:
        return Comparison.AGREES
    words = search_key(value).split()
    rest = iter(words)
    return Comparison.VAGUER if all(word in rest for word in said.split()) else Comparison.DIFFERS


def compare_words(value: str, says: str, names: Collection[str] = ()) -> Comparison:
    """Free words agree when they are the same after folding, and differ only as numbers and dates do."""
    if search_key(says) in {search_key(name) for name in (value, *names)}:
        return Comparison.AGREES
    numbers = compare_numbers(value, says)
    return compare_dates(value, says) if numbers is Comparison.SILENT else numbers


def compare_choices(value: str, said: str | None) -> Comparison:
    """`said` is the value that was read, if any (`read_choice`)."""
    if said is None:
        return Comparison.SILENT
    return Comparison.AGREES if said == value or value.startswith(f"{said} ") else Comparison.DIFFERS


def read_choice(record: Any, field: str, says: str) -> str | None:
    """The value of a field with choices that the words name, by value or by label in en, de or es."""
    model: Any = type(record)
    labels = _labels(model, field)
    forms = [says]
    if model_of(record) == "series":
        # A relation is written with the slug of the other series.
        forms.append(says.rpartition(" ")[0])
    return next((labels[key] for form in forms if (key := search_key(form)) in labels), None)


def readable_value(record: Any, field: str, says: str) -> str | None:
    """The value that the words give the field, as `catalog.facts.value_text` writes it; None when unsure.

    A date needs its year, a relation must be one to the series that the record is related to already.
    """
    model = model_of(record)
    if field == WHOLE or not search_key(says) or says_not_known(says):
        return None
    if (model, field) == ("series", "relation"):
        return _readable_relation(record, says)
    if (model, field) == ("series", "original_language"):
        return says if _language_names(says) else None
    kind = kind_of(model, field)
    if kind is Kind.DATE:
        said = read_date(says)
        date = said.whole() if said is not None else None
        return None if date is None else str(date)
    if kind is Kind.NUMBER:
        number = read_number(says)
        return None if number is None else f"{'>=' if number.is_minimum else ''}{number.number}"
    return read_choice(record, field, says) if kind is Kind.CHOICE else " ".join(says.split())


def assign(record: Any, field: str, value: str) -> None:
    """Give the record's field the value that `value_text` would write as `value`. Raises ValueError.

    Of a relation only its kind changes.
    """
    model = model_of(record)
    if field == WHOLE:
        raise ValueError("a whole record has no value to change")
    if (model, field) == ("series", "relation"):
        record.relation = value.partition(" ")[0]
    elif kind_of(model, field) is Kind.NUMBER:
        number = read_number(value)
        if number is None:
            raise ValueError(f"“{value}” is no number")
        record.episode_count, record.episode_count_is_minimum = number.number, number.is_minimum
    elif kind_of(model, field) is Kind.DATE:
        setattr(record, field, PartialDate.parse(value))
    else:
        setattr(record, field, value)
    if value_text(record, field) != value:
        raise ValueError(f"“{value}” is no value of {field}")


def _readable_relation(series: Any, says: str) -> str | None:
    relation, other = read_choice(series, "relation", says), series.companion_to
    if relation is None or other is None:
        return None
    model: Any = type(series)
    alone = search_key(says) in _labels(model, "relation")
    named = search_key(says.rpartition(" ")[2])
    same = {search_key(other.slug), search_key(other.title)}
    return f"{relation} {other.slug}" if alone or named in same else None


@functools.cache
def _labels(model: Any, field: str) -> dict[str, str]:
    choices = list(model._meta.get_field(field).choices)
    labels: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            labels |= {search_key(str(label)): value for value, label in choices}
    return labels | {search_key(value): value for value, _label in choices}


def _language_names(code: str) -> set[str]:
    """A language in its own words and in those of each of the site's languages."""
    names: set[str] = set()
    for language in LANGUAGES:
        with translation.override(language):
            try:
                info = translation.get_language_info(code)
            except KeyError:
                return set()
            names |= {info["name_local"], str(info["name_translated"])}
    return names


def _finest(month: int | None, day: int | None) -> int:
    if day is not None:
        return 2
    return 0 if month is None else 1


def _overlap(one: PartialDate, other: PartialDate) -> bool:
    (first, last), (other_first, other_last) = reach(one), reach(other)
    return first <= other_last and other_first <= last


def _allows(one: SaidNumber, other: SaidNumber) -> bool:
    """Whether the other can be the number that one leaves open."""
    if one.is_minimum:
        return other.is_minimum or other.number >= one.number
    return not other.is_minimum and one.number == other.number


_VALUES: Mapping[Kind, Callable[[str, str], Comparison]] = {
    Kind.DATE: compare_dates,
    Kind.NUMBER: compare_numbers,
}
_TEXTS: Mapping[Kind, Callable[[str, str, Collection[str]], Comparison]] = {
    Kind.NAME: compare_names,
    Kind.WORDS: compare_words,
}
