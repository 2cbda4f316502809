"""Writing a batch of rows: all that the database takes, and which it does not.

Only when the database refuses a batch is each row found that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext

from catalog.resources.entries import Entry
from catalog.resources.outcomes import Written, values_of
from catalog.tabular.rows import RowProblem

if TYPE_CHECKING:
    from catalog.resources.base import TableResource


class RowsRefused(Exception):
    """Raised by `TableResource.write`: why these records cannot be written."""

    def __init__(self, reasons: Sequence[tuple[models.Model, str]]) -> None:
        super().__init__("; ".join(reason for _record, reason in reasons))
        self.reasons = reasons


class Store:
    """Writes the rows of one table in the transaction of the caller."""

    def __init__(
        self,
        resource: TableResource,
        *,
        in_part: bool,
        undo: Callable[[list[Written]], None] | None,
    ) -> None:
        self._resource = resource
        self._in_part = in_part
        self._undo = undo

    def write(self, entries: list[Entry]) -> None:
        """Write what is new and changed, and know what is not written for the rows that lean on it."""
        self._leave_out_leaning(entries)
        self._write(entries)
        for entry in entries:
            if entry.key and entry.record is None and (not entry.is_written or self._leans_on_kept(entry)):
                self._resource.known.keep(entry.key, entry.instance)

    def _leave_out_leaning(self, entries: list[Entry]) -> None:
        """Leave out rows that name rows of the same table which are not written."""
        if not self._resource.leans_on_itself:
            return
        found = True
        while found:
            out = {id(one.instance) for one in entries if one.is_left_out and one.record is None}
            found = False
            for entry in entries:
                if not entry.is_left_out and entry.kind != "same" and self._names_left_out(entry, out):
                    entry.is_left_out = found = True
                    if self._in_part:
                        text = gettext("The row that it names is refused. Mend that one first.")
                        entry.refuse(RowProblem(entry.line, "", "", text))

    def _names_left_out(self, entry: Entry, out: set[int]) -> bool:
        model, known = self._resource._meta.model, self._resource.known
        return entry.names_one_of(out, self._resource.own_relations) or any(
            known.is_kept(model, getattr(entry.instance, column.attname))
            for column in self._resource.own_relations
        )

    def _leans_on_kept(self, entry: Entry) -> bool:
        known = self._resource.known
        return known.keeps_any and any(
            known.is_kept(field.related_model, getattr(entry.instance, field.attname))
            for field in self._resource._meta.model._meta.concrete_fields
            if field.is_relation
        )

    def _write(self, entries: list[Entry]) -> None:
        """Write what is new and changed; rows that the database refuses are found and left out."""
        while True:
            new = [one for one in entries if one.kind == "new" and not one.is_left_out]
            changed = [one for one in entries if one.kind == "changed" and not one.is_left_out]
            if not new and not changed:
                return
            if self._resource.check_only and self._resource.writes_by_itself:
                self._ask_each([*new, *changed])
                return
            if self._try(new, changed):
                self._tell_written([*new, *changed])
                return
            for entry in new:
                _as_new(entry.instance)
            self._leave_out_leaning(entries)

    def _try(self, new: list[Entry], changed: list[Entry]) -> bool:
        """Write these rows, and whether they are written; otherwise nothing is, and some are refused now."""
        try:
            with transaction.atomic():
                self._resource.write([one.instance for one in new], [one.instance for one in changed])
        except RowsRefused as error:
            _refuse([*new, *changed], error)
        except DatabaseError as error:
            found = self._ask_halves(new, changed)
            if not found:
                for entry in [*new, *changed]:
                    entry.refuse(RowProblem(entry.line, "", "", str(error)))
        else:
            return True
        return False

    def _ask_halves(self, new: list[Entry], changed: list[Entry]) -> bool:
        """Find the rows that the database refuses; whether there are any. Nothing stays written."""
        entries = [*new, *changed]
        if self._resource.writes_by_itself or self._resource.second_pass:
            for entry in new:
                _as_new(entry.instance)
            return self._ask_each(entries)
        with transaction.atomic():
            self._halve(entries)
            transaction.set_rollback(True)
        return any(entry.kind == "refused" for entry in entries)

    def _halve(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.kind == "new":
                _as_new(entry.instance)
        new = [entry.instance for entry in entries if entry.kind == "new"]
        changed = [entry.instance for entry in entries if entry.kind == "changed"]
        try:
            with transaction.atomic():
                self._resource.write(new, changed)
        except RowsRefused as error:
            _refuse(entries, error)
        except DatabaseError as error:
            if len(entries) == 1:
                entries[0].instance._state.adding = bool(new)
                if not self._ask_each(entries):
                    entries[0].refuse(RowProblem(entries[0].line, "", "", str(error)))
                return
            middle = len(entries) // 2
            self._halve(entries[:middle])
            self._halve(entries[middle:])

    def _ask_each(self, entries: list[Entry]) -> bool:
        """Say of each row which constraint it breaks; whether any does."""
        found = False
        for entry in entries:
            try:
                entry.instance.validate_constraints()
            except ValidationError as error:
                entry.refuse_for(error, self._resource.columns)
                found = True
        return found

    def _tell_written(self, entries: list[Entry]) -> None:
        for entry in entries:
            entry.is_written = True
        if self._undo is not None:
            model = self._resource._meta.model
            self._undo(
                [
                    Written(model, one.instance.pk, one.before, values_of(one.instance), one.line)
                    for one in entries
                ]
            )


def _refuse(entries: list[Entry], error: RowsRefused) -> None:
    """Refuse those of the rows that it names, each for its reason."""
    by_record = {id(entry.instance): entry for entry in entries}
    for record, reason in error.reasons:
        entry = by_record[id(record)]
        entry.refuse(RowProblem(entry.line, "", "", reason))


def _as_new(record: models.Model) -> None:
    """The record as it was before it was written in vain."""
    record.pk, record._state.adding = None, True
