"""Who is told of what: the people whom an action concerns, each once, and never the one who did it."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Passage
from editorial import audit
from editorial.actions import (
    PublicationRefused,
    approve_article,
    correct_article,
    keep_stray,
    publish_article,
    request_changes,
    retract_article,
    save_article,
    schedule_article,
    submit_article,
    unpublish_article,
    unschedule_article,
    withdraw_article,
)
from editorial.models import Article, AuditEntry, Comment, DueItem, DueVerb, Notification
from editorial.notices import NAMES
from editorial.telling import TOLD
from tests.factories import make_article, make_contributor, make_passage, make_stage, make_user

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def writer():
    return make_user("Writers", username="wren")


@pytest.fixture
def checker():
    return make_user("Fact-checkers", username="finn")


@pytest.fixture
def editor():
    return make_user("Editors", username="edda")


def told() -> set[tuple[str, str]]:
    """Who was told what since the last time that this was asked."""
    rows = Notification.objects.values_list("user__username", "verb")
    found = list(rows)
    assert len(found) == len(set(found)), "somebody was told twice"
    Notification.objects.all().delete()
    return set(found)


def two_steps(writer, **fields):
    make_stage(name="Fact-check", group="Fact-checkers")
    make_stage(name="Editing", group="Editors")
    return make_article(author=writer, **fields)


def step(article, position: int):
    return article.submissions.get(ended_at=None).steps.get(position=position)


def test_each_step_of_a_review_tells_who_is_next_and_at_its_end_the_writer(writer, checker, editor):
    article = two_steps(writer)
    submit_article(user=writer, article=article, looked_at=1, note="Numbers are new.")
    notification = Notification.objects.get()
    assert notification.article == article
    assert notification.actor_label == "wren"
    assert notification.text == "Numbers are new."
    assert told() == {("finn", "review.waits")}
    approve_article(user=checker, article=article, step=step(article, 1), looked_at=1)
    assert told() == {("edda", "review.waits")}
    approve_article(user=editor, article=article, step=step(article, 2), looked_at=1)
    assert told() == {("wren", "review.complete")}


def test_a_step_that_needs_another_approval_tells_nobody_again(writer, checker, editor):
    make_stage(name="Fact-check", group="Fact-checkers", approvals_needed=2)
    make_stage(name="Editing", group="Editors")
    second = make_user("Fact-checkers", username="fay")
    article = make_article(author=writer)
    submit_article(user=writer, article=article, looked_at=1)
    assert told() == {("finn", "review.waits"), ("fay", "review.waits")}
    approve_article(user=checker, article=article, step=step(article, 1), looked_at=1)
    assert told() == set()
    approve_article(user=second, article=article, step=step(article, 1), looked_at=1)
    assert told() == {("edda", "review.waits")}


def unread() -> list[tuple[str, str]]:
    return sorted(Notification.objects.unread().values_list("user__username", "verb"))


def test_what_waits_no_more_is_read_without_anybody_s_doing(writer, checker, editor):
    make_stage(name="Fact-check", group="Fact-checkers", approvals_needed=2)
    make_stage(name="Editing", group="Editors")
    second = make_user("Fact-checkers", username="fay")
    other, article = make_article(author=writer), make_article(author=writer)
    for one in (other, article):
        submit_article(user=writer, article=one, looked_at=1)
    approve_article(user=checker, article=article, step=step(article, 1), looked_at=1)
    assert unread() == [("fay", "review.waits"), ("fay", "review.waits"), ("finn", "review.waits")]
    approve_article(user=second, article=article, step=step(article, 1), looked_at=1)
    elsewhere = [("fay", "review.waits"), ("finn", "review.waits")]
    assert unread() == [("edda", "review.waits"), *elsewhere]
    request_changes(user=editor, article=article, step=step(article, 2), looked_at=1, comment="No.")
    assert unread() == [*elsewhere, ("wren", "article.changes_requested")]
    submit_article(user=writer, article=article, looked_at=1)
    withdraw_article(user=writer, article=article, looked_at=1)
    assert unread() == [*elsewhere, ("wren", "article.changes_requested")]


def test_with_four_eyes_nobody_is_asked_to_approve_what_they_wrote(writer):
    make_stage(group="Writers", four_eyes=True)
    other = make_user("Editors", username="olga")
    other.groups.add(Group.objects.get(name="Writers"))
    make_user("Writers", username="will")  # in the group, but may not review
    article = make_article(author=writer)
    submit_article(user=writer, article=article, looked_at=1)
    assert told() == {("olga", "review.waits")}


def test_who_wrote_under_four_eyes_is_left_out_though_they_are_in_the_group(writer, editor):
    make_stage(group="Editors", four_eyes=True)
    colleague = make_user("Editors", username="emil")
    article = make_article(author=colleague)
    submit_article(user=editor, article=article, looked_at=1)
    assert told() == set()
    withdraw_article(user=editor, article=article, looked_at=1)
    assert told() == {("emil", "article.withdrawn")}
    make_user("Editors", username="eva")
    submit_article(user=editor, article=article, looked_at=1)
    assert told() == {("eva", "review.waits")}


def test_a_change_request_reaches_whose_text_it_is_with_its_words(writer, checker):
    byline = make_user("Writers", username="bea")
    assignee = make_user("Writers", username="asa")
    author = make_contributor(user=byline)
    article = two_steps(writer, contributors=(author,), assignee=assignee)
    submit_article(user=writer, article=article, looked_at=1)
    told()
    request_changes(
        user=checker, article=article, step=step(article, 1), looked_at=1, comment="Whose number is it?"
    )
    assert set(Notification.objects.values_list("text", flat=True)) == {"Whose number is it?"}
    assert told() == {(name, "article.changes_requested") for name in ("wren", "bea", "asa")}


def test_only_who_can_sign_in_and_may_see_articles_is_told(writer, checker):
    article = two_steps(writer)
    make_user("Fact-checkers", is_active=False)
    make_user("Fact-checkers", is_staff=False)
    stranger = make_user(None, is_staff=True, username="sam")
    Article.objects.filter(pk=article.pk).update(assignee=stranger)
    submit_article(user=writer, article=article, looked_at=1)
    assert told() == {("finn", "review.waits")}
    withdraw_article(user=make_user("Editors"), article=article, looked_at=1)
    assert told() == {("wren", "article.withdrawn")}


def test_withdrawing_one_s_own_text_tells_nobody(writer, checker):
    article = two_steps(writer)
    submit_article(user=writer, article=article, looked_at=1)
    told()
    withdraw_article(user=writer, article=article, looked_at=1)
    assert told() == set()


def test_who_wrote_what_readers_get_is_told_of_every_turn_of_it(writer, editor):
    article = make_article(author=writer, kind="news")
    submit_article(user=writer, article=article, looked_at=1)
    schedule_article(
        user=editor, article=article, looked_at=1, publish_at=timezone.now() + HOUR, expire_at=None
    )
    assert told() == {("wren", "article.scheduled")}
    unschedule_article(user=editor, article=article, looked_at=1)
    assert told() == {("wren", "article.unscheduled")}
    publish_article(user=editor, article=article)
    assert told() == {("wren", "article.published")}
    article.title = "Amended"
    other = make_user("Editors", username="olga")
    save_article(user=other, article=article, based_on=1)
    submit_article(user=other, article=article, looked_at=2)
    correct_article(user=editor, article=article, looked_at=2, kind="correction", note="It was not so.")
    assert set(Notification.objects.values_list("text", flat=True)) == {"It was not so."}
    # Whose first edition it was has nothing to do with the second.
    assert told() == {("olga", "article.corrected")}
    unpublish_article(user=editor, article=article, looked_at=2, reason="A request.")
    assert told() == {("olga", "article.unpublished")}


def test_a_retraction_is_told_with_its_reason(writer, editor):
    article = make_article(author=writer, kind="news", published=True)
    told()
    retract_article(user=editor, article=article, looked_at=1, reason="Nobody said it.")
    assert Notification.objects.get().text == "Nobody said it."
    assert told() == {("wren", "article.retracted")}


def test_a_text_that_came_too_late_over_mine_is_told(writer, editor):
    article = make_article(author=writer)
    article.title = "Somebody else's"
    keep_stray(user=editor, article=article, based_on=None, contributors=[])
    assert told() == {("wren", "article.stray_kept")}


def scheduled(editor, writer=None, **fields):
    article = make_article(author=writer, **fields)
    submit_article(user=editor, article=article, looked_at=1)
    at = timezone.now() + HOUR
    schedule_article(user=editor, article=article, looked_at=1, publish_at=at, expire_at=at + HOUR)
    return article


def pass_time(article):
    article.due_items.update(due_at=timezone.now() - HOUR)


def test_what_the_worker_does_is_told_without_a_name(writer, editor):
    article = scheduled(editor, writer)
    told()
    pass_time(article)
    call_command("run_due", verbosity=0)
    assert Notification.objects.get().actor_label == ""
    assert told() == {("wren", "article.published")}
    pass_time(article)
    article.due_items.filter(closed_at=None).update(due_at=timezone.now())
    call_command("run_due", verbosity=0)
    assert told() == {("wren", "article.expired")}


def test_what_never_appeared_is_told_to_who_scheduled_it_too(writer, editor):
    article = scheduled(editor, writer)
    told()
    now = timezone.now()
    article.due_items.update(due_at=now - HOUR, ends_at=now)
    call_command("run_due", verbosity=0)
    assert told() == {("wren", "article.missed"), ("edda", "article.missed")}


def test_a_failure_is_told_once_however_often_it_is_tried(writer, editor):
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = scheduled(editor, writer, body=body)
    told()
    make_user("Editors", username="olga")
    editor.groups.clear()
    editor.user_permissions.add(Permission.objects.get(codename="view_article"))
    Passage.objects.filter(pk=passage.pk).update(state="lost")
    pass_time(article)
    for _attempt in range(3):
        with pytest.raises(CommandError):
            call_command("run_due", verbosity=0)
        DueItem.objects.update(retry_at=None)
    assert passage.key in Notification.objects.first().text
    # Who scheduled it may publish no more, and is told all the same.
    assert told() == {("edda", "due.publish_failed"), ("olga", "due.publish_failed")}


def due_for_review(**fields):
    article = make_article(**fields)
    DueItem.objects.create(article=article, verb="remind", due_at=timezone.now() - HOUR)
    return article


def test_a_day_of_review_reminds_who_has_the_article_and_who_is_in_its_byline(writer, editor):
    assignee = make_user("Writers", username="asa")
    article = due_for_review(
        author=writer, assignee=assignee, contributors=(make_contributor(user=make_user("Writers")),)
    )
    byline = article.contributors.get().user.username
    call_command("run_due", verbosity=0)
    call_command("run_due", verbosity=0)
    assert told() == {("asa", "review.due"), (byline, "review.due")}
    item = article.due_items.get()
    assert (item.outcome, item.error) == ("done", "")
    assert AuditEntry.objects.get(verb="article.review_due").actor_label == "system"


def test_where_nobody_keeps_an_article_the_editors_are_reminded(writer, editor):
    article = due_for_review(author=writer, assignee=make_user("Writers", is_active=False))
    call_command("run_due", verbosity=0)
    assert told() == {("edda", "review.due")}
    assert article.due_items.get().outcome == "done"


def test_nobody_is_reminded_of_what_is_put_away(writer, editor):
    article = due_for_review(author=writer)
    Article.objects.filter(pk=article.pk).update(status="archived")
    call_command("run_due", verbosity=0)
    assert told() == set()
    assert article.due_items.get().outcome == "done"


def comment(article, author, *, parent=None, mentions=()):
    made = Comment.objects.create(
        article=article,
        author=author,
        author_label=str(author),
        text="Is it so?",
        at=timezone.now(),
        revision=article.revisions.newest(),
        parent=parent,
    )
    made.mentions.set(mentions)
    verb = "article.commented" if parent is None else "article.comment_answered"
    audit.record(user=author, verb=verb, target=article, data={"comment": made.text, "number": made.pk})
    return made


def test_who_is_given_an_article_is_told_and_who_gave_it_to_themselves_is_not(writer, editor):
    article = make_article(assignee=writer)
    audit.record(user=editor, verb="article.planned", target=article, data={"assignee": [None, "wren"]})
    assert told() == {("wren", "article.assigned")}
    audit.record(user=editor, verb="article.planned", target=article, data={"due": [None, "2030-01-01"]})
    audit.record(user=writer, verb="article.planned", target=article, data={"assignee": [None, "wren"]})
    assert told() == set()


def test_a_comment_reaches_the_mentioned_the_answered_and_whose_text_it_is(writer, checker, editor):
    article = make_article(author=writer)
    first = comment(article, checker)
    assert told() == {("wren", "comment.made")}
    comment(article, writer, parent=first)
    assert told() == {("finn", "comment.answered")}
    comment(article, checker, parent=first, mentions=[editor, checker, writer])
    assert set(Notification.objects.values_list("text", flat=True)) == {"Is it so?"}
    assert told() == {("edda", "comment.mentioned"), ("wren", "comment.mentioned")}
    comment(article, editor, parent=first)
    assert told() == {("finn", "comment.answered"), ("wren", "comment.answered")}


def test_who_may_not_see_articles_hears_of_no_mention(writer, editor):
    stranger = make_user(None, is_staff=True)
    comment(make_article(), editor, mentions=[stranger])
    assert told() == set()


def test_what_is_refused_or_rolled_back_is_told_to_nobody(writer, checker):
    article = two_steps(writer, body="")
    with pytest.raises(PublicationRefused):
        submit_article(user=writer, article=article, looked_at=1)
    article = two_steps(writer)
    with transaction.atomic():
        submit_article(user=writer, article=article, looked_at=1)
        transaction.set_rollback(True)
    assert told() == set()


def test_telling_thirty_takes_as_many_queries_as_telling_three(writer):
    counts = []
    for number in (3, 30):
        readers = [make_contributor(user=make_user("Writers")) for _ in range(number)]
        article = make_article(author=writer, contributors=tuple(readers))
        with CaptureQueriesContext(connection) as queries:
            audit.record(user=writer, verb="article.scheduled", target=article)
        assert Notification.objects.filter(article=article).count() == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 5


def test_every_notice_has_its_words():
    named = {rule.notice for rules in TOLD.values() for rule in rules}
    of_imports = {f"import.{state}" for state in ("checked", "imported", "undone", "failed")}
    of_readers = {"report.made"}
    due = {f"due.{verb}_failed" for verb in DueVerb.values}
    assert named | due | of_imports | of_readers == set(NAMES)
