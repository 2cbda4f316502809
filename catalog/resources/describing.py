"""What the columns of a table are, read from its resource: to map foreign files, and for `docs/tables.md`."""

from __future__ import annotations

from django.db import models
from django.utils import translation

from catalog.facts import CITABLE, model_of
from catalog.folding import search_key
from catalog.resources.base import TableResource
from catalog.resources.columns import episode_part, number_of
from catalog.resources.widgets import (
    Choice,
    Day,
    Moment,
    Number,
    PartialDateText,
    Reference,
    ReferenceList,
    Sha256,
    YesNo,
)
from catalog.said import LANGUAGES
from catalog.tabular.columns import Column, Kind
from catalog.tabular.header_names import other_names

# Columns that a row of a table of citable records may bring along: the evidence for one of its facts.
CITING = ("source", "quote", "passage", "says", "field")

# What a new record gets from its name (`catalog.tabular.names`).
_PROPOSED = frozenset({("person", "slug"), ("person", "sort_name"), ("character", "slug")})

_KINDS = (
    (ReferenceList, Kind.RECORDS),
    (Reference, Kind.RECORD),
    (Choice, Kind.CHOICE),
    (YesNo, Kind.YES_NO),
    (Number, Kind.NUMBER),
    (PartialDateText, Kind.DATE),
    (Day, Kind.DAY),
    (Moment, Kind.MOMENT),
    (Sha256, Kind.SHA256),
)


def is_citable(resource: type[TableResource]) -> bool:
    """Whether the rows of the table are facts, and so may bring their evidence along."""
    return model_of(resource._meta.model()) in CITABLE


def columns_of(resource: type[TableResource]) -> dict[str, Column]:
    """The columns of a table by name, in order; those a row may bring along stand last."""
    kind = resource._meta.model._meta.model_name
    columns = {name: _column(resource, kind, name) for name in resource._meta.fields}
    for name in resource.optional:
        columns[name] = Column(name)
    for name in CITING if is_citable(resource) else ():
        names = {"source": "source", "passage": "passage"}.get(name, "")
        columns[name] = Column(name, names=names, others=other_names("", name), is_citing=True)
    return columns


def _column(resource: type[TableResource], kind: str, name: str) -> Column:
    one = resource.fields[name]
    widget = one.widget
    field = _model_field(resource._meta.model, one.attribute or name)
    form = next((known for widgets, known in _KINDS if isinstance(widget, widgets)), Kind.TEXT)
    values = tuple(value for value in getattr(widget, "values", ()) if value)
    is_key = name in resource._meta.import_id_fields
    return Column(
        name,
        form,
        values=values,
        words=_words(field, values),
        names=widget.model._meta.model_name if isinstance(widget, Reference) else _shown(one.attribute),
        others=other_names(kind, name),
        is_key=is_key,
        is_required=_is_required(one, field),
        by_number=getattr(widget, "part", None) in (number_of, episode_part),
        is_proposed=(kind, name) in _PROPOSED,
    )


def _is_required(one: object, field: models.Field | None) -> bool:
    """Whether no row can do without the column."""
    if isinstance(one.widget, Reference):
        return one.widget.required
    if one.readonly:  # it helps to name the record of a column that is needed
        return True
    if field is None or field.has_default() or field.null:
        return False
    return not (field.blank or isinstance(field, models.BooleanField))


def _shown(attribute: str) -> str:
    """The kind of record that a column names which only helps to name another one."""
    return "series" if attribute and attribute.endswith("series__slug") else ""


def _model_field(model: type[models.Model], attribute: str) -> models.Field | None:
    names = {one.name: one for one in model._meta.get_fields()}
    found = names.get(attribute)
    return found if isinstance(found, models.Field) else None


def _words(field: models.Field | None, values: tuple[str, ...]) -> dict[str, str]:
    """The folded words, in any language of the site, that stand for one value and no other."""
    found: dict[str, set[str]] = {}
    labels = [(value, value) for value in values]
    for language in LANGUAGES:
        with translation.override(language):
            pairs = field.flatchoices if field is not None and field.choices else ()
            labels += [(str(label), str(value)) for value, label in pairs if value in values]
    for label, value in labels:
        found.setdefault(search_key(label), set()).add(value)
    return {key: next(iter(meant)) for key, meant in found.items() if len(meant) == 1}
