"""What is read from the editions: what readers have, and where. Named for what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.db import models
from django.db.models.functions import JSONObject

from catalog.models import PassageState, Source, VerificationRun
from catalog.watching import to_offer
from editorial.querysets import MOVED, frozen, frozen_key, listed_title, ways_to_title

# What a card shows besides texts that only the revision holds.
_OF_CARDS = ("kind", "slug", "language", "article", "first_published_at", "published_at", "number")


class EditionQuerySet(models.QuerySet):
    # What says of an article where it is and when it came.
    OF_LINES = ("kind", "slug", "language", "first_published_at", "published_at")
    OF_TITLES = ("title", "full_title", "spoiler_free", "spoils")

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
        return self.live().filter(kind=kind, slug=slug)

    def pk_at_address(self, kind: str, slug: str) -> int | None:
        """Which edition that is."""
        return self.at_address(kind, slug).values_list("pk", flat=True).first()

    def for_page(self) -> EditionQuerySet:
        """Editions with the revision they froze and the records that it probably names, with what the
        sources of their footnotes derive from (`derivations`), who signs them (`byline`), where what they are
        about can be watched (`watching`), when all passages were last found where they should be
        (`verified_at`), and whether all that it cites are among these (`is_checkable`).
        """
        return (
            self.select_related(
                "revision",
                "series",
                "season__series",
                "article__photo",
                "article__spoils_through__series",
            )
            .defer("article__body")
            .annotate(
                is_corrected=models.Exists(_corrections_of(self.model)),
                derivations=_derivations_of(self.model),
                byline=_byline_of(self.model),
                watching=_watching(),
                verified_at=_last_verified(),
                is_checkable=~models.Exists(_unchecked_of(self.model)),
            )
        )

    def ended_at_address(self, kind: str, slug: str) -> EditionQuerySet:
        """What readers had at this address and lost, the last first."""
        ended = self.filter(kind=kind, slug=slug, ended_at__isnull=False)
        return ended.order_by("-ended_at", "-pk")

    def left_by(self, slugs: Collection[str]) -> models.QuerySet:
        """Those of these slugs that an article had for readers, and may have no more."""
        return self.filter(slug__in=slugs, ended_at__isnull=False).values_list("slug", flat=True).distinct()

    def newest_of(self, article: int) -> EditionQuerySet:
        """What readers have of the article, or had last."""
        return self.filter(article=article).order_by("-number")

    def for_cards(self) -> EditionQuerySet:
        """Live editions, newest first, with the texts of a card as they were frozen; not their HTML."""
        return (
            self.live()
            .only(*_OF_CARDS)
            .annotate(
                title=listed_title(),
                standfirst=frozen("standfirst"),
                **ways_to_title(),
                photo_slug=frozen_key("photo"),
            )
            .order_by("-first_published_at", "-pk")
        )

    def for_export(self) -> EditionQuerySet:
        """Live editions with their HTML and the content that they froze."""
        shown = ("kind", "slug", "number", "html", "published_at", "first_published_at", "revision__content")
        return self.live().select_related("revision").only(*shown).order_by("pk")

    def for_feed(self) -> EditionQuerySet:
        """Live editions, the last published first, with a card's texts, their series and their bylines."""
        return (
            self.for_cards()
            .select_related("series")
            .only(*_OF_CARDS, "series__title")
            .prefetch_related("bylines__contributor")
            .order_by("-published_at", "-pk")
        )

    def for_sitemap(self) -> models.QuerySet:
        """A row for each with the parts of its address and when readers got it."""
        return self.order_by("pk").values("published_at", "kind", "slug", "language", "article", "original")

    def in_several_languages(self) -> EditionQuerySet:
        """Editions of articles that are translations, and of those that these are translations of."""
        translations = self.model.objects.live().filter(original__isnull=False)
        return self.filter(
            models.Q(original__isnull=False) | models.Q(article__in=translations.values("original"))
        )

    def for_news_sitemap(self, since: datetime.datetime) -> models.QuerySet:
        """The same of articles that readers first got since then, newest first, with title and language."""
        return (
            self.filter(first_published_at__gte=since)
            .annotate(title=listed_title())
            .order_by("-first_published_at", "-pk")
            .values("published_at", "kind", "slug", "first_published_at", "title", "language")
        )

    def newest_first(self) -> EditionQuerySet:
        """Editions in the order of lists, which an index of live ones has."""
        return self.order_by("-first_published_at", "-pk")

    def older_than(self, at: datetime.datetime, pk: int) -> EditionQuerySet:
        """Those that come after this place in the order of lists."""
        # The first condition is what a database can look up in the index.
        same = models.Q(first_published_at__lt=at) | models.Q(pk__lt=pk)
        return self.filter(same, first_published_at__lte=at)

    def newer_than(self, at: datetime.datetime, pk: int) -> EditionQuerySet:
        """Those that come before this place in the order of lists."""
        same = models.Q(first_published_at__gt=at) | models.Q(pk__gt=pk)
        return self.filter(same, first_published_at__gte=at)

    def between(self, start: datetime.datetime, end: datetime.datetime) -> EditionQuerySet:
        """Editions of articles that readers first got in this time, `end` excluded."""
        return self.filter(first_published_at__gte=start, first_published_at__lt=end)

    def any_of(self, parts: Iterable[models.QuerySet]) -> EditionQuerySet:
        """Those of these editions that stand in one of `parts`, each found by its own index. Parts may be
        slices. Not to be filtered further.
        """
        first, *others = [self.order_by().filter(pk__in=part.values("pk")) for part in parts]
        return first.union(*others)

    def newest_of_each_kind(self, count: int) -> EditionQuerySet:
        """The newest `count` cards of every kind of article, newest first."""
        newest = self.model.objects.live().newest_first()
        of_kinds = (
            newest.of_kind(kind)[:count] for kind, _label in self.model._meta.get_field("kind").choices
        )
        return self.any_of(of_kinds).order_by("-first_published_at", "-pk")

    def in_lines(self) -> EditionQuerySet:
        """Editions with their titles, and what `editorial.titles.title_for` chooses one by."""
        return self.annotate(title=listed_title(), **ways_to_title())

    def picked(self) -> EditionQuerySet:
        """Those that are the desk's choice, in its order."""
        # By a subquery: with a join, SQLite looks at every live edition while nothing is picked.
        picks = self.model._meta.get_field("article").related_model._meta.get_field("pick").related_model
        chosen = self.filter(article__in=picks.objects.values("article"))
        return chosen.order_by("article__pick__position")

    def mentioning(self, record: models.Model) -> EditionQuerySet:
        """Editions that lead to the page of a person or a character."""
        return self.filter(**{f"mentions__{record._meta.model_name}": record})

    def by(self, contributor: models.Model) -> EditionQuerySet:
        """Editions with this contributor in their byline."""
        return self.filter(bylines__contributor=contributor)

    def of_kind(self, kind: str) -> EditionQuerySet:
        return self.filter(kind=kind)

    def in_language(self, language: str) -> EditionQuerySet:
        return self.filter(language=language)

    def about(self, record: models.Model) -> EditionQuerySet:
        """Editions of the articles about a series, or about one of its seasons."""
        return self.filter(**{record._meta.model_name: record})

    def citing(self, source: models.Model) -> models.QuerySet:
        """A row for every footnote of a live edition that leans on the source, newest article first.

        Rows have passage_id, note, title, language, kind, slug, published_at.
        """
        return (
            self.live()
            .filter(footnotes__passage__source=source)
            .order_by("-published_at", "-pk", "footnotes__number")
            .values(
                *("published_at", "language", "kind", "slug"),
                passage_id=models.F("footnotes__passage"),
                note=models.F("footnotes__number"),
                title=listed_title(),
                **ways_to_title(),
            )
        )


class _Rows(models.Aggregate):
    """Values of many rows as one list; None for no row."""

    function = "JSON_GROUP_ARRAY"
    output_field = models.JSONField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def _watching() -> models.Subquery:
    """Where its season or its series can be watched: rows for `catalog.watching.offers`."""
    found = to_offer(models.OuterRef("series"), models.OuterRef("season"))
    of_all = found.annotate(all=models.Value(1)).values("all")
    return models.Subquery(of_all.annotate(rows=_Rows(models.F("support"))).values("rows"))


def _derivations_of(edition_model: type[models.Model]) -> models.Subquery:
    """What the sources of its footnotes derive from, three steps far: a row for each footnote whose source
    derives from another, or that another derives from. None for none.
    """
    footnotes = edition_model._meta.get_field("footnotes").related_model.objects
    parent = "passage__source__derives_from"
    steps = JSONObject(
        number="number",
        source="passage__source",
        first=parent,
        second=f"{parent}__derives_from",
        third=f"{parent}__derives_from__derives_from",
    )
    derived = Source.objects.filter(derives_from=models.OuterRef("passage__source"))
    found = footnotes.filter(
        models.Q(**{f"{parent}__isnull": False}) | models.Exists(derived), edition=models.OuterRef("pk")
    )
    return models.Subquery(found.order_by().values("edition").annotate(rows=_Rows(steps)).values("rows"))


def _byline_of(edition_model: type[models.Model]) -> models.Subquery:
    """Who signs it: a row for each contributor, with their place. None for nobody."""
    bylines = edition_model._meta.get_field("bylines").related_model.objects
    shown = ("id", "slug", "name", "role", "biography", "portrait_id")
    person = JSONObject(position="position", **{name: f"contributor__{name}" for name in shown})
    found = bylines.filter(edition=models.OuterRef("pk"))
    return models.Subquery(found.order_by().values("edition").annotate(rows=_Rows(person)).values("rows"))


def _last_verified() -> models.Subquery:
    """When the last run began that found every passage where it should be; None for none."""
    runs = VerificationRun.objects.filter(finished_at__isnull=False, damage=0)
    return models.Subquery(runs.values("started_at")[:1])


def _unchecked_of(edition_model: type[models.Model]) -> models.QuerySet:
    """Its footnotes whose passages cannot be compared: their text is not here, they changed or are lost."""
    footnotes = edition_model._meta.get_field("footnotes").related_model.objects
    compared = [PassageState.VERIFIED, PassageState.MOVED]
    return footnotes.filter(edition=models.OuterRef("pk")).exclude(passage__state__in=compared)


def _corrections_of(edition_model: type[models.Model]) -> models.QuerySet:
    correction_model = edition_model._meta.get_field("correction").related_model
    return correction_model.objects.filter(
        article=models.OuterRef("article"), edition__number__lte=models.OuterRef("number")
    )
