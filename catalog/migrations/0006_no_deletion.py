"""Texts as they were captured, what became of their passages, and what was decided: kept by the database."""

from django.db import migrations

from catalog.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_gives_away")]

    operations = [keep("catalog", name) for name in ("Snapshot", "Recapture", "Reanchoring", "Decision")]
