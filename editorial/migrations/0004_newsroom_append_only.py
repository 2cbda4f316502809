from django.db import migrations

from catalog.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_newsroom")]

    operations = [
        freeze(
            "editorial",
            "Approval",
            ["step", "revision", "user", "verdict", "comment", "content_hash", "evidence", "evidence_hash", "at"],
        ),
        freeze(
            "editorial",
            "Step",
            ["submission", "position", "name", "group_name", "four_eyes", "approvals_needed"],
        ),
        freeze(
            "editorial", "Correction", ["article", "kind", "replaced", "edition", "note", "by", "at"]
        ),
        freeze(
            "editorial", "Override", ["article", "revision", "code", "where", "reason", "user", "at"]
        ),
        freeze(
            "editorial",
            "SentenceVerdict",
            ["step", "revision", "sentence_sha256", "sentence", "mark", "comment", "user", "at"],
        ),
        freeze(
            "editorial",
            "PreviewLink",
            ["revision", "created_by", "created_at", "expires_at", "html"],
            fill_once=("revoked_at",),
        ),
    ]
