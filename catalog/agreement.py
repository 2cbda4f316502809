"""From rows to how sources agree: reads the citations of records and what weighing them needs."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models

from catalog.deciding import Choice, choices
from catalog.evidence import CitationIndex
from catalog.facts import CITABLE, WHOLE, model_of
from catalog.models import Alias, CastEntry, Character, Citation, Decision, Person, Source
from catalog.querysets import about_any
from catalog.timeline import Agreement, State, fields_weighed, settled, weigh


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


class Decisions:
    """The newest decision on each field of some records: one query when the first is asked for."""

    def __init__(self, records: Iterable[models.Model]) -> None:
        self._records = list(records)

    def on(self, record: models.Model, field: str) -> Decision | None:
        """The newest on this field, or on the record as a whole where the two say one thing."""
        content_type = ContentType.objects.get_for_model(record)
        found = [
            self._newest[key]
            for name in fields_weighed(record, field)
            if (key := (content_type.pk, record.pk, name)) in self._newest
        ]
        return max(found, key=lambda decision: (decision.at, decision.pk), default=None)

    @functools.cached_property
    def _newest(self) -> dict[tuple[int, int, str], Decision]:
        newest: dict[tuple[int, int, str], Decision] = {}
        for decision in Decision.objects.filter(about_any(self._records)):
            newest.setdefault((decision.content_type_id, decision.object_id, decision.field), decision)
        return newest


class Scales:
    """What weighing any field of some records needs, read once: at most five queries, however many there are.

    Needs the relations that name the records loaded (`catalog.keys.RELATIONS`, `companion_to` of a series).
    """

    def __init__(self, records: Iterable[models.Model]) -> None:
        records = list(records)
        self.index = CitationIndex.of(records)
        self.origins = Origins.of(one for citations in self.index.by_record.values() for one in citations)
        self._names = _names(records)
        self._decisions = Decisions(records)

    def weigh(self, record: models.Model, field: str) -> Agreement:
        agreement = weigh(
            record,
            field,
            self.index.all_for(record),
            names=self._names_of(record),
            origins=self.origins.parents,
        )
        return settled(agreement, self._decisions.on(record, field)) if agreement.is_disputed else agreement

    def choices(self, agreement: Agreement) -> list[Choice]:
        """What a decision on this agreement may choose from."""
        names = self._names_of(agreement.record)
        return choices(agreement, names=names, origins=self.origins.parents)

    def _names_of(self, record: models.Model) -> list[str]:
        return self._names.get(_named(record), [])


def agreements(records: Iterable[models.Model]) -> list[Agreement]:
    """How the sources of every citable field agree that has a value or a citation, in the order of CITABLE.

    Needs the relations that name the records loaded, as `Scales` does. At most four queries, and one more
    where sources differ, whatever the number of records.
    """
    records = list(records)
    scales = Scales(records)
    weighed = (scales.weigh(record, field) for record in records for field in fields_of(record))
    return [one for one in weighed if one.told or one.state is not State.UNCITED or one.value]


def fields_of(record: models.Model) -> tuple[str, ...]:
    """The fields that are weighed of a record: a cast entry is a fact as a whole, too."""
    fields = CITABLE[model_of(record)]
    return (WHOLE, *fields) if isinstance(record, CastEntry) else fields


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
