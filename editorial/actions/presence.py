"""Who has the page of an article open: each person's own sign, no revision, no audit row."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext

from editorial.actions.locking import may_save
from editorial.models import Article, Presence

KEPT = datetime.timedelta(days=1)  # signs that are older are of no use to anybody


def note_presence(*, user: AbstractBaseUser, article: Article) -> None:
    """This person has the page open now. Old signs, whoever's, are cleared away in passing.

    One statement, so that two tabs of one person cannot collide. Raises PermissionDenied when the person may
    not save the article.
    """
    if not may_save(user, article):
        raise PermissionDenied(gettext("You may not save this article."))
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(article=article, user=user, at=now)],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["at"],
    )
    Presence.objects.filter(at__lt=now - KEPT).delete()


def forget_presence(*, user: AbstractBaseUser, article: Article) -> None:
    """This person has closed the page."""
    Presence.objects.filter(user=user, article=article).delete()
