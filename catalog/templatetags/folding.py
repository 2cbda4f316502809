"""What of a page is folded: `beyond` in its context holds the seasons that its reader has not seen yet."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from catalog.folds import FoldedFacts, fold_facts
from catalog.verified import Fact

register = template.Library()


@register.simple_tag(takes_context=True)
def folds_of(context: template.Context, facts: Iterable[Fact]) -> FoldedFacts:
    """The facts for the reader of this page; in an article, which is folded as a whole, all are shown."""
    return fold_facts(facts, context.get("beyond", frozenset()))
