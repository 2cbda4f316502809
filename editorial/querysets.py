"""What is read from the articles, named for what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from catalog.models import Passage, PassageState

# Pages say three times as often that they are open.
HEARD_WITHIN = datetime.timedelta(seconds=45)
# An article in one of these has still to be delivered.
UNDELIVERED = ("draft", "in review", "approved")
# Passages in one of these support nothing until somebody looks at them.
MOVED = sorted(set(PassageState.values) - Passage.SUPPORTING)


def frozen(name: str, content: str = "revision__content") -> KeyTextTransform:
    """A text of the article as the edition's revision holds it."""
    return KeyTextTransform(name, content)


def listed_title(content: str = "revision__content") -> Coalesce:
    """The title for lists: the one that gives nothing away, where there is one."""
    nothing = models.Value("", output_field=models.TextField())
    return Coalesce(NullIf(frozen("spoiler_free_title", content), nothing), frozen("title", content))


def frozen_key(name: str, content: str = "revision__content") -> models.Case:
    """The key of what the revision names, NULL for nothing: SQLite gives JSON's null as a text."""
    none = models.When(**{f"{content}__{name}": None}, then=models.Value(None))
    return models.Case(none, default=frozen(name, content), output_field=models.TextField())


def ways_to_title(content: str = "revision__content") -> dict[str, models.Expression]:
    """What `editorial.titles.title_for` chooses a title by."""
    return {
        "full_title": frozen("title", content),
        "spoiler_free": frozen("spoiler_free_title", content),
        "spoils": frozen_key("spoils_through", content),
    }


class ArticleQuerySet(models.QuerySet):
    def published(self) -> ArticleQuerySet:
        """Articles with an edition that readers have now."""
        return self.filter(editions__ended_at__isnull=True, editions__isnull=False)

    def with_newest_number(self) -> ArticleQuerySet:
        """Articles with `newest_number`, that of the revision which is their text."""
        revisions = self.model._meta.get_field("revisions").related_model.objects.on_line()
        newest = revisions.filter(article=models.OuterRef("pk")).order_by("-number")
        return self.annotate(newest_number=models.Subquery(newest.values("number")[:1]))

    def naming(self, source: models.Model) -> ArticleQuerySet:
        """Articles whose working text names a passage of the source."""
        return self.filter(body__contains=f'data-passage="{source.slug}#')

    def of(self, user: models.Model) -> ArticleQuerySet:
        """Articles that are this person's, as the workflow says “own”."""
        revisions = self.model._meta.get_field("revisions").related_model.objects
        byline = self.model._meta.get_field("contributions").related_model.objects
        here = {"article": models.OuterRef("pk")}
        return self.filter(
            models.Q(assignee=user)
            | models.Exists(byline.filter(**here, contributor__user=user))
            | models.Exists(revisions.filter(**here, author=user))
        )

    def due_before(self, moment: datetime.datetime) -> ArticleQuerySet:
        """Articles that are due before this moment and are not on the schedule yet, the first due first."""
        return self.filter(due__lt=moment, status__in=UNDELIVERED).order_by("due", "pk")

    def to_review(self, today: datetime.date) -> ArticleQuerySet:
        """Pages that readers have and whose review date has come, the longest ago first."""
        return self.filter(self._live(), review_by__lte=today).order_by("review_by", "pk")

    def leaning_on_what_moved(self) -> ArticleQuerySet:
        """Articles whose readers see a passage that changed, was lost or was withdrawn since."""
        editions = self.model._meta.get_field("editions").related_model.objects
        return self.filter(pk__in=editions.leaning_on_what_moved().values("article"))

    def _live(self) -> models.Exists:
        editions = self.model._meta.get_field("editions").related_model.objects
        return models.Exists(editions.live().filter(article=models.OuterRef("pk")))


class RevisionQuerySet(models.QuerySet):
    def on_line(self) -> RevisionQuerySet:
        """Revisions that were the article's text at their time; strays left out."""
        return self.filter(is_stray=False)

    def newest(self) -> models.Model | None:
        """The article's text as it was last saved. For the revisions of one article."""
        return self.on_line().order_by("-number").first()


class PresenceQuerySet(models.QuerySet):
    def of_others(self, article: models.Model, user: models.Model) -> PresenceQuerySet:
        """Who else has the page of the article open, as far as it was heard from lately; by account."""
        lately = timezone.now() - HEARD_WITHIN
        others = self.filter(article=article, at__gt=lately).exclude(user=user)
        return others.select_related("user").order_by("user__username")


class CorrectionQuerySet(models.QuerySet):
    def for_readers(self) -> CorrectionQuerySet:
        """Corrections of pages that readers have, and retractions, newest first, with the headline that the
        replaced edition had for lists, and the parts of the address of the page (`page_kind`, `page_slug`).
        """
        editions = self.model._meta.get_field("replaced").related_model.objects
        live = models.Exists(editions.live().filter(article=models.OuterRef("article")))
        return self.filter(live | self._standing()).with_title().order_by("-at", "-pk")

    def with_title(self) -> CorrectionQuerySet:
        """Corrections with titles and language of the edition that was replaced, where the page is, and the
        seasons that the page gives away: before (`spoils`), after (`spoils_after`) and now (`spoils_now`).
        """
        editions = self.model._meta.get_field("replaced").related_model.objects
        newest = editions.newest_of(models.OuterRef("article"))
        return self.annotate(
            title=listed_title("replaced__revision__content"),
            **ways_to_title("replaced__revision__content"),
            spoils_after=frozen_key("spoils_through", "edition__revision__content"),
            spoils_now=models.Subquery(newest.annotate(key=frozen_key("spoils_through")).values("key")[:1]),
            language=models.F("replaced__language"),
            page_kind=models.Subquery(newest.values("kind")[:1]),
            page_slug=models.Subquery(newest.values("slug")[:1]),
        )

    def retractions(self) -> CorrectionQuerySet:
        """Those that stand in the place of their article, with `first_published_at`: when readers got it."""
        editions = self.model._meta.get_field("replaced").related_model.objects
        first = editions.filter(article=models.OuterRef("article"), number=1)
        return self.filter(self._standing()).annotate(
            first_published_at=models.Subquery(first.values("published_at"))
        )

    def _standing(self) -> models.Q:
        """Retractions with no edition after the one they took back: readers are told of them until there is
        one, whatever the desk does with the article meanwhile.
        """
        editions = self.model._meta.get_field("replaced").related_model.objects
        later = editions.filter(
            article=models.OuterRef("article"), number__gt=models.OuterRef("replaced__number")
        )
        return models.Q(~models.Exists(later), kind="retraction")

    def in_language(self, language: str) -> CorrectionQuerySet:
        return self.filter(replaced__language=language)


class NotificationQuerySet(models.QuerySet):
    def of(self, user: models.Model) -> NotificationQuerySet:
        """What this person was told, newest first."""
        return self.filter(user=user).order_by("-at", "-pk")

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True)

    def unmailed(self, since: datetime.datetime) -> NotificationQuerySet:
        """What a mail would be news of: told after `since`, neither read nor mailed yet."""
        return self.unread().filter(mailed_at__isnull=True, at__gt=since)

    def with_article(self) -> NotificationQuerySet:
        """With the title of the article, not its text, or the name of the imported file or reported page."""
        names = ("article__title", "article__kind", "article__slug", "table_import__name", "report__about")
        return self.select_related("article", "table_import", "report").only(
            "user", "verb", "actor_label", "text", "at", "read_at", *names
        )


class SubmissionQuerySet(models.QuerySet):
    def running(self) -> SubmissionQuerySet:
        """Reviews that go on, or are complete and wait for the publication; what is scheduled left out."""
        return self.filter(ended_at=None, article__status__in=["in review", "approved"])

    def sent_back(self) -> SubmissionQuerySet:
        """The last reviews of drafts that ended with a request for changes."""
        later = self.model.objects.filter(article=models.OuterRef("article"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), outcome="changes requested", article__status="draft")

    def sent_back_to(self, user: models.Model) -> SubmissionQuerySet:
        """Those of this person's texts."""
        theirs = models.Q(article__assignee=user) | models.Q(submitted_by=user)
        return self.sent_back().filter(theirs)

    def for_desk(self, user: models.Model, groups: Collection[int], *, publishes: bool) -> SubmissionQuerySet:
        """Running reviews that may concern this person, the longest first.

        With `newest_hash` of the article's text, `is_mine`, and `wrote_it` as `editorial.actions` asks it for
        four eyes: a revision that readers do not have yet, or the submission, is theirs.
        """
        revisions = self.model._meta.get_field("revision").related_model.objects.on_line()
        editions = revisions.model._meta.get_field("editions").related_model.objects.live()
        of_article = revisions.filter(article=models.OuterRef("article"))
        live = editions.filter(article=models.OuterRef("article")).values("revision__number")
        unread = of_article.filter(author=user, number__gt=models.OuterRef("live_number"))
        byline = models.Exists(
            self.model.objects.filter(pk=models.OuterRef("pk"), article__contributors__user=user)
        )
        mine = (
            models.Q(submitted_by=user)
            | models.Q(article__assignee=user)
            | models.Q(byline)
            | models.Q(models.Exists(of_article.filter(author=user)))
        )
        steps = self.model._meta.get_field("steps").related_model.objects
        theirs = models.Exists(steps.filter(submission=models.OuterRef("pk"), group__in=groups))
        concerns = mine | models.Q(theirs)
        if publishes:
            concerns |= models.Q(article__status="approved")
        return (
            self.running()
            .annotate(
                newest_hash=models.Subquery(of_article.order_by("-number").values("content_hash")[:1]),
                live_number=Coalesce(models.Subquery(live[:1]), 0),
                is_mine=_is(mine),
            )
            .annotate(wrote_it=_is(models.Q(submitted_by=user) | models.Q(models.Exists(unread))))
            .filter(concerns)
            .select_related("article", "submitted_by")
            .defer("article__body")
            .order_by("submitted_at", "pk")
        )


class DueItemQuerySet(models.QuerySet):
    def open(self) -> DueItemQuerySet:
        """What is still to be done."""
        return self.filter(closed_at=None)

    def failed(self) -> DueItemQuerySet:
        """What went wrong at its time and waits to be tried again, the longest due first."""
        return self.open().exclude(error="").order_by("due_at", "pk")

    def coming(self) -> DueItemQuerySet:
        """What readers are to get or to lose, the next first; what failed is left out."""
        return self.open().filter(error="", verb__in=["publish", "expire"]).order_by("due_at", "pk")


def _is(condition: models.Q) -> models.Case:
    """A condition as a column."""
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )
