"""How the cells of a table become values of fields and back. Errors say what to write instead."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from import_export.widgets import Widget

from catalog.fields import PartialDateField
from catalog.resources.known import Known
from catalog.resources.tables import join_list, split_list

_WHOLE_NUMBER = re.compile("[0-9]{1,9}")
# A day inside what Python has: every time zone can tell these moments.
_FIRST = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)
_LAST = datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC)
_SHA256 = re.compile("[0-9a-f]{64}")


class NotKnown(ValueError):
    """A cell names a record of `model` that is not there."""

    def __init__(self, model: type[models.Model], key: str) -> None:
        text = gettext("%(what)s “%(key)s” is not known: add it first, or correct the name.")
        super().__init__(text % {"what": model._meta.verbose_name, "key": key})
        self.model = model


class Text(Widget):
    """Text exactly as it stands in the cell."""

    # Whether the cell says it all, whatever else stands in its row.
    alone: ClassVar[bool] = True

    def asks(self, value: str, row: Mapping[str, str]) -> Iterator[tuple[type[models.Model], str]]:
        """Which records a cell names, by model and natural key."""
        return iter(())

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> str:
        return value

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(value)


class Number(Text):
    """A whole number from 0; an empty cell is none."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> int | None:
        if not value:
            return None
        if not _WHOLE_NUMBER.fullmatch(value):
            raise ValueError(gettext("“%(value)s” is not a whole number.") % {"value": value})
        return int(value)


class YesNo(Text):
    """yes or no; an empty cell is no."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> bool:
        if value not in {"yes", "no", ""}:
            raise ValueError(gettext("“%(value)s” is neither “yes” nor “no”.") % {"value": value})
        return value == "yes"

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return "yes" if value else "no"


class Choice(Text):
    """One of the values that a field allows."""

    def __init__(self, values: list[str], blank: bool = False) -> None:
        super().__init__()
        self.values = values
        self.blank = blank

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> str:
        if value in self.values or (self.blank and not value):
            return value
        raise ValueError(
            gettext("“%(value)s” is not allowed here. Write one of: %(values)s.")
            % {"value": value, "values": ", ".join(self.values)}
        )


class PartialDateText(Text):
    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> Any:
        try:
            return PartialDateField().to_python(value)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error


class Day(Text):
    """A day as 2020-02-13."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> datetime.date | None:
        if not value:
            return None
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            raise ValueError(gettext("“%(value)s” is not a day written as 2020-02-13.") % {"value": value})
        return day


class Moment(Text):
    """A moment in UTC as 2020-02-13T08:00:00Z."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> datetime.datetime:
        moment = _in_utc(value)
        if moment is None:
            raise ValueError(
                gettext("“%(value)s” is not a moment in UTC written as 2020-02-13T08:00:00Z.")
                % {"value": value}
            )
        return moment

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


class Sha256(Text):
    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> str:
        if not _SHA256.fullmatch(value):
            raise ValueError(
                gettext("“%(value)s” is not a SHA-256: 64 digits 0–9 and letters a–f.") % {"value": value}
            )
        return value


class Reference(Text):
    """Another record, named by the natural key that `columns` of the row make together.

    `known` is given by the resource. `part` writes the last column of the key.
    """

    alone = False
    known: Known

    def __init__(
        self,
        model: type[models.Model],
        *columns: str,
        part: Callable[[Any], object],
        required: bool = False,
    ) -> None:
        super().__init__()
        self.model = model
        self.columns = columns
        self.part = part
        self.required = required

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> models.Model | None:
        if not value:
            if self.required:
                raise ValueError(gettext("This cell must not be empty."))
            return None
        return self.find(self.key(row or {}))

    def key(self, row: Mapping[str, str]) -> str:
        return "/".join(row[column] for column in self.columns)

    def asks(self, value: str, row: Mapping[str, str]) -> Iterator[tuple[type[models.Model], str]]:
        yield self.model, self.key(row)

    def find(self, key: str) -> models.Model:
        record = self.known.get(self.model, key)
        if record is None:
            raise NotKnown(self.model, key)
        return record

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(self.part(value))


class EpisodeReference(Reference):
    """An episode by number, or a special as `~title`."""

    def key(self, row: Mapping[str, str]) -> str:
        return super().key(row).replace("/~", "/~/", 1)


class ReferenceList(Reference):
    """Several records in order, `|` between their keys."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> list[models.Model]:
        return [self.find(key) for key in split_list(value)]

    def asks(self, value: str, row: Mapping[str, str]) -> Iterator[tuple[type[models.Model], str]]:
        return ((self.model, key) for key in split_list(value))

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return join_list(str(self.part(record)) for record in value)


class RecordKind(Choice):
    """A kind of record by its name in `catalog.facts.CITABLE`, as content type."""

    def clean(self, value: str, row: Mapping | None = None, **kwargs: object) -> ContentType:
        return ContentType.objects.get_by_natural_key("catalog", super().clean(value, row))

    def render(self, value: Any, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(value.model)


def _in_utc(text: str) -> datetime.datetime | None:
    """The moment in UTC; None for what is none, has no offset, or is in no year of every time zone."""
    try:
        moment = parse_datetime(text)
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST <= moment <= _LAST else None


def widget_for(field: models.Field) -> Widget:
    """The widget of a model field that is no relation."""
    if isinstance(field, PartialDateField):
        return PartialDateText()
    if field.choices:
        return Choice([str(value) for value, _label in field.flatchoices if value], blank=field.blank)
    for kind, widget in (
        (models.BooleanField, YesNo),
        (models.IntegerField, Number),
        (models.DateTimeField, Moment),
        (models.DateField, Day),
    ):
        if isinstance(field, kind):
            return widget()
    return Sha256() if field.name == "sha256" else Text()
