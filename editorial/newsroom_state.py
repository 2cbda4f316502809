"""Whether anything in the newsroom was written since: one query, whatever it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils import timezone

from catalog.freshness import release
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    Decision,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Photo,
    Recapture,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
)
from editorial.models import Article, AuditEntry, Contributor, Correction, Edition, Revision

_WITH_TIME = (
    *(Series, Season, Episode, Person, Character, Alias, EarlierWork, CastEntry, CrewCredit, Statement),
    *(Availability, Source, Passage, Citation, Photo, Contributor),
)
_Dated = tuple[str, models.QuerySet, str]  # a name, rows, and the field that says when each was written
_CATALOG: tuple[_Dated, ...] = (
    *((model.__name__, model._default_manager.all(), "updated_at") for model in _WITH_TIME),
    ("Snapshot", Snapshot.objects.all(), "captured_at"),
    ("Decision", Decision.objects.all(), "at"),
)
# What these wrote bears the time at which they began, and is seen when they end.
_AT_ONCE = (
    "Imported",
    AuditEntry.objects.filter(verb__in=("table.imported", "table.import_undone", "bundle.imported")),
    "at",
)


def public_state() -> str:
    """A digest that changes when what readers have does: by a row, by the release, or by the day, on which
    the rights in a photo may end.
    """
    live = Edition.objects.live()
    of_articles = (
        ("Edition", live, "published_at"),
        ("Ended", Edition.objects.exclude(pk__in=live.values("pk")), "ended_at"),
        ("Article", Article.objects.filter(editions__in=live), "updated_at"),
        ("Correction", Correction.objects.all(), "at"),
    )
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    made_with = (release().fingerprint, today, settings.SITE_URL)
    licence = (settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL)
    return _digest(*_written((*_CATALOG, _AT_ONCE, *of_articles)), *made_with, *licence)


def desk_state() -> str:
    """A digest that changes when anything changes that an import may find there."""
    of_articles = (
        ("Article", Article.objects.all(), "updated_at"),
        ("Revision", Revision.objects.all(), "created_at"),
        ("Recapture", Recapture.objects.all(), "at"),
    )
    return _digest(*_written((*_CATALOG, _AT_ONCE, *of_articles)))


def _written(dated: Iterable[_Dated]) -> list[tuple[object, ...]]:
    """Of each table how many rows there are and when the newest was written. One query."""
    first, *others = (
        rows.order_by()
        .values(table=models.Value(name))
        .annotate(rows=models.Count("pk", distinct=True), newest=models.Max(field))
        .values_list("table", "rows", "newest")
        for name, rows, field in dated
    )
    return sorted(first.union(*others, all=True))


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()
