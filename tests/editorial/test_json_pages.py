from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType

from catalog.dates import PartialDate
from editorial.actions import retract_article, unpublish_article
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_crew_credit,
    make_episode,
    make_passage,
    make_person,
    make_photo,
    make_season,
    make_series,
    make_source,
)
from tests.newsroom import load_newsroom, reader_pages
from tests.visible import Visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

WITHOUT = {"not found", "gone", "data", "how we cite", "report", "preview", "revoked preview", "fault"}
# What stands on the page in other words: codes, keys, moments, and hashes of which it shows the beginning.
IN_OTHER_WORDS = {
    *(
        "kind",
        "verdict",
        "stance",
        "state",
        "passages",
        "passage",
        "label",
        "mentioned_in",
        "sha256",
        "start",
        "end",
        "number",
    ),
    *("published", "changed", "last_published", "at", "old", "new", "text_is_here", "sources_differ"),
    *("gives_away", "is_folded"),  # by its key
    *("newer", "older"),  # of a list: where its JSON goes on
    *("is_retracted", "is_recast", "page", "of", "language", "html", "there_is_more", "is_marked"),
}
ADDRESSES = {"url", "address", "what_changed", "previous", "next"}


def json_address(html: str) -> str:
    return html.partition('<link rel="alternate" type="application/json" href="')[2].partition('"')[0]


def values(data: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from values(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from values(value, name)
    elif data not in (None, ""):
        yield name, data


def main_links(path: str, html: str) -> set[str]:
    """What the page itself leads to on this site, its documents for machines left out."""
    main = html.partition('<main id="main">')[2].partition("</main>")[0]
    found = Visible(f"http://testserver{path}", main).addresses
    own = {one for one in found if one.startswith("http://testserver/") and "#" not in one}
    documents = {one for one in own if one.endswith((".json", ".jsonld", ".csv"))}
    # The JSON names one copy of a photo.
    return {one for one in own - documents if "/media/renditions/" not in one}


def unseen(page: Visible, data: Any) -> list[tuple[str, Any]]:
    """What the JSON holds and the page does not show."""

    def is_seen(name: str, value: Any) -> bool:
        if name in ADDRESSES:
            return value in page.addresses
        text = " ".join(str(value).split())
        return text in page.words or text in page.values

    return [
        (name, value)
        for name, value in values(data)
        if name not in IN_OTHER_WORDS and not is_seen(name, value)
    ]


def test_every_page_of_the_demo_names_its_json_which_holds_what_it_shows_and_no_more(client, settings):
    settings.ROOT_URLCONF = "tests.urls_with_fault"
    client.raise_request_exception = False
    load_newsroom(corrected=True)
    for name, path in reader_pages().items():
        html = client.get(path).content.decode()
        address = json_address(html)
        assert bool(address) is (name not in WITHOUT), name
        if not address:
            continue
        response = client.get(address)
        assert response.headers["Content-Type"] == "application/json"
        data = json.loads(response.content)
        page = Visible(f"http://testserver{path}", html)
        assert [one for one in unseen(page, data) if one[0] != "text"] == [], name
        said = {value.partition("#")[0] for _name, value in values(data) if isinstance(value, str)}
        within = data.get("html", "")
        missing = {one for one in main_links(path, html) - said if f'"{urlsplit(one).path}' not in within}
        of_the_site = {"/", "/sources/", "/corrections/", "/how-we-cite/", "/search/"}
        left = {path for path in (urlsplit(one).path for one in missing) if "/report/" not in path}
        assert left <= of_the_site, name


def test_a_season_is_as_complete_and_as_footnoted_as_its_page(client):
    season = make_season(
        series=make_series(title="Harbour"), premiere=PartialDate(2020, 2, 13), status="available"
    )
    held = make_passage(exact="thirteenth of February")
    make_citation(season, "premiere", held)
    make_citation(season, "premiere", make_passage(), says="2020-02-14", stance="contradicts")
    entry = make_cast_entry(season=season, status="new")
    make_citation(entry)
    make_citation(entry, "status")
    make_citation(make_crew_credit(season=season))
    make_citation(make_episode(season=season, title="Salt"), "title")
    article = make_article(published=True, season=season, series=season.series)
    data = client.get(f"/series/{season.series.slug}/season-1.json").json()
    assert data["series"]["title"] == "Harbour"
    [premiere] = data["facts"]
    assert premiere["value"] == "13 February 2020"
    assert premiere["passages"] == [held.key]
    assert premiere["sources_differ"][0]["says"] == "14 February 2020"
    [group] = data["cast"]
    assert group["entries"][0]["played_by"]["value"] == entry.person.name
    assert data["episodes"][0]["value"] == "Salt"
    assert data["articles"][0]["title"] == article.title
    notes = {note["passage"]: note for note in data["footnotes"]}
    assert notes[held.key]["excerpt"] == "thirteenth of February"


def test_what_no_citation_holds_is_in_no_json(client):
    season = make_season(premiere=PartialDate(1999))
    make_cast_entry(season=season, person=make_person(slug="nobody", name="Not Verified"))
    path = f"/series/{season.series.slug}/season-1.json"
    assert client.get(path).json()["facts"] == []
    assert b"Not Verified" not in client.get(path).content
    assert client.get("/people/nobody.json").status_code == 404


def test_a_source_gives_excerpts_and_never_the_text(client):
    source = make_source(title="A source")
    passage = make_passage(source, exact=" ".join(f"word{number}" for number in range(20)))
    make_citation(make_season(status="available"), "status", passage)
    body = client.get(f"/sources/{source.slug}.json").content.decode()
    assert passage.excerpt in body
    assert "word12" not in body


def test_an_article_s_json_is_what_readers_have(client):
    draft = make_article(kind="news", title="Draft")
    assert client.get(f"/news/{draft.slug}.json").status_code == 404
    article = make_article(published=True, language="de", photo=make_photo(credit="By us"))
    response = client.get(f"/recaps/{article.slug}.json")
    data = response.json()
    assert response.headers["Content-Language"] == "de"
    assert data["title"] == article.title
    assert data["html"] == article.editions.get().html
    assert data["section"]["title"] == "Rückblicke"
    assert data["photo"]["credit"] == "By us"
    assert client.get(f"/guides/{article.slug}.json").status_code == 404


def test_the_json_of_a_retracted_article_is_its_note_and_that_of_a_gone_one_is_410(client):
    taken, gone = (make_article(published=True, standfirst="What it said.") for _ in range(2))
    retract_article(user=None, article=taken, looked_at=1, reason="Nobody had said it.")
    unpublish_article(user=None, article=gone, looked_at=1, reason="Rights.")
    response = client.get(f"/recaps/{taken.slug}.json")
    assert response.status_code == 200
    assert response.json()["is_retracted"] is True
    assert response.json()["corrections"][0]["text"] == "Nobody had said it."
    assert b"What it said." not in response.content
    response = client.get(f"/recaps/{gone.slug}.json")
    assert response.status_code == 410
    assert response.json()["is_gone"] is True
    assert gone.title not in response.content.decode()


def test_json_is_as_new_as_its_page_and_may_only_be_read(client):
    load_newsroom(corrected=True)
    for name, path in reader_pages().items():
        page = client.get(path)
        address = json_address(page.content.decode())
        # What a search finds is made anew for each.
        if name in WITHOUT | {"search"} or not address:
            continue
        response = client.get(address)
        assert response.headers["Last-Modified"] == page.headers["Last-Modified"], name
        assert response.headers["Cache-Control"] == page.headers["Cache-Control"]
        tag = response.headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        assert client.post(address).status_code == 405
        assert not response.cookies


def test_the_second_page_of_a_list_names_its_own_json(client):
    for number in range(14):
        make_article(published=True, kind="news", title=f"Item {number:02}")
    first = client.get("/news.json").json()
    query = first["older"].partition("?")[2]
    address = json_address(client.get(f"/news/?{query}").content.decode())
    assert unescape(address) == f"/news.json?{query}"
    data = client.get(first["older"]).json()
    assert [one["title"] for one in data["articles"]] == ["Item 01", "Item 00"]
    assert data["older"] is None
    assert client.get(data["newer"]).json()["articles"] == first["articles"]


def test_json_takes_as_many_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    season, source = make_season(), make_source()
    counts = set()
    for count in (3, 27):
        for _ in range(count):
            entry = make_cast_entry(season=season, person=make_person())
            passage = make_passage(source)
            make_citation(entry, "", passage)
            body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
            make_article(published=True, body=body, season=season, series=season.series, photo=make_photo())
        paths = {
            "/index.json": 6,
            "/recaps.json": 4,
            f"/series/{season.series.slug}.json": 12,
            f"/series/{season.series.slug}/season-1.json": 12,
            f"/people/{season.cast.first().person.slug}.json": 8,
            "/sources.json": 1,
            f"/sources/{source.slug}.json": 8,
        }
        for path, most in paths.items():
            ContentType.objects.clear_cache()
            with django_assert_max_num_queries(most) as counted:
                assert client.get(path).status_code == 200
            counts.add((path, len(counted)))
    assert len(counts) == len(paths)
