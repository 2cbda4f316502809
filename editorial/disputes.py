"""The facts that a text leans on, with what the sources say of each: what is disputed, and what moved on.

A text leans on a fact when it cites a passage that speaks of it. Looked at are the facts of the series, the
season and the episode that the article is about, with their casts, credits and statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from catalog.agreement import Scales, fields_of
from catalog.facts import model_of
from catalog.models import Citation, Passage, Season, Source
from catalog.records import records_of
from catalog.timeline import Agreement, Told, Verdict, fields_weighed
from editorial.drafts import Draft


@dataclass(frozen=True, slots=True)
class Leaning:
    """A fact with what all its sources say, and of that what the text cites."""

    agreement: Agreement
    cited: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """A source that the text cites for a fact, that nobody agrees with, and that others contradict."""

    told: Told  # the first of its passages that the text cites
    says: tuple[str, ...]  # as they state it; empty for the value of the record

    @property
    def source(self) -> Source:
        return self.told.source


def leanings(draft: Draft, passages: Iterable[Passage]) -> list[Leaning]:
    """The facts that a text leans on which cites these passages. Six queries at most, whatever it cites."""
    ids = {passage.pk for passage in passages}
    if not ids:
        return []
    citations = list(Citation.objects.filter(passage__in=ids).order_by("passage", "pk"))
    about = {key: record for key, record in records_of(citations).items() if _is_about(record, draft)}
    if not about:
        return []
    scales = Scales(about.values())
    found = []
    for key, field in _fields(citations, about):
        agreement = scales.weigh(about[key], field)
        cited = tuple(one for one in agreement.told if one.citation.passage_id in ids)
        found.append(Leaning(agreement, cited))
    return found


def speaks_of_the_value(leaning: Leaning) -> list[Told]:
    """What the text cites for a value, the record's or another one that stands against it."""
    return [one for one in leaning.cited if one.gives_the_value or one.verdict is Verdict.DIFFERS]


def alone(leaning: Leaning) -> Alone | None:
    """The source that is the text's only one for a contested fact, if nobody else says what it says.

    Sources that derive from one another are one voice. A text that cites several sides tells of the dispute.
    """
    cited = speaks_of_the_value(leaning)
    voices = {one.origin for one in cited}
    if len(voices) != 1:
        return None
    said = {_said(one) for one in cited}
    others = [one for one in leaning.agreement.told if one.origin not in voices and _said(one) is not None]
    if not others or any(_said(one) in said for one in others):
        return None
    return Alone(cited[0], tuple(one for one in dict.fromkeys(map(_said, cited)) if one))


def _said(one: Told) -> str | None:
    """What is said of the value: "" for the record's own, None for nothing that could be disputed."""
    if one.gives_the_value:
        return ""
    return one.citation.says or one.citation.passage.key if one.verdict is Verdict.DIFFERS else None


def _fields(citations: Iterable[Citation], about: dict) -> Iterator[tuple[tuple[int, int], str]]:
    """The facts that these citations speak of, each once: the key of the record and the field."""
    seen = set()
    for citation in citations:
        key = (citation.content_type_id, citation.object_id)
        if key not in about:
            continue
        field = fields_weighed(about[key], citation.field)[0]
        if field in fields_of(about[key]) and (key, field) not in seen:
            seen.add((key, field))
            yield key, field


def _is_about(record: models.Model, draft: Draft) -> bool:
    """Whether the record belongs to what the article is about."""
    series = draft.series_id
    match model_of(record):
        case "series":
            return record.pk == series
        case "season":
            return _covers(draft, record)
        case "episode" | "castentry":
            return _covers(draft, record.season)
        case "crewcredit" | "availability":
            return record.series_id == series and (record.season is None or _covers(draft, record.season))
        case "statement" if record.season is not None:
            return _covers(draft, record.season)
        case "statement":
            of_character = record.character is not None and record.character.series_id == series
            return series is not None and (record.series_id == series or of_character)
    return False


def _covers(draft: Draft, season: Season) -> bool:
    """An article about a season is about that one only, one about a series about all of them."""
    if draft.season is not None:
        return season.pk == draft.season.pk
    return draft.series_id is not None and season.series_id == draft.series_id
