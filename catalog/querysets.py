"""What is read from the catalog, named for what it answers."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Greatest, Least, Substr


class RecordQuerySet(models.QuerySet):
    def with_citations(self) -> RecordQuerySet:
        """Each record with its citations and their passages, for `catalog.facts`; two queries more."""
        return self.prefetch_related(
            models.Prefetch(
                "citations", queryset=_citation_model(self).objects.select_related("passage__source")
            )
        )

    def cited(self) -> RecordQuerySet:
        """Records that some passage supports: what the desk has said anything public of."""
        return self.filter(citations__stance="supports").distinct()

    def supported(self, *fields: str) -> RecordQuerySet:
        """Records of which a passage that still stands supports something, or one of these fields."""
        supporting = _citation_model(self)._meta.get_field("passage").related_model.SUPPORTING
        asked = {"citations__field__in": fields} if fields else {}
        same = self.model._default_manager.filter(
            pk=models.OuterRef("pk"),
            citations__stance="supports",
            citations__passage__state__in=supporting,
            **asked,
        )
        return self.filter(models.Exists(same))

    def supported_by(self, *relations: str) -> RecordQuerySet:
        """Records that are named by a supported record of one of these reverse relations."""
        wanted = models.Q(pk__in=[])
        for name in relations:
            relation = self.model._meta.get_field(name)
            naming = relation.field.name
            records = relation.related_model._default_manager.supported()
            wanted |= models.Q(pk__in=records.filter(**{f"{naming}__isnull": False}).values(naming))
        return self.filter(wanted)


class CastEntryQuerySet(RecordQuerySet):
    def in_season(self, season: models.Model) -> CastEntryQuerySet:
        return self.filter(season=season).select_related("person", "character__series", "episode")

    def in_series(self, series: models.Model) -> CastEntryQuerySet:
        """The casts of its seasons, the first season first."""
        found = self.filter(season__series=series).select_related("person", "character")
        return found.order_by("season__number", "position", "pk")

    def of_character(self, character: models.Model) -> CastEntryQuerySet:
        """Who plays it, in the order of the seasons."""
        found = self.filter(character=character).select_related("person", "season__series", "episode")
        return found.order_by("season__number", "position", "pk")


class SourceQuerySet(models.QuerySet):
    def for_list(self) -> SourceQuerySet:
        """Sources with how many passages each has and whether any text of it is here."""
        return self.with_text_is_here().annotate(passage_count=models.Count("passages", distinct=True))

    def with_text_is_here(self) -> SourceQuerySet:
        """Sources with `text_is_here`: whether any snapshot of it has its text on this machine."""
        snapshots = self.model._meta.get_field("snapshots").related_model.objects
        here = snapshots.attached().filter(source=models.OuterRef("pk"))
        return self.annotate(text_is_here=models.Exists(here))


class SnapshotQuerySet(models.QuerySet):
    def attached(self) -> SnapshotQuerySet:
        return self.filter(text__isnull=False)

    def current_of(self, source: models.Model) -> models.Model | None:
        """The snapshot that the source is quoted from: that of its newest recapture, else the last captured.

        A source that went back to an earlier text has an earlier snapshot for its current one.
        """
        return self.filter(source=source).current_first().first()

    def current_first(self) -> SnapshotQuerySet:
        """Snapshots in the order that `current_of` takes the first of."""
        newest = (
            models.F("recaptures__at").desc(nulls_last=True),
            models.F("recaptures__pk").desc(nulls_last=True),
        )
        return self.order_by(*newest, "-captured_at", "-pk")


class PassageQuerySet(models.QuerySet):
    def by_key(self, keys: set[str]) -> dict[str, models.Model]:
        """Passages by `source#number`, with their sources, in one query. Unknown keys are left out."""
        wanted = models.Q(pk__in=[])
        for key in keys:
            slug, _hash, number = key.rpartition("#")
            if number.isascii() and number.isdigit():
                wanted |= models.Q(source__slug=slug, number=int(number))
        return {passage.key: passage for passage in self.filter(wanted).select_related("source")}

    def waiting_for_text(self) -> PassageQuerySet:
        """Passages whose words are not on this machine, so that nothing can be compared with them; not those
        that were withdrawn, of which nothing more is asked.
        """
        return self.filter(exact="").exclude(state="withdrawn")

    def with_surroundings(self, size: int) -> PassageQuerySet:
        """Passages with `before` and `after`: at most `size` code points of their snapshot around them, None
        where its text is not on this machine.
        """
        start, end = models.F("start"), models.F("end")
        return self.annotate(
            before=Substr("snapshot__text", Greatest(start + 1 - size, 1), Least(start, size)),
            after=Substr("snapshot__text", end + 1, size),
        )


class CitationQuerySet(models.QuerySet):
    def about(self, records: list[models.Model]) -> CitationQuerySet:
        """The citations of all these records, with passages and sources, in one query."""
        return self.filter(about_any(records)).select_related("passage__source")


class ReanchoringQuerySet(models.QuerySet):
    def open(self) -> ReanchoringQuerySet:
        """Those that wait for a person."""
        return self.filter(resolution="").exclude(state="verified")

    def compared_again_by(self, recapture: models.Model) -> ReanchoringQuerySet:
        """Those of other recaptures whose passages this one has compared as well."""
        again = self.model._default_manager.filter(recapture=recapture, passage=models.OuterRef("passage"))
        return self.exclude(recapture=recapture).filter(models.Exists(again))

    def count_by_outcome(self) -> dict[str, int]:
        """How many there are of each outcome that there is."""
        rows = self.order_by().values_list("state").annotate(count=models.Count("pk"))
        return dict(rows)


def about_any(records: list[models.Model]) -> models.Q:
    """That a row's `content_type` and `object_id` name one of these records. At most one query."""
    # Fills the cache of content types in one query instead of one for each kind.
    ContentType.objects.get_for_models(*{type(record) for record in records})
    ids: dict[ContentType, list[int]] = {}
    for record in records:
        ids.setdefault(ContentType.objects.get_for_model(record), []).append(record.pk)
    wanted = models.Q(pk__in=[])
    for content_type, pks in ids.items():
        wanted |= models.Q(content_type=content_type, object_id__in=pks)
    return wanted


def _citation_model(queryset: models.QuerySet) -> type[models.Model]:
    return queryset.model._meta.get_field("citations").related_model
