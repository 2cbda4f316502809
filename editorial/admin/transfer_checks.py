"""The site does not start while somebody could bring tables in or take them out without the right to.

Closed by default: django-import-export lets everybody who may see a list import it when no permission is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from editorial.bundles import TABLES
from editorial.roles import IMPORTERS, ROLES, permissions_named

TAG = "tables"
CODES = ("IMPORT_EXPORT_IMPORT_PERMISSION_CODE", "IMPORT_EXPORT_EXPORT_PERMISSION_CODE")


@register(TAG)
def tables_are_closed_by_default(**kwargs: Any) -> list[CheckMessage]:
    """Errors for a table without a permission, and for a role that may import and should not."""
    return [*_open_tables(), *_roles_that_import()]


@register(TAG, "database")
def no_other_group_imports(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each group that was given the right to import by hand."""
    if not databases or not _import_code():
        return []
    others = Group.objects.exclude(name__in=IMPORTERS)
    importing = others.filter(permissions__codename__startswith=f"{_import_code()}_")
    try:
        names = sorted(set(importing.values_list("name", flat=True)))
    except DatabaseError:
        return []  # there are no groups yet, or nobody to ask: nothing can be imported either
    return [
        Error(
            f"The group “{name}” may import tables.",
            hint=f"Take these permissions away: only {_importers()} import (editorial.roles.IMPORTERS).",
            id="editorial.E003",
        )
        for name in names
    ]


def _open_tables() -> Iterator[CheckMessage]:
    for code in CODES:
        if not getattr(settings, code, None):
            hint = "Name the permission, for example “import”: without one, everybody may."
            yield Error(f"{code} is not set.", hint=hint, id="editorial.E001")
    given = permissions_named(ROLES["Administrators"])
    for name, resource in TABLES.items():
        meta = resource._meta.model._meta
        for code in filter(None, (getattr(settings, one, None) for one in CODES)):
            if f"{meta.app_label}.{code}_{meta.model_name}" not in given:
                hint = "Give it to the role of administrators in editorial.roles.ROLES."
                yield Error(f"Nobody has the right to {code} {name}.", hint=hint, id="editorial.E001")


def _roles_that_import() -> Iterator[CheckMessage]:
    for role, entries in ROLES.items():
        imports = [
            one for one in permissions_named(entries) if one.split(".")[1].startswith(f"{_import_code()}_")
        ]
        if imports and role not in IMPORTERS and _import_code():
            hint = f"Only these import: {_importers()} (editorial.roles.IMPORTERS)."
            yield Error(f"The role “{role}” may import tables.", hint=hint, id="editorial.E002")


def _import_code() -> str:
    return getattr(settings, CODES[0], None) or ""


def _importers() -> str:
    return ", ".join(sorted(IMPORTERS))
