"""Values of records in words, in the active language; their canonical texts are `catalog.facts`."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.utils import formats
from django.utils.translation import get_language_info, gettext, pgettext

from catalog.dates import PartialDate
from catalog.facts import model_of

_MONTH_AND_DAY = re.compile(r"--(\d\d)-(\d\d)", re.ASCII)


def value_in_words(record: Any, field: str) -> str:
    """A field's value as readers see it: “at least 8”, “spin-off of Narcos”; "" when it has none."""
    special = _SPECIAL.get((model_of(record), field))
    if special is not None:
        return special(record)
    value = getattr(record, field)
    if not value:
        return ""
    if isinstance(value, PartialDate):
        return value.spoken()
    display = getattr(record, f"get_{field}_display", None)
    return str(display() if display else value)


def says_in_words(says: str) -> str:
    """What a passage says as readers see it: dates spoken, those without a year (`--02-13`) too."""
    without_year = _MONTH_AND_DAY.fullmatch(says)
    try:
        if without_year:
            # A leap year has every day there is.
            moment = datetime.date(2000, *map(int, without_year.groups()))
            return formats.date_format(moment, "MONTH_DAY_FORMAT")
        return PartialDate.parse(says).spoken()
    except ValueError:
        return says


def language_name(code: str) -> str:
    """The name of a language in the page's language: “German”. An unknown code stays as it is."""
    try:
        return gettext(get_language_info(code)["name"])
    except KeyError:
        return code


def _episode_count(season: Any) -> str:
    if season.episode_count is None:
        return ""
    if season.episode_count_is_minimum:
        return gettext("at least %(count)s") % {"count": season.episode_count}
    return str(season.episode_count)


def _relation(series: Any) -> str:
    if not series.relation:
        return ""
    # Translators: “spin-off of” and the other series.
    form = pgettext("relation of series", "%(relation)s %(series)s")
    return form % {"relation": series.get_relation_display(), "series": series.companion_to.title}


_SPECIAL = {
    ("season", "episode_count"): _episode_count,
    ("series", "relation"): _relation,
    ("series", "original_language"): lambda series: language_name(series.original_language),
}
