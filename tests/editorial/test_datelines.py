"""When an article was published and updated, to the minute and with the newsroom's zone."""

from __future__ import annotations

import datetime
import json
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.utils import timezone

from editorial.actions import correct_article, publish_article, save_article
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


@pytest.fixture
def at(monkeypatch, settings):
    """Publishes at a moment that a test says, in Berlin."""
    settings.TIME_ZONE = "Europe/Berlin"
    cache.clear()

    def set_clock(moment: str) -> None:
        now = datetime.datetime.fromisoformat(moment)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return set_clock


def amended(article) -> int:
    article.standfirst = f"{article.standfirst} More."
    return save_article(user=None, article=article, based_on=article.revisions.newest().number).number


def times(client, article) -> list[tuple[str, str]]:
    """The times of the dateline: for machines, and in words."""
    html = client.get(article.get_absolute_url()).content.decode()
    line = html.partition('<p class="dateline">')[2].partition("</p>")[0]
    return [
        (at, unescape(words)) for at, words in re.findall(r'<time[^>]* datetime="([^"]+)">([^<]+)<', line)
    ]


def marked_up(client, article) -> dict:
    html = client.get(article.get_absolute_url()).content.decode()
    graph = json.loads(re.search(r'ld\+json">(.+?)</script>', html)[1])["@graph"]
    return next(one for one in graph if one["@type"] == "NewsArticle")


@pytest.mark.parametrize(
    ("language", "published", "updated"),
    [
        ("en", "25 October 2026, 02:30 CEST", "25 October 2026, 02:30 CET"),
        ("de", "25. Oktober 2026, 02:30 Uhr MESZ", "25. Oktober 2026, 02:30 Uhr MEZ"),
        ("es", "25 de octubre de 2026 a las 02:30 CEST", "25 de octubre de 2026 a las 02:30 CET"),
    ],
)
def test_a_dateline_tells_times_with_their_zone_over_the_end_of_summer_time(
    client, at, language, published, updated
):
    at("2026-10-25T00:30:00+00:00")
    article = make_article(published=True, language=language)
    assert times(client, article) == [("2026-10-25T02:30:00+02:00", published)]
    assert "dateModified" not in marked_up(client, article)
    at("2026-10-25T01:30:00+00:00")
    correct_article(
        user=None, article=article, looked_at=amended(article), kind="update", note="It has a title."
    )
    first, second = times(client, article)
    assert first == ("2026-10-25T02:30:00+02:00", published)
    assert second[0] == "2026-10-25T02:30:00+01:00"
    assert second[1].endswith(updated)
    assert len(second[1]) > len(updated)  # it says that it is the update
    told = marked_up(client, article)
    assert (told["datePublished"], told["dateModified"]) == (first[0], second[0])


def test_an_update_within_the_minute_is_no_second_time(client, at):
    at("2026-11-14T17:05:10+00:00")
    article = make_article(published=True)
    for moment, count in (("2026-11-14T17:05:40+00:00", 1), ("2026-11-14T17:06:00+00:00", 2)):
        at(moment)
        publish_article(user=None, article=article, looked_at=amended(article))
        assert len(times(client, article)) == count
        assert ("dateModified" in marked_up(client, article)) == (count == 2)


def test_two_editions_of_one_day_are_told_apart_where_they_are_compared(client, at):
    at("2026-11-14T17:05:00+00:00")
    article = make_article(published=True)
    at("2026-11-14T19:20:00+00:00")
    correction = correct_article(
        user=None, article=article, looked_at=amended(article), kind="correction", note="It was wrong."
    )
    html = client.get(f"/corrections/{correction.pk}/").content.decode()
    assert "Edition 1, 14 November 2026, 18:05 CET" in html
    assert "Edition 2, 14 November 2026, 20:20 CET" in html
