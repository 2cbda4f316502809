"""The form in which a reader says how far they have seen each series: what it offers, and what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.models import Series
from catalog.seen import Seen, parse_seen

_FIELD = "seen:"  # before the slug of a series, in the names of the form


@dataclass(frozen=True, slots=True)
class SeriesChoice:
    """A series that readers can reach, with the seasons that there are to choose from."""

    slug: str
    title: str
    numbers: list[int]
    chosen: int | None  # None: nothing is said

    @property
    def field(self) -> str:
        return f"{_FIELD}{self.slug}"


def series_choices(seen: Seen) -> list[SeriesChoice]:
    """Every series with seasons, by its title. Two queries."""
    found = Series.objects.filter(seasons__number__gt=0).distinct().order_by("title", "slug")
    return [
        SeriesChoice(one.slug, one.title, numbers, seen.through.get(one.slug))
        for one in found.prefetch_related("seasons")
        if (numbers := sorted(season.number for season in one.seasons.all() if season.number))
    ]


def read_choices(sent: Mapping[str, str]) -> Seen:
    """What the form said; whatever it does not offer is left out."""
    said = (
        f"{name.removeprefix(_FIELD)}:{value}"
        for name, value in sent.items()
        if name.startswith(_FIELD) and value
    )
    return parse_seen(",".join(said))
