from django.db import migrations, models

from catalog.append_only import freeze
from catalog.folding import search_key


def number_passages(apps, schema_editor) -> None:
    """No number that a passage has is given again."""
    Source, Passage = apps.get_model("catalog", "Source"), apps.get_model("catalog", "Passage")
    highest = (
        Passage.objects.filter(source=models.OuterRef("pk"))
        .order_by("-number")
        .values("number")[:1]
    )
    Source.objects.filter(passages__isnull=False).update(last_number=models.Subquery(highest))


def make_passages_findable(apps, schema_editor) -> None:
    Passage = apps.get_model("catalog", "Passage")
    batch = []
    for passage in Passage.objects.only("exact", "excerpt").iterator(1000):
        passage.words_key = search_key(passage.exact or passage.excerpt)
        batch.append(passage)
        if len(batch) == 1000:
            Passage.objects.bulk_update(batch, ["words_key"])
            batch = []
    Passage.objects.bulk_update(batch, ["words_key"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_workbench")]

    operations = [
        migrations.RunPython(number_passages, migrations.RunPython.noop),
        migrations.RunPython(make_passages_findable, migrations.RunPython.noop),
        freeze("catalog", "Recapture", ["source", "snapshot", "at", "by"]),
        freeze(
            "catalog",
            "Reanchoring",
            [
                "recapture",
                "passage",
                "taken_from",
                "start",
                "end",
                "state",
                "new_start",
                "new_end",
                "similarity",
            ],
            fill_once=("resolved_at", "resolved_by"),
        ),
        freeze(
            "catalog",
            "Decision",
            ["content_type", "object_id", "field", "value", "reason", "overruled", "by", "at"],
        ),
    ]
