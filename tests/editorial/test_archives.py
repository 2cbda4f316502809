"""Lists of a kind and of its years: in pages that begin where another ends, quick at any length."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from editorial.models import Edition
from editorial.places import Place
from editorial.slices import slice_of, year_span, years_of
from tests.factories import make_article, make_contributor

# Microseconds, of some two hundred years.
MOMENTS = st.integers(0, 7 * 10**15)


def published_at(*moments: datetime.datetime, **fields) -> list[Edition]:
    """Live articles that readers first got at these moments."""
    made = []
    first = make_article(published=True, **fields).editions.get()
    for moment in moments:
        article = make_article(**fields)
        made.append(
            Edition.objects.create(
                article=article,
                revision=article.revisions.get(),
                number=1,
                html=first.html,
                kind=article.kind,
                slug=article.slug,
                language="en",
                published_at=moment,
                first_published_at=moment,
            )
        )
    Edition.objects.filter(pk=first.pk).update(ended_at=first.published_at)
    return made


def paths(html: str) -> list[str]:
    return re.findall(r'class="card-title"[^>]*><a href="([^"]+)"', html)


def way(html: str, rel: str) -> str:
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', html)
    return unescape(found[1]) if found else ""


@given(MOMENTS, st.integers(min_value=0, max_value=10**18 - 1))
def test_a_place_is_read_as_it_was_written(microseconds, pk):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    place = Place(epoch + datetime.timedelta(microseconds=microseconds), pk)
    assert Place.parse(str(place)) == place


@given(st.text(max_size=40))
def test_what_is_no_place_is_refused_and_never_fails_otherwise(text):
    try:
        place = Place.parse(text)
    except ValueError:
        return
    assert Place.parse(str(place)) == place


@pytest.mark.django_db
def test_every_article_stands_on_exactly_one_page_and_there_is_a_way_back(client):
    moment = datetime.datetime(2018, 12, 5, 10, tzinfo=datetime.UTC)
    # Several at one moment, across the edge of a page.
    made = published_at(
        *(moment + datetime.timedelta(hours=number // 5) for number in range(30)), kind="news"
    )
    wanted = [f"/news/{one.slug}/" for one in reversed(made)]
    seen, pages, path = [], [], "/news/"
    while path:
        html = client.get(path).content.decode()
        pages.append((path, paths(html)))
        seen += paths(html)
        path = way(html, "next")
    assert seen == wanted
    assert [len(found) for _path, found in pages] == [12, 12, 6]
    back = way(client.get(pages[2][0]).content.decode(), "prev")
    html = client.get(back).content.decode()
    assert paths(html) == pages[1][1]
    assert f'<link rel="canonical" href="http://testserver{pages[1][0]}">' in unescape(html)
    first = client.get(way(html, "prev")).content.decode()
    assert paths(first) == pages[0][1]
    assert '<link rel="canonical" href="http://testserver/news/">' in first


@pytest.mark.django_db
def test_what_comes_while_somebody_reads_moves_no_page(client):
    moment = datetime.datetime(2018, 12, 5, tzinfo=datetime.UTC)
    published_at(*(moment + datetime.timedelta(hours=number) for number in range(20)), kind="news")
    second = way(client.get("/news/").content.decode(), "next")
    before = paths(client.get(second).content.decode())
    make_article(published=True, kind="news")
    assert paths(client.get(second).content.decode()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["before=x", "after=", "before=2018-13-05T00:00:00Z_1", "before=2001-01-01T00:00:00Z_1"]
)
def test_a_place_that_is_none_is_not_found(client, query):
    make_article(published=True, kind="news")
    assert client.get(f"/news/?{query}").status_code == 404
    assert client.get(f"/news.json?{query}").status_code == 404


@pytest.mark.django_db
def test_a_year_has_what_was_published_in_it_in_the_newsroom_s_zone(client, settings):
    start, end = year_span(2018)
    second = datetime.timedelta(seconds=1)
    made = published_at(start - second, start, end - second, end, kind="recap")
    html = client.get("/recaps/2018/").content.decode()
    assert paths(html) == [f"/recaps/{made[2].slug}/", f"/recaps/{made[1].slug}/"]
    assert "<h1>Recaps of 2018</h1>" in html
    assert 'href="/recaps/2018/" aria-current="page"' in html
    years = re.findall(r'href="/recaps/(\d{4})/"', client.get("/recaps/").content.decode())
    assert years == ["2019", "2018", "2017"]
    assert client.get("/recaps/2018.json").json()["title"] == "Recaps of 2018"
    for path in ("/recaps/2016/", "/recaps/2016.json", "/guides/2018/"):
        assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_byline_has_its_articles_in_pages(client):
    writer = make_contributor(name="Zoe", role="Critic", biography="Writes about harbours.")
    for number in range(14):
        make_article(published=True, contributors=(writer,), title=f"Item {number:02}")
    make_article(published=True, title="By somebody else")
    html = client.get(writer.get_absolute_url()).content.decode()
    for text in ("<h1>Zoe</h1>", "Critic", "Writes about harbours.", "Item 13"):
        assert text in html
    assert "By somebody else" not in html
    older = client.get(way(html, "next")).content.decode()
    assert "Item 00" in older
    assert client.get(make_contributor().get_absolute_url()).status_code == 404
    data = client.get(f"/bylines/{writer.slug}.json").json()
    assert (data["biography"], len(data["articles"])) == ("Writes about harbours.", 12)


@pytest.mark.django_db
def test_any_page_takes_as_many_queries_as_the_first(client, django_assert_num_queries):
    moment = datetime.datetime(2018, 12, 5, tzinfo=datetime.UTC)
    published_at(*(moment + datetime.timedelta(days=number) for number in range(30)), kind="news")
    path = "/news/"
    client.get(path)  # what a process asks its database once
    while path:
        with django_assert_num_queries(3):  # without photos
            html = client.get(path).content.decode()
        path = way(html, "next")


def plan_of(queryset) -> str:
    """The database's plan with sequential scans made dear: with a few rows they would win."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{name} = off")
        return queryset.explain()


@pytest.mark.django_db
def test_pages_are_read_from_an_index_in_its_order():
    place = datetime.datetime(2018, 12, 5, tzinfo=datetime.UTC), 7
    live = Edition.objects.live().newest_first()
    cases = {
        "edition_newest": live,
        "edition_newest_of_kind": live.of_kind("news").older_than(*place),
        "edition_newest_on_series": live.filter(series=1).older_than(*place),
        "edition_newest_on_season": live.filter(season=1),
        "edition_changed": Edition.objects.live().order_by("-published_at", "-pk"),
        "edition_address": Edition.objects.filter(kind="news", slug="x").order_by("-ended_at", "-pk"),
    }
    for index, queryset in cases.items():
        plan = plan_of(queryset[:13])
        assert index in plan, plan
        if index != "edition_address":
            assert not re.search(r"TEMP B-TREE|Sort Key", plan), plan
    for queryset in (
        live.of_kind("news").newer_than(*place).reverse(),
        live.of_kind("news").between(*year_span(2018)),
    ):
        plan = plan_of(queryset[:13])
        assert "edition_newest_of_kind" in plan, plan
        assert not re.search(r"TEMP B-TREE|Sort Key", plan), plan


@pytest.mark.django_db
def test_no_articles_have_no_years():
    assert years_of(Edition.objects.live()) == []
    assert slice_of(Edition.objects.for_cards(), {}, 12).cards == []
