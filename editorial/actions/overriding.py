"""Letting a text go out in spite of a warning, with the reason."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.examining import examine_revision
from editorial.actions.locking import lock_as_looked_at
from editorial.actions.refusals import TransitionRefused
from editorial.models import Article, Override
from editorial.overrides import overrides_of
from editorial.workflow import PUBLISH


@transaction.atomic
def override_warning(
    *, user: AbstractBaseUser, article: Article, looked_at: int, code: str, where: str, reason: str
) -> Override:
    """Let this warning keep the article back no longer, in this revision and in later ones.

    Once what it is about has changed, the checks ask again. A warning that is overridden already stays as it
    is. Raises PermissionDenied without the right to publish, StaleArticle, and TransitionRefused without a
    reason, for an error and for a warning that is not there.
    """
    revision = lock_as_looked_at(article, looked_at)
    if not user.has_perm(PUBLISH):
        raise PermissionDenied(gettext("Your account may not do this. Ask an editor or an administrator."))
    if not reason.strip():
        raise TransitionRefused("asked", gettext("Give the reason: it is kept in the history."))
    found = {problem.key: problem for problem in examine_revision(article, revision).problems}
    problem = found.get((code, where))
    if problem is None:
        raise TransitionRefused("gone", gettext("The checks do not find this any more. Look again."))
    if not problem.is_warning:
        raise TransitionRefused("level", gettext("Nobody can override an error. It has to be mended."))
    if problem.key in (given := overrides_of(article)):
        return given[problem.key]
    override = Override.objects.create(
        article=article,
        revision=revision,
        code=code,
        where=where,
        reason=reason.strip(),
        user=user,
        at=timezone.now(),
    )
    data = {"revision": revision.number, "code": code, "where": where, "what": problem.message}
    audit.record(
        user=user,
        verb="article.warning_overridden",
        target=article,
        data={**data, "reason": override.reason},
    )
    return override
