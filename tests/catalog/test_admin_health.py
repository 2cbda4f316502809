from __future__ import annotations

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.actions import check_everything
from catalog.admin import health
from catalog.models import Citation, Passage, Season, VerificationRun
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db
HEALTH, CHECK = "admin:catalog_health", "admin:catalog_check"
COMMAND = "python manage.py verify_citations"


@pytest.fixture(autouse=True)
def _as_editor(client):
    client.force_login(make.make_user("Editors"))


def page(client) -> str:
    response = client.get(reverse(HEALTH))
    assert response.status_code == 200
    return response.content.decode()


def test_before_the_first_check_it_says_so_and_what_to_run(client):
    shown = page(client)
    assert "Nothing has been checked yet." in shown
    assert COMMAND in shown


def test_a_good_run_is_told_with_what_it_checked(client):
    make.make_citation(make.make_season(), "premiere")
    check_everything(user=None)
    shown = page(client)
    assert "No damage" in shown
    assert "1 snapshot, 1 with its text, 1 passage, 1 citation." in shown
    assert COMMAND not in shown


def test_a_run_of_before_yesterday_and_one_without_its_end_are_told(client):
    run = check_everything(user=None)
    run.started_at = timezone.now() - datetime.timedelta(days=2)
    run.save()
    assert "This is more than a day ago." in page(client)
    assert COMMAND in page(client)
    run.finished_at = None
    run.save()
    assert "has not finished: it is still running or was broken off." in page(client)
    assert COMMAND in page(client)


def test_findings_lead_to_what_they_name_while_it_is_there(client):
    source = make.make_source(slug="guide")
    passage = make.make_passage(source, snapshot=make.make_snapshot(source, "the words"))
    season = make.make_season(series=make.make_series(slug="narcos"), status="available")
    citation = make.make_citation(season, "status", passage)
    Season.objects.update(status="renewed")
    Passage.objects.update(excerpt="other words")
    gone = make.make_citation(make.make_season(), "status", make.make_passage())
    Citation.objects.filter(pk=gone.pk).update(object_id=999)
    run = check_everything(user=None)
    assert (run.damage, run.warnings) == (2, 1)
    for url in (reverse(HEALTH), reverse("admin:catalog_verificationrun_change", args=[run.pk])):
        shown = client.get(url).content.decode()
        assert "2 cases of damage, 1 warning" in shown.replace("2 Cases", "2 cases")
        assert "its excerpt is not taken from its words" in shown
        for found in (passage, citation, gone, season):
            assert reverse(f"admin:catalog_{found._meta.model_name}_change", args=[found.pk]) in shown
    citation.delete()
    gone.delete()
    shown = page(client)
    assert f"guide#1 season:narcos/{season.number}:status" in shown
    assert reverse("admin:catalog_citation_change", args=[citation.pk]) not in shown


def test_a_snapshot_and_a_citation_of_what_nobody_cites_are_named(client):
    snapshot = make.make_snapshot(make.make_source(slug="guide"))
    citation = make.make_citation(make.make_season(), "status", make.make_passage())
    Citation.objects.update(content_type=ContentType.objects.get_for_model(VerificationRun))
    key = {"severity": "damage", "what": "the text does not have its SHA-256"}
    VerificationRun.objects.create(
        started_at=timezone.now(),
        finished_at=timezone.now(),
        damage=2,
        findings=[
            {**key, "kind": "snapshot", "key": f"guide@{snapshot.sha256}"},
            {
                **key,
                "kind": "citation",
                "key": f"{citation.passage.key} verificationrun:{citation.object_id}:status",
            },
        ],
    )
    shown = page(client)
    assert reverse("admin:catalog_snapshot_change", args=[snapshot.pk]) in shown
    assert reverse("admin:catalog_citation_change", args=[citation.pk]) in shown


def test_it_says_what_is_here_what_waits_and_what_is_quoted_too_much(client):
    make.make_passage(state="unattached")
    lost = make.make_passage(make.make_source(title="Too much", quote_limit=10), state="lost")
    make.make_reanchoring(lost, state="lost", new_start=None, new_end=None)
    make.make_citation(season := make.make_season(), "premiere", lost)
    make.make_citation(season, "premiere")
    shown = page(client)
    assert "2 of 3 on this machine" in shown
    for state, count in (("verified", 1), ("lost", 1), ("unattached", 1)):
        assert f'?state__exact={state}">{count} ' in shown
    assert "1 passage waits for somebody to look at it" in shown
    assert "Too much</a>" in shown
    assert "the limit is 10 %" in shown


def test_those_who_may_check_now_and_see_the_outcome(client):
    make.make_passage()
    data = form_data(client.get(reverse(HEALTH)), "check_form")
    response = client.post(reverse(CHECK), data, follow=True)
    assert response.redirect_chain == [(reverse(HEALTH), 302)]
    assert "Checked: no damage" in response.content.decode()
    assert VerificationRun.objects.get().checked["passage"] == 1
    assert client.get(reverse(CHECK)).status_code == 405


def test_a_catalog_too_large_for_a_request_is_left_to_the_command(client, monkeypatch):
    monkeypatch.setattr(health, "MOST_PASSAGES", 1)
    make.make_passage()
    make.make_passage()
    assert "check_form" not in page(client)
    assert COMMAND in page(client)
    response = client.post(reverse(CHECK), follow=True)
    assert "There are too many passages to check them here." in response.content.decode()
    assert not VerificationRun.objects.exists()


def test_writers_look_and_check_nothing_and_strangers_see_nothing(client):
    client.force_login(make.make_user("Writers"))
    assert "check_form" not in page(client)
    assert client.post(reverse(CHECK)).status_code == 403
    client.force_login(make.make_user(None, is_staff=True))
    assert client.get(reverse(HEALTH)).status_code == 403


def test_runs_are_listed_and_changed_by_nobody(client):
    client.force_login(make.make_user("Administrators"))
    make.make_passage()
    run = check_everything(user=None)
    rows = client.get(reverse("admin:catalog_verificationrun_changelist")).content.decode()
    assert "no damage" in rows
    assert reverse(HEALTH) in rows
    for name in ("change", "delete"):
        url = reverse(f"admin:catalog_verificationrun_{name}", args=[run.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:catalog_verificationrun_add")).status_code == 403


def test_the_page_takes_as_many_queries_for_30_findings_as_for_3(client):
    def queries(count: int) -> int:
        for _ in range(count):
            passage = make.make_passage(make.make_source(quote_limit=1))
            make.make_citation(make.make_season(status="available"), "status", passage)
            make.make_citation(make.make_person(), "name", passage, checked_value="Other")
            Passage.objects.filter(pk=passage.pk).update(excerpt="Other words")
        check_everything(user=None)
        with CaptureQueriesContext(connection) as found:
            page(client)
        return len(found)

    queries(3)
    assert queries(3) == queries(27)
