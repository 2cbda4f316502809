from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from catalog.moments import spoken_moment


def said(moment: str, zone: str, language: str) -> str:
    with translation.override(language):
        return spoken_moment(datetime.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("language", "winter", "summer"),
    [
        ("en", "14 November 2026, 18:05 CET", "1 August 2026, 09:30 CEST"),
        ("de", "14. November 2026, 18:05 Uhr MEZ", "1. August 2026, 09:30 Uhr MESZ"),
        ("es", "14 de noviembre de 2026 a las 18:05 CET", "1 de agosto de 2026 a las 09:30 CEST"),
    ],
)
def test_a_moment_is_told_as_a_language_tells_it(language, winter, summer):
    assert said("2026-11-14T17:05:59+00:00", "Europe/Berlin", language) == winter
    assert said("2026-08-01T07:30:00+00:00", "Europe/Berlin", language) == summer


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_hour_that_comes_twice_is_told_apart_by_its_zone(language):
    first = said("2026-10-25T00:30:00+00:00", "Europe/London", language)
    second = said("2026-10-25T01:30:00+00:00", "Europe/London", language)
    assert first.endswith("BST")
    assert second.endswith("GMT")
    assert first.removesuffix("BST") == second.removesuffix("GMT")


def test_the_day_is_that_of_the_zone():
    assert said("2026-12-31T23:30:00+00:00", "Asia/Tokyo", "en") == "1 January 2027, 08:30 JST"


def test_a_zone_without_a_name_is_told_by_its_distance():
    assert said("2026-11-14T17:05:00+00:00", "America/Sao_Paulo", "en") == "14 November 2026, 14:05 UTC-03"
