"""What needs a person: values that sources dispute, that moved on since they were cited, or lost support.

Of one series at a time: its own record, everything that belongs to it, and the people in its cast and crew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.db.models import Q

from catalog.agreement import agreements
from catalog.keys import NAMED_WITH, with_relations
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    CrewCredit,
    EarlierWork,
    Episode,
    Person,
    Season,
    Series,
    Statement,
)
from catalog.timeline import Agreement, State


class NeedKind(Enum):
    """Why a person has to look, the most pressing first."""

    DIFFERING = "differing"  # sources say different values, and nobody has decided
    UNCONFIRMED = "unconfirmed"  # the value changed after it was cited
    LOST = "lost"  # a passage that it was cited from changed or was lost
    UNCITED = "uncited"  # it has a value, and no passage supports it


@dataclass(frozen=True, slots=True)
class Need:
    """One field that needs a person, for one reason; a field with two has two."""

    kind: NeedKind
    agreement: Agreement

    @property
    def record(self) -> Any:
        return self.agreement.record

    @property
    def field(self) -> str:
        return self.agreement.field


def needs(series: Series | None) -> list[Need]:
    """What needs a person in `series`, record by record; with None, of people in no cast and no crew.

    At most 17 queries, whatever the number of records.
    """
    records = _records_of(series) if series is not None else _records_without_series()
    return [Need(kind, one) for one in agreements(records) for kind in kinds_of(one)]


def kinds_of(agreement: Agreement) -> Iterator[NeedKind]:
    """Why a person has to look at this field, if for anything."""
    if agreement.state is State.DIFFERING:
        yield NeedKind.DIFFERING
    if agreement.moved_on():
        yield NeedKind.UNCONFIRMED
    if agreement.lost:
        yield NeedKind.LOST
    if agreement.state is State.UNCITED and agreement.value:
        yield NeedKind.UNCITED


def _records_of(series: Series) -> list[models.Model]:
    """Everything that is said of the series, with the relations that name it, from the whole to its parts."""
    cast = list(_rows(CastEntry, Q(season__series=series)))
    crew = list(_rows(CrewCredit, Q(series=series)))
    people = {one.person.pk: one.person for one in (*cast, *crew) if one.person is not None}
    own = Q(series=series) | Q(season__series=series) | Q(character__series=series)
    return [
        *_rows(Series, Q(pk=series.pk)),
        *_rows(Season, Q(series=series)),
        *_rows(Episode, Q(season__series=series)),
        *cast,
        *crew,
        *_rows(Character, Q(series=series)),
        *_rows(Alias, Q(character__series=series)),
        *_rows(Statement, own),
        *_rows(Availability, Q(series=series)),
        *_of_people(list(people.values())),
    ]


def _records_without_series() -> list[models.Model]:
    return _of_people(_rows(Person, Q(roles=None, crew_credits=None)))


def _of_people(people: Iterable[Person]) -> list[models.Model]:
    people = sorted(people, key=lambda person: (person.sort_name, person.pk))
    theirs = Q(person__in=[person.pk for person in people])
    return [*people, *_rows(Alias, theirs), *_rows(EarlierWork, theirs), *_rows(Statement, theirs)]


def _rows(model: type[models.Model], condition: Q) -> models.QuerySet:
    return with_relations(model, NAMED_WITH).filter(condition)
