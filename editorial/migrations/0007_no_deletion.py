"""No row of history is deleted, by whatever code; and who gave a text into review stays what it was."""

from django.db import migrations

from catalog.append_only import freeze, keep

KEPT = [
    "AuditEntry",
    "Revision",
    "Rendering",
    "Edition",
    "Footnote",
    "Pictured",
    "Correction",
    "Submission",
    "Step",
    "Approval",
    "SentenceVerdict",
    "Override",
]


class Migration(migrations.Migration):
    dependencies = [("editorial", "0006_desk_rows")]

    operations = [
        *(keep("editorial", name) for name in KEPT),
        freeze(
            "editorial",
            "Submission",
            ["article", "revision", "submitted_by", "submitted_at", "note"],
            fill_once=("ended_at",),
        ),
    ]
