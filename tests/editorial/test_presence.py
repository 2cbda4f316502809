"""Who has an article open: said by open pages, shown to the others, forgotten soon."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.models import AuditEntry, Presence
from tests import factories as make
from tests.processes import output, start

PRESENCE = "/admin/editorial/article/writing/presence/"
SIGN = """
from django.contrib.auth.models import User
from editorial.actions import note_presence
from editorial.models import Article
user, article = User.objects.get(username="ana"), Article.objects.get()
for _ in range(20):
    note_presence(user=user, article=article)
"""


@pytest.fixture
def ana(db):
    return make.make_user("Editors", username="ana", first_name="Ana", last_name="Ruiz")


@pytest.fixture
def article(db):
    return make.make_article()


def sign(client, article):
    return client.post(f"{PRESENCE}?article={article.pk}")


def workflow(article) -> str:
    return f"/admin/editorial/article/{article.pk}/workflow/"


def change(article) -> str:
    return f"/admin/editorial/article/{article.pk}/change/"


def heard(user, article, seconds: int) -> Presence:
    """A sign of that many seconds ago."""
    at = timezone.now() - datetime.timedelta(seconds=seconds)
    return Presence.objects.create(user=user, article=article, at=at)


def test_an_open_page_is_told_who_else_has_it_open(client, ana, article):
    ben = make.make_user("Editors", username="ben")
    heard(ben, article, 10)
    heard(make.make_user("Editors"), make.make_article(), 1)
    client.force_login(ana)
    assert sign(client, article).json()["others"] == [{"id": ben.pk, "name": "ben"}]
    client.force_login(ben)
    assert sign(client, article).json()["others"] == [{"id": ana.pk, "name": "Ana Ruiz"}]


def test_who_gave_no_sign_for_three_quarters_of_a_minute_is_gone(client, ana, article):
    ben = make.make_user("Editors")
    there = heard(ben, article, 40)
    client.force_login(ana)
    assert len(sign(client, article).json()["others"]) == 1
    Presence.objects.filter(pk=there.pk).update(at=timezone.now() - datetime.timedelta(seconds=46))
    assert sign(client, article).json()["others"] == []


def test_a_sign_renews_ones_own_row_and_clears_away_what_is_older_than_a_day(client, ana, article):
    own = heard(ana, article, 3600)
    old = heard(make.make_user("Editors"), article, 25 * 3600)
    younger = heard(make.make_user("Editors"), article, 23 * 3600)
    client.force_login(ana)
    sign(client, article)
    assert set(Presence.objects.values_list("pk", flat=True)) == {own.pk, younger.pk}
    assert Presence.objects.get(pk=own.pk).at > own.at
    assert not Presence.objects.filter(pk=old.pk).exists()


def test_a_closed_page_takes_its_own_sign_away_and_no_other(client, ana, article):
    ben = make.make_user("Editors")
    heard(ben, article, 1)
    client.force_login(ana)
    sign(client, article)
    assert client.delete(f"{PRESENCE}?article={article.pk}").status_code == 204
    assert [one.user for one in Presence.objects.all()] == [ben]


def test_presence_is_no_revision_and_no_entry_of_the_audit_log(client, ana, article):
    before = AuditEntry.objects.count(), article.revisions.count(), article.updated_at
    client.force_login(ana)
    sign(client, article)
    article.refresh_from_db()
    assert (AuditEntry.objects.count(), article.revisions.count(), article.updated_at) == before


def test_only_who_may_write_the_article_is_present(client, article):
    client.force_login(make.make_user("Writers"))
    assert sign(client, article).status_code == 403  # somebody else's article
    client.force_login(make.make_user("Fact-checkers"))
    assert sign(client, article).status_code == 403
    assert client.delete(f"{PRESENCE}?article={article.pk}").status_code == 403
    client.logout()
    assert sign(client, article).status_code == 302
    assert not Presence.objects.exists()


def test_presence_needs_an_article_and_a_fitting_method(client, ana, article):
    client.force_login(ana)
    assert client.post(PRESENCE).status_code == 404
    assert client.post(f"{PRESENCE}?article=999").status_code == 404
    response = client.get(f"{PRESENCE}?article={article.pk}")
    assert (response.status_code, response["Allow"]) == (405, "POST, DELETE")


def test_the_pages_of_an_article_show_who_has_it_open_when_they_are_loaded(client, ana, article):
    heard(ana, article, 5)
    words = "<p>Also has this article open: Ana Ruiz</p>"
    client.force_login(make.make_user("Editors"))
    for page in (change(article), workflow(article)):
        assert words in client.get(page).content.decode()
    client.force_login(make.make_user("Fact-checkers"))
    assert words in client.get(workflow(article)).content.decode()
    client.force_login(ana)
    for page in (change(article), workflow(article)):
        assert "<p>Also has this article open" not in client.get(page).content.decode()


def test_names_are_escaped(client, article):
    heard(make.make_user("Editors", first_name="<b>", last_name="x"), article, 1)
    client.force_login(make.make_user("Editors"))
    assert "open: &lt;b&gt; x</p>" in client.get(workflow(article)).content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_many_present_cost_as_many_queries_as_few(client, ana, article, count):
    for _ in range(count):
        heard(make.make_user("Editors"), article, 1)
    client.force_login(ana)
    with CaptureQueriesContext(connection) as queries:
        assert len(sign(client, article).json()["others"]) == count
    assert len(queries) == 10
    with CaptureQueriesContext(connection) as page:
        client.get(workflow(article))
    assert sum("editorial_presence" in one["sql"] for one in page.captured_queries) == 1


@pytest.mark.django_db(transaction=True)
def test_several_tabs_of_one_person_do_not_collide(ana, article):
    processes = [start(SIGN) for _ in range(3)]
    for process in processes:
        output(process)
    assert Presence.objects.count() == 1
