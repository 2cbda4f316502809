"""Model and form fields that the catalog needs: partial dates, and search keys kept beside names."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.dates import PartialDate
from catalog.folding import search_key

_YEAR = "[0-9][0-9][0-9][0-9]"
_MONTHS = ("0[1-9]", "1[0-2]")
_DAYS = ("0[1-9]", "[12][0-9]", "3[01]")
_GLOBS = [
    stem + tilde
    for stem in (
        _YEAR,
        *(f"{_YEAR}-{month}" for month in _MONTHS),
        *(f"{_YEAR}-{month}-{day}" for month in _MONTHS for day in _DAYS),
    )
    for tilde in ("", "~")
]
_REGEX = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?~?$"


class PartialDateWidget(forms.MultiWidget):
    """Year, month, day and “about”, so that nobody has to know how a partial date is written."""

    template_name = "catalog/widgets/partial_date.html"

    def __init__(self, attrs: dict | None = None) -> None:
        months = [("", "—"), *((str(number), name) for number, name in MONTHS.items())]
        super().__init__(
            {
                "year": forms.NumberInput({"min": 1, "max": 9999, "aria-label": _("Year")}),
                "month": forms.Select({"aria-label": _("Month")}, choices=months),
                "day": forms.NumberInput({"min": 1, "max": 31, "aria-label": _("Day")}),
                "about": forms.CheckboxInput({"aria-label": pgettext_lazy("date", "about")}),
            },
            attrs,
        )

    def decompress(self, value: PartialDate | str | None) -> list:
        if isinstance(value, str):
            try:
                value = PartialDate.parse(value)
            except ValueError:
                return [None, None, None, False]
        if value is None:
            return [None, None, None, False]
        return [value.year, str(value.month or ""), value.day, value.approximate]


class PartialDateFormField(forms.MultiValueField):
    """Form field for a `PartialDate`; None when empty."""

    widget = PartialDateWidget

    def __init__(self, **kwargs: object) -> None:
        # ModelForms hand these over for the text column behind the field.
        for name in ("max_length", "empty_value"):
            kwargs.pop(name, None)
        parts = (
            forms.IntegerField(required=False, min_value=1, max_value=9999),
            forms.TypedChoiceField(
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "—"), *((str(number), name) for number, name in MONTHS.items())],
            ),
            forms.IntegerField(required=False, min_value=1, max_value=31),
            forms.BooleanField(required=False),
        )
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, values: list) -> PartialDate | None:
        year, month, day, about = values or [None, None, None, False]
        if year is None:
            if month or day:
                raise ValidationError(_("A month or a day needs a year."), code="no_year")
            return None
        try:
            return PartialDate(year, month, day, bool(about))
        except ValueError as error:
            if day and not month:
                raise ValidationError(_("A day needs a month."), code="no_month") from error
            raise ValidationError(_("The calendar has no such day."), code="no_such_day") from error

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_partial(initial) != self.clean(data)
        except ValidationError:
            return True

    @staticmethod
    def to_partial(value: object) -> PartialDate | None:
        if value in (None, ""):
            return None
        return value if isinstance(value, PartialDate) else PartialDate.parse(str(value))


class Level0(models.Transform):
    """`premiere__level0`: the date without its mark for approximate, for sorting and comparing."""

    lookup_name = "level0"
    output_field = models.CharField()

    def as_sql(self, compiler, connection):
        sql, params = compiler.compile(self.lhs)
        return f"REPLACE({sql}, '~', '')", params


class PartialDateField(models.Field):
    """A `catalog.dates.PartialDate`, stored as its EDTF string so that the database can sort it.

    Empty is NULL. The database itself refuses a string that is not such a date. Order by
    `<field>__level0` where approximate dates must sort with the others.
    """

    description = _("A year, a month or a day")

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 11)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def db_type(self, connection) -> str:
        return "varchar(11)"

    def db_parameters(self, connection) -> dict:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            # A locale's collation would look past the hyphens.
            parameters["collation"] = "C"
        return parameters

    def db_check(self, connection) -> str:
        column = connection.ops.quote_name(self.column)
        if connection.vendor == "postgresql":
            return f"{column} ~ '{_REGEX}'"
        return " OR ".join(f"{column} GLOB '{glob}'" for glob in _GLOBS)

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, expression, connection) -> PartialDate | None:
        return None if not value else PartialDate.parse(value)

    def to_python(self, value: object) -> PartialDate | None:
        if value in (None, "") or isinstance(value, PartialDate):
            return value or None
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not a date written as 2019, 2018-12 or 2020-02-13 (with ~ for about)."),
                code="invalid",
                params={"value": value},
            ) from error

    def get_prep_value(self, value: object) -> str | None:
        if value is None or value == "":
            return None
        # Parts of a date are allowed in lookups such as `startswith`.
        return str(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: object) -> forms.Field:
        # The admin's override for text columns would hand over its own widget.
        kwargs.pop("widget", None)
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


PartialDateField.register_lookup(Level0)


class SearchKeyField(models.TextField):
    """`search_key()` of another field of the same row, brought up to date whenever the row is saved."""

    def __init__(self, *args: object, source: str, **kwargs: object) -> None:
        self.source = source
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for set_here in ("editable", "default", "blank"):
            kwargs.pop(set_here, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = search_key(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, key)
        return key
