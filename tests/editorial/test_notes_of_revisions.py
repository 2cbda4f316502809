"""What changed and why: said when saving, kept with the revision, shown to the desk."""

from __future__ import annotations

import json

import pytest

from editorial.actions import restore_revision, save_article
from editorial.models import AuditEntry, Autosave, Revision
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

AUTOSAVE = "/admin/editorial/article/writing/autosave/"
WHY = "The network moved the date"


@pytest.fixture
def editor(client):
    user = make.make_user("Editors")
    client.force_login(user)
    return user


def page(article, name: str) -> str:
    return f"/admin/editorial/article/{article.pk}/{name}/"


def save(client, article, **changed):
    data = form_data(client.get(page(article, "change")), "article_form")
    return client.post(page(article, "change"), data | changed, follow=True)


def test_a_reason_is_kept_with_the_revision_and_shown_with_it(client, editor):
    article = make.make_article()
    assert save(client, article, title="Moved", note=f" {WHY} ").status_code == 200
    assert article.revisions.newest().note == WHY
    assert f"<q>{WHY}</q>" in client.get(page(article, "revisions")).content.decode()
    assert f"<q>{WHY}</q>" in client.get(page(article, "workflow")).content.decode()
    assert (
        WHY
        in client.get(f"/admin/editorial/revision/{article.revisions.newest().pk}/change/").content.decode()
    )
    assert WHY not in json.dumps(article.revisions.newest().content)


def test_a_reason_is_asked_for_anew_each_time_and_need_not_be_given(client, editor):
    article = make.make_article()
    save(client, article, title="Moved", note=WHY)
    data = form_data(client.get(page(article, "change")), "article_form")
    assert data["note"] == ""
    save(client, article, title="Moved again")
    assert article.revisions.newest().note == ""
    assert AuditEntry.objects.filter(verb="article.saved").latest("pk").remark == ""


def test_the_history_of_the_admin_names_what_changed_and_not_the_reason(client, editor):
    article = make.make_article()
    save(client, article, title="Moved", note=WHY)
    history = client.get(page(article, "history")).content.decode()
    assert "Changed Title." in history


def test_a_reason_alone_is_no_revision_and_the_person_is_told(client, editor):
    article = make.make_article()
    response = save(client, article, note=WHY)
    assert article.revisions.count() == 1
    assert "no revision keeps what you said of it" in response.content.decode()


def test_a_reason_is_no_part_of_the_content(editor):
    article, other = (make.make_article(body="", title="T", contributors=()) for _ in range(2))
    article.title = other.title = "U"
    first = save_article(user=editor, article=article, based_on=1, note="One reason")
    second = save_article(user=editor, article=other, based_on=1, note="Another")
    assert {**first.content, "slug": ""} == {**second.content, "slug": ""}
    article.title = "T"
    assert (
        save_article(user=editor, article=article, based_on=2).content_hash
        == article.revisions.get(number=1).content_hash
    )


def test_a_reason_that_is_too_long_is_refused_and_stays_in_the_form(client, editor):
    article = make.make_article()
    response = save(client, article, title="Moved", note="x" * 301)
    assert "at most 300 characters" in response.content.decode()
    assert article.revisions.count() == 1


def test_a_restored_revision_says_which_it_was(editor):
    article = make.make_article(title="First")
    article.title = "Second"
    save_article(user=editor, article=article, based_on=1)
    restored = restore_revision(
        user=editor, article=article, revision=article.revisions.get(number=1), based_on=2
    )
    assert restored.note == "Revision 1 restored"


def test_a_text_that_came_too_late_keeps_its_reason(client, editor):
    article = make.make_article()
    data = form_data(client.get(page(article, "change")), "article_form")
    article.title = "Theirs"
    save_article(user=make.make_user("Editors"), article=article, based_on=1)
    response = client.post(page(article, "change"), data | {"title": "Mine", "note": WHY})
    assert response.status_code == 409
    assert Revision.objects.get(is_stray=True).note == WHY
    assert form_data(response, "article_form")["note"] == WHY


def test_an_autosave_keeps_the_reason(client, editor):
    article = make.make_article()
    data = json.dumps({"based_on": 1, "content": {"note": WHY}})
    url = f"{AUTOSAVE}?article={article.pk}"
    assert client.post(url, data, content_type="application/json").status_code == 200
    assert Autosave.objects.get().content == {"note": WHY}
