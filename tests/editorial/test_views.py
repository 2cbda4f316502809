from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.urls import reverse

from editorial.actions import publish_article, save_article
from editorial.sections import SECTIONS
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_contributor,
    make_passage,
    make_person,
    make_photo,
    make_season,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

KINDS = [section.kind for section in SECTIONS]


def edit(article, **texts) -> None:
    """Save a new revision of a working copy, without publishing it."""
    for name, value in texts.items():
        setattr(article, name, value)
    newest = article.revisions.order_by("-number").first()
    save_article(user=None, article=article, based_on=newest.number)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_list_and_its_articles(client, kind):
    article = make_article(published=True, kind=kind, title="A telling title")
    listed = client.get(reverse(f"editorial:{kind}_list"))
    assert listed.status_code == 200
    assert article.get_absolute_url() in listed.content.decode()
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200
    assert "<h1>A telling title</h1>" in page.content.decode()


def test_the_front_page_has_the_newest_of_each_kind_and_their_series(client):
    season = make_season()
    for kind in KINDS:
        for number in range(6):
            make_article(published=True, kind=kind, title=f"{kind} {number}", series=season.series)
    html = client.get("/").content.decode()
    for kind in KINDS:
        assert f"{kind} 5" in html
        assert f"{kind} 0" not in html
    assert season.series.get_absolute_url() in html


def test_the_newest_article_with_a_picture_leads(client):
    make_article(published=True, title="Older, with a picture", photo=make_photo())
    make_article(published=True, title="Newer, without")
    html = client.get("/").content.decode()
    assert html.index("Older, with a picture") < html.index("Newer, without")


def test_an_empty_site_says_so(client):
    assert b"Nothing has been published yet" in client.get("/").content
    assert b"Nothing has been published here yet" in client.get("/guides/").content


def test_an_unpublished_article_is_nowhere(client):
    season = make_season()
    draft = make_article(title="A secret draft", season=season, series=season.series)
    assert client.get(draft.get_absolute_url()).status_code == 404
    paths = ["/", "/recaps/", season.get_absolute_url(), season.series.get_absolute_url()]
    for path in paths:
        assert b"A secret draft" not in client.get(path).content


def test_an_article_is_found_under_its_own_kind_only(client):
    article = make_article(published=True, kind="recap")
    assert client.get(f"/guides/{article.slug}/").status_code == 404
    assert client.get("/recaps/unknown/").status_code == 404


def test_what_is_edited_after_publication_reaches_nobody_until_it_is_published(client):
    before, after = make_season(), make_season()
    article = make_article(published=True, title="As published", season=before, photo=make_photo(alt="Old"))
    edit(article, title="Being rewritten", season=after, photo=make_photo(alt="New"))
    for path in ("/", "/recaps/", article.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "As published" in html
        assert "Being rewritten" not in html
    html = client.get(article.get_absolute_url()).content.decode()
    assert before.get_absolute_url() in html
    assert after.get_absolute_url() not in html
    assert 'alt="Old"' in html
    publish_article(user=None, article=article)
    assert b"Being rewritten" in client.get(article.get_absolute_url()).content


def test_an_article_names_its_people_in_order_its_picture_and_its_spoilers(client):
    season = make_season(number=1)
    article = make_article(
        contributors=(make_contributor(name="Zoe", role="Critic"), make_contributor(name="Adam")),
        photo=make_photo(alt="A field", caption="Blue agave", credit="Drawn by us"),
        season=season,
        series=season.series,
        spoils_through=season,
    )
    edit(article, title="With its byline")
    publish_article(user=None, article=article)
    html = client.get(article.get_absolute_url()).content.decode()
    assert html.index("Zoe") < html.index("Adam")
    for text in ('alt="A field"', "Blue agave", "Drawn by us", "Critic", f"through {season}"):
        assert text in html


def test_an_article_takes_3_queries_and_1_from_the_cache(client, django_assert_max_num_queries):
    season = make_season()
    article = make_article(
        published=True,
        contributors=(make_contributor(), make_contributor()),
        photo=make_photo(),
        season=season,
        series=season.series,
        spoils_through=season,
    )
    client.get(make_article(published=True).get_absolute_url())  # what a process asks once
    with django_assert_max_num_queries(3):
        client.get(article.get_absolute_url())
    with django_assert_max_num_queries(1):
        client.get(article.get_absolute_url())


def test_an_article_takes_3_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 30):
        season = make_season()
        named = [make_person() for _ in range(count)]
        body = "".join(
            f'<p><a href="{person.get_absolute_url()}">{person.name}</a> plays a part.'
            f'<cite data-passage="{make_passage().key}"></cite></p>'
            for person in named
        )
        about = {"season": season, "series": season.series}
        for _ in range(count):
            make_article(published=True, photo=make_photo(), **about)
        article = make_article(
            published=True,
            body=body,
            photo=make_photo(),
            contributors=tuple(make_contributor() for _ in range(count)),
            **about,
        )
        client.get(article.get_absolute_url())  # what a process asks once
        cache.clear()
        with django_assert_max_num_queries(3) as counted:
            html = client.get(article.get_absolute_url()).content.decode()
        assert html.count('role="doc-noteref"') == count
        counts.add(len(counted))
    assert len(counts) == 1


def test_lists_take_as_many_queries_with_3_articles_as_with_12(client, django_assert_max_num_queries):
    counts = set()
    for kind, count in (("guide", 3), ("news", 12)):
        for _ in range(count):
            make_article(published=True, kind=kind, photo=make_photo())
        with django_assert_max_num_queries(4) as counted:
            client.get(reverse(f"editorial:{kind}_list"))
        counts.add(len(counted))
    assert len(counts) == 1


def test_every_page_answers_304_to_its_tag_and_to_its_date(client):
    article = make_article(published=True)
    for path in ("/", "/recaps/", article.get_absolute_url()):
        response = client.get(path)
        tag, date = response.headers["ETag"], response.headers["Last-Modified"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path, headers={"If-Modified-Since": date}).status_code == 304


def test_a_new_edition_answers_200_to_the_old_tag(client):
    article = make_article(published=True)
    path = article.get_absolute_url()
    tag = client.get(path).headers["ETag"]
    edit(article, title="Corrected")
    publish_article(user=None, article=article)
    response = client.get(path, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert b"Corrected" in response.content


def test_the_same_page_has_the_same_tag_when_it_is_rendered_again(client):
    path = make_article(published=True).get_absolute_url()
    tag = client.get(path).headers["ETag"]
    cache.clear()
    assert client.get(path).headers["ETag"] == tag


def test_a_german_article_is_german_whatever_the_reader_asks_for(client):
    article = make_article(published=True, language="de", kind="review", title="Der Patrón fällt")
    response = client.get(article.get_absolute_url(), headers={"Accept-Language": "en"})
    html = response.content.decode()
    assert '<html lang="de">' in html
    assert response.headers["Content-Language"] == "de"
    assert re.search(r"<time [^>]+>\d+\. \w+ \d{4}, \d\d:\d\d Uhr \w+</time>", html)


def test_an_article_in_another_language_is_marked_where_it_is_listed(client):
    make_article(published=True, language="de", kind="review", title="Der Patrón fällt")
    html = client.get("/reviews/").content.decode()
    assert 'lang="de"><a href="/reviews/' in html
    assert "Deutsch" in html


def test_reader_pages_set_no_cookie_and_have_a_strict_policy(client):
    article = make_article(published=True)
    for path in ("/", "/recaps/", article.get_absolute_url(), "/nowhere/"):
        response = client.get(path)
        assert not response.cookies
        assert ("Cookie" in response.headers.get("Vary", "")) == (path != "/nowhere/")  # for what was seen
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        html = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?! type=.application/ld\+json.>)", html)
        assert not re.search(r"<style|\sstyle=|\son\w+=", html)


def test_an_article_tells_search_engines_its_one_address(client):
    path = make_article(published=True, standfirst="In <short>.").get_absolute_url()
    html = client.get(f"{path}?utm=1").content.decode()
    assert f'<link rel="canonical" href="http://testserver{path}">' in html
    assert '<meta name="description" content="In &lt;short&gt;.">' in html


def test_the_ids_of_an_article_are_unique_and_its_markers_lead_to_its_footnotes(client):
    season = make_season(number=2, status="available")
    make_citation(season, "status")
    entry = make_cast_entry(season=season)
    make_citation(entry)
    key = f"{season.series.slug}/2"
    passage = make_passage(exact="carried by this")
    cite = f'<cite data-passage="{passage.key}"></cite>'
    body = (
        f"<p>One.{cite} Two.{cite}</p>"
        f'<div data-embed="cast" data-season="{key}"></div><div data-embed="facts" data-season="{key}"></div>'
    )
    html = client.get(make_article(published=True, body=body).get_absolute_url()).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert {"fn-1", "ref-1-1", "ref-1-2"} <= set(ids)
    assert "carried by this" in html
    assert entry.person.get_absolute_url() in html


def test_titles_are_escaped(client):
    article = make_article(published=True, title="<script>x</script>", standfirst="<b>y</b>")
    for path in ("/", "/recaps/", article.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "<script>x" not in html
        assert "<b>y" not in html


def test_only_reading_is_allowed(client):
    for path in ("/", "/recaps/", make_article(published=True).get_absolute_url()):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_the_health_check_says_whether_the_database_answers(client, monkeypatch):
    assert client.get("/healthz").content == b"ok\n"

    def unreachable():
        raise DatabaseError

    monkeypatch.setattr("editorial.views.connection.cursor", unreachable)
    assert client.get("/healthz").status_code == 503


def test_robots_are_kept_out_of_the_admin(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert b"Disallow: /admin/" in response.content


def test_the_page_for_failures_needs_nothing(client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("editorial.views.pages.home", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert b"Something broke on our side" in response.content
