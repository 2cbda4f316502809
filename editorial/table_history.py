"""Tables of what happened: they go out like every other table, and no file ever sets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.resources.widgets import Moment
from editorial.models import Correction

_TOGETHER = 500  # rows, read at a time


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """The records of a table that only goes out, what its columns hold, and why it does not come in.

    `rows` makes the cells of these records, in the order of the table, formulas not escaped.
    """

    model: type[models.Model]
    holds: Mapping[str, str]
    example: tuple[str, ...]
    rows: Callable[[models.QuerySet], Iterator[list[str]]]
    refusal: Promise

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.holds)


def correction_cells(corrections: Iterable[Correction]) -> Iterator[list[str]]:
    """The notes of corrections from `Correction.objects.with_title()`, in their order."""
    for one in corrections:
        yield [f"{one.language}/{one.page_slug}", one.kind, Moment().render(one.at), one.title, one.note]


def _corrections(queryset: models.QuerySet) -> Iterator[list[str]]:
    in_order = queryset.with_title().select_related(None).order_by("at", "pk")
    yield from correction_cells(in_order.iterator(_TOGETHER))


HISTORY_TABLES: Mapping[str, HistoryTable] = {
    "corrections.csv": HistoryTable(
        Correction,
        {
            "article": "the article as it is addressed now, as `language/slug`",
            "kind": "one of `correction`, `clarification`, `update`, `retraction`",
            "at": "when readers were told, as a moment in UTC",
            "title": "the headline of the edition that was replaced or taken back",
            "note": "what readers were told",
        },
        (
            "en/harbour-lights-renewed",
            "correction",
            "2020-02-14T09:30:00Z",
            "Harbour Lights",
            "It is season two.",
        ),
        _corrections,
        _(
            "Corrections only go out: each belongs to an edition that readers got, and no file sets "
            "editions. Correct or retract the article on its own page."
        ),
    ),
}
