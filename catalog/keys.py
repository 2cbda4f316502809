"""Natural keys: how tables, citations and messages name a record without its id.

Parts are separated by `/`, an empty part is `~`. Free text (titles, labels, alias texts) stands last.

| record | key |
| --- | --- |
| series, person, source, photo | `slug` |
| season | `series/number` |
| episode | `series/season/number`, or `series/season/~/title` for a special |
| character | `series/slug` |
| alias | `person/<slug>/<language>/<text>`, `character/<series>/<slug>/<language>/<text>` |
| earlierwork | `person/title` |
| castentry | `series/season/episode/person/character` (episode by number, or `~title` for a special) |
| crewcredit | `series/season/person/job` |
| statement | `<kind of subject>/<its key>/<label>` |
| availability | `series/season/territory/service` |
| snapshot | its SHA-256 |
| passage | `source#number` |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    CrewCredit,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Photo,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
)

NONE = "~"


def key_of(record: models.Model) -> str:
    """The natural key of a record. Reads its relations: have them loaded."""
    return _KEYS[type(record)](record)


def about_key(model: str, key: str, field: str) -> str:
    """What a citation is about: `season:narcos-mexico/2:premiere`, without a field the record as a whole."""
    return ":".join(part for part in (model, key, field) if part)


def _episode_part(episode: Episode | None) -> str:
    if episode is None:
        return NONE
    return str(episode.number) if episode.number is not None else f"{NONE}{episode.title}"


def _season(season: Season) -> str:
    return f"{season.series.slug}/{season.number}"


def _episode(episode: Episode) -> str:
    number = NONE + "/" + episode.title if episode.number is None else str(episode.number)
    return f"{_season(episode.season)}/{number}"


def _alias(alias: Alias) -> str:
    owner = f"person/{alias.person.slug}" if alias.person else f"character/{_character(alias.character)}"
    return f"{owner}/{alias.language or NONE}/{alias.text}"


def _character(character: Character) -> str:
    return f"{character.series.slug}/{character.slug}"


def _cast_entry(entry: CastEntry) -> str:
    person = entry.person.slug if entry.person else NONE
    character = entry.character.slug if entry.character else NONE
    return f"{_season(entry.season)}/{_episode_part(entry.episode)}/{person}/{character}"


def _crew_credit(credit: CrewCredit) -> str:
    season = credit.season.number if credit.season else NONE
    return f"{credit.series.slug}/{season}/{credit.person.slug}/{credit.job}"


def _statement(statement: Statement) -> str:
    subject = statement.subject
    return f"{subject._meta.model_name}/{key_of(subject)}/{statement.label}"


def _availability(available: Availability) -> str:
    season = available.season.number if available.season else NONE
    return f"{available.series.slug}/{season}/{available.territory or NONE}/{available.service}"


_KEYS: Mapping[type[models.Model], Callable[[Any], str]] = {
    Series: lambda series: series.slug,
    Season: _season,
    Episode: _episode,
    Person: lambda person: person.slug,
    Character: _character,
    Alias: _alias,
    EarlierWork: lambda work: f"{work.person.slug}/{work.title}",
    CastEntry: _cast_entry,
    CrewCredit: _crew_credit,
    Statement: _statement,
    Availability: _availability,
    Source: lambda source: source.slug,
    Snapshot: lambda snapshot: snapshot.sha256,
    Passage: lambda passage: passage.key,
    Photo: lambda photo: photo.slug,
}

# What `key_of` reads of each model.
RELATIONS: Mapping[type[models.Model], tuple[str, ...]] = {
    Season: ("series",),
    Episode: ("season__series",),
    Character: ("series",),
    Alias: ("person", "character__series"),
    EarlierWork: ("person",),
    CastEntry: ("season__series", "episode", "person", "character"),
    CrewCredit: ("series", "season", "person"),
    Statement: ("series", "season__series", "person", "character__series"),
    Availability: ("series", "season"),
    Passage: ("source",),
}

# What naming a record in words and comparing its values reads of it.
NAMED_WITH: Mapping[type[models.Model], tuple[str, ...]] = {
    **RELATIONS,
    Series: ("companion_to",),
    CastEntry: ("season__series", "episode__season__series", "person", "character"),
    CrewCredit: ("series", "season__series", "person"),
    Availability: ("series", "season__series"),
    Statement: (*RELATIONS[Statement], "gives_away__series"),
}


def with_relations(
    model: type[models.Model], relations: Mapping[type[models.Model], tuple[str, ...]]
) -> models.QuerySet:
    """All rows of a model, with the relations that are named for it."""
    rows = model._default_manager.all()
    return rows.select_related(*relations[model]) if model in relations else rows


class KeyIndex:
    """Records by natural key, read once per model: for imports that look up thousands."""

    def __init__(self) -> None:
        self._by_model: dict[type[models.Model], dict[str, models.Model]] = {}

    def get(self, model: type[models.Model], key: str) -> models.Model | None:
        if model not in self._by_model:
            self._by_model[model] = {key_of(row): row for row in with_relations(model, RELATIONS)}
        return self._by_model[model].get(key)

    def forget(self, model: type[models.Model]) -> None:
        """Read the model anew next time: rows of it were written."""
        self._by_model.pop(model, None)
