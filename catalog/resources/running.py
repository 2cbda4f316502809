"""Rows of a table on their way into the database, a batch at a time and in memory that does not grow.

A batch is read, its records found by natural key, compared, checked and written in a bounded number of
queries. Whether the rows keep the database's constraints is asked of the database itself; only when it
refuses a batch is each row found that it refuses.
"""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext

from catalog.resources.cells import Column, asked_together
from catalog.resources.known import in_batches
from catalog.resources.outcomes import Difference, Kind, RowOutcome, Written, values_of
from catalog.resources.sorting import Spool
from catalog.resources.widgets import NotKnown
from catalog.tabular.rows import Row, RowProblem

if TYPE_CHECKING:
    from catalog.resources.base import TableResource


# An outcome with the number of its row, from 0.
Numbered = tuple[int, RowOutcome]
_OUTCOMES_AT_ONCE = 2_000


class RowsRefused(Exception):
    """Raised by `TableResource.write`: why these records cannot be written."""

    def __init__(self, reasons: Sequence[tuple[models.Model, str]]) -> None:
        super().__init__("; ".join(reason for _record, reason in reasons))
        self.reasons = reasons


@dataclass(slots=True, eq=False)
class Entry:
    """One row in work: what it says, the record it is about, and what is wrong with it."""

    number: int
    line: int
    cells: list[str]
    row: Mapping[str, str]
    instance: models.Model
    key: str = ""
    kind: Kind = "new"
    record: models.Model | None = None
    waits: bool = False
    is_left_out: bool = False
    is_written: bool = False
    errors: dict[str, ValidationError] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    before: dict[str, Any] | None = None

    def refuse(self, *problems: RowProblem) -> None:
        self.kind = "refused"
        self.is_left_out = True
        self.problems += problems

    def outcome(self) -> RowOutcome:
        return RowOutcome(
            self.line,
            self.kind,
            self.key,
            tuple(self.differences) if self.kind == "changed" else (),
            tuple(self.problems),
            tuple(self.cells),
        )


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
        self._in_part = in_part
        self._undo = undo
        self._seen = _Seen()
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
        self._leave_out_leaning(entries)
        self._write(entries)
        for entry in entries:
            if entry.key and entry.record is None and (not entry.is_written or self._leans_on_kept(entry)):
                resource.known.keep(entry.key, entry.instance)
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
        for column in self.resource.columns_of(entry.record):
            self._read(column, entry)
        entry.waits = entry.waits and not last

    def _without_waiting(self, entries: list[Entry]) -> list[Entry]:
        """The rows without those that name rows further down, and those that lean on such rows."""
        if not self.resource.leans_on_itself:
            return entries
        waiting = [entry for entry in entries if entry.waits]
        while waiting:
            instances = {id(entry.instance) for entry in entries if entry.waits}
            waiting = [one for one in entries if not one.waits and self._leans_on(one, instances)]
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

    def _leans_on(self, entry: Entry, instances: set[int]) -> bool:
        return any(
            id(getattr(entry.instance, column.attribute)) in instances
            for column in self.resource.own_relations
            if column.attribute not in entry.errors
        )

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
            entry.refuse(*self._problems(entry, error))
            return
        resource.before_write(entry.instance)

    def _take_over(self, entry: Entry, record: models.Model) -> bool:
        """Give the record that is there what the row says; whether that is anything new."""
        resource, said = self.resource, entry.instance
        differing = [
            column
            for column in [*resource.key_columns, *resource.columns_of(record)]
            if column.attribute not in entry.errors and resource.differs(column, record, said)
        ]
        entry.before = values_of(record) if differing and self._undo else None
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

    def _problems(self, entry: Entry, error: ValidationError) -> Iterator[RowProblem]:
        names = {column.attribute: column.name for column in self.resource.columns}
        for name, messages in error.update_error_dict({}).items():
            column = "" if name == NON_FIELD_ERRORS else names.get(name, name)
            text = " ".join(ValidationError(messages).messages)
            yield RowProblem(entry.line, column, entry.row.get(column, ""), text)

    # Writing

    def _leave_out_leaning(self, entries: list[Entry]) -> None:
        """Leave out rows that name rows of the same table which are not written."""
        if not self.resource.leans_on_itself:
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
        model, known = self.resource._meta.model, self.resource.known
        return self._leans_on(entry, out) or any(
            known.is_kept(model, getattr(entry.instance, column.attname))
            for column in self.resource.own_relations
        )

    def _leans_on_kept(self, entry: Entry) -> bool:
        known = self.resource.known
        return known.keeps_any and any(
            known.is_kept(field.related_model, getattr(entry.instance, field.attname))
            for field in self.resource._meta.model._meta.concrete_fields
            if field.is_relation
        )

    def _write(self, entries: list[Entry]) -> None:
        """Write what is new and changed; rows that the database refuses are found and left out."""
        while True:
            new = [one for one in entries if one.kind == "new" and not one.is_left_out]
            changed = [one for one in entries if one.kind == "changed" and not one.is_left_out]
            if not new and not changed:
                return
            if self.resource.check_only and self.resource.writes_by_itself:
                self._ask_each([*new, *changed])
                return
            if self._try(new, changed):
                self._tell_written([*new, *changed])
                return
            for entry in new:
                entry.instance.pk, entry.instance._state.adding = None, True
            self._leave_out_leaning(entries)

    def _try(self, new: list[Entry], changed: list[Entry]) -> bool:
        """Write these rows, and whether they are written; otherwise nothing is, and some are refused now."""
        try:
            with transaction.atomic():
                self.resource.write([one.instance for one in new], [one.instance for one in changed])
        except RowsRefused as error:
            by_record = {id(entry.instance): entry for entry in [*new, *changed]}
            for record, reason in error.reasons:
                entry = by_record[id(record)]
                entry.refuse(RowProblem(entry.line, "", "", reason))
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
        if self.resource.writes_by_itself or self.resource.second_pass:
            for entry in new:
                entry.instance.pk, entry.instance._state.adding = None, True
            return self._ask_each(entries)
        with transaction.atomic():
            self._halve(entries)
            transaction.set_rollback(True)
        return any(entry.kind == "refused" for entry in entries)

    def _halve(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.kind == "new":
                entry.instance.pk, entry.instance._state.adding = None, True
        new = [entry.instance for entry in entries if entry.kind == "new"]
        changed = [entry.instance for entry in entries if entry.kind == "changed"]
        try:
            with transaction.atomic():
                self.resource.write(new, changed)
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
                entry.refuse(*self._problems(entry, error))
                found = True
        return found

    def _tell_written(self, entries: list[Entry]) -> None:
        for entry in entries:
            entry.is_written = True
        if self._undo is not None:
            model = self.resource._meta.model
            self._undo(
                [
                    Written(model, one.instance.pk, one.before, values_of(one.instance), one.line)
                    for one in entries
                ]
            )


class _Seen:
    """The keys of the rows so far, in eight bytes each."""

    def __init__(self) -> None:
        self._digests: set[int] = set()
        self._in_order = array("Q")
        self._lines = array("Q")

    def line_of(self, key: str, line: int) -> int | None:
        """The line that said the key before; None when none did, and from now on `line` has."""
        digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
        if digest in self._digests:
            return self._lines[self._in_order.index(digest)]
        self._digests.add(digest)
        self._in_order.append(digest)
        self._lines.append(line)
        return None


def unwritable(cells: list[str]) -> str:
    """Why no database takes these cells; "" when it does."""
    text = "".join(cells)
    if "\0" in text:
        return gettext("There is a NUL character. Take it out.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return gettext("There is half a character (a lone surrogate). Write the text anew.")
    return ""


def in_order(batches: Iterable[list[Numbered]]) -> Iterator[list[RowOutcome]]:
    """The outcomes in the order of the rows; those behind a row that comes late wait on disk."""
    expected = 0
    held = None
    late: list[Numbered] = []
    with ExitStack() as stack:
        for batch in filter(None, batches):
            if held is None and [number for number, _outcome in batch] == [
                *range(expected, expected + len(batch))
            ]:
                expected += len(batch)
                yield [outcome for _number, outcome in batch]
            elif batch[0][0] < expected:
                late += batch
            else:
                held = held or stack.enter_context(Spool())
                held.put(batch)
                expected = batch[-1][0] + 1
        merged = heapq.merge(held or (), sorted(late))
        for some in in_batches(merged, _OUTCOMES_AT_ONCE):
            yield [outcome for _number, outcome in some]
