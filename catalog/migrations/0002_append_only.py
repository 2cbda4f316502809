from django.db import migrations

from catalog.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        freeze(
            "catalog",
            "Snapshot",
            ["source", "sha256", "length", "captured_at", "captured_by", "method"],
            fill_once=("text",),
        ),
        # The key of a passage: other documents name it.
        freeze("catalog", "Passage", ["source", "number"]),
    ]
