"""Moments in words: day, time and zone, in the form of the language that is active.

The zone is called as its readers call it. Which zone a moment is read in is for those who ask.
"""

from __future__ import annotations

import datetime

from django.utils import formats, translation

# Django's Spanish format reads well; its English one is American, its German one lacks a word.
_FORMATS = {"en": "j F Y, H:i", "de": r"j. F Y, H:i \U\h\r"}
_ZONES = {"de": {"CET": "MEZ", "CEST": "MESZ"}}


def spoken_moment(local: datetime.datetime) -> str:
    """A moment with its zone, to the minute: “14 November 2026, 18:05 CET”."""
    language = (translation.get_language() or "en").split("-")[0]
    words = formats.date_format(local, _FORMATS.get(language, "DATETIME_FORMAT"))
    return f"{words} {_zone(local, language)}"


def _zone(local: datetime.datetime, language: str) -> str:
    """Its abbreviation; the distance from UTC where there is none (“UTC-03”)."""
    name = local.tzname() or ""
    name = f"UTC{name}" if name.startswith(("+", "-")) else name
    return _ZONES.get(language, {}).get(name, name)
