"""What the pages of characters and episodes show: as in `catalog.sheets`, only what a verified citation
holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import CastEntry, Character, Episode, Season
from catalog.records import records_in
from catalog.sheets import CastRow, cast_row, short_name, spellings_of, statements_of
from catalog.verified import Fact, Verified


@dataclass(frozen=True, slots=True)
class Portrayal:
    """Who plays a character in a season. `is_recast`: nobody of those who did in the season before."""

    season: Season
    rows: list[CastRow]
    is_recast: bool = False


@dataclass(frozen=True)
class CharacterSheet:
    character: Character
    name: Fact | None
    spellings: list[Fact]
    facts: list[Fact]
    portrayals: list[Portrayal]
    verified: Verified

    @property
    def record(self) -> Character:
        return self.character

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.spellings or self.facts or self.portrayals)


@dataclass(frozen=True)
class EpisodeSheet:
    episode: Episode
    title: Fact | None
    aired: Fact | None
    cast: list[CastRow]
    siblings: list[Episode]  # those of the season that a page is known of, in their order, itself among them
    verified: Verified

    @property
    def record(self) -> Episode:
        return self.episode

    @property
    def name(self) -> str:
        """“Season 1, episode 3” with its series, and its title where that is verified."""
        return f"{self.untitled_name}, {self.title.text}" if self.title else self.untitled_name

    @property
    def untitled_name(self) -> str:
        """The same without its title, which may give something away."""
        return _("%(season)s: %(episode)s") % {"season": self.episode.season, "episode": self.short_name}

    @property
    def short_name(self) -> str:
        return short_name(self.episode)

    @property
    def previous(self) -> Episode | None:
        at = self.siblings.index(self.episode)
        return self.siblings[at - 1] if at else None

    @property
    def next(self) -> Episode | None:
        return next(iter(self.siblings[self.siblings.index(self.episode) + 1 :]), None)

    @property
    def is_empty(self) -> bool:
        """A special is known by its title alone."""
        return not (self.title or (self.episode.number is not None and (self.aired or self.cast)))


def character_sheet(character: Character) -> CharacterSheet:
    """What the page of a character shows. Needs its series loaded."""
    entries = list(CastEntry.objects.of_character(character))
    for entry in entries:
        entry.character = character
    aliases, statements = records_in(character.aliases.all(), character.statements.all())
    verified = Verified(
        [character, *entries, *aliases, *statements],
        named=[character.series, *(entry.person for entry in entries)],
    )
    return CharacterSheet(
        character,
        name=verified.fact(character, "name"),
        spellings=spellings_of(verified, aliases),
        facts=statements_of(verified, statements),
        portrayals=_portrayals(verified, entries),
        verified=verified,
    )


def episode_sheet(episode: Episode) -> EpisodeSheet:
    """What the page of an episode shows. Needs its season and series loaded."""
    siblings = list(episode.season.episodes.all())
    for one in siblings:
        one.season = episode.season
    cast = list(CastEntry.objects.in_season(episode.season).filter(episode=episode))
    verified = Verified(
        [*siblings, *cast],
        named=[episode.season, *(record for entry in cast for record in (entry.person, entry.character))],
    )
    rows = (cast_row(verified, entry, []) for entry in cast)
    return EpisodeSheet(
        episode,
        title=verified.fact(episode, "title"),
        aired=verified.fact(episode, "aired"),
        cast=[row for row in rows if row is not None],
        siblings=[one for one in siblings if one == episode or _is_known(verified, one)],
        verified=verified,
    )


def _is_known(verified: Verified, episode: Episode) -> bool:
    title = verified.value(episode, "title")
    return bool(title or (episode.number is not None and verified.value(episode, "aired"))) and bool(
        episode.slug
    )


def _portrayals(verified: Verified, entries: Iterable[CastEntry]) -> list[Portrayal]:
    by_season: dict[Season, list[CastRow]] = {}
    for entry in entries:
        if (row := cast_row(verified, entry, [])) is not None:
            by_season.setdefault(entry.season, []).append(row)
    portrayals: list[Portrayal] = []
    before: set[str] = set()
    for season, rows in by_season.items():
        actors = {row.actor.path for row in rows if row.actor and row.is_in_it}
        portrayals.append(Portrayal(season, rows, is_recast=bool(before and actors and not before & actors)))
        before = actors or before
    return portrayals
