"""Where something can be watched, as readers see it: the services that a citation holds, no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from catalog.dates import PartialDate
from catalog.facts import WHOLE, holds
from catalog.models import Availability, Season
from catalog.records import read_support, with_support
from catalog.verified import Fact, Verified


@dataclass(frozen=True, slots=True)
class Watching:
    """One service that has it. Each of the others is None when no citation holds it."""

    service: Fact
    territory: Fact | None
    begins: Fact | None
    ends: Fact | None
    season: Season | None  # None: the whole series
    starts: PartialDate | None
    stops: PartialDate | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The same in words alone, for a page that leaves the evidence to the page of the season."""

    service: str
    territory: str = ""
    begins: str = ""
    ends: str = ""


def of_season(season: Season) -> Q:
    """What is said of the season or of its whole series."""
    return Q(season=season) | Q(series=season.series_id, season=None)


def watching_of(verified: Verified, records: Iterable[Availability]) -> list[Watching]:
    """Those of these that somebody may be told of. The records are among those of `verified`."""
    found = []
    for one in records:
        service = verified.fact(one, "service") or verified.fact(one, WHOLE)
        if service is not None:
            found.append(
                Watching(
                    service,
                    *(verified.fact(one, name) for name in ("territory", "begins", "ends")),
                    one.season,
                    verified.value(one, "begins"),
                    verified.value(one, "ends"),
                )
            )
    return found


def to_offer(series: OuterRef, season: OuterRef) -> QuerySet:
    """What `offers` reads, as `support` (`catalog.records.with_support`), within a query for something about
    this season of the series, or about the series.
    """
    return with_support(Availability.objects.filter(Q(season=season) | Q(series=series, season=None)))


def offers(rows: Iterable[Mapping[str, Any]]) -> list[Offer]:
    """What readers may be told of it, in the active language."""
    held: dict[Availability, set[str]] = defaultdict(set)
    for record, support in read_support(Availability, rows):
        if holds(support, record):
            held[record].add(support.field)
    public = [one for one, fields in held.items() if fields & {"service", WHOLE}]
    return [
        Offer(
            one.service,
            one.territory if "territory" in held[one] else "",
            one.begins.spoken() if one.begins and "begins" in held[one] else "",
            one.ends.spoken() if one.ends and "ends" in held[one] else "",
        )
        for one in sorted(public, key=lambda one: (one.position, one.pk))
    ]
