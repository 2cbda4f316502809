import datetime
import io
import json
import tracemalloc
import zipfile
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from catalog.capture import sha256_of
from catalog.models import Citation, Passage, Person, Photo, Season, Series
from editorial import bundles
from editorial.actions import (
    StaleArticle,
    approve_article,
    archive_article,
    problems_of,
    publish_article,
    retract_article,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
)
from editorial.bundles import MANIFEST, BundleRefused, seal
from editorial.imports import import_bundle
from editorial.models import Article, AuditEntry, Contributor, Revision
from editorial.resources import ArticleResource, ContributorResource
from tests.factories import make_snapshot, make_source, make_stage, make_user

pytestmark = pytest.mark.django_db

WORDS = "Season two arrives in February."
BODY = '<p>It arrives in February.<cite data-passage="report#1"></cite></p>'
HASH = sha256_of(WORDS)

FILES = {
    "series.csv": (
        "slug,title,original_language,network,production_company,premiere,relation,companion_to,summary\n"
        "narcos,Narcos,,,,,,,\n"
    ),
    "seasons.csv": (
        "series,number,premiere,episode_count,episode_count_is_minimum,status,renewed,filming_start,filming_end\n"
        "narcos,2,2020-02,,no,upcoming,,,\n"
    ),
    "people.csv": 'slug,name,sort_name\ndiego-luna,Diego Luna,"Luna, Diego"\n',
    "sources.csv": (
        "slug,title,publisher,author,published,language,url,kind,derives_from,quote_limit\n"
        "report,A report,,,,en,,article,,\n"
    ),
    "snapshots.csv": (
        f"source,sha256,length,captured_at,method\nreport,{HASH},{len(WORDS)},2024-05-01T10:00:00Z,file\n"
    ),
    "passages.csv": (
        "source,number,snapshot,start,end,sha256,excerpt\n"
        f"report,1,{HASH},22,30,{sha256_of('February')},February\n"
    ),
    "citations.csv": (
        "passage,about_type,about,field,stance,says,checked_value\n"
        "report#1,season,narcos/2,premiere,supports,February,2020-02\n"
    ),
    "contributors.csv": "slug,name,role,biography,portrait\nanna,Anna,Editor,,\nben,Ben,,,\n",
    "photos.csv": "slug,file,alt,caption,credit,rights_until,gives_away\nridge,ridge.webp,A ridge.,,Ibid,,\n",
    "articles.csv": (
        "kind,language,slug,title,spoiler_free_title,standfirst,series,season,spoils_through,photo,"
        "contributors,review_by,translation_of\n"
        "news,de,bald,Bald geht es los,,Kurz.,narcos,2,2,,anna,,en/soon\n"
        "news,en,soon,Soon,,In short.,narcos,2,,ridge,ben|anna,2026-01-31,\n"
    ),
    "articles/de/bald.html": '<p>Im Februar geht es los.<cite data-passage="report#1"></cite></p>',
    "articles/en/soon.html": BODY,
}


def picture() -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(raw, "PNG")
    return raw.getvalue()


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def folder(tmp_path):
    """A whole, sealed bundle with every kind of file."""
    folder = tmp_path / "bundle"
    write(folder, {**FILES, "photos/ridge.webp": picture()})
    seal(folder)
    return folder


def zipped(folder, path, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + file.relative_to(folder).as_posix())
    return path


def take(path, **options):
    return import_bundle(user=None, path=path, **options)


def refusals(path) -> str:
    with pytest.raises(BundleRefused) as refused:
        take(path)
    return str(refused.value)


def nothing_is_here() -> bool:
    models = (Series, Person, Photo, Article, Contributor, AuditEntry)
    return not any(model.objects.exists() for model in models)


def very_soon(folder):
    """The bundle with another headline for “soon”."""
    write(folder, {"articles.csv": FILES["articles.csv"].replace("Soon", "Very soon")})
    seal(folder)
    return folder


def retract(*, user, article, looked_at):
    publish_article(user=user, article=article)
    retract_article(user=user, article=article, looked_at=looked_at, reason="It was never so.")


@pytest.fixture
def soon(folder):
    """The article that the bundle brings, with a text that can go out as it is."""
    write(folder, {"articles/en/soon.html": '<p data-not-a-claim="opinion">We are waiting.</p>'})
    seal(folder)
    take(folder)
    return Article.objects.get(slug="soon")


class TestTakingIn:
    def test_everything_of_a_bundle_is_there_afterwards(self, folder):
        imported = take(folder)
        assert {name: result.new for name, result in imported.tables.items()} == {
            name: (2 if name in {"contributors.csv", "articles.csv"} else 1)
            for name in FILES
            if name.endswith(".csv")
        }
        citation = Citation.objects.get()
        assert citation.target == Season.objects.get()
        assert citation.passage.key == "report#1"
        assert citation.passage.state == "unattached"

    def test_article_is_saved_as_a_draft_with_a_revision_and_its_byline_in_order(self, folder):
        take(folder)
        article = Article.objects.get(slug="soon")
        assert (article.body, article.status) == (BODY, "draft")
        assert (article.season, article.photo) == (Season.objects.get(), Photo.objects.get())
        revision = article.revisions.get()
        assert revision.number == 1
        assert revision.content["contributors"] == ["ben", "anna"]
        assert Article.objects.get(slug="bald").translation_of == article

    def test_what_a_body_names_and_is_not_here_keeps_it_from_readers_and_not_out(self, folder):
        names = ('photo" data-photo="gone', 'timeline" data-season="x/1', 'photo" data-photo="ridge')
        body = BODY + "".join(f'<div data-embed="{name}"></div>' for name in names)
        write(folder, {"articles/en/soon.html": body})
        seal(folder)
        take(folder)
        article = Article.objects.get(slug="soon")
        problems = [(problem.code, problem.where) for problem in problems_of(article)]
        assert problems == [("unknown-photo", "photo gone"), ("unknown-embed", "timeline x/1")]

    def test_second_time_changes_nothing_and_says_so(self, folder):
        out = StringIO()
        call_command("import_bundle", str(folder), stdout=out, skip_checks=True)
        assert "Nothing changed" not in out.getvalue()
        entries, revisions = AuditEntry.objects.count(), Revision.objects.count()
        out = StringIO()
        call_command("import_bundle", str(folder), stdout=out, skip_checks=True)
        assert "Nothing changed: all of it is here already." in out.getvalue()
        assert out.getvalue().splitlines()[1].split() == ["series.csv", "0", "0", "1"]
        assert (AuditEntry.objects.count(), Revision.objects.count()) == (entries, revisions)

    def test_changed_body_and_byline_become_the_next_revision(self, folder):
        take(folder)
        write(folder, {"articles/en/soon.html": BODY.replace("It arrives", "The season arrives")})
        text = FILES["articles.csv"].replace("ben|anna", "anna|ben")
        write(folder, {"articles.csv": text})
        seal(folder)
        result = take(folder).tables["articles.csv"]
        assert (result.new, result.changed, result.same) == (0, 1, 1)
        article = Article.objects.get(slug="soon")
        newest = article.revisions.first()
        assert (newest.number, newest.based_on.number) == (2, 1)
        assert newest.content["contributors"] == ["anna", "ben"]
        assert "The season arrives" in newest.content["body"]

    def test_body_is_sanitised(self, folder):
        write(folder, {"articles/en/soon.html": BODY + "<script>alert(1)</script>"})
        seal(folder)
        take(folder)
        assert "script" not in Article.objects.get(slug="soon").body
        assert not take(folder).changed_anything

    def test_import_is_in_the_audit_log_with_counts_and_manifest(self, folder):
        take(folder)
        entry = AuditEntry.objects.get(verb="bundle.imported")
        assert entry.data["manifest"] == sha256_of((folder / MANIFEST).read_text())
        assert entry.data["tables"]["articles.csv"] == {"new": 2, "changed": 0, "same": 0}

    def test_dry_run_says_the_same_and_writes_nothing(self, folder, settings):
        out = StringIO()
        call_command("import_bundle", str(folder), "--dry-run", stdout=out, skip_checks=True)
        assert "This was a dry run" in out.getvalue()
        assert nothing_is_here()
        assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))
        dry = take(folder, dry_run=True)
        assert dry == take(folder)

    def test_passages_are_verified_where_the_text_is_here(self, folder):
        make_snapshot(make_source(slug="report"), WORDS)
        take(folder)
        assert Passage.objects.get().state == "verified"

    def test_bundle_may_bring_only_some_tables(self, tmp_path):
        write(tmp_path, {"people.csv": FILES["people.csv"]})
        seal(tmp_path)
        assert list(take(tmp_path).tables) == ["people.csv"]
        assert Person.objects.get().name == "Diego Luna"

    @pytest.mark.parametrize("prefix", ["", "my bundle/"])
    def test_zip_of_the_files_or_of_their_folder_is_taken(self, folder, tmp_path, prefix):
        take(zipped(folder, tmp_path / "bundle.zip", prefix))
        assert Article.objects.count() == 2

    def test_other_files_in_the_folder_do_not_matter(self, folder):
        write(folder, {"README.md": "Hello", ".DS_Store": b"\0", "photos/.hidden": b"\0"})
        assert take(folder).changed_anything

    def test_tables_of_articles_and_contributors_come_out_as_they_went_in(self, folder):
        take(folder)
        assert ArticleResource().export().csv == FILES["articles.csv"]
        assert ContributorResource().export().csv == FILES["contributors.csv"]

    def test_number_of_queries_does_not_grow_with_the_rows(self, tmp_path, django_assert_num_queries):
        def bundle(name, rows):
            people = "".join(f"{name}-{number},Name,Name\n" for number in range(rows))
            write(tmp_path / name, {"people.csv": "slug,name,sort_name\n" + people})
            seal(tmp_path / name)
            return tmp_path / name

        few, many = bundle("few", 3), bundle("many", 60)
        take(bundle("first", 1))
        with django_assert_num_queries(15):
            take(few)
        with django_assert_num_queries(15):
            take(many)


class TestDemoNewsroom:
    def test_it_is_imported_in_few_queries(self, settings, django_assert_max_num_queries):
        with django_assert_max_num_queries(320):
            imported = take(settings.BASE_DIR / "fixtures" / "demo")
        assert sum(result.new for result in imported.tables.values()) > 1000

    @pytest.mark.seeds
    def test_every_passage_is_verified_with_the_seed_documents(self, settings, seeds):
        take(settings.BASE_DIR / "fixtures" / "demo")
        call_command("attach_sources", *map(str, seeds.values()), stdout=StringIO(), skip_checks=True)
        assert set(Passage.objects.values_list("state", flat=True)) == {"verified"}


class TestAllOrNothing:
    def test_every_problem_of_every_table_is_told_and_nothing_is_written(self, folder, settings):
        write(
            folder,
            {
                "seasons.csv": FILES["seasons.csv"].replace("2020-02", "2020-13"),
                "citations.csv": FILES["citations.csv"].replace("report#1", "report#7"),
                "articles.csv": FILES["articles.csv"].replace("ben|anna", "ben|carla"),
            },
        )
        seal(folder)
        text = refusals(folder)
        assert "seasons.csv, line 2, premiere “2020-13”: " in text
        assert "citations.csv, line 2, passage “report#7”: passage “report#7” is not known" in text
        assert "articles.csv, line 3, contributors “ben|carla”: contributor “carla” is not known" in text
        assert len(text.splitlines()) == 3
        assert nothing_is_here()
        assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))

    def test_row_that_only_the_database_refuses_is_told_beside_later_problems(self, folder):
        write(
            folder,
            {
                "series.csv": FILES["series.csv"].replace(",,,,,,,", ",,,,,remake,,"),
                "articles.csv": FILES["articles.csv"].replace("news,en", "gossip,en"),
            },
        )
        seal(folder)
        text = refusals(folder)
        assert "series.csv, line 2: Name both the related series and the relation, or neither." in text
        assert "articles.csv, line 3, kind “gossip”" in text
        assert len(text.splitlines()) == 2
        assert nothing_is_here()

    def test_stored_pictures_go_when_a_later_table_fails(self, folder, settings):
        write(folder, {"articles.csv": FILES["articles.csv"].replace("ben|anna", "carla")})
        seal(folder)
        refusals(folder)
        assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))

    def test_unreadable_table_is_told_before_any_row_is_looked_at(self, folder):
        write(folder, {"series.csv": FILES["series.csv"].replace("slug,", "slugg,")})
        seal(folder)
        (line,) = refusals(folder).splitlines()
        assert line.startswith("series.csv, line 1: Columns are missing: slug.")

    def test_article_without_its_text_and_text_without_its_row_are_refused(self, folder):
        (folder / "articles/en/soon.html").rename(folder / "articles/en/sooner.html")
        write(folder, {"photos/extra.webp": picture()})
        seal(folder)
        text = refusals(folder)
        assert "articles/en/sooner.html: No row of articles.csv names it." in text
        assert "photos/extra.webp: No row of photos.csv names it." in text
        (folder / "articles/en/sooner.html").unlink()
        (folder / "photos/extra.webp").unlink()
        seal(folder)
        assert "articles.csv, line 3, slug “soon”: Its text, articles/en/soon.html" in refusals(folder)

    def test_translations_of_each_other_are_refused(self, folder):
        write(folder, {"articles.csv": FILES["articles.csv"].replace("31,\n", "31,de/bald\n")})
        seal(folder)
        assert "One must be the original" in refusals(folder)
        assert nothing_is_here()

    def test_row_for_a_published_article_is_a_draft_over_it(self, folder, soon):
        publish_article(user=None, article=soon)
        edition = soon.editions.live().get()
        take(very_soon(folder))
        soon.refresh_from_db()
        assert (soon.status, soon.title) == ("draft", "Very soon")
        assert soon.editions.live().get() == edition
        assert edition.revision.content["title"] == "Soon"

    def test_row_for_a_scheduled_article_is_a_draft_over_what_goes_out(self, folder, soon):
        in_an_hour = timezone.now() + datetime.timedelta(hours=1)
        item = schedule_article(user=None, article=soon, looked_at=1, publish_at=in_an_hour)
        take(very_soon(folder))
        soon.refresh_from_db()
        assert (soon.status, soon.title) == ("scheduled", "Very soon")
        item.refresh_from_db()
        assert (item.revision.number, item.closed_at) == (1, None)
        run_due_item(item)
        assert soon.editions.live().get().revision.content["title"] == "Soon"
        assert Article.objects.get(pk=soon.pk).status == "draft"

    @pytest.mark.parametrize("approved", [False, True], ids=["in review", "approved"])
    def test_row_for_an_article_under_review_puts_its_approvals_in_doubt(self, folder, soon, approved):
        editor = make_user("Editors")
        make_stage(kind="news")
        step = submit_article(user=None, article=soon, looked_at=1).steps.get()
        if approved:
            approve_article(user=editor, article=soon, step=step, looked_at=1)
        take(very_soon(folder))
        soon.refresh_from_db()
        assert soon.status == "in review"
        with pytest.raises(StaleArticle):
            approve_article(user=editor, article=soon, step=step, looked_at=1)

    @pytest.mark.parametrize("close", [archive_article, retract], ids=["archived", "retracted"])
    def test_row_for_a_closed_article_writes_nothing(self, folder, soon, close):
        close(user=None, article=soon, looked_at=1)
        with pytest.raises(BundleRefused, match=rf"line 3.*It is: {soon.status}"):
            take(very_soon(folder))
        assert soon.revisions.count() == 1

    def test_row_for_an_archived_article_is_refused_with_its_line(self, folder):
        take(folder)
        Article.objects.filter(slug="soon").update(status="archived")
        write(folder, {"articles.csv": FILES["articles.csv"].replace("Soon", "Very soon")})
        seal(folder)
        with pytest.raises(BundleRefused, match=r"articles\.csv, line 3.*It is: archived"):
            take(folder)
        assert Article.objects.get(slug="soon").title == "Soon"

    def test_command_lists_the_problems_and_exits_1(self, folder):
        write(folder, {"people.csv": FILES["people.csv"].replace("diego-luna", "diego luna")})
        seal(folder)
        with pytest.raises(CommandError) as error:
            call_command("import_bundle", str(folder), skip_checks=True)
        assert "people.csv, line 2, slug “diego luna”" in str(error.value)
        assert "Nothing was imported: 1 problem." in str(error.value)
        assert error.value.returncode == 1

    def test_writer_may_not_import(self, folder):
        with pytest.raises(PermissionDenied):
            import_bundle(user=make_user("Writers"), path=folder)
        assert not Series.objects.exists()

    def test_administrator_may_import_and_is_named(self, folder):
        user = make_user(is_superuser=True)
        import_bundle(user=user, path=folder)
        assert AuditEntry.objects.get(verb="bundle.imported").actor == user
        assert Revision.objects.filter(author=user).count() == 2


def based_on(number: object, **changes: str) -> str:
    """articles.csv with the column `based_on`; the row of “soon” has `number` there."""
    table = FILES["articles.csv"]
    for old, new in changes.items():
        table = table.replace(old, new)
    header, german, english, _end = table.split("\n")
    return f"{header},based_on\n{german},\n{english},{number}\n"


class TestComingTooLate:
    """Rows that say which revision they were made from."""

    @pytest.fixture
    def moved_on(self, folder):
        """The bundle is here, and somebody has saved “soon” since, as revision 2."""
        take(folder)
        article = Article.objects.get(slug="soon")
        article.title = "Soon says somebody else"
        save_article(user=None, article=article, based_on=1)
        return article

    def test_late_row_is_refused_with_its_place_and_its_text_is_kept(self, folder, moved_on, settings):
        write(
            folder,
            {
                "articles.csv": based_on(1, Soon="Very soon", Bald="Sehr bald"),
                "people.csv": FILES["people.csv"].replace("Diego Luna", "Somebody"),
            },
        )
        seal(folder)
        with pytest.raises(CommandError) as error:
            call_command("import_bundle", str(folder), skip_checks=True)
        assert error.value.returncode == 1
        text = str(error.value)
        assert "articles.csv, line 3, based_on “1”: Somebody has saved this article since" in text
        assert "its newest revision is 2. Bring the two texts together and write 2 here." in text
        assert "The text of this row is kept as revision 3" in text
        # Nothing else of the bundle is here.
        assert Person.objects.get().name == "Diego Luna"
        assert Article.objects.get(slug="bald").revisions.count() == 1
        moved_on.refresh_from_db()
        assert moved_on.title == "Soon says somebody else"
        stray = moved_on.revisions.get(is_stray=True)
        assert (stray.number, stray.based_on.number) == (3, 1)
        assert (stray.content["title"], stray.content["contributors"]) == ("Very soon", ["ben", "anna"])
        assert AuditEntry.objects.filter(verb="article.stray_kept").count() == 1

    def test_tried_again_it_is_kept_once(self, folder, moved_on):
        write(folder, {"articles.csv": based_on(1, Soon="Very soon")})
        seal(folder)
        assert refusals(folder) == refusals(folder)
        assert moved_on.revisions.filter(is_stray=True).count() == 1

    def test_dry_run_tells_it_and_keeps_nothing(self, folder, moved_on):
        write(folder, {"articles.csv": based_on(1, Soon="Very soon")})
        seal(folder)
        with pytest.raises(BundleRefused, match="its newest revision is 2"):
            take(folder, dry_run=True)
        assert not Revision.objects.filter(is_stray=True).exists()

    @pytest.mark.parametrize("number", [2, ""])
    def test_row_made_from_the_newest_or_without_a_number_is_taken(self, folder, moved_on, number):
        write(folder, {"articles.csv": based_on(number, Soon="Very soon")})
        seal(folder)
        take(folder)
        moved_on.refresh_from_db()
        assert moved_on.title == "Very soon"

    def test_row_that_says_nothing_new_is_never_too_late(self, folder, moved_on):
        write(folder, {"articles.csv": based_on(1, Soon="Soon says somebody else")})
        seal(folder)
        assert not take(folder).changed_anything

    def test_article_that_is_not_here_is_made_whatever_its_row_was_made_from(self, folder):
        write(folder, {"articles.csv": based_on(7)})
        seal(folder)
        take(folder)
        assert Article.objects.get(slug="soon").revisions.newest().number == 1

    def test_what_is_no_number_is_told(self, folder, moved_on):
        write(folder, {"articles.csv": based_on("two", Soon="Very soon")})
        seal(folder)
        assert "articles.csv, line 3, based_on “two”: Give the number of a revision" in refusals(folder)

    def test_column_given_twice_is_refused(self, folder):
        table = (
            based_on(1)
            .replace("based_on", "based_on,based_on")
            .replace(",\n", ",,\n")
            .replace(",1\n", ",1,1\n")
        )
        write(folder, {"articles.csv": table})
        seal(folder)
        assert "articles.csv, line 1:" in refusals(folder)

    def test_somebody_saving_while_the_file_is_read_is_told_and_the_text_kept(self, folder, monkeypatch):
        take(folder)

        def overtaken(*, article, **arguments):
            monkeypatch.undo()
            raise StaleArticle(article.revisions.newest())

        monkeypatch.setattr("editorial.resources.save_article", overtaken)
        write(folder, {"articles.csv": FILES["articles.csv"].replace("Soon", "Very soon")})
        seal(folder)
        text = refusals(folder)
        assert "articles.csv, line 3: Somebody saved this article while the file was read." in text
        assert Revision.objects.get(is_stray=True).content["title"] == "Very soon"


class TestManifest:
    def test_changed_missing_and_further_files_are_all_named(self, folder):
        write(folder, {"people.csv": FILES["people.csv"] + "x,X,X\n", "crew.csv": "series\n"})
        (folder / "articles/de/bald.html").unlink()
        text = refusals(folder)
        assert "people.csv: It is not the file of the manifest. If you changed the folder yourself" in text
        assert "crew.csv: The manifest does not name it." in text
        assert "articles/de/bald.html: The manifest names it, but it is not there." in text
        assert nothing_is_here()

    def test_wrong_number_of_rows_is_refused(self, folder):
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["files"]["people.csv"]["rows"] = 2
        (folder / MANIFEST).write_text(json.dumps(manifest))
        assert "people.csv: Its rows are not as many" in refusals(folder)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("{", "cannot be read"),
            ("[]", "cannot be read"),
            (
                '{"format": "ibid-bundle", "version": 3, "files": {}}',
                "format version 3; this Ibid reads versions 1 to 2",
            ),
            ('{"format": "other", "version": 1, "files": {}}', "not a bundle of Ibid"),
            (
                '{"format": "ibid-bundle", "version": 1, "files": {"../x.csv": {}}}',
                "../x.csv: A bundle has no such",
            ),
            (None, "It is missing"),
        ],
    )
    def test_manifest_that_is_none_is_refused(self, folder, content, words):
        (folder / MANIFEST).unlink()
        if content is not None:
            (folder / MANIFEST).write_text(content)
        assert words in refusals(folder)

    def test_sealing_writes_the_same_bytes_again(self, folder):
        before = (folder / MANIFEST).read_bytes()
        out = StringIO()
        call_command("seal_bundle", str(folder), stdout=out, skip_checks=True)
        assert (folder / MANIFEST).read_bytes() == before
        manifest = json.loads(before)
        assert list(manifest["files"]) == sorted(manifest["files"])
        assert manifest["files"]["contributors.csv"]["rows"] == 2
        assert before.endswith(b"}\n")
        assert "13 files" in out.getvalue()

    def test_sealing_refuses_what_is_no_table_and_no_folder(self, folder, tmp_path):
        write(folder, {"people.csv": 'slug,name\n"a,b\n'})
        for path in (folder, tmp_path / "nowhere"):
            with pytest.raises(CommandError):
                call_command("seal_bundle", str(path), skip_checks=True)


class TestUnsafeFiles:
    @pytest.mark.parametrize("name", ["../people.csv", "/people.csv", "..\\people.csv", "a/../../people.csv"])
    def test_ways_out_of_a_zip_are_refused(self, folder, tmp_path, name):
        path = zipped(folder, tmp_path / "bundle.zip")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, "x")
        assert "not safe to read" in refusals(path)

    @pytest.mark.parametrize("packed", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
    def test_other_ways_of_packing_are_refused_before_anything_is_unpacked(self, folder, tmp_path, packed):
        path = zipped(folder, tmp_path / "bundle.zip")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("photos/other.webp", "x" * 1000, packed)
            place = archive.infolist()[-1].header_offset
        raw = path.read_bytes()
        path.write_bytes(raw[: place + 60] + b"damaged" + raw[place + 67 :])
        assert "not safe to read" in refusals(path)

    def test_link_in_a_zip_is_refused(self, folder, tmp_path):
        path = zipped(folder, tmp_path / "bundle.zip")
        link = zipfile.ZipInfo("photos/link.webp")
        link.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(link, "/etc/passwd")
        assert "not safe to read" in refusals(path)

    def test_link_out_of_a_folder_is_refused(self, folder, tmp_path):
        (tmp_path / "outside.webp").write_bytes(picture())
        (folder / "photos/link.webp").symlink_to(tmp_path / "outside.webp")
        assert "photos/link.webp: It is not a file of this folder." in refusals(folder)

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_file_that_a_zip_holds_twice_is_refused(self, folder, tmp_path):
        path = zipped(folder, tmp_path / "bundle.zip")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("people.csv", FILES["people.csv"])
        assert "people.csv: The zip file holds it twice." in refusals(path)

    @pytest.mark.parametrize(("limit", "value"), [("MAX_BYTES", 1000), ("MAX_FILES", 5)])
    def test_bundle_that_unpacks_too_large_is_refused_before_it_is_read(
        self, folder, tmp_path, monkeypatch, limit, value
    ):
        path = zipped(folder, tmp_path / "bundle.zip")
        monkeypatch.setattr(bundles, limit, value)
        assert "too large" in refusals(path)
        assert "too large" in refusals(folder)

    def test_damaged_file_in_a_zip_is_refused(self, folder, tmp_path):
        path = zipped(folder, tmp_path / "bundle.zip")
        path.write_bytes(path.read_bytes().replace(b"Diego Luna", b"Diego Lune", 1))
        assert "Copy it again" in refusals(path)

    def test_broken_zip_and_missing_path_are_refused(self, tmp_path):
        (tmp_path / "bundle.zip").write_bytes(b"PK\x03\x04 and then nothing")
        assert "neither a folder nor a whole zip" in refusals(tmp_path / "bundle.zip")
        assert "no such folder or file" in refusals(tmp_path / "nowhere")


def test_a_large_table_is_not_held_in_memory_to_be_checked(tmp_path):
    folder = tmp_path / "bundle"
    row = "a" * 90 + "," + "b" * 900 + ",\n"
    write(folder, {"people.csv": "slug,name,sort_name\n" + 8_000 * row})
    seal(folder)
    with bundles.open_bundle(zipped(folder, tmp_path / "bundle.zip")) as bundle:
        bundle.rows()
        tracemalloc.start()
        try:
            bundle.manifest()
            with bundle.open_table("people.csv") as table:
                assert table.readline() == b"slug,name,sort_name\n"
            assert tracemalloc.get_traced_memory()[1] < (folder / "people.csv").stat().st_size / 8
        finally:
            tracemalloc.stop()


def test_an_import_tells_how_far_it_is_and_what_stops_it_leaves_nothing(folder):
    told = []
    take(folder, dry_run=True, watch=told.append)
    with bundles.open_bundle(folder) as bundle:
        assert told[-1] == bundle.rows() == 12
    assert told == sorted(told)

    class Stopped(Exception):
        pass

    def stop(rows):
        if rows == 12:
            raise Stopped

    with pytest.raises(Stopped):
        take(folder, watch=stop)
    assert nothing_is_here()
    assert not default_storage.exists("photos") or default_storage.listdir("photos")[1] == []
