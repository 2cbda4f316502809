"""What other sites show where somebody shares an article: its photo, or a card drawn of its headline.

Neither gives anything away: the headline is the one for lists, and a photo that gives something away stays on
its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalog.kept_files import kept
from catalog.models import Series
from catalog.pictures import jpeg_of
from editorial.models import Edition
from editorial.reading import Story
from editorial.sections import BY_KIND, Section
from editorial.social_cards import HEIGHT, WIDTH, CardText, draw_card, fingerprint

SMALLEST = 600  # pixels: sites show a narrower picture as a stamp beside the words


@dataclass(frozen=True, slots=True)
class SharedPicture:
    path: str
    type: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class SocialCard:
    """The card of an article that readers have, at the one address that it has now."""

    article: int
    path: str
    text: CardText

    def keep(self) -> Path:
        """The file of the card, drawn where it is not there yet; what the article had before it goes."""
        name = f"{self.article}-{fingerprint(self.text)}.png"
        folder = settings.MEDIA_ROOT / "cards"
        if not (folder / name).exists():
            for outdated in folder.glob(f"{self.article}-*.png"):
                outdated.unlink(missing_ok=True)
        return kept(folder / name, partial(draw_card, self.text))


def shared_picture(story: Story) -> SharedPicture:
    """What the page of an article names for sites that show links."""
    photo = story.photo
    if photo is not None and photo.gives_away_id is None:
        cut = jpeg_of(photo, "16x9")
        if cut.width >= SMALLEST:
            return SharedPicture(cut.url, "image/jpeg", cut.width, cut.height, photo.alt)
    series = story.series or (story.season.series if story.season else None)
    text = _text(story.listed_title, story.section, series, story.language)
    path = _path(story.section.kind, story.path.rstrip("/").rpartition("/")[2], text)
    return SharedPicture(path, "image/png", WIDTH, HEIGHT, story.listed_title)


def social_card(kind: str, slug: str) -> SocialCard | None:
    """The card of the article at this address; None where readers have none. One query."""
    edition = Edition.objects.in_lines().select_related("series").at_address(kind, slug).first()
    if edition is None:
        return None
    text = _text(edition.title, BY_KIND[kind], edition.series, edition.language)
    return SocialCard(edition.article_id, _path(kind, slug, text), text)


def _text(title: str, section: Section, series: Series | None, language: str) -> CardText:
    with translation.override(language):
        motto = gettext("Television, with its sources")
        return CardText(title, str(section.title), series.title if series else "", motto)


def _path(kind: str, slug: str, text: CardText) -> str:
    return reverse(f"editorial:{kind}_card", args=[slug, fingerprint(text)])
