"""Whatever people change leaves one row in the audit log, with what it was before."""

from __future__ import annotations

import datetime
import io
import json

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from catalog.actions import (
    add_passage,
    attach_text,
    capture_snapshot,
    cite,
    confirm_citation,
    create_source,
    shorten_excerpt,
)
from catalog.models import Person
from config.auditing import Audited
from editorial.actions import plan_article
from editorial.models import AuditEntry, Contributor, Stage
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make.make_user("Administrators", username="ada")
    client.force_login(user)
    return user


def address(model, action: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


def save(client, record, **given):
    """The record's form as it stands, with what is given, sent."""
    url = address(type(record), "change", record.pk)
    data = form_data(client.get(url), f"{record._meta.model_name}_form") | given
    response = client.post(url, data)
    assert response.status_code == 302, response.context["errors"]


def entries(**fields) -> list[tuple[str, str, dict]]:
    rows = AuditEntry.objects.filter(**fields).order_by("pk")
    return [(row.verb, row.target_label, row.data) for row in rows]


def test_every_admin_records():
    assert all(isinstance(one, Audited) for one in admin.site._registry.values())


class TestRights:
    def test_groups_and_flags_of_an_account_are_told_with_what_they_were(self, client, administrator):
        writer = make.make_user("Writers", username="wren")
        editors, writers = Group.objects.get(name="Editors"), Group.objects.get(name="Writers")
        save(
            client,
            writer,
            groups=[editors.pk],
            is_superuser="on",
            email="wren@example.org",
            user_permissions=[],
        )
        [(verb, target, data)] = entries()
        assert (verb, target) == ("record.changed", "wren")
        assert data["changes"] == {
            "groups": {"added": ["Editors"], "removed": ["Writers"]},
            "is_superuser": [False, True],
            "email": [],  # how somebody is reached is not kept for good
        }
        assert AuditEntry.objects.get().actor == administrator
        save(client, writer, groups=[writers.pk], user_permissions=[])
        assert entries()[-1][2]["changes"] == {"groups": {"added": ["Writers"], "removed": ["Editors"]}}

    def test_a_deactivation_and_single_permissions_are_told(self, client, administrator):
        writer = make.make_user("Writers")
        permission = Permission.objects.get(codename="publish_article")
        url = address(User, "change", writer.pk)
        data = form_data(client.get(url), "user_form") | {"user_permissions": [permission.pk]}
        del data["is_active"]
        assert client.post(url, data).status_code == 302
        [(_verb, _target, data)] = entries()
        assert data["changes"] == {
            "is_active": [True, False],
            "user_permissions": {"added": ["editorial.publish_article"], "removed": []},
        }

    def test_permissions_of_a_group_are_told(self, client, administrator):
        group = Group.objects.create(name="Night desk")
        permission = Permission.objects.get(codename="review_article")
        save(client, group, permissions=[permission.pk])
        expected = {"permissions": {"added": ["editorial.review_article"], "removed": []}}
        assert entries() == [("record.changed", "Night desk", {"changes": expected})]

    def test_a_new_account_is_told_without_its_password(self, client, administrator):
        url = address(User, "add")
        secret = "quite a long secret"
        data = {"username": "nova", "usable_password": "true", "password1": secret, "password2": secret}
        assert client.post(url, data).status_code == 302
        [(verb, target, data)] = entries()
        assert (verb, target) == ("record.added", "nova")
        assert data["changes"] == {"username": [None, "nova"], "password": []}

    def test_of_a_password_only_the_fact_is_told(self, client, administrator):
        writer = make.make_user("Writers", username="wren")
        secret = "quite a long secret"
        url = reverse("admin:auth_user_password_change", args=[writer.pk])
        both = {"usable_password": "true", "password1": secret, "password2": secret}
        assert client.post(url, both).status_code == 302
        own = {"old_password": make.PASSWORD, "new_password1": secret, "new_password2": secret}
        assert (
            client.post(reverse("admin:password_change"), own | {"old_password": "wrong"}).status_code == 200
        )
        assert client.post(reverse("admin:password_change"), own).status_code == 302
        changed = "account.password_changed"
        assert entries() == [(changed, "wren", {}), (changed, "ada", {})]
        kept = json.dumps(list(AuditEntry.objects.values("data", "target_label")))
        writer.refresh_from_db()
        assert secret not in kept
        assert writer.password not in kept

    def test_synchronised_roles_tell_what_each_group_gained_and_lost(self):
        call_command("sync_roles")
        assert len(entries(verb="roles.synced")) == 4
        group = Group.objects.get(name="Writers")
        publish = Permission.objects.get(codename="publish_article")
        group.permissions.remove(Permission.objects.get(codename="submit_article"))
        group.permissions.add(publish)
        call_command("sync_roles")
        changes = {"added": ["editorial.submit_article"], "removed": ["editorial.publish_article"]}
        assert entries()[4:] == [("roles.synced", "Writers", {"changes": {"permissions": changes}})]
        call_command("sync_roles")
        assert len(entries()) == 5

    def test_superusers_and_passwords_of_the_command_line_are_told(self, monkeypatch):
        given = {"username": "root", "email": "root@example.org", "interactive": False, "verbosity": 0}
        call_command("createsuperuser", **given)
        secret = "quite a long secret"
        monkeypatch.setattr("getpass.getpass", lambda prompt: secret)
        call_command("changepassword", "root", stdout=io.StringIO())
        assert [entry[:2] for entry in entries()] == [
            ("record.added", "root"),
            ("account.password_changed", "root"),
        ]
        assert entries()[0][2]["changes"]["is_superuser"] == [None, True]
        assert User.objects.get().check_password(secret)


class TestAccounts:
    def test_who_is_named_in_the_history_is_not_deleted_and_it_says_what_to_do(self, client, administrator):
        editor = make.make_user("Editors", username="edda")
        make.make_article(author=editor)
        url = address(User, "delete", editor.pk)
        text = client.get(url).content.decode()
        assert "edda is named in the history. Deactivate the account instead: untick “Active”." in text
        assert client.post(url, {"post": "yes"}).status_code == 200
        several = {"action": "delete_selected", "_selected_action": [editor.pk], "post": "yes"}
        assert client.post(address(User, "changelist"), several).status_code == 200
        assert User.objects.filter(pk=editor.pk).exists()
        assert not entries(verb="record.deleted")

    def test_who_did_nothing_can_be_deleted_and_stays_in_the_log(self, client, administrator):
        made = [make.make_user("Writers", username=name) for name in ("one", "two", "three")]
        assert client.post(address(User, "delete", made[0].pk), {"post": "yes"}).status_code == 302
        several = [one.pk for one in made[1:]]
        data = {"action": "delete_selected", "_selected_action": several, "post": "yes"}
        assert client.post(address(User, "changelist"), data).status_code == 302
        deleted = entries(verb="record.deleted")
        assert sorted(target for _verb, target, _data in deleted) == ["one", "three", "two"]
        assert User.objects.count() == 1

    def test_a_page_of_deletion_asks_no_more_for_a_long_history(
        self, client, administrator, django_assert_max_num_queries
    ):
        editor = make.make_user("Editors")
        for _ in range(30):
            make.make_article(author=editor)
        with django_assert_max_num_queries(40):
            client.get(address(User, "delete", editor.pk))


class TestRecords:
    def test_a_record_is_told_with_old_and_new_values(self, client, administrator):
        stage = make.make_stage(group="Editors", name="Editing")
        other = Group.objects.create(name="Night desk")
        url = address(Stage, "change", stage.pk)
        data = form_data(client.get(url), "stage_form") | {"group": other.pk, "approvals_needed": 2}
        del data["four_eyes"]
        assert client.post(url, data).status_code == 302
        expected = {
            "group": ["Editors", "Night desk"],
            "four_eyes": [True, False],
            "approvals_needed": [1, 2],
        }
        assert [entry[0] for entry in entries()] == ["record.changed"]
        assert entries()[0][2] == {"changes": expected}

    def test_what_stays_the_same_is_not_told(self, client, administrator):
        save(client, make.make_contributor())
        assert entries() == []

    def test_added_and_deleted_records_are_told(self, client, administrator):
        url = address(Contributor, "add")
        data = form_data(client.get(url), "contributor_form") | {"name": "Anna", "slug": "anna"}
        client.post(url, data)
        anna = Contributor.objects.get()
        client.post(address(Contributor, "delete", anna.pk), {"post": "yes"})
        assert [(verb, target) for verb, target, _data in entries()] == [
            ("record.added", "Anna"),
            ("record.deleted", "Anna"),
        ]

    def test_rows_of_other_models_on_the_page_are_told(self, client, administrator):
        person = make.make_person(name="Diego Luna")
        alias = make.make_alias(person=person, text="D. Luna")
        url = address(Person, "change", person.pk)
        data = form_data(client.get(url), "person_form")
        [name] = [key for key, value in data.items() if value == "D. Luna"]
        assert client.post(url, data | {name: "Luna, D."}).status_code == 302
        [(verb, target, told)] = entries()
        assert (verb, target) == ("record.changed", "Diego Luna")
        [row] = told["rows"]
        assert row["kind"] == "catalog.alias"
        assert row["changes"]["text"] == ["D. Luna", "Luna, D."]
        alias.refresh_from_db()

    def test_an_articles_text_is_told_once_and_its_plan_as_a_plan(self, client):
        editor = make.make_user("Editors", username="edda")
        client.force_login(editor)
        article = make.make_article()
        before = AuditEntry.objects.count()
        save(client, article, title="Another")
        plan_article(user=editor, article=article, planned={"assignee": editor})
        assert [verb for verb, _target, _data in entries()[before:]] == ["article.saved", "article.planned"]

    def test_long_texts_are_kept_short(self, client, administrator):
        contributor = make.make_contributor()
        save(client, contributor, biography="word " * 500)
        [old, new] = entries()[0][2]["changes"]["biography"]
        assert (old, len(new)) == ("", 201)

    def test_a_refused_form_tells_nothing(self, client, administrator):
        contributor = make.make_contributor()
        url = address(Contributor, "change", contributor.pk)
        data = form_data(client.get(url), "contributor_form") | {"name": ""}
        assert client.post(url, data).status_code == 200
        assert entries() == []


class TestCatalog:
    """What is done to sources and citations, by whatever way: the actions record it themselves."""

    WORDS = "Season two arrives in February, the network says."

    def verbs(self) -> list[str]:
        return [verb for verb, _target, _data in entries()]

    def test_capturing_quoting_and_citing_are_told(self):
        editor = make.make_user("Editors")
        snapshot = create_source(user=editor, slug="report", title="Report", text=self.WORDS, method="file")
        passage = add_passage(user=editor, source=snapshot.source, quote="arrives in February")
        add_passage(user=editor, source=snapshot.source, quote="arrives in February")  # there already
        shorten_excerpt(user=editor, passage=passage, excerpt="February")
        season = make.make_season(premiere=datetime.date(2020, 2, 1).isoformat()[:7])
        citation = cite(
            user=editor, passage=passage, record=season, field="premiere", says="February", stance="supports"
        )
        confirm_citation(user=editor, citation=citation)
        capture_snapshot(user=editor, source=snapshot.source, text=f"{self.WORDS} More.", method="paste")
        assert self.verbs() == [
            "source.created",
            "source.captured",
            "passage.added",
            "excerpt.shortened",
            "citation.added",
            "citation.confirmed",
            "source.captured",
        ]
        assert set(AuditEntry.objects.values_list("actor", flat=True)) == {editor.pk}

    def test_a_text_that_is_attached_is_told_once(self):
        make.make_snapshot(text=None, sha256=make.sha256(self.WORDS), length=len(self.WORDS))
        attach_text(self.WORDS)
        attach_text(self.WORDS)
        assert self.verbs() == ["source.attached"]

    def test_a_passage_added_in_the_admin_is_told_once(self, client):
        client.force_login(make.make_user("Editors"))
        source = make.make_snapshot(text=self.WORDS).source
        data = {"source": source.pk, "quote": "arrives in February"}
        assert client.post(reverse("admin:catalog_passage_add"), data).status_code == 302
        assert self.verbs() == ["passage.added"]
