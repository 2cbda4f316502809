"""What a reader has said of themselves with a request: how far they have seen each series."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from catalog.seen import Seen, parse_seen

NAME = "seen"  # of the cookie, and of the parameter in a link


def seen_by(request: HttpRequest) -> Seen:
    """By the link that the reader followed, else by the reader's cookie."""
    if NAME in request.GET:
        return parse_seen(request.GET[NAME], by_link=True)
    return parse_seen(request.COOKIES.get(NAME, ""))


def seen_by_link(request: HttpRequest) -> Seen:
    """By the address alone, for machines: what it gives is the same for all who ask."""
    return parse_seen(request.GET.get(NAME, ""), by_link=True)


def for_reader(response: HttpResponse, seen: Seen) -> HttpResponse:
    """The page as one that depends on what its reader has said: by its ETag alone a browser may know that it
    still holds, and no other cache may keep it, where anything is said.
    """
    patch_vary_headers(response, ["Cookie"])
    if seen:
        response.headers.pop("Last-Modified", None)  # a new setting is no later change of the page
        patch_cache_control(response, private=True, no_cache=True)
    return response
