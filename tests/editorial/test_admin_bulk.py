"""Actions for several articles: each has its result, none stops the others; and the lists that lead there."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.actions import save_article, submit_article
from editorial.admin import bulk
from editorial.models import Approval, Article, AuditEntry, Submission
from tests.factories import make_article, make_stage, make_user
from tests.forms import form_data

pytestmark = pytest.mark.django_db

LIST = reverse("admin:editorial_article_changelist")
LATER = datetime.datetime(2099, 5, 4, 9, 30, tzinfo=datetime.UTC)


@pytest.fixture
def editor():
    return make_user("Editors", username="edda")


@pytest.fixture
def writer():
    return make_user("Writers", username="wren", first_name="Wren")


def choose(client, user, action, articles):
    client.force_login(user)
    chosen = {"action": action, "_selected_action": [one.pk for one in articles]}
    return client.post(LIST, chosen, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def apply(client, response, articles, **given):
    """Send the page between with what was asked."""
    data = form_data(response, "bulk_form") | given | {"apply": "Go"}
    return client.post(LIST, data | {"_selected_action": [one.pk for one in articles]}, follow=True)


def test_several_are_assigned_on_a_page_between(client, editor, writer):
    articles = [make_article(title=title) for title in ("One", "Two")]
    between = choose(client, editor, "assign_selected", articles)
    assert all(article.title in between.content.decode() for article in articles)
    assert not Article.objects.filter(assignee=writer).exists()
    assert said(apply(client, between, articles, assignee=writer.pk)) == [
        "“Two”: assigned to Wren.",
        "“One”: assigned to Wren.",
    ]
    assert Article.objects.filter(assignee=writer).count() == 2
    assert AuditEntry.objects.filter(verb="article.planned").count() == 2
    between = choose(client, editor, "assign_selected", articles)
    assert said(apply(client, between, articles[:1], assignee="")) == ["“One”: assigned to nobody."]


def test_a_due_date_is_set_for_several_and_taken_away(client, editor):
    articles = [make_article(title="One")]
    between = choose(client, editor, "set_due_selected", articles)
    answers = said(apply(client, between, articles, due="2099-05-04T10:30"))
    assert answers == ["“One”: due May 4, 2099, 10:30 a.m. (BST)."]
    assert Article.objects.get().due == LATER
    between = choose(client, editor, "set_due_selected", articles)
    assert said(apply(client, between, articles, due="")) == ["“One”: without a due date."]
    assert Article.objects.get().due is None


def test_what_cannot_be_read_is_asked_again_and_nothing_is_set(client, editor):
    articles = [make_article(due=LATER)]
    between = choose(client, editor, "set_due_selected", articles)
    again = apply(client, between, articles, due="soon")
    assert again.status_code == 400
    assert "Enter a valid date/time." in again.content.decode()
    assert Article.objects.get().due == LATER


def test_writers_set_it_for_their_own_and_are_told_of_the_others(client, writer):
    own, other = make_article(title="Own", author=writer), make_article(title="Another’s")
    between = choose(client, writer, "set_due_selected", [own, other])
    answers = said(apply(client, between, [own, other], due="2099-05-04T10:30"))
    assert "“Own”: due May 4, 2099, 10:30 a.m. (BST)." in answers
    assert "“Another’s”: This text is somebody else&#x27;s. Ask its author, or an editor." in answers
    assert list(Article.objects.filter(due=LATER)) == [own]


@pytest.mark.parametrize("action", ["assign_selected", "set_due_selected", "submit_selected"])
def test_who_only_checks_is_offered_none_of_it(client, action):
    article = make_article()
    response = choose(client, make_user("Fact-checkers"), action, [article])
    assert "bulk_form" not in response.content.decode()
    assert not Submission.objects.exists()


def test_one_that_fails_stops_none_of_the_others_and_leaves_nothing_behind(
    client, editor, monkeypatch, caplog
):
    articles = [make_article(title=title) for title in ("One", "Bad", "Three")]
    submit = bulk.submit_article

    def submit_or_fail(*, user, article, looked_at):
        submit(user=user, article=article, looked_at=looked_at)
        if article.title == "Bad":
            raise ZeroDivisionError

    monkeypatch.setattr(bulk, "submit_article", submit_or_fail)
    answers = said(choose(client, editor, "submit_selected", articles))
    assert sorted(answers) == [
        "“Bad”: something went wrong, and nothing of it was changed.",
        "“One” is now: approved.",
        "“Three” is now: approved.",
    ]
    assert sorted(Submission.objects.values_list("article__title", flat=True)) == ["One", "Three"]
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_of_the_database_stops_none_of_the_others(client, editor, monkeypatch):
    articles = [make_article(title=title) for title in ("One", "Bad", "Three")]
    submit = bulk.submit_article

    def submit_or_break(*, user, article, looked_at):
        submit(user=user, article=article, looked_at=looked_at)
        if article.title == "Bad":
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM no_such_table")

    monkeypatch.setattr(bulk, "submit_article", submit_or_break)
    assert len(said(choose(client, editor, "submit_selected", articles))) == 3
    assert Submission.objects.count() == 2


def test_too_many_at_once_are_refused_as_a_whole(client, editor, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    articles = [make_article() for _ in range(3)]
    for action in ("submit_selected", "assign_selected"):
        answers = said(choose(client, editor, action, articles))
        assert answers == ["3 articles are too many at a time: choose at most 2. Nothing was changed."]
    assert not Submission.objects.exists()


def test_several_are_approved_by_whom_they_wait_for(client, editor, writer):
    make_stage(group="Editors")
    articles = [make_article(title="Theirs", author=writer), make_article(title="Hers", author=editor)]
    choose(client, editor, "submit_selected", articles[1:])
    choose(client, writer, "submit_selected", articles[:1])
    answers = said(choose(client, editor, "approve_selected", articles))
    assert "“Theirs” is now: approved." in answers
    assert any(answer.startswith("“Hers”: You wrote this text") for answer in answers)
    assert Approval.objects.get().revision.article.title == "Theirs"


@pytest.mark.parametrize("action", ["submit_selected", "approve_selected", "publish_selected"])
def test_a_text_saved_after_the_list_was_shown_is_left_alone(client, editor, writer, action):
    """Approving what one read must never approve what somebody saved since; the others go on."""
    review = action == "approve_selected"
    if review:
        make_stage(group="Editors")
    late, other = (make_article(title=title, author=writer) for title in ("Late", "Other"))
    if review:
        for article in (late, other):
            submit_article(user=writer, article=article, looked_at=1)
    client.force_login(editor)
    page = client.get(LIST).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert sorted(shown) == sorted([f"{late.pk}-1", f"{other.pk}-1"])
    late.standfirst = "Something else."
    save_article(user=writer, article=late, based_on=1)
    chosen = {"action": action, "_selected_action": [late.pk, other.pk], "shown": shown}
    answers = sorted(said(client.post(LIST, chosen, follow=True)))
    assert answers[0] == "“Late”: Somebody else has saved this article since you opened it."
    assert answers[1].startswith("“Other” is ")
    late.refresh_from_db()
    assert late.status == ("in review" if review else "draft")
    assert not late.editions.exists()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"assigned": "me"}, {"Mine"}),
        ({"assigned": "nobody"}, {"Nobody's", "Late"}),
        ({"assigned": "wren"}, {"Mine", "Wren's", "Nobody's", "Late"}),
        ({"due": "overdue"}, {"Late"}),
        ({"due": "week"}, {"Late", "Mine"}),
        ({"due": "none"}, {"Wren's", "Nobody's"}),
        ({"due": "nonsense"}, {"Mine", "Wren's", "Nobody's", "Late"}),
    ],
)
def test_the_list_is_filtered_by_plan(client, editor, writer, query, expected):
    now, hour = timezone.now(), datetime.timedelta(hours=1)
    make_article(title="Mine", assignee=editor, due=now + hour)
    make_article(title="Wren's", assignee=writer)
    make_article(title="Nobody's")
    make_article(title="Late", due=now - hour)
    client.force_login(editor)
    assert {one.title for one in client.get(LIST, query).context["cl"].queryset} == expected


def test_the_list_can_be_filtered_by_each_assignee(client, editor, writer):
    make_article(title="Wren's", assignee=writer)
    make_article(title="Nobody's")
    client.force_login(editor)
    assert ">Wren<" in "".join(client.get(LIST).content.decode().split())
    found = client.get(LIST, {"assigned": str(writer.pk)}).context["cl"].queryset
    assert [one.title for one in found] == ["Wren's"]


def test_as_many_queries_for_the_list_with_thirty_as_with_three(client, editor):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make_article(assignee=make_user("Writers"), due=LATER)
        client.force_login(editor)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
