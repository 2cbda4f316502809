"""What the reader's pages show that are neither an article nor a record of the catalog.

Each is read by one function, for the page and for its JSON alike; None where there is no such page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from catalog.freshness import Freshness
from catalog.models import Series, Source
from editorial.comparing import Change, compare_for_readers
from editorial.corrections import Note, notes
from editorial.front import Front, front_page
from editorial.models import Correction, Edition
from editorial.reading import Card, cards, series_with_articles
from editorial.sections import BY_KIND, Section

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class Home:
    front: Front
    series: list[Series]

    @property
    def freshness(self) -> Freshness:
        return Freshness(self.front.changed_at, *(one.updated_at for one in self.series))

    @property
    def cards(self) -> list[Card]:
        """All of them, in the order of the page."""
        lead = [self.front.lead] if self.front.lead else []
        return [
            *lead,
            *self.front.secondary,
            *(card for _section, found in self.front.sections for card in found),
        ]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the articles of a kind."""

    section: Section
    page: Page
    cards: list[Card]

    @property
    def freshness(self) -> Freshness:
        return Freshness(*(card.changed_at for card in self.cards))


@dataclass(frozen=True, slots=True)
class CorrectionList:
    page: Page
    notes: list[Note]

    @property
    def freshness(self) -> Freshness:
        return Freshness(*(note.at for note in self.notes))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A correction in full: what it changed."""

    path: str
    note: Note
    changes: list[Change]
    correction: Correction

    @property
    def freshness(self) -> Freshness:
        return Freshness(self.note.at)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """In the place of a text that readers had: the note of its retraction; without one, it is gone."""

    path: str
    title: str
    section: Section
    note: Note | None
    last: Edition


@dataclass(frozen=True, slots=True)
class SourceList:
    sources: Sequence[Source]


def home() -> Home:
    """The newest article, the newest of each kind, and the series they are about."""
    front = front_page(cards(Edition.objects.for_cards().newest_of_each_kind(4)))
    return Home(front, list(series_with_articles()))


def listing(kind: str, number: str | None) -> Listing:
    """A page of the articles of a kind, newest first; a number that no page has is mended."""
    page = _page(Edition.objects.for_cards().of_kind(kind), PAGE_SIZE, number)
    return Listing(BY_KIND[kind], page, cards(page.object_list))


def correction_list(number: str | None) -> CorrectionList:
    """A page of the corrections that readers were told of, newest first."""
    page = _page(Correction.objects.for_readers(), 2 * PAGE_SIZE, number)
    return CorrectionList(page, notes(page.object_list))


def comparison(pk: int) -> Comparison | None:
    """What a correction changed, in the words that readers had before and got then."""
    readable = Correction.objects.for_readers().select_related("replaced__revision", "edition__revision")
    found = readable.filter(pk=pk, edition__isnull=False).first()
    if found is None:
        return None
    [note] = notes([found])
    changes = compare_for_readers(found.replaced.revision.content, found.edition.revision.content)
    return Comparison(note.comparison, note, changes, found)


def tombstone(kind: str, slug: str) -> Tombstone | None:
    """What stands at the address of an article that readers had and lost."""
    last = Edition.objects.ended_at_address(kind, slug).select_related("revision").first()
    if last is None or Edition.objects.newest_of(last.article_id).first() != last:
        return None
    retractions = Correction.objects.for_readers().filter(replaced=last, kind="retraction")
    note = next(iter(notes(retractions[:1])), None)
    title = last.revision.content["title"]
    return Tombstone(last.get_absolute_url(), title, BY_KIND[kind], note, last)


def _page(rows: Iterable, size: int, number: str | None) -> Page:
    return Paginator(rows, size).get_page(number)
