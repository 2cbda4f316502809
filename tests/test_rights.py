"""Nothing but excerpts leaves the desk: every public address, looked at for the words of the sources."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern

from catalog.actions import add_passage, attach_text, capture_snapshot
from catalog.capture import capture
from catalog.dates import PartialDate
from catalog.models import EXCERPT_WORDS, Passage, Series, Snapshot, Source
from editorial.models import Edition
from tests.consecutive import Texts, readings_of, tokens_of
from tests.factories import make_article, make_citation, make_season, make_snapshot, make_source
from tests.newsroom import load_newsroom, reader_pages
from tests.unpacked import contents_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

# Made for this test: long sentences with what texts have of quotes, dashes, numbers and other scripts.
OWN = (
    "The second season of the imaginary drama “Harbour Lights” – shot between March and late October, on "
    "two islands, by a crew of 240 – will open with a double episode that nobody at the broadcaster has "
    "agreed to describe, except to say that it's “louder, wetter & longer” than anything before it.\n"
    "Role | Cast Member | Earlier\nKeeper | Ñusta Quíspe | The Long Ebb, Fog & Co., Third Pier on the Left\n"
    "Die zweite Staffel erzählt, wie der Leuchtturm ohne Wärter durch den Winter kommt und warum im Dorf "
    "niemand mehr über das Schiff spricht, das im vorigen Herbst vor der Küste liegen blieb.\n"
)
QUOTES = (
    OWN[: OWN.index("\n")],
    OWN[OWN.index("Role") : OWN.index("\nDie")],
    OWN[OWN.index("Die zweite") :],
    "will open with a double episode that nobody at the broadcaster has agreed",
    "shot between March and late October",
)
# What pages do not link to.
UNLINKED = (
    *("/robots.txt", "/healthz", "/sitemap.xml", "/sitemap-articles.xml", "/sitemap-news.xml"),
    *("/feed.atom", "/feed.rss", "/corrections/", "/search/"),
    "/search/suggest.json?q=narcos",
)
REFUSED = (
    "/no-such-page/",
    "/sources/nothing/",
    "/fault/",
    "/admin/",
    "/admin/login/",
    "/media/nothing.webp",
)
LINKS = {
    "a": ("href",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("srcset",),
    "form": ("action",),
}


class Addresses(HTMLParser):
    """Every address that a page names, in links, pictures and elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in LINKS.get(tag, ()) and value:
                parts = value.split(",") if name == "srcset" else [value]
                self.found += [part.split()[0] for part in parts if part.strip()]


def walk(client) -> Iterator[tuple[str, object]]:
    """Every public address that can be reached, with its response."""
    pages = reader_pages().values()
    queue = deque([*pages, *UNLINKED, *REFUSED, *shared_cards(pages)])
    seen = set(queue)
    while queue:
        path = queue.popleft()
        response = client.get(path)
        yield path, response
        if response.status_code == 302 and path.endswith("/card-0.png"):
            queue.append(response.headers["Location"])
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for address in Addresses(response.content.decode()).found:
            target = urlsplit(urljoin(f"http://testserver{path}", address))
            following = target._replace(scheme="", netloc="", fragment="").geturl()
            own = target.netloc == "testserver" and not re.match(r"/(admin|static)/", target.path)
            # A form to report a mistake shows the excerpt that it is about: of each page, that of one.
            alike = f"{target.path}?" if "/report/" in target.path and target.query else following
            if own and alike not in seen:
                seen.add(alike)
                queue.append(following)


def shared_cards(pages: Iterable[str]) -> set[str]:
    """The cards of the articles among these pages, which no page links to, by an address that leads there."""
    articles = set(Edition.objects.live().values_list("article__slug", flat=True))
    return {f"{page}card-0.png" for page in pages if page.rstrip("/").rpartition("/")[2] in articles}


def reader_patterns() -> set[str]:
    """The names of all addresses that are not the admin's, as `catalog:source`."""
    return {
        f"{included.namespace}:{pattern.name}"
        for included in get_resolver("config.urls").url_patterns
        if getattr(included, "namespace", None) in {"catalog", "editorial"}
        for pattern in included.url_patterns
        if isinstance(pattern, URLPattern)
    }


def footnotes() -> list[str]:
    """Each excerpt with title, author and publisher after it: documents may happen to go on like that."""
    parts = ("excerpt", "source__title", "source__author", "source__publisher")
    rows = Passage.objects.values_list(*parts)
    return [" ".join(tokens_of(" ".join(row))) for row in rows if len(row[1].split()) <= EXCERPT_WORDS]


def leaks(client) -> list[str]:
    """Every public response that holds more of a source than an excerpt may; all patterns are visited."""
    texts = Texts(Snapshot.objects.attached().values_list("text", flat=True))
    assert texts.tokens
    allowed = footnotes()
    too_long, patterns, statuses = [], set(), set()
    for path, response in walk(client):
        statuses.add(response.status_code)
        if response.status_code == 200:
            patterns.add(resolve(urlsplit(path).path).view_name)
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith("image/"):
            continue
        for name, content in contents_of(response).items():
            if name.startswith("photos/"):
                continue
            for reading in readings_of(content.decode(), "text/html" if "html" in name else content_type):
                too_long += [
                    f"{path}{name}: {words} words: {run}"
                    for words, run in texts.runs(reading)
                    if words > EXCERPT_WORDS and not any(run in note for note in allowed)
                ]
    assert reader_patterns() <= patterns, "an address that the walk does not reach: name it in UNLINKED"
    assert {200, 302, 404, 500} <= statuses
    return too_long


@pytest.fixture
def newsroom(client, settings):
    """The demo newsroom, and a page whose view fails."""
    settings.ROOT_URLCONF = "tests.urls_with_fault"
    client.raise_request_exception = False
    load_newsroom(corrected=True)


def cite_all(source: Source, quotes: tuple[str, ...]) -> None:
    """Cite each quote in the catalog and in a published article."""
    season = make_season(series=Series.objects.get(slug="narcos"), number=40, premiere=PartialDate(2020))
    passages = [add_passage(user=None, source=source, quote=quote) for quote in quotes]
    for passage in passages:
        make_citation(season, "premiere", passage)
    cites = "".join(f'<cite data-passage="{passage.key}"></cite>' for passage in passages)
    make_article(published=True, series=season.series, body=f"<p>All of it is cited.{cites}</p>")


def test_no_public_address_holds_more_of_a_source_than_an_excerpt(client, newsroom):
    source = make_source(slug="harbour", title="Harbour Lights", url="https://example.org/harbour#news")
    capture_snapshot(user=None, source=source, text=OWN, method="paste")
    cite_all(source, QUOTES)
    assert leaks(client) == []


@pytest.mark.seeds
def test_no_public_address_holds_more_of_a_seed_document_than_an_excerpt(client, newsroom, seeds, settings):
    for path in seeds.values():
        assert attach_text(capture(path.read_bytes(), limit=settings.SOURCE_MAX_BYTES))
    assert Snapshot.objects.attached().count() == len(seeds)
    Source.objects.update(url="https://example.org/")
    assert leaks(client) == []


def test_the_walk_finds_words_that_do_leak(client, newsroom):
    source = make_source(slug="harbour", title=f"Harbour Lights: {' '.join(OWN.split()[:14])}")
    make_snapshot(source, OWN)
    found = leaks(client)
    assert any(line.startswith("/sources/harbour/: 13 words") for line in found)
    assert any(line.startswith("/sources/harbour/citations.json: 13 words") for line in found)
    assert any(line.startswith("/sources/: 13 words") for line in found)


@pytest.mark.parametrize(
    ("content", "content_type", "words"),
    [
        (" ".join(OWN.split()[2:15]), "text/plain", 13),  # one of them is a dash
        ("the second season of the imaginary drama harbour lights", "text/plain", 9),
        ("<p>The <b>second</b> season</p><p>of the\nimaginary drama</p>", "text/html", 7),
        ("<p>nobody at the broad<wbr>caster has agreed to describe</p>", "text/html", 8),
        ('{"a": ["it\\u0027s \\u201clouder, wetter & longer\\u201d than anything before it."]}', "x/json", 8),
        ("/page#:~:text=Die%20zweite%20Staffel%20erz%C3%A4hlt%2C%20wie%20der", "text/plain", 6),
        ("The second of the imaginary season drama", "text/plain", 0),
    ],
)
def test_consecutive_words_are_counted_in_whatever_they_are_written(content, content_type, words):
    expected = words - 1 if "–" in content else words
    texts = Texts([OWN])
    found = [count for reading in readings_of(content, content_type) for count, _run in texts.runs(reading)]
    assert max(found, default=0) == expected
