from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date

from catalog.dates import PartialDate
from catalog.models import Citation
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_citation,
    make_crew_credit,
    make_earlier_work,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


@pytest.fixture
def pages():
    """One page of each type, by name, with something on it."""
    season = make_season(status="available", series=make_series(network="Netflix"))
    make_citation(season, "status")
    entry = make_cast_entry(season=season)
    citation = make_citation(entry)
    return {
        "series": season.series.get_absolute_url(),
        "season": season.get_absolute_url(),
        "person": entry.person.get_absolute_url(),
        "source_list": reverse("catalog:source_list"),
        "source": citation.passage.source.get_absolute_url(),
    }


PAGES = ["series", "season", "person", "source_list", "source"]


def cite_everything(season, count: int) -> None:
    """`count` of every kind of record on the page of a season, each cited."""
    for number in range(count):
        entry = make_cast_entry(season=season, status="new", billed_as=f"Billed {number}")
        for field in ("", "status", "billed_as"):
            make_citation(entry, field)
        make_citation(make_earlier_work(person=entry.person))
        make_citation(make_crew_credit(season=season))
        make_citation(make_crew_credit(series=season.series, job="writer"))
        make_citation(make_statement(season=season), "value")
        make_citation(make_statement(series=season.series), "value")
        make_citation(make_statement(character=entry.character), "value")
        make_citation(make_alias(character=entry.character), "text")
        make_citation(make_episode(season=season, title=f"Title {number}"), "title")


def queries_of(client, path: str, django_assert_max_num_queries, most: int) -> int:
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(most) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_served_without_a_cookie_and_under_a_strict_policy(client, pages, name):
    response = client.get(pages[name])
    assert response.status_code == 200
    assert not response.cookies
    # What a reader has said to have seen is the one thing that a page may depend on.
    assert ("Cookie" in response.headers["Vary"]) == (name != "source_list")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_304_to_its_tag_and_to_its_date(client, pages, name):
    response = client.get(pages[name])
    tag, date = response.headers["ETag"], response.headers["Last-Modified"]
    assert client.get(pages[name], headers={"If-None-Match": tag}).status_code == 304
    assert client.get(pages[name], headers={"If-Modified-Since": date}).status_code == 304


def test_a_new_citation_changes_the_tag(client):
    season = make_season(status="available", premiere=PartialDate(2020))
    make_citation(season, "status")
    path = season.get_absolute_url()
    tag = client.get(path).headers["ETag"]
    make_citation(season, "premiere")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_the_ids_of_a_page_are_unique_and_every_marker_leads_somewhere(client, pages, name):
    html = client.get(pages[name]).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize(
    "path",
    [
        "/series/nowhere/",
        "/series/nowhere/season-1/",
        "/people/nobody/",
        "/sources/nothing/",
        "/nonsense/",
    ],
)
def test_an_unknown_address_is_a_404_that_looks_like_the_site(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert b"masthead" in response.content


def test_a_person_of_whom_nothing_is_verified_has_no_page(client):
    person = make_person()
    make_earlier_work(person=person)
    assert client.get(person.get_absolute_url()).status_code == 404


def test_a_value_without_a_citation_is_not_on_the_page(client):
    series = make_series(network="Netflix", production_company="Gaumont")
    make_citation(series, "network")
    html = client.get(series.get_absolute_url()).content.decode()
    assert "Netflix" in html
    assert "Gaumont" not in html


def test_a_season_leads_to_the_other_seasons_that_something_is_known_of(client):
    series = make_series()
    first, second = make_season(series=series, status="available"), make_season(series=series)
    third = make_season(series=series, status="renewed")
    make_citation(first, "status")
    make_citation(third, "status")
    html = client.get(first.get_absolute_url()).content.decode()
    assert third.get_absolute_url() in html
    assert second.get_absolute_url() not in html


def test_where_sources_differ_the_others_are_footnoted_too(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    make_citation(season, "premiere", make_passage(exact="comes on February 13"))
    other = make_passage(exact="no date has been set")
    make_citation(season, "premiere", other, stance="contradicts", says="none set")
    html = client.get(season.get_absolute_url()).content.decode()
    assert "13 February 2020" in html
    assert "sources differ" in html
    assert "none set" in html
    assert "no date has been set" in html


def test_what_a_record_holds_is_escaped(client):
    series = make_series(title="<script>alert(1)</script>", network="<img src=x onerror=alert(1)>")
    make_citation(series, "network", make_passage(exact="<b>bold</b> words"), says="<i>x</i>")
    html = client.get(series.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>bold" not in html


def test_a_season_takes_as_many_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    few, many = make_season(status="renewed"), make_season(status="renewed")
    cite_everything(few, 3)
    cite_everything(many, 30)
    make_article(published=True, season=few, series=few.series)
    make_article(published=True, season=many, series=many.series)
    counts = {
        queries_of(client, season.get_absolute_url(), django_assert_max_num_queries, 12)
        for season in (few, many)
    }
    assert len(counts) == 1


def test_a_series_takes_as_many_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    few, many = make_season(), make_season()
    cite_everything(few, 3)
    cite_everything(many, 30)
    counts = {
        queries_of(client, season.series.get_absolute_url(), django_assert_max_num_queries, 12)
        for season in (few, many)
    }
    assert len(counts) == 1


def test_a_person_takes_as_many_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 30):
        person = make_person()
        for _ in range(count):
            make_citation(make_cast_entry(season=make_season(), person=person))
            make_citation(make_crew_credit(person=person))
            make_citation(make_earlier_work(person=person))
            make_citation(make_alias(person=person))
        path = person.get_absolute_url()
        counts.add(queries_of(client, path, django_assert_max_num_queries, 10))
    assert len(counts) == 1


def test_a_source_takes_as_many_queries_with_3_passages_as_with_30(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 30):
        source, season = make_source(), make_season(status="available")
        cite_everything(season, count)
        for citation in Citation.objects.exclude(passage__source__in=[source]):
            make_citation(citation.target, citation.field, make_passage(source))
        passage = make_passage(source)
        make_article(published=True, body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>')
        path = source.get_absolute_url()
        counts.add(queries_of(client, path, django_assert_max_num_queries, 8))
    assert len(counts) == 1


def test_the_list_of_sources_takes_one_query(client, django_assert_num_queries):
    for _ in range(5):
        make_passage()
    with django_assert_num_queries(1):
        client.get(reverse("catalog:source_list"))


def test_a_source_lists_every_kind_of_fact_drawn_from_it(client):
    source = make_source()
    season = make_season(status="available", premiere=PartialDate(2020, 2, 13))
    entry = make_cast_entry(season=season, status="new")
    make_citation(entry, "", make_passage(source))
    make_citation(entry, "status", make_passage(source))
    make_citation(season, "premiere", make_passage(source), says="February 13th")
    make_citation(season.series, "title", make_passage(source))
    make_citation(make_episode(season=season, title="Camelot"), "title", make_passage(source))
    make_citation(make_alias(person=entry.person, text="Otherwise"), "text", make_passage(source))
    make_citation(make_earlier_work(person=entry.person, title="Falco"), "title", make_passage(source))
    make_citation(make_crew_credit(season=season, job="director"), "", make_passage(source))
    make_citation(make_statement(season=season, label="Place", value="Mexico"), "value", make_passage(source))
    make_citation(entry.character, "name", make_passage(source))
    html = client.get(source.get_absolute_url()).content.decode()
    for text in ("13 February 2020", "February 13th", "Camelot", "Otherwise", "Falco", "Director", "Mexico"):
        assert text in html
    assert f"{entry.person.name} as {entry.character.name}" in html
    assert html.count('<li class="passage"') == 10


def test_a_source_says_what_is_unknown_and_whether_its_text_is_here(client):
    source = make_source(title="Notice", language="en")
    passage = make_passage(source, state="unattached", start=10, exact="words", number=7)
    season = make_season(status="renewed")
    make_citation(season, "status", passage)
    html = client.get(source.get_absolute_url()).content.decode()
    assert html.count("unknown") >= 3
    assert "The text of this source is not on this machine; locator and hash wait for it." in html
    assert 'id="p7"' in html
    assert "characters 10–15" in html
    assert passage.sha256[:12] in html


def test_a_source_shows_only_passages_of_public_facts_and_of_live_articles(client):
    source = make_source()
    season = make_season(status="available", premiere=PartialDate(2020))
    make_citation(season, "status", make_passage(source, exact="a public fact"))
    make_citation(season, "premiere", make_passage(source, exact="a stale fact"), checked_value="2019")
    make_passage(source, exact="for nothing yet")
    live = make_passage(source, exact="cited by a live article")
    draft = make_passage(source, exact="cited by a draft")
    article = make_article(published=True, body=_body(live))
    make_article(body=_body(draft))
    html = client.get(source.get_absolute_url()).content.decode()
    assert "a public fact" in html
    assert "cited by a live article" in html
    assert f'href="{article.get_absolute_url()}#ref-1-1"' in html
    for hidden in ("a stale fact", "for nothing yet", "cited by a draft"):
        assert hidden not in html


def test_catalog_pages_speak_the_reader_s_language(client, pages):
    response = client.get(pages["season"], headers={"Accept-Language": "de"})
    assert '<html lang="de">' in response.content.decode()
    assert response.headers["Content-Language"] == "de"
    assert "Accept-Language" in response.headers["Vary"]


def _body(passage) -> str:
    return f'<p>A fact stands here.<cite data-passage="{passage.key}"></cite></p>'


def test_a_source_is_as_new_as_the_newest_record_drawn_from_it(client):
    season = make_season(premiere="2020-02-13")
    citation = make_citation(season, "premiere")
    path = citation.passage.source.get_absolute_url()
    later = timezone.now().replace(microsecond=0) + datetime.timedelta(days=1)
    type(season).objects.filter(pk=season.pk).update(updated_at=later)
    for address in (path, f"{path}annotations.jsonld"):
        assert parse_http_date(client.get(address).headers["Last-Modified"]) == later.timestamp()
