"""What the reader's pages show that are neither an article nor a record of the catalog.

Each is read by one function, for the page and for its JSON alike; None where there is no such page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.freshness import Freshness
from catalog.models import Series, Source
from catalog.seen import NOTHING_SEEN, Seen
from editorial.comparing import Change, compare_for_readers
from editorial.corrections import Note, notes
from editorial.front import Front, front_page
from editorial.models import Contributor, Correction, Edition
from editorial.reading import Card, cards, series_with_articles
from editorial.sections import BY_KIND, Section
from editorial.slices import Slice, slice_of, year_span, years_of

PAGE_SIZE = 12
PICKS = 7
OF_EACH_KIND = 4


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
            *self.front.choice,
            *(card for _section, found in self.front.sections for card in found),
        ]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the articles of a kind, of all years or of one."""

    section: Section
    slice: Slice
    years: list[int]  # that have any
    year: int | None = None

    @property
    def cards(self) -> list[Card]:
        return self.slice.cards

    @property
    def path(self) -> str:
        """Of its first page."""
        if self.year is None:
            return reverse(self.section.url_name)
        return reverse(self.section.year_url_name, args=[self.year])

    @property
    def title(self) -> str:
        if self.year is None:
            return str(self.section.title)
        return _("%(section)s of %(year)s") % {"section": self.section.title, "year": self.year}

    @property
    def freshness(self) -> Freshness:
        return Freshness(*(card.changed_at for card in self.cards))


@dataclass(frozen=True, slots=True)
class BylinePage:
    """Somebody who writes, and one page of what readers have by them."""

    contributor: Contributor
    slice: Slice

    @property
    def path(self) -> str:
        return self.contributor.get_absolute_url()

    @property
    def cards(self) -> list[Card]:
        return self.slice.cards

    @property
    def freshness(self) -> Freshness:
        return Freshness(self.contributor.updated_at, *(card.changed_at for card in self.cards))


@dataclass(frozen=True, slots=True)
class CorrectionList:
    page: Page
    notes: list[Note]

    @property
    def is_folded(self) -> bool:
        """Whether any of it is."""
        return any(note.is_folded for note in self.notes)

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

    @property
    def open_title(self) -> str:
        """What stands over it: the title in full, unless it is folded with the note."""
        return self.note.open_title if self.note and self.note.is_folded else self.title


@dataclass(frozen=True, slots=True)
class HowWeCite:
    """The page that explains the footnotes; nothing of it is read from the database."""

    path: str = field(default_factory=lambda: reverse("editorial:how_we_cite"))


@dataclass(frozen=True, slots=True)
class SourceList:
    sources: Sequence[Source]


def home(seen: Seen = NOTHING_SEEN) -> Home:
    """The desk's choice, the newest of each kind, and the series they are about. Five queries."""
    editions = Edition.objects.for_cards()
    picked = list(editions.picked()[:PICKS])
    found = cards([*picked, *editions.newest_of_each_kind(OF_EACH_KIND)], seen)
    front = front_page(found[: len(picked)], found[len(picked) :])
    return Home(front, list(series_with_articles()))


def listing(
    kind: str, asked: Mapping[str, str], year: int | None = None, seen: Seen = NOTHING_SEEN
) -> Listing | None:
    """A page of the articles of a kind, newest first, as `editorial.slices.slice_of` reads what is `asked`;
    None for a year that has none. Five queries at most.
    """
    of_kind = Edition.objects.for_cards().of_kind(kind)
    years = years_of(Edition.objects.live().of_kind(kind))
    if year is not None and year not in years:
        return None
    shown = of_kind if year is None else of_kind.between(*year_span(year))
    return Listing(BY_KIND[kind], slice_of(shown, asked, PAGE_SIZE, seen), years, year)


def byline(slug: str, asked: Mapping[str, str], seen: Seen = NOTHING_SEEN) -> BylinePage | None:
    """A page of what somebody has written, newest first; None for somebody whom readers do not know."""
    contributor = Contributor.objects.filter(slug=slug).first()
    if contributor is None:
        return None
    shown = slice_of(Edition.objects.for_cards().by(contributor), asked, PAGE_SIZE, seen)
    return BylinePage(contributor, shown) if shown.cards else None


def correction_list(number: str | None, seen: Seen = NOTHING_SEEN) -> CorrectionList:
    """A page of the corrections that readers were told of, newest first."""
    page = _page(Correction.objects.for_readers(), 2 * PAGE_SIZE, number)
    return CorrectionList(page, notes(page.object_list, seen))


def comparison(pk: int, seen: Seen = NOTHING_SEEN) -> Comparison | None:
    """What a correction changed, in the words that readers had before and got then."""
    readable = Correction.objects.for_readers().select_related("replaced__revision", "edition__revision")
    found = readable.filter(pk=pk, edition__isnull=False).first()
    if found is None:
        return None
    [note] = notes([found], seen)
    changes = compare_for_readers(found.replaced.revision.content, found.edition.revision.content)
    return Comparison(note.comparison, note, changes, found)


def tombstone(kind: str, slug: str, seen: Seen = NOTHING_SEEN) -> Tombstone | None:
    """What stands at the address of an article that readers had and lost."""
    last = Edition.objects.ended_at_address(kind, slug).select_related("revision").first()
    if last is None or Edition.objects.newest_of(last.article_id).first() != last:
        return None
    retractions = Correction.objects.for_readers().filter(replaced=last, kind="retraction")
    note = next(iter(notes(retractions[:1], seen)), None)
    title = last.revision.content["title"]
    return Tombstone(last.get_absolute_url(), title, BY_KIND[kind], note, last)


def _page(rows: Iterable, size: int, number: str | None) -> Page:
    return Paginator(rows, size).get_page(number)
