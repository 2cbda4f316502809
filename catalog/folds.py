"""What of a series is folded for a reader: the seasons that they have said not to have seen yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from catalog.models import Season
from catalog.seen import Seen
from catalog.sheets import CastMember, SeriesSheet


@dataclass(frozen=True, slots=True)
class SeriesFolds:
    """The numbers of the folded seasons, and the cast: those who are in a season that the reader has seen,
    with no other season to their names, and the others by the first season that they are in.
    """

    beyond: frozenset[int]
    people: list[CastMember]
    people_beyond: list[tuple[Season, list[CastMember]]]


def season_beyond(season: Season, seen: Seen) -> bool:
    """Whether the reader has said not to have seen this season yet. Needs its series loaded."""
    return bool(seen.beyond(season.series.slug, [season.number]))


def series_folds(sheet: SeriesSheet, seen: Seen) -> SeriesFolds:
    """How the page of a series is folded; nothing of it for a reader who has said nothing of the series."""
    known = [season for season, _facts in sheet.seasons]
    known += [season for member in sheet.people for season in member.seasons]
    beyond = seen.beyond(sheet.series.slug, (season.number for season in known))
    people: list[CastMember] = []
    later: dict[Season, list[CastMember]] = defaultdict(list)
    for member in sheet.people:
        reached = [season for season in member.seasons if season.number not in beyond]
        if reached:
            people.append(replace(member, seasons=reached))
        else:
            later[member.seasons[0]].append(member)
    return SeriesFolds(beyond, people, list(later.items()))
