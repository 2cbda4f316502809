"""Writing the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from editorial.indexing import index_what_concerns
from editorial.models import Article, AuditEntry
from editorial.telling import tell

SYSTEM = "system"


def record(
    *,
    user: AbstractBaseUser | None,
    verb: str,
    target: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """One audit entry for an action that just happened; whom it concerns is told, and the search follows what
    was written in the catalog. `user=None` is the machine itself.
    """
    entry = AuditEntry.objects.create(
        actor=user,
        actor_label=SYSTEM if user is None else user.get_full_name() or user.get_username(),
        verb=verb,
        target_type=None if target is None else ContentType.objects.get_for_model(target),
        target_id="" if target is None else str(target.pk),
        target_label="" if target is None else str(target)[:300],
        data=data or {},
        at=timezone.now(),
    )
    if isinstance(target, Article):
        tell(entry, target)
    elif target is not None:
        index_what_concerns(target)
    return entry
