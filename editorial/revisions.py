"""What a revision holds of an article, as plain data with a hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models

from catalog.former import each_by_slug, record_named
from catalog.keys import key_of
from editorial.models import Article, Contributor

# The parts of an article that a reader could notice; a change in any of them is a new revision.
TEXTS = ("slug", "language", "kind", "title", "spoiler_free_title", "standfirst", "body")
RELATIONS = ("series", "season", "episode", "spoils_through", "photo")


# What a restored revision brings back; the rest is the page's address.
RESTORED = ("title", "spoiler_free_title", "standfirst", "body", "language")


@dataclass(frozen=True)
class Named:
    """The records that a content names by the natural keys that they have or had, as far as there are."""

    relations: dict[str, models.Model | None]
    contributors: list[Contributor]


def records_named(content: dict[str, Any]) -> Named:
    """Look up what a revision's content names."""
    relations: dict[str, models.Model | None] = {
        name: record_named(Article._meta.get_field(name).related_model, content[name]) for name in RELATIONS
    }
    relations["translation_of"] = _article_at(content.get("translation_of"))
    return Named(relations, each_by_slug(Contributor, content["contributors"]))


def _article_at(address: str | None) -> Article | None:
    language, _slash, slug = (address or "").partition("/")
    return Article.objects.filter(language=language, slug=slug).first() if slug else None


def original_of(content: dict[str, Any]) -> Article | None:
    """The article that this text is a translation of; of a translation of a translation, the first of all."""
    named = _article_at(content.get("translation_of"))
    return named if named is None or named.translation_of is None else named.translation_of


def content_of(article: Article, contributors: list[str]) -> dict[str, Any]:
    """An article's content: its texts, its relations by natural key, its byline by slug and in order."""
    content: dict[str, Any] = {name: getattr(article, name) for name in TEXTS}
    for name in RELATIONS:
        record = getattr(article, name)
        content[name] = key_of(record) if record is not None else None
    content["translation_of"] = _address(article.translation_of)
    content["contributors"] = contributors
    return content


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content's canonical JSON (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _address(article: Article | None) -> str | None:
    return None if article is None else f"{article.language}/{article.slug}"
