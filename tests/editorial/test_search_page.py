"""The page of the search as readers meet it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from django.contrib.contenttypes.models import ContentType

from editorial import indexing
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_series,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

NASTY = [
    *(
        '"',
        "*",
        "NEAR(",
        "a NEAR/2 b",
        "AND",
        "OR NOT",
        "title:",
        "{title}:x",
        "^x",
        "-",
        "--",
        "'",
        "\\",
        "%",
        "_",
    ),
    *(
        "&",
        "|",
        "!",
        "<->",
        ":*",
        "x:*",
        "'x",
        "\x00",
        "\x00\x00x",
        "(",
        ")))",
        ";drop table",
        "<script>",
        "{{ x }}",
    ),
    *("“”", "‮مرحبا", "שלום עולם", "\U0001f600\U0001f600", "日本語", "½", "ﬃ", "x" * 10_000, '"x ' * 3_000),
]


def page(client, **asked) -> str:
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return response.content.decode()


def newsroom(count: int) -> None:
    """So many articles and people that a search for “windmill” finds."""
    season = make_season(series=make_series(title=f"Windmills {count}"))
    make_citation(season.series, "title")
    for number in range(count):
        body = f'<p>A windmill turns.<cite data-passage="{make_passage().key}"></cite></p>'
        make_article(
            published=True, title=f"Windmill {number}", body=body, series=season.series, season=season
        )
        person = make_person(name=f"Windmill Miller {number}")
        make_citation(make_cast_entry(season=season, person=person))
    indexing.update()


@pytest.mark.parametrize("asked", NASTY)
def test_nothing_that_can_be_typed_is_an_error(client, asked):
    newsroom(1)
    for address in ("/search/", "/search.json", "/search/suggest.json"):
        assert client.get(address, {"q": asked}).status_code == 200
        assert client.get(address, {"q": f"windmill {asked}"}).status_code == 200
    filters = {"q": "windmill", **dict.fromkeys(("kind", "series", "year", "language", "page"), asked)}
    assert client.get("/search/", filters).status_code == 200


@pytest.mark.parametrize("asked", ["windmill", "windmil", '"windmill turns"', "miller"])
def test_a_search_has_four_queries_however_much_is_found(client, django_assert_max_num_queries, asked):
    newsroom(3)
    page(client, q=asked)  # the kinds of content are known from then on
    for more in (0, 27):
        if more:
            newsroom(more)
        with django_assert_max_num_queries(4):
            page(client, q=asked)
        with django_assert_max_num_queries(2):
            client.get("/search/suggest.json", {"q": "windm"})
    assert ContentType.objects.count()


def test_words_are_marked_and_nothing_is_markup(client):
    body = f'<p>A windmill &lt;b&gt; turns.<cite data-passage="{make_passage().key}"></cite></p>'
    make_article(published=True, title="<i>Windmills</i> & co", body=body)
    found = page(client, q="windmill")
    assert "&lt;i&gt;<mark>Windmills</mark>&lt;/i&gt; &amp; co" in found
    assert "A <mark>windmill</mark> &lt;b&gt; turns." in found
    assert '<meta name="robots" content="noindex">' in found


def test_an_empty_a_short_and_a_fruitless_query_are_told_apart(client):
    newsroom(1)
    assert "Search articles, series, people" in page(client)
    assert "There is too little to look for." in page(client, q="w")
    fruitless = page(client, q="xylophone zebra")
    assert "Nothing was found for “xylophone zebra”." in fruitless
    assert 'href="?q=xylophone"' in fruitless
    narrowed = page(client, q="windmill", kind="source")
    assert 'href="?q=windmill"' in narrowed
    assert '<option value="source" selected>' in narrowed


def test_a_typing_error_is_told(client):
    newsroom(1)
    found = page(client, q="windmlil")
    assert "Nothing says “windmlil”." in found
    assert "<strong>windmill</strong>" in found


def test_pages_and_filters_are_kept_in_addresses(client):
    newsroom(15)
    first = page(client, q="windmill")
    assert "30 results" in first
    assert 'href="?q=windmill&amp;page=2"' in first
    second = page(client, q="windmill", page=2)
    assert "Page 2 of 2" in second
    assert 'rel="prev" href="?q=windmill"' in second
    assert "Page 2 of 2" in page(client, q="windmill", page=999)
    people = page(client, q="windmill", kind="person")
    assert "15 results" in people
    assert "Windmill Miller 3" in "".join(people.replace("<mark>", "").replace("</mark>", ""))
    assert '<option value="person" selected>People (15)</option>' in people
    shown = {*_titles(first), *_titles(second)}
    assert len(shown) == 30


def _titles(html: str) -> list[str]:
    plain = html.replace("<mark>", "").replace("</mark>", "")
    return [part.partition("</a>")[0].partition(">")[2] for part in plain.split('class="result-title"')[1:]]


def test_the_json_says_what_the_page_says(client):
    newsroom(15)
    data = client.get("/search.json", {"q": "windmill", "page": 2}).json()
    assert (data["count"], data["page"], data["of"]) == (30, 2, 2)
    html = page(client, q="windmill", page=2)
    assert len(data["results"]) == len(_titles(html)) == 10
    for one in data["results"]:
        assert one["url"].removeprefix("http://testserver") in html
    assert 'href="/search.json?q=windmill&amp;page=2"' in html
    response = client.get("/search.json")
    assert response.json()["results"] == []
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_suggestions_say_what_they_are_and_how_many(client):
    newsroom(1)
    response = client.get("/search/suggest.json", {"q": "windm"})
    data = json.loads(response.content)
    assert data["status"] == "3 suggestions"
    assert [(one["title"], one["kind"]) for one in data["suggestions"]] == [
        ("Windmills 1", "Series"),
        ("Windmill Miller 0", "Person"),
        ("Windmill 0", "Recap"),
    ]
    assert response.headers["Cache-Control"] == "private, max-age=30"
    german = client.get("/search/suggest.json", {"q": "xyz"}, headers={"Accept-Language": "de"})
    assert german.json()["suggestions"] == []


def test_browsers_learn_of_the_search(client):
    home = client.get("/").content.decode()
    assert 'rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in home
    assert 'action="/search/" method="get"' in home
    response = client.get("/opensearch.xml")
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert root.find(f"{space}Url").get("template") == "http://testserver/search/?q={searchTerms}"


def test_the_search_only_reads(client):
    for address in ("/search/", "/search.json", "/search/suggest.json", "/opensearch.xml"):
        assert client.post(address, {"q": "windmill"}).status_code == 405
