"""Preview links as they are opened: which link an address names, whether it is valid, what it shows.

The address holds the id of the link, signed: a row of the database is no address, and a new SECRET_KEY ends
them all. What is shown was compiled when the revision was saved, or when the link was made.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.former import by_slug, each_by_slug
from catalog.models import Photo
from editorial.models import Contributor, PreviewLink
from editorial.photos_in_text import without_ended_photos
from editorial.prose.compile import trusted
from editorial.prose.document import parse
from editorial.reading import Story, named_by
from editorial.sections import BY_KIND


class PreviewState(models.TextChoices):
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page of a preview says besides the story."""

    number: int  # of the revision
    saved_at: datetime.datetime
    expires_at: datetime.datetime
    tables_at: datetime.datetime | None  # when the embedded tables were as they are shown; None without any
    photo_path: str


def token_of(link: PreviewLink) -> str:
    """The part of the address that only who was given it knows."""
    return _signer().sign(str(link.pk))


def link_of(token: str) -> PreviewLink | None:
    """The link of an address, valid or not, with its revision and article; None when we did not sign it."""
    try:
        pk = _signer().unsign(token)
    except BadSignature:
        return None
    links = PreviewLink.objects.select_related(
        "revision__rendering",
        "revision__article__photo",
        "revision__article__series",
        "revision__article__season__series",
        "revision__article__spoils_through__series",
    ).defer("revision__article__body", "revision__rendering__html")
    return links.filter(pk=pk).first()


def state_of(link: PreviewLink) -> PreviewState:
    if link.revoked_at is not None:
        return PreviewState.REVOKED
    return PreviewState.EXPIRED if link.expires_at <= timezone.now() else PreviewState.VALID


def preview_of(link: PreviewLink, token: str) -> tuple[Story, Preview]:
    """The revision as a story, its photos at addresses of their own below that of the preview."""
    revision, content = link.revision, link.revision.content
    article = revision.article
    at_hand = {
        "series": article.series,
        "season": article.season,
        "spoils_through": article.spoils_through,
        "photo": article.photo,
    }
    contributors = each_by_slug(Contributor, content["contributors"])
    named = named_by(content, at_hand, contributors)
    for contributor in contributors:
        contributor.portrait = None  # no part of the revision, and no address of its own below the preview's
    story = Story(
        **named,
        path="",
        section=BY_KIND[content["kind"]],
        html=trusted(_with_own_photos(link, token)),
        notes=[],
        published_at=revision.created_at,
        changed_at=revision.created_at,
    )
    rendering = getattr(revision, "rendering", None)
    tables_at = link.created_at if rendering is None else rendering.at
    preview = Preview(
        number=revision.number,
        saved_at=revision.created_at,
        expires_at=link.expires_at,
        tables_at=tables_at if parse(content["body"]).embeds else None,
        photo_path=_photo_path(token, named["photo"]) if named["photo"] else "",
    )
    return story, preview


def photo_of(link: PreviewLink, slug: str) -> Photo | None:
    """The photo that has or had this name, if the preview shows it and its rights have not ended."""
    beside_headline = link.revision.content["photo"]
    found = by_slug(Photo, {slug, beside_headline} - {None})
    photo = found.get(slug)
    if photo is None or photo.rights_have_ended:
        return None
    is_shown = photo == found.get(beside_headline) or photo.image.name in set(_images_in(link.html))
    return photo if is_shown else None


def _signer() -> Signer:
    # Keys that were retired for sessions must not keep previews open.
    return Signer(salt="editorial.preview", sep=".", fallback_keys=[])


def _photo_path(token: str, photo: Photo) -> str:
    return reverse("editorial:preview_photo", args=[token, photo.slug])


def _with_own_photos(link: PreviewLink, token: str) -> str:
    shown = without_ended_photos(link.html)
    names = set(_images_in(shown))
    for photo in Photo.objects.filter(image__in=names) if names else []:
        shown = shown.replace(f'"{html.escape(photo.image.url)}"', f'"{_photo_path(token, photo)}"')
    return shown


def _images_in(text: str) -> Iterator[str]:
    """The names of the uploaded pictures that compiled HTML shows."""
    for path in re.findall(rf'"{re.escape(settings.MEDIA_URL)}([^"]+)"', text):
        yield unquote(html.unescape(path))
