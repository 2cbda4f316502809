"""Comments on words of a draft: made, answered, resolved, opened again, taken along when the text is saved.

Whoever may look at articles may comment and resolve. What was said is never changed nor deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.locking import lock_and_find_newest
from editorial.actions.refusals import RemarkRefused
from editorial.mentioning import label_of, mentioned_in, who_sees_articles
from editorial.models import Article, Comment, CommentState, Revision
from editorial.prose.following import Mark, follow
from editorial.prose.walk import plain_text


@transaction.atomic
def comment_on(
    *,
    user: AbstractBaseUser,
    article: Article,
    looked_at: int,
    text: str,
    start: int | None = None,
    end: int | None = None,
    mentions: Collection[AbstractBaseUser] = (),
) -> Comment:
    """Remark on `[start:end]` of the plain text (`editorial.prose.walk`) of the revision that the person
    looked at; without a place, on the whole text.

    Whoever saved since, the comment follows its words to the newest revision. `mentions` were picked from a
    list; those whom the text names with `@` are added. Raises PermissionDenied and RemarkRefused.
    """
    newest = lock_and_find_newest(article)
    require_reader(user)
    revision = article.revisions.on_line().filter(number=looked_at).first()
    if newest is None or revision is None:
        raise RemarkRefused(gettext("The article has no such revision. Load the page again."))
    exact = ""
    if start is not None and end is not None:
        start, end = _words_within(plain_text(revision.content), start, end)
        exact = plain_text(revision.content)[start:end]
    comment = _write(user, article, text, mentions, revision=revision, start=start, end=end, exact=exact)
    if exact and revision != newest:
        _take_along([comment], newest)
    _record(user, "article.commented", comment)
    return comment


@transaction.atomic
def reply_to(
    *,
    user: AbstractBaseUser,
    comment: Comment,
    text: str,
    mentions: Collection[AbstractBaseUser] = (),
) -> Comment:
    """Answer a comment; an answer to an answer stands below the same comment. Raises as `comment_on` does."""
    newest = lock_and_find_newest(comment.article)
    require_reader(user)
    first = comment.parent or comment
    reply = _write(user, first.article, text, mentions, parent=first, revision=newest, exact="")
    _record(user, "article.comment_answered", reply)
    return reply


@transaction.atomic
def resolve_comment(*, user: AbstractBaseUser, comment: Comment) -> None:
    """Say that a comment is dealt with; it stops following the text. Nothing when it is resolved already."""
    _lock(user, comment)
    if comment.parent_id is not None or comment.resolved_at is not None:
        return
    comment.resolved_at, comment.resolved_by = timezone.now(), user
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _record(user, "article.comment_resolved", comment)


@transaction.atomic
def reopen_comment(*, user: AbstractBaseUser, comment: Comment) -> None:
    """Open a resolved comment again, at its words as they stand now."""
    newest = _lock(user, comment)
    if comment.resolved_at is None:
        return
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    if newest is not None and comment.start is not None:
        _take_along([comment], newest)
    _record(user, "article.comment_reopened", comment)


def follow_comments(article: Article, revision: Revision) -> None:
    """Take the open comments along to a revision that was just saved. The caller has locked the article."""
    open_ones = article.comments.filter(parent=None, resolved_at=None, start__isnull=False)
    _take_along(list(open_ones), revision)


def may_comment(user: AbstractBaseUser) -> bool:
    """Whether the person may look at articles in the admin, and so comment on them."""
    may_look = user.has_perm("editorial.view_article") or user.has_perm("editorial.change_article")
    return bool(user.is_active and user.is_staff and may_look)


def require_reader(user: AbstractBaseUser) -> None:
    """Raises PermissionDenied for who may not comment."""
    if not may_comment(user):
        raise PermissionDenied(
            gettext("Your account may not look at articles, so it may not comment on them.")
        )


def _take_along(comments: list[Comment], newest: Revision) -> None:
    """Each from the last revision in which its words stood. Four queries at most."""
    by_revision: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.revision_id != newest.pk:
            by_revision.setdefault(comment.revision_id, []).append(comment)
    if not by_revision:
        return
    text = plain_text(newest.content)
    for revision in Revision.objects.filter(pk__in=by_revision):
        there = by_revision[revision.pk]
        marks = [Mark(comment.start, comment.end, comment.exact) for comment in there]
        for comment, place in zip(there, follow(plain_text(revision.content), text, marks), strict=True):
            comment.state = CommentState(place.state)
            if place.start is not None:
                comment.revision, comment.start, comment.end = newest, place.start, place.end
    moved = [comment for there in by_revision.values() for comment in there]
    Comment.objects.bulk_update(moved, ["revision", "start", "end", "state"])


def _words_within(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its edges. Raises RemarkRefused when it holds no word."""
    words = text[start:end] if 0 <= start < end <= len(text) else ""
    if not words.strip():
        raise RemarkRefused(gettext("Choose the words that the comment is about."))
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _write(
    user: AbstractBaseUser, article: Article, text: str, picked: Iterable[AbstractBaseUser], **place: object
) -> Comment:
    """The one place where something is said. Who cannot see the article is not mentioned."""
    text = text.strip()
    if not text:
        raise RemarkRefused(gettext("Write what you want to say."))
    comment = Comment.objects.create(
        article=article, author=user, author_label=label_of(user), text=text, at=timezone.now(), **place
    )
    people = list(who_sees_articles())
    seeing = {person.pk for person in people}
    named = [*picked, *mentioned_in(text, people)]
    comment.mentions.set({person for person in named if person.pk in seeing})
    return comment


def _lock(user: AbstractBaseUser, comment: Comment) -> Revision | None:
    """The newest revision, with the article locked and the comment read anew."""
    newest = lock_and_find_newest(comment.article)
    require_reader(user)
    comment.refresh_from_db()
    return newest


def _record(user: AbstractBaseUser, verb: str, comment: Comment) -> None:
    data = {"comment": comment.text, "on": comment.exact, "number": comment.pk}
    audit.record(user=user, verb=verb, target=comment.article, data=data)
