"""Corrections that readers see, and retractions that leave a page in the place of the text."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from editorial import audit
from editorial.actions.embargoes import refuse_before_embargo
from editorial.actions.examining import examine_revision
from editorial.actions.locking import allow, lock_as_looked_at
from editorial.actions.publishing import make_edition, overtake_schedule, refuse_unless_ready, take_away
from editorial.models import Article, ArticleStatus, Correction, CorrectionKind


@transaction.atomic
def correct_article(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    looked_at: int | None,
    kind: CorrectionKind | str,
    note: str,
) -> Correction:
    """Publish the newest revision over what readers have, with a note of `kind` that ties the two together.

    Raises as `editorial.actions.publish_article` does, and TransitionRefused without a live edition or a
    note. A retraction is no correction: see `retract_article`.
    """
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "correct", article, note)
    refuse_before_embargo(article)
    examined = examine_revision(article, revision)
    refuse_unless_ready(user, article, revision, examined)
    overtake_schedule(article)
    replaced = article.editions.live().get()
    edition = make_edition(article, revision, examined)
    correction = Correction.objects.create(
        article=article,
        kind=kind,
        replaced=replaced,
        edition=edition,
        note=note.strip(),
        by=user,
        at=edition.published_at,
    )
    data = {"revision": revision.number, "edition": edition.number, "kind": str(kind), "comment": note}
    audit.record(user=user, verb="article.corrected", target=article, data=data)
    return correction


@transaction.atomic
def retract_article(
    *, user: AbstractBaseUser | None, article: Article, looked_at: int | None, reason: str
) -> Correction:
    """Take the text back for good: its address says that and why. A running review and schedules end."""
    lock_as_looked_at(article, looked_at)
    allow(user, "retract", article, reason)
    replaced = article.editions.live().get()
    take_away(article, ArticleStatus.RETRACTED)
    correction = Correction.objects.create(
        article=article,
        kind=CorrectionKind.RETRACTION,
        replaced=replaced,
        note=reason.strip(),
        by=user,
        at=timezone.now(),
    )
    data = {"edition": replaced.number, "reason": reason}
    audit.record(user=user, verb="article.retracted", target=article, data=data)
    return correction
