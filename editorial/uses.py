"""Where the articles that readers have cite the passages of a source."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse

from catalog.models import Season, Source
from catalog.provenance import DrawnFact, PassageSheet
from catalog.seen import NOTHING_SEEN, Seen
from editorial.models import Edition
from editorial.titles import title_for


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a live article cites a passage."""

    title: str
    language: str
    path: str  # of the first sentence that leans on it
    published_at: datetime.datetime
    is_folded: bool = False  # its title gives away more than the reader has seen


@dataclass(frozen=True, slots=True)
class UsedPassage:
    """A passage with what was drawn from it and where articles cite it."""

    sheet: PassageSheet
    facts: list[DrawnFact]
    uses: list[Use]
    gives_away: Season | None = None  # a season that its reader has not seen


def used_passages(
    source: Source,
    passages: Iterable[PassageSheet],
    seen: Seen = NOTHING_SEEN,
    beyond: Collection[Season] = (),
) -> list[UsedPassage]:
    """Of a source's passages those that carry a public fact or that a live article cites, for a reader to
    whom these seasons are `beyond`. One query.
    """
    uses: dict[int, list[Use]] = defaultdict(list)
    for row in Edition.objects.citing(source):
        path = f"{reverse('editorial:' + row['kind'], args=[row['slug']])}#ref-{row['note']}-1"
        title = title_for(row, seen)
        use = Use(title.text, row["language"], path, row["published_at"], title.is_folded)
        uses[row["passage_id"]].append(use)
    return [
        UsedPassage(one, one.facts, uses[one.passage.pk], one.gives_away(beyond))
        for one in passages
        if one.facts or uses[one.passage.pk]
    ]
