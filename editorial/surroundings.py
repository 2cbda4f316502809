"""What stands around an article: its translations, the one before and after it, and those related to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.seen import NOTHING_SEEN, Seen
from editorial.edition_querysets import EditionQuerySet
from editorial.models import Edition, Footnote, Mention
from editorial.sections import BY_KIND, Section
from editorial.titles import title_for

RELATED = 4
# How many of the newest rows that name a person or a source are looked through.
LOOKED_THROUGH = 200

# Why an article is related, the best reason first.
REASONS: Mapping[str, str | Promise] = {
    "season": _("About the same season"),
    "people": _("Names the same people"),
    "sources": _("Leans on the same sources"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An article in one line, with the title that its reader may have."""

    title: str
    language: str
    path: str
    section: Section
    published_at: datetime.datetime
    changed_at: datetime.datetime
    reason: str | Promise = ""
    spoils: str = ""  # the key of the season that it gives away
    is_title_folded: bool = False  # the title gives away more than the reader has seen


@dataclass(frozen=True, slots=True)
class Surroundings:
    newer: Line | None = None
    older: Line | None = None
    related: list[Line] = field(default_factory=list)
    # By language, the article itself among them; empty where there is only one.
    versions: list[Line] = field(default_factory=list)
    original: Line | None = None  # the version that the others are translations of, if readers have it

    @property
    def lines(self) -> list[Line]:
        """All of them but the versions."""
        return [one for one in (self.newer, self.older, *self.related) if one is not None]


def surroundings_of(edition: Edition, seen: Seen = NOTHING_SEEN) -> Surroundings:
    """All of it for a live edition, in one query. What stands before and after it is of its series, or else
    of its kind.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    parts = [_rows(name, chosen) for name, chosen in _parts(edition)]
    rows = parts[0].union(*parts[1:], all=True)
    for row in sorted(rows, key=lambda row: (row["first_published_at"], row["pk"]), reverse=True):
        found.setdefault(row["place"], []).append(row)
    versions = found.get("versions", [])
    root = edition.original_id or edition.article_id
    return Surroundings(
        newer=_first(found.get("newer", []), seen),
        older=_first(found.get("older", []), seen),
        related=list(_related(found, {row["article"] for row in versions} | {edition.article_id}, seen)),
        versions=_by_language(versions, seen) if len(versions) > 1 else [],
        original=_first([row for row in versions if row["article"] == root], seen),
    )


def lines(editions: EditionQuerySet, seen: Seen = NOTHING_SEEN) -> list[Line]:
    """Editions in a line each, in their order. One query."""
    rows = editions.in_lines().values(*EditionQuerySet.OF_LINES, *EditionQuerySet.OF_TITLES)
    return [_line(row, seen) for row in rows]


def _parts(edition: Edition) -> Iterator[tuple[str, models.QuerySet]]:
    """What is looked for, each part found by an index of its own."""
    live = Edition.objects.live().newest_first()
    others = live.exclude(pk=edition.pk)
    place = edition.first_published_at, edition.pk
    line = live.filter(series=edition.series_id) if edition.series_id else live.of_kind(edition.kind)
    yield "newer", line.newer_than(*place).reverse()[:1]
    yield "older", line.older_than(*place)[:1]
    root = edition.original_id or edition.article_id
    yield "versions", live.filter(models.Q(article=root) | models.Q(original=root))
    if edition.season_id:
        yield "season", others.filter(season=edition.season_id)[: RELATED + 1]
    named = Mention.objects.filter(edition=edition, person__isnull=False).values("person")
    people = Mention.objects.filter(person__in=named).exclude(edition=edition)
    yield "people", _elsewhere(others, edition, people)
    cited = Footnote.objects.filter(edition=edition).values("passage__source")
    notes = Footnote.objects.filter(passage__source__in=cited).exclude(edition=edition)
    yield "sources", _elsewhere(others, edition, notes)


def _elsewhere(others: EditionQuerySet, edition: Edition, rows: models.QuerySet) -> EditionQuerySet:
    """Editions that these rows belong to and that are not related by their season already."""
    if edition.season_id:
        others = others.exclude(season=edition.season_id)
    newest = rows.order_by("-pk").values("edition")[:LOOKED_THROUGH]
    return others.filter(pk__in=newest)[: RELATED + 1]


def _rows(place: str, chosen: models.QuerySet) -> models.QuerySet:
    return (
        Edition.objects.order_by()
        .filter(pk__in=chosen.values("pk"))
        .in_lines()
        .annotate(place=models.Value(place))
        .values("pk", "article", *EditionQuerySet.OF_LINES, *EditionQuerySet.OF_TITLES, "place")
    )


def _related(found: Mapping[str, list[Mapping[str, Any]]], without: set[int], seen: Seen) -> Iterator[Line]:
    """The best reason first; an article stands there once, and none that is the same in another language."""
    left = RELATED
    for name, reason in REASONS.items():
        for row in found.get(name, []):
            if left and row["article"] not in without:
                without.add(row["article"])
                left -= 1
                yield _line(row, seen, reason)


def _by_language(rows: list[Mapping[str, Any]], seen: Seen) -> list[Line]:
    order = [code for code, _name in settings.LANGUAGES]
    return [
        _line(row, seen) for row in sorted(rows, key=lambda row: (order.index(row["language"]), row["pk"]))
    ]


def _first(rows: list[Mapping[str, Any]], seen: Seen) -> Line | None:
    return _line(rows[0], seen) if rows else None


def _line(row: Mapping[str, Any], seen: Seen, reason: str | Promise = "") -> Line:
    title = title_for(row, seen)
    return Line(
        title=title.text,
        language=row["language"],
        path=reverse(f"editorial:{row['kind']}", args=[row["slug"]]),
        section=BY_KIND[row["kind"]],
        published_at=row["first_published_at"],
        changed_at=row["published_at"],
        reason=reason,
        spoils=title.spoils,
        is_title_folded=title.is_folded,
    )
