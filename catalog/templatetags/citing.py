"""Footnote markers, numbered in the order in which a page shows them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from catalog.footnotes import Evidence
from catalog.words import voices_in_words

register = template.Library()
register.filter("voices", voices_in_words)


@register.inclusion_tag("catalog/_markers.html", takes_context=True)
def markers(context: template.Context, evidence: Iterable[Evidence], voices: int = 0) -> dict:
    """One more use of each piece of evidence in the page's `footnotes` (catalog.footnotes.Footnotes).

    `voices` is how many independent sources hold what they stand at.
    """
    return {"markers": context["footnotes"].cite_all(evidence, voices)}
