"""Where something can be watched: on its pages, on articles about it, for machines; only when cited."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.dates import PartialDate
from catalog.models import Availability
from tests.factories import (
    make_article,
    make_availability,
    make_citation,
    make_contributor,
    make_photo,
    make_season,
    make_series,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def listed(client, path: str) -> str:
    return client.get(path).content.decode().partition('class="watching"')[2].partition("</ul>")[0]


def make_held(*fields: str, **values) -> Availability:
    one = make_availability(service="Channel 9", **values)
    for field in fields:
        make_citation(one, field)
    return one


def test_a_season_and_its_series_say_who_has_it_and_when(client):
    season = make_season(number=2)
    held = {"territory": "Norway", "begins": PartialDate(2020, 2, 13), "ends": PartialDate(2021, 12)}
    make_held("service", *held, season=season, **held)
    for record in (season, season.series):
        shown = listed(client, record.get_absolute_url())
        for words in ("Channel 9", "Norway", "13 February 2020", "December 2021", "#fn-1"):
            assert words in shown
    assert "Season 2" in shown


def test_what_is_not_cited_is_not_public(client):
    season = make_season()
    one = make_held("begins", season=season, begins=PartialDate(2020), territory="Norway")
    article = make_article(published=True, season=season, series=season.series)
    paths = (season.get_absolute_url(), season.series.get_absolute_url(), article.get_absolute_url())
    assert [listed(client, path) for path in paths] == ["", "", ""]
    make_citation(one, "service")
    for path in paths[:2]:
        shown = listed(client, path)
        assert "Channel 9" in shown
        assert "2020" in shown
        assert "Norway" not in shown


def test_an_article_says_it_and_leads_to_who_says_so(client):
    season = make_season()
    make_held("service", "begins", season=season, begins=PartialDate(2020, 2, 13))
    make_held("service", series=season.series)
    make_held("service", season=make_season(series=season.series))
    html = client.get(
        make_article(published=True, season=season, series=season.series).get_absolute_url()
    ).content.decode()
    shown = html.partition('class="watching"')[2].partition("</ul>")[0]
    assert shown.count("Channel 9") == 2  # that of the other season is not about it
    assert "from 13 February 2020" in shown
    assert f'href="{season.get_absolute_url()}#watch"' in html
    assert 'id="watch"' in client.get(season.get_absolute_url()).content.decode()


def test_an_article_takes_3_queries_with_photos_a_portrait_and_offers(client, django_assert_num_queries):
    season = make_season()
    for number in range(30):
        make_citation(make_availability(season=season, service=f"Service {number}"), "service")
    byline = (make_contributor(portrait=make_photo(), biography="Writes."),)
    article = make_article(published=True, season=season, series=season.series, contributors=byline)
    client.get(article.get_absolute_url())  # what a process reads once
    cache.clear()
    with django_assert_num_queries(3):
        shown = client.get(article.get_absolute_url()).content.decode()
    assert shown.count("watching-service") == 30


def test_an_article_about_nothing_offers_nothing(client):
    make_held("service")
    assert listed(client, make_article(published=True).get_absolute_url()) == ""


def test_machines_are_told_as_readers_are(client):
    season = make_season()
    make_held("service", "begins", season=season, begins=PartialDate(2020, 2), ends=PartialDate(2021))
    html = client.get(season.get_absolute_url()).content.decode()
    assert '"WatchAction"' in html
    assert '"availabilityStarts": "2020-02"' in html.replace('":"', '": "')
    assert "availabilityEnds" not in html


@pytest.mark.parametrize("rows", [3, 30])
def test_a_season_takes_as_many_queries_for_any_number(client, rows, django_assert_max_num_queries):
    season = make_season()
    for number in range(rows):
        make_citation(make_availability(season=season, service=f"Service {number}"), "service")
    client.get(season.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(season.get_absolute_url())


def test_a_service_stands_once_for_a_territory():
    season = make_season()
    make_availability(season=season, service="Channel 9", territory="Norway")
    make_availability(season=season, service="Channel 9", territory="Sweden")
    for values in ({"territory": "Norway"}, {"territory": "a/b"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_availability(season=season, service="Channel 9", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_availability(service="")


@pytest.mark.parametrize(
    "values",
    [{"begins": PartialDate(2021), "ends": PartialDate(2020, 12)}, {"season": "another"}],
    ids=["ends first", "another series"],
)
def test_what_cannot_be_is_refused_in_words(values):
    if "season" in values:
        values = {"season": make_season()}
    with pytest.raises(ValidationError):
        Availability(series=make_series(), service="Channel 9", **values).full_clean()


@pytest.mark.parametrize(("role", "status"), [("Fact-checkers", 200), (None, 302)])
def test_the_desk_lists_them(client, role, status):
    make_held("service")
    client.force_login(make_user(role))
    assert client.get("/admin/catalog/availability/").status_code == status
