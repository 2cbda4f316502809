"""Warnings keep people back until an editor overrides them; errors keep everybody back."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Season
from editorial.actions import (
    PublicationRefused,
    StaleArticle,
    TransitionRefused,
    correct_article,
    override_warning,
    publish_article,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
)
from editorial.models import AuditEntry, Edition, Override
from tests import factories as make
from tests.processes import output, start

pytestmark = pytest.mark.django_db

LONG = "A title that is far too long for what a search engine shows of it"
WARNING = {"code": "long-title", "where": LONG}
REASON = "Search is not how people find it."


@pytest.fixture
def editor():
    return make.make_user("Editors", first_name="Ada", last_name="Brandt")


@pytest.fixture
def article():
    return make.make_article(title=LONG)


def held_back(act) -> list[str]:
    with pytest.raises(PublicationRefused) as refused:
        act()
    return [one.code for one in refused.value.problems]


def override(user, article, looked_at=1, **given):
    known = {**WARNING, "reason": REASON, **given}
    return override_warning(user=user, article=article, looked_at=looked_at, **known)


def test_a_warning_keeps_people_back_until_it_is_overridden(article, editor):
    later = timezone.now() + datetime.timedelta(days=1)
    assert held_back(lambda: publish_article(user=editor, article=article)) == ["long-title"]
    schedule = {"user": editor, "article": article, "looked_at": 1, "publish_at": later}
    assert held_back(lambda: schedule_article(**schedule)) == ["long-title"]
    override(editor, article)
    assert schedule_article(**schedule)
    assert publish_article(user=editor, article=article)


def test_a_correction_is_kept_back_too(article, editor):
    publish_article(user=None, article=article)
    article.standfirst = "Longer."
    save_article(user=editor, article=article, based_on=1)
    correction = {"user": editor, "article": article, "looked_at": 2, "kind": "correction", "note": "Mended."}
    article.status = "approved"
    assert held_back(lambda: correct_article(**correction)) == ["long-title"]
    override(editor, article, looked_at=2)
    assert correct_article(**correction)


def test_a_warning_keeps_nobody_from_the_review(article):
    assert submit_article(user=make.make_user("Editors"), article=article, looked_at=1)


def test_the_machine_is_kept_back_by_errors_only(article, editor, capsys):
    call_command("publish", article.slug)
    other = make.make_article(title=LONG)
    with pytest.raises(CommandError):
        call_command("publish", other.slug, user=editor.username)
    assert LONG in capsys.readouterr().err
    broken = make.make_article(title=LONG, standfirst="")
    assert held_back(lambda: publish_article(user=None, article=broken)) == ["missing-standfirst"]


def test_what_is_due_goes_out_in_spite_of_a_new_warning_and_not_of_an_error(editor):
    season = make.make_season(status="renewed")
    passage = make.make_passage()
    make.make_citation(season, "status", passage)
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = make.make_article(season=season, body=body)
    later = timezone.now() + datetime.timedelta(days=1)
    item = schedule_article(user=editor, article=article, looked_at=1, publish_at=later)
    Season.objects.update(status="cancelled")
    assert run_due_item(item).outcome == "done"
    second = make.make_article(body=body)
    item = schedule_article(user=editor, article=second, looked_at=1, publish_at=later)
    type(passage).objects.update(state="lost")
    assert held_back(lambda: run_due_item(item)) == ["lost-passage"]


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_not_publish_overrides_nothing(article, role):
    with pytest.raises(PermissionDenied):
        override(make.make_user(role), article)
    assert not Override.objects.exists()


def test_an_error_is_overridden_by_nobody(editor):
    article = make.make_article(standfirst="")
    administrator = make.make_user("Administrators")
    with pytest.raises(TransitionRefused, match="Nobody can override an error"):
        override(administrator, article, code="missing-standfirst", where="standfirst")


def test_an_override_needs_a_reason_and_a_warning_that_is_there(article, editor):
    with pytest.raises(TransitionRefused, match="reason"):
        override(editor, article, reason=" ")
    with pytest.raises(TransitionRefused, match="not find this any more"):
        override(editor, article, where="Another title")
    with pytest.raises(TransitionRefused, match="not find this any more"):
        override(editor, article, code="spoiler-title")


def test_an_override_names_the_revision_that_was_looked_at(article, editor):
    article.standfirst = "Changed."
    save_article(user=None, article=article, based_on=1)
    with pytest.raises(StaleArticle):
        override(editor, article)


def test_an_override_is_kept_in_the_history_and_given_once(article, editor):
    given = override(editor, article, reason=f"  {REASON} ")
    assert override(make.make_user("Editors"), article, reason="Another") == given
    entry = AuditEntry.objects.get(verb="article.warning_overridden")
    assert (entry.actor, entry.in_words, entry.remark) == (editor, "overrode a warning", REASON)
    assert entry.subject == "The title has 65 characters; search results cut it after about 60."
    assert entry.data == {**WARNING, "revision": 1, "reason": REASON, "what": entry.subject}


def test_an_override_holds_for_later_revisions_until_what_it_is_about_changes(article, editor):
    override(editor, article)
    article.standfirst = "Changed."
    save_article(user=editor, article=article, based_on=1)
    assert publish_article(user=editor, article=article)
    article.title = f"{LONG} and more"
    save_article(user=editor, article=article, based_on=2)
    assert held_back(lambda: publish_article(user=editor, article=article)) == ["long-title"]
    article.title = LONG
    save_article(user=editor, article=article, based_on=3)
    assert publish_article(user=editor, article=article)


def test_another_article_with_the_same_warning_is_still_kept_back(article, editor):
    override(editor, article)
    assert held_back(lambda: publish_article(user=editor, article=make.make_article(title=LONG)))


def test_another_value_on_either_side_asks_again(editor):
    season = make.make_season(status="renewed")
    ours = make.make_passage()
    make.make_citation(season, "status", ours, says="renewed")
    make.make_citation(season, "status", make.make_passage(ours.source), says="renewed")
    theirs = make.make_citation(
        season, "status", make.make_passage(ours.source), stance="contradicts", says="cancelled"
    )
    body = f'<p>A fact.<cite data-passage="{ours.key}"></cite></p>'
    article = make.make_article(season=season, body=body)
    with pytest.raises(PublicationRefused) as refused:
        publish_article(user=editor, article=article)
    [problem] = refused.value.problems
    override(editor, article, code=problem.code, where=problem.where)
    theirs.says = "filming"
    theirs.save()
    assert held_back(lambda: publish_article(user=editor, article=article)) == ["differing"]
    theirs.says = "cancelled"
    theirs.save()
    assert publish_article(user=editor, article=article)


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_leave_one_override():
    article = make.make_article(title=LONG)
    names = [make.make_user("Editors").username for _ in range(2)]
    code = """
from django.contrib.auth.models import User
from editorial.actions import override_warning
from editorial.models import Article
user = User.objects.get(username={name})
article = Article.objects.get(pk={pk})
known = {{"code": "long-title", "where": article.title, "reason": "So."}}
override_warning(user=user, article=article, looked_at=1, **known)
"""
    running = [start(code.format(name=json.dumps(name), pk=article.pk)) for name in names]
    for process in running:
        output(process)
    assert Override.objects.count() == 1
    assert AuditEntry.objects.filter(verb="article.warning_overridden").count() == 1
    assert not Edition.objects.exists()
