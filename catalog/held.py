"""Which fields of records a citation holds, read for a whole table in one query.

The pages of one record ask `catalog.evidence`, which has the passages at hand; tables of thousands ask here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from catalog.facts import value_text
from catalog.models import Citation, Passage, Stance


class Held:
    """What is public of the records of one model: fields that a standing passage supports as they are now."""

    def __init__(self, model: type[models.Model], records: Iterable[models.Model] | None = None) -> None:
        """Of all records of the model, or of these. One query."""
        supporting = Citation.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            stance=Stance.SUPPORTS,
            passage__state__in=Passage.SUPPORTING,
        )
        if records is not None:
            supporting = supporting.filter(object_id__in=[record.pk for record in records])
        place = ("passage__source__slug", "passage__number")
        rows = supporting.order_by(*place).values_list("object_id", "field", "checked_value", *place)
        self._by_record: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for pk, field, checked_value, slug, number in rows.iterator():
            self._by_record[pk].append((field, checked_value, f"{slug}#{number}"))

    def fields(self, record: Any) -> frozenset[str]:
        """The fields that readers may see; `WHOLE` for what the record as a whole asserts."""
        return frozenset(field for field, _passage in self._holding(record))

    def passages(self, record: Any, *fields: str) -> list[str]:
        """The passages, as `source#number`, that hold any of these fields; each once."""
        return list(dict.fromkeys(key for field, key in self._holding(record) if field in fields))

    def _holding(self, record: Any) -> list[tuple[str, str]]:
        rows = self._by_record.get(record.pk, [])
        if not rows:
            return []
        values = {field: value_text(record, field) for field in {field for field, _value, _key in rows}}
        return [(field, key) for field, checked_value, key in rows if checked_value == values[field]]
