"""What readers get and lose: editions made, ended, retracted."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.evidence import evidence_of
from catalog.former import each_by_slug
from catalog.models import Passage, Source
from editorial import audit
from editorial.actions.embargoes import refuse_before_embargo
from editorial.actions.examining import Examined, examine_revision
from editorial.actions.locking import allow, is_staged, lock_as_looked_at
from editorial.actions.refusals import PublicationRefused, TransitionRefused
from editorial.actions.reviewing import end_review, open_review, set_status
from editorial.indexing import index_article
from editorial.mentioning import label_of
from editorial.mentions import mentioned_in
from editorial.models import (
    Article,
    ArticleStatus,
    Bylined,
    Contributor,
    DueItem,
    DueOutcome,
    DueVerb,
    Edition,
    Footnote,
    Mention,
    Pictured,
    Revision,
    SubmissionOutcome,
)
from editorial.overrides import holding_back
from editorial.problems import Problem
from editorial.prose.compile import Compiled, compile_body
from editorial.quoting import shows
from editorial.reviews import ReviewState, review_state
from editorial.revisions import original_of
from editorial.workflow import Gate


@transaction.atomic
def publish_article(
    *, user: AbstractBaseUser | None, article: Article, looked_at: int | None = None
) -> Edition:
    """Freeze the article's newest revision as an edition and give it to readers, ending the one they had.

    `user=None` is the command line; `looked_at` is the number of the revision that a person decided on.
    Publishing what is live already returns the live edition, unless an excerpt that it shows has been changed
    since: then the same revision is published again. Where the kind of article has stages, only what their
    approvals were given for goes out. Raises PermissionDenied, TransitionRefused, StaleArticle
    when somebody saved since, and PublicationRefused with every problem found; then nothing is written.
    """
    revision = lock_as_looked_at(article, looked_at)
    live = article.editions.live().first()
    again = live is not None and live.revision_id == revision.pk
    allow(user, "republish" if again else "publish", article)
    if again and shows_present_excerpts(live):
        return live
    refuse_before_embargo(article)
    examined = examine_revision(article, revision)
    refuse_unless_ready(user, article, revision, examined, again=again)
    overtake_schedule(article)
    edition = make_edition(article, revision, examined)
    data = {"revision": revision.number, "edition": edition.number, "footnotes": edition.footnotes.count()}
    audit.record(user=user, verb="article.published", target=article, data=data)
    return edition


@transaction.atomic
def unpublish_article(
    *, user: AbstractBaseUser | None, article: Article, looked_at: int | None, reason: str
) -> None:
    """End what readers have; the address then answers “gone”. A running review and every schedule end too."""
    lock_as_looked_at(article, looked_at)
    allow(user, "unpublish", article, reason)
    take_away(article, ArticleStatus.DRAFT)
    audit.record(user=user, verb="article.unpublished", target=article, data={"reason": reason})


@transaction.atomic
def archive_article(*, user: AbstractBaseUser | None, article: Article, looked_at: int | None) -> None:
    """Put a draft away that readers never get."""
    lock_as_looked_at(article, looked_at)
    allow(user, "archive", article)
    set_status(article, ArticleStatus.ARCHIVED)
    audit.record(user=user, verb="article.archived", target=article)


@transaction.atomic
def reopen_article(*, user: AbstractBaseUser | None, article: Article, looked_at: int | None) -> None:
    """Make an archived or retracted article a draft again. What readers see of it stays as it is."""
    lock_as_looked_at(article, looked_at)
    allow(user, "reopen", article)
    set_status(article, ArticleStatus.DRAFT)
    audit.record(user=user, verb="article.reopened", target=article)


def refuse_unless_ready(
    user: AbstractBaseUser | None,
    article: Article,
    revision: Revision,
    examined: Examined,
    *,
    again: bool = False,
) -> None:
    """Raises PublicationRefused with the problems of the text and with what its review lacks.

    Until the transaction ends nobody else publishes, and so adds to, what is quoted of the same sources.
    `again` is for a revision that readers have: the approvals that it went out with must still hold.
    """
    _lock_sources(examined.passages)
    found = [
        *examined.problems,
        *address_problems(article, revision),
        *_review_problems(article, revision, examined, again=again),
    ]
    if problems := holding_back(user, article, Gate.PUBLICATION, found):
        raise PublicationRefused(problems)


def address_problems(article: Article, revision: Revision) -> list[Problem]:
    """That readers have another article where this revision would be."""
    content = revision.content
    there = Edition.objects.at_address(content["kind"], content["slug"]).exclude(article=article).first()
    if there is None:
        return []
    message = gettext(
        "Readers have “%(title)s” at this address. Choose another slug, or publish its draft first."
    )
    return [Problem("address-taken", message % {"title": there.article})]


def make_edition(article: Article, revision: Revision, examined: Examined) -> Edition:
    """Give readers this revision. The caller has locked the article and asked everything."""
    compiled = compile_body(
        examined.body,
        language=examined.language,
        evidence={key: evidence_of(passage) for key, passage in examined.passages.items()},
        embeds=examined.embeds,
    )
    edition = _write_edition(article, revision, compiled, examined)
    _picture(edition, examined)
    _name_people(edition)
    end_review(article, SubmissionOutcome.PUBLISHED)
    newest = article.revisions.newest()
    # Whoever wrote on after the approved revision has a draft over it.
    set_status(article, ArticleStatus.PUBLISHED if newest == revision else ArticleStatus.DRAFT)
    index_article(article)
    return edition


def cancel_due(article: Article, *verbs: str) -> None:
    """Close what is still due for the article without doing it."""
    open_items = article.due_items.filter(verb__in=verbs, closed_at=None)
    open_items.update(closed_at=timezone.now(), outcome=DueOutcome.CANCELLED)


def overtake_schedule(article: Article) -> None:
    """Close the schedule that a person's publication comes before; the end that it would have set stays."""
    scheduled = article.due_items.filter(verb=DueVerb.PUBLISH, closed_at=None).first()
    if scheduled is None:
        return
    cancel_due(article, DueVerb.PUBLISH)
    if scheduled.ends_at is not None and scheduled.ends_at > timezone.now():
        leave_at(article, scheduled)


def leave_at(article: Article, scheduled: DueItem) -> None:
    """Let what readers get leave the site when its schedule says, instead of at any earlier word of it."""
    cancel_due(article, DueVerb.EXPIRE)
    DueItem.objects.create(
        article=article, verb=DueVerb.EXPIRE, due_at=scheduled.ends_at, scheduled_by=scheduled.scheduled_by
    )


def take_away(article: Article, status: ArticleStatus) -> None:
    """End what readers have, and everything that was on its way to them."""
    article.editions.live().update(ended_at=timezone.now())
    cancel_due(article, "publish", "expire")
    end_review(article, SubmissionOutcome.WITHDRAWN)
    set_status(article, status)
    index_article(article)


def _review_problems(
    article: Article, revision: Revision, examined: Examined, *, again: bool
) -> list[Problem]:
    if again:
        submission = article.submissions.filter(outcome=SubmissionOutcome.PUBLISHED).first()
        if submission is None:
            return []
        state = review_state(submission, revision.content_hash, examined.evidence)
    else:
        try:
            _submission, state = open_review(article, revision, examined)
        except TransitionRefused as refusal:
            return [Problem("not-reviewed", str(refusal))] if is_staged(article) else []
    return [] if state.is_complete else [_what_is_missing(state)]


def review_problems_of_scheduled(article: Article, revision: Revision, examined: Examined) -> list[Problem]:
    """What moved since the approvals that the revision was scheduled with; nothing without a review."""
    submission = article.submissions.filter(ended_at=None).first()
    if submission is None:
        return []
    state = review_state(submission, revision.content_hash, examined.evidence)
    return [] if state.is_complete else [_what_is_missing(state)]


def shows_present_excerpts(edition: Edition) -> bool:
    """Whether the edition shows the excerpts of its footnotes as they are now."""
    return all(shows(edition, note.passage) for note in edition.footnotes.select_related("passage"))


def _lock_sources(passages: Mapping[str, Passage]) -> None:
    pks = {passage.source_id for passage in passages.values()}
    list(Source.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _what_is_missing(state: ReviewState) -> Problem:
    step = state.current
    moved = step.needs_recheck
    if not moved:
        message = gettext("The review is not complete: “%(step)s” is missing.")
        return Problem("not-reviewed", message % {"step": step.step.name})
    what = ", ".join(moved[0].drift.evidence) or gettext("the text")
    message = gettext("The approval of %(person)s needs a re-check. What changed since: %(what)s.")
    return Problem("needs-recheck", message % {"person": label_of(moved[0].approval.user), "what": what})


def _write_edition(article: Article, revision: Revision, compiled: Compiled, examined: Examined) -> Edition:
    now = timezone.now()
    article.editions.live().update(ended_at=now)
    first = article.editions.order_by("number").first()
    last = article.editions.order_by("-number").values_list("number", flat=True).first() or 0
    draft, content = examined.draft, revision.content
    edition = Edition.objects.create(
        article=article,
        revision=revision,
        number=last + 1,
        html=compiled.html,
        published_at=now,
        kind=content["kind"],
        slug=content["slug"],
        language=draft.language,
        first_published_at=first.published_at if first else now,
        series=draft.series or (draft.season.series if draft.season else None),
        season=draft.season,
        original=original_of(content),
    )
    # A table embedded in the text brings passages of its own.
    embedded = Passage.objects.by_key(set(compiled.passages) - examined.passages.keys())
    cited = {**examined.passages, **embedded}
    Footnote.objects.bulk_create(
        Footnote(edition=edition, number=number, passage=cited[key])
        for number, key in enumerate(compiled.passages, start=1)
    )
    return edition


def _name_people(edition: Edition) -> None:
    """Name whom the edition's byline has, and whose pages its text leads to."""
    byline = each_by_slug(Contributor, edition.revision.content["contributors"])
    Bylined.objects.bulk_create(
        Bylined(edition=edition, contributor=one, position=position) for position, one in enumerate(byline)
    )
    people, characters = mentioned_in(edition.html)
    Mention.objects.bulk_create(
        [
            *(Mention(edition=edition, person=one) for one in people),
            *(Mention(edition=edition, character=one) for one in characters),
        ]
    )


def _picture(edition: Edition, examined: Examined) -> None:
    """Name every photo that the edition shows: in its text, and beside its headline."""
    photos = sorted(examined.photos, key=lambda photo: photo.slug)
    Pictured.objects.bulk_create(Pictured(edition=edition, photo=photo) for photo in photos)
