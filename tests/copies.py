"""What takes long to make, made once in a process and put back from a copy afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

# Django makes these anew, with other ids, whenever a database was emptied.
_BY_DJANGO = (ContentType, Permission)


# What a search reads stands in no model's column: how it is taken, and how it is put back.
_OF_SEARCH = {
    "sqlite": (
        "SELECT title, title_stems, text, text_stems, rowid FROM editorial_searchtext",
        "INSERT INTO editorial_searchtext (title, title_stems, text, text_stems, rowid)"
        " VALUES (%s, %s, %s, %s, %s)",
    ),
    "postgresql": (
        "SELECT vector::text, id FROM editorial_searchentry",
        "UPDATE editorial_searchentry SET vector = %s::tsvector WHERE id = %s",
    ),
}


@dataclass(frozen=True, slots=True)
class Copy:
    rows: dict[type[models.Model], list[tuple]]
    searched: list[tuple]
    names: dict[type[models.Model], dict[int, tuple]]  # natural keys of what Django makes, by id
    media: dict[Path, bytes]  # by path within the media folder


_copies: dict[str, Copy] = {}


def filled(name: str, make: Callable[[], object]) -> None:
    """Fill the database and the media folder as `make` does; from the second time on with the very same rows.

    A database that holds something already is filled by `make`, whose rows may then have other ids.
    """
    if any(model._base_manager.exists() for model in _copied()):
        make()
    elif name in _copies:
        _put_back(_copies[name])
    else:
        make()
        _copies[name] = _taken()


def _copied() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and model not in _BY_DJANGO]


def _taken() -> Copy:
    rows = {}
    with connection.cursor() as cursor:
        for model in _copied():
            cursor.execute(f"SELECT {_columns(model)} FROM {_quoted(model._meta.db_table)}")
            if found := cursor.fetchall():
                rows[model] = found
        cursor.execute(_OF_SEARCH[connection.vendor][0])
        searched = cursor.fetchall()
    root = Path(settings.MEDIA_ROOT)
    media = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return Copy(rows, searched, _names(), media)


def _put_back(copy: Copy) -> None:
    now = {model: {name: pk for pk, name in names.items()} for model, names in _names().items()}
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in copy.rows.items():
            fields = model._meta.concrete_fields
            for place, field in enumerate(fields):
                if field.is_relation and field.related_model in _BY_DJANGO:
                    before = copy.names[field.related_model]
                    ids = {pk: now[field.related_model][name] for pk, name in before.items()}
                    rows = [(*row[:place], ids.get(row[place]), *row[place + 1 :]) for row in rows]
            values = ", ".join(["%s"] * len(fields))
            table = _quoted(model._meta.db_table)
            cursor.executemany(f"INSERT INTO {table} ({_columns(model)}) VALUES ({values})", rows)
        cursor.executemany(_OF_SEARCH[connection.vendor][1], copy.searched)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(copy.rows)):
            cursor.execute(statement)
    for name, content in copy.media.items():
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _names() -> dict[type[models.Model], dict[int, tuple]]:
    permissions = Permission.objects.select_related("content_type")
    return {
        ContentType: {one.pk: one.natural_key() for one in ContentType.objects.all()},
        Permission: {one.pk: one.natural_key() for one in permissions},
    }


def _columns(model: type[models.Model]) -> str:
    return ", ".join(_quoted(field.column) for field in model._meta.concrete_fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
