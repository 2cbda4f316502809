"""Tables of sources, snapshots (never their texts), passages and citations."""

from __future__ import annotations

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from import_export import fields

from catalog.actions import keep_numbers, verify_passages
from catalog.capture import sha256_of
from catalog.facts import CITABLE, WHOLE
from catalog.keys import key_of
from catalog.models import Citation, Passage, PassageState, Snapshot, Source
from catalog.resources.base import Known, RowsRefused, TableResource
from catalog.resources.columns import reference
from catalog.resources.widgets import RecordKind, Reference, Text

QUOTES = ("exact", "prefix", "suffix")  # the words of a passage and those around it


def snapshots_without_text() -> models.QuerySet:
    """Every snapshot with its source; the texts are large and not needed for tables."""
    return Snapshot.objects.select_related("source").defer("text")


def snapshot_key(snapshot: Snapshot) -> str:
    """Source and hash: two sources may have the same text."""
    return f"{snapshot.source.slug}/{snapshot.sha256}"


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

    def import_instance(self, instance: Snapshot, row, **kwargs: object) -> None:
        if instance.pk is None:
            super().import_instance(instance, row, **kwargs)
        elif row["length"] != str(instance.length):
            message = gettext("The snapshot with this hash has %(length)s characters, and never changes.")
            raise ValidationError({"length": message % {"length": instance.length}})


class PassageResource(TableResource):
    """Passages come without their words; where the text is here, they are verified against it at once.

    A file may have the words beside them (`exact`, `prefix`, `suffix`): they must be those of the hash, and
    are not kept, since the text of the source is what has them.
    """

    optional = QUOTES

    source = reference("source", Source, required=True)
    snapshot = fields.Field(
        "snapshot",
        "snapshot",
        Reference(Snapshot, "source", "snapshot", part=lambda snapshot: snapshot.sha256, required=True),
    )

    class Meta:
        model = Passage
        import_id_fields = ["source", "number"]
        fields = ("source", "number", "snapshot", "start", "end", "sha256", "excerpt")

    def __init__(self, known: Known | None = None, **kwargs: object) -> None:
        super().__init__(known, **kwargs)
        self.known.read_with(Snapshot, snapshots_without_text, snapshot_key)

    def get_queryset(self) -> models.QuerySet:
        return Passage.objects.select_related("source", "snapshot").defer("snapshot__text")

    def import_instance(self, instance: Passage, row, **kwargs: object) -> None:
        super().import_instance(instance, row, **kwargs)
        exact = row.get("exact", "")
        if exact and sha256_of(exact) != instance.sha256:
            text = gettext(
                "These words do not have the SHA-256 of the passage. Correct them, or leave them out."
            )
            raise ValidationError({"exact": text})

    def before_save_instance(self, instance: Passage, row, **kwargs: object) -> None:
        instance.state = PassageState.UNATTACHED
        instance.exact = instance.prefix = instance.suffix = ""

    def write(self, new: list[Passage], changed: list[Passage]) -> None:
        super().write(new, changed)
        keep_numbers(new)
        failed = verify_passages([*new, *changed])
        if failed:
            raise RowsRefused([(failure.passage, failure.reason) for failure in failed])


class AboutRecord(Text):
    """The id of the record that `about_type` and `about` name together."""

    known: Known

    def clean(self, value: str, row=None, **kwargs: object) -> int | None:
        kind = (row or {}).get("about_type", "")
        if kind not in CITABLE:
            return None  # about_type says what is wrong
        model = apps.get_model("catalog", kind)
        record = self.known.get(model, value)
        if record is None:
            raise ValueError(
                gettext("%(what)s “%(key)s” is not known: add it first, or correct the name.")
                % {"what": model._meta.verbose_name, "key": value}
            )
        return record.pk


class CitationResource(TableResource):
    passage = reference("passage", Passage, part=key_of, required=True)
    about_type = fields.Field("content_type", "about_type", RecordKind(list(CITABLE)))
    about = fields.Field("object_id", "about", AboutRecord())
    relations = ("passage__source", "content_type")
    sort_columns = ("about_type", "about", "field", "passage")
    unasked = frozenset({"object_id"})

    class Meta:
        model = Citation
        import_id_fields = ["passage", "about_type", "about", "field"]
        fields = ("passage", "about_type", "about", "field", "stance", "says", "checked_value")

    def __init__(self, known: Known | None = None, **kwargs: object) -> None:
        super().__init__(known, **kwargs)
        self.fields["about"].widget.known = self.known
        # One query for all of them, and none for each row.
        ContentType.objects.get_for_models(*(apps.get_model("catalog", name) for name in CITABLE))

    def key(self, instance: Citation) -> str:
        about = f"{instance.content_type.model} {instance.object_id}"
        return f"{instance.passage.key} {about} {instance.field}"

    def dehydrate_about(self, citation: Citation) -> str:
        record = self.known.by_pk(citation.content_type.model_class(), citation.object_id)
        return "" if record is None else key_of(record)

    def import_instance(self, instance: Citation, row, **kwargs: object) -> None:
        super().import_instance(instance, row, **kwargs)
        citable = CITABLE[row["about_type"]]
        if instance.field != WHOLE and instance.field not in citable:
            message = gettext("“%(field)s” cannot be cited. Write one of: %(fields)s; or leave it empty.")
            raise ValidationError(
                {"field": message % {"field": instance.field, "fields": ", ".join(citable)}}
            )
