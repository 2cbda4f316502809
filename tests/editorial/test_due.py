"""What happens at a time: scheduled, done once by whoever comes first, kept with its reason when it fails."""

from __future__ import annotations

import contextlib
import datetime
import random
import signal
import subprocess
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from catalog.models import CastEntry, Passage
from editorial.actions import (
    TransitionRefused,
    approve_article,
    correct_article,
    publish_article,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
    unschedule_article,
)
from editorial.due import LEASE, claim, give_back, run_due
from editorial.models import AuditEntry, DueItem, Edition, Heartbeat
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_passage,
    make_season,
    make_stage,
    make_user,
)
from tests.processes import command, output

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor():
    return make_user("Editors")


def approved(editor, **fields):
    article = make_article(**fields)
    submit_article(user=editor, article=article, looked_at=1)
    return article


def scheduled(editor, *, expires: bool = False, **fields):
    article = approved(editor, **fields)
    at = timezone.now() + HOUR
    schedule_article(
        user=editor, article=article, looked_at=1, publish_at=at, expire_at=at + HOUR if expires else None
    )
    return article


def pass_time(article, *verbs):
    """The article's due items became due a while ago."""
    items = article.due_items.filter(verb__in=verbs or ["publish"])
    items.update(due_at=timezone.now() - HOUR)


def pass_end(article):
    """So did the end that its publication brings."""
    now = timezone.now()
    article.due_items.filter(verb="publish").update(due_at=now - HOUR, ends_at=now)


def run():
    out = StringIO()
    call_command("run_due", stdout=out, stderr=out)
    return out.getvalue()


def test_a_scheduled_article_appears_at_its_time_and_leaves_at_its_end(editor):
    article = scheduled(editor, expires=True)
    assert article.status == "scheduled"
    run()
    assert not Edition.objects.exists()
    pass_time(article)
    assert "done" in run()
    article.refresh_from_db()
    assert article.status == "published"
    assert AuditEntry.objects.get(verb="article.published").actor_label == "system"
    pass_time(article, "expire")
    run()
    article.refresh_from_db()
    assert article.status == "draft"
    assert not article.editions.live().exists()
    assert Heartbeat.objects.get().at <= timezone.now()


def test_what_was_written_after_the_schedule_stays_behind(editor):
    article = scheduled(editor)
    article.title = "Later words"
    save_article(user=editor, article=article, based_on=1)
    pass_time(article)
    run()
    article.refresh_from_db()
    assert article.editions.get().revision.number == 1
    assert article.status == "draft"


def test_times_must_make_sense(editor):
    article = approved(editor)
    now = timezone.now()
    for times in ({"publish_at": now - HOUR}, {"publish_at": now + HOUR, "expire_at": now}):
        with pytest.raises(TransitionRefused):
            schedule_article(user=editor, article=article, looked_at=1, **times)
    with pytest.raises(PermissionDenied):
        schedule_article(user=make_user("Writers"), article=article, looked_at=1, publish_at=now + HOUR)


def test_a_draft_of_a_staged_kind_is_not_scheduled(editor):
    make_stage(group="Fact-checkers")
    article = make_article()
    with pytest.raises(TransitionRefused, match="approved"):
        schedule_article(user=editor, article=article, looked_at=1, publish_at=timezone.now() + HOUR)


def test_what_is_taken_off_the_schedule_stays_approved(editor):
    article = scheduled(editor, expires=True)
    unschedule_article(user=editor, article=article, looked_at=1)
    pass_end(article)
    run()
    assert article.status == "approved"
    assert not Edition.objects.exists()
    assert set(DueItem.objects.values_list("outcome", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("missed", [False, True], ids=["unscheduled", "missed"])
def test_what_was_written_after_the_schedule_is_not_called_approved(editor, missed):
    make_stage(group="Editors")
    article = make_article()
    step = submit_article(user=None, article=article, looked_at=1).steps.get()
    approve_article(user=editor, article=article, step=step, looked_at=1)
    at = timezone.now() + HOUR
    schedule_article(user=editor, article=article, looked_at=1, publish_at=at, expire_at=at + HOUR)
    article.title = "Later words"
    save_article(user=make_user("Editors"), article=article, based_on=1)
    if missed:
        pass_end(article)
        run()
    else:
        unschedule_article(user=editor, article=article, looked_at=2)
    article.refresh_from_db()
    assert article.status == "in review"
    approve_article(user=editor, article=article, step=step, looked_at=2)
    assert article.status == "approved"


@pytest.mark.parametrize("missed", [False, True], ids=["unscheduled", "missed"])
def test_a_draft_that_comes_off_the_schedule_is_a_draft_and_can_be_saved(editor, missed):
    """A kind without stages is scheduled without a submission."""
    article = make_article()
    at = timezone.now() + HOUR
    schedule_article(user=editor, article=article, looked_at=1, publish_at=at, expire_at=at + HOUR)
    if missed:
        pass_end(article)
        run()
    else:
        unschedule_article(user=editor, article=article, looked_at=1)
    article.refresh_from_db()
    assert article.status == "draft"
    article.title = "Later words"
    assert save_article(user=editor, article=article, based_on=1).number == 2


def test_who_scheduled_may_have_lost_the_right_since(editor):
    article = scheduled(editor)
    editor.groups.clear()
    editor.is_active = False
    editor.save()
    pass_time(article)
    run()
    assert article.editions.live().exists()


def test_what_would_have_ended_before_it_began_never_appears(editor):
    article = scheduled(editor, expires=True)
    pass_end(article)
    run()
    article.refresh_from_db()
    assert (article.status, Edition.objects.count()) == ("approved", 0)
    assert dict(DueItem.objects.values_list("verb", "outcome")) == {"publish": "missed"}


def test_a_failed_publication_does_not_come_after_its_end(editor):
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = scheduled(editor, expires=True, body=body)
    Passage.objects.filter(pk=passage.pk).update(state="lost")
    pass_time(article)
    with pytest.raises(CommandError):
        run()
    Passage.objects.filter(pk=passage.pk).update(state="verified")
    pass_end(article)
    DueItem.objects.update(retry_at=None)
    run()
    assert not Edition.objects.exists()


def test_the_end_of_what_readers_have_outlasts_the_schedule_of_its_successor(editor):
    article = scheduled(editor, expires=True)
    pass_time(article)
    run()
    article.refresh_from_db()
    article.title = "Amended"
    save_article(user=editor, article=article, based_on=1)
    submit_article(user=editor, article=article, looked_at=2)
    in_a_day = timezone.now() + 24 * HOUR
    schedule_article(user=editor, article=article, looked_at=2, publish_at=in_a_day)
    pass_time(article, "expire")
    run()
    article.refresh_from_db()
    assert not article.editions.live().exists()
    assert article.status == "scheduled"
    article.due_items.filter(closed_at=None).update(due_at=timezone.now())
    run()
    assert article.editions.live().get().revision.number == 2


def test_taking_a_successor_off_the_schedule_leaves_the_end_of_what_readers_have(editor):
    article = scheduled(editor, expires=True)
    pass_time(article)
    run()
    article.refresh_from_db()
    article.title = "Amended"
    save_article(user=editor, article=article, based_on=1)
    submit_article(user=editor, article=article, looked_at=2)
    schedule_article(user=editor, article=article, looked_at=2, publish_at=timezone.now() + 24 * HOUR)
    unschedule_article(user=editor, article=article, looked_at=2)
    pass_time(article, "expire")
    run()
    assert not article.editions.live().exists()


def amended(editor, article):
    """A successor of what readers have, approved as the second revision."""
    article.refresh_from_db()
    article.title = "Amended"
    save_article(user=editor, article=article, based_on=1)
    submit_article(user=editor, article=article, looked_at=2)


@pytest.mark.parametrize("corrected", [False, True], ids=["published", "corrected"])
def test_who_publishes_before_the_schedule_leaves_its_end(editor, corrected):
    article = make_article(published=True)
    amended(editor, article)
    start, end = timezone.now() + HOUR, timezone.now() + 2 * HOUR
    schedule_article(user=editor, article=article, looked_at=2, publish_at=start, expire_at=end)
    if corrected:
        correct_article(user=editor, article=article, looked_at=2, kind="update", note="The date is new.")
    else:
        publish_article(user=editor, article=article, looked_at=2)
    assert dict(article.due_items.filter(closed_at=None).values_list("verb", "due_at")) == {"expire": end}
    pass_time(article, "expire")
    run()
    assert not article.editions.live().exists()


def test_a_successor_never_appears_after_the_end_that_the_page_had(editor):
    article = scheduled(editor, expires=True)
    pass_time(article)
    run()
    amended(editor, article)
    end = article.due_items.get(verb="expire").due_at
    in_between = end - datetime.timedelta(minutes=5)
    item = schedule_article(user=editor, article=article, looked_at=2, publish_at=in_between)
    assert item.ends_at == end
    pass_time(article, "expire")
    article.due_items.filter(pk=item.pk).update(
        due_at=timezone.now() - 2 * HOUR, ends_at=timezone.now() - HOUR
    )
    run()
    assert [edition.revision.number for edition in article.editions.all()] == [1]
    assert not article.editions.live().exists()
    item.refresh_from_db()
    assert item.outcome == "missed"


def test_what_moved_since_its_approval_waits_for_a_new_look(editor):
    make_stage(group="Editors", four_eyes=False)
    season = make_season()
    entry = make_cast_entry(season=season, billed_as="Somebody")
    passage = make_passage()
    for field in ("", "billed_as"):
        make_citation(entry, field, passage=passage)
    embed = f'<div data-embed="cast" data-season="{season.series.slug}/{season.number}"></div>'
    article = make_article(body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>{embed}')
    submission = submit_article(user=editor, article=article, looked_at=1)
    approve_article(user=editor, article=article, step=submission.steps.get(), looked_at=1)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=timezone.now() + HOUR)
    pass_time(article)
    CastEntry.objects.update(billed_as="Somebody Else")
    with pytest.raises(CommandError):
        run()
    assert "re-check" in article.due_items.get(closed_at=None).error
    assert not Edition.objects.exists()
    CastEntry.objects.update(billed_as="Somebody")
    DueItem.objects.update(retry_at=None)
    run()
    assert article.editions.live().exists()


def test_an_item_that_fails_keeps_its_schedule_and_stops_nobody(editor):
    passage = make_passage()
    bad = scheduled(editor, body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>')
    good = scheduled(editor)
    Passage.objects.filter(pk=passage.pk).update(state="lost")
    pass_time(bad)
    pass_time(good)
    with pytest.raises(CommandError):
        run()
    item = bad.due_items.get()
    assert (item.closed_at, item.attempts) == (None, 1)
    assert passage.key in item.error
    assert item.retry_at > timezone.now()
    bad.refresh_from_db()
    assert bad.status == "scheduled"
    assert good.editions.live().exists()
    # Once the source is mended, the next attempt does it.
    Passage.objects.filter(pk=passage.pk).update(state="verified")
    DueItem.objects.filter(pk=item.pk).update(retry_at=timezone.now())
    run()
    item.refresh_from_db()
    assert (item.outcome, item.error, item.attempts) == ("done", "", 2)


def test_a_claimed_item_is_left_alone_until_its_lease_ends(editor):
    article = scheduled(editor)
    pass_time(article)
    now = timezone.now()
    item = claim(now)
    assert item.article == article
    assert claim(now) is None
    assert claim(now + LEASE + HOUR) == item


def test_waiting_grows_with_the_attempts(editor):
    item = scheduled(editor).due_items.get()
    now = timezone.now()
    waits = []
    for item.attempts in (1, 2, 3, 40):
        give_back(item, "away", now)
        item.refresh_from_db(fields=["retry_at"])
        waits.append(int((item.retry_at - now).total_seconds()))
    assert waits == [60, 120, 240, 3600]


def test_an_item_that_somebody_did_meanwhile_is_not_done_twice(editor):
    article = scheduled(editor)
    pass_time(article)
    item = claim(timezone.now())
    run_due_item(item)
    run_due_item(item)
    assert article.editions.count() == 1


def test_a_taken_down_article_is_not_put_back_by_its_old_schedule(editor):
    article = scheduled(editor)
    DueItem.objects.update(outcome="cancelled", closed_at=timezone.now())
    pass_time(article)
    assert run_due(run_due_item) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_due_items_two_workers_do_each_once(editor):
    passage = make_passage()
    supported = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    for _ in range(199):
        pass_time(scheduled(editor, body=supported))
    lost = make_passage()
    bad = scheduled(editor, body=f'<p>A fact.<cite data-passage="{lost.key}"></cite></p>')
    pass_time(bad)
    Passage.objects.filter(pk=lost.pk).update(state="lost")
    connection.close()
    workers = [command("run_due") for _ in range(2)]
    for worker in workers:
        worker.communicate(timeout=120)
    assert Edition.objects.count() == Edition.objects.values("article").distinct().count() == 199
    assert DueItem.objects.filter(outcome="done").count() == 199
    left = DueItem.objects.get(closed_at=None)
    assert left.article == bad
    assert lost.key in left.error


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_any_moment_leave_nothing_half_done(editor):
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    for _ in range(60):
        pass_time(scheduled(editor, body=body))
    connection.close()
    dice = random.Random(20)
    for _ in range(20):
        worker = command("run_due")
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=dice.uniform(0.5, 1.2))
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        _nothing_half_done()
        DueItem.objects.filter(closed_at=None).update(leased_until=None)
    output(command("run_due"))
    _nothing_half_done()
    assert DueItem.objects.filter(outcome="done").count() == 60


def _nothing_half_done():
    """Each item is done with exactly one edition and its footnote, or not at all."""
    done = DueItem.objects.filter(outcome="done")
    assert Edition.objects.count() == done.count()
    for edition in Edition.objects.prefetch_related("footnotes").select_related("article"):
        assert edition.footnotes.count() == 1
        assert edition.article.status == "published"
        assert (
            AuditEntry.objects.filter(verb="article.published", target_id=str(edition.article_id)).count()
            == 1
        )
