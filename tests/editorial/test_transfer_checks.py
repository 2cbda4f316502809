"""The site does not start while tables are open to somebody who was never given the right."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from editorial import roles
from editorial.admin.transfer_checks import TAG
from editorial.roles import set_permissions
from tests.processes import output, start

pytestmark = pytest.mark.django_db


def errors() -> list[str]:
    return [error.id for error in run_checks(tags=[TAG], databases=["default"])]


def test_the_roles_as_they_are_are_closed():
    set_permissions()
    assert errors() == []


@pytest.mark.parametrize(
    "code", ["IMPORT_EXPORT_IMPORT_PERMISSION_CODE", "IMPORT_EXPORT_EXPORT_PERMISSION_CODE"]
)
def test_a_site_without_the_permission_does_not_start(settings, code):
    setattr(settings, code, None)
    assert "editorial.E001" in errors()
    with pytest.raises(SystemCheckError, match=code):
        call_command("check")


def test_a_table_that_nobody_has_the_right_to_is_an_error(monkeypatch):
    entries = tuple(one for one in roles.ROLES["Administrators"] if "import" not in one)
    monkeypatch.setitem(roles.ROLES, "Administrators", entries)
    assert "editorial.E001" in errors()


def test_a_role_that_imports_without_being_named_is_an_error(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "Writers", ("import catalog.person",))
    assert errors() == ["editorial.E002"]


def test_a_group_that_was_given_the_right_by_hand_is_an_error():
    set_permissions()
    guests = Group.objects.create(name="Guests")
    guests.permissions.add(Permission.objects.get(codename="import_person"))
    assert errors() == ["editorial.E003"]
    [error] = run_checks(tags=[TAG], databases=["default"])
    assert "Guests" in error.msg


@pytest.mark.django_db(transaction=True)
def test_the_server_itself_refuses_to_start():
    set_permissions()
    guests = Group.objects.create(name="Guests")
    guests.permissions.add(Permission.objects.get(codename="import_person"))
    process = start("import config.wsgi")
    _out, err = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "Guests" in err
    guests.delete()
    output(start("import config.wsgi"))
