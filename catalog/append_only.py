"""Migration operations that make the database itself refuse to change what history rests on.

A later migration that rebuilds such a table on SQLite loses its trigger: let `refreeze` begin and end its
operations. tests/editorial/test_constraints.py fails until that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION ibid_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def freeze(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()
) -> migrations.RunPython:
    """Refuse every update that changes one of `fields`; `fill_once` ones may go from NULL to a value."""

    def thaw(apps, schema_editor) -> None:
        table = apps.get_model(app_label, model_name)._meta.db_table
        _drop(schema_editor, table)

    return migrations.RunPython(_frozen(app_label, model_name, fields, fill_once), thaw)


def refreeze(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()
) -> tuple[migrations.RunPython, migrations.RunPython]:
    """The first and the last operation of a migration that rebuilds a frozen table: the first freezes it
    again when the migration is undone, the last when it is done.
    """
    again = _frozen(app_label, model_name, fields, fill_once)
    noop = migrations.RunPython.noop
    return migrations.RunPython(noop, again), migrations.RunPython(again, noop)


def _frozen(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...]
) -> Callable[[Any, Any], None]:
    def create(apps, schema_editor) -> None:
        meta = apps.get_model(app_label, model_name)._meta
        columns = [[meta.get_field(name).column for name in names] for names in (fields, fill_once)]
        _drop(schema_editor, meta.db_table)
        _create(schema_editor, meta.db_table, *columns)

    return create


def _drop(schema_editor, table: str) -> None:
    on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only"{on}')


def _create(schema_editor, table: str, columns: list[str], fill_once: list[str]) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    conditions = [f'OLD."{name}" {differs} NEW."{name}"' for name in columns]
    conditions += [
        f'(OLD."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")' for name in fill_once
    ]
    if postgresql:
        schema_editor.execute(_FUNCTION, params=None)
        act = "EXECUTE FUNCTION ibid_append_only()"
    else:
        act = f"BEGIN SELECT RAISE(ABORT, '{table} rows are append-only'); END"
    when = " OR ".join(conditions)
    schema_editor.execute(
        f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({when}) {act}',
        params=None,
    )
