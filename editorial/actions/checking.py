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
from editorial.checking import digests_of, held_before, verdicts_on
from editorial.models import Article, Revision, SentenceVerdict, Step
from editorial.prose.walk import Line


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
    revision, standing = _standing(user, article, step, looked_at)
    line = standing.get(digest)
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


@transaction.atomic
def keep_verdicts(*, user: AbstractBaseUser, article: Article, step: Step, looked_at: int) -> int:
    """Say of every sentence that held at this step of an earlier review, and did not change since, that it
    holds. How many there were. Raises as an approval does.
    """
    revision, standing = _standing(user, article, step, looked_at)
    held = held_before(verdicts_on(article), step, standing)
    SentenceVerdict.objects.bulk_create(
        SentenceVerdict(
            step=step,
            revision=revision,
            sentence_sha256=one.sentence_sha256,
            sentence=one.sentence,
            mark=SentenceVerdict.Mark.HOLDS,
            user=user,
            at=timezone.now(),
        )
        for one in held
    )
    if held:
        data = {"revision": revision.number, "step": step.name, "sentences": [one.sentence for one in held]}
        audit.record(user=user, verb="article.verdicts_kept", target=article, data=data)
    return len(held)


def _standing(
    user: AbstractBaseUser, article: Article, step: Step, looked_at: int
) -> tuple[Revision, dict[str, Line]]:
    """The locked revision and its sentences by their digests, for who may take the step."""
    revision = lock_as_looked_at(article, looked_at)
    allow(user, "approve", article)
    examined = examine_revision(article, revision)
    submission, state = open_review(article, revision, examined)
    may_take(user, article, submission, state, step)
    return revision, digests_of(revision.content, examined.coverage, examined.evidence)
