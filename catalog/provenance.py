"""What the page of a source shows: its passages, and every public fact that was drawn from each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.evidence import CitationIndex
from catalog.facts import WHOLE, model_of, value_text
from catalog.keys import key_of
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Season,
    Series,
    Source,
    Statement,
)
from catalog.records import records_of
from catalog.text_fragments import address_of_words
from catalog.words import says_in_words, value_in_words


@dataclass(frozen=True, slots=True)
class DrawnFact:
    """One citation as readers see it: which value of what, and how the passage stands to it."""

    subject: str
    path: str
    field: str
    value: str
    stance: str
    stance_in_words: str
    says: str
    model: str  # with the next two, what machines know it by: `season`, `narcos-mexico/2`, `premiere`
    key: str
    name: str
    gives_away: Season | None = None  # whose events it gives away, with its series


@dataclass(slots=True)
class PassageSheet:
    passage: Passage
    facts: list[DrawnFact] = field(default_factory=list)

    def gives_away(self, beyond: Collection[Season]) -> Season | None:
        """Of these seasons one that something drawn from it belongs to."""
        return next((fact.gives_away for fact in self.facts if fact.gives_away in beyond), None)

    @property
    def address(self) -> str:
        """The source's own address, led on to the words; "" when it has none or the words are not there."""
        passage = self.passage
        if not passage.supports:
            return ""
        return address_of_words(passage.source.url, passage.excerpt, passage.exact)


@dataclass(frozen=True)
class SourceSheet:
    source: Source
    passages: list[PassageSheet]  # all of them: the page leaves out those that carry nothing public
    index: CitationIndex
    newest_record: datetime.datetime | None  # when the newest of the records drawn from it was last written


def source_sheet(source: Source) -> SourceSheet:
    """The source's passages in the order of its text, each with its facts. Five queries in all.

    A fact is public while some passage, of this source or another, supports it; then those that
    contradict or mention it are shown too.
    """
    passages = list(
        source.passages.select_related("snapshot").defer("snapshot__text").order_by("start", "number")
    )
    citations = list(Citation.objects.filter(passage__source=source).order_by("pk"))
    records = records_of(citations)
    index = CitationIndex.of(records.values())
    facts: dict[int, list[DrawnFact]] = defaultdict(list)
    for citation in citations:
        record = records.get((citation.content_type_id, citation.object_id))
        if record is not None and index.supporting(record, citation.field):
            facts[citation.passage_id].append(_drawn(citation, record))
    for passage in passages:
        passage.source = source
    return SourceSheet(
        source,
        [PassageSheet(one, facts[one.pk]) for one in passages],
        index,
        newest_record=max((record.updated_at for record in records.values()), default=None),
    )


def _drawn(citation: Citation, record: Any) -> DrawnFact:
    subject, path = _subject(record, citation.field)
    name, value = _field_and_value(record, citation.field)
    known = (value, value_text(record, citation.field))
    return DrawnFact(
        subject=subject,
        path=path,
        field=name,
        value=value,
        stance=citation.stance,
        stance_in_words=citation.get_stance_display(),
        says="" if citation.says in known else says_in_words(citation.says),
        model=model_of(record),
        key=key_of(record),
        name=citation.field,
        gives_away=_given_away(record),
    )


def _given_away(record: Any) -> Season | None:
    """The season whose page folds this, or that it is said to give away."""
    if isinstance(record, Statement):
        return record.gives_away or record.season
    if isinstance(record, CrewCredit) and record.season:
        record.season.series = record.series
    return record if isinstance(record, Season) else getattr(record, "season", None)


def _subject(record: Any, name: str) -> tuple[str, str]:
    """What the fact is about, and the page that shows it; who plays whom is a fact about the season."""
    if isinstance(record, CastEntry) and name == WHOLE:
        return _named(record.season)
    return _SUBJECTS[type(record)](record)


def _field_and_value(record: Any, name: str) -> tuple[str, str]:
    """The field in words with its value; of a whole record, what it asserts."""
    if isinstance(record, Statement):
        return record.label, record.value
    if isinstance(record, EarlierWork):
        return _("Seen before in"), record.title
    if isinstance(record, Alias):
        return _("Also written"), record.text
    if isinstance(record, CrewCredit):
        return capfirst(str(record.get_job_display())), record.person.name
    if isinstance(record, Availability) and name in (WHOLE, "service"):
        return _("Where to watch"), record.service
    if isinstance(record, CastEntry) and name == WHOLE:
        return _("Cast"), _role(record)
    if name == WHOLE:
        return "", ""
    return capfirst(str(record._meta.get_field(name).verbose_name)), value_in_words(record, name)


def _role(entry: CastEntry) -> str:
    names = [record.name for record in (entry.person, entry.character) if record is not None]
    if len(names) == 2:
        return _("%(person)s as %(character)s") % {"person": names[0], "character": names[1]}
    return names[0]


def _of_owner(record: Any) -> tuple[str, str]:
    """A statement or an alias is about its owner."""
    owner = record.subject if isinstance(record, Statement) else (record.person or record.character)
    return _SUBJECTS[type(owner)](owner)


def _named(record: Any) -> tuple[str, str]:
    return str(record), record.get_absolute_url()


def _cast_entry(entry: CastEntry) -> tuple[str, str]:
    return f"{_role(entry)}, {entry.season}", entry.season.get_absolute_url()


def _of_series_or_season(record: Any) -> tuple[str, str]:
    """A credit and an availability are about one season, or about the whole series."""
    if record.season:
        record.season.series = record.series
    return _named(record.season or record.series)


_SUBJECTS: Mapping[type[models.Model], Callable[[Any], tuple[str, str]]] = {
    Series: _named,
    Season: _named,
    Person: _named,
    Episode: lambda episode: (str(episode), episode.season.get_absolute_url()),
    Character: lambda character: (character.name, character.series.get_absolute_url()),
    Alias: _of_owner,
    Statement: _of_owner,
    EarlierWork: lambda work: (work.person.name, work.person.get_absolute_url()),
    CastEntry: _cast_entry,
    CrewCredit: _of_series_or_season,
    Availability: _of_series_or_season,
}
