"""Values in words, in the language of the page."""

from __future__ import annotations

from django import template

from catalog.dates import PartialDate
from catalog.words import language_name

register = template.Library()


@register.filter
def spoken(value: PartialDate | None) -> str:
    """A partial date in words: “December 2018”. Empty for none."""
    return "" if value is None else value.spoken()


# Not `language_name`: Django has a filter of that name, which answers in English.
register.filter("spoken_language", language_name)
