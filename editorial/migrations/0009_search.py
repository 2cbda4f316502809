"""The index that readers search. `manage.py rebuild_search` fills it; from then on it is kept current."""

import django.db.models.deletion
from django.db import migrations, models

_SQLITE = (
    # Our columns hold words with one space between: this tokenizer parts there and nowhere else.
    "CREATE VIRTUAL TABLE editorial_searchtext USING fts5"
    "(title, title_stems, text, text_stems, tokenize = 'ascii', prefix = '2 3')",
    "CREATE TRIGGER editorial_searchtext_follows AFTER DELETE ON editorial_searchentry "
    "BEGIN DELETE FROM editorial_searchtext WHERE rowid = OLD.id; END",
)
_POSTGRES = (
    "ALTER TABLE editorial_searchentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_vector ON editorial_searchentry USING gin (vector)",
)


def make_room_for_words(apps, schema_editor):
    statements = _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def forget_words(apps, schema_editor):
    """PostgreSQL drops column and index with the table; SQLite the trigger."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE editorial_searchtext", params=None)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_no_deletion"), ("editorial", "0008_table_imports")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60, verbose_name="word")),
                ("is_stem", models.BooleanField(verbose_name="stem")),
                ("begins", models.CharField(max_length=2, verbose_name="beginning")),
                ("ends", models.CharField(max_length=2, verbose_name="end")),
                ("entries", models.PositiveIntegerField(verbose_name="entries")),
            ],
            options={
                "verbose_name": "search word",
                "verbose_name_plural": "search words",
                "ordering": ["word", "is_stem"],
                "indexes": [
                    models.Index(
                        models.F("begins"), condition=models.Q(("is_stem", False)), name="search_word_begins"
                    ),
                    models.Index(
                        models.F("ends"), condition=models.Q(("is_stem", False)), name="search_word_ends"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("word"), models.F("is_stem"), name="search_word_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("series", "series"),
                            ("character", "character"),
                            ("person", "person"),
                            ("source", "source"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("object_id", models.BigIntegerField(verbose_name="number")),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="editorial.edition",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=20, verbose_name="language")),
                ("year", models.PositiveSmallIntegerField(null=True, verbose_name="year")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="weight")),
                ("at", models.DateTimeField(null=True, verbose_name="at")),
                ("spoils", models.CharField(blank=True, max_length=120, verbose_name="spoils through")),
                ("series", models.JSONField(default=dict, verbose_name="series")),
                ("title", models.CharField(max_length=500, verbose_name="title")),
                (
                    "full_title",
                    models.CharField(blank=True, max_length=500, verbose_name="title that gives away"),
                ),
                ("names", models.TextField(blank=True, verbose_name="other names")),
                ("text", models.TextField(blank=True, verbose_name="text")),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "ordering": ["kind", "object_id"],
                "constraints": [
                    models.UniqueConstraint(models.F("kind"), models.F("object_id"), name="search_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition__isnull", False), ("kind", "article")),
                            models.Q(
                                models.Q(("kind", "article"), _negated=True), ("edition__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="search_entry_of_article_has_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["article", "series", "character", "person", "source"])
                        ),
                        name="search_entry_kind_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(make_room_for_words, forget_words),
    ]
