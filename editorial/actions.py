"""The writes that mean something to an article: each asks, does, records, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.evidence import evidence_of
from catalog.models import Passage, Source
from editorial import audit
from editorial.checks import Problem, blocking
from editorial.embeds import load_embeds
from editorial.models import Article, ArticleStatus, Contribution, Contributor, Edition, Footnote, Revision
from editorial.prose.compile import Compiled, compile_body
from editorial.prose.coverage import Coverage, cover
from editorial.prose.document import sanitise
from editorial.prose.embeds import Embed
from editorial.quoting import added_by, shows
from editorial.revisions import content_hash, content_of


class StaleArticle(Exception):
    """Somebody saved since this text was opened. `newest` is their revision, or None if there is none."""

    def __init__(self, newest: Revision | None) -> None:
        super().__init__(gettext("Somebody else has saved this article since you opened it."))
        self.newest = newest


class PublicationRefused(Exception):
    """The article may not go out. `problems` says why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.message} {problem.where}".strip() for problem in problems))
        self.problems = problems


@transaction.atomic
def save_article(
    *,
    user: AbstractBaseUser | None,
    article: Article,
    based_on: int | None,
    contributors: Sequence[Contributor] | None = None,
) -> Revision | None:
    """Save the article and, if its content changed, a revision of it; None when nothing did.

    `based_on` is the number of the revision that the text was edited from, None for a new article.
    `contributors` replaces the byline; without it the byline stays. The body is sanitised. Raises
    StaleArticle, and then nothing is written.
    """
    newest = _lock_and_find_newest(article)
    if (newest.number if newest else None) != based_on:
        raise StaleArticle(newest)
    article.body = sanitise(article.body)
    if article.pk:
        # Who edits a text does not decide whether readers see it.
        article.status = Article.objects.values_list("status", flat=True).get(pk=article.pk)
    article.save()
    if contributors is not None:
        _set_byline(article, contributors)
    return _write_revision(user, article, newest)


@transaction.atomic
def publish_article(
    *, user: AbstractBaseUser | None, article: Article, looked_at: int | None = None
) -> Edition:
    """Freeze the article's newest revision as an edition and give it to readers, ending the one they had.

    `user=None` is the command line; `looked_at` is the number of the revision that a person decided on.
    Publishing what is live already returns the live edition, unless an excerpt that it shows has been changed
    since: then the same revision is published again. Raises PermissionDenied, StaleArticle when
    somebody saved since, and PublicationRefused with every problem found; then nothing is written.
    """
    if user is not None and not user.has_perm("editorial.publish_article"):
        raise PermissionDenied(gettext("You may not publish articles."))
    revision = _lock_and_find_newest(article)
    if revision is None:
        raise PublicationRefused([Problem("unsaved", gettext("The article has never been saved."))])
    if looked_at is not None and looked_at != revision.number:
        raise StaleArticle(revision)
    article.refresh_from_db()
    live = article.editions.live().first()
    if live is not None and live.revision_id == revision.pk and _shows_present_excerpts(live):
        return live
    body, language = revision.content["body"], revision.content["language"]
    coverage, passages, embeds = examine(body, language)
    _lock_sources(passages)
    problems = blocking(article, coverage, passages, embeds, added_by(article, passages.values()))
    if problems:
        raise PublicationRefused(problems)
    compiled = compile_body(
        body,
        language=language,
        evidence={key: evidence_of(passage) for key, passage in passages.items()},
        embeds=embeds,
    )
    edition = _write_edition(article, revision, compiled, passages, live)
    article.status = ArticleStatus.PUBLISHED
    article.save(update_fields=["status", "updated_at"])
    data = {"revision": revision.number, "edition": edition.number, "footnotes": len(compiled.passages)}
    audit.record(user=user, verb="article.published", target=article, data=data)
    return edition


def examine(body: str, language: str) -> tuple[Coverage, dict[str, Passage], dict[str, Embed]]:
    """How well a body is supported, and the passages and tables it names as far as they exist."""
    coverage = cover(body, language)
    embeds = load_embeds(coverage.embeds, language=language)
    return coverage, Passage.objects.by_key(set(coverage.passages)), embeds


def problems_of(article: Article) -> list[Problem]:
    """What would keep the article, as it stands, from being published."""
    coverage, passages, embeds = examine(article.body, article.language)
    return blocking(article, coverage, passages, embeds, added_by(article, passages.values()))


def _lock_and_find_newest(article: Article) -> Revision | None:
    """The newest revision, with the article's row locked until the transaction ends."""
    if article.pk is None:
        return None
    Article.objects.select_for_update().get(pk=article.pk)
    return article.revisions.order_by("-number").first()


def _shows_present_excerpts(edition: Edition) -> bool:
    return all(shows(edition, note.passage) for note in edition.footnotes.select_related("passage"))


def _lock_sources(passages: Mapping[str, Passage]) -> None:
    """Until the transaction ends nobody else publishes, and so adds to, what is quoted of these sources."""
    pks = {passage.source_id for passage in passages.values()}
    list(Source.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _set_byline(article: Article, contributors: Sequence[Contributor]) -> None:
    present = list(article.contributions.order_by("position", "pk").values_list("contributor_id", flat=True))
    if present == [contributor.pk for contributor in contributors]:
        return
    article.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(article=article, contributor=contributor, position=position)
        for position, contributor in enumerate(contributors)
    )


def _write_revision(
    user: AbstractBaseUser | None, article: Article, newest: Revision | None
) -> Revision | None:
    byline = article.contributions.order_by("position", "pk").values_list("contributor__slug", flat=True)
    content = content_of(article, list(byline))
    digest = content_hash(content)
    if newest is not None and newest.content_hash == digest:
        return None
    revision = Revision.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        based_on=newest,
        author=user,
        content=content,
        content_hash=digest,
        created_at=timezone.now(),
    )
    audit.record(user=user, verb="article.saved", target=article, data={"revision": revision.number})
    return revision


def _write_edition(
    article: Article,
    revision: Revision,
    compiled: Compiled,
    passages: dict[str, Passage],
    live: Edition | None,
) -> Edition:
    now = timezone.now()
    if live is not None:
        live.ended_at = now
        live.save(update_fields=["ended_at"])
    last = article.editions.order_by("-number").values_list("number", flat=True).first() or 0
    edition = Edition.objects.create(
        article=article, revision=revision, number=last + 1, html=compiled.html, published_at=now
    )
    # A table embedded in the text brings passages of its own.
    embedded = Passage.objects.by_key(set(compiled.passages) - passages.keys())
    cited = {**passages, **embedded}
    Footnote.objects.bulk_create(
        Footnote(edition=edition, number=number, passage=cited[key])
        for number, key in enumerate(compiled.passages, start=1)
    )
    return edition
