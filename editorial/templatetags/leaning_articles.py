"""The published articles that lean on passages, for the desk's pages about a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django import template
from django.db import models
from django.urls import reverse

from catalog.models import Source
from editorial.models import Edition

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """Where readers find that a live article leans on a passage: the first such sentence."""

    article: int
    title: str
    language: str
    number: int  # of the passage
    path: str


@dataclass(slots=True)
class Leaning:
    """A live article with the places where it leans on some passages."""

    title: str
    language: str
    path: str  # of its form
    places: list[Place] = field(default_factory=list)


@register.simple_tag
def leaning_on(source: Source) -> dict[int, list[Place]]:
    """Where live articles lean on the source, by passage. One query, however many passages there are."""
    found: dict[int, list[Place]] = defaultdict(list)
    columns = ("article", "title", "language", "kind", "slug", "note", "passage_id")
    rows = Edition.objects.citing(source).values(*columns, number=models.F("footnotes__passage__number"))
    for row in rows:
        page = reverse(f"editorial:{row['kind']}", args=[row["slug"]])
        found[row["passage_id"]].append(
            Place(row["article"], row["title"], row["language"], row["number"], f"{page}#ref-{row['note']}-1")
        )
    return dict(found)


@register.inclusion_tag("admin/catalog/recapture/_leaning.html")
def leaning_articles(places: dict[int, list[Place]], passages: Collection[int]) -> dict:
    """The articles that lean on any of these passages, of what `leaning_on` found."""
    articles: dict[int, Leaning] = {}
    for passage in passages:
        for place in places.get(passage, ()):
            path = reverse("admin:editorial_article_change", args=[place.article])
            article = articles.setdefault(place.article, Leaning(place.title, place.language, path))
            article.places.append(place)
    return {"articles": list(articles.values())}
