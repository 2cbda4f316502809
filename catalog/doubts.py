"""Passages that need a second look: a value that one supports was changed since the two were compared.

Such a citation is *unconfirmed* (`catalog.facts`). That a passage itself changed or was lost is in its state.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.fact_pages import field_label
from catalog.facts import value_text
from catalog.finding import label_of
from catalog.models import Citation, Passage, Stance
from catalog.records import records_of


def moved_on(passages: Iterable[Passage]) -> dict[int, list[str]]:
    """The values that moved on, in words, by the id of the passage; passages without any are left out.

    Two queries, one more while the kinds of records are not in the cache, and none without passages.
    """
    pks = [passage.pk for passage in passages]
    if not pks:
        return {}
    citations = list(Citation.objects.filter(passage__in=pks, stance=Stance.SUPPORTS).order_by("pk"))
    records = records_of(citations)
    found: dict[int, list[str]] = {}
    for citation in citations:
        record = records.get((citation.content_type_id, citation.object_id))
        if record is not None and citation.checked_value != value_text(record, citation.field):
            words = f"{label_of(record)} ({field_label(record, citation.field)})"
            found.setdefault(citation.passage_id, []).append(words)
    return found
