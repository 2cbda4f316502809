"""Preview links: made for one exact revision, and revoked."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.locking import lock_as_looked_at, may_save
from editorial.actions.refusals import TransitionRefused
from editorial.actions.rendering import rendered
from editorial.models import Article, PreviewLink, Rendering, Revision
from editorial.workflow import PUBLISH

LONGEST = datetime.timedelta(days=30)
USUAL = datetime.timedelta(days=7)


@transaction.atomic
def make_preview(
    *,
    user: AbstractBaseUser,
    article: Article,
    revision: Revision,
    expires_at: datetime.datetime | None = None,
) -> PreviewLink:
    """Let whoever has the address read this revision until `expires_at`, without it for a week.

    It shows the embedded tables as they were when the revision was saved. Raises PermissionDenied, and
    TransitionRefused when it would be valid for more than 30 days or not at all.
    """
    lock_as_looked_at(article, None)
    _allow(user, article)
    if revision.article_id != article.pk:
        raise TransitionRefused("revision", gettext("This revision belongs to another article."))
    now = timezone.now()
    expires_at = expires_at or now + USUAL
    if not now < expires_at <= now + LONGEST:
        raise TransitionRefused("expiry", gettext("A preview link is valid for 30 days at most."))
    kept = Rendering.objects.filter(revision=revision).first()
    link = PreviewLink.objects.create(
        revision=revision,
        created_by=user,
        created_at=now,
        expires_at=expires_at,
        html=rendered(revision) if kept is None else kept.html,
    )
    data = {"revision": revision.number, "preview": link.pk, "expires_at": expires_at.isoformat()}
    audit.record(user=user, verb="article.preview_made", target=article, data=data)
    return link


@transaction.atomic
def revoke_preview(*, user: AbstractBaseUser, link: PreviewLink) -> None:
    """End a preview link now; once. Raises PermissionDenied."""
    link = (
        PreviewLink.objects.select_for_update(of=["self"]).select_related("revision__article").get(pk=link.pk)
    )
    article = link.revision.article
    if link.created_by_id != user.pk:
        _allow(user, article)
    if link.revoked_at is not None:
        return
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    data = {"revision": link.revision.number, "preview": link.pk, "expires_at": link.expires_at.isoformat()}
    audit.record(user=user, verb="article.preview_revoked", target=article, data=data)


def may_preview(user: AbstractBaseUser, article: Article) -> bool:
    """Whether this person may show the article's text to people without an account."""
    return user.has_perm(PUBLISH) or may_save(user, article)


def _allow(user: AbstractBaseUser, article: Article) -> None:
    if not may_preview(user, article):
        raise PermissionDenied(gettext("Preview links are made by who may save the text or publish it."))
