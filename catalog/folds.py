"""What of a page is folded for a reader: what belongs to seasons that they have said not to have seen yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from catalog.keys import key_of
from catalog.models import Season
from catalog.part_sheets import CharacterSheet, EpisodeSheet
from catalog.provenance import SourceSheet
from catalog.seen import Seen
from catalog.sheets import CastMember, PersonSheet, SeasonSheet, SeriesSheet
from catalog.verified import Fact

Beyond = frozenset[Season]


@dataclass(frozen=True, slots=True)
class FoldedFacts:
    """Facts that may be shown, and the others by the season that they give away."""

    shown: list[Fact]
    folded: list[tuple[Season, list[Fact]]]


@dataclass(frozen=True, slots=True)
class FoldedCast:
    """The cast of a series: those who are in a season that the reader has seen, with no other season to their
    names, and the others by the first season that they are in.
    """

    people: list[CastMember]
    people_beyond: list[tuple[Season, list[CastMember]]]


def beyond_of(sheet: Any, seen: Seen) -> Beyond:
    """The seasons that a page gives away and its reader has said not to have seen yet; empty for a reader who
    has said nothing of their series.
    """
    return frozenset(season for season in seasons_of(sheet) if seen.stops_before(key_of(season)))


def fold_facts(facts: Iterable[Fact], beyond: Beyond) -> FoldedFacts:
    shown: list[Fact] = []
    folded: dict[Season, list[Fact]] = defaultdict(list)
    for fact in facts:
        (folded[fact.gives_away] if fact.gives_away in beyond else shown).append(fact)
    return FoldedFacts(shown, list(folded.items()))


def fold_cast(people: Iterable[CastMember], beyond: Beyond) -> FoldedCast:
    shown: list[CastMember] = []
    later: dict[Season, list[CastMember]] = defaultdict(list)
    for member in people:
        reached = [season for season in member.seasons if season not in beyond]
        if reached:
            roles = [role for role in member.roles if role.gives_away not in beyond]
            shown.append(replace(member, seasons=reached, roles=roles))
        else:
            later[member.seasons[0]].append(member)
    return FoldedCast(shown, list(later.items()))


@singledispatch
def seasons_of(sheet: Any) -> Iterator[Season]:
    """The seasons that the page of a sheet gives something away of, as often as it does."""
    raise TypeError(f"{type(sheet).__name__} is no sheet")


@seasons_of.register
def _season(sheet: SeasonSheet) -> Iterator[Season]:
    yield sheet.season
    yield from _given_away(sheet.facts)


@seasons_of.register
def _series(sheet: SeriesSheet) -> Iterator[Season]:
    yield from (season for season, _facts in sheet.seasons)
    for member in sheet.people:
        yield from member.seasons
    yield from _given_away(sheet.facts)
    for group in sheet.characters:
        yield from [group.gives_away] if group.gives_away else []
        yield from _given_away(group.facts)


@seasons_of.register
def _person(sheet: PersonSheet) -> Iterator[Season]:
    yield from (season for season, _rows in sheet.roles)
    yield from _given_away([*sheet.facts, *sheet.crew])


@seasons_of.register
def _character(sheet: CharacterSheet) -> Iterator[Season]:
    yield from (portrayal.season for portrayal in sheet.portrayals)
    yield from _given_away(sheet.facts)


@seasons_of.register
def _episode(sheet: EpisodeSheet) -> Iterator[Season]:
    yield sheet.episode.season


@seasons_of.register
def _source(sheet: SourceSheet) -> Iterator[Season]:
    for passage in sheet.passages:
        yield from (fact.gives_away for fact in passage.facts if fact.gives_away)


def _given_away(facts: Iterable[Fact]) -> Iterator[Season]:
    return (fact.gives_away for fact in facts if fact.gives_away)
