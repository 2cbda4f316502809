"""The fields of an article that the checks judge, from wherever they stand: the working copy, a revision, or
a form that nobody has saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from catalog.keys import key_of
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
        **{name: _named(model, getattr(article, name), content[name]) for name, model in RELATIONS.items()},
        has_byline=bool(content["contributors"]),
    )


def _named(model: type[models.Model], at_hand: Any, key: str | None) -> Any:
    """The record of this natural key: the working copy's own one when it still is that."""
    if key is None:
        return None
    if at_hand is not None and key_of(at_hand) == key:
        return at_hand
    found = model._default_manager.filter(**_BY_KEY[model](*key.split("/", 3)))
    return (found.select_related("series") if model is Season else found).first()


_BY_KEY: Mapping[type[models.Model], Any] = {
    Series: lambda slug: {"slug": slug},
    Photo: lambda slug: {"slug": slug},
    Season: lambda slug, number: {"series__slug": slug, "number": number},
    Episode: lambda slug, number, episode, title=None: {
        "season__series__slug": slug,
        "season__number": number,
        **({"number": episode} if title is None else {"number": None, "title": title}),
    },
}
