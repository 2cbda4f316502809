"""Migration operations that make the database itself refuse to change or delete what history rests on.

A later migration that rebuilds such a table on SQLite loses its triggers: let `refreeze` and `rekeep` begin
and end its operations. tests/editorial/test_constraints.py fails until that is done. PostgreSQL's TRUNCATE
and the dropping of a table or a trigger ask no trigger: they are an administrator's acts, and nothing in the
code does one but `make reset`, on a database that is the demo's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations, router

_FUNCTION = """
CREATE OR REPLACE FUNCTION ibid_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are {words}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_WORDS = {"append_only": "append-only", "kept": "kept for good"}
Operation = Callable[[Any, Any], None]


class _Triggers(migrations.RunPython):
    """RunPython that takes its models as the operations before left them. It asks for no more than the names
    of a table and its columns; rendering every model anew for each of these slows a first `migrate`.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.code(from_state.apps, schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.reverse_code(from_state.apps, schema_editor)


def freeze(app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()) -> _Triggers:
    """Refuse every update that changes one of `fields`; `fill_once` ones may go from NULL to a value."""

    frozen = _frozen(app_label, model_name, fields, fill_once)
    return _Triggers(frozen, _without(app_label, model_name, "append_only"))


def keep(app_label: str, model_name: str) -> _Triggers:
    """Refuse to delete any row."""
    return _Triggers(_kept(app_label, model_name), _without(app_label, model_name, "kept"))


def refreeze(
    app_label: str, model_name: str, fields: list[str], fill_once: tuple[str, ...] = ()
) -> tuple[_Triggers, _Triggers]:
    """The first and the last operation of a migration that rebuilds a frozen table: the first freezes it
    again when the migration is undone, the last when it is done.
    """
    return _around(_frozen(app_label, model_name, fields, fill_once))


def rekeep(app_label: str, model_name: str) -> tuple[_Triggers, _Triggers]:
    """As `refreeze`, for a table whose rows are kept."""
    return _around(_kept(app_label, model_name))


def _around(again: Operation) -> tuple[_Triggers, _Triggers]:
    noop = migrations.RunPython.noop
    return _Triggers(noop, again), _Triggers(again, noop)


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
