from django.db import migrations

from catalog.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_initial")]

    operations = [
        freeze(
            "editorial",
            "Revision",
            ["article", "number", "based_on", "author", "content", "content_hash", "created_at"],
        ),
        freeze(
            "editorial",
            "Edition",
            ["article", "revision", "number", "html", "published_at"],
            fill_once=("ended_at",),
        ),
        freeze("editorial", "Footnote", ["edition", "number", "passage"]),
        freeze(
            "editorial",
            "AuditEntry",
            ["actor", "actor_label", "verb", "target_type", "target_id", "target_label", "data", "at"],
        ),
    ]
