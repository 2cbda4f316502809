"""`make crawl` finds what is planted for it."""

from __future__ import annotations

import pytest

from tests.scale.crawl import Crawler
from tests.scale.planted import SPOILER
from tests.scale.spoilers_shown import Spoiler, Spoilers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def crawled(settings, *starts: str, is_listed: bool = False) -> list[str]:
    settings.ROOT_URLCONF = "tests.scale.planted"
    crawler = Crawler(Spoilers([Spoiler(SPOILER, "/recaps/it", is_listed)], "narcos:0"))
    crawler.walk(starts)
    return crawler.findings


def test_nothing_is_found_where_nothing_is_wrong(settings):
    assert crawled(settings, "/good/", "/folded/", is_listed=True) == []


def test_a_link_to_nothing_is_found(settings):
    missing, place = crawled(settings, "/lost/", "/good/")
    assert missing == "/nowhere/ answers 404 (/lost/)"
    assert place == "/lost/ leads to /good/#nowhere, which is not there"


def test_a_page_that_fails_is_found(settings):
    assert crawled(settings, "/broken/") == ["/broken/ answers 500 (the crawler)"]


def test_a_page_over_its_budget_is_found(settings):
    assert "/queries/ takes 13 queries, 6 at most" in crawled(settings, "/queries/")


@pytest.mark.parametrize("path", ["/long/", "/long.json", "/long.csv"])
def test_an_excerpt_over_its_limit_is_found(settings, path):
    assert all("shows more than 12 words" in one for one in crawled(settings, path))
    assert crawled(settings, path)


def test_a_spoiler_is_found_with_a_setting_and_without(settings):
    told = crawled(settings, "/spoiled/")
    assert f"/spoiled/ gives away to everybody: {SPOILER}" in told
    assert f"/spoiled/ gives away to who has seen nothing: {SPOILER}" in told
    assert all("seen nothing" in one for one in crawled(settings, "/spoiled/", is_listed=True))


def test_a_broken_feed_is_found(settings):
    [found] = crawled(settings, "/feed.atom")
    assert "is no XML" in found
