"""What becomes of the rows of a table, one by one and all together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from django.db import models

from catalog.resources.tables import RowProblem

Kind = Literal["new", "changed", "same", "refused"]


class Difference(NamedTuple):
    """What one column of a record says and what a row makes of it, both as cells have it."""

    column: str
    before: str
    after: str


class RowOutcome(NamedTuple):
    """What becomes of one row. `key` is the natural key of its record, "" while it has none."""

    line: int
    kind: Kind
    key: str
    differences: tuple[Difference, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    cells: tuple[str, ...] = ()


class Written(NamedTuple):
    """One record as it was before a row and as it is after, by column of the database, as JSON keeps it.

    `before` is None for a record that is new.
    """

    model: type[models.Model]
    pk: int
    before: dict[str, Any] | None
    after: dict[str, Any]
    line: int = 0


@dataclass(frozen=True, slots=True)
class RunResult:
    """Numbers of rows, whether they are written, and a hash that is equal when the same would be."""

    new: int
    changed: int
    same: int
    refused: int
    written: bool
    fingerprint: str


class Fingerprint:
    """The SHA-256 over outcomes in their order; what was not changed adds only its line and key."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        for line, kind, key, differences, problems, cells in outcomes:
            said = [(one.line, one.column, one.value, one.message) for one in problems]
            shown = cells if kind == "new" else [tuple(one) for one in differences]
            self._hash.update(repr((line, kind, key, tuple(shown), said)).encode())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def values_of(record: models.Model) -> dict[str, Any]:
    """The record by column of the database, as JSON keeps it; columns that were not read are left out."""
    values = {}
    for field in record._meta.concrete_fields:
        if field.attname in record.__dict__:
            value = record.__dict__[field.attname]
            plain = value is None or isinstance(value, (int, str))
            values[field.attname] = value if plain else field.value_to_string(record)
    return values
