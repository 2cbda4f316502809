"""What is not published is on no public address: every route of the site, filled with everything there is.

Each text that readers must not have carries words of its own in every field, each photo colours of its own.
The walk asks the resolver for its routes: one that is added is visited without being named here, and one
with a part that the walk cannot fill fails the test.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from django.core.signing import Signer
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from catalog.models import Character, Person, Photo, Season, Series, Source
from editorial.actions import retract_article
from editorial.models import Article, Contributor, Correction, Edition, PreviewLink, Revision
from editorial.previews import token_of
from editorial.sections import SECTIONS
from editorial.sitemaps import SITEMAPS
from tests.editorial.hidden import MARK, Secrets, every_state, publish_and
from tests.factories import make_season, make_user
from tests.unpacked import contents_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

MARKED = re.compile(rf"{MARK}[a-z]*", re.IGNORECASE)
QUERIES = (
    f"?q={MARK}",
    "?page=1",
    "?page=2",
    "?page=999",
    "?page=x",
    f"?kind={MARK}&preview=1&format=json",
)


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site outside the admin, as `series/<slug:slug>/`."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        elif one.app_name != "admin":
            yield from routes(one, route)


def slugs(route: str) -> list[str]:
    """Those of articles where a route leads to articles, those of everything else where it does not: all of
    them everywhere would be thousands of addresses that nothing has.
    """
    if route.partition("/")[0].partition(".")[0] in {section.path for section in SECTIONS}:
        stored = {
            *Article.objects.values_list("slug", flat=True),
            *Edition.objects.values_list("revision__content__slug", flat=True),
        }
    else:
        models = (Series, Person, Character, Source, Photo, Contributor)
        stored = {slug for model in models for slug in model.objects.values_list("slug", flat=True)}
    return sorted({*stored, MARK, "draft"})


def without_a_key() -> list[str]:
    """Tokens that somebody may try: guessed, signed for something else, expired, revoked."""
    tried = [MARK, "1", "1.", "0", "None", "a.b.c"]
    for link in PreviewLink.objects.all():
        token = token_of(link)
        number, _dot, signature = token.partition(".")
        tried += [number, token[:-1], f"{token}0", f"{link.pk + 1}.{signature}", token.upper()]
        tried += [Signer(sep=".").sign(number), Signer().sign(number)]
        if link.revoked_at or link.expires_at < timezone.now():
            tried.append(token)
    return tried


def media_paths() -> list[str]:
    names = list(Photo.objects.values_list("image", flat=True))
    return [
        *names,
        *(f"renditions/{name.rpartition('/')[2]}/own-48.webp" for name in names),
        "photos/leftover.webp",
        "photos/",
        "photos",
        "../ibid.sqlite3",
        *(f"/{name}" for name in names),
    ]


COPY = re.compile(r"/media/renditions/([\w-]+)\.webp/")
# What finds things by their words.
OF_SEARCH = ("/search/", "/search.json", "/search/suggest.json")
# Where a retracted text is named with the reason that it is gone.
OF_TOMBSTONES = (
    *("/recaps/retracted-text", "/recaps/reopened-text", "corrections", "/feed."),
    "/data/bundle.zip",
)


def fillings(route: str, pattern: URLPattern) -> dict[str, list]:
    """What each part of a route is filled with, in all combinations. A part that is not known here fails."""
    ids = range(1, 1 + max(model.objects.count() for model in (Article, Revision, Edition, Correction)))
    known = {
        "slug": slugs(route),
        "number": sorted({*Season.objects.values_list("number", flat=True), 0, 99}),
        "pk": list(ids),
        "token": without_a_key(),
        "path": media_paths(),
        "series": slugs(route),
        "episode": ["episode-1", "episode-99", MARK],
        "year": [1999, timezone.localtime().year],
        "language": ["en", "de", "es"],
        "section": list(SITEMAPS),
        "digest": ["0"],  # leads to the card of an article that readers have
    }
    assert isinstance(pattern.pattern, RoutePattern), f"the walk reads no regular expressions: {pattern}"
    parts = pattern.pattern.converters
    if {"series", "slug"} <= parts.keys():  # characters: every slug within every other would be thousands
        own = Character.objects.values_list("slug", flat=True)
        known |= {"series": [*Series.objects.values_list("slug", flat=True), MARK], "slug": [*own, MARK]}
    if {"slug", "episode"} <= parts.keys():
        known |= {"slug": [*Series.objects.values_list("slug", flat=True), MARK]}
    if {"token", "slug"} <= parts.keys():  # photos of a preview
        known |= {"slug": ["photo-of-previewed", "photo-of-draft"]}
    if "digest" in parts:
        known |= {"slug": list(Article.objects.values_list("slug", flat=True))}
    assert parts.keys() <= known.keys(), f"say what to fill {pattern.pattern} with: {parts}"
    return {name: known[name] for name in parts}


def addresses() -> Iterator[str]:
    for route, pattern in routes():
        filled = fillings(route, pattern)
        for values in itertools.product(*filled.values()):
            address = route
            for name, value in zip(filled, values, strict=True):
                address = re.sub(rf"<(?:\w+:)?{name}>", lambda _match, value=value: str(value), address)
            assert "<" not in address, address
            yield f"/{address}"


def searches(client, secrets: Secrets) -> Iterator[tuple[str, HttpResponse]]:
    """What somebody is answered who guesses a word of a text, or a part of one."""
    page, as_json, suggestions = OF_SEARCH
    for state in secrets.photos:
        if "-" in state:  # a portrait, which belongs to a text of another state
            continue
        word = f"{MARK}{state}"
        yield word, client.get(suggestions, {"q": word})
        yield f"{word}body", client.get(page, {"q": f"{word}body"})
        for name in ("title", "listed", "standfirst"):
            yield f"{word}{name}", client.get(as_json, {"q": f"{word}{name}"})
    for word in ("everybody", "discussed"):  # of texts that readers have, under others
        yield from ((word, client.get(address, {"q": word})) for address in OF_SEARCH)


def content_of(response: HttpResponse) -> bytes:
    return b"\n\n".join(name.encode() + content for name, content in contents_of(response).items())


def everything(response: HttpResponse) -> bytes:
    """What a reader gets: the body, and the headers."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers.encode() + b"\n\n" + content_of(response)


def asked_again(client, address: str, first: HttpResponse) -> Iterator[HttpResponse]:
    """The same address for those who kept something, and for those who ask only for its headers."""
    yield client.head(address)
    for date in (first.headers.get("Last-Modified"), "Thu, 01 Jan 2099 00:00:00 GMT"):
        if date:
            yield client.get(address, headers={"If-Modified-Since": date})
    for tag in filter(None, (first.headers.get("ETag"), '"0"', "*")):
        yield client.get(address, headers={"If-None-Match": tag})
    yield client.get(address, headers={"Accept-Language": "de", "Accept": "application/json"})
    yield client.get(address, headers={"Range": "bytes=0-1000000"})


def seen(response: HttpResponse, secrets: Secrets) -> set[str]:
    """The marked words and the photos in a response."""
    content = everything(response)
    found = {word.lower() for word in MARKED.findall(content.decode("utf-8", "replace"))}
    copy = COPY.match(response.request["PATH_INFO"])  # whose bytes are others than those of the photo
    if copy and response.status_code == 200:
        found.add(f"photo of {copy[1]}")
    return found | {f"photo of {state}" for state, data in secrets.photos.items() if data in content}


def walk(client, secrets: Secrets) -> tuple[list[str], set[int]]:
    """What is seen where it must not be, and the statuses that were met."""
    leaks, statuses = [], set()
    for address in addresses():
        first = client.get(address)
        statuses.add(first.status_code)
        responses = [first]
        if first.status_code == 200:
            responses += [client.get(address + query) for query in QUERIES]
        if first.status_code != 404:
            responses += asked_again(client, address, first)
        for response in responses:
            words = seen(response, secrets)
            # A search may say what was searched for.
            words -= {MARK} if MARK in response.request["QUERY_STRING"] or MARK in address else set()
            if response.status_code == 200 and any(part in address for part in OF_TOMBSTONES):
                words -= secrets.tombstone
            leaks += [f"{address} ({response.status_code}): {word}" for word in sorted(words)]
    for searched, response in searches(client, secrets):
        # What was searched for is said again, and what was meant by it must not be.
        words = seen(response, secrets) - {searched}
        leaks += [f"{response.request['PATH_INFO']} (q={searched}): {word}" for word in sorted(words)]
    return leaks, statuses


def test_what_is_not_published_is_on_no_public_address(client, secrets):
    every_state(secrets)
    leaks, statuses = walk(client, secrets)
    assert leaks == []
    assert statuses >= {200, 404, 410}


def test_a_retracted_page_is_a_tombstone_with_its_headline_and_reason(client, secrets):
    publish_and(secrets, "retracted", retract_article, reason="Nobody had said it.")
    response = client.get("/recaps/retracted-text/")
    assert response.status_code == 200
    assert "Nobody had said it." in response.content.decode()
    assert seen(response, secrets) == {f"{MARK}retractedtitle"}


def test_the_walk_sees_what_is_published(client, secrets):
    """The same words, once readers may have them: the walk would have found them."""
    secrets.article("shown", published=True, season=(season := make_season()), series=season.series)
    leaks, _statuses = walk(client, secrets)
    where = {line.partition(" ")[0] for line in leaks}
    assert {"/", "/recaps/", "/recaps/shown-text/", "/media/photos/shown.webp"} <= where
    assert set(OF_SEARCH) <= where
    words = {line.rpartition(": ")[2] for line in leaks}
    shown = ("title", "listed", "standfirst", "heading", "body", "exempt", "byline", "role", "alt", "caption")
    assert {f"{MARK}shown{name}" for name in shown} <= words
    assert {"photo of shown", "photo of shown-portrait"} <= words
    assert {
        "/media/renditions/shown.webp/own-48.webp",
        "/media/renditions/shown-portrait.webp/own-48.webp",
    } <= where
    assert f"{MARK}shownreason" not in words


def test_what_the_desk_is_shown_in_public_places_are_photos_alone_and_privately(client, secrets):
    every_state(secrets)
    client.force_login(make_user("Administrators"))
    for address in addresses():
        response = client.get(address)
        if not seen(response, secrets) - secrets.tombstone:
            continue
        assert address.startswith(("/media/photos/", "/media/renditions/"))
        assert response.headers["Cache-Control"] == "private, no-cache"
