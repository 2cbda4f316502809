"""What an article leads on to: its neighbours, related ones with the reason, and its other languages."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from editorial.actions import publish_article, save_article, unpublish_article
from tests.factories import make_article, make_passage, make_person, make_season, make_series, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def body(source=None, link: str = "") -> str:
    cite = f'<cite data-passage="{make_passage(source).key}"></cite>'
    return f'<p>A fact.{cite} <span data-not-a-claim="example">See <a href="{link or "/"}">it</a>.</span></p>'


def page(client, article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def related(html: str) -> list[tuple[str, str]]:
    """Title and reason of each."""
    block = html.partition('class="around-list"')[2].partition("</ul>")[0]
    return re.findall(r'lang="\w+">([^<]+)</a></p>\s*<p class="aside">([^·]+) ·', block)


def test_before_and_after_an_article_stand_those_of_its_series_or_else_of_its_kind(client):
    series = make_series()
    one, other, two, three = (
        make_article(published=True, title=title, kind="news", series=about)
        for title, about in (("One", series), ("Elsewhere", None), ("Two", series), ("Three", series))
    )
    html = page(client, two)
    assert f'rel="prev" href="{one.get_absolute_url()}"' in html
    assert f'rel="next" href="{three.get_absolute_url()}"' in html
    assert "Elsewhere" not in html
    html = page(client, other)
    assert f'rel="prev" href="{one.get_absolute_url()}"' in html
    assert f'rel="next" href="{two.get_absolute_url()}"' in html
    assert 'rel="next"' not in page(client, three)
    data = client.get(f"/news/{two.slug}.json").json()
    assert (data["older"]["title"], data["newer"]["title"]) == ("One", "Three")


def test_related_articles_say_why_the_best_reason_first_and_stand_once(client):
    season, person, source = make_season(), make_person(), make_source()
    link = person.get_absolute_url()
    everything = {"season": season, "series": season.series, "body": body(source, link)}
    made = {
        "Same season": make_article(published=True, title="Same season", **everything),
        "Same person": make_article(published=True, title="Same person", body=body(None, link)),
        "Same source": make_article(published=True, title="Same source", body=body(source)),
    }
    make_article(published=True, title="Nothing in common")
    article = make_article(published=True, **everything)
    assert related(page(client, article)) == [
        ("Same season", "About the same season"),
        ("Same person", "Names the same people"),
        ("Same source", "Leans on the same sources"),
    ]
    unpublish_article(user=None, article=made["Same person"], looked_at=None, reason="Gone.")
    cache.clear()
    assert len(related(page(client, article))) == 2
    because = [one["because"] for one in client.get(f"/recaps/{article.slug}.json").json()["related"]]
    assert because == ["About the same season", "Leans on the same sources"]


def test_no_more_than_four_are_related(client):
    season = make_season()
    made = [make_article(published=True, season=season, title=f"Item {number}") for number in range(7)]
    assert [title for title, _why in related(page(client, made[0]))] == [
        "Item 6",
        "Item 5",
        "Item 4",
        "Item 3",
    ]


def translated():
    original = make_article(published=True, title="In English", kind="guide", slug="in-english")
    german = make_article(
        published=True,
        title="Auf Deutsch",
        kind="guide",
        slug="auf-deutsch",
        language="de",
        translation_of=original,
    )
    spanish = make_article(
        published=True,
        title="En español",
        kind="guide",
        slug="en-espanol",
        language="es",
        translation_of=german,
    )
    return original, german, spanish


def alternates(html: str) -> dict[str, str]:
    return dict(
        re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="http://testserver([^"]+)">', html)
    )


def test_the_languages_of_an_article_lead_to_each_other_for_people_and_machines(client):
    versions = translated()
    wanted = {one.language: one.get_absolute_url() for one in versions}
    wanted["x-default"] = "/guides/in-english/"
    for article in versions:
        html = page(client, article)
        assert f'<html lang="{article.language}">' in html
        assert alternates(html) == wanted
        shown = re.findall(r'<a href="([^"]+)" hreflang="\w\w" lang="\w\w">', html)
        assert shown == [one.get_absolute_url() for one in versions if one != article]
        data = client.get(f"/guides/{article.slug}.json").json()
        assert [one["language"] for one in data["versions"]] == ["en", "de", "es"]
    sitemap = client.get("/sitemap-articles.xml").content.decode()
    assert sitemap.count('hreflang="de" href="http://testserver/guides/auf-deutsch/"') == 3


def test_a_translation_that_readers_do_not_have_is_nowhere(client):
    original, german, spanish = translated()
    unpublish_article(user=None, article=german, looked_at=None, reason="Gone.")
    assert set(alternates(page(client, original))) == {"en", "es", "x-default"}
    unpublish_article(user=None, article=spanish, looked_at=None, reason="Gone.")
    cache.clear()
    assert alternates(page(client, original)) == {}
    assert "hreflang" not in client.get("/sitemap-articles.xml").content.decode()
    make_article(title="Nur ein Entwurf", language="de", translation_of=original)
    cache.clear()
    assert "Nur ein Entwurf" not in page(client, original)


def test_a_draft_that_becomes_a_translation_is_none_until_it_is_published(client):
    original = make_article(published=True, title="In English")
    german = make_article(published=True, title="Auf Deutsch", language="de")
    german.translation_of = original
    save_article(user=None, article=german, based_on=1)
    assert alternates(page(client, original)) == {}
    publish_article(user=None, article=german)
    cache.clear()
    assert set(alternates(page(client, original))) == {"en", "de", "x-default"}


def test_dates_on_a_page_are_in_its_language_with_the_title_of_others_in_theirs(client):
    series = make_series()
    make_article(published=True, title="Before it", series=series)
    german = make_article(published=True, language="de", series=series)
    html = client.get(german.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert re.search(r'rel="prev" href="[^"]+" lang="en">Before it', html)


def test_an_article_takes_2_queries_however_much_stands_around_it(client, django_assert_num_queries):
    season, source, person = make_season(), make_source(), make_person()
    about = {"season": season, "series": season.series}
    article = make_article(published=True, body=body(source, person.get_absolute_url()), **about)
    for count in (3, 27):
        for _ in range(count):
            make_article(published=True, body=body(source, person.get_absolute_url()), **about)
        cache.clear()
        with django_assert_num_queries(2):
            page(client, article)
        with django_assert_num_queries(1):
            page(client, article)
