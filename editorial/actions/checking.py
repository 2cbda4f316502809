"""A fact-checker's word on one sentence: it holds, or it does not and why."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.examining import examine_revision
from editorial.actions.locking import allow, lock_as_looked_at
from editorial.actions.refusals import RemarkRefused
from editorial.actions.reviewing import may_take, open_review
from editorial.checking import digests_of
from editorial.models import Article, SentenceVerdict, Step


@transaction.atomic
def check_sentence(
    *,
    user: AbstractBaseUser,
    article: Article,
    step: Step,
    looked_at: int,
    digest: str,
    mark: str,
    comment: str = "",
) -> SentenceVerdict:
    """Record a verdict on the sentence with this digest (`editorial.checking`) at the step that waits.

    Raises what an approval raises (PermissionDenied, TransitionRefused, StaleArticle), and RemarkRefused when
    the sentence or what it rests on has changed, or when it is not said what is wrong.
    """
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "approve", article)
    examined = examine_revision(article, revision)
    submission, state = open_review(article, revision, examined)
    may_take(user, article, submission, state, step)
    line = digests_of(revision.content, examined.coverage, examined.evidence).get(digest)
    if line is None:
        raise RemarkRefused(gettext("This sentence, or what it rests on, has changed. Look at it again."))
    comment = comment.strip()
    if mark == SentenceVerdict.Mark.WRONG and not comment:
        raise RemarkRefused(gettext("Say what is wrong with the sentence."))
    verdict = SentenceVerdict.objects.create(
        step=step,
        revision=revision,
        sentence_sha256=digest,
        sentence=line.text,
        mark=mark,
        comment=comment,
        user=user,
        at=timezone.now(),
    )
    data = {"revision": revision.number, "step": step.name, "sentence": line.text, "comment": comment}
    held = mark == SentenceVerdict.Mark.HOLDS
    verb = "article.sentence_held" if held else "article.sentence_wrong"
    audit.record(user=user, verb=verb, target=article, data=data)
    return verdict
