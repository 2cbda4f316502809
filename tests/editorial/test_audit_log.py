"""The audit log in the admin: found, filtered, led from, exported; read in the reader's language."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from editorial import audit
from editorial.audit_words import told_by
from editorial.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "/admin/editorial/auditentry/"
EXPORT = f"{LIST}export/"


@pytest.fixture
def administrator(client):
    user = make.make_user("Administrators", username="ada")
    client.force_login(user)
    return user


def found(client, query: str = "") -> list[str]:
    """The verbs that the list shows."""
    return [entry.verb for entry in client.get(LIST + query).context["cl"].result_list]


def exported(client, query: str = "") -> list[dict[str, str]]:
    response = client.get(EXPORT + query)
    assert response.status_code == 200
    assert response.streaming
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("words", "verbs"),
    [
        ("edda", ["article.retracted"]),
        ("Peña", ["record.changed"]),
        ("retracted it", ["article.retracted"]),
        ("invented", ["article.retracted"]),
        ("Übersicht", ["article.retracted"]),
        ("pens", []),
        ("edda invented", ["article.retracted"]),
        ("Peña invented", []),
    ],
)
def test_entries_are_found_by_who_what_target_and_words(client, administrator, words, verbs):
    editor, article = make.make_user("Editors", username="edda"), make.make_person(name="Article")
    reason = {"reason": "The Übersicht was invented."}
    audit.record(user=editor, verb="article.retracted", target=article, data=reason)
    audit.record(user=administrator, verb="record.changed", target=make.make_person(name="Javier Peña"))
    assert found(client, f"?q={words}") == verbs


def test_entries_are_filtered_by_verb_kind_person_and_date(client, administrator):
    editor = make.make_user("Editors", username="edda")
    audit.record(user=editor, verb="article.retracted", target=make.make_person())
    audit.record(user=None, verb="bundle.imported")
    kind = AuditEntry.objects.get(verb="article.retracted").target_type_id
    assert found(client, "?verb=bundle.imported") == ["bundle.imported"]
    assert found(client, f"?target_type__id__exact={kind}") == ["article.retracted"]
    assert found(client, f"?actor__id__exact={editor.pk}") == ["article.retracted"]
    assert found(client, "?at__year=1999") == []
    assert [row["verb"] for row in exported(client, "?verb=bundle.imported")] == ["bundle.imported"]
    assert exported(client, "?q=nobody+says+this") == []
    assert client.get(f"{EXPORT}?at__nonsense=1").status_code == 302


def test_an_entry_leads_to_its_target_while_that_is_there(client, administrator):
    person, gone = make.make_person(name="Diego Luna"), make.make_person(name="Gone")
    for target in (person, gone):
        entry = audit.record(user=None, verb="record.changed", target=target)
    gone.delete()
    text = text_of(client.get(LIST))
    address = reverse("admin:catalog_person_change", args=[person.pk])
    assert f'<a href="{address}">Diego Luna</a>' in text
    assert ">Gone</td>" in text
    detail = reverse("admin:editorial_auditentry_change", args=[entry.pk])
    assert "Gone" in text_of(client.get(detail))


def test_who_may_not_see_the_target_gets_no_link_to_it(client):
    account = make.make_user("Writers", username="wren")
    audit.record(user=None, verb="record.changed", target=account)
    client.force_login(make.make_user("Editors"))
    text = text_of(client.get(LIST))
    assert "wren" in text
    assert reverse("admin:auth_user_change", args=[account.pk]) not in text


def test_an_entry_is_read_in_the_readers_language(administrator):
    changes = {
        "is_active": [True, False],
        "groups": {"added": ["Editors"], "removed": ["Writers"]},
        "password": [],
    }
    row = {"kind": "catalog.alias", "changed": "D. Luna", "changes": {"text": ["D. Luna", "Luna"]}}
    data = {"changes": changes, "rows": [row], "reason": "Why.", "empty": ""}
    entry = audit.record(user=administrator, verb="record.changed", target=administrator, data=data)
    assert told_by(entry) == [
        "Active: yes → no",
        "Groups: added Editors; removed Writers",
        "Password: changed",
        "Alias D. Luna: Text: D. Luna → Luna",
        "Reason: Why.",
    ]
    with translation.override("de"):
        assert "Ja → Nein" in told_by(entry)[0]


def test_an_entry_of_what_the_site_knows_no_longer_is_still_read(client, administrator):
    data = {"rows": [{"kind": "a.b", "added": "X"}], "n": [1]}
    entry = audit.record(user=None, verb="shelf.dusted", data=data)
    assert told_by(entry) == ["A.b added: X", "N: [1]"]
    assert "shelf.dusted" in text_of(client.get(LIST))


class TestExport:
    def test_every_row_is_there_with_its_words_and_its_data(self, client, administrator):
        data = {"reason": "Nobody said „so“, or “that”."}
        article = make.make_article()
        audit.record(user=administrator, verb="article.retracted", target=article, data=data)
        row = exported(client, "?verb=article.retracted")[0]
        assert (row["who"], row["what"], row["target"]) == ("ada", "retracted it", str(article))
        assert (row["kind"], row["target id"]) == ("article", str(article.pk))
        assert json.loads(row["data"]) == data
        assert row["at"].startswith("20")

    def test_cells_that_a_spreadsheet_would_run_are_escaped(self, client, administrator):
        audit.record(user=None, verb="record.added", target=make.make_person(name="=cmd|' /C calc'!A0"))
        [row] = exported(client)
        assert row["target"] == "'=cmd|' /C calc'!A0"

    def test_only_who_has_the_right_exports(self, client, administrator):
        assert "Export this list as CSV" in text_of(client.get(LIST))
        for role in ("Writers", "Fact-checkers", "Editors"):
            client.force_login(make.make_user(role))
            assert "Export this list as CSV" not in text_of(client.get(LIST))
            assert client.get(EXPORT).status_code == 403
        client.logout()
        assert client.get(EXPORT).status_code == 302


@pytest.mark.parametrize("url", [LIST, f"{LIST}?q=person", EXPORT])
def test_as_many_queries_with_thirty_entries_as_with_three(client, administrator, url):
    counts = []
    for number in (3, 27):
        for turn in range(number):
            targets = (make.make_person(), make.make_article(), Group.objects.create(name=f"{number}-{turn}"))
            for target in targets:
                audit.record(user=make.make_user(), verb="record.changed", target=target)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
            assert b"".join(response) if response.streaming else response.content
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert User.objects.count() > 30


def test_an_entry_tells_moments_fields_and_changes_in_words():
    data = {"publish_at": "2026-11-27T18:26:43.491818+00:00", "due": [None, "2026-11-30T09:00:00+00:00"]}
    entry = audit.record(user=None, verb="article.scheduled", target=make.make_article(), data=data)
    assert told_by(entry) == [
        "Publish at: Nov. 27, 2026, 6:26 p.m.",
        "Due: – → Nov. 30, 2026, 9 a.m.",
    ]
    with translation.override("de"):
        assert "27. November 2026 18:26" in told_by(entry)[0]


def test_the_filter_calls_people_by_their_names(client, administrator):
    ines = make.make_user("Editors", first_name="Ines", last_name="Okafor")
    audit.record(user=ines, verb="article.planned", target=make.make_article())
    assert "Ines Okafor</a>" in text_of(client.get(LIST))
