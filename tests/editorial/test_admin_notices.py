"""A person's notices on the desk: their own, read one by one or all at once, counted on every page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.models import Notification, Preference
from tests.factories import make_article, make_stage, make_user
from tests.forms import form_data
from tests.nu import nu_errors

pytestmark = pytest.mark.django_db

LIST = "/admin/notices/"
READ = "/admin/notices/read/"
COUNT = 'class="notices-count"'


@pytest.fixture
def writer(client):
    user = make_user("Writers", username="wren", email="wren@example.org")
    client.force_login(user)
    return user


def make_notification(user, **fields) -> Notification:
    article = fields.pop("article", None) or make_article(title="Narcos, season 2")
    return Notification.objects.create(
        user=user,
        article=article,
        **{"verb": "article.changes_requested", "actor_label": "Ann", "at": timezone.now(), **fields},
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def unread(user) -> int:
    return Notification.objects.of(user).unread().count()


def test_a_person_finds_what_they_were_told_and_follows_it_to_the_article(client, writer):
    notification = make_notification(writer, text="Whose number is it?")
    page = text_of(client.get(LIST))
    assert "Changes requested: Narcos, season 2" in page
    assert "Whose number is it?" in page
    assert "Ann, " in page
    response = client.get(reverse("notices:open", args=[notification.pk]), follow=True)
    assert response.redirect_chain == [(f"/admin/editorial/article/{notification.article_id}/workflow/", 302)]
    assert response.status_code == 200
    assert unread(writer) == 0


def test_a_stray_text_is_shown_among_the_revisions(client, writer):
    notification = make_notification(writer, verb="article.stray_kept")
    response = client.get(reverse("notices:open", args=[notification.pk]))
    assert response.url.endswith(f"/article/{notification.article_id}/revisions/")


def test_the_time_of_a_schedule_is_that_of_the_newsroom(client, writer, settings):
    settings.TIME_ZONE = "America/Mexico_City"
    make_notification(writer, verb="article.scheduled", text="2099-02-13T15:00:00+00:00")
    assert "Feb. 13, 2099, 9 a.m." in text_of(client.get(LIST))


def test_one_is_marked_as_read_and_the_others_wait(client, writer):
    first, second = make_notification(writer), make_notification(writer)
    data = form_data(client.get(LIST), "notices_form")
    response = client.post(READ, data | {"notice": first.pk}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert list(Notification.objects.unread()) == [second]
    first.refresh_from_db()
    read_at = first.read_at
    client.post(READ, {"notice": first.pk})
    first.refresh_from_db()
    assert first.read_at == read_at


def test_marking_all_as_read_leaves_what_came_since_the_page_was_opened(client, writer):
    make_notification(writer)
    make_notification(writer)
    data = form_data(client.get(LIST), "all_form")
    late = make_notification(writer)
    client.post(READ, data)
    assert list(Notification.objects.unread()) == [late]


def test_what_is_told_to_others_is_neither_seen_nor_read_nor_opened(client, writer):
    other = make_user("Editors")
    notification = make_notification(other, text="Between us.")
    make_notification(other, article=make_article(title="Hidden"))
    for page in (LIST, "/admin/"):
        assert "Between us." not in text_of(client.get(page))
        assert COUNT not in text_of(client.get(page))
    assert client.get(reverse("notices:open", args=[notification.pk])).status_code == 404
    client.post(READ, {"notice": notification.pk})
    client.post(READ, {"newest": notification.pk + 10})
    assert unread(other) == 2


@pytest.mark.parametrize("page", [LIST, f"{LIST}1/", READ, f"{LIST}mail/"])
def test_strangers_are_sent_to_the_sign_in(client, page):
    for user in (None, make_user(None)):
        if user is not None:
            client.force_login(user)
        assert client.get(page).url.startswith("/admin/login/")


@pytest.mark.parametrize("page", [READ, f"{LIST}mail/"])
def test_looking_changes_nothing(client, writer, page):
    make_notification(writer)
    assert client.get(page).status_code == 405
    assert unread(writer) == 1


@pytest.mark.parametrize("given", [{}, {"notice": "x"}, {"newest": "-1"}, {"notice": "٣٤x"}])
def test_nonsense_marks_nothing(client, writer, given):
    make_notification(writer)
    assert client.post(READ, given).status_code == 302
    assert unread(writer) == 1


def test_the_way_back_stays_on_this_site(client, writer):
    notification = make_notification(writer)
    for place, expected in (
        ("/admin/", "/admin/"),
        ("https://example.org/", LIST),
        ("//example.org/", LIST),
        ("javascript:alert(1)", LIST),
    ):
        assert client.post(READ, {"notice": notification.pk, "next": place}).url == expected


def test_a_person_chooses_how_mail_comes(client, writer):
    page = client.get(LIST)
    assert form_data(page, "mail_form")["mail"] == "digest"
    assert "It goes to wren@example.org." in text_of(page)
    response = client.post(f"{LIST}mail/", form_data(page, "mail_form") | {"mail": "at once"}, follow=True)
    assert "Your choice is kept." in text_of(response)
    assert form_data(response, "mail_form")["mail"] == "at once"
    response = client.post(f"{LIST}mail/", {"mail": "by pigeon"}, follow=True)
    assert "Choose one of the three." in text_of(response)
    assert Preference.objects.get().mail == "at once"


def test_who_has_no_address_is_told_so(client):
    client.force_login(make_user("Writers"))
    assert "Your account has no address for mail." in text_of(client.get(LIST))


def test_the_head_of_every_page_counts_what_is_unread(client, writer):
    assert COUNT not in text_of(client.get("/admin/"))
    for _ in range(3):
        make_notification(writer)
    make_notification(writer, read_at=timezone.now())
    for page in ("/admin/", "/admin/editorial/article/", LIST):
        assert f'{COUNT}>3<span class="visually-hidden"> unread</span>' in text_of(client.get(page))
    client.logout()
    assert "notices" not in text_of(client.get("/admin/login/")).replace("editorial/notices.css", "")


def test_the_start_page_shows_the_newest_unread_and_leads_back_to_itself(client, writer):
    for number in range(7):
        make_notification(writer, article=make_article(title=f"Article no. {number}."))
    page = client.get("/admin/")
    assert "Article no. 6." in text_of(page)
    assert "Article no. 1." not in text_of(page)
    assert "More unread ones" in text_of(page)
    data = form_data(page, "notices_form")
    newest = Notification.objects.of(writer).first()
    response = client.post(READ, data | {"notice": newest.pk}, follow=True)
    assert response.redirect_chain == [("/admin/", 302)]
    assert "Article no. 6." not in text_of(response)
    assert "Article no. 1." in text_of(response)


def test_fifty_fill_a_page(client, writer):
    article = make_article()
    for number in range(51):
        make_notification(writer, article=article, actor_label=f"Person no. {number}.")
    assert "Person no. 0." not in text_of(client.get(LIST))
    assert "Person no. 0." in text_of(client.get(LIST, {"page": 2}))


@pytest.mark.parametrize("page", [LIST, "/admin/"])
def test_as_many_queries_with_thirty_notices_as_with_three(client, writer, page):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make_notification(writer)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_head_asks_the_database_once(client, writer):
    client.get("/admin/editorial/article/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/editorial/article/")
    assert sum("editorial_notification" in query["sql"] for query in queries) == 1


def test_what_somebody_does_in_the_admin_is_on_another_s_desk(client, writer):
    make_stage(name="Fact-check", group="Fact-checkers")
    checker = make_user("Fact-checkers")
    article = make_article(author=writer, title="Narcos, season 2")
    workflow = reverse("admin:editorial_article_workflow", args=[article.pk])
    data = form_data(client.get(workflow), "submit_form") | {"comment": "Numbers are new."}
    client.post(workflow, data)
    assert COUNT not in text_of(client.get("/admin/"))
    client.force_login(checker)
    page = text_of(client.get("/admin/"))
    assert "Waits for your review: Narcos, season 2" in page
    assert "Numbers are new." in page


def test_the_nu_checker_finds_no_error_in_the_notices(client, writer, tmp_path):
    for number in range(51):
        make_notification(writer, text="So?\n\nAnd so?", read_at=timezone.now() if number % 2 else None)
    for name, page in (("list", LIST), ("last", f"{LIST}?page=2"), ("desk", "/admin/")):
        (tmp_path / f"{name}.html").write_bytes(client.get(page).content)
    assert nu_errors(tmp_path) == []


@pytest.mark.parametrize("field", ["notice", "newest"])
def test_a_number_that_no_row_can_have_reads_nothing(client, field):
    client.force_login(make_user("Writers"))
    assert client.post("/admin/notices/read/", {field: "9" * 30}).status_code == 302
