"""Articles as readers get them: every text and relation as its edition froze it, never the working copy."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from catalog.former import by_slug, record_named
from catalog.keys import key_of
from catalog.models import Character, Person, Photo, Season, Series
from catalog.seen import NOTHING_SEEN, Seen
from catalog.watching import Offer, offers
from editorial.corrections import Note, notes
from editorial.evidence_in_text import text_with_marks
from editorial.models import Bylined, Contributor, Correction, Edition, Pictured
from editorial.photos_in_text import PresentPhotos, present_photos, with_present_photos
from editorial.prose.cited import CitedSource, sources_cited
from editorial.prose.compile import trusted
from editorial.prose.contents import Heading, contents_of
from editorial.sections import BY_KIND, Section
from editorial.surroundings import Line, Surroundings, lines, surroundings_of
from editorial.titles import title_for

_RELATIONS: Mapping[str, type[models.Model]] = {
    "series": Series,
    "season": Season,
    "spoils_through": Season,
    "photo": Photo,
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an article to a reader who has seen so much."""

    title: str
    standfirst: str
    language: str
    path: str
    section: Section
    published_at: datetime.datetime
    changed_at: datetime.datetime
    photo: Photo | None
    is_folded: bool = False  # it gives away more than its reader has seen
    spoils: str = ""  # the key of the season that it gives away
    is_title_folded: bool = False  # and there is no title that gives nothing away


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of an article shows."""

    title: str
    spoiler_free_title: str
    standfirst: str
    language: str
    path: str
    section: Section
    contributors: list[Contributor]
    series: Series | None
    season: Season | None
    spoils_through: Season | None
    photo: Photo | None
    html: SafeString
    notes: list[Note]
    published_at: datetime.datetime
    changed_at: datetime.datetime
    around: Surroundings = field(default_factory=Surroundings)
    offers: list[Offer] = field(default_factory=list)
    checked_at: datetime.datetime | None = None  # None: not all of its passages can be

    @property
    def about(self) -> Season | Series | None:
        return self.season or self.series

    @property
    def listed_title(self) -> str:
        """The title for where it stands alone: the one that gives nothing away, where there is one."""
        return self.spoiler_free_title or self.title

    @property
    def folded_title(self) -> str:
        """What stands over it while it is folded; "" where no title gives nothing away."""
        return self.spoiler_free_title

    @property
    def spoils(self) -> str:
        """The key of the season through which it gives things away; "" for none."""
        return key_of(self.spoils_through) if self.spoils_through else ""

    @property
    def spoiled(self) -> frozenset[str]:
        """The keys of all the seasons that it, or a title around it, gives away."""
        around = (*self.around.lines, *self.around.versions)
        return frozenset({self.spoils, *(line.spoils for line in around)} - {""})

    @property
    def described(self) -> str:
        """What other sites show below the title: the standfirst, where that may give nothing away."""
        if self.spoils_through is None:
            return self.standfirst
        return gettext("Gives away events through %(season)s.") % {"season": self.spoils_through}

    @property
    def notes_first(self) -> list[Note]:
        return [note for note in self.notes if note.stands_first]

    @property
    def notes_last(self) -> list[Note]:
        return [note for note in self.notes if not note.stands_first]

    @property
    def contributors_with_biography(self) -> list[Contributor]:
        return [one for one in self.contributors if one.biography]

    @property
    def sources(self) -> list[CitedSource]:
        """What its footnotes lean on, in their order."""
        return sources_cited(self.html)

    @property
    def contents(self) -> list[Heading]:
        """Its main headings, where there are enough of them to be listed."""
        return contents_of(self.html)

    @property
    def newest(self) -> datetime.datetime:
        """When what the page shows last changed."""
        around = (*self.around.lines, *self.around.versions)
        checked = [self.checked_at] if self.checked_at else []
        return max([self.changed_at, *checked, *(line.changed_at for line in around)])

    @property
    def was_changed(self) -> bool:
        """Whether it shows: times are told to the minute."""
        return self.changed_at.replace(second=0, microsecond=0) > self.published_at


def cards(editions: Iterable[Edition], seen: Seen = NOTHING_SEEN) -> list[Card]:
    """Cards of editions from `for_cards`, in their order; one query more for the photos.

    Who has seen what a text gives away gets its full title. Who has said to have seen less gets it folded,
    without its photo; who has said nothing, the title that gives nothing away.
    """
    editions = list(editions)
    slugs = {edition.photo_slug for edition in editions if edition.photo_slug}
    found = by_slug(Photo, slugs, "gives_away__series")
    photos = {slug: photo for slug, photo in found.items() if not photo.rights_have_ended}
    return [_card(edition, photos.get(edition.photo_slug), seen) for edition in editions]


def _card(edition: Edition, photo: Photo | None, seen: Seen) -> Card:
    title = title_for(vars(edition), seen)
    hides_photo = (
        photo is not None and photo.gives_away is not None and not seen.covers(key_of(photo.gives_away))
    )
    return Card(
        title=title.text,
        standfirst=edition.standfirst or "",
        language=edition.language,
        path=edition.get_absolute_url(),
        section=BY_KIND[edition.kind],
        published_at=edition.first_published_at,
        changed_at=edition.published_at,
        photo=None if title.is_beyond or hides_photo else photo,
        is_folded=title.is_beyond,
        spoils=title.spoils,
        is_title_folded=title.is_folded,
    )


def story(
    edition: Edition, text: Callable[[Edition], str] = text_with_marks, seen: Seen = NOTHING_SEEN
) -> Story:
    """An edition from `for_page`, with all it names and what stands around it: two queries, one more for its
    photos and those of its byline together, for its corrections and for each relation changed in the working
    copy.

    `text` draws its HTML (`editorial.evidence_in_text`).
    """
    article = edition.article
    at_hand = {
        "series": edition.series,
        "season": edition.season,
        "spoils_through": article.spoils_through,
        "photo": article.photo,
    }
    with translation.override(edition.language):
        html, may_watch = text(edition), offers(edition.watching or ())
    photos = present_photos(html, [row["portrait_id"] for row in edition.byline or [] if row["portrait_id"]])
    return Story(
        **named_by(edition.revision.content, at_hand, _contributors(edition, photos)),
        path=edition.get_absolute_url(),
        section=BY_KIND[edition.kind],
        html=trusted(with_present_photos(html, photos.by_slug)),
        notes=_notes(edition),
        around=surroundings_of(edition, seen),
        offers=may_watch,
        published_at=edition.first_published_at,
        changed_at=edition.published_at,
        checked_at=_checked_at(edition),
    )


def named_by(
    content: dict[str, Any],
    at_hand: Mapping[str, models.Model | None],
    contributors: list[Contributor],
) -> dict[str, Any]:
    """The texts and records of a story as a revision's content names them. A photo whose rights have ended
    is left out. One query for each relation that is another than the record `at_hand` for it.
    """
    named = {name: record_named(model, content[name], at_hand[name]) for name, model in _RELATIONS.items()}
    photo = named["photo"]
    return {
        "title": content["title"],
        "spoiler_free_title": content["spoiler_free_title"],
        "standfirst": content["standfirst"],
        "language": content["language"],
        "contributors": contributors,
        **named,
        "photo": None if photo is None or photo.rights_have_ended else photo,
    }


def _contributors(edition: Edition, photos: PresentPhotos) -> list[Contributor]:
    """Who signs the edition, in their order, with their portraits."""
    signed = []
    for row in sorted(edition.byline or [], key=lambda row: row["position"]):
        portrait = photos.by_pk.get(row["portrait_id"])
        texts = {name: row[name] for name in ("slug", "name", "role", "biography")}
        signed.append(Contributor(pk=row["id"], portrait=portrait, **texts))
    return signed


def _checked_at(edition: Edition) -> datetime.datetime | None:
    """When all its passages were last seen where they should be; nothing is published before they are."""
    if not edition.is_checkable:
        return None
    return max(edition.published_at, edition.verified_at or edition.published_at)


def _notes(edition: Edition) -> list[Note]:
    """What was corrected up to this edition, newest first."""
    if not edition.is_corrected:
        return []
    corrections = Correction.objects.for_readers().filter(
        article=edition.article_id, edition__number__lte=edition.number
    )
    return notes(corrections)


def articles_about(record: Series | Season | Person | Character, seen: Seen = NOTHING_SEEN) -> list[Line]:
    """The newest live articles about a series or a season, or that lead to a person or a character."""
    editions = Edition.objects.live().newest_first()
    is_named = isinstance(record, (Person, Character))
    return lines((editions.mentioning(record) if is_named else editions.about(record))[:12], seen)


def series_with_articles() -> models.QuerySet[Series]:
    """The series that live articles are about, with the seasons (`written_about`) that they are about."""
    live = Edition.objects.live()
    seasons = Season.objects.filter(models.Exists(live.filter(season=models.OuterRef("pk"))))
    written_about = models.Prefetch("seasons", seasons.order_by("number"), to_attr="written_about")
    about = models.Exists(live.filter(series=models.OuterRef("pk")))
    return Series.objects.filter(about).prefetch_related(written_about)


def uploaded_photo(name: str) -> Photo | None:
    """The photo in the file of this name, with `is_shown`: whether a live edition shows it, in its text or as
    the portrait of somebody in its byline. One query.
    """
    if "\x00" in name:  # which no text in PostgreSQL can hold
        return None
    live = Edition.objects.live()
    pictured = Pictured.objects.filter(photo=models.OuterRef("pk"), edition__in=live)
    signed = Bylined.objects.filter(contributor__portrait=models.OuterRef("pk"), edition__in=live)
    shown = models.Exists(pictured) | models.Exists(signed)
    return Photo.objects.filter(image=name).annotate(is_shown=shown).first()
