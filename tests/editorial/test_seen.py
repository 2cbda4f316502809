"""What a reader has said to have seen, on the pages: what is folded, and what caches may keep."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from editorial.indexing import rebuild
from tests.factories import (
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_person,
    make_photo,
    make_season,
    make_series,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

FULL, LISTED, STANDFIRST = "The lamp goes out for ever", "A farewell", "Who put out the lamp"
ALT = "A broken lamp"


@pytest.fixture
def article():
    cache.clear()
    series = make_series(slug="harbour", title="Harbour")
    make_season(series=series, number=1)
    season = make_season(series=series, number=2)
    return make_article(
        published=True,
        title=FULL,
        spoiler_free_title=LISTED,
        standfirst=STANDFIRST,
        series=series,
        season=season,
        spoils_through=season,
        photo=make_photo(alt=ALT),
    )


def reader(said: str | None = None) -> Client:
    client = Client()
    if said is not None:
        client.cookies["seen"] = said
    return client


def html_of(path: str, said: str | None = None) -> str:
    response = reader(said).get(path)
    assert response.status_code == 200
    return response.content.decode()


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def unfolded(html: str) -> str:
    """What of the page stands in no fold."""
    return "".join(part.rpartition("</details>")[2] for part in main_of(html).split('<details class="fold">'))


@pytest.mark.parametrize("path", ["/", "/recaps/"])
def test_lists_show_what_the_reader_has_seen(article, path):
    said_nothing = html_of(path)
    assert LISTED in said_nothing
    assert FULL not in said_nothing
    assert STANDFIRST in said_nothing
    assert "<details" not in main_of(said_nothing)
    seen_it = html_of(path, "harbour:2")
    assert FULL in seen_it
    assert "<details" not in main_of(seen_it)
    not_yet = html_of(path, "harbour:1")
    assert FULL not in not_yet
    assert LISTED in unfolded(not_yet)
    assert STANDFIRST in not_yet
    assert STANDFIRST not in unfolded(not_yet)
    assert "card-picture" in said_nothing
    assert "card-picture" not in not_yet


def test_an_article_is_folded_for_who_has_said_less_and_for_nobody_else(article):
    path = article.get_absolute_url()
    for said in (None, "harbour:2", "harbour:3", "another:1"):
        html = html_of(path, said)
        assert f"<h1>{FULL}</h1>" in html
        assert "<details" not in main_of(html)
    for _turn in ("made", "from the cache"):
        html = html_of(path, "harbour:1")
        assert f"<h1>{LISTED}</h1>" in html
        assert "This gives away season 2 of Harbour." in html
        for hidden in (FULL, STANDFIRST, ALT, "A fact stands here"):
            assert hidden in main_of(html)
            assert hidden not in unfolded(html)
        assert FULL not in html[: html.index("<main")]
        assert f"/seen/?next={path}" in html
    assert f"<h1>{FULL}</h1>" in html_of(path)


def test_a_link_wins_over_the_cookie_and_is_carried_on(article):
    path = article.get_absolute_url()
    assert f"<h1>{LISTED}</h1>" in html_of(f"{path}?seen=harbour:1", "harbour:2")
    assert f"<h1>{FULL}</h1>" in html_of(f"{path}?seen=", "harbour:1")
    assert f'href="{path}?seen=harbour:2"' in html_of("/?seen=harbour:2")
    assert "?seen=" not in html_of("/", "harbour:2")


@pytest.mark.parametrize(
    "said", ["harbour:", "harbour:99999", "harbour:-1", '"><script>', "harbour/1", "x" * 5000, "\\777,:"]
)
def test_a_tampered_setting_says_nothing(article, said):
    for path in ("/", article.get_absolute_url()):
        assert main_of(html_of(path, said)) == main_of(html_of(path))
    page = reader().get("/", {"seen": said})
    assert main_of(page.content.decode()) == main_of(html_of("/"))


def test_what_depends_on_the_reader_is_for_no_shared_cache(article):
    season = article.season
    for path in ("/", "/recaps/", article.get_absolute_url(), season.get_absolute_url()):
        for_all, for_one = reader().get(path), reader("harbour:1").get(path)
        for response in (for_all, for_one):
            assert "Cookie" in response.headers["Vary"]
        assert "public" in for_all.headers["Cache-Control"]
        assert "Last-Modified" in for_all.headers
        assert "private" in for_one.headers["Cache-Control"]
        assert "public" not in for_one.headers["Cache-Control"]
        assert "Last-Modified" not in for_one.headers
        assert for_all.headers["ETag"] != for_one.headers["ETag"]
        again = reader("harbour:1").get(path, headers={"if-none-match": for_one.headers["ETag"]})
        assert again.status_code == 304
        other = reader("harbour:1").get(
            path,
            headers={
                "if-none-match": for_all.headers["ETag"],
                "if-modified-since": for_all.headers["Last-Modified"],
            },
        )
        assert other.status_code == 200


def test_pages_ask_as_little_for_a_reader_who_has_said_something(article, django_assert_max_num_queries):
    path = article.get_absolute_url()
    for address, most in (("/", 6), (path, 3), (path, 1), (article.season.get_absolute_url(), 12)):
        with django_assert_max_num_queries(most):
            html_of(address, "harbour:1")
    with django_assert_max_num_queries(4):
        html_of("/search/?q=lamp", "harbour:1")


def test_search_shows_the_full_headline_to_who_has_seen_it(article):
    rebuild()
    for said, title, other in (
        (None, LISTED, FULL),
        ("harbour:1", LISTED, FULL),
        ("harbour:2", FULL, LISTED),
    ):
        html = re.sub("</?mark>", "", main_of(html_of("/search/?q=farewell", said)))
        assert title in html
        assert other not in html
    suggested = reader("harbour:2").get("/search/suggest.json", {"q": "farewell"})
    assert "Cookie" in suggested.headers["Vary"]
    [one] = suggested.json()["suggestions"]
    assert (one["title"], one["url"]) == (FULL, article.get_absolute_url())
    [one] = reader().get("/search/suggest.json", {"q": "farewell", "seen": "harbour:2"}).json()["suggestions"]
    assert (one["title"], one["url"]) == (FULL, f"{article.get_absolute_url()}?seen=harbour:2")


def test_nobody_is_found_by_a_part_that_the_reader_has_not_reached(article):
    """Nor is the part told of them, on the page of results and in its JSON; of a character likewise."""
    season, first = article.season, article.season.series.seasons.get(number=1)
    actor, series = make_person(name="Ada Early"), article.season.series
    parts = {"Keeper": first, "Ghost": season}
    for name, place in parts.items():
        character = make_character(name=name, series=series)
        make_citation(make_cast_entry(season=place, person=actor, character=character))
    twice = make_character(name="Watchman", series=series)
    for place in (first, season):
        make_citation(make_cast_entry(season=place, person=actor, character=twice))
    rebuild()

    def found(asked: str, said: str | None) -> str:
        html = re.sub("</?mark>", "", main_of(html_of(f"/search/?q={asked}&kind=person", said)))
        return html[html.index("</form>") :]

    for said in (None, "harbour:2"):
        assert "Keeper (Harbour) · Ghost (Harbour)" in found("Early", said)
        assert "Ada Early" in found("Ghost", said)
    html = found("Early", "harbour:1")
    assert "Keeper (Harbour) · Watchman (Harbour)" in html
    assert "Ghost" not in html
    assert "Ada Early" not in found("Ghost", "harbour:1")
    assert "Ada Early" in found("Watchman", "harbour:1")
    asked = {"q": "Early", "seen": "harbour:1"}
    assert "Ghost (" not in reader().get("/search.json", asked).content.decode()
    html = re.sub("</?mark>", "", main_of(html_of("/search/?q=Ghost&kind=character", "harbour:1")))
    assert "Ada Early" not in html


def test_a_search_carries_a_link_on(article):
    rebuild()
    html = main_of(html_of("/search/?q=farewell&seen=harbour:2"))
    assert f'href="{article.get_absolute_url()}?seen=harbour:2"' in html
    assert '<input type="hidden" name="seen" value="harbour:2">' in html
    assert "seen=" not in main_of(html_of("/search/?q=farewell", "harbour:2"))


@pytest.mark.parametrize("said", [None, "harbour:1", "harbour:2"])
def test_machines_get_what_gives_nothing_away_whoever_asks(article, said):
    for path in ("/feed.atom", "/feed.rss", "/recaps.json", "/index.json"):
        text = reader(said).get(path).content.decode()
        assert LISTED in text
        assert FULL not in text
    assert STANDFIRST not in reader(said).get("/feed.atom").content.decode()
    html = html_of(article.get_absolute_url(), said)
    assert f'<meta property="og:title" content="{LISTED}">' in html
    description = html.partition('<meta property="og:description" content="')[2].partition('"')[0]
    assert description.startswith("Gives away events through")
    assert STANDFIRST not in html[: html.index("<main")]
    assert STANDFIRST not in html[html.index("</main>") :]


def test_the_facts_of_a_season_that_was_not_seen_are_folded(article):
    season = article.season
    old = make_cast_entry(season=season.series.seasons.get(number=1), person=make_person(name="Ada Early"))
    late = make_cast_entry(season=season, person=make_person(name="Lou Late"))
    for entry in (old, late):
        make_citation(entry)
    make_citation(season, "premiere")
    for path in (season.get_absolute_url(), season.series.get_absolute_url()):
        for said in (None, "harbour:2"):
            assert "Lou Late" in html_of(path, said)
            assert 'class="fold"' not in html_of(path, said)
        html = html_of(path, "harbour:1")
        assert "This gives away season 2 of Harbour." in html
        assert "Lou Late" in html
        assert "Lou Late" not in unfolded(html)
    assert "Ada Early" in unfolded(html_of(season.series.get_absolute_url(), "harbour:1"))


def test_a_reader_says_how_far_and_takes_it_back(article):
    client = reader()
    form = client.get("/seen/", {"next": "/recaps/"})
    assert "no-store" in form.headers["Cache-Control"]
    assert "Seen up to season 2" in form.content.decode()
    sent = client.post("/seen/", {"seen:harbour": "1", "next": "/recaps/"})
    assert sent.status_code == 302
    assert sent.headers["Location"] == "/recaps/"
    kept = client.cookies["seen"]
    assert kept.value == "harbour:1"
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert kept["max-age"] == 365 * 24 * 3600
    assert '<option value="1" selected>' in client.get("/seen/").content.decode()
    client.post("/seen/", {"seen:harbour": "1", "forget": "1"})
    assert client.cookies["seen"].value == ""


def test_several_series_come_back_from_the_cookie(article):
    make_season(series=make_series(slug="other", title="Other"), number=4)
    client = reader()
    client.post("/seen/", {"seen:harbour": "1", "seen:other": "4"})
    html = client.get("/seen/").content.decode()
    assert '<option value="1" selected>' in html
    assert '<option value="4" selected>' in html
    assert "?seen=harbour:1,other:4" in html


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(article, path):
    sent = reader().post("/seen/", {"seen:harbour": "1", "next": path})
    assert sent.headers["Location"] == "/seen/"
    assert path not in reader().get("/seen/", {"next": path}).content.decode()


def test_nobody_else_can_say_it_for_a_reader(article):
    assert Client(enforce_csrf_checks=True).post("/seen/", {"seen:harbour": "1"}).status_code == 403


def test_the_form_asks_as_little_with_3_series_as_with_30(article, django_assert_num_queries):
    for count in (3, 30):
        for _number in range(count):
            make_season(number=1)
        with django_assert_num_queries(2):
            html_of("/seen/")
