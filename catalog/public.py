"""Which addresses of the catalog have a page, asked for many at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, Q

from catalog.evidence import CitationIndex
from catalog.facts import holds
from catalog.keys import NAMED_WITH, RELATIONS, with_relations
from catalog.models import (
    Alias,
    CastEntry,
    Character,
    CrewCredit,
    EarlierWork,
    Person,
    Season,
    Series,
    Source,
    Statement,
)

Key = TypeVar("Key")


def series_with_page(slugs: Collection[str]) -> set[str]:
    return set(Series.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def seasons_with_page(keys: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Of these seasons, each the slug of its series and its number, those that there are."""
    slugs = {slug for slug, _number in keys}
    there = Season.objects.filter(series__slug__in=slugs).values_list("series__slug", "number")
    return set(keys) & set(there.order_by())


def sources_with_page(slugs: Collection[str]) -> set[str]:
    return set(Source.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def people_with_page(slugs: Collection[str]) -> set[str]:
    """Those of whom anything is verified. As many queries for many people as for one."""
    people = list(Person.objects.filter(slug__in=slugs))
    theirs = Q(person__in=people)
    return _verified(
        [
            *((person.slug, person) for person in people),
            *(
                (record.person.slug, record)
                for model in (CastEntry, CrewCredit, EarlierWork, Alias, Statement)
                for record in with_relations(model, RELATIONS).filter(theirs)
            ),
        ]
    )


def characters_with_page(keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these characters, each the slug of its series and its own, those of whom anything is verified."""
    wanted = Q(pk__in=[])
    for series, slug in keys:
        wanted |= Q(series__slug=series, slug=slug)
    characters = list(Character.objects.filter(wanted).select_related("series"))
    theirs = Q(character__in=characters)
    return _verified(
        [
            *((_key(character), character) for character in characters),
            *(
                (_key(record.character), record)
                for model in (CastEntry, Alias, Statement)
                for record in with_relations(model, NAMED_WITH)
                .filter(theirs)
                .select_related("character__series")
            ),
        ]
    )


def _key(character: Character) -> tuple[str, str]:
    return character.series.slug, character.slug


def _verified(records: list[tuple[Key, Model]]) -> set[Key]:
    """The keys of those records of which a citation holds."""
    if not records:
        return set()
    index = CitationIndex.of(record for _key, record in records)
    return {key for key, record in records if any(holds(one, record) for one in index.all_for(record))}
