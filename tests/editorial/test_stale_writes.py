"""What comes too late writes nothing, shows both texts, and loses neither."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.actions import (
    archive_article,
    correct_article,
    publish_article,
    retract_article,
    save_article,
    schedule_article,
    submit_article,
)
from editorial.models import Approval, Article, AuditEntry, Autosave, DueItem, Edition, Revision
from tests import factories as make
from tests.forms import form_data
from tests.processes import output, start

pytestmark = pytest.mark.django_db


def page(article: Article, name: str = "change") -> str:
    return reverse(f"admin:editorial_article_{name}", args=[article.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def forms_of(client, article: Article, name: str = "change", form: str = "article_form") -> dict:
    return form_data(client.get(page(article, name)), form)


def overtake(article: Article, **fields) -> Revision:
    """Somebody else saves meanwhile."""
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    colleague = make.make_user("Editors", username="cora")
    return save_article(user=colleague, article=article, based_on=article.revisions.newest().number)


@pytest.fixture
def editor(client):
    user = make.make_user("Editors", username="edda")
    client.force_login(user)
    return user


class TestSteps:
    """Publishing, scheduling, approving with a text that is not the newest any more."""

    def test_a_stale_publication_is_refused_with_both_texts_side_by_side(self, client, editor):
        article = make.make_article(title="The old headline")
        data = forms_of(client, article, "workflow", "publish_form")
        overtake(article, title="The new headline")
        response = client.post(page(article, "workflow"), data)
        assert response.status_code == 409
        assert not Edition.objects.exists()
        text = text_of(response)
        assert "Nothing was done: cora has saved revision 2" in text
        assert "Revision 1, which you looked at" in text
        assert "Revision 2, the text now" in text
        assert "<del>old</del>" in text
        assert "<ins>new</ins>" in text
        # Having seen it, they may publish it.
        assert client.post(page(article, "workflow"), form_data(response, "publish_form")).status_code == 302
        assert Edition.objects.get().revision.number == 2

    def test_a_stale_schedule_is_refused_and_keeps_the_times_that_were_typed(self, client, editor):
        article = make.make_article(kind="news")
        data = forms_of(client, article, "workflow", "schedule_form")
        data |= {"publish_at": "2099-01-02T10:00", "expire_at": "2099-02-03T11:00"}
        overtake(article, title="Another")
        response = client.post(page(article, "workflow"), data)
        assert response.status_code == 409
        assert not DueItem.objects.filter(verb="publish").exists()
        kept = form_data(response, "schedule_form")
        assert (kept["publish_at"], kept["expire_at"]) == ("2099-01-02T10:00", "2099-02-03T11:00")
        assert kept["revision"] == "2"
        assert client.post(page(article, "workflow"), kept).status_code == 302

    def test_a_stale_approval_is_refused_and_keeps_its_comment(self, client, editor):
        make.make_stage(group="Editors")
        article = make.make_article()
        submit_article(user=None, article=article, looked_at=1)
        data = forms_of(client, article, "workflow", "approve_form") | {"comment": "All holds."}
        overtake(article, standfirst="Something else.")
        response = client.post(page(article, "workflow"), data)
        assert response.status_code == 409
        assert not Approval.objects.exists()
        kept = form_data(response, "approve_form")
        assert (kept["comment"], kept["revision"]) == ("All holds.", "2")
        assert "Revision 1, which you looked at" in text_of(response)

    def test_what_was_typed_for_a_step_that_is_closed_by_now_is_shown(self, client, editor):
        """A correction of an approved text, which a save meanwhile has put back into its review."""
        make.make_stage(kind="news", group="Fact-checkers")
        article = make.make_article(kind="news")
        publish = {"verb": "correct", "kind": "correction", "note": "The date was wrong.", "revision": "1"}
        overtake(article, title="Another")
        response = client.post(page(article, "workflow"), publish)
        assert response.status_code == 409
        assert "The date was wrong." in text_of(response)
        assert not Edition.objects.exists()

    def test_a_restoration_into_a_closed_article_is_refused_with_the_reason(self, client, editor):
        article = make.make_article()
        overtake(article, title="Another")
        archive_article(user=None, article=article, looked_at=2)
        response = client.post(page(article, "revisions"), {"restore": "1", "revision": "2"})
        assert response.status_code == 409
        assert "It is: archived." in text_of(response)
        assert article.revisions.count() == 2

    def test_as_many_queries_with_thirty_revisions_as_with_three(self, client, editor):
        counts = []
        for number in (3, 30):
            article = make.make_article(kind="news")
            for turn in range(number):
                article.title = f"Title {turn}"
                save_article(user=editor, article=article, based_on=turn + 1)
            data = {"verb": "publish", "revision": "1"}
            client.post(page(article, "workflow"), data)
            with CaptureQueriesContext(connection) as queries:
                assert client.post(page(article, "workflow"), data).status_code == 409
            counts.append(len(queries))
        assert counts[0] == counts[1]


def archived(article: Article) -> None:
    archive_article(user=None, article=article, looked_at=None)


def retracted(article: Article) -> None:
    publish_article(user=None, article=article)
    retract_article(user=None, article=article, looked_at=None, reason="Nobody had said it.")


class TestSaves:
    """A save into an article that was closed while its text was being written."""

    @pytest.mark.parametrize("close", [archived, retracted])
    def test_a_save_into_a_closed_article_is_refused_and_keeps_the_text_once(self, client, editor, close):
        article = make.make_article(contributors=(make.make_contributor(slug="anna"),))
        mine = forms_of(client, article) | {"body": "<p>My words.</p>", "title": "My title"}
        close(article)
        for _ in range(2):
            response = client.post(page(article), mine)
            assert response.status_code == 409
        before = article.title
        article.refresh_from_db()
        assert article.title == before
        assert article.status in ("archived", "retracted")
        stray = article.revisions.get(is_stray=True)
        assert (stray.content["body"], stray.content["contributors"]) == ("<p>My words.</p>", ["anna"])
        assert stray.author == editor
        text = text_of(response)
        assert f"This article was closed since you opened it, and is now: {article.status}." in text
        assert f"kept as revision {stray.number}" in text
        assert "<ins>My" in text
        kept = form_data(response, "article_form")
        assert (kept["body"], kept["title"]) == ("<p>My words.</p>", "My title")
        assert AuditEntry.objects.filter(verb="article.stray_kept").count() == 1

    def test_a_writer_keeps_their_own_text_and_nobody_elses(self, client):
        writer = make.make_user("Writers")
        client.force_login(writer)
        own, other = make.make_article(author=writer), make.make_article()
        mine = forms_of(client, own) | {"title": "My title"}
        for article in (own, other):
            archived(article)
        assert client.post(page(own), mine).status_code == 409
        assert client.post(page(other), mine).status_code == 403
        assert [one.article for one in Revision.objects.filter(is_stray=True)] == [own]

    def test_a_closed_article_is_still_only_read_when_it_is_opened(self, client, editor):
        article = make.make_article()
        archived(article)
        text = text_of(client.get(page(article)))
        assert 'name="body"' not in text
        assert 'name="_save"' not in text

    def test_a_text_that_is_kept_can_be_restored_once_the_article_is_open_again(self, client, editor):
        article = make.make_article()
        mine = forms_of(client, article) | {"title": "My title"}
        archived(article)
        client.post(page(article), mine)
        client.post(page(article, "workflow"), forms_of(client, article, "workflow", "reopen_form"))
        client.post(page(article, "revisions"), {"restore": "2", "revision": "1"})
        article.refresh_from_db()
        assert (article.title, article.status) == ("My title", "draft")


def live(article: Article) -> None:
    publish_article(user=None, article=article)


def approved(article: Article) -> None:
    submit_article(user=None, article=article, looked_at=1)


def scheduled(article: Article) -> None:
    approved(article)
    in_a_year = timezone.now() + datetime.timedelta(days=365)
    schedule_article(user=None, article=article, looked_at=1, publish_at=in_a_year, expire_at=None)


def cited(article: Article) -> None:
    """Its edition is what a correction speaks of."""
    live(article)
    article.title = "Corrected"
    save_article(user=None, article=article, based_on=1)
    correct_article(user=None, article=article, looked_at=2, kind="correction", note="The date was wrong.")


class TestOldTabs:
    """An autosave of a tab that was opened long ago."""

    @pytest.mark.parametrize("bring", [live, approved, scheduled, cited, archived, retracted])
    def test_an_old_autosave_touches_no_revision_whatever_became_of_it(self, client, editor, bring):
        article = make.make_article()
        bring(article)
        everything = {
            "revisions": list(Revision.objects.order_by("pk").values()),
            "editions": list(Edition.objects.order_by("pk").values()),
            "article": Article.objects.values("title", "body", "status").get(),
            "due": list(DueItem.objects.values()),
        }
        address = reverse("admin:editorial_article_autosave") + f"?article={article.pk}"
        data = {"based_on": 1, "content": {"title": "Old tab", "body": "<p>Old words.</p>"}}
        response = client.post(address, data, content_type="application/json")
        closed = bring in (archived, retracted)
        assert response.status_code == (403 if closed else 200)
        assert Autosave.objects.count() == (0 if closed else 1)
        assert everything == {
            "revisions": list(Revision.objects.order_by("pk").values()),
            "editions": list(Edition.objects.order_by("pk").values()),
            "article": Article.objects.values("title", "body", "status").get(),
            "due": list(DueItem.objects.values()),
        }

    @pytest.mark.parametrize("bring", [live, approved, scheduled, cited])
    def test_what_readers_have_or_will_have_is_never_purged(self, client, bring):
        client.force_login(make.make_user("Administrators"))
        article = make.make_article()
        bring(article)
        revision = article.revisions.get(number=1)
        delete = reverse("admin:editorial_revision_delete", args=[revision.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            revision.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=revision.pk)._raw_delete("default")
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(content={})


RACE = """
from django.contrib.auth.models import User
from editorial.actions import StaleArticle, keep_stray, save_article
from editorial.models import Article
user = User.objects.get(username={name!r})
article = Article.objects.get()
article.body = "<p>Words of {name}.</p>"
try:
    save_article(user=user, article=article, based_on=1)
except StaleArticle:
    keep_stray(user=user, article=article, based_on=1, contributors=[])
    print("kept")
else:
    print("saved")
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_saved_and_the_other_kept():
    names = ["edda", "emil"]
    for name in names:
        make.make_user("Editors", username=name)
    article = make.make_article()
    connection.close()
    processes = [start(RACE.format(name=name)) for name in names]
    assert sorted(output(process).strip() for process in processes) == ["kept", "saved"]
    assert sorted(article.revisions.values_list("number", "is_stray")) == [(1, False), (2, False), (3, True)]
    bodies = set(article.revisions.filter(number__gt=1).values_list("content__body", flat=True))
    assert bodies == {"<p>Words of edda.</p>", "<p>Words of emil.</p>"}
