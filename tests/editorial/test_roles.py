"""What each group of a desk may do and may not, through the client."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse

from editorial.models import Edition
from editorial.roles import ROLES, sync_roles
from tests import factories as make

pytestmark = pytest.mark.django_db

RECORDS = {
    "editorial_article": make.make_article,
    "editorial_contributor": make.make_contributor,
    "catalog_source": make.make_source,
    "catalog_snapshot": make.make_snapshot,
    "catalog_passage": make.make_passage,
    "catalog_person": make.make_person,
    "catalog_castentry": make.make_cast_entry,
    "catalog_photo": make.make_photo,
    "catalog_citation": lambda: make.make_citation(make.make_person()),
    "auth_user": lambda: make.make_user(None),
    "auth_group": lambda: Group.objects.create(name="Guests"),
}
# What nobody may change: see the tests of sources.
FROZEN = {"catalog_snapshot", "catalog_passage"}
EVERYTHING = set(RECORDS)
DESK = EVERYTHING - {"auth_user", "auth_group"}
CATALOG = {name for name in DESK if name.startswith("catalog_")}

MAY = {
    "Writers": {
        "view": DESK,
        "add": {"editorial_article", "catalog_source", "catalog_snapshot", "catalog_passage"},
        # An article of somebody else's; their own: see the tests of the workflow.
        "change": {"catalog_source", "catalog_citation"},
        "delete": set(),
    },
    "Fact-checkers": {
        "view": DESK,
        "add": CATALOG,
        "change": CATALOG,
        "delete": set(),
    },
    "Editors": {
        "view": DESK,
        "add": DESK,
        "change": DESK,
        "delete": CATALOG,
    },
    "Administrators": {
        "view": EVERYTHING,
        "add": EVERYTHING,
        "change": EVERYTHING,
        "delete": EVERYTHING,
    },
}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("name", RECORDS)
def test_pages_open_for_those_who_may_and_for_nobody_else(client, role, name):
    record = RECORDS[name]()
    client.force_login(make.make_user(role))
    may = MAY[role]
    statuses = {
        "view": client.get(reverse(f"admin:{name}_changelist")).status_code,
        "change": client.post(reverse(f"admin:{name}_change", args=[record.pk]), {}).status_code,
        "delete": client.get(reverse(f"admin:{name}_delete", args=[record.pk])).status_code,
    }
    expected = {action: 200 if name in may[action] else 403 for action in statuses}
    if name in FROZEN:
        expected |= {"change": 403, "delete": 403}
    if name == "editorial_article" and expected["change"] == 200:
        expected["change"] = 409  # the form names no revision that it was opened from
    if name == "auth_group" and role == "Administrators":
        expected["change"] = statuses["change"]  # a group without a name is asked for one
    assert statuses == expected
    if name != "catalog_citation":
        status = client.get(reverse(f"admin:{name}_add")).status_code
        assert status == (200 if name in may["add"] else 403)


@pytest.mark.parametrize(("role", "may"), [(role, role in {"Editors", "Administrators"}) for role in ROLES])
def test_editors_and_administrators_publish(client, role, may):
    article = make.make_article()
    client.force_login(make.make_user(role))
    url = reverse("admin:editorial_article_workflow", args=[article.pk])
    assert client.post(url, {"verb": "publish", "revision": "1"}).status_code == (302 if may else 403)
    assert Edition.objects.exists() is may


def test_an_account_without_a_role_sees_nothing(client):
    client.force_login(make.make_user(None, is_staff=True))
    assert client.get(reverse("admin:index")).context["app_list"] == []
    assert client.get(reverse("admin:catalog_person_changelist")).status_code == 403


def test_readers_are_sent_to_the_login(client):
    assert client.get(reverse("admin:index")).status_code == 302
    client.force_login(make.make_user(None))
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_editors_bring_tables_in_and_fact_checkers_take_them_out(role):
    user = make.make_user(role)
    may_import = role in {"Editors", "Administrators"}
    may_export = may_import or role == "Fact-checkers"
    for name in ("catalog.{}_person", "editorial.{}_article", "editorial.{}_contributor"):
        assert user.has_perm(name.format("import")) is may_import
        assert user.has_perm(name.format("export")) is may_export
    assert user.has_perm("editorial.export_auditentry") is (role == "Administrators")


def test_syncing_again_changes_nothing_and_mends_what_was_changed_by_hand():
    sync_roles()
    writers = Group.objects.get(name="Writers")
    before = set(writers.permissions.all())
    writers.permissions.add(Permission.objects.get(codename="publish_article"))
    writers.permissions.remove(Permission.objects.get(codename="add_article"))
    assert sync_roles()["Writers"] == (1, 1)
    assert set(writers.permissions.all()) == before
    assert set(sync_roles().values()) == {(0, 0)}
    assert Group.objects.count() == len(ROLES)


def test_the_command_says_what_it_did():
    out = io.StringIO()
    call_command("sync_roles", stdout=out)
    call_command("sync_roles", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("Writers: ")
    assert lines[4] == "Writers: 0 permissions added, 0 removed."
