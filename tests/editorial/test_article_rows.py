"""Articles through the import of the admin: they become drafts, and readers keep what they have."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from editorial.actions import run_due_item, save_article, schedule_article, submit_article
from editorial.models import Approval, Article, AuditEntry, DueItem, Edition, ImportState, Revision
from tests.factories import make_article, make_passage, make_series, make_user
from tests.tables import confirm, numbers, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user("Editors")
    client.force_login(user)
    return user


def body() -> str:
    return f'<p>There are ten episodes.<cite data-passage="{make_passage().key}"></cite></p>'


def rows(tmp_path, *changes: dict[str, str], **columns: str) -> str:
    """The table of all articles, each with the changes to it in their order, and these columns besides."""
    out = tmp_path / f"articles-{Revision.objects.count()}-{len(changes)}.csv"
    call_command("export_table", "articles", str(out))
    given = list(csv.DictReader(io.StringIO(out.read_text())))
    new = [dict.fromkeys(given[0], "") for _more in changes[len(given) :]]
    written = io.StringIO()
    writer = csv.DictWriter(written, [*given[0], "based_on", *columns], lineterminator="\n")
    writer.writeheader()
    for row, change in zip([*given, *new], [*changes, *[{}] * len(given)], strict=False):
        writer.writerow({**row, **columns, **change})
    return written.getvalue()


def imported(client, content: str, how: str = "all"):
    done = upload(client, "articles.csv", content)
    confirm(client, done, how=how)
    done.refresh_from_db()
    assert done.state == ImportState.IMPORTED, (done.problem, done.counts, done.state)
    return done


def scheduled() -> tuple[Article, DueItem]:
    article = make_article(kind="guide", title="Old headline", body=body())
    submit_article(user=None, article=article, looked_at=None)
    later = timezone.now() + datetime.timedelta(hours=1)
    schedule_article(user=None, article=article, looked_at=None, publish_at=later)
    return article, DueItem.objects.get(article=article, verb="publish", closed_at=None)


def test_a_new_row_becomes_a_draft_with_a_revision_of_its_own(client, editor, tmp_path):
    make_article(slug="first")
    row = {"kind": "news", "language": "en", "slug": "second", "title": "The second"}
    imported(client, rows(tmp_path, {}, row))
    article = Article.objects.get(slug="second")
    assert (article.status, article.title) == ("draft", "The second")
    assert article.revisions.get().author == editor
    assert not Edition.objects.exists()
    assert client.get(article.get_absolute_url()).status_code == 404


def test_a_row_for_a_live_article_is_a_draft_over_it(client, editor, tmp_path):
    article = make_article(published=True, title="Old headline", body=body(), series=make_series())
    page = article.get_absolute_url()
    before = Edition.objects.get()
    done = imported(client, rows(tmp_path, {"title": "New headline"}))
    article.refresh_from_db()
    assert (article.status, article.title) == ("draft", "New headline")
    assert article.revisions.newest().number == 2
    assert Edition.objects.get() == before
    assert "Old headline" in client.get(page).content.decode()
    assert "New headline" not in client.get(page).content.decode()
    client.post(reverse("admin:editorial_tableimport_undo", args=[done.pk]))
    article.refresh_from_db()
    assert (article.title, article.revisions.newest().number) == ("Old headline", 3)


def test_a_row_for_a_scheduled_article_is_a_draft_over_what_is_scheduled(client, editor, tmp_path):
    article, item = scheduled()
    imported(client, rows(tmp_path, {"title": "New headline"}))
    article.refresh_from_db()
    assert (article.title, article.revisions.newest().number) == ("New headline", 2)
    assert not Edition.objects.exists()
    DueItem.objects.filter(pk=item.pk).update(due_at=timezone.now())
    item.refresh_from_db()
    run_due_item(item)
    shown = client.get(article.get_absolute_url())
    assert "New headline" not in shown.content.decode()
    assert [edition.revision.number for edition in Edition.objects.all()] == [1]
    assert "Old headline" in shown.content.decode()


def test_no_file_sets_a_status_an_approval_or_an_edition(client, editor, tmp_path):
    article = make_article(title="Old headline", body=body())
    decided = {"status": "published", "approvals": "edda", "edition": "1", "published_at": "2020-01-01"}
    content = rows(tmp_path, {"title": "New headline"}, **decided)
    done = upload(client, "articles.csv", content)
    assert done.state == ImportState.UPLOADED  # it is shown first how the columns are read
    response = client.get(reverse("admin:editorial_tableimport_mapping", args=[done.pk]))
    read = {one["column"].mapping.header: one["to"] for one in response.context["columns"]}
    offered = {value for value, _label in read["title"].field.choices}
    assert not offered & {*decided, "editions"}
    assert {read[name].value() or "" for name in decided} == {""}
    client.post(reverse("admin:editorial_tableimport_check", args=[done.pk]))
    confirm(client, done)
    article.refresh_from_db()
    assert (article.title, article.status) == ("New headline", "draft")
    assert not Edition.objects.exists()
    assert not Approval.objects.exists()
    assert not AuditEntry.objects.filter(verb="article.published").exists()


class TestLate:
    """Rows that were made from a revision which is not the newest."""

    @pytest.fixture
    def article(self, editor) -> Article:
        article = make_article(slug="late", title="Old headline", body=body())
        article.title = "The colleague's headline"
        save_article(user=None, article=article, based_on=1)
        return article

    def test_the_row_is_refused_and_its_text_kept_with_the_good_rows(self, client, editor, article, tmp_path):
        row = {"kind": "news", "language": "en", "slug": "second", "title": "The second"}
        content = rows(tmp_path, {"title": "My headline", "based_on": "1"}, row)
        found = upload(client, "articles.csv", content)
        assert numbers(found) == (1, 0, 0, 1)
        page = client.get(reverse("admin:editorial_tableimport_change", args=[found.pk])).content.decode()
        assert "its newest revision is 2" in page
        assert "1 text of an article came too late" in page
        assert not Revision.objects.filter(is_stray=True).exists()
        page = confirm(client, found, how="good").content.decode()
        assert "kept as a revision that nobody publishes" in page
        stray = Revision.objects.get(is_stray=True)
        assert (stray.article, stray.author, stray.based_on.number) == (article, editor, 1)
        assert stray.content["title"] == "My headline"
        article.refresh_from_db()
        assert article.title == "The colleague's headline"
        assert Article.objects.get(slug="second").status == "draft"

    def test_a_text_that_came_too_late_alone_is_kept_all_the_same(self, client, article, tmp_path):
        found = upload(client, "articles.csv", rows(tmp_path, {"title": "My headline", "based_on": "1"}))
        assert "Rows are refused" in confirm(client, found, how="all").content.decode()
        assert not Revision.objects.filter(is_stray=True).exists()
        page = client.get(reverse("admin:editorial_tableimport_change", args=[found.pk])).content.decode()
        assert "Keep the text that came too late" in page
        confirm(client, found, how="good")
        assert Revision.objects.get(is_stray=True).content["title"] == "My headline"
        article.refresh_from_db()
        assert article.title == "The colleague's headline"

    def test_a_row_made_from_the_newest_is_taken(self, client, article, tmp_path):
        imported(client, rows(tmp_path, {"title": "My headline", "based_on": "2"}))
        article.refresh_from_db()
        assert (article.title, article.revisions.newest().number) == ("My headline", 3)
