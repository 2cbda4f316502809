"""What people without an account see of a preview link: one revision and its photos, kept by no cache."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.static import serve

from editorial.models import PreviewLink
from editorial.previews import PreviewState, link_of, photo_of, preview_of, state_of

# The address itself is the key: it must not be kept, passed on to other sites or found.
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
View = Callable[..., HttpResponse]


def _for_valid_links(view: View) -> View:
    """Opens the link of the token for the view; without one, says so and nothing else."""

    @functools.wraps(view)
    def opened(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        link = link_of(token)
        state = None if link is None else state_of(link)
        if state is PreviewState.VALID:
            response = view(request, link, token, **more)
        else:
            response = _refused(request, state)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    return require_safe(opened)


@_for_valid_links
def preview(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """The revision as its page would be, in its own language."""
    story, about = preview_of(link, token)
    with translation.override(story.language):
        response = render(request, "editorial/preview_detail.html", {"story": story, "preview": about})
    response.headers["Content-Language"] = story.language
    return response


@_for_valid_links
def preview_photo(request: HttpRequest, link: PreviewLink, token: str, slug: str) -> HttpResponse:
    """A photo that the revision shows."""
    photo = photo_of(link, slug)
    if photo is None:
        return _refused(request, None)
    return serve(request, photo.image.name, document_root=settings.MEDIA_ROOT)


def _refused(request: HttpRequest, state: PreviewState | None) -> HttpResponse:
    """404 for an address that never was one, 410 for one that has ended."""
    status = 404 if state is None else 410
    context = {"status": status, "state": state}
    return render(request, "editorial/preview_refused.html", context, status=status)
