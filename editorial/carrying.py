"""Pages for a reader whose link said how far they have seen: their links say it again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from catalog.carrying import carried_on
from catalog.readers import NAME, seen_by_link

_DESK = "/admin/"


class CarriesOn:
    """Middleware: what the address of a page says of its reader stands in the links of the page as well, and
    neither what folds nor what caches need know of it. The desk's pages stay as they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        seen = seen_by_link(request)
        if seen and _is_page(response) and not request.path.startswith(_DESK):
            html = response.content.decode(response.charset)
            response.content = carried_on(html, NAME, str(seen)).encode(response.charset)
            response.headers.pop("ETag", None)  # another is made of the bytes as they are now
        return response


def _is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
