"""Tables of decisions between sources and of captures again: rows that are written once and never change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from import_export import fields

from catalog.facts import CITABLE
from catalog.models import Decision, Recapture, Snapshot, Source
from catalog.resources.base import TableResource
from catalog.resources.columns import reference, sha256_of
from catalog.resources.known import Known
from catalog.resources.sources import (
    AboutRecord,
    AboutResource,
    snapshot_key,
    snapshot_parts,
    snapshots_without_text,
)
from catalog.resources.tables import join_list, split_list
from catalog.resources.widgets import Moment, RecordKind, Reference, Text

_PASSAGE = re.compile(r"[-\w]+#[0-9]+", re.ASCII)


class Overruled(Text):
    """What a decision went against: of each statement the passage, a space, and what it said."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> list[dict[str, str]]:
        overruled = []
        for item in split_list(value):
            passage, _space, says = item.partition(" ")
            if not _PASSAGE.fullmatch(passage):
                text = gettext("“%(item)s” does not begin with a passage, such as “source-slug#3”.")
                raise ValueError(text % {"item": item})
            overruled.append({"passage": passage, "says": says})
        return overruled

    def render(self, value: Iterable[Mapping[str, str]] | None, obj: object = None, **kwargs: object) -> str:
        return join_list(f"{one['passage']} {one['says']}" for one in value or ())


class DecisionResource(AboutResource):
    """Who decided stays with the desk: accounts are in no table."""

    about_type = fields.Field("content_type", "about_type", RecordKind(list(CITABLE)))
    about = fields.Field("object_id", "about", AboutRecord())
    overruled = fields.Field("overruled", "overruled", Overruled())
    relations = ("content_type",)
    unasked = frozenset({"object_id", "overruled"})

    class Meta:
        model = Decision
        import_id_fields = ["about_type", "about", "field", "at"]
        fields = ("about_type", "about", "field", "at", "value", "reason", "overruled")

    def key(self, instance: Decision) -> str:
        about = f"{instance.content_type.model} {instance.object_id} {instance.field}"
        return f"{about} {Moment().render(instance.at)}"

    def complete(self, instance: Decision, row: Mapping[str, str], line: int, changed: bool) -> bool:
        super().complete(instance, row, line, changed)
        if changed and instance.pk is not None:
            text = gettext(
                "The desk has another decision of this moment, and a decision never changes. Keep the row "
                "that is here, or give the new decision its own moment."
            )
            raise ValidationError({"at": text})
        return False


class RecaptureResource(TableResource):
    """Which text a source was captured with again, and when: the last one is what it is quoted from."""

    source = reference("source", Source, required=True)
    snapshot = fields.Field(
        "snapshot",
        "snapshot",
        Reference(Snapshot, "source", "snapshot", part=sha256_of, required=True),
    )

    class Meta:
        model = Recapture
        import_id_fields = ["source", "at", "snapshot"]
        fields = ("source", "at", "snapshot")

    def __init__(self, known: Known | None = None, **kwargs: object) -> None:
        super().__init__(known, **kwargs)
        self.known.read_with(Snapshot, snapshots_without_text, snapshot_key, snapshot_parts)

    def get_queryset(self) -> models.QuerySet:
        return Recapture.objects.select_related("source", "snapshot").defer("snapshot__text")

    def key(self, instance: Recapture) -> str:
        return f"{instance.source.slug}/{Moment().render(instance.at)}/{instance.snapshot.sha256}"
