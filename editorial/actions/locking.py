"""What every write to an article begins with: its row locked, its newest revision, the person's rights."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied

from editorial.actions.refusals import StaleArticle, TransitionRefused
from editorial.models import Article, ArticleStatus, Revision, Stage
from editorial.workflow import TRANSITIONS, refusal


def lock_and_find_newest(article: Article) -> Revision | None:
    """The newest revision, with the article's row locked until the transaction ends."""
    if article.pk is None:
        return None
    Article.objects.select_for_update().get(pk=article.pk)
    return article.revisions.newest()


def lock_as_looked_at(article: Article, looked_at: int | None) -> Revision:
    """The newest revision of the locked article, which a person looked at; the article is read anew.

    Raises StaleArticle when it is another one, or when the article was never saved.
    """
    newest = lock_and_find_newest(article)
    if newest is None or looked_at not in (None, newest.number):
        raise StaleArticle(newest)
    article.refresh_from_db()
    return newest


def allow(user: AbstractBaseUser | None, verb: str, article: Article, given: str = "") -> None:
    """Raises PermissionDenied, or TransitionRefused, unless the table allows this transition now."""
    refused = refusal(
        verb,
        status=article.status,
        permissions=permissions_of(user, verb),
        own=is_own(article, user),
        live=article.pk is not None and article.editions.live().exists(),
        staged=is_staged(article),
        given=given,
    )
    if refused is None:
        return
    if refused.code == "permission":
        raise PermissionDenied(refused.message)
    raise TransitionRefused(refused.code, refused.message)


def may_save(user: AbstractBaseUser, article: Article) -> bool:
    """Whether the table lets this person save the article's text now."""
    return _may("save", user, article)


def may_plan(user: AbstractBaseUser, article: Article) -> bool:
    """Whether it lets them plan the article."""
    return _may("plan", user, article)


def may_write(user: AbstractBaseUser | None, article: Article) -> bool:
    """Whether this person may save the article's text while it is open, whatever became of it meanwhile."""
    return _may("save", user, article, status=ArticleStatus.DRAFT)


def _may(verb: str, user: AbstractBaseUser | None, article: Article, status: str = "") -> bool:
    refused = refusal(
        verb,
        status=status or article.status,
        permissions=permissions_of(user, verb),
        own=is_own(article, user),
        live=False,
    )
    return refused is None


def permissions_of(user: AbstractBaseUser | None, *verbs: str) -> set[str] | None:
    """Which of the permissions that these transitions ask for the person has; None for the machine."""
    if user is None:
        return None
    wanted = {name for verb in verbs for name in (*TRANSITIONS[verb].own, *TRANSITIONS[verb].others)}
    return {name for name in wanted if user.has_perm(name)}


def is_own(article: Article, user: AbstractBaseUser | None) -> bool:
    """Whether the text is this person's: new, written by them, under their name, or given to them."""
    if user is None or article.pk is None:
        return True
    return (
        article.assignee_id == user.pk
        or article.contributors.filter(user=user).exists()
        or article.revisions.filter(author=user).exists()
    )


def is_staged(article: Article) -> bool:
    """Whether articles of this kind go through a review."""
    return Stage.objects.filter(kind=article.kind, is_active=True).exists()
