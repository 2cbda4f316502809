from __future__ import annotations

import datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from editorial import sitemaps
from editorial.actions import retract_article, unpublish_article
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_series,
)
from tests.newsroom import load_newsroom, reader_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
UNLISTED = {"year", "search", "correction", "retracted", "gone", "preview", "revoked preview", "fault"}
UNLISTED |= {"not found", "report"}


def locations(client, path: str) -> list[str]:
    """The paths that a sitemap or an index names, with their queries."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(response.content)
    addresses = [loc.text for loc in tree.iter(f"{NS}loc")]
    assert all(address.startswith("http://testserver/") for address in addresses)
    return [urlsplit(address)._replace(scheme="", netloc="").geturl() for address in addresses]


def all_locations(client) -> set[str]:
    return {page for part in locations(client, "/sitemap.xml") for page in locations(client, part)}


def test_the_sitemaps_name_every_type_of_page_and_each_answers(client):
    load_newsroom(corrected=True)
    named = all_locations(client)
    wanted = {path for name, path in reader_pages().items() if name not in UNLISTED}
    assert wanted <= named
    for path in named:
        response = client.get(path)
        assert response.status_code == 200, path
        assert "noindex" not in response.content.decode()


def test_what_is_not_public_is_in_no_sitemap(client):
    make_article(slug="a-draft")
    unpublish_article(
        user=None, article=make_article(published=True, slug="gone"), looked_at=1, reason="Rights."
    )
    retract_article(
        user=None, article=make_article(published=True, slug="taken-back"), looked_at=1, reason="Wrong."
    )
    make_cast_entry(
        season=make_season(series=make_series(slug="planned")), person=make_person(slug="somebody")
    )
    named = make_person(slug="only-a-name")
    make_citation(named, "name")
    lost = make_cast_entry(person=make_person(slug="lost"))
    make_citation(lost, passage=make_passage(state="lost"))
    found = " ".join(all_locations(client))
    for slug in ("a-draft", "gone", "taken-back", "planned", "somebody", "only-a-name", "lost"):
        assert slug not in found


def test_an_article_is_as_new_as_its_edition(client):
    article = make_article(published=True)
    tree = ElementTree.fromstring(client.get("/sitemap-articles.xml").content)
    [lastmod] = [element.text for element in tree.iter(f"{NS}lastmod")]
    assert datetime.datetime.fromisoformat(lastmod) == article.editions.get().published_at
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    dates = {one.findtext(f"{NS}loc"): one.findtext(f"{NS}lastmod") for one in index}
    assert dates["http://testserver/sitemap-articles.xml"] == lastmod


def test_a_long_sitemap_has_parts_that_the_index_names(client, monkeypatch):
    monkeypatch.setattr(sitemaps.Articles, "limit", 2)
    articles = [make_article(published=True) for _ in range(5)]
    parts = [path for path in locations(client, "/sitemap.xml") if "articles" in path]
    assert parts == ["/sitemap-articles.xml", "/sitemap-articles.xml?p=2", "/sitemap-articles.xml?p=3"]
    found = [page for part in parts for page in locations(client, part)]
    assert found == [article.get_absolute_url() for article in articles]
    for path in ("/sitemap-articles.xml?p=4", "/sitemap-articles.xml?p=x", "/sitemap-none.xml"):
        assert client.get(path).status_code == 404


def test_the_news_sitemap_holds_what_readers_first_got_in_the_last_two_days(client, monkeypatch):
    make_article(published=True, title="New & <fresh>", spoiler_free_title="", language="de")
    days_ago = timezone.now() - datetime.timedelta(days=3)
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: days_ago)
        make_article(published=True, title="Old")
    tree = ElementTree.fromstring(client.get("/sitemap-news.xml").content)
    [news] = tree.iter(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "New & <fresh>"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "de"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "Ibid."
    assert datetime.datetime.fromisoformat(news.findtext(f"{NEWS}publication_date")).tzinfo


@pytest.mark.parametrize(
    "name", ["articles", "bylines", "characters", "news", "people", "seasons", "series", "sources"]
)
def test_a_sitemap_takes_as_many_queries_with_3_rows_as_with_30(client, name, django_assert_max_num_queries):
    counts = set()
    for count in (3, 27):
        for _ in range(count):
            entry = make_cast_entry()
            make_citation(entry)
            make_citation(entry.season.series, "title")
            make_article(published=True)
        ContentType.objects.get_for_models(*(type(one) for one in (entry, entry.season)))
        with django_assert_max_num_queries(3 if name == "articles" else 2) as counted:
            assert len(locations(client, f"/sitemap-{name}.xml")) >= count
        counts.add(len(counted))
    assert len(counts) == 1


def test_the_index_takes_as_many_queries_with_3_articles_as_with_30(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 27):
        for _ in range(count):
            make_article(published=True)
        with django_assert_max_num_queries(9) as counted:
            client.get("/sitemap.xml")
        counts.add(len(counted))
    assert len(counts) == 1


def test_robots_are_told_of_the_index_and_kept_out_of_the_desk(client):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]
    assert rules.can_fetch("*", "http://testserver/recaps/")
    assert not rules.can_fetch("*", "http://testserver/admin/")


def test_sitemaps_may_only_be_read_and_are_asked_for_again(client):
    for path in ("/sitemap.xml", "/sitemap-articles.xml"):
        assert client.post(path).status_code == 405
        response = client.get(path)
        assert "no-cache" in response.headers["Cache-Control"]
        assert client.get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
