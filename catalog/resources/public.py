"""The catalog as tables for readers: the records that a citation holds, each with the values that one holds.

Rows and columns are those of the desk's tables, so that both are read alike; what is not public is an empty
cell, or no row. `docs/bundles.md` explains them to those who read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from catalog.facts import CITABLE, WHOLE, model_of, value_text
from catalog.held import Held
from catalog.keys import key_of
from catalog.models import CastEntry, Character, Person, Season, Series
from catalog.resources.base import TableResource
from catalog.resources.people import (
    AliasResource,
    CharacterResource,
    EarlierWorkResource,
    PersonResource,
    StatementResource,
)
from catalog.resources.screen import (
    AvailabilityResource,
    CastResource,
    CrewResource,
    EpisodeResource,
    SeasonResource,
    SeriesResource,
)
from catalog.resources.tables import escape_formula, join_list

Row = list[str]


@dataclass(frozen=True)
class PublicTable:
    """Columns that name the record, columns that are shown while a citation holds their field, and which
    fields must be held for the record to have a row at all: any of `any_of`, or to be named by another row.
    """

    resource: type[TableResource]
    naming: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.naming, *self.facts)

    @property
    def model(self) -> type[models.Model]:
        return self.resource._meta.model

    def cells(self, resource: TableResource, record: models.Model, held: Iterable[str]) -> Row:
        shown = (*self.naming, *(name for name, fact in self.facts.items() if fact in held))
        return [resource.cell(name, record) if name in shown else "" for name in self.columns]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


# Those that others name come last, when it is known which are named.
PUBLIC_TABLES: Mapping[str, PublicTable] = {
    "episodes.csv": PublicTable(
        EpisodeResource, ("series", "season", "number"), _same("title", "aired"), ("title", "aired")
    ),
    "aliases.csv": PublicTable(
        AliasResource, ("person", "character", "text", "language", "kind"), any_of=("text", WHOLE)
    ),
    "earlier_works.csv": PublicTable(
        EarlierWorkResource, ("person", "title", "position"), any_of=("title", WHOLE)
    ),
    "cast.csv": PublicTable(
        CastResource,
        ("series", "season", "person", "character", "position"),
        {**_same("billed_as", "status"), "status_as_of": "status", "note": "status"},
        ("status", WHOLE),
    ),
    "crew.csv": PublicTable(
        CrewResource, ("series", "season", "person", "job", "position"), any_of=("job", WHOLE)
    ),
    "statements.csv": PublicTable(
        StatementResource,
        ("series", "season", "person", "character", "label", "value", "position"),
        any_of=("value", WHOLE),
    ),
    "availability.csv": PublicTable(
        AvailabilityResource,
        ("series", "season", "service", "position"),
        _same("territory", "begins", "ends"),
        ("service", WHOLE),
    ),
    "characters.csv": PublicTable(CharacterResource, ("series", "slug", "name"), any_of=("name",)),
    "people.csv": PublicTable(PersonResource, ("slug", "name"), any_of=("name",)),
    "seasons.csv": PublicTable(
        SeasonResource,
        ("series", "number"),
        {
            **_same("premiere", "episode_count"),
            "episode_count_is_minimum": "episode_count",
            **_same("status", "renewed", "filming_start", "filming_end"),
        },
        CITABLE["season"],
    ),
    "series.csv": PublicTable(
        SeriesResource,
        ("slug", "title"),
        {
            **_same("original_language", "network", "production_company", "premiere", "relation"),
            "companion_to": "relation",
            "summary": "summary",
        },
        CITABLE["series"],
    ),
}

# What a row names besides itself.
_NAMES: Mapping[str, Callable[[Any], Iterable[models.Model | None]]] = {
    "episode": lambda one: (one.season,),
    "alias": lambda one: (one.person, one.character),
    "earlierwork": lambda one: (one.person,),
    "castentry": lambda one: (
        one.season,
        one.person,
        _of_series(one.character, one.season.series),
    ),
    "crewcredit": lambda one: (one.series, _of_series(one.season, one.series), one.person),
    "statement": lambda one: (one.subject,),
    "availability": lambda one: (one.series, _of_series(one.season, one.series)),
    "character": lambda one: (one.series,),
    "season": lambda one: (one.series,),
}


class PublicCatalog:
    """Reads the tables one after the other and keeps what later ones need: which records are named, and which
    facts are public. A few queries for each table, whatever its size.
    """

    def __init__(self, named: Iterable[tuple[type[models.Model], str]] = ()) -> None:
        """`named` are records that something else shows, as model and natural key."""
        self._named = set(named)
        # By model and id: the key of the record, and its public values by field.
        self.facts: dict[str, dict[int, tuple[str, dict[str, str]]]] = defaultdict(dict)

    def tables(self) -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
        """Each table's file name, columns and rows; to be read in this order, each to its end."""
        for name, table in PUBLIC_TABLES.items():
            yield name, table.columns, self._rows(table)

    def _rows(self, table: PublicTable) -> Iterator[Row]:
        resource = table.resource()
        held = Held(table.model)
        for record in resource.records():
            fields = held.fields(record)
            if self._is_public(table, record, fields):
                self._keep(record, fields)
                yield [escape_formula(cell) for cell in table.cells(resource, record, fields)]

    def _is_public(self, table: PublicTable, record: Any, fields: frozenset[str]) -> bool:
        if model_of(record) == "episode" and record.number is None and "title" not in fields:
            return False  # nothing else names a special
        return bool(fields.intersection(table.any_of)) or (table.model, key_of(record)) in self._named

    def _keep(self, record: Any, fields: Iterable[str]) -> None:
        for other in _NAMES.get(model_of(record), lambda one: ())(record):
            if isinstance(other, (Series, Season, Person, Character)):
                self._named.add((type(other), key_of(other)))
        public = {name: value_text(record, name) for name in fields}
        if public:
            self.facts[model_of(record)][record.pk] = (key_of(record), public)


CAST_COLUMNS = (
    *("series", "season", "person", "person_name", "character", "character_name", "position"),
    *("billed_as", "status", "status_as_of", "note", "passages"),
)


def cast_of(season: Season) -> Iterator[Row]:
    """The public cast of one season with names and the passages that hold each row. Needs its series loaded;
    two queries.
    """
    entries = list(season.cast.in_season(season).order_by("position", "pk"))
    held, resource, table = Held(CastEntry, entries), CastResource(), PUBLIC_TABLES["cast.csv"]
    for entry in entries:
        entry.season = season
        fields = held.fields(entry)
        if not fields.intersection(table.any_of):
            continue
        cells = dict(zip(table.columns, table.cells(resource, entry, fields), strict=True))
        cells["person_name"] = entry.person.name if entry.person else ""
        cells["character_name"] = entry.character.name if entry.character else ""
        cells["passages"] = join_list(held.passages(entry, *fields))
        yield [escape_formula(cells[name]) for name in CAST_COLUMNS]


def _of_series(one: Any, series: Series) -> Any:
    """The season or the character, with its series at hand: the row has read it already."""
    if one is not None:
        one.series = series
    return one
