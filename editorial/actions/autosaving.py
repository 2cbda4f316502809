"""What somebody is typing, kept a few seconds old in a table of its own: no revision, no audit row."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial.actions.locking import may_save
from editorial.models import Article, Autosave


@transaction.atomic
def keep_autosave(
    *,
    user: AbstractBaseUser,
    article: Article | None,
    based_on: int | None,
    content: Mapping[str, str],
) -> Autosave:
    """Keep a form's data, field by field, in the place of what this person had typed before.

    `article` is None for a text that was never saved, `based_on` the number of the revision that the form
    was opened from. Raises PermissionDenied when the person may not save the article.
    """
    if not may_save(user, article or Article()):
        raise PermissionDenied(gettext("You may not save this article."))
    kept, _created = Autosave.objects.update_or_create(
        user=user,
        article=article,
        defaults={"based_on": based_on, "content": dict(content), "at": timezone.now()},
    )
    return kept


def autosave_of(user: AbstractBaseUser, article: Article | None) -> Autosave | None:
    """What this person typed into the article's form and did not save."""
    return Autosave.objects.filter(user=user, article=article).first()


def drop_autosave(*, user: AbstractBaseUser, article: Article | None) -> None:
    """Forget what this person typed: it is saved, or not wanted."""
    Autosave.objects.filter(user=user, article=article).delete()
