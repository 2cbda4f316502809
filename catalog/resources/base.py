"""What every table has in common: its columns, the key of its rows, how they come in and go out.

The declarations are those of `django-import-export`. How rows come in is ours (`catalog.resources.running`):
nothing is looked up or written row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from import_export import fields, resources

from catalog import keys
from catalog.key_queries import among_parts
from catalog.resources.cells import Check, Column
from catalog.resources.columns import Out, out_of
from catalog.resources.known import Known
from catalog.resources.running import Run
from catalog.resources.sorting import natural_key, sorted_rows
from catalog.resources.storing import RowsRefused
from catalog.resources.tables import (
    Row,
    RowProblem,
    Table,
    escape_formula,
    keep_problems,
    read_table,
    unescape_formula,
    write_table,
)
from catalog.resources.widgets import Reference, widget_for

__all__ = ["RowsRefused", "TableResource", "TableResult"]
_BATCH = 500


@dataclass(slots=True)
class TableResult:
    """What became of the rows of a table: numbers of rows, and the problems that are kept of those found."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    more_problems: int = 0


class CSVDataset(tablib.Dataset):
    """A dataset whose CSV ends its lines with LF and is the same on every version of Python."""

    @property
    def csv(self) -> str:
        return write_table(self.headers, self)


class TableResource(resources.ModelResource):
    """One table of the bundle. `Meta.fields` are its columns in order, `Meta.import_id_fields` its key."""

    # By which columns exported rows are sorted; the key's unless given.
    sort_columns: ClassVar[tuple[str, ...]] = ()
    # Fields that may name a row further down and so are written once all rows are there, with what
    # they hold until then.
    second_pass: ClassVar[Mapping[str, Any]] = {}
    # Columns that a file may leave out; the resource reads them itself, and they never come out.
    optional: ClassVar[tuple[str, ...]] = ()
    # Columns that files made before them do not have: without one, records keep what they have.
    later: ClassVar[frozenset[str]] = frozenset()
    # Relations that the columns read, if others than those of the key.
    relations: ClassVar[tuple[str, ...]] = ()
    # Fields that no cell fills directly and that are right without asking them.
    unasked: ClassVar[frozenset[str]] = frozenset()
    # How many rows are in work at the same time.
    batch_rows: ClassVar[int] = 2000
    # Whether writing does more than the database could take back, or one row at a time.
    writes_by_itself: ClassVar[bool] = False

    class Meta:
        use_transactions = True

    def __init__(
        self, known: Known | None = None, *, check_only: bool = False, locks: bool = True, **kwargs: object
    ) -> None:
        """`check_only`: what `writes_by_itself` only looks for problems, because something failed before.

        Without `locks`, nobody is kept from the records that rows are compared with: where all is taken back.
        """
        super().__init__(**kwargs)
        self.known = known or Known()
        self.check_only = check_only
        self.locks = locks
        for one in self.fields.values():
            one.widget.known = self.known

    @classmethod
    def field_from_django_field(
        cls, field_name: str, django_field: models.Field, readonly: bool
    ) -> fields.Field:
        return fields.Field(field_name, field_name, widget_for(django_field))

    def key(self, instance: models.Model) -> str | None:
        """The natural key; None while the record lacks what the key is made of."""
        return keys.key_of(instance)

    def identity(self, instance: models.Model) -> tuple:
        """The natural key as the database has it."""
        values = instance.__dict__
        return tuple([values[name] for name in self._identity_names])

    def cell(self, name: str, instance: models.Model) -> str:
        """The text of one column, before formulas are escaped."""
        dehydrate = getattr(self, f"dehydrate_{name}", None)
        return dehydrate(instance) if dehydrate else self.fields[name].export(instance)

    # In

    @classmethod
    def read(cls, raw: bytes) -> Table:
        """The table in a CSV file; what is wrong with it as a whole is in its `problems`."""
        table = read_table(raw)
        problem = "" if table.problems else cls.header_problem(table.headers)
        if problem:
            table.problems.append(RowProblem(1, "", "", problem))
        return table

    @classmethod
    def header_problem(cls, headers: Sequence[str]) -> str:
        """What is wrong with the names of the columns; "" when nothing is. Their order does not matter."""
        columns = [name for name in cls._meta.fields if name not in cls.later or name in headers]
        return _header_problem(columns, headers, cls.optional)

    def import_table(self, table: Table) -> TableResult:
        """Import all rows or none. Never raises for what stands in them."""
        if table.problems:
            return TableResult(refused=len(table.problems), problems=table.problems)
        with transaction.atomic():
            result = self.import_rows(table.headers, map(Row, table.lines, table.rows))
            if result.problems:
                transaction.set_rollback(True)
        return result

    def import_rows(
        self,
        headers: Sequence[str],
        rows: Iterable[Row],
        *,
        watch: Callable[[int], None] | None = None,
        most_problems: int | None = None,
    ) -> TableResult:
        """Import the good ones of these rows, formulas escaped, in the transaction of the caller.

        `watch` gets how many rows are done, once for a batch; what it raises goes to the caller. At most
        `most_problems` are kept, or every one.
        """
        result = TableResult()
        plain = (Row(line, [unescape_formula(cell) for cell in cells]) for line, cells in rows)
        done = 0
        for batch in Run(self, headers).outcomes(plain):
            for _number, outcome in batch:
                if outcome.kind == "refused":
                    keep_problems(result, outcome.problems, most_problems)
                setattr(result, outcome.kind, getattr(result, outcome.kind) + 1)
            done += len(batch)
            if watch is not None:
                watch(done)
        result.problems.sort(key=lambda problem: problem.line)
        return result

    def import_data(self, *args: object, **kwargs: object) -> resources.Result:
        """Refused: the way of django-import-export knows neither our keys nor our checks."""
        raise TypeError("Rows of a table come in through import_table.")

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that fill records, in order."""
        given = ((name, self.fields[name]) for name in self._meta.fields)
        model = self._meta.model
        return [Column(name, one, model) for name, one in given if one.attribute and not one.readonly]

    @cached_property
    def key_columns(self) -> list[Column]:
        return [column for column in self.columns if column.name in self._meta.import_id_fields]

    @cached_property
    def other_columns(self) -> list[Column]:
        return [column for column in self.columns if column not in self.key_columns]

    @cached_property
    def own_relations(self) -> list[Column]:
        """The columns that name other rows of the table."""
        model = self._meta.model
        return [
            one for one in self.columns if isinstance(one.widget, Reference) and one.widget.model is model
        ]

    @property
    def leans_on_itself(self) -> bool:
        return bool(self.own_relations)

    @cached_property
    def _identity_names(self) -> list[str]:
        return [column.attname for column in self.key_columns if column.attname]

    @cached_property
    def _checks(self) -> list[Check]:
        return [
            Check(one)
            for one in self._meta.model._meta.fields
            if one.editable and not one.is_relation and one.name not in self.unasked
        ]

    def columns_of(self, record: models.Model | None, row: Mapping[str, str]) -> list[Column]:
        """The columns beside the key that a row fills, of the record that is there or of a new one."""
        if not self.later:
            return self.other_columns
        return [one for one in self.other_columns if one.name not in self.later or one.name in row]

    def differs(self, column: Column, record: models.Model, said: models.Model) -> bool:
        """Whether a row says something else in this column than the record that is there."""
        if column.attname is None:
            return self.cell(column.name, record) != self.cell(column.name, said)
        if record.__dict__[column.attname] != said.__dict__[column.attname]:
            return True
        if column not in self.own_relations:
            return False
        named = getattr(said, column.attribute)
        return named is not None and named.pk is None

    def stored(self) -> models.QuerySet:
        """The records of the table as rows are compared with: the relations of the key are the row's own."""
        columns = [one.attribute for one in self.other_columns if one.is_relation]
        rows = self._meta.model._default_manager.all()
        return rows.select_related(*columns) if columns else rows

    def find(self, said: list[models.Model]) -> dict[tuple, models.Model]:
        """The records that are there of those that rows speak of, by identity. One query."""
        names = self._identity_names
        identities = map(self.identity, said)
        return self.pick(said, among_parts(dict(zip(names, one, strict=True)) for one in identities))

    def pick(self, said: list[models.Model], condition: models.Q) -> dict[tuple, models.Model]:
        """Those of the records that meet the condition which rows speak of, by identity."""
        wanted = {self.identity(one) for one in said}
        there = self.held(self.stored().filter(condition).order_by("pk"))
        found = ((self.identity(record), record) for record in there.iterator(chunk_size=self.batch_rows))
        return {identity: record for identity, record in found if identity in wanted}

    def held(self, there: models.QuerySet) -> models.QuerySet:
        """The records, kept from others until the transaction ends: every column of them is written."""
        return there.select_for_update(of=("self",), no_key=True) if self.locks else there

    def complete(self, instance: models.Model, row: Mapping[str, str], line: int, changed: bool) -> bool:
        """What is beyond the columns: whether that changes the record. Raises ValidationError."""
        return False

    def before_write(self, instance: models.Model) -> None:
        """The last word on a record that is new or changed."""

    def validate(self, instance: models.Model, errors: dict[str, ValidationError]) -> None:
        """Fields and `clean()`; relations were found by their keys, constraints are the database's."""
        values = instance.__dict__
        for check in self._checks:
            if check.name not in errors and check.attname in values:
                error = check(values[check.attname])
                if error is not None:
                    errors[check.name] = error
        if type(instance).clean is not models.Model.clean:
            try:
                instance.clean()
            except ValidationError as error:
                errors = error.update_error_dict({**errors})
        if errors:
            raise ValidationError(errors)

    def write(self, new: list[models.Model], changed: list[models.Model]) -> None:
        """Write the records of the table, all at once. Raises RowsRefused, or what the database raises."""
        later = [[getattr(instance, name) for name in self.second_pass] for instance in new]
        for instance in new:
            for name, until_then in self.second_pass.items():
                setattr(instance, name, until_then)
        manager = self._meta.model._default_manager
        manager.bulk_create(new, batch_size=_BATCH)
        for instance, values in zip(new, later, strict=True):
            for name, value in zip(self.second_pass, values, strict=True):
                setattr(instance, name, value)
        changed = changed + [one for one, values in zip(new, later, strict=True) if any(values)]
        for instance in changed:
            for name in self.second_pass:
                setattr(instance, name, getattr(instance, name))  # takes up the id of a row written now
        if not changed:
            return
        # An upsert, because bulk_update would leave search keys and times as they were.
        columns = [one.name for one in self._meta.model._meta.concrete_fields if not one.primary_key]
        manager.bulk_create(
            changed, batch_size=_BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )

    # Out

    def get_queryset(self) -> models.QuerySet:
        model = self._meta.model
        return keys.with_relations(
            model, {**keys.RELATIONS, **({model: self.relations} if self.relations else {})}
        )

    def rows(self, queryset: models.QuerySet | None = None) -> Iterator[list[str]]:
        """The rows of the table, sorted by its columns; formulas are not escaped. Memory does not grow."""
        columns = self.sort_columns or self._meta.import_id_fields
        places = [self._meta.fields.index(name) for name in columns]
        rows = self.unsorted_rows(self.get_queryset() if queryset is None else queryset)
        return sorted_rows(rows, lambda row: natural_key([row[place] for place in places]))

    def records(self, queryset: models.QuerySet | None = None) -> list[models.Model]:
        """The records of the table in the order of its rows. All in memory: for what is less than all."""
        columns = self.sort_columns or self._meta.import_id_fields
        found = self.get_queryset() if queryset is None else queryset
        return sorted(found, key=lambda row: natural_key([self.cell(name, row) for name in columns]))

    def unsorted_rows(self, queryset: models.QuerySet) -> Iterator[list[str]]:
        """The cells of these records in the order of the columns."""
        if None not in self._outs:
            return self._rows_of_values(queryset, [out for out in self._outs if out is not None])
        records = queryset.iterator(chunk_size=self.batch_rows)
        return ([self.cell(name, record) for name in self._meta.fields] for record in records)

    @cached_property
    def _outs(self) -> list[Out | None]:
        """How each column goes out without records being made, as far as it can."""
        model = self._meta.model
        return [
            None if hasattr(self, f"dehydrate_{name}") else out_of(self.fields[name], model)
            for name in self._meta.fields
        ]

    def _rows_of_values(self, queryset: models.QuerySet, outs: list[Out]) -> Iterator[list[str]]:
        paths = [path for out in outs for path in out.paths]
        stops = list(accumulate(len(out.paths) for out in outs))
        renders = [(out.render, stop - len(out.paths), stop) for out, stop in zip(outs, stops, strict=True)]
        found = queryset.order_by().prefetch_related(None).values_list(*paths)
        for values in found.iterator(chunk_size=self.batch_rows):
            yield [render(*values[start:stop]) for render, start, stop in renders]

    def export(self, queryset: models.QuerySet | None = None, **kwargs: object) -> CSVDataset:
        rows = ([escape_formula(cell) for cell in row] for row in self.rows(queryset))
        return CSVDataset(*rows, headers=list(self._meta.fields))


def _header_problem(columns: Sequence[str], given: Sequence[str], optional: Sequence[str] = ()) -> str:
    """What is wrong with the names of the columns; "" when nothing is. Their order does not matter."""
    parts = []
    headers = [name for name in given if name not in optional or given.count(name) > 1]
    missing = [column for column in columns if column not in headers]
    unknown = [column for column in headers if column not in columns]
    if missing:
        parts.append(gettext("Columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    if unknown:
        parts.append(gettext("Columns are not known: %(names)s.") % {"names": ", ".join(unknown)})
    if not parts and len(headers) != len(columns):
        parts.append(gettext("A column stands there twice."))
    if parts:
        parts.append(gettext("The first line must be: %(line)s") % {"line": ",".join(columns)})
    return " ".join(parts)
