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


register.filter("language_name", language_name)
