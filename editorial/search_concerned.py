"""Whose entries in the search an action may have changed: those who are named by what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db import models
from django.db.models import Q

from catalog.models import (
    Alias,
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
from editorial.search_truth import Key

_ROWS = (Alias, CastEntry, CrewCredit, EarlierWork, Statement)


def concerned_by(target: models.Model) -> list[Key]:
    """The keys of the entries that say something of this record; none for what no search finds."""
    return list(dict.fromkeys(_concerned(target)))


def _concerned(target: models.Model) -> Iterator[Key]:
    if isinstance(target, Person):
        yield "person", target.pk
        yield from _cast(Q(person=target))
    elif isinstance(target, Character):
        yield "character", target.pk
        yield from _cast(Q(character=target))
    elif isinstance(target, Series):
        yield "series", target.pk
        yield from _in_series(target)
    elif isinstance(target, Season):
        yield "series", target.series_id
        yield from _cast(Q(season=target))
    elif isinstance(target, _ROWS):
        yield from _owners(target)
    elif isinstance(target, Citation):
        yield from _cited([target])
    elif isinstance(target, Source):
        yield "source", target.pk
        yield from _cited(Citation.objects.filter(passage__source=target))
    elif isinstance(target, Passage):
        yield from _cited(Citation.objects.filter(passage=target))
    elif isinstance(target, Snapshot | Recapture):
        yield from _cited(Citation.objects.filter(passage__source=target.source_id))


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


def _in_series(series: Series) -> Iterator[Key]:
    """Everybody whose entry names the series, and the articles about it."""
    makers = CrewCredit.objects.filter(series=series).order_by().values_list("person", flat=True)
    articles = series.articles.order_by().values_list("pk", flat=True)
    characters = series.characters.order_by().values_list("pk", flat=True)
    yield from chain(
        _cast(Q(season__series=series)),
        (("person", pk) for pk in makers),
        (("character", pk) for pk in characters),
        (("article", pk) for pk in articles),
    )
