"""Pages are compressed on their way to a browser; static files were when they were collected."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/xml")


class CompressedTexts(GZipMiddleware):
    """Compresses texts; pictures, archives and what is streamed go out as they are, with their length.

    Each answer is padded by a random length (BREACH), so that the size of a page tells nothing of its tokens.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind.startswith(TEXTS) or kind.endswith(("+xml", "+json"))):
            return response
        return super().process_response(request, response)
