"""Values of records in words, in the active language; their canonical texts are `catalog.facts`."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, get_language_info, gettext, ngettext, pgettext

from catalog.comparing import Kind, kind_of, read_choice
from catalog.dates import PartialDate
from catalog.facts import model_of
from catalog.said import read_date, read_number

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
            # As whole dates are spoken: Django's English month and day are American.
            english = (get_language() or "en").startswith("en")
            return formats.date_format(moment, "j F" if english else "MONTH_DAY_FORMAT")
        return PartialDate.parse(says).spoken()
    except ValueError:
        return says


def said_in_words(record: Any, field: str, says: str) -> str:
    """What a passage says of a field, in the page's language as far as it is understood."""
    model = model_of(record)
    kind = kind_of(model, field)
    if kind is Kind.NUMBER and (number := read_number(says)) is not None:
        return _count(number.number, number.is_minimum)
    if kind is Kind.CHOICE and model != "series" and (value := read_choice(record, field, says)) is not None:
        return str(dict(record._meta.get_field(field).flatchoices)[value])
    if kind is Kind.DATE and (said := read_date(says)) is not None and (date := said.whole()) is not None:
        return date.spoken()
    return says_in_words(says)


def language_name(code: str) -> str:
    """The name of a language in the page's language: “German”. An unknown code stays as it is."""
    try:
        return gettext(get_language_info(code)["name"])
    except KeyError:
        return code


def _episode_count(season: Any) -> str:
    if season.episode_count is None:
        return ""
    return _count(season.episode_count, season.episode_count_is_minimum)


def _count(number: int, is_minimum: bool) -> str:
    return gettext("at least %(count)s") % {"count": number} if is_minimum else str(number)


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


def voices_in_words(count: int) -> str:
    """How many sources hold something, those of one origin counted once."""
    text = ngettext("One independent source for this.", "%(count)s independent sources for this.", count)
    return text % {"count": count}
