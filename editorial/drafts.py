"""The fields of an article that the checks judge, from wherever they stand: the working copy, a revision, or
a form that nobody has saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from catalog.former import record_named
from catalog.models import Episode, Photo, Season, Series
from editorial.models import Article, Revision

TEXTS = ("title", "spoiler_free_title", "standfirst", "body", "language")


@dataclass(frozen=True, slots=True)
class Draft:
    """Relations are loaded as far as their keys need them: a season with its series."""

    title: str
    spoiler_free_title: str
    standfirst: str
    body: str
    language: str
    has_byline: bool
    series: Series | None = None
    season: Season | None = None
    episode: Episode | None = None
    spoils_through: Season | None = None
    photo: Photo | None = None

    @property
    def series_id(self) -> int | None:
        """The series that the article is about, if only by one of its seasons."""
        if self.series is not None:
            return self.series.pk
        return self.season.series_id if self.season is not None else None


RELATIONS: Mapping[str, type[models.Model]] = {
    "series": Series,
    "season": Season,
    "episode": Episode,
    "spoils_through": Season,
    "photo": Photo,
}


def draft_of(article: Article) -> Draft:
    """The working copy."""
    return Draft(
        **{name: getattr(article, name) for name in (*TEXTS, *RELATIONS)},
        has_byline=article.pk is not None and article.contributions.exists(),
    )


def draft_in(article: Article, revision: Revision) -> Draft:
    """What the revision holds. No query while its relations are those of the working copy."""
    content = revision.content
    return Draft(
        **{name: content[name] for name in TEXTS},
        **{
            name: record_named(model, content[name], getattr(article, name))
            for name, model in RELATIONS.items()
        },
        has_byline=bool(content["contributors"]),
    )
