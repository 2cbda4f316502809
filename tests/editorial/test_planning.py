"""Whose an article is, when it is due, looked at again, embargoed: who plans it, and what follows."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from editorial.actions import TransitionRefused, plan_article, save_article, schedule_article, submit_article
from editorial.models import Article, AuditEntry, DueItem
from editorial.planned import day_of, start_of_day
from tests.factories import make_article, make_user
from tests.forms import form_data
from tests.processes import output, start

pytestmark = pytest.mark.django_db

LATER = datetime.datetime(2099, 5, 4, 9, 30, tzinfo=datetime.UTC)
DAY = datetime.date(2099, 5, 4)


@pytest.fixture
def editor():
    return make_user("Editors", username="edda", first_name="Edda")


@pytest.fixture
def writer():
    return make_user("Writers", username="wren")


def page(article):
    return reverse("admin:editorial_article_workflow", args=[article.pk])


def plan_url(article):
    return reverse("admin:editorial_article_plan", args=[article.pk])


def send(client, user, article, **given):
    """The plan as the page gives it to this person, with what they change."""
    client.force_login(user)
    data = form_data(client.get(page(article)), "plan_form") | given
    return client.post(plan_url(article), data, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


def reminders():
    return list(DueItem.objects.filter(verb="remind").order_by("pk").values_list("due_at", "outcome"))


def test_a_plan_is_kept_and_says_in_the_log_what_it_was(client, editor, writer):
    article = make_article()
    response = send(
        client, editor, article, assignee=writer.pk, due="2099-05-04T10:30", review_by="2099-05-04"
    )
    assert "Planned: assignee, due, review by." in text_of(response)
    article.refresh_from_db()
    assert (article.assignee, article.due, article.review_by) == (writer, LATER, DAY)
    assert article.revisions.count() == 1
    send(client, editor, article, due="")
    first, second = AuditEntry.objects.filter(verb="article.planned").order_by("pk")
    assert first.data == {
        "assignee": [None, "wren"],
        "due": [None, LATER.isoformat()],
        "review_by": [None, "2099-05-04"],
    }
    assert second.data == {"due": [LATER.isoformat(), None]}
    assert "edda" in second.actor_label.lower()


def test_a_plan_that_changes_nothing_leaves_no_trace(client, editor):
    article = make_article(due=LATER.replace(second=12, microsecond=7))
    assert "Nothing was changed." in text_of(send(client, editor, article))
    assert not AuditEntry.objects.filter(verb="article.planned").exists()


def test_writers_plan_their_own_texts_and_set_no_embargo(client, writer):
    own, other = make_article(author=writer), make_article(title="Not theirs")
    response = send(client, writer, own, due="2099-05-04T10:30", embargo_until="2099-05-04T10:30")
    assert "Planned: due." in text_of(response)
    own.refresh_from_db()
    assert own.embargo_until is None
    assert client.post(plan_url(other), {"due": "2099-05-04T10:30"}).status_code == 403
    assert "plan_form" not in text_of(client.get(page(other)))
    with pytest.raises(PermissionDenied):
        plan_article(user=writer, article=own, planned={"embargo_until": LATER})


def test_who_only_checks_or_looks_plans_nothing(client):
    article = make_article()
    for role in ("Fact-checkers", None):
        client.force_login(make_user(role, is_staff=True))
        assert client.post(plan_url(article), {"due": "2099-05-04T10:30"}).status_code == 403


def test_what_is_out_of_the_way_is_not_planned(editor):
    article = make_article()
    Article.objects.update(status="archived")
    with pytest.raises(TransitionRefused):
        plan_article(user=editor, article=article, planned={"due": LATER})


def test_the_plan_left_the_form_of_the_text(client, editor, writer):
    article = make_article()
    client.force_login(editor)
    change = reverse("admin:editorial_article_change", args=[article.pk])
    data = form_data(client.get(change), "article_form")
    assert not {"assignee", "due_0", "review_by"} & data.keys()
    plan_article(user=editor, article=article, planned={"assignee": writer, "due": LATER, "review_by": DAY})
    data |= {"title": "New words"}
    assert client.post(change, data).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.assignee, article.due, article.review_by) == (
        "New words",
        writer,
        LATER,
        DAY,
    )


def test_a_save_makes_nobody_the_assignee(writer):
    article = make_article()
    article.assignee = writer
    with pytest.raises(PermissionDenied):
        save_article(user=writer, article=article, based_on=1)


def test_two_who_plan_different_things_both_keep_theirs(client, editor, writer):
    article = make_article()
    client.force_login(editor)
    old_page = form_data(client.get(page(article)), "plan_form")
    plan_article(user=None, article=article, planned={"due": LATER})
    client.post(plan_url(article), old_page | {"assignee": writer.pk})
    article.refresh_from_db()
    assert (article.due, article.assignee) == (LATER, writer)


def test_two_who_plan_the_same_do_not_overwrite_each_other_unseen(client, editor):
    article = make_article()
    client.force_login(editor)
    old_page = form_data(client.get(page(article)), "plan_form")
    plan_article(user=None, article=article, planned={"due": LATER})
    response = client.post(plan_url(article), old_page | {"due": "2100-01-01T10:00"})
    assert response.status_code == 409
    assert "Somebody else has planned this since" in text_of(response)
    assert "May 4, 2099, 10:30 a.m. (BST)" in text_of(response)
    article.refresh_from_db()
    assert article.due == LATER
    # What was typed stands in the form; who has now seen the other's may send it again.
    again = form_data(response, "plan_form")
    assert again["due"] == "2100-01-01T10:00"
    assert client.post(plan_url(article), again).status_code == 302
    article.refresh_from_db()
    assert article.due == datetime.datetime(2100, 1, 1, 10, tzinfo=datetime.UTC)


def test_a_time_that_does_not_exist_is_said_beside_it(client, editor):
    response = send(client, editor, make_article(), due="2027-03-28T01:30")  # the clocks skip this hour
    assert response.status_code == 400
    assert "it may be ambiguous or it may not exist" in text_of(response)


def test_only_people_with_an_open_account_are_given_texts(client, editor, writer):
    writer.is_active = False
    writer.save()
    assert send(client, editor, make_article(), assignee=writer.pk).status_code == 400
    article = make_article(assignee=writer)
    assert "Planned: due." in text_of(send(client, editor, article, due="2099-05-04T10:30"))
    article.refresh_from_db()
    assert article.assignee == writer


class TestReminders:
    def test_a_review_date_makes_one_reminder_at_the_start_of_its_day(self, editor, settings):
        settings.TIME_ZONE = "America/Mexico_City"
        article = make_article()
        plan_article(user=editor, article=article, planned={"review_by": DAY})
        assert reminders() == [(datetime.datetime(2099, 5, 4, 6, tzinfo=datetime.UTC), "")]
        assert DueItem.objects.get().scheduled_by == editor

    def test_another_date_replaces_it_and_none_cancels_it(self, editor):
        article = make_article()
        for day in (DAY, DAY + datetime.timedelta(days=1), None):
            plan_article(user=editor, article=article, planned={"review_by": day})
        assert [outcome for _due, outcome in reminders()] == ["cancelled", "cancelled"]

    def test_the_same_date_leaves_it_alone(self, editor):
        article = make_article()
        for _ in range(2):
            plan_article(user=editor, article=article, planned={"review_by": DAY})
        assert len(reminders()) == 1

    def test_a_date_that_a_table_brings_makes_one_too(self):
        article = make_article(review_by=DAY)
        assert len(reminders()) == 1
        article.review_by = None
        save_article(user=None, article=article, based_on=1)
        assert [outcome for _due, outcome in reminders()] == ["cancelled"]
        assert AuditEntry.objects.filter(verb="article.planned").first().data == {
            "review_by": ["2099-05-04", None]
        }

    def test_another_save_makes_none(self):
        article = make_article(review_by=DAY)
        article.title = "Other words"
        save_article(user=None, article=article, based_on=1)
        assert len(reminders()) == 1


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", datetime.date(2027, 3, 28), 23),
        ("Europe/London", datetime.date(2026, 10, 25), 25),
        ("America/Havana", datetime.date(2026, 3, 8), 23),  # skips midnight itself
        ("America/Havana", datetime.date(2026, 11, 1), 25),  # has midnight twice
        ("Asia/Kolkata", datetime.date(2026, 11, 1), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_of_the_newsroom_make_it(settings, zone, day, hours):
    settings.TIME_ZONE = zone
    first, after = start_of_day(day), start_of_day(day + datetime.timedelta(days=1))
    utc = datetime.UTC
    assert after.astimezone(utc) - first.astimezone(utc) == datetime.timedelta(hours=hours)
    moment = datetime.timedelta(minutes=1)
    assert day_of(first) == day
    assert day_of(first.astimezone(utc) - moment) == day - datetime.timedelta(days=1)
    assert day_of(after.astimezone(utc) - moment) == day
    assert first.tzinfo == ZoneInfo(zone)


def test_an_embargo_does_not_end_after_the_scheduled_time(client, editor):
    article = make_article()
    submit_article(user=editor, article=article, looked_at=1)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=LATER)
    response = send(client, editor, article, embargo_until="2099-05-04T10:31")
    assert response.status_code == 409
    assert "Take it off the schedule first." in text_of(response)
    assert "is embargoed" not in text_of(send(client, editor, article, embargo_until="2099-05-04T10:30"))
    article.refresh_from_db()
    assert article.embargo_until == LATER


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_that_plan_the_same_one_is_refused():
    article = make_article()
    connection.close()
    code = (
        "import datetime\n"
        "from editorial.actions import TransitionRefused, plan_article\n"
        "from editorial.models import Article\n"
        f"article = Article.objects.get(pk={article.pk})\n"
        "due = datetime.datetime(2099, 1, %d, tzinfo=datetime.UTC)\n"
        "try:\n"
        "    plan_article(user=None, article=article, planned={'due': due}, seen={'due': None})\n"
        "    print('planned')\n"
        "except TransitionRefused as refusal:\n"
        "    print(refusal.code)\n"
    )
    said = [output(one).strip() for one in [start(code % day) for day in (1, 2)]]
    assert sorted(said) == ["planned", "stale"]
    assert timezone.is_aware(Article.objects.get().due)
