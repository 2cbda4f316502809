"""What an entry of the audit log says, in the reader's language, a line for each part of its data."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.models import AuditEntry
from editorial.models.audit import VERBS

_NAMES = {
    "revision": _("revision"),
    "edition": _("edition"),
    "footnotes": _("footnotes"),
    "restored": _("restored revision"),
    "step": _("step"),
    "comment": _("comment"),
    "reason": _("reason"),
    "note": _("note"),
    "field": _("field"),
    "value": _("value"),
    "says": _("says"),
    "stance": _("stance"),
    "method": _("method"),
    "manifest": _("manifest"),
    "sha256": _("SHA-256"),
    "file": _("file"),
    "new": _("new"),
    "changed": _("changed"),
    "same": _("same"),
    "refused": _("refused"),
    "undone": _("undone"),
    "left": _("left"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
Model = type[models.Model] | None


def kind_of(entry: AuditEntry) -> Model:
    """The model of the entry's target; None without one, or where the site knows it no longer."""
    if entry.target_type_id is None:
        return None
    return ContentType.objects.get_for_id(entry.target_type_id).model_class()


def verbs_like(words: str) -> list[str]:
    """The verbs whose wording, in the reader's language, holds these words."""
    return [verb for verb, name in VERBS.items() if words.casefold() in str(name).casefold()]


def told_by(entry: AuditEntry) -> list[str]:
    """The entry's data in words: “active: yes → no”."""
    return [*_lines(entry.data, kind_of(entry))]


def _lines(data: Mapping[str, Any], model: Model) -> Iterator[str]:
    for key, value in data.items():
        if key == "changes":
            yield from (_changed(model, name, change) for name, change in value.items())
        elif key == "rows":
            yield from map(_row, value)
        elif value not in ("", None, [], {}):
            label = str(_NAMES[key]) if key in _NAMES else _label(model, key).replace("_", " ")
            is_change = isinstance(value, list) and len(value) == 2 and key not in _NAMES
            spoken = " → ".join(map(_spoken, value)) if is_change else _spoken(value)
            yield f"{capfirst(label)}: {spoken}"


def _changed(model: Model, name: str, change: list | Mapping[str, list[str]]) -> str:
    label = capfirst(_label(model, name))
    if not change:
        return gettext("%(field)s: changed") % {"field": label}
    if isinstance(change, list):
        return f"{label}: {_spoken(change[0])} → {_spoken(change[-1])}"
    parts = []
    if change.get("added"):
        parts.append(gettext("added %(names)s") % {"names": ", ".join(change["added"])})
    if change.get("removed"):
        parts.append(gettext("removed %(names)s") % {"names": ", ".join(change["removed"])})
    return f"{label}: {'; '.join(parts) or '–'}"


def _row(row: Mapping[str, Any]) -> str:
    """What became of a row of another model on the same page."""
    try:
        model: Model = apps.get_model(row["kind"])
    except LookupError:
        model = None
    kind = row["kind"] if model is None else model._meta.verbose_name
    if "added" in row:
        return gettext("%(kind)s added: %(name)s") % {"kind": capfirst(kind), "name": row["added"]}
    if "deleted" in row:
        return gettext("%(kind)s deleted: %(name)s") % {"kind": capfirst(kind), "name": row["deleted"]}
    changes = "; ".join(_changed(model, name, change) for name, change in row["changes"].items())
    return f"{capfirst(kind)} {row['changed']}: {changes}"


def _label(model: Model, name: str) -> str:
    if name == "password":
        return gettext("password")
    try:
        return name if model is None else str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _spoken(value: Any) -> str:
    if isinstance(value, bool):
        return yesno(value)
    if value in ("", None):
        return "–"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = datetime.datetime.fromisoformat(value)
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
