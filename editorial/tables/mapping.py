"""How the columns of an import are read: as people said, now or last time, or else as proposed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.naming import NameChoices
from catalog.resources.describing import columns_of
from catalog.tabular.mapped import MappingOfColumns
from catalog.tabular.mapping import suggest
from catalog.tabular.reading import Detected, Overrides, TableRefused, read_rows
from editorial.bundles import TABLES
from editorial.models import HeaderMapping, TableImport
from editorial.tables.importing import BEFORE_A_CHECK, lock_import
from editorial.tables.mapped_rows import MappedRows
from editorial.tables.reading import REASON, detected_in, mended

__all__ = [
    "choices_in",
    "keep_choices",
    "keep_reading",
    "mapped_import",
    "mapping_of",
    "remembered_mapping",
    "should_be_looked_at",
]


def headers_hash(headers: Sequence[str]) -> str:
    """What tells sets of headers apart, in whatever order they stand."""
    return hashlib.sha256(json.dumps(sorted(headers), ensure_ascii=False).encode()).hexdigest()


def mapping_of(table_import: TableImport, detected: Detected) -> MappingOfColumns:
    """The mapping that people chose for these headers, the one remembered for them, or the one proposed."""
    chosen = _read(table_import.options.get("mapping"))
    headers = list(detected.headers)
    if chosen is not None and headers == chosen.file_headers:
        return chosen
    remembered = remembered_mapping(table_import.table, headers)
    columns = columns_of(TABLES[table_import.table])
    found = suggest(headers, detected.first_rows, columns, remembered)
    return _without_reason(found) if REASON not in columns else found


def remembered_mapping(table: str, headers: Sequence[str]) -> MappingOfColumns | None:
    """What people last chose for a file of this table with these headers, in whatever order they stand."""
    known = HeaderMapping.objects.filter(table=table, headers_hash=headers_hash(headers)).first()
    return _read(known.mapping) if known else None


def choices_in(table_import: TableImport) -> NameChoices:
    return NameChoices.from_json(table_import.options.get("names"))


def mapped_import(table_import: TableImport, detected: Detected | None = None) -> MappedRows:
    """The rows of an import as rows of its table, as they are to be written. Raises TableRefused."""
    detected = detected or detected_in(table_import)
    cells = table_import.options.get("mended") or {}
    return MappedRows(
        table_import.table,
        mapping_of(table_import, detected),
        partial(read_rows, table_import.path, detected, limits=settings.TABLE_LIMITS),
        choices_in(table_import),
        (lambda headers, rows: mended(headers, iter(rows), cells)) if cells else None,
    )


def should_be_looked_at(table_import: TableImport) -> bool:
    """Whether somebody should see how the file is read before its rows are: it is not plainly one of ours."""
    try:
        detected = detected_in(table_import)
    except TableRefused:
        return True
    columns = columns_of(TABLES[table_import.table])
    given = [one for one in mapping_of(table_import, detected).columns if one.header != REASON]
    is_ours = all(one.to == one.header for one in given)
    is_whole = {name for name, one in columns.items() if one.is_required} <= {one.to for one in given}
    return bool(detected.notes or detected.damaged or not (is_ours and is_whole))


@transaction.atomic
def keep_reading(*, user: AbstractBaseUser, table_import: TableImport, overrides: Overrides) -> TableImport:
    """Read the file as these `overrides` say from now on. Raises PermissionDenied and ImportRefused.

    What was said of its columns and mended in its cells goes by other headers, and is forgotten with them.
    """
    locked = lock_import(user, table_import, *BEFORE_A_CHECK)
    if overrides.to_json() != (locked.options.get("reading") or {}):
        kept = {name: value for name, value in locked.options.items() if name not in ("mapping", "mended")}
        locked.options = {**kept, "reading": overrides.to_json()}
        locked.rows = None
        locked.save(update_fields=["options", "rows"])
    return locked


@transaction.atomic
def keep_choices(
    *, user: AbstractBaseUser, table_import: TableImport, mapping: MappingOfColumns, names: NameChoices
) -> TableImport:
    """Read the columns and the names as people said, and remember the columns for files with these headers.

    Raises PermissionDenied and ImportRefused.
    """
    locked = lock_import(user, table_import, *BEFORE_A_CHECK)
    before = _read(locked.options.get("mapping"))
    options = {**locked.options, "mapping": mapping.to_json(), "names": names.to_json()}
    if before is not None and before.headers != mapping.headers:
        options.pop("mended", None)  # the cells were others
    locked.options = options
    locked.save(update_fields=["options"])
    HeaderMapping.objects.update_or_create(
        table=locked.table,
        headers_hash=headers_hash(mapping.file_headers),
        defaults={"mapping": mapping.to_json(), "at": timezone.now()},
    )
    return locked


def _read(data: Mapping[str, Any] | None) -> MappingOfColumns | None:
    """A kept mapping; None without one, and for one that another version kept."""
    try:
        return MappingOfColumns.from_json(data) if data else None
    except (KeyError, TypeError, ValueError):
        return None


def _without_reason(mapping: MappingOfColumns) -> MappingOfColumns:
    """Refused rows that were taken out say why in a column of their own, which is not one of the table."""
    columns = tuple(one if one.header != REASON else type(one)(one.header) for one in mapping.columns)
    return MappingOfColumns(columns, mapping.constants)
