"""Which title of an article stands in a list, for a reader who has seen so much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.seen import Seen


@dataclass(frozen=True, slots=True)
class ListedTitle:
    text: str
    spoils: str  # the key of the season that the article gives away; "" for none
    is_beyond: bool  # the article gives away more than the reader has seen
    is_folded: bool  # and so does this title: there is none that gives nothing away


def title_for(row: Mapping[str, Any], seen: Seen) -> ListedTitle:
    """By `title` (for lists), `full_title`, `spoiler_free` and `spoils` of an edition: in full for who has
    seen what it gives away, else the one that gives nothing away, where there is one.
    """
    spoils = row["spoils"] or ""
    is_beyond = seen.stops_before(spoils)
    text = row["full_title"] if spoils and seen.covers(spoils) else row["title"]
    return ListedTitle(text, spoils, is_beyond, is_beyond and not row["spoiler_free"])
