"""Preview links in the admin, as people of each role."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.actions import make_preview, save_article
from editorial.models import Article, PreviewLink
from tests.factories import make_article, make_user
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def page(article, name="previews"):
    return reverse(f"admin:editorial_article_{name}", args=[article.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def addresses(response) -> list[str]:
    return re.findall(r'href="(http://testserver/preview/[^"]+)"', response.content.decode())


@pytest.fixture
def editor(client):
    user = make_user("Editors", username="edda")
    client.force_login(user)
    return user


@pytest.fixture
def article():
    found = make_article(title="As it was")
    found.title = "As it is"
    save_article(user=None, article=found, based_on=1)
    return found


def make(client, article, number=None, **given):
    path = page(article) + (f"?revision={number}" if number else "")
    data = form_data(client.get(path), "preview_form") | given
    return client.post(page(article), data, follow=True)


def test_an_editor_makes_a_link_and_its_address_opens_the_revision(client, editor, article):
    response = make(client, article, 1)
    assert "The link to revision 1 is ready" in text_of(response)
    [address] = addresses(response)
    client.logout()
    html = client.get(address.removeprefix("http://testserver")).content.decode()
    assert "As it was" in html
    assert "As it is" not in html
    link = PreviewLink.objects.get()
    assert link.created_by == editor
    assert link.expires_at - link.created_at < datetime.timedelta(days=7, minutes=1)


def test_review_and_publication_offers_the_newest_revision_and_lists_the_links(client, editor, article):
    data = form_data(client.get(page(article, "workflow")), "preview_form") | {"days": "30"}
    client.post(page(article), data)
    link = PreviewLink.objects.get()
    assert link.revision.number == 2
    assert (link.expires_at - timezone.now()).days in (29, 30)
    listed = client.get(page(article, "workflow"))
    assert len(addresses(listed)) == 1
    assert "made by edda" in text_of(listed)
    assert "edda: made a preview link" in text_of(listed)


def test_revisions_lead_to_the_link_of_each(client, editor, article):
    html = client.get(page(article, "revisions")).content.decode()
    for number in (1, 2):
        assert f'href="{page(article)}?revision={number}"' in html
        data = form_data(client.get(f"{page(article)}?revision={number}"), "preview_form")
        assert data["revision"] == str(number)


def test_a_link_is_revoked_and_stays_listed(client, editor, article):
    [address] = addresses(make(client, article))
    link = PreviewLink.objects.get()
    response = client.post(page(article), {"revoke": link.pk}, follow=True)
    assert "leads nowhere any more" in text_of(response)
    assert "revoked" in text_of(response)
    assert addresses(response) == []
    assert 'name="revoke"' not in response.content.decode()
    assert client.get(address.removeprefix("http://testserver")).status_code == 410


def test_what_has_expired_is_listed_without_its_address(client, editor, article):
    now = timezone.now()
    PreviewLink.objects.create(
        revision=article.revisions.newest(),
        created_by=editor,
        created_at=now - datetime.timedelta(days=3),
        expires_at=now - datetime.timedelta(days=1),
        html="",
    )
    response = client.get(page(article))
    assert "expired" in text_of(response)
    assert addresses(response) == []


def test_writers_make_links_to_their_own_texts_only(client, article):
    writer = make_user("Writers")
    client.force_login(writer)
    own = make_article(author=writer)
    assert len(addresses(make(client, own))) == 1
    response = client.get(page(article))
    assert response.status_code == 200
    assert "preview_form" not in response.content.decode()
    assert client.post(page(article), {"revision": "1", "days": "7"}).status_code == 403
    assert "revision=1" not in client.get(page(article, "revisions")).content.decode()


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_make_none_sees_that_there_is_one_without_its_address(client, article, role):
    editor = make_user("Editors", username="edda")
    link = make_preview(user=editor, article=article, revision=article.revisions.newest())
    client.force_login(make_user(role))
    for name in ("previews", "workflow"):
        response = client.get(page(article, name))
        assert "made by edda" in text_of(response)
        assert "/preview/" not in response.content.decode()
        assert 'name="revoke"' not in response.content.decode()
    assert client.post(page(article), {"revoke": link.pk}).status_code == 403
    assert client.post(page(article), {"revision": "2", "days": "7"}).status_code == 403
    link.refresh_from_db()
    assert link.revoked_at is None


def test_who_may_not_see_articles_sees_no_links(client, article):
    client.force_login(make_user(None, is_staff=True))
    assert client.get(page(article)).status_code == 403
    client.logout()
    assert client.get(page(article)).status_code == 302
    assert client.post(page(article), {"revision": "1", "days": "7"}).status_code == 302
    assert not PreviewLink.objects.exists()


def test_what_makes_no_sense_makes_no_link(client, editor, article):
    for data in ({"revision": "1", "days": "31"}, {"revision": "1"}, {"revision": "1", "days": "x"}):
        assert client.post(page(article), data).status_code == 400
    for number in ("9", "x", "-1", "9" * 30, "²"):
        assert client.post(page(article), {"revision": number, "days": "7"}).status_code == 404
        assert client.get(page(article), {"revision": number}).status_code == 404
        assert client.post(page(article), {"revoke": number}).status_code == 404
    assert client.get(page(article).replace(str(article.pk), "99999")).status_code == 404
    other = make_article()
    foreign = make_preview(user=editor, article=other, revision=other.revisions.get())
    assert client.post(page(article), {"revoke": foreign.pk}).status_code == 404
    assert PreviewLink.objects.get() == foreign


def test_a_text_that_was_never_saved_has_no_links(client, editor):
    bare = Article.objects.create(slug="bare", kind="news", title="Bare")
    assert client.get(page(bare)).status_code == 404
    assert client.get(page(bare, "workflow")).status_code == 200


def test_as_many_queries_with_30_links_as_with_3(client, editor):
    counts: dict[str, set[int]] = {"previews": set(), "workflow": set(), "revisions": set()}
    for number in (3, 30):
        article = make_article()
        for _ in range(number):
            make_preview(user=editor, article=article, revision=article.revisions.get())
        for name, found in counts.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page(article, name)).status_code == 200
            # What happened is listed up to a length of its own.
            found.add(len(queries))
    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1)
