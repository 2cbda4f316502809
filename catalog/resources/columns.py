"""The kinds of columns that tables share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from import_export import fields

from catalog.models import Episode, Season
from catalog.resources.widgets import Reference, Text


def slug_of(record: Any) -> str:
    return record.slug


def number_of(season: Season) -> int:
    return season.number


def episode_part(episode: Episode) -> str:
    """An episode within its season: its number, or `~title` for a special."""
    return f"~{episode.title}" if episode.number is None else str(episode.number)


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
