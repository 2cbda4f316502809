"""What a revision holds of an article, as plain data with a hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from catalog.keys import key_of
from editorial.models import Article

# The parts of an article that a reader could notice; a change in any of them is a new revision.
TEXTS = ("slug", "language", "kind", "title", "spoiler_free_title", "standfirst", "body")
RELATIONS = ("series", "season", "episode", "spoils_through", "photo")


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
