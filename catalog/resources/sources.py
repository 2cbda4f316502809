"""Tables of sources, snapshots (never their texts), passages and citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from import_export import fields

from catalog import capture
from catalog.actions import keep_numbers, verify_passages
from catalog.facts import CITABLE, WHOLE
from catalog.key_queries import Parts
from catalog.keys import RELATIONS, key_of, with_relations
from catalog.models import Citation, Decision, Passage, PassageState, Snapshot, Source
from catalog.resources.base import RowsRefused, TableResource
from catalog.resources.cells import Column
from catalog.resources.columns import reference, sha256_of
from catalog.resources.known import Known, in_batches
from catalog.resources.widgets import Choice, NotKnown, RecordKind, Reference, Text

QUOTES = ("exact", "prefix", "suffix")  # the words of a passage and those around it


def snapshots_without_text() -> models.QuerySet:
    """Every snapshot with its source; the texts are large and not needed for tables."""
    return Snapshot.objects.select_related("source").defer("text")


def snapshot_key(snapshot: Snapshot) -> str:
    """Source and hash: two sources may have the same text."""
    return f"{snapshot.source.slug}/{snapshot.sha256}"


def snapshot_parts(key: str) -> Parts:
    source, sha256 = key.split("/")
    return {"source__slug": source, "sha256": sha256}


def records_about(citations: list[Citation]) -> dict[tuple[int, int], models.Model]:
    """The records that these citations are about, with what their keys read, by content type and id."""
    ids: dict[ContentType, set[int]] = {}
    for citation in citations:
        ids.setdefault(citation.content_type, set()).add(citation.object_id)
    return {
        (kind.pk, record.pk): record
        for kind, some in ids.items()
        for record in with_relations(kind.model_class(), RELATIONS).filter(pk__in=some)
    }


class SourceResource(TableResource):
    derives_from = reference("derives_from", Source)
    second_pass = {"derives_from": None}
    relations = ("derives_from",)

    class Meta:
        model = Source
        import_id_fields = ["slug"]
        fields = (
            "slug",
            "title",
            "publisher",
            "author",
            "published",
            "language",
            "url",
            "kind",
            "derives_from",
            "quote_limit",
        )


class SnapshotResource(TableResource):
    """Snapshots are never changed: a row about one that is there only has to agree with it."""

    source = reference("source", Source, required=True)
    sort_columns = ("source", "captured_at", "sha256")

    class Meta:
        model = Snapshot
        import_id_fields = ["source", "sha256"]
        fields = ("source", "sha256", "length", "captured_at", "method")

    def get_queryset(self) -> models.QuerySet:
        return snapshots_without_text()

    def key(self, instance: Snapshot) -> str:
        return snapshot_key(instance)

    def columns_of(self, record: Snapshot | None, row: Mapping[str, str]) -> list[Column]:
        return super().columns_of(record, row) if record is None else []

    def stored(self) -> models.QuerySet:
        return snapshots_without_text()

    def complete(self, instance: Snapshot, row: Mapping[str, str], line: int, changed: bool) -> bool:
        if instance.pk is not None and row["length"] != str(instance.length):
            message = gettext("The snapshot with this hash has %(length)s characters, and never changes.")
            raise ValidationError({"length": message % {"length": instance.length}})
        return False


class Standing(Choice):
    """Why a passage stands no more; empty for all others, whose text says how they stand."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> str:
        return super().clean(value, row, **kwargs) or PassageState.UNATTACHED

    def render(self, value: str, obj: object = None, **kwargs: object) -> str:
        return value if value in self.values else ""


class PassageResource(TableResource):
    """Passages come without their words; where the text is here, they are verified against it at once. Of one
    that has changed, is lost or withdrawn the table says so: it supports nothing in another newsroom either.

    A file may have the words beside them (`exact`, `prefix`, `suffix`): they must be those of the hash, and
    are not kept, since the text of the source is what has them.
    """

    optional = QUOTES
    later = frozenset({"state"})
    unasked = frozenset({"state"})

    source = reference("source", Source, required=True)
    snapshot = fields.Field(
        "snapshot",
        "snapshot",
        Reference(Snapshot, "source", "snapshot", part=sha256_of, required=True),
    )
    state = fields.Field("state", "state", Standing(sorted(Passage.FALLEN), blank=True))

    class Meta:
        model = Passage
        import_id_fields = ["source", "number"]
        fields = ("source", "number", "snapshot", "start", "end", "sha256", "excerpt", "state")

    def __init__(self, known: Known | None = None, **kwargs: object) -> None:
        super().__init__(known, **kwargs)
        self.known.read_with(Snapshot, snapshots_without_text, snapshot_key, snapshot_parts)

    def columns_of(self, record: Passage | None, row: Mapping[str, str]) -> list[Column]:
        """A file may say that a passage stands no more; that it stands again is for a person to say."""
        columns = super().columns_of(record, row)
        if record is None or row.get("state"):
            return columns
        return [one for one in columns if one.name != "state"]

    def stored(self) -> models.QuerySet:
        return self.get_queryset()

    def get_queryset(self) -> models.QuerySet:
        return Passage.objects.select_related("source", "snapshot").defer("snapshot__text")

    def complete(self, instance: Passage, row: Mapping[str, str], line: int, changed: bool) -> bool:
        exact = row.get("exact", "")
        if exact and capture.sha256_of(exact) != instance.sha256:
            text = gettext(
                "These words do not have the SHA-256 of the passage. Correct them, or leave them out."
            )
            raise ValidationError({"exact": text})
        return False

    def before_write(self, instance: Passage) -> None:
        if instance.state not in Passage.FALLEN:
            instance.state = PassageState.UNATTACHED
        instance.exact = instance.prefix = instance.suffix = ""

    def write(self, new: list[Passage], changed: list[Passage]) -> None:
        super().write(new, changed)
        keep_numbers(new)
        failed = verify_passages([*new, *changed])
        if failed:
            raise RowsRefused([(failure.passage, failure.reason) for failure in failed])


class QuotedPassageResource(PassageResource):
    """Passages with their words, as a desk may take them out."""

    class Meta:
        model = Passage
        fields = (*PassageResource.Meta.fields, *QUOTES)


class AboutRecord(Text):
    """The id of the record that `about_type` and `about` name together."""

    alone = False
    known: Known

    def asks(self, value: str, row: Mapping[str, str]) -> Iterator[tuple[type[models.Model], str]]:
        if row["about_type"] in CITABLE:
            yield apps.get_model("catalog", row["about_type"]), value

    def clean(self, value: str, row=None, **kwargs: object) -> int | None:
        kind = (row or {}).get("about_type", "")
        if kind not in CITABLE:
            return None  # about_type says what is wrong
        model = apps.get_model("catalog", kind)
        record = self.known.get(model, value)
        if record is None:
            raise NotKnown(model, value)
        return record.pk


class AboutResource(TableResource):
    """A table whose rows are about a record of any kind, named by `about_type` and `about`."""

    unasked = frozenset({"object_id"})

    def __init__(self, known: Known | None = None, **kwargs: object) -> None:
        super().__init__(known, **kwargs)
        self._records: dict[tuple[int, int], models.Model] = {}
        # One query for all of them, and none for each row.
        ContentType.objects.get_for_models(*(apps.get_model("catalog", name) for name in CITABLE))

    def complete(
        self, instance: Citation | Decision, row: Mapping[str, str], line: int, changed: bool
    ) -> bool:
        citable = CITABLE[row["about_type"]]
        if instance.field != WHOLE and instance.field not in citable:
            message = gettext("“%(field)s” cannot be cited. Write one of: %(fields)s; or leave it empty.")
            raise ValidationError(
                {"field": message % {"field": instance.field, "fields": ", ".join(citable)}}
            )
        return False

    def dehydrate_about(self, row: models.Model) -> str:
        record = self._records.get((row.content_type_id, row.object_id))
        return "" if record is None else key_of(record)

    def unsorted_rows(self, queryset: models.QuerySet) -> Iterator[list[str]]:
        for some in in_batches(queryset.iterator(chunk_size=self.batch_rows), self.batch_rows):
            self._records = records_about(some)
            yield from ([self.cell(name, one) for name in self._meta.fields] for one in some)


class CitationResource(AboutResource):
    passage = reference("passage", Passage, part=key_of, required=True)
    about_type = fields.Field("content_type", "about_type", RecordKind(list(CITABLE)))
    about = fields.Field("object_id", "about", AboutRecord())
    relations = ("passage__source", "content_type")
    sort_columns = ("about_type", "about", "field", "passage")

    class Meta:
        model = Citation
        import_id_fields = ["passage", "about_type", "about", "field"]
        fields = ("passage", "about_type", "about", "field", "stance", "says", "checked_value")

    def stored(self) -> models.QuerySet:
        return Citation.objects.all()

    def key(self, instance: Citation) -> str:
        about = f"{instance.content_type.model} {instance.object_id}"
        return f"{instance.passage.key} {about} {instance.field}"
