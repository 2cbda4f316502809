"""Forms of the catalog's admin: every constraint is an error beside the field, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.actions import CatalogError, add_passage, new_citation_value
from catalog.images import ImageRefused, reencode
from catalog.models import Citation, Passage, Photo, Snapshot, Stance
from catalog.suggesting import field_choices


class RecordForm(forms.ModelForm):
    """A model form that checks the model's constraints on every field, also on those it does not show."""

    def validate_unique(self) -> None:
        # Django calls this when it has checked those constraints that name only fields of the form.
        super().validate_unique()
        try:
            self.instance.validate_constraints(exclude=self._not_known_yet())
        except ValidationError as error:
            known = self.non_field_errors()
            for message in [message for message in error.messages if message not in known]:
                self.add_error(None, message)

    def _not_known_yet(self) -> set[str]:
        """Fields with errors, and those that are filled when the row or its owner is saved."""
        owners = {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        missing = {
            field.name
            for field in self.instance._meta.concrete_fields
            if (field.name in owners or not field.null) and getattr(self.instance, field.attname) is None
        }
        return missing | set(self._errors)


class RowsOfRecords:
    """For formsets: names every field of a row, and refuses two rows that a unique constraint forbids.

    Django compares rows among each other only for constraints that name plain fields.
    """

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # The column's heading is no label to a screen reader. A wrapper renders the widget inside it.
            widget = getattr(field.widget, "widget", field.widget)
            if field.label:
                widget.attrs.setdefault("aria-label", field.label)

    def clean(self) -> None:
        super().clean()
        seen: set[tuple] = set()
        for form in self._kept_forms():
            for constraint in form.instance._meta.constraints:
                if not isinstance(constraint, models.UniqueConstraint):
                    continue
                key = self._key(constraint, form.instance)
                if key is not None and key in seen:
                    form.add_error(None, constraint.get_violation_error_message())
                seen.add(key)

    def _kept_forms(self) -> Iterator[forms.ModelForm]:
        for form in self.forms:
            gone = self.can_delete and self._should_delete_form(form)
            unused = form.instance.pk is None and not form.has_changed()
            if form.is_valid() and not gone and not unused:
                yield form

    def _key(self, constraint: models.UniqueConstraint, row: models.Model) -> tuple | None:
        """The row's values under the constraint; None where an empty one makes the row unlike any other."""
        values = []
        for expression in constraint.expressions:
            plain = isinstance(expression, models.F)
            parts = [expression] if plain else expression.flatten()
            names = {part.name for part in parts if isinstance(part, models.F)} - self.owner_fields
            for name in sorted(names):
                value = getattr(row, row._meta.get_field(name).attname)
                if value is None and plain:
                    return None
                values.append(value)
        return (constraint.name, *values)

    @property
    def owner_fields(self) -> set[str]:
        """The fields that are the same in every row."""
        return {self.fk.name}


class RecordInlineFormSet(RowsOfRecords, BaseInlineFormSet):
    """Inline rows of the catalog."""


class OfSeriesInSeasonFormSet(RecordInlineFormSet):
    """What is said of a season, as a credit is, is said of its series."""

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        form = super()._construct_form(i, **kwargs)
        form.instance.series_id = self.instance.series_id
        return form


class CitationFormSet(RowsOfRecords, BaseGenericInlineFormSet):
    """The citations of one record."""

    owner_fields = frozenset({"content_type", "object_id"})

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "record": self.instance}


class CitationForm(RecordForm):
    """A citation of `record` (default: the citation's own). What the record says is noted, never typed.

    A new citation, one that changed, and one marked as compared take the record's value of the moment of
    saving; any other keeps the value it was compared with, so that a record that moved on shows.
    """

    COMPARING = frozenset({"passage", "field", "says", "compared"})

    field = forms.ChoiceField(label=_("Field"), required=False)
    compared = forms.BooleanField(
        label=_("Compared today"),
        required=False,
        help_text=_("Tick when you have compared the passage with what the record says today."),
    )

    class Meta:
        model = Citation
        fields = ["passage", "field", "stance", "says"]

    def __init__(self, *args: Any, record: models.Model | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if record is not None:
            self.instance.target = record
        if "field" in self.fields:
            self.fields["field"].choices = field_choices(self.instance.target)
        if "stance" in self.fields and self.instance.stance != Stance.EARLIER:
            # Only a decision says that a statement is out of date.
            self.fields["stance"].choices = [
                choice for choice in Stance.choices if choice[0] != Stance.EARLIER
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        field = cleaned.get("field", self.instance.field)
        limit = Citation._meta.get_field("checked_value").max_length
        if field and len(str(getattr(self.instance.target, field))) > limit:
            message = gettext(
                "The record's text is too long to be compared: shorten it to %(limit)d characters."
            )
            self.add_error("field", message % {"limit": limit})
        return cleaned

    @property
    def comparing(self) -> bool:
        """Whether the person compares passage and record by saving this."""
        return self.instance.pk is None or not self.COMPARING.isdisjoint(self.changed_data)

    def save(self, commit: bool = True) -> Citation:
        if self.comparing:
            self.instance.checked_value = new_citation_value(self.instance.target, self.instance.field)
        return super().save(commit)


class ActionForm(forms.ModelForm):
    """A form for a new row that an action makes; the action's refusal is an error beside `blamed`."""

    user: AbstractBaseUser  # set by the admin for each request
    blamed: str

    def make(self) -> models.Model:
        """The row, made now. Raises CatalogError with a sentence for people."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            # Only the action knows whether it will take this, so it is asked once and for good.
            try:
                self.made = self.make()
            except CatalogError as refusal:
                self.add_error(self.blamed, str(refusal))
        return cleaned

    def _post_clean(self) -> None:
        """The form's own instance is never saved, so there is nothing to validate on it."""

    def save(self, commit: bool = True) -> models.Model:
        return self.made

    def save_m2m(self) -> None:
        """Nothing of the kind."""


class PassageAddForm(ActionForm):
    quote = forms.CharField(
        label=_("Exact words"),
        widget=forms.Textarea({"rows": 6, "class": "vLargeTextField"}),
        help_text=_(
            "Copy them from the source, letter by letter: a sentence or less is best. "
            "Quotes, dashes and spaces may differ in shape."
        ),
    )
    blamed = "quote"

    class Meta:
        model = Passage
        fields = ["source"]

    def make(self) -> Passage:
        data = self.cleaned_data
        return add_passage(user=self.user, source=data["source"], quote=data["quote"])


class SnapshotAddForm(forms.ModelForm):
    """Where the text of a source comes from: one of three. Reading it is the work of the admin."""

    WAYS = ("pasted", "file", "address")

    pasted = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12, "class": "vLargeTextField"}),
        help_text=_("Paste the whole text of the document, or choose one of the two ways below."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput({"accept": ".txt,.html,.htm,.pdf,.docx"}),
        help_text=_(
            "Text, HTML, PDF or DOCX (.txt, .html, .pdf, .docx). You see its text before it is stored."
        ),
    )
    address = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.URLInput({"class": "vURLField"}),
        help_text=_("A public web page or document. You see its text before it is stored."),
    )

    class Meta:
        model = Snapshot
        fields = ["source"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [name for name in self.WAYS if cleaned.get(name)]
        # A way that has an error of its own was chosen as well.
        if len(given) != 1 and not self.errors:
            message = gettext("Paste the text, choose a file or give an address, one of the three.")
            self.add_error(given[0] if given else "pasted", message)
        return cleaned

    def _post_clean(self) -> None:
        """The form's own instance is never saved, so there is nothing to validate on it."""

    @property
    def way(self) -> str:
        """The field that was filled in, once the form is valid."""
        return next(name for name in self.WAYS if self.cleaned_data.get(name))


class PhotoForm(RecordForm):
    """A photo; an upload is stored as our own encoding of it."""

    class Meta:
        model = Photo
        fields = [
            "slug",
            "image",
            "focus_x",
            "focus_y",
            "alt",
            "caption",
            "credit",
            "rights_until",
            "gives_away",
        ]

    def clean_image(self) -> File:
        image = self.cleaned_data["image"]
        if not isinstance(image, UploadedFile):
            return image
        limits = {"max_bytes": settings.UPLOAD_MAX_BYTES, "max_pixels": settings.UPLOAD_MAX_PIXELS}
        try:
            picture = reencode(image.read(settings.UPLOAD_MAX_BYTES + 1), **limits)
        except ImageRefused as error:
            raise ValidationError(str(error), code="image_refused") from error
        name = self.cleaned_data.get("slug") or "photo"
        return ContentFile(picture.data, f"{name}.{picture.format}")
