"""Addresses of a site on which something is wrong, for `tests.test_crawl`."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

SPOILER = "Everybody leaves the harbour"
LONG = " ".join(["word"] * 13)
_PAGES = {
    "good": '<p><a href="/good/#here" id="here">Here</a></p>',
    "lost": '<p><a href="/nowhere/">Gone</a><a href="/good/#nowhere">No such place</a></p>',
    "long": f'<div class="passage"><blockquote>{LONG}</blockquote></div>',
    "spoiled": f"<p>{SPOILER}</p>",
    "folded": f'<details class="fold"><p>{SPOILER}</p></details>',
    "queries": "",
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name == "broken":
        raise ValueError("planted")
    if name not in _PAGES:
        return HttpResponse(status=404)
    if name == "queries":
        for _ in range(13):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    return HttpResponse(
        f"<html><head><title>A page</title></head><body><h1>A page</h1>{_PAGES[name]}</body></html>"
    )


def long_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f'{{"notes": [{{"excerpt": "{LONG}"}}]}}', content_type="application/json")


def long_table(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"number,excerpt\n1,{LONG}\n", content_type="text/csv")


def broken_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<feed>", content_type="application/atom+xml")


urlpatterns = [
    path("long.json", long_json),
    path("long.csv", long_table),
    path("feed.atom", broken_feed),
    path("<slug:name>/", page, name="home"),
]
