"""Where a reader says how far they have seen each series. Never cached: its form is for one reader."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.readers import NAME, seen_by
from editorial.seen_page import read_choices, series_choices

KEPT = datetime.timedelta(days=365)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest) -> HttpResponse:
    """The form; sent, it sets or takes away the cookie and leads back to where the reader came from."""
    if request.method == "POST":
        return _kept(request)
    said = seen_by(request)
    context = {"series": series_choices(said), "said": str(said), "next": _next(request, request.GET)}
    response = render(request, "editorial/seen.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _kept(request: HttpRequest) -> HttpResponse:
    response = redirect(_next(request, request.POST) or reverse("editorial:seen"))
    said = "" if "forget" in request.POST else str(read_choices(request.POST))
    if said:
        is_secure = request.is_secure()
        response.set_cookie(NAME, said, max_age=KEPT, httponly=True, samesite="Lax", secure=is_secure)
    else:
        response.delete_cookie(NAME, samesite="Lax")
    return response


def _next(request: HttpRequest, given) -> str:
    """Where to go on, "" where that is none of our pages."""
    path = given.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if is_ours else ""
