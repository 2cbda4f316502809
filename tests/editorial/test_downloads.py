"""What readers may take away from the pages, and the page that explains it."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.dates import PartialDate
from catalog.models import Source
from editorial.actions import retract_article, unpublish_article
from editorial.data_page import COLUMNS, data_page
from editorial.models import AuditEntry
from tests.factories import (
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
)
from tests.unpacked import contents_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def table(client, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def season_with_cast(count: int = 1):
    season = make_season(series=make_series(slug=f"series-of-{count}"), number=1, premiere=PartialDate(2019))
    for _number in range(count):
        entry = make_cast_entry(season=season)
        make_citation(entry)
        make_citation(entry, "status")
    return season


class TestCast:
    def test_it_names_who_plays_whom_and_the_passages_that_say_so(self, client):
        season = make_season(series=make_series(slug="harbour"), number=2)
        person = make_person(name="=Ñusta Quíspe")
        character = make_character(series=season.series, name="Keeper")
        entry = make_cast_entry(
            season=season, person=person, character=character, billed_as="K.", note="Back."
        )
        naming, status = make_citation(entry), make_citation(entry, "status")
        make_cast_entry(season=season)
        [row] = table(client, "/series/harbour/season-2/cast.csv")
        assert (row["person_name"], row["character_name"]) == ("'=Ñusta Quíspe", "Keeper")
        assert (row["status"], row["note"], row["billed_as"]) == ("confirmed", "Back.", "")
        assert set(row["passages"].split("|")) == {naming.passage.key, status.passage.key}

    def test_the_page_leads_to_it_where_there_is_a_cast(self, client):
        season = season_with_cast()
        address = reverse("catalog:season_cast", args=[season.series.slug, season.number])
        assert f'href="{address}"' in client.get(season.get_absolute_url()).content.decode()
        bare = make_season()
        assert "cast.csv" not in client.get(bare.get_absolute_url()).content.decode()
        assert client.get("/series/nothing/season-1/cast.csv").status_code == 404


class TestSources:
    def test_all_of_them_say_what_they_are(self, client):
        origin = make_source(slug="origin", title="Origin", published=PartialDate(2019, 5), author="Ann")
        make_source(slug="copy", title="Copy", derives_from=origin, quote_limit=7)
        first, second = table(client, "/sources.csv")
        assert (first["slug"], first["derives_from"]) == ("copy", "origin")
        assert (second["published"], second["author"], second["publisher"]) == ("2019-05", "Ann", "")
        assert "quote_limit" not in first

    def test_one_gives_every_public_fact_and_the_articles_that_cite_it(self, client):
        source = make_source(slug="ebb")
        season = make_season(premiere=PartialDate(2019), renewed=PartialDate(2018))
        passage = make_passage(source, exact="it begins in 2019")
        make_citation(season, "premiere", passage, says="2019")
        make_citation(season, "renewed", make_passage(source), checked_value="2017")
        make_article(
            published=True,
            slug="tide",
            title="The tide",
            body=f'<p>It begins.<cite data-passage="{passage.key}"></cite></p>',
        )
        make_article(body=f'<p>A draft.<cite data-passage="{passage.key}"></cite></p>')
        article, fact = table(client, "/sources/ebb/citations.csv")
        assert (article["about"], article["value"], article["stance"]) == ("en/tide", "The tide", "cites")
        assert (fact["about_type"], fact["field"], fact["value"]) == ("season", "premiere", "2019")
        assert (fact["excerpt"], fact["sha256"]) == ("it begins in 2019", passage.sha256)
        assert client.get("/sources/nothing/citations.csv").status_code == 404


class TestArticles:
    def test_its_footnotes_come_in_their_order(self, client):
        source = make_source(slug="ebb", title="The Ebb", author="Ann", published=PartialDate(2019))
        passages = [make_passage(source), make_passage(make_source(slug="flow", title="+Flow"))]
        cites = "".join(f'<cite data-passage="{one.key}"></cite>' for one in passages)
        make_article(published=True, slug="tide", kind="guide", body=f"<p>It turns.{cites}</p>")
        first, second = table(client, "/guides/tide/citations.csv")
        assert (first["note"], first["passage"], first["author"]) == ("1", "ebb#1", "Ann")
        assert (second["note"], second["title"]) == ("2", "'+Flow")
        response = client.get("/guides/tide/citations.json")
        assert response.headers["Content-Type"] == "application/vnd.citationstyles.csl+json"
        items = json.loads(response.content)
        assert [item["id"] for item in items] == ["ebb", "flow"]
        assert items[0]["issued"] == {"date-parts": [[2019]]}
        page = client.get("/guides/tide/").content.decode()
        assert 'href="/guides/tide/citations.csv"' in page
        assert 'href="/guides/tide/citations.json"' in page

    @pytest.mark.parametrize("name", ["citations.csv", "citations.json"])
    def test_of_a_draft_there_are_none_and_of_a_text_that_is_gone_no_more(self, client, name):
        make_article(slug="draft")
        assert client.get(f"/recaps/draft/{name}").status_code == 404
        for slug, take in (("gone", unpublish_article), ("retracted", retract_article)):
            article = make_article(published=True, slug=slug)
            take(user=None, article=article, looked_at=None, reason="It was not so.")
            response = client.get(f"/recaps/{slug}/{name}")
            assert (response.status_code, response.content) == (410, b"")


class TestDataPage:
    def test_it_explains_every_column_of_every_file(self, client):
        shown = data_page()
        used = {name for one in (*shown.files, *shown.tables) for name in one.columns}
        assert used == COLUMNS.keys()
        page = client.get("/data/").content.decode()
        assert all(f"<code>{name}</code>" in page for name in used)
        assert 'href="/data/"' in client.get("/").content.decode()

    def test_its_tables_are_those_of_the_bundle(self, client):
        make_source()
        held = contents_of(client.get("/data/bundle.zip"))
        tables = {one.name: ",".join(one.columns) for one in data_page().tables}
        heads = {name: raw.decode().partition("\n")[0] for name, raw in held.items() if name.endswith(".csv")}
        assert heads == tables

    def test_the_licence_is_the_one_of_the_settings(self, client, settings):
        settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://example.org/by/4.0"
        page = client.get("/data/").content.decode()
        assert '<a href="https://example.org/by/4.0" rel="license' in page


class TestBundle:
    def test_it_is_made_anew_when_something_changed_and_else_kept(self, client, settings):
        source = make_source(title="Before")
        first = client.get("/data/bundle.zip")
        assert first.headers["Content-Type"] == "application/zip"
        assert b"Before" in contents_of(first)["sources.csv"]
        folder = settings.BUNDLES_ROOT / "public"
        [made] = folder.iterdir()
        client.get("/data/bundle.zip")
        assert list(folder.iterdir()) == [made]
        source.title = "After"
        source.save()
        second = client.get("/data/bundle.zip")
        assert b"After" in contents_of(second)["sources.csv"]
        assert second.headers["ETag"] != first.headers["ETag"]
        assert list(folder.iterdir()) != [made]
        assert len(list(folder.iterdir())) == 1

    def test_what_is_taken_back_is_gone_from_it(self, client):
        article = make_article(published=True, slug="tide")
        name = "articles/recap/en/tide.html"
        assert name in contents_of(client.get("/data/bundle.zip"))
        unpublish_article(user=None, article=article, looked_at=None, reason="It was not so.")
        assert name not in contents_of(client.get("/data/bundle.zip"))

    def test_an_import_that_began_before_another_save_makes_a_new_one(self, client):
        make_person(name="Late")
        tag = client.get("/data/bundle.zip").headers["ETag"]
        began = timezone.now() - datetime.timedelta(minutes=1)
        AuditEntry.objects.create(verb="table.imported", at=began, actor_label="editor", data={})
        assert client.get("/data/bundle.zip").headers["ETag"] != tag

    def test_what_a_killed_process_left_is_cleared_and_another_s_work_is_not(self, client, settings):
        folder = settings.BUNDLES_ROOT / "public"
        left, at_work = folder / ".a.zip-left", folder / ".b.zip-work"
        for one in (left, at_work):
            (one / "bundle").mkdir(parents=True)
        os.utime(left, (1, 1))
        client.get("/data/bundle.zip")
        assert not left.exists()
        assert at_work.exists()

    def test_a_draft_makes_no_new_one(self, client):
        make_source()
        tag = client.get("/data/bundle.zip").headers["ETag"]
        make_article(body="<p>Nothing yet.</p>", contributors=())
        assert client.get("/data/bundle.zip").headers["ETag"] == tag

    def test_it_is_sent_piece_by_piece(self, client):
        response = client.get("/data/bundle.zip")
        assert response.streaming
        assert int(response.headers["Content-Length"]) == len(b"".join(response))


def addresses() -> list[str]:
    season = season_with_cast()
    source = Source.objects.first()
    article = make_article(published=True, slug="tide")
    return [
        f"{season.get_absolute_url()}cast.csv",
        "/sources.csv",
        f"{source.get_absolute_url()}citations.csv",
        f"{article.get_absolute_url()}citations.csv",
        f"{article.get_absolute_url()}citations.json",
        "/data/",
        "/data/bundle.zip",
    ]


def test_whoever_has_it_already_gets_it_no_second_time(client):
    for path in addresses():
        response = client.get(path)
        assert set(response.headers["Cache-Control"].split(", ")) == {"public", "no-cache"}
        again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.content if not again.streaming else b"") == (304, b""), path
        again = client.get(path, headers={"If-Modified-Since": response.headers["Last-Modified"]})
        assert again.status_code == 304, path
        assert client.post(path).status_code == 405


@pytest.mark.parametrize("count", [3, 30])
def test_as_many_queries_for_thirty_rows_as_for_three(client, count, django_assert_num_queries):
    source = make_source(slug="ebb")
    season = season_with_cast(count)
    for entry in season.cast.all():
        make_citation(entry, "billed_as", make_passage(source), checked_value="")
        make_citation(make_season(premiere=PartialDate(2019)), "premiere", make_passage(source))
    cites = "".join(f'<cite data-passage="{one.key}"></cite>' for one in source.passages.all())
    make_article(published=True, slug="tide", body=f"<p>It turns.{cites}</p>")
    client.get("/sources.csv")  # content types are read once for all
    for path, queries in {
        f"{season.get_absolute_url()}cast.csv": 9,
        "/sources.csv": 1,
        "/sources/ebb/citations.csv": 8,
        "/recaps/tide/citations.csv": 2,
        "/recaps/tide/citations.json": 3,
        "/data/": 0,
    }.items():
        with django_assert_num_queries(queries, info=path):
            client.get(path)
