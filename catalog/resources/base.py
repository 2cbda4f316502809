"""What every table has in common: rows found by natural key, checked one by one, written together.

`django-import-export` walks the rows and asks the fields' widgets. Ours is that nothing is looked up
or written row by row: existing rows are read once per model, new and changed ones written in one go.
Whether the rows keep the database's constraints is asked of the database itself; only when it refuses
is each row asked which one it breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext
from import_export import fields, resources, results, widgets

from catalog import keys
from catalog.resources.tables import (
    RowProblem,
    Table,
    escape_formula,
    read_table,
    unescape_formula,
    write_table,
)
from catalog.resources.widgets import Reference, widget_for

_BATCH = 500
_DIGITS = re.compile(r"(\d+)", re.ASCII)


class Known(keys.KeyIndex):
    """Records by natural key: those in the database, and those of the files read so far."""

    def __init__(self) -> None:
        super().__init__()
        self._by_pk: dict[type[models.Model], dict[int, models.Model]] = {}
        self._readers: dict[type[models.Model], tuple[Callable, Callable]] = {}

    def read_with(self, model: type[models.Model], rows: Callable, key: Callable) -> None:
        """Read `model` with `rows()` and name its records with `key(record)`."""
        self._readers.setdefault(model, (rows, key))

    def get(self, model: type[models.Model], key: str) -> models.Model | None:
        if model not in self._by_model and model in self._readers:
            rows, key_of = self._readers[model]
            self._by_model[model] = {key_of(row): row for row in rows()}
        return super().get(model, key)

    def add(self, key: str, record: models.Model) -> None:
        """Know `record`, written or not, by `key`."""
        self.get(type(record), key)
        self._by_model[type(record)][key] = record

    def by_pk(self, model: type[models.Model], pk: int) -> models.Model | None:
        """The record of that primary key. Asked only when all records of the model are known."""
        if model not in self._by_pk:
            self.get(model, "")
            self._by_pk[model] = {record.pk: record for record in self._by_model[model].values()}
        return self._by_pk[model].get(pk)


@dataclass(slots=True)
class TableResult:
    """What became of the rows of a table: numbers of rows, and every problem found."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[RowProblem] = field(default_factory=list)


class RowsRefused(Exception):
    """Raised by `TableResource.write`: why these records cannot be written."""

    def __init__(self, reasons: Sequence[tuple[models.Model, str]]) -> None:
        super().__init__("; ".join(reason for _record, reason in reasons))
        self.reasons = reasons


class CSVDataset(tablib.Dataset):
    """A dataset whose CSV ends its lines with LF and is the same on every version of Python."""

    @property
    def csv(self) -> str:
        return write_table(self.headers, self)


class _RowResult(results.RowResult):
    def add_instance_info(self, instance: models.Model | None) -> None:
        # Without the name of the record, whose __str__ may read its relations row by row.
        self.object_id = None if instance is None else instance.pk


@dataclass(slots=True)
class _Planned:
    """The record that a row is about, found or made before any row is read in full."""

    instance: models.Model
    is_new: bool
    refused: str = ""


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

    class Meta:
        use_bulk = True
        batch_size = None
        skip_diff = True
        skip_unchanged = True
        clean_model_instances = True
        use_transactions = True

    def __init__(self, known: Known | None = None, *, check_only: bool = False, **kwargs: object) -> None:
        """`check_only` looks for problems and writes nothing, because something failed before."""
        super().__init__(**kwargs)
        self.known = known or Known()
        self.known.read_with(self._meta.model, self.get_queryset, self.key)
        self.check_only = check_only
        self.lines: list[int] = []
        self._planned: list[_Planned] = []
        self._rows: Iterator[_Planned] = iter(())
        self._numbers: dict[int, int] = {}
        self._state_before: list[object] | None = None
        for one in self.fields.values():
            if isinstance(one.widget, Reference):
                one.widget.known = self.known

    @classmethod
    def get_row_result_class(cls) -> type[results.RowResult]:
        return _RowResult

    @classmethod
    def field_from_django_field(
        cls, field_name: str, django_field: models.Field, readonly: bool
    ) -> fields.Field:
        return fields.Field(field_name, field_name, widget_for(django_field))

    def key(self, instance: models.Model) -> str | None:
        """The natural key; None while the record lacks what the key is made of."""
        return keys.key_of(instance)

    def state(self, instance: models.Model) -> list[object]:
        """Everything a file can say of the record, for noticing whether it says anything new."""
        return [self.cell(name, instance) for name in self._meta.fields]

    def cell(self, name: str, instance: models.Model) -> str:
        """The text of one column, before formulas are escaped."""
        dehydrate = getattr(self, f"dehydrate_{name}", None)
        return dehydrate(instance) if dehydrate else self.fields[name].export(instance)

    # In

    @classmethod
    def read(cls, raw: bytes) -> Table:
        """The table in a CSV file; what is wrong with it as a whole is in its `problems`."""
        table = read_table(raw)
        problem = "" if table.problems else cls._header_problem(table.headers)
        if problem:
            table.problems.append(RowProblem(1, "", "", problem))
        return table

    @classmethod
    def _header_problem(cls, given: Sequence[str]) -> str:
        columns = [name for name in cls._meta.fields if name not in cls.later or name in given]
        return _header_problem(columns, given, cls.optional)

    def import_table(self, table: Table) -> TableResult:
        """Import all rows or none. Never raises for what stands in them."""
        if table.problems:
            return TableResult(problems=table.problems)
        self.lines = table.lines
        dataset = tablib.Dataset(*table.rows, headers=table.headers)
        result = self.import_data(dataset, rollback_on_validation_errors=True)
        problems = sorted(self._problems(result), key=lambda problem: problem.line)
        return TableResult(result.totals["new"], result.totals["update"], result.totals["skip"], problems)

    def before_import(self, dataset: tablib.Dataset, **kwargs: object) -> None:
        headers = dataset.headers or []
        problem = self._header_problem(headers)
        if problem:
            raise ValueError(problem)
        seen: dict[str, int] = {}
        self._planned = [
            self._plan(_unescaped(dict(zip(headers, cells, strict=True))), number, seen)
            for number, cells in enumerate(dataset, start=1)
        ]
        self._rows = iter(self._planned)

    def get_diff_headers(self) -> list[str]:
        return [*super().get_diff_headers(), *self.optional]

    def before_import_row(self, row: dict[str, Any], **kwargs: object) -> None:
        row.update(_unescaped(row))

    def get_or_init_instance(self, instance_loader: object, row: Mapping) -> tuple[models.Model, bool]:
        planned = next(self._rows)
        if planned.refused:
            raise ValidationError(planned.refused)
        self._state_before = None if planned.is_new else self.state(planned.instance)
        return planned.instance, planned.is_new

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        return not import_validation_errors and self.state(instance) == self._state_before

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """Fields and `clean()`; relations were found by their keys, constraints are the database's."""
        errors = dict(import_validation_errors or {})
        unasked = {one.name for one in instance._meta.fields if one.is_relation or not one.editable}
        try:
            instance.clean_fields(exclude={*unasked, *self.unasked, *errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        try:
            instance.clean()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def bulk_create(self, using_transactions, dry_run, raise_errors, batch_size=None, result=None) -> None:
        """Write what is new and changed, or say which rows the database would refuse."""
        if self.check_only or result.invalid_rows or result.error_rows:
            self._ask_each_row(result)
            return
        try:
            with transaction.atomic():
                self.write(self.create_instances, self.update_instances)
        except RowsRefused as error:
            for instance, reason in error.reasons:
                result.append_invalid_row(self._numbers[id(instance)], {}, ValidationError(reason))
        except DatabaseError as error:
            if not self._ask_each_row(result):
                self.handle_import_error(result, error)

    def bulk_update(self, *args: object, **kwargs: object) -> None:
        """Nothing: `bulk_create` wrote both."""

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
        # An upsert, because bulk_update would leave search keys and times as they were.
        columns = [one.name for one in self._meta.model._meta.concrete_fields if not one.primary_key]
        manager.bulk_create(
            changed, batch_size=_BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )

    def after_import(self, dataset: tablib.Dataset, result: object, **kwargs: object) -> None:
        """Nothing: ids come from the database, so that its sequences are right."""

    # Out

    def get_queryset(self) -> models.QuerySet:
        model = self._meta.model
        return keys.with_relations(
            model, {**keys.RELATIONS, **({model: self.relations} if self.relations else {})}
        )

    def iter_queryset(self, queryset: models.QuerySet) -> Iterator[models.Model]:
        # Sorted here, because databases sort text in different ways.
        columns = self.sort_columns or self._meta.import_id_fields
        yield from sorted(queryset, key=lambda row: [_natural(self.cell(name, row)) for name in columns])

    def export_resource(
        self, instance: models.Model, selected_fields: Sequence[str] | None = None, **kwargs: object
    ) -> list[str]:
        names = [name for name in self._meta.fields if not selected_fields or name in selected_fields]
        return [escape_formula(self.cell(name, instance)) for name in names]

    def export(self, queryset: models.QuerySet | None = None, **kwargs: object) -> CSVDataset:
        dataset = super().export(queryset, **kwargs)
        return CSVDataset(*dataset, headers=dataset.headers)

    # Inside

    def _plan(self, row: dict[str, str], number: int, seen: dict[str, int]) -> _Planned:
        """Find the record of a row, or make it and let other rows know it."""
        instance = self._meta.model()
        self._numbers[id(instance)] = number
        try:
            for name in self._meta.import_id_fields:
                one = self.fields[name]
                if not isinstance(one.widget, widgets.ManyToManyWidget) and not one.readonly:
                    one.save(instance, row)
            key = self.key(instance)
        except ValueError:
            return _Planned(instance, is_new=True)  # importing the row says what is wrong
        if key is None:
            return _Planned(instance, is_new=True)
        if key in seen:
            message = gettext("Line %(line)s says the same key, “%(key)s”. Keep one of the two rows.")
            return _Planned(
                instance, is_new=True, refused=message % {"line": self._line(seen[key]), "key": key}
            )
        seen[key] = number
        existing = self.known.get(self._meta.model, key)
        if existing is None:
            self.known.add(key, instance)
            return _Planned(instance, is_new=True)
        self._numbers[id(existing)] = number
        return _Planned(existing, is_new=False)

    def _ask_each_row(self, result: resources.Result) -> bool:
        """Record which rows break a constraint; whether any does."""
        found = False
        for number, planned in enumerate(self._planned, start=1):
            if planned.instance.pk is None:
                planned.instance.pk = -number  # later tables lean on the row as if it had been written
        for instance in [*self.create_instances, *self.update_instances]:
            try:
                instance.validate_constraints()
            except ValidationError as error:
                result.append_invalid_row(self._numbers[id(instance)], {}, error)
                found = True
        return found

    def _problems(self, result: resources.Result) -> Iterator[RowProblem]:
        if result.base_errors:
            for base in result.base_errors:
                yield RowProblem(0, "", "", _text_of(base.error))
            return
        column_of = {one.attribute: name for name, one in self.fields.items()}
        for row in result.invalid_rows:
            for name, messages in row.error_dict.items():
                column = "" if name == NON_FIELD_ERRORS else column_of.get(name, name)
                value = dict(zip(result.diff_headers, row.values, strict=True)).get(column, "")
                yield RowProblem(self._line(row.number), column, value, " ".join(messages))
        for row in result.error_rows:
            for error in row.errors:
                yield RowProblem(self._line(row.number), "", "", _text_of(error.error))

    def _line(self, number: int) -> int:
        return self.lines[number - 1] if self.lines else number + 1


def _unescaped(row: Mapping[str, object]) -> dict[str, str]:
    return {name: unescape_formula("" if cell is None else str(cell)) for name, cell in row.items()}


def _natural(text: str) -> list[object]:
    """A sort key by code points in which numbers count as numbers."""
    return [int(part) if index % 2 else part for index, part in enumerate(_DIGITS.split(text))]


def _text_of(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


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
