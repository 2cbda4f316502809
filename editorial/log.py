"""The history of an article as its page tells it: newest first, verdicts in a row told once."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType

from editorial.models import Article, AuditEntry

# There is one for every sentence, and they would hide everything else.
_MANY = "article.sentence_held"


def history_of(article: Article, limit: int) -> list[AuditEntry]:
    """At most `limit` entries, each with `times`: how often in a row the person did it. One query.

    It looks at ten times as many rows, so that a checked text does not push its submission out of sight.
    """
    content_type = ContentType.objects.get_for_model(Article)
    entries = AuditEntry.objects.filter(target_type=content_type, target_id=str(article.pk))
    told: list[AuditEntry] = []
    for entry in entries.order_by("-at", "-pk")[: 10 * limit]:
        last = told[-1] if told else None
        if last and entry.verb == last.verb == _MANY and entry.actor_label == last.actor_label:
            last.times += 1
        else:
            entry.times = 1
            told.append(entry)
    return told[:limit]
