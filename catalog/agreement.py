"""From rows to how sources agree: reads the citations of records and what weighing them needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models

from catalog.evidence import CitationIndex
from catalog.facts import CITABLE, WHOLE, model_of, value_text
from catalog.models import Alias, CastEntry, Character, Citation, Person, Source
from catalog.timeline import Agreement, State, weigh


@dataclass(frozen=True)
class Origins:
    """Which source each derives from, by id, with the titles of those that others derive from."""

    parents: dict[int, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, citations: Iterable[Citation]) -> Origins:
        """No query when none of the cited sources derives from another, else one, whatever the chains."""
        if all(citation.passage.source.derives_from_id is None for citation in citations):
            return cls()
        origins = cls()
        derived = Source.objects.exclude(derives_from=None).order_by()
        for pk, parent, title in derived.values_list("pk", "derives_from", "derives_from__title"):
            origins.parents[pk] = parent
            origins.titles[parent] = title
        return origins

    def title_for(self, source: Source) -> str:
        """The title of the source that this one derives from; "" for none."""
        return self.titles.get(self.parents.get(source.pk, 0), "")


def agreements(records: Iterable[models.Model]) -> list[Agreement]:
    """How the sources of every citable field agree that has a value or a citation, in the order of CITABLE.

    Needs the relations that name the records loaded (`catalog.keys.RELATIONS`, `companion_to` of a series).
    At most four queries, whatever the number of records.
    """
    records = list(records)
    index = CitationIndex.of(records)
    origins = Origins.of(one for citations in index.by_record.values() for one in citations)
    names = _names(records)
    found = []
    for record in records:
        citations = index.all_for(record)
        fields = (
            (WHOLE, *CITABLE[model_of(record)])
            if isinstance(record, CastEntry)
            else CITABLE[model_of(record)]
        )
        weighed = (
            weigh(record, name, citations, names=names.get(_named(record), ()), origins=origins.parents)
            for name in fields
        )
        found += [
            one
            for one in weighed
            if one.told or one.state is not State.UNCITED or value_text(record, one.field)
        ]
    return found


def _named(record: models.Model) -> tuple[str, int]:
    return model_of(record), record.pk


def _names(records: Iterable[models.Model]) -> dict[tuple[str, int], list[str]]:
    """The aliases of the people and characters among these records, in one query."""
    people = [record.pk for record in records if isinstance(record, Person)]
    characters = [record.pk for record in records if isinstance(record, Character)]
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    if people or characters:
        aliases = Alias.objects.filter(
            models.Q(person__in=people) | models.Q(character__in=characters)
        ).order_by()
        for person, character, text in aliases.values_list("person", "character", "text"):
            names["person" if person else "character", person or character].append(text)
    return names
