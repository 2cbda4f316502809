"""What is read from the articles, named for what it answers."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf, RowNumber


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

    def naming(self, source: models.Model) -> ArticleQuerySet:
        """Articles whose working text names a passage of the source."""
        return self.filter(body__contains=f'data-passage="{source.slug}#')


class RevisionQuerySet(models.QuerySet):
    def on_line(self) -> RevisionQuerySet:
        """Revisions that were the article's text at their time; strays left out."""
        return self.filter(is_stray=False)

    def newest(self) -> models.Model | None:
        """The article's text as it was last saved. For the revisions of one article."""
        return self.on_line().order_by("-number").first()


class CorrectionQuerySet(models.QuerySet):
    def for_readers(self) -> CorrectionQuerySet:
        """Corrections of pages that readers have, and retractions, newest first, with the headline that the
        replaced edition had for lists.
        """
        editions = self.model._meta.get_field("replaced").related_model.objects
        live = models.Exists(editions.live().filter(article=models.OuterRef("article")))
        return (
            self.filter(live | models.Q(kind="retraction", article__status="retracted"))
            .select_related("article")
            .defer("article__body")
            .annotate(
                title=_listed_title("replaced__revision__content"),
                language=_frozen("language", "replaced__revision__content"),
            )
            .order_by("-at", "-pk")
        )


class EditionQuerySet(models.QuerySet):
    def live(self) -> EditionQuerySet:
        """Editions that readers have now."""
        return self.filter(ended_at__isnull=True)

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
        """With the title of the article, not its text."""
        article = ("article__title", "article__kind", "article__slug")
        return self.select_related("article").only(
            "user", "verb", "actor_label", "text", "at", "read_at", *article
        )


def _corrections_of(edition_model: type[models.Model]) -> models.QuerySet:
    correction_model = edition_model._meta.get_field("correction").related_model
    return correction_model.objects.filter(
        article=models.OuterRef("article"), edition__number__lte=models.OuterRef("number")
    )
