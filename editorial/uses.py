"""Where the articles that readers have cite the passages of a source."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from catalog.models import Source
from catalog.provenance import DrawnFact, PassageSheet
from editorial.models import Edition


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a live article cites a passage."""

    title: str
    language: str
    path: str  # of the first sentence that leans on it
    published_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class UsedPassage:
    """A passage with what was drawn from it and where articles cite it."""

    sheet: PassageSheet
    facts: list[DrawnFact]
    uses: list[Use]


def used_passages(source: Source, passages: Iterable[PassageSheet]) -> list[UsedPassage]:
    """Of a source's passages those that carry a public fact or that a live article cites. One query."""
    uses: dict[int, list[Use]] = defaultdict(list)
    for row in Edition.objects.citing(source):
        path = f"{reverse('editorial:' + row['kind'], args=[row['slug']])}#ref-{row['note']}-1"
        uses[row["passage_id"]].append(Use(row["title"], row["language"], path, row["published_at"]))
    return [
        UsedPassage(one, one.facts, uses[one.passage.pk])
        for one in passages
        if one.facts or uses[one.passage.pk]
    ]
