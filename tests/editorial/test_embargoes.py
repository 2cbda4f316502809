"""Nothing embargoed is ever public: refused to people and to the machine, with the time in words."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from editorial.actions import (
    TransitionRefused,
    correct_article,
    is_embargoed,
    publish_article,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
)
from editorial.models import Article, DueItem, Edition
from tests.factories import make_article, make_passage, make_user
from tests.forms import form_data

pytestmark = pytest.mark.django_db

UNTIL = datetime.datetime(2099, 12, 1, 8, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
IN_WORDS = "embargoed until Dec. 1, 2099, 8 a.m. \\(GMT\\)"


@pytest.fixture
def editor():
    return make_user("Editors")


def approved(editor, **fields):
    article = make_article(**fields)
    submit_article(user=editor, article=article, looked_at=1)
    return article


def embargo(article, until=UNTIL):
    Article.objects.filter(pk=article.pk).update(embargo_until=until)
    article.refresh_from_db()
    return article


def page(article):
    return reverse("admin:editorial_article_workflow", args=[article.pk])


def amended(editor):
    """A page that readers have, with an approved draft over it."""
    article = make_article(published=True)
    article.title = "Amended"
    save_article(user=editor, article=article, based_on=1)
    submit_article(user=editor, article=article, looked_at=2)
    return article


@pytest.mark.parametrize("machine", [False, True], ids=["a person", "the machine"])
def test_publishing_before_is_refused(editor, machine):
    article = embargo(approved(editor))
    with pytest.raises(TransitionRefused, match=IN_WORDS):
        publish_article(user=None if machine else editor, article=article)
    assert not Edition.objects.exists()


def test_correcting_before_is_refused(editor):
    article = embargo(amended(editor))
    with pytest.raises(TransitionRefused, match=IN_WORDS):
        correct_article(user=editor, article=article, looked_at=2, kind="correction", note="A new date.")
    assert article.editions.live().get().revision.number == 1


def test_publishing_again_before_is_refused(editor):
    passage = make_passage(exact="the words of it")
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = embargo(make_article(published=True, body=body))
    assert publish_article(user=editor, article=article).number == 1  # nothing to publish
    passage.excerpt = "the words"
    passage.save()
    with pytest.raises(TransitionRefused, match=IN_WORDS):
        publish_article(user=editor, article=article)


def test_an_earlier_schedule_is_refused_and_one_for_the_very_moment_is_not(editor):
    article = embargo(approved(editor))
    with pytest.raises(TransitionRefused, match=IN_WORDS):
        schedule_article(
            user=editor, article=article, looked_at=1, publish_at=UNTIL - datetime.timedelta(seconds=1)
        )
    assert not DueItem.objects.exists()
    assert schedule_article(user=editor, article=article, looked_at=1, publish_at=UNTIL).due_at == UNTIL


def test_the_worker_keeps_the_item_with_its_error(editor):
    article = approved(editor)
    schedule_article(user=editor, article=article, looked_at=1, publish_at=timezone.now() + HOUR)
    embargo(article)
    DueItem.objects.update(due_at=timezone.now() - HOUR)
    with pytest.raises(CommandError):
        call_command("run_due", stdout=StringIO(), stderr=StringIO())
    item = DueItem.objects.get()
    assert (item.closed_at, item.attempts) == (None, 1)
    assert "embargoed until Dec. 1, 2099, 8 a.m. (GMT)" in item.error
    assert not Edition.objects.exists()
    embargo(article, timezone.now())
    run_due_item(item)
    assert article.editions.live().exists()


def test_the_command_says_why(editor):
    article = embargo(approved(editor))
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("publish", article.slug, stdout=said, stderr=said)
    assert "embargoed until Dec. 1, 2099, 8 a.m. (GMT)" in said.getvalue()


def test_the_page_offers_only_what_may_be_done_before(client, editor):
    article = embargo(approved(editor))
    client.force_login(editor)
    response = client.get(page(article))
    assert {move.verb for move in response.context["moves"]} == {"withdraw", "schedule"}
    assert "readers get nothing of it before" in response.content.decode()
    data = form_data(response, "schedule_form") | {"publish_at": "2099-11-30T08:00"}
    refused = client.post(page(article), data)
    assert refused.status_code == 409
    assert "embargoed until Dec. 1, 2099, 8 a.m. (GMT)" in refused.content.decode()
    sent_all_the_same = {"verb": "publish", "revision": "1"}
    assert client.post(page(article), sent_all_the_same).status_code == 409
    assert client.get(article.get_absolute_url()).status_code == 404


def test_an_embargo_that_ended_keeps_nothing_back(editor):
    article = embargo(approved(editor), timezone.now() - HOUR)
    assert not is_embargoed(article)
    publish_article(user=editor, article=article)
    assert article.editions.live().exists()


def test_the_text_of_an_article_does_not_lift_its_embargo(editor):
    article = embargo(approved(editor))
    article.embargo_until = None
    article.title = "Other words"
    save_article(user=editor, article=article, based_on=1)
    article.refresh_from_db()
    assert article.embargo_until == UNTIL
