"""A reader whose setting came by a link keeps it on their way through the site, without a cookie."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from catalog.seen import LONGEST
from tests.factories import make_article, make_season, make_series, make_user
from tests.newsroom import load_newsroom, reader_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SAID = "narcos-mexico:0"


class Addresses(HTMLParser):
    """The addresses in the links of a page, those in its head, and the fields of the forms that ask."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.head: list[str] = []
        self.asked: list[list[tuple[str, str]]] = []
        self.asks = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link":
            self.head.append(given["href"])
        elif tag == "form":
            self.asks = given["method"] == "get"
            self.asked += [[]] if self.asks else []
        elif tag == "input" and self.asks:
            self.asked[-1].append((given["name"], given["value"]))


def addresses(client: Client, address: str) -> Addresses:
    response = client.get(address)
    assert response.status_code == 200, address
    found = Addresses()
    found.feed(response.content.decode())
    return found


def pages_linked_from(client: Client, address: str) -> set[str]:
    """The addresses of our pages that this one leads to."""
    found = addresses(client, address)
    here = (urljoin(f"http://testserver{address}", link) for link in found.links)
    parts = (urlsplit(one) for one in here)
    ours = {one for one in parts if one.netloc == "testserver" and not one.path.startswith("/admin/")}
    assert found.asked, address
    for fields in found.asked:
        assert ("seen", SAID) in fields, address
    for one in ours:
        said = parse_qs(one.query).get("seen")
        assert said == ([SAID] if one.path.endswith("/") else None), (address, one)
    assert not [one for one in found.head if "seen=" in one], address
    return {f"{one.path}?{one.query}" for one in ours if one.path.endswith("/")}


def some_of_each_type(addresses: set[str]) -> list[str]:
    """An article leads to a form to report a mistake for each of its footnotes."""
    by_type = defaultdict(list)
    for address in sorted(addresses):
        by_type[resolve(urlsplit(address).path).view_name].append(address)
    return [one for several in by_type.values() for one in several[:3]]


@pytest.mark.once
def test_every_link_of_an_article_keeps_what_the_reader_s_own_link_said():
    load_newsroom(corrected=True)
    client = Client()
    recap = reader_pages()["recap"]
    for address in (recap, f"{recap}?evidence=shown"):
        sign = "&" if "?" in address else "?"
        near = pages_linked_from(client, f"{address}{sign}seen={SAID}")
        assert len(near) > 12
        for one in some_of_each_type(near):
            assert pages_linked_from(client, one)
    assert "seen" not in client.cookies


def test_files_for_programs_and_pages_without_it_hold_nothing_of_it():
    load_newsroom(corrected=True)
    pages, client = reader_pages(), Client()
    for path in ("/feed.atom", f"{pages['recap'].rstrip('/')}.json", f"{pages['person'].rstrip('/')}.json"):
        assert f"seen={SAID}" not in client.get(path, {"seen": SAID}).content.decode()
    client.cookies["seen"] = SAID
    for path in (pages["recap"], "/recaps/"):
        assert f"seen={SAID}" not in client.get(path).content.decode()
        assert "seen=" not in client.get(path, {"seen": ""}).content.decode()
    older = Client().get("/recaps.json", {"seen": SAID, "after": "x"})
    assert older.status_code == 404


def test_a_page_from_the_cache_says_again_what_each_reader_said():
    """Both are kept as one: they come out the same."""
    cache.clear()
    series = make_series(slug="harbour")
    season = make_season(series=series, number=1)
    path = make_article(published=True, series=series, spoils_through=season).get_absolute_url()
    tags = set()
    for said in ("harbour:0", "harbour:0,other:4", "harbour:0"):
        page = Client().get(path, {"seen": said})
        assert f'href="/corrections/?seen={said}"' in page.content.decode()
        tags.add(page.headers["ETag"])
        again = Client().get(path, {"seen": said}, headers={"if-none-match": page.headers["ETag"]})
        assert again.status_code == 304
        assert "private" in page.headers["Cache-Control"]
        assert page.headers["Vary"].count("Cookie") == 1
    assert len(tags) == 2


def test_pages_that_fold_nothing_stay_public_and_a_page_that_is_not_there_leads_on():
    page = Client().get("/how-we-cite/", {"seen": SAID})
    assert "public" in page.headers["Cache-Control"]
    assert f'href="/sources/?seen={SAID}"' in page.content.decode()
    missing = Client().get("/recaps/nothing/", {"seen": SAID})
    assert missing.status_code == 404
    assert f'href="/?seen={SAID}"' in missing.content.decode()


@pytest.mark.parametrize("said", ["x", 'narcos:1"><script>', "narcos:1&amp;x", "n" * LONGEST])
def test_nothing_but_a_setting_gets_into_a_link(said):
    html = Client().get("/", {"seen": said}).content.decode()
    assert "<script>" not in html
    assert html == Client().get("/").content.decode()


def test_the_desk_s_pages_stay_as_they_are(client):
    client.force_login(make_user("Editors"))
    html = client.get("/admin/", {"seen": SAID}).content.decode()
    assert SAID not in html
