"""The kinds of columns that tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import models
from import_export import fields

from catalog.keys import key_of
from catalog.models import Character, Episode, Passage, Season, Snapshot
from catalog.resources.widgets import Reference, ReferenceList, Text


def slug_of(record: Any) -> str:
    return record.slug


def number_of(season: Season) -> int:
    return season.number


def sha256_of(snapshot: Snapshot) -> str:
    return snapshot.sha256


def episode_part(episode: Episode) -> str:
    """An episode within its season: its number, or `~title` for a special."""
    return f"~{episode.title}" if episode.number is None else str(episode.number)


class Out(NamedTuple):
    """How the cells of a column are made from values of the database, `paths` of the record."""

    paths: tuple[str, ...]
    render: Callable[..., str]


def out_of(declared: fields.Field, model: type[models.Model]) -> Out | None:
    """How a column goes out without its records being made; None when it needs them."""
    widget = declared.widget
    if isinstance(widget, ReferenceList) or not isinstance(widget, Text) or not declared.attribute:
        return None
    if not isinstance(widget, Reference):
        is_path = "__" in declared.attribute or not model._meta.get_field(declared.attribute).is_relation
        return Out((declared.attribute,), widget.render) if is_path else None
    paths = _PATHS.get((widget.model, widget.part)) or _PATHS.get((None, widget.part))
    if paths is None:
        return None
    return Out(tuple(f"{declared.attribute}__{path}" for path in paths[0]), paths[1])


def _one(value: object) -> str:
    return "" if value is None else str(value)


def _episode(number: int | None, title: str | None) -> str:
    return f"~{title}" if number is None and title is not None else _one(number)


def _key_of_two(separator: str) -> Callable[..., str]:
    return lambda first, second: "" if first is None else f"{first}{separator}{second}"


# What the parts of keys read, and the part made from it.
_PATHS: Mapping[tuple[type[models.Model] | None, Callable], tuple[tuple[str, ...], Callable[..., str]]] = {
    (None, slug_of): (("slug",), _one),
    (None, number_of): (("number",), _one),
    (None, sha256_of): (("sha256",), _one),
    (None, episode_part): (("number", "title"), _episode),
    (Season, key_of): (("series__slug", "number"), _key_of_two("/")),
    (Character, key_of): (("series__slug", "slug"), _key_of_two("/")),
    (Passage, key_of): (("source__slug", "number"), _key_of_two("#")),
}


def reference(
    attribute: str,
    model: type[models.Model],
    *columns: str,
    part: Callable[[Any], object] = slug_of,
    required: bool = False,
) -> fields.Field:
    """A relation, in the last of the `columns` that make its key; without them in that of its name."""
    columns = columns or (attribute,)
    return fields.Field(attribute, columns[-1], Reference(model, *columns, part=part, required=required))


def shown(attribute: str, column: str) -> fields.Field:
    """A column that only helps to name the record of another one."""
    return fields.Field(attribute, column, Text(), readonly=True)
