"""What the parts of a page that readers meet first give away, against what the page says that it spoils.

A page spoils up to the season that it names in *spoils through*, and nothing without one. Its spoiler-free
title never does. What gives something away is said by the records of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from catalog.models import Character, Person, Photo, Season, Statement
from editorial.drafts import Draft
from editorial.prose.spoiling import gives_away


@dataclass(frozen=True, slots=True)
class Spoiler:
    """A text of the page, by its field, gives this away."""

    field: str
    text: str
    statement: Statement


def spoiling_photos(photos: Iterable[Photo], through: Season | None) -> list[Photo]:
    """Those of these photos that give away more than a page that spoils `through` says."""
    return [photo for photo in photos if photo.gives_away_id and is_beyond(photo.gives_away, through)]


def spoilers_in(draft: Draft) -> Iterator[Spoiler]:
    """What the title, the spoiler-free title and the standfirst give away beyond what the page says: each
    text with the first that it gives away. Three queries, whatever there is.
    """
    promised = {
        "title": draft.spoils_through,
        "spoiler_free_title": None,
        "standfirst": draft.spoils_through,
    }
    statements = list(_giving_away(draft))
    for field, through in promised.items():
        text = getattr(draft, field)
        for statement in statements:
            if is_beyond(statement.gives_away, through) and _tells(text, draft.language, statement):
                yield Spoiler(field, text, statement)
                break


def is_beyond(season: Season, through: Season | None) -> bool:
    """Whether the season comes after all that a page which spoils `through` tells of."""
    return through is None or season.series_id != through.series_id or season.number > through.number


def _giving_away(draft: Draft) -> models.QuerySet[Statement]:
    """Of the article's series; for one about no series, of every one."""
    found = Statement.objects.filter(gives_away__isnull=False)
    if draft.series_id is not None:
        found = found.filter(gives_away__series=draft.series_id)
    return found.select_related(
        "gives_away__series", "series", "season__series", "person", "character__series"
    ).prefetch_related("person__aliases", "character__aliases")


def _tells(text: str, language: str, statement: Statement) -> bool:
    subject = statement.subject
    names = []
    if isinstance(subject, Person | Character):
        names = [subject.name, *(alias.text for alias in subject.aliases.all())]
    return gives_away(text, language, names, statement.value)
