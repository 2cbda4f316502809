"""Who may bring tables in and take them out: a right of its own for each, beside those on the records.

A bundle is all tables at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext

from editorial.bundles import TABLES
from editorial.models import BUNDLE
from editorial.table_history import HISTORY_TABLES


def model_of(table: str) -> type[models.Model]:
    """The model whose records the table `people.csv` holds."""
    return HISTORY_TABLES[table].model if table in HISTORY_TABLES else TABLES[table]._meta.model


def table_of(model: type[models.Model]) -> str | None:
    """The table that holds the records of the model; None where none does."""
    return next((name for name in (*TABLES, *HISTORY_TABLES) if model_of(name) is model), None)


def title_of(table: str) -> str:
    """The name of a table, or that of all of them, in the reader's language."""
    if table == BUNDLE:
        return gettext("Bundle")
    return str(capfirst(model_of(table)._meta.verbose_name_plural))


def may_import(user: AbstractBaseUser, table: str) -> bool:
    """Whether they may import, add and change the records of the table; nobody may where it only goes out.

    Of a bundle, whether they may import every table; what is in it may need less, but nobody knows before.
    """
    code = settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE
    if table == BUNDLE:
        return all(user.has_perms(_named(model_of(name), (code,))) for name in TABLES)
    return table in TABLES and user.has_perms(_named(model_of(table), (code, "add", "change")))


def may_export(user: AbstractBaseUser, model: type[models.Model]) -> bool:
    """Whether they may export and look at the records of the model."""
    code = settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE
    return user.has_perms(_named(model, (code, "view")))


def importable(user: AbstractBaseUser) -> list[str]:
    """The tables that they may import."""
    return [table for table in TABLES if may_import(user, table)]


def importable_files(user: AbstractBaseUser) -> list[str]:
    """What their imports may be of: the tables that they may import, and bundles."""
    return [*importable(user), *([BUNDLE] if may_import(user, BUNDLE) else [])]


def require_import(user: AbstractBaseUser, table: str) -> None:
    """Raises PermissionDenied for whoever may not import the table."""
    if not may_import(user, table):
        text = gettext("Your account may not import %(file)s. Ask an administrator.")
        raise PermissionDenied(text % {"file": title_of(table)})


def _named(model: type[models.Model], actions: Iterable[str]) -> list[str]:
    meta = model._meta
    return [f"{meta.app_label}.{get_permission_codename(action, meta)}" for action in actions]
