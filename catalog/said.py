"""Dates and numbers as sources put them into words: “13. Februar”, “in December 2018”, “at least 8”.

English, German and Spanish, whatever language the page is in; the names of months and weekdays are
Django's own. A text is read only when every word of it is understood: what is not, says nothing.
Whether two values agree is decided by `catalog.comparing`.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import dates, translation

from catalog.dates import PartialDate
from catalog.folding import search_key

LANGUAGES = ("en", "de", "es")

_WITHOUT_YEAR = re.compile(r"--(\d\d)(?:-(\d\d))?", re.ASCII)
# A doubt, a choice, a range of days: more than a date says.
_MORE_THAN_A_DATE = re.compile(r"[?/<>≤≥&+=]|\d\s*[-‐‑‒–—]\s*\d")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_BESIDE_A_DATE = frozenset(
    ("in", "on", "of", "the", "im", "am", "dem", "den", "der", "en", "el", "de", "del", "dia")
)
_ABOUT = frozenset(
    (
        *("about", "around", "approximately", "circa", "ca"),
        *("etwa", "ungefahr", "rund", "hacia", "alrededor", "aproximadamente"),
    )
)

_NUMBER_WORDS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(words.split(), start=1)
}
_COUNTED = "episodes?|episoden?|folgen?|episodios?|capitulos?|seasons?|staffeln?|temporadas?"
_NUMBER = rf"(?P<number>\d+|[a-z]+)(?: (?:{_COUNTED}))?"
_EXACTLY = re.compile(rf"(?:(?:exactly|genau|exactamente) )?{_NUMBER}", re.ASCII)
_AT_LEAST = re.compile(
    r"(?:at least|no fewer than|mindestens|wenigstens|al menos|por lo menos|como minimo)"
    rf" {_NUMBER}",
    re.ASCII,
)
_OR_MORE = re.compile(rf"(?P<number>\d+|[a-z]+) (?:or more|oder mehr|o mas)(?: (?:{_COUNTED}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SaidDate:
    """What a source says of a date; any part may be missing, the year too (“13. Februar”)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    def whole(self) -> PartialDate | None:
        """The date with its year; None without one."""
        return None if self.year is None else PartialDate(self.year, self.month, self.day, self.approximate)


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number, or the least that it can be."""

    number: int
    is_minimum: bool = False


def read_date(text: str) -> SaidDate | None:
    """The date that a text consists of, in words, as EDTF or as `--02-13`; None when it is anything else."""
    text = text.strip()
    try:
        date = PartialDate.parse(text)
    except ValueError:
        pass
    else:
        return SaidDate(date.year, date.month, date.day, date.approximate)
    if (found := _WITHOUT_YEAR.fullmatch(text)) is not None:
        month, day = found.groups()
        return _possible(SaidDate(month=int(month), day=int(day) if day else None))
    return None if _MORE_THAN_A_DATE.search(text) else _date_in_words(search_key(text).split())


def read_number(text: str) -> SaidNumber | None:
    """The number that a text consists of, as `8`, `>=8` or in words; None when it is anything else."""
    text = text.strip()
    for sign in (">=", "≥"):
        if text.startswith(sign):
            rest = text[len(sign) :].strip()
            return SaidNumber(int(rest), is_minimum=True) if _is_number(rest) else None
    if _is_number(text.removesuffix("+")):
        return SaidNumber(int(text.removesuffix("+")), is_minimum=text.endswith("+"))
    if not text.replace(" ", "").isalnum():
        return None
    key = search_key(text)
    for pattern, is_minimum in ((_AT_LEAST, True), (_OR_MORE, True), (_EXACTLY, False)):
        found = pattern.fullmatch(key)
        if found is not None and (number := _number(found["number"])) is not None:
            return SaidNumber(number, is_minimum)
    return None


@functools.cache
def month_names() -> dict[str, int]:
    """Every name and abbreviation of a month, folded, with its number."""
    tables = (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP, dates.MONTHS_ALT)
    return {
        search_key(str(name)): number
        for _language in _each_language()
        for table in tables
        for number, name in table.items()
    }


@functools.cache
def _weekdays() -> frozenset[str]:
    tables = (dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
    names = (name for _language in _each_language() for table in tables for name in table.values())
    return frozenset(search_key(str(name)) for name in names)


def _each_language() -> Iterator[str]:
    for language in LANGUAGES:
        with translation.override(language):
            yield language


def _date_in_words(words: list[str]) -> SaidDate | None:
    """A month and at most one each of day and year, in any order; everything else is refused."""
    months: list[int] = []
    days: list[int] = []
    years: list[int] = []
    approximate = False
    for word in words:
        if word in month_names():
            months.append(month_names()[word])
        elif (day := _DAY.fullmatch(word)) is not None:
            days.append(int(day[1]))
        elif _YEAR.fullmatch(word):
            years.append(int(word))
        elif word in _ABOUT:
            approximate = True
        elif word not in _BESIDE_A_DATE and word not in _weekdays():
            return None
    if max(len(months), len(days), len(years)) > 1 or not (months or years) or (days and not months):
        return None
    year, month, day_of_month = (found[0] if found else None for found in (years, months, days))
    return _possible(SaidDate(year, month, day_of_month, approximate))


def _possible(date: SaidDate) -> SaidDate | None:
    """The date unless no calendar has it; without a year, a leap year decides."""
    month_ok = date.month is None or 1 <= date.month <= 12
    if not month_ok or date.year == 0:
        return None
    if date.day is not None:
        last = calendar.monthrange(date.year or 2000, date.month or 1)[1]
        return date if 1 <= date.day <= last else None
    return date


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _number(word: str) -> int | None:
    return int(word) if _is_number(word) else _NUMBER_WORDS.get(word)


def reach(date: PartialDate) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that a date can mean; an approximate one reaches a unit further each way."""
    first, last = date.earliest(), date.latest()
    if not date.approximate:
        return first, last
    slack = datetime.timedelta({"day": 1, "month": 31, "year": 366}[date.precision])
    lowest, highest = datetime.date.min, datetime.date.max
    return max(first, lowest + slack) - slack, min(last, highest - slack) + slack
