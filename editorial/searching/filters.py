"""What results can be narrowed to, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Filters:
    """Of which group (a kind of article or of record), about which series (its slug), of which year and
    language; "" and None for any.
    """

    kind: str = ""
    series: str = ""
    year: int | None = None
    language: str = ""

    @property
    def year_text(self) -> str:
        return "" if self.year is None else str(self.year)

    def __bool__(self) -> bool:
        return bool(self.kind or self.series or self.year is not None or self.language)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, how it is called where it has a name of its own, and how many results have it."""

    value: str
    label: str
    count: int


class Narrowed(Protocol):
    @property
    def group(self) -> str: ...
    @property
    def series(self) -> Mapping[str, str]: ...  # titles by slug
    @property
    def year(self) -> int | None: ...
    @property
    def language(self) -> str: ...


def read_filters(asked: Mapping[str, str]) -> Filters:
    """The filters of a request; what is no year, or too long to be anything, is as if it had not come."""
    year = asked.get("year", "")
    texts = {name: asked.get(name, "").replace("\x00", "")[:100] for name in ("kind", "series", "language")}
    is_year = year.isascii() and year.isdigit() and len(year) == 4
    return Filters(year=int(year) if is_year else None, **texts)


def choices(found: Iterable[Narrowed]) -> dict[str, list[Choice]]:
    """What there is to choose from: kinds and languages by how many, series by title, the last year first."""
    found = list(found)
    kinds = Counter(one.group for one in found)
    languages = Counter(one.language for one in found if one.language)
    years = Counter(one.year for one in found if one.year is not None)
    series = Counter(slug for one in found for slug in one.series)
    titles = {slug: title for one in found for slug, title in one.series.items()}
    by_title = sorted(series, key=lambda slug: (titles[slug].casefold(), slug))
    return {
        "kinds": _by_count(kinds),
        "series": [Choice(slug, titles[slug], series[slug]) for slug in by_title],
        "years": [Choice(str(year), str(year), years[year]) for year in sorted(years, reverse=True)],
        "languages": _by_count(languages),
    }


def _by_count(counted: Counter[str]) -> list[Choice]:
    order = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [Choice(value, "", count) for value, count in order]
