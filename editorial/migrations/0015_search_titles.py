"""The words of titles by themselves, and what a query finds by the index alone, for the search on PostgreSQL."""

from django.db import migrations

_THERE = (
    "ALTER TABLE editorial_searchentry ADD COLUMN title_vector tsvector "
    "GENERATED ALWAYS AS (ts_filter(vector, '{a,b}')) STORED",
    "CREATE INDEX search_entry_title_vector ON editorial_searchentry USING gin (title_vector)",
    # The planner does not know what it costs to fetch a vector, which is seldom kept within its row: for a
    # common word it would read every one of them instead of the index. It asks a stable function that gives
    # an array beforehand, and so knows how much is found when it plans the rest.
    "CREATE FUNCTION editorial_search_found(asked tsquery) RETURNS bigint[] LANGUAGE sql STABLE "
    "SET enable_seqscan = off "
    "AS 'SELECT coalesce(array_agg(id), ''{}'') FROM editorial_searchentry WHERE vector @@ asked'",
)
_GONE = (
    "DROP FUNCTION editorial_search_found(tsquery)",
    "ALTER TABLE editorial_searchentry DROP COLUMN title_vector",
)


def part_titles(apps, schema_editor):
    _execute(schema_editor, _THERE)


def join_titles(apps, schema_editor):
    _execute(schema_editor, _GONE)


def _execute(schema_editor, statements):
    """SQLite has the title in a column of its own already."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0014_reader_reports")]

    operations = [migrations.RunPython(part_titles, join_titles)]
