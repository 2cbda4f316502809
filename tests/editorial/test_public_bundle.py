"""What leaves the house in a bundle: readers get what is public, and nobody gets an account."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.dates import PartialDate
from catalog.models import Passage
from editorial.actions import correct_article, make_preview, publish_article, save_article
from editorial.bundle_extras import WITH_HISTORY, WITH_QUOTES
from editorial.bundles import BundleRefused
from editorial.exports import export_bundle
from editorial.imports import import_bundle
from editorial.models import Autosave, Comment
from editorial.previews import token_of
from editorial.public_bundles import export_public_bundle
from tests.editorial.hidden import MARK, Secrets
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_citation,
    make_crew_credit,
    make_decision,
    make_earlier_work,
    make_episode,
    make_passage,
    make_person,
    make_photo,
    make_season,
    make_series,
    make_source,
    make_statement,
    make_user,
)
from tests.generated import Newsroom

pytestmark = pytest.mark.django_db


def files_of(folder: Path) -> dict[str, bytes]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def public(tmp_path):
    def make(name: str = "public") -> Path:
        export_public_bundle(out=tmp_path / name)
        return tmp_path / name

    return make


class TestFacts:
    def test_a_value_is_there_while_a_citation_holds_it(self, public):
        season = make_season(premiere=PartialDate(2019), filming_start=PartialDate(2018), episode_count=8)
        make_citation(season, "premiere")
        make_citation(season, "episode_count", checked_value="9")  # it has moved on since
        [row] = rows_of(public(), "seasons.csv")
        assert (row["premiere"], row["filming_start"], row["episode_count"]) == ("2019", "", "")
        assert row["series"] == season.series.slug

    def test_a_passage_that_moved_away_holds_nothing(self, public):
        season = make_season(premiere=PartialDate(2019))
        make_citation(season, "premiere", make_passage(state="lost"))
        folder = public()
        for name in ("seasons.csv", "series.csv", "citations.csv"):
            assert rows_of(folder, name) == []

    def test_records_are_there_when_something_public_names_them(self, public):
        entry = make_cast_entry(billed_as="Himself", note="Inside")
        make_citation(entry)
        make_person(slug="nobody", name="Nobody")
        make_cast_entry(season=entry.season)
        folder = public()
        assert [row["slug"] for row in rows_of(folder, "people.csv")] == [entry.person.slug]
        assert [row["slug"] for row in rows_of(folder, "characters.csv")] == [entry.character.slug]
        assert [row["slug"] for row in rows_of(folder, "series.csv")] == [entry.season.series.slug]
        [row] = rows_of(folder, "cast.csv")
        assert row["person"] == entry.person.slug
        assert (row["billed_as"], row["status"], row["note"]) == ("", "", "")

    @pytest.mark.parametrize(
        ("make", "name"),
        [
            (make_alias, "aliases.csv"),
            (make_crew_credit, "crew.csv"),
            (make_earlier_work, "earlier_works.csv"),
            (make_statement, "statements.csv"),
            (lambda: make_episode(title="Pilot", number=None), "episodes.csv"),
        ],
    )
    def test_a_row_needs_a_citation(self, public, make, name):
        record = make()
        assert rows_of(public("without"), name) == []
        make_citation(record, "title" if name == "episodes.csv" else "")
        assert len(rows_of(public("with"), name)) == 1

    def test_what_is_said_against_a_public_fact_comes_with_it(self, public):
        season = make_season(premiere=PartialDate(2019))
        make_citation(season, "premiere")
        other = make_citation(season, "premiere", stance="contradicts", says="2020")
        make_citation(season, "renewed", stance="contradicts", says="2021")
        decision = make_decision(season, overruled=[{"passage": other.passage.key, "says": "2020"}])
        folder = public()
        rows = rows_of(folder, "citations.csv")
        assert [(row["stance"], row["says"], row["value"]) for row in rows] == [
            ("supports", "", "2019"),
            ("contradicts", "2020", "2019"),
        ]
        assert {f"{row['source']}#{row['number']}" for row in rows_of(folder, "passages.csv")} == {
            row["passage"] for row in rows
        }
        assert [row["reason"] for row in rows_of(folder, "decisions.csv")] == [decision.reason]

    def test_a_decision_that_no_fact_follows_stays_inside(self, public):
        season = make_season(premiere=PartialDate(2019))
        make_citation(season, "premiere")
        make_decision(season, reason="It was so once.")
        make_decision(make_season(), "renewed", value="2019")
        assert rows_of(public(), "decisions.csv") == []

    def test_of_a_passage_it_has_excerpt_place_and_hash_and_no_more(self, public):
        words = " ".join(f"word{number}" for number in range(40))
        passage = make_passage(exact=words, prefix="what stood before", suffix="what stood after")
        make_citation(make_season(premiere=PartialDate(2019)), "premiere", passage)
        folder = public()
        [row] = rows_of(folder, "passages.csv")
        assert (row["excerpt"], row["sha256"]) == (passage.excerpt, passage.sha256)
        assert (row["start"], row["end"]) == (str(passage.start), str(passage.end))
        everything = b"".join(files_of(folder).values())
        assert not any(word in everything for word in (b"word12", b"what stood"))

    def test_formulas_are_escaped(self, public):
        make_source(slug="formula", title="=1+1")
        [row] = rows_of(public(), "sources.csv")
        assert row["title"] == "'=1+1"

    def test_any_newsroom_gives_the_same_bytes_twice(self, public):
        Newsroom(7).fill()
        assert files_of(public("one")) == files_of(public("two"))

    def test_it_takes_as_many_queries_for_thirty_rows_as_for_three(self, tmp_path, django_assert_num_queries):
        def add(count: int) -> None:
            for _number in range(count):
                entry = make_cast_entry()
                for record, field in ((entry, ""), (entry.season, ""), (make_statement(), "value")):
                    make_citation(record, field)
                make_decision(entry.season, "status")
                make_article(published=True)

        add(3)
        export_public_bundle(out=tmp_path / "first")  # content types are read once for all
        with django_assert_num_queries(COUNT):
            export_public_bundle(out=tmp_path / "three")
        add(27)
        with django_assert_num_queries(COUNT):
            export_public_bundle(out=tmp_path / "thirty")


COUNT = 35


class TestArticles:
    def test_readers_get_the_text_they_have_and_no_draft_over_it(self, public):
        article = make_article(published=True, title="What everybody reads")
        edition = article.editions.get()
        article.title = f"{MARK}title"
        save_article(user=None, article=article, based_on=1)
        secret = Secrets().article("draft")
        folder = public()
        [row] = rows_of(folder, "articles.csv")
        assert (row["title"], row["slug"]) == ("What everybody reads", article.slug)
        files = files_of(folder)
        assert files[f"articles/recap/en/{article.slug}.html"].decode() == f"{edition.html}\n"
        assert not [name for name in files if name.endswith(f"/{secret.slug}.html")]
        assert MARK.encode() not in b"".join(files.values())
        assert [one["slug"] for one in rows_of(folder, "contributors.csv")] == [row["contributors"]]

    def test_two_pages_of_one_slug_have_a_file_each(self, public):
        guide = make_article(kind="guide", slug="tide", title="The guide", published=True)
        guide.slug = "elsewhere"
        save_article(user=None, article=guide, based_on=1)  # readers have it at its old address
        news = make_article(kind="news", slug="tide", title="The news", published=True)
        files = files_of(public())
        for article, kind in ((guide, "guide"), (news, "news")):
            html = f"{article.editions.get().html}\n"
            assert files[f"articles/{kind}/en/tide.html"].decode() == html

    def test_photos_come_while_a_page_shows_them_and_their_rights_last(self, public):
        shown = make_photo(credit="Somebody")
        make_article(published=True, photo=shown)
        make_article(published=True, photo=make_photo(rights_until=PartialDate(2019)))
        make_photo()
        folder = public()
        [row] = rows_of(folder, "photos.csv")
        assert row["credit"] == "Somebody"
        with shown.image.open("rb") as image:
            assert files_of(folder)[f"photos/{row['file']}"] == image.read()
        assert [one["photo"] for one in rows_of(folder, "articles.csv")].count("") == 1

    def test_corrections_that_readers_see_come_along(self, public):
        article = make_article(published=True)
        article.title = "Mended"
        save_article(user=None, article=article, based_on=1)
        correct_article(user=None, article=article, looked_at=2, kind="correction", note="It said so before.")
        [row] = rows_of(public(), "corrections.csv")
        assert (row["article"], row["kind"], row["note"]) == (
            f"en/{article.slug}",
            "correction",
            "It said so before.",
        )


class TestAsABundle:
    def test_its_manifest_says_for_whom_it_is_and_on_what_terms(self, public, settings):
        settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://example.org/by/4.0"
        make_source()
        manifest = json.loads((public() / "manifest.json").read_text())
        assert manifest["kind"] == "public"
        assert manifest["licence"] == {"name": "CC BY 4.0", "url": "https://example.org/by/4.0"}
        assert manifest["files"]["sources.csv"]["rows"] == 1

    def test_no_desk_takes_it_in(self, public):
        make_citation(make_season(premiere=PartialDate(2019)), "premiere")
        with pytest.raises(BundleRefused, match="This bundle is for readers"):
            import_bundle(user=None, path=public())

    def test_sealing_it_anew_does_not_make_it_one_for_a_desk(self, public):
        folder = public()
        before = (folder / "manifest.json").read_bytes()
        call_command("seal_bundle", str(folder), skip_checks=True)
        assert (folder / "manifest.json").read_bytes() == before

    def test_the_command_makes_it_and_refuses_what_is_not_for_readers(self, tmp_path):
        call_command("export_bundle", str(tmp_path / "out"), "--public", skip_checks=True)
        assert json.loads((tmp_path / "out" / "manifest.json").read_text())["kind"] == "public"
        for option in ("--with-quotes", "--audit", "--desk"):
            with pytest.raises(CommandError):
                call_command("export_bundle", str(tmp_path / "no"), "--public", option, skip_checks=True)
        assert not (tmp_path / "no").exists()


def test_no_bundle_holds_an_account_a_secret_or_what_colleagues_wrote(tmp_path, settings):
    names = {"username": "zed-of-the-desk", "first_name": "Zedrick", "last_name": "Quuxley"}
    user = make_user("Administrators", email="zed@desk.invalid", **names)
    make_user("Writers", username="wendy-writes", email="wendy@desk.invalid")
    article = make_article(author=user)
    revision = article.revisions.newest()
    link = make_preview(user=user, article=article, revision=revision)
    publish_article(user=user, article=article)
    Autosave.objects.create(article=article, user=user, content={"body": "half-typed"}, at=timezone.now())
    Comment.objects.create(
        article=article,
        author=user,
        author_label="Zedrick",
        text="whispered",
        at=timezone.now(),
        revision=revision,
        exact="",
    )
    export_bundle(user=user, out=tmp_path / "desk", extras=[WITH_QUOTES, WITH_HISTORY])
    export_public_bundle(out=tmp_path / "public")
    secret = [*names.values(), user.email, user.password, "wendy", token_of(link), settings.SECRET_KEY]
    for name, content in {**files_of(tmp_path / "desk"), **files_of(tmp_path / "public")}.items():
        for one in (*secret, "half-typed", "whispered"):
            assert one.encode() not in content, f"{name} holds {one}"
    actors = {row["actor"] for row in rows_of(tmp_path / "desk", "audit.csv")}
    assert "person-1" in actors


class TestExtras:
    def test_words_come_on_request_and_go_in_again(self, tmp_path):
        passage = make_passage(exact="=the words")
        export_bundle(user=None, out=tmp_path / "without")
        export_bundle(user=None, out=tmp_path / "with", extras=[WITH_QUOTES])
        assert b"=the words" not in (tmp_path / "without" / "passages.csv").read_bytes().replace(
            b"'=the words", b""
        )
        [row] = rows_of(tmp_path / "with", "passages.csv")
        assert (row["exact"], row["prefix"]) == ("'=the words", "")
        assert import_bundle(user=None, path=tmp_path / "with").changed_anything is False
        assert Passage.objects.get() == passage

    def test_words_that_are_not_those_of_the_passage_are_refused(self, tmp_path):
        make_passage(exact="the words")
        export_bundle(user=None, out=tmp_path / "out", extras=[WITH_QUOTES])
        table = tmp_path / "out" / "passages.csv"
        table.write_text(table.read_text().replace(",,the words,,", ",,other words,,"))
        call_command("seal_bundle", str(tmp_path / "out"), skip_checks=True)
        with pytest.raises(BundleRefused, match="do not have the SHA-256"):
            import_bundle(user=None, path=tmp_path / "out")

    def test_history_is_checked_left_out_and_said(self, tmp_path, capsys):
        make_series()
        article = make_article(published=True)
        article.title = "Mended"
        save_article(user=None, article=article, based_on=1)
        correct_article(user=None, article=article, looked_at=2, kind="update", note="News.")
        call_command("export_bundle", str(tmp_path / "out"), "--audit", skip_checks=True)
        verbs = [row["verb"] for row in rows_of(tmp_path / "out", "audit.csv")]
        assert "article.published" in verbs
        assert [row["note"] for row in rows_of(tmp_path / "out", "corrections.csv")] == ["News."]
        call_command("import_bundle", str(tmp_path / "out"), skip_checks=True)
        said = capsys.readouterr().out
        assert "Left out, as history stays where it happened: audit.csv, corrections.csv" in said
        (tmp_path / "out" / "audit.csv").write_text("changed\n")
        with pytest.raises(BundleRefused, match=r"audit\.csv: It is not the file of the manifest"):
            import_bundle(user=None, path=tmp_path / "out")
