"""Which links of a text lead readers nowhere."""

from __future__ import annotations

import pytest

from editorial.actions import problems_of, unpublish_article
from editorial.linking import unreachable
from editorial.problems import Place
from tests import factories as make

pytestmark = pytest.mark.django_db


def dead(*paths: str, article=None) -> list[str]:
    there = unreachable(paths, article or make.make_article())
    return [path for path in paths if path in there]


def test_articles_are_reached_while_readers_have_them():
    live, draft = make.make_article(published=True), make.make_article()
    assert dead(live.get_absolute_url(), draft.get_absolute_url()) == [draft.get_absolute_url()]
    assert dead(live.get_absolute_url().replace("recaps", "news")) != []
    unpublish_article(user=None, article=live, looked_at=1, reason="Wrong.")
    assert dead(live.get_absolute_url()) == [live.get_absolute_url()]


def test_an_article_reaches_itself_before_it_is_published():
    article = make.make_article()
    assert dead(f"{article.get_absolute_url()}#fn-1", article=article) == []


def test_pages_of_the_catalog_are_reached_when_they_are_there():
    season, source = make.make_season(number=2), make.make_source()
    series = season.series.get_absolute_url()
    reached = [series, f"{series}season-2/", source.get_absolute_url(), "/sources/", "/", "/corrections/"]
    reached += [f"{source.get_absolute_url()}citations.json", "/news/", "/recaps/?page=2"]
    lost = ["/series/none/", f"{series}season-3/", "/sources/none/", "/sources/none/annotations.jsonld"]
    assert dead(*reached, *lost) == lost


def test_somebody_of_whom_nothing_is_verified_has_no_page():
    entry, work = make.make_cast_entry(), make.make_earlier_work()
    unknown = make.make_person()
    make.make_citation(entry)
    make.make_citation(work, "title", checked_value="Something else")
    people = [entry.person, work.person, unknown]
    assert dead(*(one.get_absolute_url() for one in people)) == [
        work.person.get_absolute_url(),
        unknown.get_absolute_url(),
    ]


def test_what_is_not_for_readers_or_nowhere_is_not_reached():
    paths = [
        "/admin/",
        "/admin/editorial/article/",
        "/nowhere/",
        "/media/photos/none.webp",
        "/corrections/7/",
    ]
    assert dead(*paths) == paths


def test_photos_that_are_here_are_reached():
    assert dead(make.make_photo().image.url) == []


def test_an_address_without_its_last_slash_or_with_escapes_leads_on():
    series = make.make_series(slug="narcos")
    assert dead("/series/narcos", "/series/n%61rcos/", series.get_absolute_url() + "?x=1#top") == []


def test_a_link_elsewhere_is_nobody_s_business():
    assert dead("https://example.org/", "mailto:a@example.org") == []


def test_each_broken_link_is_found_once_with_its_words():
    body = (
        '<p data-not-a-claim="pointer">See <a href="/news/x/">x</a> or <a href="/sources/">all</a>.</p>'
        '<p data-not-a-claim="pointer"><a href="/news/x/">Again</a>, <a href="/news/y/">y</a></p>'
    )
    found = [one for one in problems_of(make.make_article(body=body)) if one.code == "broken-link"]
    assert [(one.where, one.place) for one in found] == [
        ("/news/x/", Place(0, 4, 5)),
        ("/news/y/", Place(1, 7, 8)),
    ]


def test_the_pages_that_count_as_reached_answer_and_the_others_do_not(client):
    entry, unknown, season = make.make_cast_entry(), make.make_person(), make.make_season()
    make.make_citation(entry)
    live, draft = make.make_article(published=True), make.make_article()
    paths = [one.get_absolute_url() for one in (entry.person, unknown, season.series, season, live, draft)]
    answers = [path for path in paths if client.get(path).status_code != 200]
    assert dead(*paths) == answers == [unknown.get_absolute_url(), draft.get_absolute_url()]
