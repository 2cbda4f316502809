"""The start page of the admin as each person sees it: what waits, what is late, what failed, the month."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Passage
from editorial.actions import (
    approve_article,
    may_approve,
    plan_article,
    publish_article,
    request_changes,
    save_article,
    schedule_article,
    submit_article,
)
from editorial.actions.examining import examine
from editorial.desk import REVIEWS, ROWS, desk_of
from editorial.models import DueItem, Heartbeat, Submission
from editorial.progress import progress_of
from editorial.reviews import review_state
from tests.factories import make_article, make_contributor, make_passage, make_stage, make_user

pytestmark = pytest.mark.django_db

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
DESK = reverse("admin:index")


@pytest.fixture
def people():
    return {
        "writer": make_user("Writers", username="wren"),
        "checker": make_user("Fact-checkers", username="finn"),
        "editor": make_user("Editors", username="edda"),
    }


@pytest.fixture
def stages():
    make_stage(name="Fact-check", group="Fact-checkers")
    make_stage(name="Editing", group="Editors")


def desk(client, user, **query):
    client.force_login(user)
    return client.get(DESK, query).context["desk"]


def titles(part) -> list[str]:
    return [str(getattr(getattr(row, "submission", row), "article", row)) for row in part.rows]


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def submitted(user, **fields):
    article = make_article(author=user, **fields)
    submit_article(user=user, article=article, looked_at=1)
    return article


def step_of(article, number=0):
    return article.submissions.get(ended_at=None).steps.order_by("position")[number]


def scheduled(editor, at=None, **fields):
    article = make_article(kind="news", **fields)
    submit_article(user=editor, article=article, looked_at=1)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=at or timezone.now() + HOUR)
    return article


@pytest.mark.usefixtures("stages")
class TestWaiting:
    def test_a_step_waits_for_its_group_and_is_its_writer_s_in_review(self, client, people):
        article = submitted(people["writer"], title="Who is back")
        seen = {name: desk(client, people[name]) for name in ("checker", "editor", "writer")}
        assert titles(seen["checker"].to_approve) == ["Who is back"]
        assert titles(seen["editor"].to_approve) == []
        assert titles(seen["writer"].to_approve) == []
        assert titles(seen["writer"].in_review) == ["Who is back"]
        assert "At “Fact-check” since" in text_of(client.get(DESK))
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        assert titles(desk(client, people["checker"]).to_approve) == []
        assert titles(desk(client, people["editor"]).to_approve) == ["Who is back"]
        (mine,) = desk(client, people["writer"]).in_review.rows
        assert mine.step.name == "Editing"
        assert mine.since > article.submissions.get().submitted_at

    def test_nobody_is_asked_to_approve_what_they_wrote(self, client, people):
        editor = people["editor"]
        article = submitted(editor, title="Hers")
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        assert titles(desk(client, editor).to_approve) == []
        assert titles(desk(client, make_user("Editors")).to_approve) == ["Hers"]

    def test_who_has_approved_waits_for_others(self, client, people):
        make_stage(kind="guide", group="Fact-checkers", approvals_needed=2)
        article = submitted(people["writer"], kind="guide")
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        assert not desk(client, people["checker"]).to_approve
        assert desk(client, make_user("Fact-checkers")).to_approve

    @pytest.mark.parametrize("what", ["text", "passage"])
    def test_what_moved_under_an_approval_waits_again(self, client, people, what):
        article = submitted(people["writer"])
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        if what == "text":
            article.title = "Other words"
            save_article(user=people["writer"], article=article, based_on=1)
        else:
            Passage.objects.update(state="changed")
        (again,) = desk(client, people["checker"]).to_approve.rows
        assert (again.step.name, again.needs_recheck) == ("Fact-check", True)
        assert "needs re-check" in text_of(client.get(DESK))

    def test_a_text_sent_back_waits_for_its_writer_until_it_is_submitted_again(self, client, people):
        article = submitted(people["writer"], title="Not yet", assignee=people["writer"])
        step = step_of(article)
        request_changes(
            user=people["checker"], article=article, step=step, looked_at=1, comment="Which number?"
        )
        seen = desk(client, people["writer"])
        assert [row.comment for row in seen.sent_back.rows] == ["Which number?"]
        assert (titles(seen.to_write), titles(seen.in_review)) == ([], [])
        assert "finn asked for changes (Fact-check)" in text_of(client.get(DESK))
        assert not desk(client, make_user("Writers")).sent_back
        submit_article(user=people["writer"], article=article, looked_at=1)
        assert not desk(client, people["writer"]).sent_back

    def test_an_approved_text_waits_for_whoever_publishes(self, client, people):
        article = submitted(people["writer"], title="Ready")
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        approve_article(user=people["editor"], article=article, step=step_of(article, 1), looked_at=1)
        assert titles(desk(client, people["editor"]).to_publish) == ["Ready"]
        assert not desk(client, people["checker"]).to_publish
        publish_article(user=people["editor"], article=article)
        assert not desk(client, people["editor"]).to_publish

    def test_a_draft_given_to_somebody_waits_for_them(self, client, people):
        make_article(title="Yours", assignee=people["writer"])
        assert titles(desk(client, people["writer"]).to_write) == ["Yours"]
        assert not desk(client, people["editor"]).to_write

    def test_in_review_are_the_texts_that_the_workflow_calls_one_s_own(self, client, people):
        byline = make_contributor(user=people["writer"])
        submitted(people["editor"], title="Byline", contributors=(byline,))
        submitted(people["editor"], title="Assigned", assignee=people["writer"])
        submitted(people["editor"], title="Another's")
        assert titles(desk(client, people["writer"]).in_review) == ["Byline", "Assigned"]

    def test_the_desk_agrees_with_the_page_of_each_article(self, people):
        """For each of three people and of several courses of a review."""
        everybody = [*people.values(), make_user("Fact-checkers"), make_user("Editors")]
        published = submitted(people["editor"], kind="news", assignee=people["writer"])
        publish_article(user=people["editor"], article=published)
        make_stage(kind="news", group="Editors")
        published.title = "Amended"
        save_article(user=people["writer"], article=published, based_on=1)
        submit_article(user=people["writer"], article=published, looked_at=2)
        submitted(people["editor"])
        once = submitted(people["writer"])
        approve_article(user=people["checker"], article=once, step=step_of(once), looked_at=1)
        compared = 0
        for user in everybody:
            groups = list(user.groups.values_list("pk", flat=True))
            found = progress_of(Submission.objects.for_desk(user, groups, publishes=True), REVIEWS)
            told = {one.submission.pk: one for one in found}
            for submission in Submission.objects.filter(ended_at=None):
                article = submission.article
                newest = article.revisions.newest()
                exact = review_state(submission, newest.content_hash, examine(article).evidence)
                waits = submission.pk in told and told[submission.pk].waits_for(user, groups)
                assert waits == (
                    user.has_perm("editorial.review_article") and may_approve(user, article, exact)
                )
                compared += waits
        assert compared

    def test_where_the_group_was_deleted_nobody_is_asked(self, client, people):
        article = submitted(people["writer"])
        step = step_of(article)
        step.group = None
        step.save()
        for user in people.values():
            assert not desk(client, user).to_approve


def test_what_is_due_is_everybody_s_for_editors_and_one_s_own_for_writers(client, people):
    now = timezone.now()
    make_article(title="Late", due=now - HOUR, assignee=people["writer"])
    make_article(title="Soon", due=now + DAY)
    make_article(title="Far", due=now + 30 * DAY)
    make_article(title="Delivered", due=now - HOUR, published=True)
    assert titles(desk(client, people["editor"]).due) == ["Late", "Soon"]
    assert titles(desk(client, people["writer"]).due) == ["Late"]
    assert "Overdue since" in text_of(client.get(DESK))


def test_what_is_scheduled_comes_in_its_order(client, people):
    now = timezone.now()
    for title, days in (("Second", 2), ("First", 1)):
        scheduled(people["editor"], now + days * DAY, title=title)
    assert titles(desk(client, people["checker"]).scheduled) == ["First", "Second"]


def test_a_failed_item_stands_on_the_desk_and_can_be_tried_again(client, people):
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = scheduled(people["editor"], body=body, title="Held back")
    Passage.objects.update(state="lost")
    DueItem.objects.update(due_at=timezone.now() - HOUR)
    with pytest.raises(CommandError):
        call_command("run_due", stdout=StringIO(), stderr=StringIO())
    seen = desk(client, people["writer"])
    assert titles(seen.failed) == ["Held back"]
    assert titles(seen.scheduled) == []
    shown = text_of(client.get(DESK))
    assert passage.key in shown
    assert "1 attempt; tried again after" in shown

    item = DueItem.objects.get()
    page = reverse("admin:editorial_article_workflow", args=[article.pk])
    retry = reverse("admin:editorial_article_retry", args=[article.pk, item.pk])
    assert "retry_form" not in text_of(client.get(page))
    assert client.post(retry).status_code == 403
    client.force_login(people["editor"])
    assert "retry_form" in text_of(client.get(page))
    assert client.get(retry).status_code == 405
    assert "is tried again at the next look of the worker" in text_of(client.post(retry, follow=True))
    item.refresh_from_db()
    assert (item.retry_at, item.attempts) == (None, 1)
    Passage.objects.update(state="verified")
    call_command("run_due", stdout=StringIO(), stderr=StringIO())
    assert article.editions.live().exists()
    assert "does not wait to be tried again" in text_of(client.post(retry, follow=True))


def test_what_is_being_done_is_not_tried_a_second_time(client, people):
    article = scheduled(people["editor"])
    DueItem.objects.update(error="No.", retry_at=timezone.now() + HOUR, leased_until=timezone.now() + HOUR)
    client.force_login(people["editor"])
    url = reverse("admin:editorial_article_retry", args=[article.pk, DueItem.objects.get().pk])
    assert "does not wait to be tried again" in text_of(client.post(url, follow=True))
    assert DueItem.objects.get().retry_at is not None


def test_the_passages_that_moved_under_a_page_are_named(client, people):
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    make_article(title="Leaning", body=body, published=True)
    make_article(title="A draft", body=body)
    make_article(title="Standing", published=True)
    assert not desk(client, people["editor"]).leaning
    Passage.objects.filter(pk=passage.pk).update(state="lost")
    (leaning,) = desk(client, people["editor"]).leaning.rows
    assert leaning.title == "Leaning"
    assert f"{passage.key}</a> lost" in text_of(client.get(DESK))


def test_only_pages_that_readers_have_are_to_be_looked_at_again(client, people):
    today = timezone.localdate()
    for title, day, published in (
        ("Today", today, True),
        ("Tomorrow", today + DAY, True),
        ("A draft", today, False),
    ):
        make_article(title=title, review_by=day, published=published)
    assert titles(desk(client, people["editor"]).to_review) == ["Today"]


def test_a_worker_that_is_not_heard_is_missed(client, people):
    client.force_login(people["editor"])
    assert "No worker was ever heard" in text_of(client.get(DESK))
    heartbeat = Heartbeat.objects.create(name="run_due", at=timezone.now() - HOUR)
    assert "No worker was heard since" in text_of(client.get(DESK))
    heartbeat.at = timezone.now()
    heartbeat.save()
    assert "No worker" not in text_of(client.get(DESK))


class TestMonth:
    @pytest.fixture(autouse=True)
    def _zone(self, settings):
        settings.TIME_ZONE = "Europe/London"

    def events(self, client, user, month):
        seen = desk(client, user, month=month).month
        return {
            day.date.isoformat(): [(str(one.name), one.article.title) for one in day.events]
            for week in seen.weeks
            for day in week
            if day.events
        }

    def test_it_shows_everything_that_is_planned(self, client, people):
        utc = datetime.UTC
        article = make_article(title="Planned")
        submit_article(user=people["editor"], article=article, looked_at=1)
        schedule_article(
            user=people["editor"],
            article=article,
            looked_at=1,
            publish_at=datetime.datetime(2099, 6, 3, 9, tzinfo=utc),
            expire_at=datetime.datetime(2099, 6, 20, 9, tzinfo=utc),
        )
        other = make_article(title="Other")
        plan = {
            "due": datetime.datetime(2099, 6, 2, 9, tzinfo=utc),
            "embargo_until": datetime.datetime(2099, 6, 3, 8, tzinfo=utc),
            "review_by": datetime.date(2099, 6, 3),
        }
        plan_article(user=people["editor"], article=other, planned=plan)
        assert self.events(client, people["checker"], "2099-06") == {
            "2099-06-02": [("due", "Other")],
            "2099-06-03": [("review date", "Other"), ("embargo ends", "Other"), ("goes live", "Planned")],
            "2099-06-20": [("leaves the site", "Planned")],
        }
        assert "?month=2099-05" in text_of(client.get(DESK, {"month": "2099-06"}))
        empty = client.get(DESK, {"month": "2099-09"})
        assert "Nothing is planned in this month." in text_of(empty)

    def test_a_moment_is_on_the_newsroom_s_day_where_clocks_change(self, client, people):
        utc = datetime.UTC
        # Clocks go forward at 01:00 UTC on 28 March, and back at 01:00 UTC on 31 October.
        for title, at in {
            "before": datetime.datetime(2027, 3, 27, 23, 59, tzinfo=utc),
            "the day": datetime.datetime(2027, 3, 28, 22, 59, tzinfo=utc),
            "after": datetime.datetime(2027, 3, 28, 23, 0, tzinfo=utc),
            "autumn": datetime.datetime(2027, 10, 31, 23, 59, tzinfo=utc),
        }.items():
            make_article(title=title, due=at)
        assert self.events(client, people["editor"], "2027-03") == {
            "2027-03-27": [("due", "before")],
            "2027-03-28": [("due", "the day")],
            "2027-03-29": [("due", "after")],
        }
        assert self.events(client, people["editor"], "2027-10") == {"2027-10-31": [("due", "autumn")]}

    @pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "nonsense", "2026-11-01", "９９９９-01"])
    def test_what_is_no_month_is_the_present_one(self, client, people, month):
        assert desk(client, people["editor"], month=month).month.first == timezone.localdate().replace(day=1)

    def test_what_went_live_stays_and_what_was_cancelled_goes(self, client, people):
        now = timezone.now()
        scheduled(people["editor"], now + HOUR, title="Cancelled")
        DueItem.objects.update(closed_at=now, outcome="cancelled")
        scheduled(people["editor"], now + HOUR, title="Done")
        DueItem.objects.filter(closed_at=None).update(closed_at=now, outcome="done", due_at=now)
        here = self.events(client, people["editor"], "")
        assert here[timezone.localdate().isoformat()] == [("went live", "Done")]

    def test_a_full_day_folds_what_has_no_room(self, client, people):
        for number in range(7):
            make_article(title=f"One of seven {number}", due=timezone.now())
        client.force_login(people["editor"])
        shown = text_of(client.get(DESK))
        assert "<summary>3 more</summary>" in shown


def test_who_only_looks_sees_the_plain_list(client, people):
    viewer = make_user("Writers")
    viewer.groups.clear()
    client.force_login(viewer)
    response = client.get(DESK)
    assert "desk" not in response.context
    assert response.status_code == 200
    assert desk_of(people["checker"]).waits is False


def test_the_desk_greets_everybody_with_nothing_to_do_in_words(client, people):
    for user in people.values():
        client.force_login(user)
        shown = text_of(client.get(DESK))
        for words in (
            "Nothing waits for you.",
            "None of your texts is in review.",
            "Nothing is due within seven days.",
            "Nothing failed.",
            "Nothing is scheduled.",
            "Every passage under a published article stands in its source.",
            "No page’s review date has come.",
            "Everything else",
        ):
            assert words in shown


def _fill(people, count):
    """`count` of everything that the desk shows."""
    now, editor, writer = timezone.now(), people["editor"], people["writer"]
    for _ in range(count):
        submitted(writer, due=now + HOUR)
        article = submitted(writer)
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
        article = submitted(writer)
        request_changes(
            user=people["checker"], article=article, step=step_of(article), looked_at=1, comment="No."
        )
        make_article(assignee=editor, due=now - HOUR)
        submitted(editor, kind="news")
        scheduled(editor, now + HOUR)
        failed = scheduled(editor, now + HOUR)
        DueItem.objects.filter(article=failed).update(error="No.", attempts=1)
        passage = make_passage()
        body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
        make_article(kind="news", body=body, published=True, review_by=timezone.localdate())
        Passage.objects.filter(pk=passage.pk).update(state="lost")


@pytest.mark.usefixtures("stages")
def test_the_desk_calls_people_by_their_names(client, people):
    writer, checker = people["writer"], people["checker"]
    writer.first_name, writer.last_name = "Wren", "Field"
    writer.save()
    submitted(writer)
    client.force_login(checker)
    assert "submitted by Wren Field" in text_of(client.get(DESK))


@pytest.mark.usefixtures("stages")
def test_as_many_queries_with_thirty_of_everything_as_with_three(client, people):
    counts = {}
    for number in (3, 27):
        _fill(people, number)
        for name, user in people.items():
            client.force_login(user)
            client.get(DESK)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(DESK)
            assert response.status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert all(few == many <= 23 for few, many in counts.values()), counts
    seen = desk(client, people["editor"])
    for part in (seen.to_approve, seen.due, seen.scheduled, seen.failed, seen.leaning, seen.to_review):
        assert (len(part.rows), part.more) == (ROWS, True)
    for url in ("?care=passages", "?care=review", "?schedule=failed", "?schedule=coming", "?due=week"):
        assert url in text_of(client.get(DESK))
        listed = client.get(reverse("admin:editorial_article_changelist") + url).context["cl"]
        assert listed.result_count >= 30
