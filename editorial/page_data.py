"""What the pages of articles, lists and corrections show, as plain data for JSON.

Made of the view models of the pages; the catalog's part is `catalog.page_data`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from catalog.models import Photo, Source
from catalog.page_data import Data, PageData
from catalog.pictures import jpeg_of
from catalog.provenance import SourceSheet
from catalog.watching import Offer
from editorial.corrections import Note
from editorial.finding import Result, Results
from editorial.models import Contributor
from editorial.pages import BylinePage, Comparison, CorrectionList, Home, Listing, Tombstone
from editorial.reading import Card, Story
from editorial.sections import Section
from editorial.slices import Slice
from editorial.surroundings import Line, Surroundings
from editorial.uses import UsedPassage


class ArticleData(PageData):
    """The same with articles in it."""

    def home(self, page: Home) -> Data:
        front = page.front
        return {
            **self._page("Ibid.", reverse("editorial:home")),
            "lead": self._card(front.lead) if front.lead else None,
            "secondary": self.cards(front.secondary),
            "choice": self.cards(front.choice),
            "sections": [
                {**self._section(section), "articles": self.cards(found)} for section, found in front.sections
            ],
            "series": [
                {**self.link(one), "seasons": [self.season_link(season) for season in one.written_about]}
                for one in page.series
            ],
        }

    def listing(self, page: Listing) -> Data:
        years = [
            {"year": year, "url": self.absolute(reverse(page.section.year_url_name, args=[year]))}
            for year in page.years
        ]
        return {
            **self._page(page.title, page.path),
            "about": str(page.section.about),
            "years": years,
            **self._ways(page.path, page.slice),
            "articles": self.cards(page.cards),
        }

    def byline(self, page: BylinePage) -> Data:
        found = page.contributor
        return {
            **self._page(found.name, page.path),
            "role": found.role,
            "biography": found.biography,
            **self._ways(page.path, page.slice),
            "articles": self.cards(page.cards),
        }

    def story(self, story: Story) -> Data:
        return {
            **self._page(story.title, story.path),
            "language": story.language,
            "section": self._section(story.section),
            "standfirst": story.standfirst,
            "byline": [self._contributor(one) for one in story.contributors],
            "published": _moment(story.published_at),
            "changed": _moment(story.changed_at),
            "evidence": self._how_checked(story) if story.sources else None,
            "series": self.link(story.series) if story.series else None,
            "season": self.link(story.season) if story.season else None,
            **self.gives_away(story.spoils),
            "gives_away_through": str(story.spoils_through) if story.spoils_through else None,
            "photo": self._photo(story.photo) if story.photo else None,
            "where_to_watch": [self._offer(one) for one in story.offers],
            "corrections": [self._note(note) for note in story.notes],
            "html": str(story.html),
            "sources": [{"title": one.title, "url": self.absolute(one.path)} for one in story.sources],
            **self._around(story.around),
        }

    def _offer(self, offer: Offer) -> Data:
        return {
            "service": offer.service,
            "territory": offer.territory,
            "from": offer.begins,
            "until": offer.ends,
        }

    def _how_checked(self, story: Story) -> Data:
        """When it was checked, and where it is shown."""
        checked = _moment(story.checked_at) if story.checked_at else None
        return {"checked": checked, "url": self.absolute(f"{story.path}?evidence=shown")}

    def tombstone(self, page: Tombstone) -> Data:
        """Of a text that was taken back its headline and the reason; of one that is gone only that."""
        if page.note is None:
            return {"url": self.absolute(page.path), "is_gone": True}
        return {
            **self._page(page.title, page.path),
            "section": self._section(page.section),
            "is_retracted": True,
            "corrections": [self._note(page.note)],
            "last_published": _moment(page.last.published_at),
        }

    def correction_list(self, page: CorrectionList) -> Data:
        notes = [self._note_on_article(note) for note in page.notes]
        address = self.absolute(reverse("editorial:correction_list"))
        return {"url": address, **self._pages(page.page), "corrections": notes}

    def search(self, found: Results) -> Data:
        return {
            "url": self.absolute(reverse("editorial:search") + found.address_of(found.page)),
            "query": found.asked.text,
            "searched_for": found.query.text,
            "count": found.count,
            "there_is_more": found.is_bounded,
            "page": found.page,
            "of": found.pages,
            "results": [self._result(one) for one in found.results],
        }

    def _result(self, one: Result) -> Data:
        return {
            **self._page("".join(piece.text for piece in one.title), one.path),
            "kind": one.group,
            "language": one.language,
            "series": one.series,
            "changed": _moment(one.at) if one.at else None,
            "snippet": [{"text": piece.text, "is_marked": piece.is_marked} for piece in one.snippet],
        }

    def comparison(self, page: Comparison) -> Data:
        correction = page.correction
        return {
            **self._note_on_article(page.note),
            "editions": {
                "old": _moment(correction.replaced.published_at),
                "new": _moment(correction.edition.published_at),
            },
            "changes": [
                {
                    "label": change.label,
                    "old": [{"kind": piece.kind, "text": piece.text} for piece in change.old],
                    "new": [{"kind": piece.kind, "text": piece.text} for piece in change.new],
                }
                for change in page.changes
            ],
        }

    def source_list(self, sources: Iterable[Source]) -> Data:
        address = self.absolute(reverse("catalog:source_list"))
        return {"url": address, "sources": [self.source_in_list(source) for source in sources]}

    def source_sheet(self, sheet: SourceSheet, passages: Iterable[UsedPassage]) -> Data:
        return {
            **self.source(sheet.source),
            "passages": [{**self.passage(used.sheet), "cited_in": self._uses(used)} for used in passages],
        }

    def cards(self, cards: Iterable[Card]) -> list[Data]:
        return [self._card(card) for card in cards]

    def lines(self, cards: Iterable[Card]) -> list[Data]:
        """Articles beside a record: without picture and standfirst, as on the page."""
        return [self._line(card) for card in cards]

    def _line(self, card: Card | Line) -> Data:
        return {
            **self._page(card.title, card.path),
            **self.gives_away(card.spoils),
            "language": card.language,
            "section": self._section(card.section),
            "published": _moment(card.published_at),
            "changed": _moment(card.changed_at),
        }

    def _card(self, card: Card) -> Data:
        return {
            **self._line(card),
            "standfirst": card.standfirst,
            "photo": self._picture(card.photo) if card.photo else None,
        }

    def _around(self, around: Surroundings) -> Data:
        return {
            "versions": [self._line(one) for one in around.versions],
            "newer": self._line(around.newer) if around.newer else None,
            "older": self._line(around.older) if around.older else None,
            "related": [{**self._line(one), "because": str(one.reason)} for one in around.related],
        }

    def _ways(self, path: str, shown: Slice) -> Data:
        """Where the list goes on in either direction, as JSON, for the same reader; None where it ends."""
        address = self.absolute(f"{path.removesuffix('/')}.json")
        said = self.seen.carried_further
        return {
            "newer": f"{address}{shown.newer}{said}" if shown.newer else None,
            "older": f"{address}{shown.older}{said}" if shown.older else None,
        }

    def _uses(self, used: UsedPassage) -> list[Data]:
        return [{**self._page(use.title, use.path), "language": use.language} for use in used.uses]

    def _note(self, note: Note) -> Data:
        return {
            "kind": note.kind,
            "label": note.label,
            "text": note.text,
            "at": _moment(note.at),
            "what_changed": self.absolute(note.comparison) if note.comparison else None,
            **self.gives_away(note.spoils),
        }

    def _note_on_article(self, note: Note) -> Data:
        article = {**self._page(note.title, note.path), "language": note.language}
        return {**self._note(note), "article": article}

    def _contributor(self, contributor: Contributor) -> Data:
        portrait = contributor.portrait_for_readers
        return {
            "name": contributor.name,
            "role": contributor.role,
            "url": self.absolute(contributor.get_absolute_url()),
            "biography": contributor.biography,
            "portrait": self._portrait(portrait) if portrait else None,
        }

    def _portrait(self, photo: Photo) -> Data:
        return {**self._picture(photo, "1x1"), "alt": photo.alt, "credit": photo.credit}

    def _picture(self, photo: Photo, ratio: str = "16x9") -> Data:
        copy = jpeg_of(photo, ratio)
        return {"url": self.absolute(copy.url), "width": copy.width, "height": copy.height}

    def _photo(self, photo: Photo) -> Data:
        words = {"alt": photo.alt, "caption": photo.caption, "credit": photo.credit}
        return {**self._picture(photo), **words}

    def _section(self, section: Section) -> Data:
        return self._page(str(section.title), reverse(section.url_name))

    def _page(self, title: str, path: str) -> Data:
        return {"title": title, "url": self.absolute(path)}

    def _pages(self, page: Page) -> Data:
        return {"page": page.number, "of": page.paginator.num_pages}


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
