"""Migration operations that make the database itself refuse to change what history rests on.

A later migration that rebuilds such a table on SQLite loses its trigger: repeat the operation
there. tests/*/test_append_only.py fails until that is done.
"""

from __future__ import annotations

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

    def forwards(apps, schema_editor) -> None:
        _create(schema_editor, *_names(apps), fill_once_columns(apps))

    def backwards(apps, schema_editor) -> None:
        table, _columns = _names(apps)
        on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f'DROP TRIGGER "{table}_append_only"{on}')

    def _names(apps) -> tuple[str, list[str]]:
        meta = apps.get_model(app_label, model_name)._meta
        return meta.db_table, [meta.get_field(name).column for name in fields]

    def fill_once_columns(apps) -> list[str]:
        meta = apps.get_model(app_label, model_name)._meta
        return [meta.get_field(name).column for name in fill_once]

    return migrations.RunPython(forwards, backwards)


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
