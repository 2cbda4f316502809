"""Texts of sources in a page, letter for letter."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def every_character(text: str) -> SafeString:
    """The text so that a browser counts as many code points in it as Python does.

    A browser reads CR LF as one character and CR alone as LF, unless the CR is written as a reference.
    """
    first, *others = text.split("\r")
    return format_html("{}{}", first, format_html_join("", "&#13;{}", ((part,) for part in others)))
