"""How the cells of a column fill the fields of records: converted once for each text that repeats.

A widget says what a text means and a model field what values it takes; both answers are remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from import_export import fields

from catalog.resources.known import Known
from catalog.resources.widgets import Text

_MOST_REMEMBERED = 5_000
_LONGEST_REMEMBERED = 100


class Column:
    """One column of a table: fills records from cells, and says whether two records differ in it."""

    def __init__(self, name: str, declared: fields.Field, model: type[models.Model]) -> None:
        self.name = name
        self.header = declared.column_name
        self.attribute = declared.attribute
        self.widget = declared.widget
        self._declared = declared
        field = _field_of(model, self.attribute)
        self.is_relation = field is not None and field.is_relation
        self.attname = None if field is None else field.attname
        plain = type(declared) is fields.Field and isinstance(self.widget, Text)
        # The widget alone says what a cell means: from its text, or from the rest of its row too.
        self._clean = self.widget.clean if plain else None
        self.by_text = plain and self.widget.alone
        self.is_text = self.by_text and type(self.widget) is Text
        self.names_records = not isinstance(self.widget, Text) or not self.widget.alone
        self._values: dict[str, Any] = {}

    def value(self, row: Mapping[str, str]) -> Any:
        """What the cell means. Raises ValueError."""
        if self.is_text:
            return row[self.header]
        if self._clean is None:
            return self._declared.clean(row)
        cell = row[self.header]
        if not self.by_text:
            return self._clean(cell, row)
        try:
            return self._values[cell]
        except KeyError:
            value = self._clean(cell, row)
        if len(cell) <= _LONGEST_REMEMBERED:
            if len(self._values) >= _MOST_REMEMBERED:
                self._values.clear()
            self._values[cell] = value
        return value

    def fill(self, record: models.Model, value: Any) -> None:
        """Give the record the value, as `setattr` would, without the asking it does for people's code."""
        if self.attname is None:
            setattr(record, self.attribute, value)
        elif self.is_relation:
            record.__dict__[self.attname] = None if value is None else value.pk
            record._state.fields_cache[self.attribute] = value
        else:
            record.__dict__[self.attname] = value

    def asks(self, row: Mapping[str, str]) -> Iterator[tuple[type[models.Model], str]]:
        """Which records the cell names, by model and natural key."""
        cell = row.get(self.header)  # a file may lack columns that came later
        return self.widget.asks(cell, row) if cell else iter(())


class Check:
    """Whether a field of a model takes a value, as `Model.clean_fields` asks it."""

    def __init__(self, field: models.Field) -> None:
        self.name = field.name
        self.attname = field.attname
        self._field = field
        self._longest = _longest_plain_text(field)
        self._answers: dict[Any, ValidationError | None] = {}

    def __call__(self, value: Any) -> ValidationError | None:
        """What is wrong with the value; None when nothing is."""
        if self._longest is not None and type(value) is str and 0 < len(value) <= self._longest:
            return None
        key = type(value), value
        try:
            return self._answers[key]
        except KeyError:
            answer = self._ask(value)
        if type(value) is not str or len(value) <= _LONGEST_REMEMBERED:
            if len(self._answers) >= _MOST_REMEMBERED:
                self._answers.clear()
            self._answers[key] = answer
        return answer

    def _ask(self, value: Any) -> ValidationError | None:
        if self._field.blank and value in self._field.empty_values:
            return None
        try:
            self._field.clean(value, None)
        except ValidationError as error:
            return error
        return None


def asked_together(columns: list[Column], rows: list[Mapping[str, str]], known: Known) -> None:
    """Know every record that the cells of these rows name."""
    keys: dict[type[models.Model], dict[str, None]] = {}
    for column in columns:
        if column.names_records:
            for row in rows:
                for model, key in column.asks(row):
                    keys.setdefault(model, {})[key] = None
    for model, some in keys.items():
        known.load(model, some)


def _field_of(model: type[models.Model], attribute: str | None) -> models.Field | None:
    names = {field.name: field for field in model._meta.concrete_fields}
    names |= {field.attname: field for field in model._meta.concrete_fields}
    return names.get(attribute or "")


def _longest_plain_text(field: models.Field) -> int | None:
    """How long a text may be that nothing but its length is asked of; None when more is asked."""
    if field.choices or type(field) not in {models.CharField, models.TextField}:
        return None
    if any(type(one) is not validators.MaxLengthValidator for one in field.validators):
        return None
    return field.max_length or 2**31
