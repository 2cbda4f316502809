"""Rows of a table on their way into the database, a batch at a time and in memory that does not grow.

A batch is read, its records found by natural key, compared, checked and written in a bounded number of
queries. Whether the rows keep the database's constraints is asked of the database itself; only when it
refuses a batch is each row found that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from catalog.resources.cells import Column, asked_together
from catalog.resources.entries import Entry, Numbered, Seen, unwritable
from catalog.resources.known import in_batches
from catalog.resources.outcomes import Difference, RowOutcome, Written, values_of
from catalog.resources.storing import Store
from catalog.resources.widgets import NotKnown
from catalog.tabular.rows import Row, RowProblem

if TYPE_CHECKING:
    from catalog.resources.base import TableResource


class Run:
    """The rows of one table, written batch by batch in the transaction of the caller."""

    def __init__(
        self,
        resource: TableResource,
        headers: Sequence[str],
        *,
        in_part: bool = False,
        undo: Callable[[list[Written]], None] | None = None,
    ) -> None:
        """`undo` gets what each batch wrote.

        With `in_part` the good rows may be kept though others are refused: then a row that names a refused
        row of its own table is refused too. Without, it is only not written.
        """
        self.resource = resource
        self.headers = list(headers)
        self._keeps_before = undo is not None
        self._store = Store(resource, in_part=in_part, undo=undo)
        self._seen = Seen()
        self._waiting: list[Entry] = []

    def outcomes(self, rows: Iterable[Row | RowProblem]) -> Iterator[list[Numbered]]:
        """What becomes of the rows, a batch at a time.

        A row that names another one of the same table may come later than its place.
        """
        for batch in in_batches(enumerate(rows), self.resource.batch_rows):
            entries = [self._entry(number, *row) for number, row in batch if not isinstance(row, RowProblem)]
            broken = [(number, row) for number, row in batch if isinstance(row, RowProblem)]
            done = [(entry.number, entry.outcome()) for entry in self._take(entries)]
            done += [(number, RowOutcome(one.line, "refused", "", (), (one,), ())) for number, one in broken]
            yield sorted(done)
        for last in (False, True):
            waiting, self._waiting = self._waiting, []
            if waiting:
                yield [(entry.number, entry.outcome()) for entry in self._take(waiting, last=last)]

    def _entry(self, number: int, line: int, cells: list[str]) -> Entry:
        row = dict(zip(self.headers, cells, strict=True))
        entry = Entry(number, line, cells, row, self.resource._meta.model())
        problem = unwritable(cells)
        if problem:
            entry.refuse(RowProblem(line, "", "", problem))
        return entry

    def _take(self, entries: list[Entry], *, last: bool = False) -> list[Entry]:
        """Do with the rows what they say; those that wait for rows further down are kept for later."""
        resource = self.resource
        open_entries = [entry for entry in entries if entry.kind != "refused"]
        asked_together(resource.columns, [entry.row for entry in open_entries], resource.known)
        for entry in open_entries:
            self._name(entry)
        self._find([entry for entry in open_entries if entry.key and entry.kind != "refused"])
        for entry in open_entries:
            if entry.kind != "refused":
                self._fill(entry, last=last)
        entries = self._without_waiting(entries)
        for entry in entries:
            if entry.kind != "refused":
                self._judge(entry)
        self._store.write(entries)
        resource.known.forget(resource._meta.model)
        return entries

    # Which record a row is about

    def _name(self, entry: Entry) -> None:
        """Read the columns that make the key, and the key."""
        for column in self.resource.key_columns:
            self._read(column, entry)
        if entry.errors:
            return
        key = self.resource.key(entry.instance)
        if key is None:
            return
        line = None if entry.key else self._seen.line_of(key, entry.line)
        if line is not None:
            message = gettext("Line %(line)s says the same key, “%(key)s”. Keep one of the two rows.")
            entry.refuse(RowProblem(entry.line, "", "", message % {"line": line, "key": key}))
            return
        entry.key = key

    def _find(self, entries: list[Entry]) -> None:
        """Tell new rows from those about records that are there."""
        resource = self.resource
        there = resource.find([entry.instance for entry in entries])
        planned = {}
        for entry in entries:
            record = there.get(resource.identity(entry.instance))
            entry.record = record
            entry.kind = "new" if record is None else "same"
            planned[entry.key] = entry.instance if record is None else record
        if resource.leans_on_itself:
            resource.known.plan(resource._meta.model, planned)

    # What it says

    def _read(self, column: Column, entry: Entry) -> None:
        try:
            value = column.value(entry.row)
        except ValueError as error:
            entry.errors[column.attribute] = ValidationError(str(error), code="invalid")
            if isinstance(error, NotKnown) and error.model is self.resource._meta.model:
                entry.waits = True
            return
        column.fill(entry.instance, value)

    def _fill(self, entry: Entry, *, last: bool) -> None:
        for column in self.resource.columns_of(entry.record, entry.row):
            self._read(column, entry)
        entry.waits = entry.waits and not last

    def _without_waiting(self, entries: list[Entry]) -> list[Entry]:
        """The rows without those that name rows further down, and those that lean on such rows."""
        if not self.resource.leans_on_itself:
            return entries
        waiting = [entry for entry in entries if entry.waits]
        while waiting:
            instances = {id(entry.instance) for entry in entries if entry.waits}
            waiting = [
                one
                for one in entries
                if not one.waits and one.names_one_of(instances, self.resource.own_relations)
            ]
            for entry in waiting:
                entry.waits = True
        for entry in entries:
            if entry.waits:
                self._waiting.append(
                    Entry(entry.number, entry.line, entry.cells, entry.row, self._new(), key=entry.key)
                )
        return [entry for entry in entries if not entry.waits]

    def _new(self) -> models.Model:
        return self.resource._meta.model()

    def _judge(self, entry: Entry) -> None:
        """Compare with the record that is there, and check what is new."""
        resource = self.resource
        changed = True if entry.record is None else self._take_over(entry, entry.record)
        if not entry.errors:
            try:
                changed = resource.complete(entry.instance, entry.row, entry.line, changed) or changed
            except ValidationError as error:
                entry.errors = dict(error.update_error_dict({}))
        if not entry.errors and not changed:
            return
        if entry.kind == "same":
            entry.kind = "changed"
        try:
            resource.validate(entry.instance, entry.errors)
        except ValidationError as error:
            entry.refuse_for(error, resource.columns)
            return
        resource.before_write(entry.instance)

    def _take_over(self, entry: Entry, record: models.Model) -> bool:
        """Give the record that is there what the row says; whether that is anything new."""
        resource, said = self.resource, entry.instance
        differing = [
            column
            for column in [*resource.key_columns, *resource.columns_of(record, entry.row)]
            if column.attribute not in entry.errors and resource.differs(column, record, said)
        ]
        entry.before = values_of(record) if differing and self._keeps_before else None
        for column in differing:
            before = resource.cell(column.name, record)
            setattr(record, column.attribute, getattr(said, column.attribute))
            after = resource.cell(column.name, record)
            entry.differences.append(Difference(column.name, before, after))
        if differing:
            for column in resource.key_columns:
                if column.is_relation:
                    setattr(record, column.attribute, getattr(said, column.attribute))
        entry.instance = record
        return bool(differing)
