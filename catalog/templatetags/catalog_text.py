"""Values in words, in the language of the page."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language_info, gettext

from catalog.dates import PartialDate

register = template.Library()


@register.filter
def spoken(value: PartialDate | None) -> str:
    """A partial date in words: “December 2018”. Empty for none."""
    return "" if value is None else value.spoken()


@register.filter
def language_name(code: str) -> str:
    """The name of a language in the page's language: “German”. An unknown code stays as it is."""
    try:
        return gettext(get_language_info(code)["name"])
    except KeyError:
        return code
