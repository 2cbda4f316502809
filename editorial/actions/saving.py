"""Saving an article: one revision for every change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.commenting import follow_comments
from editorial.actions.examining import examine_revision
from editorial.actions.locking import allow, lock_and_find_newest, may_write
from editorial.actions.planning import remind_of_review
from editorial.actions.refusals import StaleArticle, TransitionRefused
from editorial.actions.rendering import keep_rendering
from editorial.actions.reviewing import set_status, settle
from editorial.models import Article, ArticleStatus, Contribution, Contributor, Edition, Revision
from editorial.prose.document import sanitise
from editorial.revisions import RESTORED, content_hash, content_of, records_named

# What an article says of its way to its readers and of who works on it, which a save leaves alone.
DECIDED = ("status", "publish_at", "expire_at", "embargo_until", "assignee_id", "due")


@transaction.atomic
def save_article(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    based_on: int | None,
    contributors: Sequence[Contributor] | None = None,
    note: str = "",
) -> Revision | None:
    """Save the article and, if its content changed, a revision of it; None when nothing did.

    `based_on` is the number of the revision that the text was edited from, None for a new article.
    `contributors` replaces the byline; without it the byline stays. `note` says what changed and why; it is
    the revision's, not part of its content. The body is sanitised. A change of what
    is published is a draft over it, one of what is in review puts its approvals in doubt. A new kind or slug
    moves the page when the draft is published, not before. Raises PermissionDenied, StaleArticle and, where
    readers have another article at that address, TransitionRefused; then nothing is written.
    """
    newest = lock_and_find_newest(article)
    if (newest.number if newest else None) != based_on:
        raise StaleArticle(newest)
    article.body = sanitise(article.body)
    _refuse_an_address_of_another(article)
    review_by = _leave_what_is_decided(article)
    allow(user, "save", article)
    article.save()
    if article.review_by != review_by:
        remind_of_review(article, user, before=review_by)
    if contributors is not None:
        _set_byline(article, contributors)
    revision = _write_revision(user, article, newest, note.strip())
    if revision is not None:
        follow_comments(article, revision)
        _put_in_its_place(article, revision)
    return revision


def _leave_what_is_decided(article: Article) -> datetime.date | None:
    """Give the article what was decided of it elsewhere; the date of its review that it had."""
    if article.pk is None:
        return None
    decided = Article.objects.values(*DECIDED, "review_by").get(pk=article.pk)
    review_by = decided.pop("review_by")
    for name, value in decided.items():
        setattr(article, name, value)
    return review_by


def _refuse_an_address_of_another(article: Article) -> None:
    if taken := taken_address(article):
        raise TransitionRefused("address", taken)


def taken_address(article: Article) -> str:
    """Why the article cannot have its kind and slug: readers have another one there. "" when it can."""
    there = Edition.objects.at_address(article.kind, article.slug).exclude(article=article.pk).first()
    if there is None:
        return ""
    message = gettext(
        "Readers have “%(title)s” at this address until its draft is published. Choose another slug, or "
        "publish that draft first."
    )
    return message % {"title": there.article}


def _next_number(article: Article) -> int:
    """Strays have numbers too."""
    return (article.revisions.aggregate(highest=models.Max("number"))["highest"] or 0) + 1


@transaction.atomic
def restore_revision(
    *, user: AbstractBaseUser | None, article: Article, revision: Revision, based_on: int | None
) -> Revision | None:
    """Make the text of an earlier revision, or of a stray, the article's again: a new revision.

    The slug and the kind stay, because they are the page's address. What the revision names and is no
    longer there is left out. Raises as `save_article` does; None when the text is the same already.
    """
    article.refresh_from_db()
    found = records_named(revision.content)
    for name in RESTORED:
        setattr(article, name, revision.content[name])
    for name, record in found.relations.items():
        setattr(article, name, record)
    saved = save_article(
        user=user,
        article=article,
        based_on=based_on,
        contributors=found.contributors,
        note=gettext("Revision %(number)d restored") % {"number": revision.number},
    )
    if saved is not None:
        data = {"revision": saved.number, "restored": revision.number}
        audit.record(user=user, verb="article.restored", target=article, data=data)
    return saved


@transaction.atomic
def keep_stray(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    based_on: int | None,
    contributors: Iterable[Contributor],
    note: str = "",
) -> Revision:
    """Keep a text that came too late as a revision of its own, which nobody publishes. Once, however often
    it is sent. `article` holds what the person sent; it is not saved, and may have been closed meanwhile.
    `user=None` is the command line. Raises PermissionDenied.
    """
    lock_and_find_newest(article)
    if not may_write(user, article):
        raise PermissionDenied(gettext("You may not save this article."))
    article.body = sanitise(article.body)
    content = content_of(article, [one.slug for one in contributors])
    digest = content_hash(content)
    there = article.revisions.filter(is_stray=True, author=user, content_hash=digest).first()
    if there is not None:
        return there
    stray = Revision.objects.create(
        article=article,
        number=_next_number(article),
        based_on=article.revisions.filter(number=based_on).first(),
        author=user,
        content=content,
        content_hash=digest,
        created_at=timezone.now(),
        note=note.strip(),
        is_stray=True,
    )
    keep_rendering(stray)
    audit.record(user=user, verb="article.stray_kept", target=article, data={"revision": stray.number})
    return stray


def _put_in_its_place(article: Article, revision: Revision) -> None:
    """The status of an article whose text has just changed."""
    if article.status == ArticleStatus.PUBLISHED:
        set_status(article, ArticleStatus.DRAFT)
    elif article.status in (ArticleStatus.IN_REVIEW, ArticleStatus.APPROVED):
        submission = article.submissions.get(ended_at=None)
        settle(article, submission, revision, examine_revision(article, revision))


def _set_byline(article: Article, contributors: Sequence[Contributor]) -> None:
    """Rows of those who stay are kept."""
    there = {row.contributor_id: row for row in article.contributions.all()}
    for position, contributor in enumerate(contributors):
        row = there.pop(contributor.pk, None)
        if row is None:
            Contribution.objects.create(article=article, contributor=contributor, position=position)
        elif row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    article.contributions.filter(pk__in=[row.pk for row in there.values()]).delete()


def _write_revision(
    user: AbstractBaseUser | None, article: Article, newest: Revision | None, note: str
) -> Revision | None:
    byline = article.contributions.order_by("position", "pk").values_list("contributor__slug", flat=True)
    content = content_of(article, list(byline))
    digest = content_hash(content)
    if newest is not None and newest.content_hash == digest:
        return None
    revision = Revision.objects.create(
        article=article,
        number=_next_number(article),
        based_on=newest,
        author=user,
        content=content,
        content_hash=digest,
        created_at=timezone.now(),
        note=note,
    )
    keep_rendering(revision)
    data = {"revision": revision.number} | ({"comment": note} if note else {})
    audit.record(user=user, verb="article.saved", target=article, data=data)
    return revision
