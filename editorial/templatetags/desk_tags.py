"""What the catalog's pages of the desk show of articles: how much of a source they quote."""

from __future__ import annotations

from django import template

from catalog.models import Passage, Source
from catalog.quoting import Quoted
from editorial import quoting
from editorial.models import Edition

register = template.Library()


@register.simple_tag
def quoted_publicly(source: Source) -> Quoted:
    """How much of the source readers see in excerpts, in the catalog and in articles."""
    return quoting.quoted_publicly([source])[source.pk]


@register.simple_tag
def sources_over_their_limit() -> list[tuple[Source, Quoted]]:
    """Sources that readers see more of than their limit allows."""
    return quoting.over_their_limit()


@register.simple_tag
def editions_showing_old_excerpts(passage: Passage) -> list[Edition]:
    """Live editions with an excerpt of the passage as it was before it was changed."""
    return quoting.showing_old_excerpts(passage)
