"""The fields of an article as somebody has them in the form now, saved or not."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models

from catalog.models import Episode, Season
from editorial.drafts import RELATIONS, TEXTS, Draft, draft_of
from editorial.models import Article
from editorial.prose.markup import text_of

_BYLINE = re.compile(r"contributions-(\d+)-contributor")
_HUGE = 19  # digits: no id is as long


def draft_typed(article: Article, given: Mapping[str, str]) -> Draft:
    """The article with what the form says of it. A field that the form does not have, or that holds nothing
    one could choose, is as it was.
    """
    changes: dict[str, Any] = {name: text_of(given[name]) for name in TEXTS if name in given}
    if changes.get("language") not in dict(settings.LANGUAGES):
        changes.pop("language", None)
    for name, model in RELATIONS.items():
        if name in given:
            changes[name] = _chosen(model, given[name], getattr(article, name))
    if "contributions-TOTAL_FORMS" in given:
        changes["has_byline"] = any(_byline(given))
    return dataclasses.replace(draft_of(article), **changes)


def _chosen(model: type[models.Model], pk: str, at_hand: Any) -> Any:
    if not pk:
        return None
    if at_hand is not None and str(at_hand.pk) == pk:
        return at_hand
    if not (pk.isascii() and pk.isdigit() and len(pk) < _HUGE):
        return at_hand
    related = {Season: ("series",), Episode: ("season__series",)}.get(model, ())
    found = model._default_manager.filter(pk=pk)
    return (found.select_related(*related) if related else found).first()


def _byline(given: Mapping[str, str]) -> Iterator[str]:
    """The contributors of the rows that stay."""
    for name in given:
        row = _BYLINE.fullmatch(name)
        if row and given[name] and f"contributions-{row[1]}-DELETE" not in given:
            yield given[name]
