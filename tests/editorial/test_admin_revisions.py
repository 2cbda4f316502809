"""Revisions compared and restored in the admin, and what keeps them from being lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial.actions import restore_revision, save_article, submit_article
from editorial.comparing import compare, words_of
from editorial.models import AuditEntry
from tests.factories import (
    make_article,
    make_contributor,
    make_passage,
    make_photo,
    make_season,
    make_user,
)
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def page(article):
    return reverse("admin:editorial_article_revisions", args=[article.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def editor(client):
    user = make_user("Editors", username="edda")
    client.force_login(user)
    return user


def save(article, user=None, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return save_article(user=user, article=article, based_on=article.revisions.newest().number)


def test_the_newest_change_is_shown_word_by_word(client, editor):
    article = make_article(title="Eight episodes to come")
    save(article, editor, title="Ten episodes to come")
    page_text = text_of(client.get(page(article)))
    assert "<del>Eight</del> episodes to come" in page_text
    assert "<ins>Ten</ins> episodes to come" in page_text
    assert "edda" in page_text


def test_any_two_are_compared(client, editor):
    article = make_article(title="One")
    for title in ("Two", "Three"):
        save(article, title=title)
    page_text = text_of(client.get(page(article), {"old": "1", "new": "3"}))
    assert "<del>One</del>" in page_text
    assert "<ins>Three</ins>" in page_text
    assert client.get(page(article), {"old": "x", "new": "99"}).status_code == 200


def test_citations_and_exemptions_are_compared_not_their_html():
    first, second = make_passage(), make_passage()
    old = f'<p>A fact.<cite data-passage="{first.key}"></cite></p>'
    new = f'<p><em>A fact.</em><cite data-passage="{second.key}" data-covers="paragraph"></cite></p>'
    assert words_of(old) == words_of(new)
    content = make_article().revisions.get().content
    [change] = compare({**content, "body": old}, {**content, "body": new})
    assert first.key in "".join(piece.text for piece in change.old)
    assert any(piece.kind == "removed" for piece in change.old)
    assert f"{second.key} ¶" in "".join(piece.text for piece in change.new)
    exempt = '<p><span data-not-a-claim="opinion">A fact.</span></p>'
    [change] = compare({**content, "body": "<p>A fact.</p>"}, {**content, "body": exempt})
    assert "(opinion)" in "".join(piece.text for piece in change.new)


def test_restoring_makes_a_new_revision_of_the_old_text(client, editor):
    season, contributor = make_season(), make_contributor()
    article = make_article(title="As it was", season=season, photo=make_photo(), contributors=())
    save_article(user=None, article=article, based_on=1, contributors=[contributor])
    row = article.contributions.get()
    other = make_contributor()
    article.title, article.season, article.photo = "As it became", None, None
    save_article(user=None, article=article, based_on=2, contributors=[contributor, other])
    data = form_data(client.get(page(article)), "restore_form") | {"restore": "2"}
    response = client.post(page(article), data, follow=True)
    assert "Revision 2 is the article’s text again, as revision 4." in text_of(response).replace(
        "&#x27;", "’"
    )
    article.refresh_from_db()
    assert (article.title, article.season) == ("As it was", season)
    newest = article.revisions.newest()
    assert newest.content == article.revisions.get(number=2).content
    assert article.contributions.get() == row
    assert AuditEntry.objects.filter(verb="article.restored").exists()


def test_what_is_gone_from_the_catalog_is_left_out(editor):
    photo = make_photo()
    article = make_article(photo=photo)
    save(article, photo=None)
    photo.delete()
    restore_revision(user=editor, article=article, revision=article.revisions.get(number=1), based_on=2)
    assert article.photo is None


def test_an_old_page_restores_nothing(client, editor):
    article = make_article(title="One")
    save(article, title="Two")
    data = form_data(client.get(page(article)), "restore_form") | {"restore": "1"}
    save(article, title="Three")
    response = client.post(page(article), data)
    assert response.status_code == 409
    article.refresh_from_db()
    assert article.title == "Three"


def test_who_may_not_save_restores_nothing(client):
    article = make_article(title="One")
    save(article, title="Two")
    client.force_login(make_user("Writers"))
    assert "restore_form" not in client.get(page(article)).content.decode()
    assert client.post(page(article), {"restore": "1", "revision": "2"}).status_code == 403
    client.force_login(make_user(None, is_staff=True))
    assert client.get(page(article)).status_code == 403


def test_revisions_that_something_leans_on_cannot_be_purged(editor):
    published = make_article(published=True).revisions.get()
    with pytest.raises(ProtectedError):
        published.delete()
    article = make_article()
    submit_article(user=editor, article=article, looked_at=1)
    with pytest.raises(ProtectedError):
        article.revisions.get().delete()


def test_as_many_queries_with_thirty_revisions_as_with_three(client, editor):
    counts = []
    for number in (3, 30):
        article = make_article()
        for _ in range(number):
            save(article, editor, title=f"{article.title}.")
        with CaptureQueriesContext(connection) as queries:
            client.get(page(article))
        counts.append(len(queries))
    assert counts[0] == counts[1]
