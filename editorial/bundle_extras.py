"""What a desk's bundle holds on request: the words of its passages, and what happened.

Accounts never travel: in the history people are told apart and not named, and what was done to accounts and
roles is left out, as is all that somebody wrote to colleagues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import models

from catalog.models import Passage
from catalog.resources.sources import QuotedPassageResource
from catalog.resources.tables import escape_formula, write_table
from catalog.resources.widgets import Moment
from editorial.models import Article, AuditEntry, Contributor, Correction, Edition
from editorial.table_history import HISTORY_TABLES, correction_cells

AUDIT_COLUMNS = ("at", "actor", "verb", "target_type", "target")
CORRECTION_COLUMNS = HISTORY_TABLES["corrections.csv"].columns
_TOLD_OF = (Article, Contributor, Edition)  # beside the records of the catalog


@dataclass(frozen=True, slots=True)
class Extra:
    """Whose rights of export it needs, and what writes it into the folder of a bundle."""

    model: type[models.Model]
    write: Callable[[Path], None]


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    """Write a table row by row; how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(write_table(columns, ()))
        for cells in rows:
            file.write(write_table(cells, ()))
            count += 1
    return count


def correction_rows(corrections: Iterable[Correction]) -> Iterator[list[str]]:
    """The notes of corrections from `Correction.objects.with_title()`, in their order, formulas escaped."""
    for cells in correction_cells(corrections):
        yield [escape_formula(cell) for cell in cells]


def _write_quotes(folder: Path) -> None:
    resource = QuotedPassageResource()
    rows = ([escape_formula(cell) for cell in row] for row in resource.rows())
    write_rows(folder / "passages.csv", resource._meta.fields, rows)


def _write_history(folder: Path) -> None:
    write_rows(folder / "audit.csv", AUDIT_COLUMNS, _audit_rows())
    corrections = Correction.objects.with_title().order_by("at", "pk")
    write_rows(folder / "corrections.csv", CORRECTION_COLUMNS, correction_rows(corrections.iterator()))


def _audit_rows() -> Iterator[list[str]]:
    actors: dict[int, str] = {}
    entries = AuditEntry.objects.select_related("target_type").order_by("at", "pk")
    for one in entries.defer("data", "actor_label").iterator():
        model = one.target_type.model_class() if one.target_type else None
        if not _may_be_told(one.verb, model):
            continue
        actor = actors.setdefault(one.actor_id, f"person-{len(actors) + 1}") if one.actor_id else "system"
        kind = model._meta.model_name if model else ""
        cells = [Moment().render(one.at), actor, one.verb, kind, one.target_label]
        yield [escape_formula(cell) for cell in cells]


def _may_be_told(verb: str, model: type[models.Model] | None) -> bool:
    if model is None:
        return not verb.startswith(("account.", "roles."))
    return model._meta.app_label == "catalog" or model in _TOLD_OF


WITH_QUOTES = Extra(Passage, _write_quotes)
WITH_HISTORY = Extra(AuditEntry, _write_history)
