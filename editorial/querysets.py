"""What is read from the articles, named for what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf, RowNumber
from django.utils import timezone

from catalog.models import Passage, PassageState

# Pages say three times as often that they are open.
HEARD_WITHIN = datetime.timedelta(seconds=45)
# An article in one of these has still to be delivered.
UNDELIVERED = ("draft", "in review", "approved")
# Passages in one of these support nothing until somebody looks at them.
MOVED = sorted(set(PassageState.values) - Passage.SUPPORTING)


def _frozen(name: str, content: str = "revision__content") -> KeyTextTransform:
    """A text of the article as the edition's revision holds it."""
    return KeyTextTransform(name, content)


def _listed_title(content: str = "revision__content") -> Coalesce:
    """The title for lists: the one that gives nothing away, where there is one."""
    nothing = models.Value("", output_field=models.TextField())
    return Coalesce(NullIf(_frozen("spoiler_free_title", content), nothing), _frozen("title", content))


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
        replaced edition had for lists.
        """
        editions = self.model._meta.get_field("replaced").related_model.objects
        live = models.Exists(editions.live().filter(article=models.OuterRef("article")))
        return self.filter(live | self._standing()).with_title().order_by("-at", "-pk")

    def with_title(self) -> CorrectionQuerySet:
        """Corrections with title and language of the edition that was replaced, and their article."""
        return (
            self.select_related("article")
            .defer("article__body")
            .annotate(
                title=_listed_title("replaced__revision__content"),
                language=_frozen("language", "replaced__revision__content"),
            )
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
        return self.filter(replaced__revision__content__language=language)


class EditionQuerySet(models.QuerySet):
    def live(self) -> EditionQuerySet:
        """Editions that readers have now."""
        return self.filter(ended_at__isnull=True)

    def leaning_on_what_moved(self) -> EditionQuerySet:
        """Live editions by each footnote whose passage changed, was lost or was withdrawn since."""
        return self.live().filter(footnotes__passage__state__in=MOVED)

    def moved_under_readers(self) -> models.QuerySet:
        """A row for every such footnote, by article, what was published last first.

        Rows have article, title (of the working text), passage_id, passage_number, source, state.
        """
        return (
            self.leaning_on_what_moved()
            .order_by("-published_at", "-pk", "footnotes__number")
            .values(
                "article",
                title=models.F("article__title"),
                passage_id=models.F("footnotes__passage"),
                source=models.F("footnotes__passage__source__slug"),
                passage_number=models.F("footnotes__passage__number"),
                state=models.F("footnotes__passage__state"),
            )
        )

    def at_address(self, kind: str, slug: str) -> EditionQuerySet:
        """What readers have at this address now: one edition or none."""
        return self.live().filter(article__kind=kind, article__slug=slug)

    def for_page(self) -> EditionQuerySet:
        """Editions with the revision they froze and the records that it probably names."""
        return (
            self.select_related(
                "revision",
                "article__photo",
                "article__series",
                "article__season__series",
                "article__spoils_through__series",
            )
            .defer("article__body")
            .with_first_publication()
            .annotate(is_corrected=models.Exists(_corrections_of(self.model)))
        )

    def ended_at_address(self, kind: str, slug: str) -> models.QuerySet:
        """What readers had at this address and lost, the last first."""
        return self.filter(article__kind=kind, article__slug=slug).order_by("-number")

    def for_cards(self) -> EditionQuerySet:
        """Live editions, newest first, with the texts of a card as they were frozen; not their HTML."""
        return (
            self.live()
            .select_related("article")
            .only("published_at", "number", "article__kind", "article__slug", "article__updated_at")
            .with_first_publication()
            .annotate(
                title=_listed_title(),
                standfirst=_frozen("standfirst"),
                language=_frozen("language"),
                photo_slug=_frozen("photo"),
            )
            .order_by("-first_published_at", "-pk")
        )

    def for_export(self) -> EditionQuerySet:
        """Live editions with their HTML and the content that they froze, and when readers first got one."""
        shown = ("number", "html", "published_at", "article__kind", "article__slug", "revision__content")
        return (
            self.live()
            .select_related("article", "revision")
            .only(*shown)
            .with_first_publication()
            .order_by("pk")
        )

    def for_feed(self) -> EditionQuerySet:
        """Live editions, the last published first, with a card's texts and the slugs of byline and series."""
        return (
            self.for_cards()
            .annotate(
                contributors=KeyTransform("contributors", "revision__content"), series_slug=_frozen("series")
            )
            .order_by("-published_at", "-pk")
        )

    def for_sitemap(self) -> models.QuerySet:
        """A row for each with the parts of its address and when readers got it."""
        return self.order_by("pk").values("published_at", "article__kind", "article__slug")

    def for_news_sitemap(self, since: datetime.datetime) -> models.QuerySet:
        """The same of articles that readers first got since then, newest first, with title and language."""
        first = self.model.objects.filter(number=1, published_at__gte=since)
        return (
            self.filter(article__in=first.values("article"))
            .with_first_publication()
            .annotate(title=_listed_title(), language=_frozen("language"))
            .order_by("-first_published_at", "-pk")
            .values(
                *("published_at", "article__kind", "article__slug"), "first_published_at", "title", "language"
            )
        )

    def newest_of_each_kind(self, count: int) -> EditionQuerySet:
        """Of these editions the newest `count` of every kind of article."""
        rank = models.Window(
            RowNumber(), partition_by="article__kind", order_by=["-first_published_at", "-pk"]
        )
        return self.annotate(rank=rank).filter(rank__lte=count)

    def with_first_publication(self) -> EditionQuerySet:
        """Editions with `first_published_at`: when readers first got any edition of that article."""
        first = self.model.objects.filter(article=models.OuterRef("article"), number=1)
        return self.annotate(first_published_at=models.Subquery(first.values("published_at")))

    def of_kind(self, kind: str) -> EditionQuerySet:
        return self.filter(article__kind=kind)

    def signed_by(self, slugs: Collection[str]) -> EditionQuerySet:
        """Editions with one of these contributors in their byline."""
        named = models.Q(pk__in=[])
        for slug in slugs:
            named |= models.Q(byline__contains=f'"{slug}"')
        return self.annotate(byline=_frozen("contributors")).filter(named)

    def in_language(self, language: str) -> EditionQuerySet:
        return self.filter(revision__content__language=language)

    def about(self, record: models.Model) -> EditionQuerySet:
        """Editions of the articles about a series, or about one of its seasons."""
        return self.filter(**{f"article__{record._meta.model_name}": record})

    def citing(self, source: models.Model) -> models.QuerySet:
        """A row for every footnote of a live edition that leans on the source, newest article first.

        Rows have passage_id, note, title, language, kind, slug, published_at.
        """
        return (
            self.live()
            .filter(footnotes__passage__source=source)
            .order_by("-published_at", "-pk", "footnotes__number")
            .values(
                "published_at",
                passage_id=models.F("footnotes__passage"),
                note=models.F("footnotes__number"),
                title=_listed_title(),
                language=_frozen("language"),
                kind=models.F("article__kind"),
                slug=models.F("article__slug"),
            )
        )


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
        """With the title of the article, not its text, or the name of the imported file."""
        names = ("article__title", "article__kind", "article__slug", "table_import__name")
        return self.select_related("article", "table_import").only(
            "user", "verb", "actor_label", "text", "at", "read_at", *names
        )


def _corrections_of(edition_model: type[models.Model]) -> models.QuerySet:
    correction_model = edition_model._meta.get_field("correction").related_model
    return correction_model.objects.filter(
        article=models.OuterRef("article"), edition__number__lte=models.OuterRef("number")
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
