"""What people add, change and delete in the admin: one row of the audit log each, with the values before it.

Mixed into every admin that is registered, so that no model is forgotten. Where an action of the catalog or
the newsroom writes and records, its admin says so in `audited_fields`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils import translation

from editorial import audit
from editorial.indexing import following_deletion_of

LONGEST = 200  # characters of a value that are kept


class Message(list):
    """What Django's own log keeps of a form, and beside it what ours does."""

    told: dict[str, Any]


class Audited:
    """For an admin: its forms and deletions in the audit log.

    The admin may say in `audited_fields` which fields these are, because an action records the others and the
    inlines, and in `unspoken_fields` of which only the fact is kept.
    """

    @property
    def _audited(self) -> Collection[str] | None:
        return getattr(self, "audited_fields", None)

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: list | None, add: bool = False
    ) -> Message:
        message = Message(super().construct_change_message(request, form, formsets, add))
        changes = changes_of(form, self._audited, getattr(self, "unspoken_fields", ()))
        rows = [] if self._audited is not None else list(_rows(formsets or ()))
        message.told = {name: value for name, value in (("changes", changes), ("rows", rows)) if value}
        return message

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "record.added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "record.changed", obj, message)
        return super().log_change(request, obj, message)

    def _record(self, request: HttpRequest, verb: str, obj: models.Model, message: Any) -> None:
        told = getattr(message, "told", None)
        if told is None or not (told or (verb == "record.added" and self._audited is None)):
            return  # of a page whose action has recorded it, or of a form that changed nothing
        if list(told.get("changes", ())) == ["password"] and verb == "record.changed":
            verb, told = "account.password_changed", {}
        audit.record(user=request.user, verb=verb, target=obj, data=told)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with transaction.atomic(), following_deletion_of([obj]):
            audit.record(user=request.user, verb="record.deleted", target=obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with transaction.atomic(), following_deletion_of(queryset):
            for obj in queryset:
                audit.record(user=request.user, verb="record.deleted", target=obj)
            super().delete_queryset(request, queryset)


def changes_of(
    form: forms.Form, only: Collection[str] | None = None, unspoken: Collection[str] = ()
) -> dict[str, Any]:
    """The changed fields of a valid form: each with its old and new value; of several records, which were
    added and removed; nothing of a password or of what is `unspoken`.
    """
    names = [name for name in form.changed_data if only is None or name in only]
    return {
        _without_secret(name): [] if "password" in name or name in unspoken else _change(form, name)
        for name in names
    }


def _without_secret(name: str) -> str:
    """The fields of a form that sets a password are all the same fact."""
    return "password" if "password" in name else name


def _change(form: forms.Form, name: str) -> list | dict[str, list[str]]:
    field = form.fields[name]
    old, new = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
    if isinstance(field, forms.ModelMultipleChoiceField):
        before, after = {_plain(one) for one in old or ()}, {_plain(one) for one in new or ()}
        return {"added": sorted(after - before), "removed": sorted(before - after)}
    if isinstance(field, ModelChoiceField) and old is not None and not isinstance(old, models.Model):
        old = field.queryset.model._default_manager.filter(pk=old).first()
    return [_plain(old), _plain(new)]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Permission):
        return f"{ContentType.objects.get_for_id(value.content_type_id).app_label}.{value.codename}"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _rows(formsets: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """What became of the rows of other models on the page."""
    with translation.override(None):
        for formset in formsets:
            kind = formset.model._meta.label_lower
            changed = {obj.pk for obj, _fields in formset.changed_objects}
            for obj in formset.new_objects:
                yield {"kind": kind, "added": _plain(obj)}
            for form in formset.initial_forms:
                if form.instance.pk in changed:
                    yield {"kind": kind, "changed": _plain(form.instance), "changes": changes_of(form)}
            for obj in formset.deleted_objects:
                yield {"kind": kind, "deleted": _plain(obj)}
