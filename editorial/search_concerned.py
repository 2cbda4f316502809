"""Whose entries in the search an action may have changed: those who are named by what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import Q

from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    EarlierWork,
    Passage,
    Person,
    Recapture,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
)
from catalog.records import records_of
from editorial.models import Edition
from editorial.search_truth import Key


def concerned_by(*targets: models.Model) -> list[Key]:
    """The keys of the entries that say something of these records; none for what no search finds.

    The records are as they are or as they were: they need not be there any more. Few queries for each kind.
    """
    of_one_kind: dict[type[models.Model], list[Any]] = {}
    for target in targets:
        of_one_kind.setdefault(type(target), []).append(target)
    return list(dict.fromkeys(key for records in of_one_kind.values() for key in _concerned(records)))


def _concerned(records: list[Any]) -> Iterator[Key]:
    """Of records of one kind."""
    pks = [record.pk for record in records]
    match records[0]:
        case Person():
            yield from (("person", pk) for pk in pks)
            yield from _cast(Q(person__in=pks))
        case Character():
            yield from (("character", pk) for pk in pks)
            yield from _cast(Q(character__in=pks))
        case Series():
            yield from (("series", pk) for pk in pks)
            yield from _in_series(pks)
        case Season():
            yield from (("series", record.series_id) for record in records)
            yield from _cast(Q(season__in=pks))
        case Alias() | Availability() | CastEntry() | CrewCredit() | EarlierWork() | Statement():
            yield from chain.from_iterable(map(_owners, records))
        case Citation():
            yield from _cited(records)
        case Source():
            yield from (("source", pk) for pk in pks)
            yield from _cited(Citation.objects.filter(passage__source__in=pks))
        case Passage():
            yield from _cited(Citation.objects.filter(passage__in=pks))
        case Snapshot() | Recapture():
            sources = {record.source_id for record in records}
            yield from _cited(Citation.objects.filter(passage__source__in=sources))


def _cited(citations: Iterable[Citation]) -> Iterator[Key]:
    """Of what the citations are about."""
    for record in records_of(citations).values():
        yield from _owners(record)


def _owners(record: models.Model) -> Iterator[Key]:
    """Whose names or parts a record holds; a name holds for itself."""
    if isinstance(record, Person | Character | Series):
        yield record._meta.model_name, record.pk
    for name in ("person", "character", "series"):
        if (pk := getattr(record, f"{name}_id", None)) is not None:
            yield name, pk
    if isinstance(record, Statement) and record.season_id is not None:
        yield "series", record.season.series_id


def _cast(entries: Q) -> Iterator[Key]:
    """Those who play, and whom they play, in these cast entries."""
    rows = CastEntry.objects.filter(entries).order_by().values_list("person", "character")
    for person, character in rows:
        yield from ((kind, pk) for kind, pk in (("person", person), ("character", character)) if pk)


def _in_series(pks: list[int]) -> Iterator[Key]:
    """Everybody whose entry names one of these series, and the articles about them."""
    makers = CrewCredit.objects.filter(series__in=pks).order_by().values_list("person", flat=True)
    articles = Edition.objects.live().filter(series__in=pks).order_by().values_list("article", flat=True)
    characters = Character.objects.filter(series__in=pks).order_by().values_list("pk", flat=True)
    yield from chain(
        _cast(Q(season__series__in=pks)),
        (("person", pk) for pk in makers),
        (("character", pk) for pk in characters),
        (("article", pk) for pk in articles),
    )
