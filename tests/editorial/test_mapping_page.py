"""The page “How we read this file”: what it is, what its columns are, whose its names are."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Alias, CastEntry, Person
from editorial.models import HeaderMapping, ImportState, TableImport
from tests.factories import make_character, make_person, make_season, make_series, make_user
from tests.visible import Visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imports")]
FOREIGN = "Schauspieler;Rolle;Status\nDiego Luna;Félix Gallardo;bestätigt\nMichael Peña;Kiki Camarena;neu\n"


@pytest.fixture
def imports(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"


@pytest.fixture
def editor(client):
    user = make_user("Administrators")
    client.force_login(user)
    return user


@pytest.fixture
def season():
    return make_season(series=make_series(slug="narcos-mexico", title="Narcos: Mexico"), number=2)


def words_of(response) -> str:
    return Visible("/", response.content.decode()).words


def page_of(one: TableImport) -> str:
    return reverse("admin:editorial_tableimport_mapping", args=[one.pk])


def upload(client, text: str | bytes, table: str = "cast.csv", name: str = "cast.csv") -> TableImport:
    raw = text.encode() if isinstance(text, str) else text
    data = {"table": table, "file": SimpleUploadedFile(name, raw)}
    response = client.post(reverse("admin:editorial_tableimport_add"), data)
    assert response.status_code == 302, words_of(response)
    return TableImport.objects.latest("pk")


def fields_of(response) -> dict[str, str]:
    """What the form of the columns would send as it stands."""
    form = response.context["form"]
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            sent[name] = "on" if value is True else str(value)
    return sent


def test_a_foreign_file_is_looked_at_first_and_mapped_with_reasons(client, editor, season):
    one = upload(client, FOREIGN)
    assert one.state == ImportState.UPLOADED
    response = client.get(page_of(one))
    text = words_of(response)
    assert "How we read this file" in text
    assert "another name for it" in text
    assert "“series” is needed" in text
    mapped = [(asked["column"].mapping.header, asked["to"].value()) for asked in response.context["columns"]]
    assert mapped == [("Schauspieler", "person"), ("Rolle", "character"), ("Status", "status")]


def test_rows_are_checked_only_once_every_needed_column_is_named(client, editor, season):
    one = upload(client, FOREIGN)
    sent = fields_of(client.get(page_of(one)))
    refused = client.post(page_of(one), {**sent, "do": "check"})
    assert refused.status_code == 400
    assert "“season” is needed" in words_of(refused)
    one.refresh_from_db()
    assert one.state == ImportState.UPLOADED
    whole = {**sent, "value-series": "narcos-mexico", "value-season": "2", "makes": "on", "do": "check"}
    assert client.post(page_of(one), whole).status_code == 302
    one.refresh_from_db()
    assert one.state == ImportState.CHECKED
    assert (one.counts["new"], one.counts["refused"], one.counts["uncited"]) == (2, 0, 2)
    assert one.counts["made"] == {"people.csv": 2, "characters.csv": 2}
    assert not Person.objects.exists()
    shown = words_of(client.get(reverse("admin:editorial_tableimport_change", args=[one.pk])))
    assert "2 rows bring facts without a source: readers do not see them until they are cited." in shown


def test_what_was_checked_is_imported_and_the_mapping_is_remembered(client, editor, season):
    one = upload(client, FOREIGN)
    sent = fields_of(client.get(page_of(one)))
    whole = {**sent, "value-series": "narcos-mexico", "value-season": "2", "makes": "on", "do": "check"}
    client.post(page_of(one), whole)
    one.refresh_from_db()
    confirm = reverse("admin:editorial_tableimport_confirm", args=[one.pk])
    client.post(confirm, {"fingerprint": one.fingerprint, "how": "all"})
    one.refresh_from_db()
    assert one.state == ImportState.IMPORTED
    assert set(CastEntry.objects.values_list("person__name", "character__name", "status")) == {
        ("Diego Luna", "Félix Gallardo", "confirmed"),
        ("Michael Peña", "Kiki Camarena", "new"),
    }
    again = upload(client, FOREIGN.replace("neu", "unsicher"))
    response = client.get(page_of(again))
    assert "These columns are read as in the last file with the same headers." in words_of(response)
    assert fields_of(response)["value-season"] == "2"
    assert HeaderMapping.objects.count() == 1
    client.post(reverse("admin:editorial_tableimport_undo", args=[one.pk]))
    assert not Person.objects.exists()


def test_good_rows_alone_bring_only_the_people_whom_they_name(client, editor, season):
    one = upload(client, FOREIGN.replace("neu", "no status"))
    sent = fields_of(client.get(page_of(one)))
    client.post(
        page_of(one),
        {**sent, "value-series": "narcos-mexico", "value-season": "2", "makes": "on", "do": "check"},
    )
    one.refresh_from_db()
    assert (one.counts["new"], one.counts["refused"]) == (1, 1)
    assert one.counts["made"] == {"people.csv": 1, "characters.csv": 1}
    confirm = reverse("admin:editorial_tableimport_confirm", args=[one.pk])
    client.post(confirm, {"fingerprint": one.fingerprint, "how": "good"})
    one.refresh_from_db()
    assert one.state == ImportState.IMPORTED
    assert [person.name for person in Person.objects.all()] == ["Diego Luna"]
    assert one.imported_rows.count() == 3
    client.post(reverse("admin:editorial_tableimport_undo", args=[one.pk]))
    assert not Person.objects.exists()
    assert not one.imported_rows.filter(undone=False).exists()


def test_a_file_in_our_own_form_goes_straight_to_its_rows(client, editor):
    one = upload(client, 'slug,name,sort_name\ndiego-luna,Diego Luna,"Luna, Diego"\n', table="people.csv")
    assert one.state == ImportState.CHECKED
    assert "How we read this file" in words_of(client.get(page_of(one)))


def test_a_nearly_known_name_is_offered_and_the_answer_is_kept_as_an_alias(client, editor, season):
    make_person(slug="michael-pena", name="Michael Peña")
    make_character(series=season.series, slug="kiki-camarena", name="Kiki Camarena")
    one = upload(client, "Actor,Role,series,season\nMicheal Pena,Kiki Camarena,narcos-mexico,2\n")
    response = client.get(page_of(one))
    [(offer, field)] = response.context["names"]
    assert "the same as Michael Peña" in words_of(response)
    assert not field.value()  # a typing error is never decided by the machine
    client.post(page_of(one), {**fields_of(response), f"name-{offer.key}": "michael-pena", "do": "check"})
    one.refresh_from_db()
    assert (one.counts["new"], one.counts["refused"], one.counts["aliases"]) == (1, 0, 1)
    assert not Alias.objects.exists()
    confirm = reverse("admin:editorial_tableimport_confirm", args=[one.pk])
    client.post(confirm, {"fingerprint": one.fingerprint, "how": "all"})
    alias = Alias.objects.get()
    assert (alias.text, alias.kind, alias.person.slug) == ("Micheal Pena", "typo", "michael-pena")
    assert CastEntry.objects.get().person.slug == "michael-pena"


def test_what_was_found_out_about_a_file_can_be_overruled(client, editor, season):
    one = upload(client, "Actor|Role\nPeña|Kiki\n".encode("cp1252"))
    assert "Peña" in words_of(client.get(page_of(one)))
    client.post(page_of(one), {"do": "read", "encoding": "cp1251", "header_line": "0"})
    one.refresh_from_db()
    assert one.options["reading"] == {"encoding": "cp1251", "header_line": 0}
    text = words_of(client.get(page_of(one)))
    assert "none: the columns go by their place" in text
    assert "Peсa" in text  # what cp1251 makes of it
    refused = client.post(page_of(one), {"do": "read", "header_line": "-1"})
    assert refused.status_code == 400


def test_a_file_that_cannot_be_read_says_why_and_may_be_read_otherwise(client, editor):
    one = upload(client, b"GIF89a\x00\x01", name="cast.gif")
    response = client.get(page_of(one))
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_cells_are_split_as_the_person_says(client, editor, season):
    one = upload(client, 'Cast\n"Diego Luna as Félix Gallardo + Michael Peña as Kiki Camarena"\n')
    sent = fields_of(client.get(page_of(one)))
    split = {"separator-0": "own", "own-0": " + ", "pattern-0": "as", "value-series": "narcos-mexico"}
    client.post(page_of(one), {**sent, **split, "value-season": "2", "makes": "on", "do": "look"})
    text = words_of(client.get(page_of(one)))
    assert "kiki-camarena" in text
    client.post(page_of(one), {**fields_of(client.get(page_of(one))), "do": "check"})
    one.refresh_from_db()
    assert one.counts["new"] == 2


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_not_import_sees_nothing_of_it(client, editor, role):
    one = upload(client, FOREIGN)
    client.force_login(make_user(role))
    assert client.get(page_of(one)).status_code == 403
    assert client.post(page_of(one), {"do": "look"}).status_code == 403


def test_the_page_asks_as_much_of_three_rows_as_of_thirty(
    client, editor, season, django_assert_max_num_queries, django_assert_num_queries
):
    def text(rows: int) -> str:
        return "Actor,Role,series,season\n" + "".join(
            f"Actor Number{row},Role Number{row},narcos-mexico,2\n" for row in range(rows)
        )

    few, many = upload(client, text(3)), upload(client, text(30))
    client.get(page_of(few))
    with django_assert_max_num_queries(25) as counted:
        client.get(page_of(few))
    with django_assert_num_queries(len(counted)):
        client.get(page_of(many))


def test_bytes_of_any_kind_are_no_error_of_ours(client, editor):
    for raw in (b"\xff\xfe\x00", b"a\x00b,c\n", b"\x80" * 100, b'"open\n' * 50):
        one = upload(client, raw)
        assert client.get(page_of(one)).status_code in (200, 400)
        assert client.post(page_of(one), {"do": "check"}).status_code in (302, 400)
