"""Large bundles: a worker checks and writes them whole, and leaves nothing or everything."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from catalog.models import Person, Photo
from editorial import resources
from editorial.actions import StaleArticle, save_article
from editorial.bundles import MANIFEST
from editorial.exports import export_bundle
from editorial.imports import import_bundle
from editorial.models import BUNDLE, AuditEntry, ImportState, Notification, Revision, TableImport
from editorial.roles import ROLES
from editorial.tables import work
from editorial.tables.files import Clock, ask_to_stop
from editorial.tables.importing import forget_old_imports
from editorial.tables.work import run_waiting
from tests.editorial.killing import kill_at_any_moment
from tests.factories import make_article, make_person, make_user
from tests.tables import confirm

PEOPLE = "slug,name,sort_name\n"
WORKS = "person,title,position\n"
PHOTOS = "slug,file,alt,caption,credit,rights_until,gives_away\n"
STEPS = ("mapping", "check", "mend", "confirm", "cancel", "undo", "progress", "refused")


def zipped(files: dict[str, str | bytes], **said: int) -> bytes:
    """A bundle of these files; `said` is what its manifest says besides of how many rows they have."""
    held = {name: one if isinstance(one, bytes) else one.encode() for name, one in files.items()}
    listed = {name: {"sha256": hashlib.sha256(one).hexdigest()} for name, one in held.items()}
    for name in held:
        if name.endswith(".csv"):
            listed[name]["rows"] = said.get(name.removesuffix(".csv"), held[name].count(b"\n") - 1)
    manifest = {"kind": "desk", "format": "ibid-bundle", "version": 2, "files": listed}
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in {**held, MANIFEST: json.dumps(manifest)}.items():
            archive.writestr(name, one)
    return raw.getvalue()


def people(count: int) -> bytes:
    return zipped({"people.csv": PEOPLE + "".join(f"p{n},Name {n},Name {n}\n" for n in range(count))})


def picture() -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(raw, "PNG")
    return raw.getvalue()


def send(client, raw: bytes) -> TableImport:
    """The import of a bundle that was sent."""
    sent = {"bundle": SimpleUploadedFile("desk.zip", raw)}
    response = client.post(reverse("bundles:look"), sent)
    assert response.status_code == 302, response.content.decode()
    return TableImport.objects.latest("pk")


def address(found: TableImport, step: str = "change") -> str:
    return reverse(f"admin:editorial_tableimport_{step}", args=[found.pk])


def page_of(client, found: TableImport) -> str:
    response = client.get(address(found))
    assert response.status_code == 200
    return response.content.decode()


def line_of(page: str, file: str) -> list[int]:
    """The numbers that the page has for a file: new, changed, same, refused."""
    cells = re.search(rf"{re.escape(file)}</th>\s*((?:<td>[^<]*</td>)+)", page)[1]
    return [int(number) for number in re.findall(r"<td>(\d+)</td>", cells)]


def told(user) -> list[str]:
    return [one.verb for one in Notification.objects.filter(user=user).order_by("pk")]


@pytest.fixture
def editor(client, settings):
    settings.BUNDLE_ROWS_AT_ONCE = 2
    user = make_user("Editors")
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_a_large_bundle_is_checked_shown_and_written_by_a_worker(client, editor):
    make_person(slug="p0", name="Other", sort_name="Other")
    found = send(client, people(30))
    assert "It waits for a worker" in page_of(client, found)
    call_command("run_due", verbosity=0)
    found.refresh_from_db()
    assert (found.state, found.rows) == (ImportState.CHECKED, 30)
    page = page_of(client, found)
    assert line_of(page, "people.csv") == [29, 1, 0, 0]
    assert "cannot be taken back" in page
    assert Person.objects.get().name == "Other"
    confirm(client, found)
    assert "It waits for a worker" in page_of(client, found)
    call_command("run_due", verbosity=0)
    found.refresh_from_db()
    assert found.state == ImportState.IMPORTED
    assert Person.objects.filter(name__startswith="Name").count() == 30
    assert line_of(page_of(client, found), "people.csv") == [29, 1, 0, 0]
    entry = AuditEntry.objects.get(verb="bundle.imported")
    assert (entry.actor, entry.data["tables"]["people.csv"]["new"]) == (editor, 29)
    assert told(editor) == ["import.checked", "import.imported"]
    assert found.file_removed_at is not None
    assert not found.place.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_it_is_for_those_who_may_import_every_table(client, editor, role):
    found = send(client, people(3))
    run_waiting()
    client.force_login(make_user(role))
    may = role in {"Editors", "Administrators"}
    assert client.get(address(found)).status_code == (200 if may else 403)
    sent = {"bundle": SimpleUploadedFile("desk.zip", people(3))}
    assert client.post(reverse("bundles:look"), sent).status_code == (302 if may else 403)
    if not may:
        assert {client.post(address(found, step)).status_code for step in STEPS} == {403}
        found.refresh_from_db()
        assert found.state == ImportState.CHECKED


@pytest.mark.django_db
def test_who_may_import_one_table_sees_no_bundle(client, editor):
    found = send(client, people(3))
    changelist = reverse("admin:editorial_tableimport_changelist")
    assert "desk.zip" in client.get(changelist).content.decode()
    user = make_user(None, is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=("import_person", "add_person", "change_person"), content_type__app_label="catalog"
        )
    )
    client.force_login(user)
    page = client.get(changelist)
    assert page.status_code == 200
    assert "desk.zip" not in page.content.decode()
    assert client.get(address(found)).status_code == 403
    upload = {"table": BUNDLE, "file": SimpleUploadedFile("desk.zip", people(3))}
    assert client.post(reverse("admin:editorial_tableimport_add"), upload).status_code == 400


@pytest.mark.django_db
def test_what_is_refused_is_shown_with_what_other_rows_would_do_and_nothing_is_written(client, editor):
    bad = "".join(f"no slug {n},N,N\n" for n in range(250))
    found = send(client, zipped({"people.csv": f"{PEOPLE}p1,N,N\n{bad}"}))
    with pytest.raises(CommandError):
        call_command("run_imports", stderr=io.StringIO())
    found.refresh_from_db()
    assert found.state == ImportState.FAILED
    page = page_of(client, found)
    assert "250 problems" in page
    assert "people.csv, line 3, slug “no slug 0”" in page
    assert page.count("people.csv, line") == 200
    assert "and 50 more" in page
    assert line_of(page, "people.csv") == [1, 0, 0, 250]
    assert not Person.objects.exists()
    assert told(editor) == ["import.failed"]
    assert not found.place.exists()
    client.post(address(found, "check"))
    found.refresh_from_db()
    assert found.state == ImportState.FAILED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (zipped({"people.csv": PEOPLE + "a,A,A\n"}, people=2**40), "not as many as the manifest says"),
        (zipped({"people.csv": PEOPLE + "a\n" * 250}, people=5), "not as many as the manifest says"),
        (zipped({"people.csv": "slug\n" + "a\n" * 5}), "Columns are missing"),
        (zipped({"people.csv": PEOPLE + "a,A,A\n" * 5, "photos/a.png": b""}), "No row of photos.csv names"),
    ],
)
def test_a_bundle_that_cannot_be_read_is_refused_with_words(client, editor, raw, said):
    found = send(client, raw)
    [done] = run_waiting()
    assert "1 problem." in done.error
    found.refresh_from_db()
    assert found.state == ImportState.FAILED
    assert said in page_of(client, found)
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_rows_that_are_too_short_are_counted_and_the_first_are_shown(client, editor):
    found = send(client, zipped({"people.csv": f"{PEOPLE}a,A,A\nb,B,B\nc,C,C\n" + "d\n" * 250}, people=3))
    run_waiting()
    page = page_of(client, found)
    assert "250 problems" in page
    assert page.count("This row has 1 cells") == 200
    assert "and 50 more" in page


@pytest.mark.django_db
def test_what_moved_meanwhile_is_shown_again_before_it_is_written(client, editor):
    found = send(client, people(3))
    run_waiting()
    confirm(client, found)
    make_person(slug="p1", name="Other", sort_name="Other")
    run_waiting()
    found.refresh_from_db()
    assert (found.state, found.has_moved) == (ImportState.CHECKED, True)
    page = page_of(client, found)
    assert "The data has moved since you looked" in page
    assert line_of(page, "people.csv") == [2, 1, 0, 0]
    assert Person.objects.get().name == "Other"
    assert told(editor) == ["import.checked", "import.checked"]
    confirm(client, found)
    run_waiting()
    found.refresh_from_db()
    assert (found.state, Person.objects.count()) == (ImportState.IMPORTED, 3)


@pytest.mark.django_db
def test_what_moves_while_it_is_written_is_seen_too_and_no_picture_is_left(client, editor, monkeypatch):
    """Others may write at the same time on PostgreSQL: here it seems that nothing was written before."""
    rows = PHOTOS + "".join(f"ridge-{n},ridge-{n}.png,A ridge.,,Ibid,,\n" for n in range(3))
    pictures = {f"photos/ridge-{n}.png": picture() for n in range(3)}
    found = send(client, zipped({"photos.csv": rows, **pictures}))
    run_waiting()
    confirm(client, found)
    import_bundle(user=None, path=found.path)
    Photo.objects.update(alt="Another")
    stored = default_storage.listdir("photos")[1]
    monkeypatch.setattr(work, "desk_state", lambda: TableImport.objects.get().fingerprint)
    run_waiting()
    found.refresh_from_db()
    assert (found.state, found.has_moved, found.counts["changed"]) == (ImportState.CHECKED, True, 3)
    assert set(Photo.objects.values_list("alt", flat=True)) == {"Another"}
    assert default_storage.listdir("photos")[1] == stored


@pytest.mark.django_db
def test_stopping_a_bundle_that_waits_lets_its_file_go(client, editor):
    found = send(client, people(3))
    assert found.path.exists()
    client.post(address(found, "cancel"))
    found.refresh_from_db()
    assert found.state == ImportState.CANCELLED
    assert not found.place.exists()
    assert run_waiting() == []
    page = page_of(client, found)
    assert "Nothing of this file was written" in page
    assert "no longer kept" in page


@pytest.mark.django_db
@pytest.mark.parametrize("to_write", [False, True])
def test_stopping_in_the_middle_leaves_nothing(client, editor, monkeypatch, to_write):
    found = send(client, people(30))
    if to_write:
        run_waiting()
        confirm(client, found)

    def asked_meanwhile(*arguments, **options):
        noted(*arguments, **options)
        if arguments[1] == 30:
            ask_to_stop(found.place)

    noted = Clock.note
    monkeypatch.setattr(Clock, "note", asked_meanwhile)
    run_waiting()
    found.refresh_from_db()
    assert found.state == (ImportState.CHECKED if to_write else ImportState.CANCELLED)
    assert found.path.exists() is to_write
    assert not Person.objects.exists()
    assert not AuditEntry.objects.filter(verb="bundle.imported").exists()
    if to_write:
        client.post(address(found, "cancel"))
        assert not found.place.exists()


@pytest.mark.django_db
def test_a_worker_that_is_to_end_hands_the_bundle_back(client, editor):
    found = send(client, people(30))
    for before in (ImportState.CHECKING, ImportState.IMPORTING):
        said = iter([False, False, False])
        assert run_waiting(lambda said=said: next(said, True)) == []
        found.refresh_from_db()
        assert (found.state, found.leased_until, found.attempts) == (before, None, 0)
        assert found.path.exists()
        assert not Person.objects.exists()
        run_waiting()
        confirm(client, found)
    assert Person.objects.count() == 30


@pytest.mark.django_db
def test_a_text_that_came_too_late_is_kept_though_nothing_of_the_bundle_is(
    client, editor, tmp_path, monkeypatch, settings
):
    settings.BUNDLE_ROWS_AT_ONCE = 0
    article = make_article(title="As it was")
    export_bundle(user=None, out=tmp_path / "desk.zip")
    article.title = "As it is"
    save_article(user=editor, article=article, based_on=article.revisions.newest().number)
    found = send(client, (tmp_path / "desk.zip").read_bytes())
    run_waiting()
    found.refresh_from_db()
    assert found.counts["changed"] == 1
    confirm(client, found)

    def saved_meanwhile(*, article, **options):
        raise StaleArticle(article.revisions.newest())

    monkeypatch.setattr(resources, "save_article", saved_meanwhile)
    [done] = run_waiting()
    assert done.error
    found.refresh_from_db()
    assert found.state == ImportState.FAILED
    stray = Revision.objects.get(is_stray=True)
    assert f"kept as revision {stray.number}" in page_of(client, found)
    article.refresh_from_db()
    assert article.title == "As it is"


@pytest.mark.django_db
def test_what_is_done_with_rows_of_a_table_is_not_done_with_a_bundle(client, editor):
    found = send(client, people(3))
    run_waiting()
    found.refresh_from_db()
    sent = {"page": "1", "fingerprint": found.fingerprint}
    for step in ("mapping", "mend", "refused", "undo"):
        answer = client.post(address(found, step), sent, follow=True)
        assert "it is taken in whole, and not taken back" in answer.content.decode(), step
    confirm(client, found, "good")
    run_waiting()
    found.refresh_from_db()
    assert (found.state, Person.objects.count()) == (ImportState.IMPORTED, 3)
    client.post(address(found, "undo"), follow=True)
    run_waiting()
    assert Person.objects.count() == 3


@pytest.mark.django_db
def test_a_file_that_is_still_needed_is_kept_and_one_nobody_decides_on_is_forgotten(client, editor, settings):
    found = send(client, people(3))
    later = timezone.now() + datetime.timedelta(days=settings.IMPORT_KEEP_DAYS + 1)
    assert forget_old_imports(later) == 0
    assert found.path.exists()
    run_waiting()
    assert forget_old_imports(later) == 1
    assert not found.place.exists()
    assert "no longer kept" in page_of(client, found)
    answer = confirm(client, found)
    assert "Upload it again" in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_progress_counts_the_rows_of_all_tables(client, editor, monkeypatch):
    works = f"{WORKS}a,Film,1\nb,Film,1\n"
    found = send(client, zipped({"people.csv": f"{PEOPLE}a,A,A\nb,B,B\nc,C,C\n", "earlier_works.csv": works}))
    seen = []
    monkeypatch.setattr(Clock, "note", lambda clock, rows: seen.append(rows))
    run_waiting()
    found.refresh_from_db()
    assert seen == sorted(seen)
    assert (seen[0], seen[-1], found.rows) == (0, 5, 5)


@pytest.mark.django_db
def test_a_bundle_that_is_damaged_inside_is_refused_by_its_own_name(client, editor):
    raw = bytearray(people(400))
    at = raw.index(b"people.csv") + 40
    raw[at : at + 40] = bytes(40)
    found = send(client, bytes(raw))
    run_waiting()
    found.refresh_from_db()
    assert found.state == ImportState.FAILED
    assert "<li>desk.zip: It is neither a folder nor a whole zip file. Copy it again.</li>" in page_of(
        client, found
    )
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_pages_take_as_many_queries_for_many_rows(client, editor, django_assert_num_queries):
    for rows in (3, 30):
        Person.objects.all().delete()
        found = send(client, people(rows))
        with django_assert_num_queries(QUERIES):
            client.get(address(found))
        run_waiting()
        with django_assert_num_queries(QUERIES):
            client.get(address(found))
        confirm(client, found)
        run_waiting()
        with django_assert_num_queries(QUERIES):
            client.get(address(found))


QUERIES = 6


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_leaves_nothing_or_everything(client, settings, tmp_path):
    settings.VAR_DIR, settings.BUNDLE_ROWS_AT_ONCE = tmp_path, 0
    client.force_login(make_user("Editors"))
    kill_at_any_moment(
        12,
        upload=lambda: send(client, people(400)),
        confirm=lambda found: confirm(client, found),
        check=_nothing_or_everything,
    )


def _nothing_or_everything(found: TableImport) -> None:
    """Records and the audit entry are there or not, and the state of the import says which."""
    assert Person.objects.count() == (400 if found.state == ImportState.IMPORTED else 0)
    imported = TableImport.objects.filter(state=ImportState.IMPORTED).count()
    assert AuditEntry.objects.filter(verb="bundle.imported").count() == imported
    assert found.state in (ImportState.IMPORTED, ImportState.IMPORTING)
