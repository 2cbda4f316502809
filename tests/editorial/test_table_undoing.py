"""An import that is taken back: what nobody touched since is as it was, the rest is listed and left."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import CastEntry, Person, Season, Series
from editorial.actions import save_article
from editorial.models import Article, AuditEntry, ImportedRow, ImportState, TableImport
from editorial.tables import importing
from editorial.tables.importing import forget_old_imports
from tests.factories import (
    make_alias,
    make_article,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_user,
)
from tests.tables import confirm, upload

pytestmark = pytest.mark.django_db

PEOPLE = "slug,name,sort_name\n"


@pytest.fixture
def editor(client):
    user = make_user("Editors")
    client.force_login(user)
    return user


def imported(client, table: str, content: str):
    found = upload(client, table, content)
    confirm(client, found)
    found.refresh_from_db()
    assert found.state == ImportState.IMPORTED, (found.problem, found.counts, found.has_moved)
    return found


def undo(client, table_import) -> str:
    url = reverse("admin:editorial_tableimport_undo", args=[table_import.pk])
    response = client.post(url, follow=True)
    table_import.refresh_from_db()
    assert table_import.state == ImportState.UNDONE, table_import.problem
    return response.content.decode()


def left(table_import) -> list[str]:
    return list(table_import.imported_rows.filter(undone=False).values_list("left_because", flat=True))


def test_new_records_go_and_changed_ones_are_as_they_were(client, editor):
    person = make_person(slug="old", name="Peña", sort_name="Pena")
    found = imported(client, "people.csv", PEOPLE + "old,Other,Other\nnew,New,New\n")
    assert Person.objects.get(slug="old").name_key == "other"
    undo(client, found)
    person.refresh_from_db()
    assert (person.name, person.sort_name, person.name_key) == ("Peña", "Pena", "pena")
    assert not Person.objects.filter(slug="new").exists()
    entry = AuditEntry.objects.get(verb="table.import_undone")
    assert (entry.actor, entry.data["undone"], entry.data["left"]) == (editor, 2, 0)


def test_what_was_changed_since_is_listed_and_left(client, editor):
    found = imported(client, "people.csv", PEOPLE + "a,A,A\nb,B,B\n")
    Person.objects.filter(slug="a").update(name="Mended")
    text = undo(client, found)
    assert left(found) == ["It has been changed since."]
    assert "It has been changed since." in text
    assert Person.objects.get().name == "Mended"
    assert AuditEntry.objects.get(verb="table.import_undone").data["left"] == 1


def test_what_something_leans_on_is_left(client, editor):
    found = imported(client, "people.csv", PEOPLE + "cited,A,A\nnamed,B,B\nplays,C,C\nfree,D,D\n")
    make_citation(Person.objects.get(slug="cited"))
    make_alias(person=Person.objects.get(slug="named"))
    CastEntry.objects.create(season=make_season(), person=Person.objects.get(slug="plays"))
    undo(client, found)
    assert set(Person.objects.values_list("slug", flat=True)) == {"cited", "named", "plays"}
    assert len(left(found)) == 3
    assert all("leans on it" in reason for reason in left(found))


def test_what_was_deleted_since_is_said(client, editor):
    found = imported(client, "people.csv", PEOPLE + "a,A,A\n")
    Person.objects.all().delete()
    undo(client, found)
    assert left(found) == ["It has been deleted since."]


def test_rows_that_lean_on_each_other_go_together(client, editor):
    header = (
        "slug,title,original_language,network,production_company,premiere,relation,companion_to,summary\n"
    )
    rows = "a,A,,,,2019-02,,,\nb,B,,,,,companion,a,\n"
    found = imported(client, "series.csv", header + rows)
    assert Series.objects.get(slug="b").companion_to.slug == "a"
    undo(client, found)
    assert not Series.objects.exists()


def test_dates_and_flags_are_put_back(client, editor):
    season = make_season(premiere="2018-12~", episode_count=8, episode_count_is_minimum=True)
    season.refresh_from_db()
    before = {one.attname: getattr(season, one.attname) for one in Season._meta.concrete_fields}
    header = "series,number,premiere,episode_count,episode_count_is_minimum,status,renewed,filming_start,"
    row = f"{season.series.slug},{season.number},2019,10,no,,2019-01-02,,\n"
    found = imported(client, "seasons.csv", header + "filming_end\n" + row)
    season.refresh_from_db()
    assert str(season.premiere) == "2019"
    undo(client, found)
    season.refresh_from_db()
    after = {one.attname: getattr(season, one.attname) for one in Season._meta.concrete_fields}
    assert {name for name in before if before[name] != after[name]} <= {"updated_at"}


ARTICLES = (
    "kind,language,slug,title,spoiler_free_title,standfirst,series,season,spoils_through,photo,contributors,"
    "review_by,translation_of\n"
)


def row_of(article: Article, title: str) -> str:
    return f"{article.kind},{article.language},{article.slug},{title},,,,,,,,,\n"


def test_an_article_gets_its_earlier_text_as_a_new_revision(client, editor):
    article = make_article(title="Before")
    found = imported(client, "articles.csv", ARTICLES + row_of(article, "After"))
    article.refresh_from_db()
    assert article.title == "After"
    undo(client, found)
    article.refresh_from_db()
    assert article.title == "Before"
    assert article.revisions.newest().number == 3


def test_an_article_that_somebody_saved_since_is_left(client, editor):
    article = make_article(title="Before")
    found = imported(client, "articles.csv", ARTICLES + row_of(article, "After"))
    article.refresh_from_db()
    article.title = "Later"
    save_article(user=editor, article=article, based_on=2)
    undo(client, found)
    article.refresh_from_db()
    assert article.title == "Later"
    assert left(found) == ["Somebody has saved it since."]


def test_a_new_article_is_kept(client, editor):
    found = imported(client, "articles.csv", ARTICLES + "news,en,new,New,,,,,,,,,\n")
    undo(client, found)
    assert Article.objects.get().slug == "new"
    assert "Articles are kept" in left(found)[0]


def test_an_import_is_undone_once(client, editor):
    found = imported(client, "people.csv", PEOPLE + "a,A,A\n")
    undo(client, found)
    make_person(slug="a")
    undo(client, found)
    assert Person.objects.get().slug == "a"
    assert AuditEntry.objects.filter(verb="table.import_undone").count() == 1


def test_after_its_time_the_file_goes_and_nothing_can_be_undone(client, editor, settings):
    found = imported(client, "people.csv", PEOPLE + "a,A,A\n")
    later = timezone.now() + timezone.timedelta(days=settings.IMPORT_KEEP_DAYS + 1)
    assert forget_old_imports(later) == 1
    assert forget_old_imports(later) == 0
    assert not found.place.exists()
    assert not ImportedRow.objects.exists()
    url = reverse("admin:editorial_tableimport_undo", args=[found.pk])
    assert "can be undone for 30 days" in client.post(url, follow=True).content.decode()
    assert Person.objects.exists()
    page = client.get(reverse("admin:editorial_tableimport_change", args=[found.pk]))
    assert "no longer kept" in page.content.decode()


def test_after_its_time_a_file_that_was_only_checked_is_neither_mended_nor_imported(client, editor, settings):
    found = upload(client, "people.csv", PEOPLE + "a,A,A\nnot a slug,B,B\n")
    forget_old_imports(timezone.now() + timezone.timedelta(days=settings.IMPORT_KEEP_DAYS + 1))
    url = reverse("admin:editorial_tableimport_mend", args=[found.pk])
    sent = {"page": "1", "fingerprint": found.fingerprint, "cell:3:0": "b"}
    assert "no longer kept. Upload it again" in client.post(url, sent, follow=True).content.decode()
    assert "no longer kept. Upload it again" in confirm(client, found, how="good").content.decode()
    found.refresh_from_db()
    assert (found.state, found.options.get("mended")) == (ImportState.CHECKED, None)
    assert not Person.objects.exists()


def test_a_file_that_somebody_goes_on_with_is_kept(client, editor, settings, monkeypatch):
    found = upload(client, "people.csv", PEOPLE + "a,A,A\n")
    now, kept = timezone.now(), timezone.timedelta(days=settings.IMPORT_KEEP_DAYS)
    TableImport.objects.update(uploaded_at=now - 2 * kept)
    assert forget_old_imports(now) == 0  # it was checked today
    TableImport.objects.update(ended_at=now - 2 * kept)

    def checked_meanwhile(old, moment):
        client.post(reverse("admin:editorial_tableimport_check", args=[found.pk]))
        return forget(old, moment)

    forget = importing._forget
    monkeypatch.setattr(importing, "_forget", checked_meanwhile)
    assert forget_old_imports(now) == 0
    confirm(client, found)
    assert Person.objects.exists()


def test_a_passage_that_a_file_let_fall_stands_again(client, editor):
    passage = make_passage(exact="ten episodes")
    make_citation(make_season(premiere="2020"), "premiere", passage)
    header = "source,number,snapshot,start,end,sha256,excerpt,state\n"
    place = (passage.source.slug, 1, passage.snapshot.sha256, 0, 12, passage.sha256, passage.excerpt, "lost")
    found = imported(client, "passages.csv", header + ",".join(map(str, place)) + "\n")
    passage.refresh_from_db()
    assert (passage.state, passage.exact) == ("lost", "ten episodes")
    assert not Season.objects.supported().exists()
    undo(client, found)
    passage.refresh_from_db()
    assert (passage.state, passage.exact) == ("verified", "ten episodes")
    assert Season.objects.supported().exists()
    assert left(found) == []


def test_evidence_holds_again_what_it_held_before(client, editor):
    season = make_season(premiere="2019")
    season.refresh_from_db()
    citation = make_citation(season, "premiere", make_passage(exact="ten episodes"))
    row = f"{season.series.slug},{season.number},2020,{citation.passage.key},premiere\n"
    found = imported(client, "seasons.csv", "series,number,premiere,passage,field\n" + row)
    citation.refresh_from_db()
    assert citation.checked_value == "2020"
    undo(client, found)
    season.refresh_from_db()
    citation.refresh_from_db()
    assert (str(season.premiere), citation.checked_value) == ("2019", "2019")
    assert left(found) == []
