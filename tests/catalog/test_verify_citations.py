import json
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.actions import check_everything, watch
from catalog.models import Citation, Passage, Season, Snapshot, VerificationRun
from tests.factories import (
    make_citation,
    make_passage,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_statement,
    make_user,
    sha256,
)

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February.\nDiego Luna returns as Félix Gallardo 🎬.\n"


def run(*arguments: str) -> tuple[str, str]:
    """What the command printed, and its complaint with the exit code when it failed."""
    out, complaint = StringIO(), ""
    try:
        call_command("verify_citations", *arguments, stdout=out, skip_checks=True)
    except CommandError as error:
        complaint = f"{error} (exit {error.returncode})"
    return out.getvalue(), complaint


def findings() -> list[dict[str, str]]:
    """What `--json` finds; the exit code must fit."""
    out, complaint = run("--json")
    report = json.loads(out)
    severities = [one["severity"] for one in report["findings"]]
    assert report["found"] == {name: severities.count(name) for name in ("damage", "warning")}
    assert bool(complaint) == ("damage" in severities)
    return report["findings"]


def only_finding() -> dict[str, str]:
    [finding] = findings()
    return finding


@pytest.fixture
def passage() -> Passage:
    snapshot = make_snapshot(make_source(slug="guide"), TEXT)
    exact = "Diego Luna returns as Félix Gallardo 🎬"
    return make_passage(snapshot.source, exact, snapshot=snapshot, start=TEXT.index(exact))


@pytest.fixture
def citation(passage) -> Citation:
    season = make_season(series=make_series(slug="narcos"), status="available")
    return make_citation(season, "status", passage)


def damage_text(snapshot: Snapshot, text: str) -> None:
    """Change what the database refuses to change: as a broken disk or a hand in the file would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE catalog_snapshot SET text = %s WHERE id = %s", [text, snapshot.pk])
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'catalog_snapshot_append_only'")
        [trigger] = cursor.fetchone()
        cursor.execute("DROP TRIGGER catalog_snapshot_append_only")
        cursor.execute("UPDATE catalog_snapshot SET text = %s WHERE id = %s", [text, snapshot.pk])
        cursor.execute(trigger.replace("%", "%%"))


def test_undamaged_catalog_is_counted_and_ends_well(citation):
    make_passage(state="unattached")
    out, complaint = run()
    assert complaint == ""
    expected = "2 snapshots (1 with their text), 2 passages, 1 citations. Damage: 0. Warnings: 0."
    assert expected in out
    assert findings() == []


def test_empty_catalog_ends_well():
    assert "0 snapshots" in run()[0]
    assert findings() == []


def test_changed_text_is_damage_of_the_snapshot_and_of_the_passages_it_moved(citation):
    snapshot = citation.passage.snapshot
    damage_text(snapshot, TEXT.replace("two", "2nd"))
    finding = only_finding()
    assert finding["kind"] == "snapshot"
    assert finding["key"] == f"guide@{snapshot.sha256}"
    assert finding["what"] == "the text does not have its SHA-256"
    damage_text(snapshot, TEXT.replace("Luna", "Sol_"))
    out, complaint = run()
    assert [line.split(":")[0].split() for line in out.splitlines()[:-1]] == [
        ["damage", "snapshot", f"guide@{snapshot.sha256}"],
        ["damage", "passage", "guide#1"],
    ]
    assert complaint == "Damage: 2. (exit 1)"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"start": 31, "end": 69}, "its words are not those from 31 to 69"),
        ({"start": 40, "end": 78}, "its words are not those from 40 to 78"),
        ({"exact": "Diego Luna returns as Felix Gallardo 🎬"}, "its words are not those from 32 to 70"),
        ({"sha256": "0" * 64}, "its words do not have its SHA-256"),
        ({"excerpt": "Diego Luna leaves"}, "its excerpt is not taken from its words"),
    ],
)
def test_passage_that_is_not_what_it_says_is_damage(passage, changes, what):
    Passage.objects.filter(pk=passage.pk).update(**changes)
    found = findings()
    assert {(one["severity"], one["kind"], one["key"]) for one in found} == {("damage", "passage", "guide#1")}
    assert found[0]["what"] == what


def test_passage_in_the_text_of_another_source_is_damage(passage):
    other = make_snapshot(make_source(slug="notice"), TEXT)
    Passage.objects.filter(pk=passage.pk).update(snapshot=other)
    assert only_finding()["what"] == "its snapshot is one of “notice”"


def test_passage_that_was_verified_in_a_text_that_is_gone_is_damage():
    source = make_source(slug="guide")
    snapshot = make_snapshot(source, None, sha256=sha256(TEXT), length=len(TEXT))
    make_passage(source, "Season two", snapshot=snapshot)
    assert only_finding()["what"] == "the text that it was taken from is gone"


def test_waiting_passage_is_damage_only_when_the_text_is_here_and_does_not_fit(passage):
    waiting = {"snapshot": passage.snapshot, "state": "unattached"}
    make_passage(passage.source, "Season two", start=0, **waiting)
    assert findings() == []
    make_passage(passage.source, "Season one", start=0, **waiting)
    assert {one["key"] for one in findings()} == {"guide#3"}


@pytest.mark.parametrize("state", ["changed", "lost", "withdrawn"])
def test_passage_without_support_stays_at_the_text_that_it_last_stood_in(passage, state):
    Passage.objects.filter(pk=passage.pk).update(state=state)
    assert findings() == []
    Passage.objects.filter(pk=passage.pk).update(start=0, end=passage.end - passage.start)
    assert only_finding()["what"] == "its words are not those from 0 to 38"
    Passage.objects.filter(pk=passage.pk).update(start=passage.start, end=passage.end, sha256="0" * 64)
    assert only_finding()["key"] == "guide#1"


def test_value_that_moved_on_is_a_warning_and_no_damage(citation):
    Season.objects.update(status="renewed")
    finding = only_finding()
    assert finding["severity"] == "warning"
    assert finding["key"] == f"guide#1 season:narcos/{citation.target.number}:status"
    assert "“available”" in finding["what"]
    assert "“renewed”" in finding["what"]
    assert "Warnings: 1." in run()[0]


def test_citation_of_nothing_is_damage(citation):
    Citation.objects.filter(pk=citation.pk).update(object_id=999)
    finding = only_finding()
    assert (finding["severity"], finding["key"]) == ("damage", "guide#1 season:999:status")
    Citation.objects.update(content_type=ContentType.objects.get_for_model(User))
    assert only_finding()["key"] == "guide#1 user:999:status"


def test_citation_of_a_field_that_is_none_is_damage(citation):
    Citation.objects.filter(pk=citation.pk).update(field="episode_count_is_minimum")
    assert only_finding()["what"] == "such a record has no field of this name to cite"


def test_queries_grow_with_snapshots_and_batches_not_with_passages(django_assert_max_num_queries):
    for count in (2, 20):
        snapshot = make_snapshot(make_source(), TEXT)
        for _ in range(count):
            passage = make_passage(snapshot.source, "Season two", snapshot=snapshot)
            make_citation(make_statement(season=make_season()), "value", passage)
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(1 + 2 * 2 + 11 + 3 + 4):  # four for the row of the run
        run()


def test_a_run_leaves_what_it_checked_and_found_with_damage_first(citation):
    other = make_passage(citation.passage.source, "Season two", snapshot=citation.passage.snapshot)
    Season.objects.update(status="renewed")
    Passage.objects.filter(pk=other.pk).update(excerpt="Season one")
    run()
    kept = VerificationRun.objects.get()
    assert kept.finished_at >= kept.started_at
    assert kept.checked == {"snapshot": 1, "text": 1, "passage": 2, "citation": 1}
    assert (kept.damage, kept.warnings) == (1, 1)
    assert [(one["severity"], one["key"]) for one in kept.findings] == [
        ("damage", "guide#2"),
        ("warning", f"guide#1 season:narcos/{citation.target.number}:status"),
    ]


def test_a_run_keeps_its_first_findings_and_the_desk_its_newest_runs(passage, monkeypatch):
    monkeypatch.setattr(watch, "FINDINGS_KEPT", 3)
    monkeypatch.setattr(watch, "RUNS_KEPT", 2)
    for _ in range(5):
        make_citation(make_season(status="available"), "status", passage, "upcoming")
    oldest = check_everything(user=None)
    assert [one["severity"] for one in oldest.findings] == ["warning"] * 3
    assert oldest.warnings == 5
    newer = [check_everything(user=None) for _ in range(2)]
    assert list(VerificationRun.objects.order_by("pk")) == newer


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_broken_off_stays_without_its_end(passage, monkeypatch):
    def break_off(finding):
        raise KeyboardInterrupt

    Passage.objects.update(excerpt="Other words")
    with pytest.raises(KeyboardInterrupt):
        check_everything(user=None, tell=break_off)
    assert VerificationRun.objects.get().finished_at is None


def test_who_may_not_add_a_run_checks_nothing():
    with pytest.raises(PermissionDenied):
        check_everything(user=make_user("Writers"))
    assert not VerificationRun.objects.exists()
