"""What feeds tell: the articles last published or changed, with what was corrected in each.

A correction brings its article up again, with its note. A retracted article stays, by its note alone: nothing
of the text that was taken back. The words of a note are not told where they may give something away.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from catalog.models import Series
from editorial.corrections import Note, notes
from editorial.edition_querysets import EditionQuerySet
from editorial.models import Correction, Edition
from editorial.querysets import CorrectionQuerySet
from editorial.sections import BY_KIND, Section

LIMIT = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a feed. Its `id` is a tag URI (RFC 4151) that stays as it is for ever."""

    id: str
    title: str  # the one that gives nothing away
    standfirst: str  # "" for a text that gives something away
    language: str
    path: str
    section: Section
    series: str
    authors: list[str]
    notes: list[Note]  # newest first
    published_at: datetime.datetime
    changed_at: datetime.datetime
    photo_slug: str = ""
    is_retracted: bool = False

    @property
    def headline(self) -> str:
        """The title, in which a retraction says so in the language of the article."""
        if not self.is_retracted:
            return self.title
        with translation.override(self.language):
            return gettext("Retracted: %(title)s") % {"title": self.title}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles a feed is about: any of these may be left open."""

    kind: str = ""
    series: Series | None = None
    language: str = ""

    @property
    def id(self) -> str:
        """The name of the feed itself: of what it selects, not of its address."""
        parts = [self.kind, f"series-{self.series.pk}" if self.series else "", self.language]
        return _tag("2026", ":".join(["feed", *(part for part in parts if part)]))

    def editions(self) -> EditionQuerySet:
        """Live editions, the last changed first."""
        found = Edition.objects.for_feed()
        found = found.of_kind(self.kind) if self.kind else found
        found = found.about(self.series) if self.series else found
        return found.in_language(self.language) if self.language else found

    def retractions(self) -> CorrectionQuerySet:
        """The newest first."""
        found = Correction.objects.for_readers().retractions()
        found = found.filter(replaced__kind=self.kind) if self.kind else found
        found = found.filter(replaced__series=self.series) if self.series else found
        return found.in_language(self.language) if self.language else found


def entries(selection: Selection) -> list[Entry]:
    """The last changed articles of a feed, at most `LIMIT`. Five queries."""
    live = _live(list(selection.editions()[:LIMIT]))
    found = [*live, *_retracted(selection.retractions()[:LIMIT])]
    return sorted(found, key=lambda entry: entry.changed_at, reverse=True)[:LIMIT]


def entry_at(kind: str, slug: str) -> Entry | None:
    """What a feed tells of the article at this address."""
    editions = list(Edition.objects.for_feed().at_address(kind, slug))
    if editions:
        return next(_live(editions))
    retractions = Correction.objects.for_readers().retractions()
    return next(_retracted(retractions.filter(replaced__kind=kind, replaced__slug=slug)), None)


def _live(editions: list[Edition]) -> Iterator[Entry]:
    corrected = _notes_by_article(editions)
    for edition in editions:
        yield Entry(
            id=_article_id(edition.article_id, edition.first_published_at),
            title=edition.title,
            standfirst="" if edition.spoils else edition.standfirst or "",
            language=edition.language,
            path=edition.get_absolute_url(),
            section=BY_KIND[edition.kind],
            series=edition.series.title if edition.series else "",
            authors=[one.contributor.name for one in edition.bylines.all()],
            notes=corrected[edition.article_id],
            published_at=edition.first_published_at,
            changed_at=edition.published_at,
            photo_slug=edition.photo_slug or "",
        )


def _notes_by_article(editions: Iterable[Edition]) -> dict[int, list[Note]]:
    articles = [edition.article_id for edition in editions]
    corrections = Correction.objects.for_readers().filter(article__in=articles, edition__isnull=False)
    found: dict[int, list[Note]] = defaultdict(list)
    corrections = list(corrections)
    for correction, note in zip(corrections, notes(corrections), strict=True):
        found[correction.article_id].append(note)
    return found


def _retracted(corrections: Iterable[Correction]) -> Iterator[Entry]:
    newest: dict[int, Correction] = {}
    for correction in corrections:
        newest.setdefault(correction.article_id, correction)
    for correction, note in zip(newest.values(), notes(newest.values()), strict=True):
        yield Entry(
            id=_article_id(correction.article_id, correction.first_published_at),
            title=note.title,
            standfirst="",
            language=note.language,
            path=note.path,
            section=BY_KIND[correction.page_kind],
            series="",
            authors=[],
            notes=[note],
            published_at=correction.first_published_at,
            changed_at=note.at,
            is_retracted=True,
        )


def _article_id(pk: int, first_published_at: datetime.datetime) -> str:
    """Neither slug, title nor host stands in it: all of them may change."""
    return _tag(f"{first_published_at.astimezone(datetime.UTC):%Y-%m-%d}", f"article:{pk}")


def _tag(date: str, name: str) -> str:
    return f"tag:{settings.FEED_AUTHORITY},{date}:{name}"
