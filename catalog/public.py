"""Which addresses of the catalog have a page, asked for many at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from catalog.evidence import CitationIndex
from catalog.facts import holds
from catalog.keys import RELATIONS, with_relations
from catalog.models import (
    Alias,
    CastEntry,
    CrewCredit,
    EarlierWork,
    Person,
    Season,
    Series,
    Source,
    Statement,
)


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
    records = [
        *((person.slug, person) for person in people),
        *(
            (record.person.slug, record)
            for model in (CastEntry, CrewCredit, EarlierWork, Alias, Statement)
            for record in with_relations(model, RELATIONS).filter(theirs)
        ),
    ]
    if not records:
        return set()
    index = CitationIndex.of(record for _slug, record in records)
    return {slug for slug, record in records if any(holds(one, record) for one in index.all_for(record))}
