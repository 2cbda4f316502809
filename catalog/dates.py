"""Partial dates: what a source says about a day, no more precise than it says it.

A date is a year, a month of a year or a day (EDTF level 0, ISO 8601-2), and may be marked
approximate (EDTF level 1, a trailing `~`) when the desk inferred it. This module decides what
such a date is, how it is written, sorted and spoken. Comparing what two sources say is the work
of `catalog.facts`.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Literal

from django.utils import formats, translation
from django.utils.translation import pgettext

Precision = Literal["year", "month", "day"]

_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(~?)", re.ASCII)

# Django's German and Spanish formats read well; its English ones are American and abbreviated.
_FORMATS: dict[str, dict[Precision, str]] = {"en": {"day": "j F Y", "month": "F Y"}}
_DJANGO_FORMATS: dict[Precision, str] = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT"}


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day, perhaps approximate. Sorts by its earliest possible day, vaguer first.

    Raises ValueError for a date no calendar has, and for a day without a month.
    """

    year: int
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:
            raise ValueError(f"{self.year} is not a year between 1 and 9999")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"{self.month} is not a month")
        if self.day is not None and self.month is not None:
            last = calendar.monthrange(self.year, self.month)[1]
            if not 1 <= self.day <= last:
                raise ValueError(f"{self.year:04}-{self.month:02} has no day {self.day}")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2019`, `2018-12` or `2020-02-13`, each with an optional `~`. Raises ValueError."""
        match = _EDTF.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"“{text}” is not a date written as 2019, 2018-12 or 2020-02-13")
        year, month, day, tilde = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None, bool(tilde))

    def __str__(self) -> str:
        return self.level0 + ("~" if self.approximate else "")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.level0, self.approximate) < (other.level0, other.approximate)

    @property
    def level0(self) -> str:
        """The EDTF level 0 string, without the mark for approximate."""
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def precision(self) -> Precision:
        if self.day is not None:
            return "day"
        return "month" if self.month is not None else "year"

    def earliest(self) -> datetime.date:
        """The first day the date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> datetime.date:
        """The last day the date can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def spoken(self, language: str | None = None) -> str:
        """The date in words of `language` (default: the active one): “December 2018”, “Dezember 2018”."""
        with translation.override(language or translation.get_language() or "en"):
            if self.precision == "year":
                text = f"{self.year:04}"
            else:
                text = formats.date_format(self.earliest(), self._format())
            if self.approximate and self.precision == "day":
                # Translators: a day the desk inferred, such as “about 16 November 2018”.
                text = pgettext("day", "about %(date)s") % {"date": text}
            elif self.approximate:
                # Translators: a month or a year the desk inferred, such as “about December 2018”.
                text = pgettext("month or year", "about %(date)s") % {"date": text}
        return text

    def _format(self) -> str:
        base = (translation.get_language() or "en").split("-")[0]
        own = _FORMATS.get(base, {})
        return own.get(self.precision, _DJANGO_FORMATS[self.precision])
