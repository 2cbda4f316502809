"""Migration operations that make the database itself refuse to change or delete what history rests on.

A later migration that rebuilds such a table on SQLite loses its triggers: let `refreeze` and `rekeep` begin
and end its operations. tests/editorial/test_constraints.py fails until that is done. PostgreSQL's TRUNCATE
and the dropping of a table or a trigger ask no trigger: they are an administrator's acts, and nothing in the
code does one but `make reset`, on a database that is the demo's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION ibid_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are {words}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_WORDS = {"append_only": "append-only", "kept": "kept for good"}
Operation = Callable[[Any, Any], None]


def freeze(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()
) -> migrations.RunPython:
    """Refuse every update that changes one of `fields`; `fill_once` ones may go from NULL to a value."""

    frozen = _frozen(app_label, model_name, fields, fill_once)
    return migrations.RunPython(frozen, _without(app_label, model_name, "append_only"))


def keep(app_label: str, model_name: str) -> migrations.RunPython:
    """Refuse to delete any row."""
    return migrations.RunPython(_kept(app_label, model_name), _without(app_label, model_name, "kept"))


def refreeze(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()
) -> tuple[migrations.RunPython, migrations.RunPython]:
    """The first and the last operation of a migration that rebuilds a frozen table: the first freezes it
    again when the migration is undone, the last when it is done.
    """
    return _around(_frozen(app_label, model_name, fields, fill_once))


def rekeep(app_label: str, model_name: str) -> tuple[migrations.RunPython, migrations.RunPython]:
    """As `refreeze`, for a table whose rows are kept."""
    return _around(_kept(app_label, model_name))


def _around(again: Operation) -> tuple[migrations.RunPython, migrations.RunPython]:
    noop = migrations.RunPython.noop
    return migrations.RunPython(noop, again), migrations.RunPython(again, noop)


def _frozen(app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...]) -> Operation:
    def create(apps, schema_editor) -> None:
        meta = apps.get_model(app_label, model_name)._meta
        columns = [[meta.get_field(name).column for name in names] for names in (fields, fill_once)]
        when = _changes(schema_editor.connection.vendor, *columns)
        _create(
            schema_editor, meta.db_table, "append_only", f"BEFORE UPDATE ON {{}} FOR EACH ROW WHEN ({when})"
        )

    return create


def _kept(app_label: str, model_name: str) -> Operation:
    def create(apps, schema_editor) -> None:
        table = apps.get_model(app_label, model_name)._meta.db_table
        _create(schema_editor, table, "kept", "BEFORE DELETE ON {} FOR EACH ROW")

    return create


def _without(app_label: str, model_name: str, name: str) -> Operation:
    def drop(apps, schema_editor) -> None:
        _drop(schema_editor, apps.get_model(app_label, model_name)._meta.db_table, name)

    return drop


def _changes(vendor: str, columns: list[str], fill_once: list[str]) -> str:
    """The condition under which a row is changed in a way that is refused."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    conditions = [f'OLD."{name}" {differs} NEW."{name}"' for name in columns]
    conditions += [
        f'(OLD."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")' for name in fill_once
    ]
    return " OR ".join(conditions)


def _drop(schema_editor, table: str, name: str) -> None:
    on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}"{on}')


def _create(schema_editor, table: str, name: str, event: str) -> None:
    """The trigger `name` of the table, made anew; `event` says when it refuses, with `{}` for the table."""
    _drop(schema_editor, table, name)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION.format(name=name, words=_WORDS[name]), params=None)
        act = f"EXECUTE FUNCTION ibid_{name}()"
    else:
        act = f"BEGIN SELECT RAISE(ABORT, '{table} rows are {_WORDS[name]}'); END"
    when = event.replace("{}", f'"{table}"')
    schema_editor.execute(f'CREATE TRIGGER "{table}_{name}" {when} {act}', params=None)
