"""Columns of a table that a file does not have: records that are there keep what they say.

An empty cell says that nothing is known; a column that is not there says nothing at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import models

from catalog.resources import TableResource


class Absent:
    """What stands in the columns of a table other than the `given` ones, for rows told apart by their key.

    Where a record says other than a new one would, that is kept by the hash of its key: one reading of the
    table, when the first row is asked about.
    """

    def __init__(self, resource: type[TableResource], given: set[str]) -> None:
        self._resource = resource()
        meta = resource._meta
        self.names = [name for name in meta.fields if name not in given]
        self._key = list(meta.import_id_fields)
        self._rest = [name for name in self.names if name not in self._key]
        self._usual = dict.fromkeys(self.names, "") | {name: self._default(name) for name in self._rest}
        self._there: dict[bytes, tuple[str, ...]] | None = None

    def cells(self, row: Mapping[str, str]) -> dict[str, str]:
        """The cells of these columns for a row."""
        if not self._rest:
            return self._usual
        if self._there is None:
            self._there = self._read()
        kept = self._there.get(_digest([row.get(name, "") for name in self._key]))
        return self._usual if kept is None else self._usual | dict(zip(self._rest, kept, strict=True))

    def _read(self) -> dict[bytes, tuple[str, ...]]:
        usual = tuple(self._usual[name] for name in self._rest)
        there = {}
        for record in self._resource.get_queryset().iterator(chunk_size=2000):
            cells = tuple(self._resource.cell(name, record) for name in self._rest)
            if cells != usual:
                there[_digest([self._resource.cell(name, record) for name in self._key])] = cells
        return there

    def _default(self, name: str) -> str:
        one = self._resource.fields[name]
        try:
            field = self._resource._meta.model._meta.get_field(one.attribute or name)
        except models.FieldDoesNotExist:
            return ""
        if not isinstance(field, models.Field) or not field.has_default():
            return ""
        return one.widget.render(field.get_default())


def _digest(key: list[str]) -> bytes:
    return hashlib.blake2b("\0".join(key).encode(), digest_size=12).digest()
