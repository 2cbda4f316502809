"""The reader's pages of articles, and the front page."""

from __future__ import annotations

import datetime
import hashlib
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

from catalog.freshness import Freshness, fresh_page, release, revalidated
from catalog.models import Photo
from catalog.pictures import keep, rendition_of
from catalog.readers import for_reader, seen_by
from catalog.renditions import TYPES, Asked, asked_for
from catalog.seen import Seen
from editorial import pages, sharing
from editorial.evidence_in_text import text_with_marks, text_with_proofs
from editorial.models import Edition
from editorial.reading import story, uploaded_photo

# Bylines, captions and titles of series may change under a page; this is how long it may keep the old ones.
PAGE_SECONDS = 300
PHOTO_SECONDS = 300  # and how long a cache may show a photo that no page shows any more


class Page(NamedTuple):
    """A rendered article: of which edition, when anything on it last changed, its language, tag and bytes,
    and the seasons that anything on it gives away.
    """

    edition: int
    newest: datetime.datetime
    language: str
    etag: str
    body: bytes
    spoiled: frozenset[str]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The desk's choice, the newest of each kind, and the series they are about."""
    seen = seen_by(request)
    shown = pages.home(seen)
    context = {"shown": shown, "front": shown.front, "series": shown.series, "seen": seen}
    return for_reader(fresh_page(request, "editorial/home.html", context, shown.freshness), seen)


@require_safe
def article_list(request: HttpRequest, kind: str, year: int | None = None) -> HttpResponse:
    """The articles of one kind, of all years or of one, newest first, in pages."""
    seen = seen_by(request)
    shown = pages.listing(kind, request.GET, year, seen)
    if shown is None:
        raise Http404(_("Nothing was published here in that year."))
    context = {"shown": shown, "section": shown.section, "cards": shown.cards, "seen": seen}
    return for_reader(fresh_page(request, "editorial/article_list.html", context, shown.freshness), seen)


@require_safe
def byline(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody who writes, and what readers have by them, newest first, in pages."""
    seen = seen_by(request)
    shown = pages.byline(slug, request.GET, seen)
    if shown is None:
        raise Http404(_("Nothing is published under this name."))
    response = fresh_page(
        request, "editorial/byline_detail.html", {"shown": shown, "seen": seen}, shown.freshness
    )
    return for_reader(response, seen)


@require_safe
def article(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """A published article, in its own language: one query while its page is in the cache.

    Nothing on the page may come from a session or an account. What a reader has said to have seen
    folds its text and chooses the titles around it: a page is kept for each way that this can come out, not
    for each reader. There is one more of each, which shows the evidence beside the text.
    """
    seen = seen_by(request)
    shows_evidence = request.GET.get("evidence") == "shown"
    key = f"article:{kind}:{slug}:{release().fingerprint}:{request.scheme}:{request.get_host()}"
    key += ":evidence" if shows_evidence else ""
    page = _cached(key, seen)
    if page is None or page.edition != Edition.objects.pk_at_address(kind, slug):
        edition = Edition.objects.for_page().at_address(kind, slug).first()
        if edition is None:
            return _without_text(request, kind, slug, seen)
        page = _render_article(request, edition, seen, shows_evidence=shows_evidence)
        cache.set(f"{key}:spoiled", page.spoiled, PAGE_SECONDS)
        cache.set(f"{key}:{seen.decides(page.spoiled)}", page, PAGE_SECONDS)
    response = HttpResponse(page.body, headers={"ETag": page.etag, "Content-Language": page.language})
    return for_reader(revalidated(response, max(page.newest, release().at)), seen)


def _cached(key: str, seen: Seen) -> Page | None:
    """The page that is for this reader, if it is in the cache."""
    spoiled = cache.get(f"{key}:spoiled", frozenset()) if seen else frozenset()
    page = cache.get(f"{key}:{seen.decides(spoiled)}")
    # What a page gives away may have changed since the list of it was kept.
    return page if page is not None and seen.decides(page.spoiled) == seen.decides(spoiled) else None


def _without_text(request: HttpRequest, kind: str, slug: str, seen: Seen) -> HttpResponse:
    """In the place of a text that readers had: the reason it was retracted, or that it is gone (410)."""
    shown = pages.tombstone(kind, slug, seen)
    if shown is None:
        raise Http404(_("There is no such article."))
    if shown.note is None:
        return render(request, "editorial/article_gone.html", {"section": shown.section}, status=410)
    context = {"shown": shown, "seen": seen}
    response = fresh_page(request, "editorial/article_retracted.html", context, Freshness(shown.note.at))
    return for_reader(response, seen)


@require_safe
def how_we_cite(request: HttpRequest) -> HttpResponse:
    """What the small numbers are, what is checked, and what is not known."""
    context = {"shown": pages.HowWeCite()}
    return fresh_page(request, "editorial/how_we_cite.html", context, Freshness())


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction that readers were told of, newest first, in pages."""
    seen = seen_by(request)
    shown = pages.correction_list(request.GET.get("page"), seen)
    context = {"shown": shown, "page": shown.page, "notes": shown.notes, "seen": seen}
    return for_reader(fresh_page(request, "editorial/correction_list.html", context, shown.freshness), seen)


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What a correction changed, in the words that readers had before and got then."""
    seen = seen_by(request)
    shown = pages.comparison(pk, seen)
    if shown is None:
        raise Http404(_("There is no such correction."))
    context = {"shown": shown, "seen": seen}
    return for_reader(fresh_page(request, "editorial/correction_detail.html", context, shown.freshness), seen)


def _render_article(request: HttpRequest, edition: Edition, seen: Seen, *, shows_evidence: bool) -> Page:
    text = text_with_proofs if shows_evidence else text_with_marks
    found = story(edition, text, seen)
    is_folded = seen.stops_before(found.spoils)
    context = {"story": found, "shows_evidence": shows_evidence, "is_folded": is_folded}
    with translation.override(found.language):
        body = render_to_string("editorial/article_detail.html", context, request).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    return Page(edition.pk, found.newest, found.language, etag, body, found.spoiled)


@require_safe
def social_card(request: HttpRequest, kind: str, slug: str, digest: str) -> HttpResponse:
    """What other sites show of an article that readers have; the address of an older one leads to it."""
    card = sharing.social_card(kind, slug)
    if card is None:
        raise Http404(_("There is no such article."))
    if request.path != card.path:
        return redirect(card.path)
    response = serve(request, card.keep().name, document_root=settings.MEDIA_ROOT / "cards")
    patch_cache_control(response, public=True, max_age=PHOTO_SECONDS, must_revalidate=True)
    return response


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can answer from its database: 200 or 503, in plain text."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers should leave alone, and where they find all pages."""
    index = request.build_absolute_uri(reverse("editorial:sitemap_index"))
    rules = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {index}\n"
    return HttpResponse(rules, content_type="text/plain")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """An uploaded picture, or a copy of one: for everybody while a page shows it, else for those of the desk.

    Caches may keep a public one for some minutes: what is retracted must soon be gone from them as well.
    """
    asked = asked_for(path)
    photo = uploaded_photo(path if asked is None else asked.file)
    if photo is None:
        raise Http404
    is_public = photo.is_shown and not photo.rights_have_ended
    # Only now may the reader's session be looked at: a public picture is the same for all.
    if not is_public and not (request.user.is_staff and request.user.has_perm("catalog.view_photo")):
        raise Http404
    if asked is None:
        response = serve(request, photo.image.name, document_root=settings.MEDIA_ROOT)
    else:
        response = _rendition(request, photo, asked, path)
    if is_public:
        patch_cache_control(response, public=True, max_age=PHOTO_SECONDS, must_revalidate=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _rendition(request: HttpRequest, photo: Photo, asked: Asked, path: str) -> HttpResponse:
    """A copy of a photo, made where it is not there yet. That of another focal point leads to the present."""
    found = rendition_of(photo, asked)
    if found is None:
        raise Http404
    if found.name != path:
        return redirect(photo.image.storage.url(found.name))
    try:
        keep(photo, found)
    except FileNotFoundError as error:
        raise Http404 from error
    response = serve(request, found.name, document_root=settings.MEDIA_ROOT)
    if response.status_code == 200:
        response.headers["Content-Type"] = TYPES[found.format]  # not every Python knows AVIF
    return response
