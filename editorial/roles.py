"""Who may do what: the groups of a desk and their permissions, in one table.

An entry is `actions models`: actions joined by `+`, models as `app.model`, `app.*` for all of an app.
History (snapshots, passages, revisions, editions, the audit log) is changed and deleted by nobody:
the admin refuses it whatever stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from editorial import audit

ROLES: Mapping[str, tuple[str, ...]] = {
    "Writers": (
        "view catalog.*",
        "view editorial.*",
        "add+change+submit editorial.article",
        "add+change+delete editorial.contribution",
        "add+change catalog.source",
        "add catalog.snapshot",
        "add catalog.passage",
        "add+change catalog.citation",
    ),
    "Fact-checkers": (
        "view editorial.*",
        "review editorial.article",
        "change editorial.readerreport",
        "view+add+change catalog.*",
        "export catalog.*",
        "export editorial.article",
        "export editorial.contributor",
        "export editorial.correction",
    ),
    "Editors": (
        "view+add+change+delete catalog.*",
        "import+export catalog.*",
        "import+export editorial.article",
        "import+export editorial.contributor",
        "export editorial.correction",
        "view editorial.*",
        "add+change editorial.article",
        "add+change editorial.contributor",
        "add+change+delete editorial.contribution",
        "change editorial.pick",
        "change editorial.readerreport",
        "submit+change_others+review+publish editorial.article",
    ),
    "Administrators": (
        "view+add+change+delete catalog.*",
        "view+add+change+delete editorial.*",
        "submit+change_others+review+publish editorial.article",
        "view+add+change+delete auth.*",
        "import+export catalog.*",
        "import+export editorial.*",
    ),
}

# Whoever brings tables in writes many records at once: those who answer for what is there, and nobody else.
IMPORTERS = frozenset({"Editors", "Administrators"})


@transaction.atomic
def sync_roles() -> dict[str, tuple[int, int]]:
    """Make the groups, give each exactly the permissions of the table, and record what that changed.

    For each group, how many permissions it gained and lost. Calling it again changes nothing.
    """
    changes = set_permissions()
    for group, (gained, lost) in changes.items():
        if gained or lost:
            data = {"changes": {"permissions": {"added": gained, "removed": lost}}}
            audit.record(user=None, verb="roles.synced", target=group, data=data)
    return {group.name: (len(gained), len(lost)) for group, (gained, lost) in changes.items()}


def set_permissions() -> dict[Group, tuple[list[str], list[str]]]:
    """Of each group, which permissions it gained and lost, as `app.action_model`."""
    create_transfer_permissions()
    by_name = _permissions_by_name()
    changes = {}
    for name, entries in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        wanted = {by_name[permission] for permission in permissions_named(entries)}
        present = set(group.permissions.select_related("content_type"))
        group.permissions.add(*wanted - present)
        group.permissions.remove(*present - wanted)
        changes[group] = _names(wanted - present), _names(present - wanted)
    return changes


def _names(permissions: Iterable[Permission]) -> list[str]:
    return sorted(_name(one) for one in permissions)


def _name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _permissions_by_name() -> dict[str, Permission]:
    return {_name(one): one for one in Permission.objects.select_related("content_type")}


def create_transfer_permissions() -> None:
    """Django makes permissions to add, change, delete and view; those to import and export are ours."""
    codes = (settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE, settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE)
    present = set(Permission.objects.values_list("content_type", "codename"))
    types = ContentType.objects.get_for_models(*_models("catalog.*"), *_models("editorial.*"))
    missing = [
        Permission(
            content_type=content_type,
            codename=f"{code}_{model._meta.model_name}",
            name=f"Can {code} {model._meta.verbose_name_raw}",
        )
        for model, content_type in types.items()
        for code in codes
        if (content_type.pk, f"{code}_{model._meta.model_name}") not in present
    ]
    Permission.objects.bulk_create(missing, ignore_conflicts=True)  # two may migrate at once


def permissions_named(entries: Iterable[str]) -> set[str]:
    """The permissions that entries of the table stand for, as `app.action_model`."""
    return {
        f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        for entry in entries
        for actions, pattern in [entry.split()]
        for model in _models(pattern)
        for action in actions.split("+")
    }


def _models(pattern: str) -> list[type[models.Model]]:
    app_label, name = pattern.split(".")
    if name == "*":
        return list(apps.get_app_config(app_label).get_models())
    return [apps.get_model(app_label, name)]
