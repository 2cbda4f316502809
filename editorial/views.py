"""The reader's pages of articles, and the front page."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

from catalog.freshness import Freshness, fresh_page, release, revalidated
from editorial.comparing import compare_for_readers
from editorial.corrections import notes
from editorial.front import front_page
from editorial.models import ArticleStatus, Correction, Edition
from editorial.reading import cards, series_with_articles, story, uploaded_photo
from editorial.sections import BY_KIND

PAGE_SIZE = 12
# Bylines, captions and titles of series may change under a page; this is how long it may keep the old ones.
PAGE_SECONDS = 300
PHOTO_SECONDS = 300  # and how long a cache may show a photo that no page shows any more


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The newest article, the newest of each kind, and the series they are about."""
    front = front_page(cards(Edition.objects.for_cards().newest_of_each_kind(4)))
    series = list(series_with_articles())
    freshness = Freshness(front.changed_at, *(one.updated_at for one in series))
    return fresh_page(request, "editorial/home.html", {"front": front, "series": series}, freshness)


@require_safe
def article_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The articles of one kind, newest first, in pages."""
    paginator = Paginator(Edition.objects.for_cards().of_kind(kind), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    found = cards(page.object_list)
    freshness = Freshness(*(card.changed_at for card in found))
    context = {"section": BY_KIND[kind], "page": page, "cards": found}
    return fresh_page(request, "editorial/article_list.html", context, freshness)


@require_safe
def article(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """A published article, in its own language: one query while its page is in the cache.

    The page is the same for every reader; nothing on it may come from a session or an account.
    """
    edition = Edition.objects.at_address(kind, slug).order_by().values_list("pk", "published_at").first()
    if edition is None:
        return _without_text(request, kind, slug)
    pk, published_at = edition
    key = f"article:{pk}:{release().fingerprint}:{request.scheme}:{request.get_host()}"
    page = cache.get(key)
    if page is None:
        page = _render_article(request, pk)
        cache.set(key, page, PAGE_SECONDS)
    language, etag, body = page
    response = HttpResponse(body, headers={"ETag": etag, "Content-Language": language})
    return revalidated(response, max(published_at, release().at))


def _without_text(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """In the place of a text that readers had: the reason it was retracted, or that it is gone (410)."""
    last = Edition.objects.ended_at_address(kind, slug).select_related("article", "revision").first()
    if last is None:
        raise Http404(_("There is no such article."))
    retraction = Correction.objects.for_readers().filter(article=last.article, kind="retraction").first()
    retracted = retraction is not None and last.article.status == ArticleStatus.RETRACTED
    context = {"last": last, "title": last.revision.content["title"], "section": BY_KIND[kind]}
    if not retracted:
        return render(request, "editorial/article_gone.html", context, status=410)
    [note] = notes([retraction])
    freshness = Freshness(retraction.at)
    return fresh_page(request, "editorial/article_retracted.html", {**context, "note": note}, freshness)


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction that readers were told of, newest first, in pages."""
    page = Paginator(Correction.objects.for_readers(), 2 * PAGE_SIZE).get_page(request.GET.get("page"))
    found = notes(page.object_list)
    freshness = Freshness(*(note.at for note in found))
    return fresh_page(request, "editorial/correction_list.html", {"page": page, "notes": found}, freshness)


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What a correction changed, in the words that readers had before and got then."""
    found = get_object_or_404(
        Correction.objects.for_readers().select_related("replaced__revision", "edition__revision"),
        pk=pk,
        edition__isnull=False,
    )
    changes = compare_for_readers(found.replaced.revision.content, found.edition.revision.content)
    [note] = notes([found])
    context = {"note": note, "changes": changes, "correction": found}
    return fresh_page(request, "editorial/correction_detail.html", context, Freshness(found.at))


def _render_article(request: HttpRequest, edition_pk: int) -> tuple[str, str, bytes]:
    """The language, the entity tag and the bytes of the page."""
    found = story(edition_pk)
    with translation.override(found.language):
        body = render_to_string("editorial/article_detail.html", {"story": found}, request).encode()
    return found.language, quote_etag(hashlib.sha256(body).hexdigest()[:32]), body


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
    """What crawlers should leave alone."""
    return HttpResponse("User-agent: *\nDisallow: /admin/\n", content_type="text/plain")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """An uploaded picture: for everybody while a page shows it, else for those of the desk.

    Caches may keep a public one for some minutes: what is retracted must soon be gone from them as well.
    """
    photo = uploaded_photo(path)
    if photo is None:
        raise Http404
    is_public = photo.is_shown and not photo.rights_have_ended
    # Only now may the reader's session be looked at: a public picture is the same for all.
    if not is_public and not (request.user.is_staff and request.user.has_perm("catalog.view_photo")):
        raise Http404
    response = serve(request, photo.image.name, document_root=settings.MEDIA_ROOT)
    if is_public:
        patch_cache_control(response, public=True, max_age=PHOTO_SECONDS, must_revalidate=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response
