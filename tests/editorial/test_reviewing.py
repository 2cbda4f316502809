"""Submitting, approving and sending back, and what an approval is bound to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import ProtectedError

from catalog.models import CastEntry, Passage
from editorial.actions import (
    PublicationRefused,
    StaleArticle,
    TransitionRefused,
    approve_article,
    examine_revision,
    publish_article,
    request_changes,
    save_article,
    submit_article,
    unpublish_article,
    withdraw_article,
)
from editorial.models import Approval, AuditEntry, Edition
from editorial.reviews import review_state
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_contributor,
    make_passage,
    make_season,
    make_stage,
    make_user,
)
from tests.processes import output, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make_user("Writers", username="wren")


@pytest.fixture
def checker():
    return make_user("Fact-checkers", username="finn")


@pytest.fixture
def editor():
    return make_user("Editors", username="edda")


def stages(kind="recap"):
    """Fact-check, then editing, for articles of the kind."""
    return [
        make_stage(kind=kind, name="Fact-check", group="Fact-checkers"),
        make_stage(kind=kind, name="Editing", group="Editors"),
    ]


def written_by(user, **fields):
    """An article that this person wrote."""
    return make_article(author=user, **fields)


def submitted(writer, **fields):
    article = written_by(writer, **fields)
    return article, submit_article(user=writer, article=article, looked_at=1)


def state_of(article):
    revision = article.revisions.newest()
    examined = examine_revision(article, revision)
    return review_state(article.submissions.get(ended_at=None), revision.content_hash, examined.evidence)


def take(article, user, **fields):
    """The current step, approved by this person."""
    number = article.revisions.newest().number
    return approve_article(
        user=user, article=article, step=state_of(article).current.step, **{"looked_at": number, **fields}
    )


def test_an_article_goes_through_its_stages(writer, checker, editor):
    stages()
    article, submission = submitted(writer)
    assert article.status == "in review"
    assert [step.name for step in submission.steps.all()] == ["Fact-check", "Editing"]
    take(article, checker)
    assert article.status == "in review"
    take(article, editor)
    assert article.status == "approved"
    edition = publish_article(user=editor, article=article, looked_at=1)
    assert (article.status, edition.revision.number) == ("published", 1)
    submission.refresh_from_db()
    assert submission.outcome == "published"
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-4:] == [
        "article.submitted",
        "article.approved",
        "article.approved",
        "article.published",
    ]


def test_what_was_not_approved_is_not_published(writer, checker, editor):
    stages()
    article = written_by(writer)
    with pytest.raises(TransitionRefused, match="approved"):
        publish_article(user=editor, article=article)
    submit_article(user=writer, article=article, looked_at=1)
    take(article, checker)
    with pytest.raises(TransitionRefused):
        publish_article(user=None, article=article)
    assert not Edition.objects.exists()


def test_a_kind_without_stages_is_approved_at_once(writer, editor):
    article, _submission = submitted(writer)
    assert article.status == "approved"
    assert publish_article(user=editor, article=article)


def test_an_empty_article_is_not_submitted(writer):
    article = written_by(writer, body="")
    with pytest.raises(PublicationRefused, match="no text"):
        submit_article(user=writer, article=article, looked_at=1)


def test_a_text_saved_meanwhile_is_not_submitted_or_approved(writer, checker):
    stages()
    article = written_by(writer)
    with pytest.raises(StaleArticle):
        submit_article(user=writer, article=article, looked_at=0)
    submit_article(user=writer, article=article, looked_at=1)
    article.title = "Saved meanwhile"
    save_article(user=writer, article=article, based_on=1)
    with pytest.raises(StaleArticle):
        take(article, checker, looked_at=1)
    assert not Approval.objects.exists()


class TestWhoMay:
    def test_nobody_approves_outside_of_the_step_s_group(self, writer, editor):
        stages()
        article, _submission = submitted(writer)
        with pytest.raises(PermissionDenied, match="Fact-checkers"):
            take(article, editor)

    def test_a_writer_approves_nothing(self, writer):
        stages()
        article, _submission = submitted(make_user("Writers"))
        with pytest.raises(PermissionDenied):
            take(article, writer)

    def test_four_eyes_look_through_byline_assignee_and_submitter(self, writer, editor):
        make_stage(group="Editors")
        article = written_by(editor)
        article.assignee = writer
        article.save()
        byline = make_contributor(user=writer)
        # Somebody else submits it under somebody else's name: the revisions know who wrote it.
        save_article(user=editor, article=article, based_on=1, contributors=[byline])
        submit_article(user=writer, article=article, looked_at=2)
        with pytest.raises(PermissionDenied, match="You wrote this text"):
            take(article, editor)

    def test_who_submitted_a_text_does_not_approve_it(self, writer):
        make_stage(group="Editors")
        editor = make_user("Editors")
        article = written_by(writer)
        submit_article(user=editor, article=article, looked_at=1)
        with pytest.raises(PermissionDenied):
            take(article, editor)

    def test_without_four_eyes_one_may(self, editor):
        make_stage(group="Editors", four_eyes=False)
        article, _submission = submitted(editor)
        take(article, editor)
        assert article.status == "approved"

    def test_what_readers_have_already_is_nobody_s_own_any_more(self, writer, editor):
        article = written_by(editor, published=True)
        make_stage(group="Editors")
        article.assignee = writer
        article.title = "Amended"
        article.save()
        save_article(user=writer, article=article, based_on=1)
        submit_article(user=writer, article=article, looked_at=2)
        take(article, editor)
        assert article.status == "approved"

    def test_a_writer_leaves_the_texts_of_others_alone(self, writer):
        article = written_by(make_user("Writers"))
        article.title = "Mine now"
        with pytest.raises(PermissionDenied, match="somebody else"):
            save_article(user=writer, article=article, based_on=1)
        with pytest.raises(PermissionDenied):
            submit_article(user=writer, article=article, looked_at=1)

    def test_one_person_counts_once(self, writer, editor):
        make_stage(group="Editors", approvals_needed=2)
        article, _submission = submitted(writer)
        take(article, editor)
        assert article.status == "in review"
        with pytest.raises(TransitionRefused, match="already"):
            take(article, editor)
        take(article, make_user("Editors"))
        assert article.status == "approved"


class TestSentBack:
    def test_changes_are_requested_with_a_comment(self, writer, checker):
        stages()
        article, submission = submitted(writer)
        step = submission.steps.first()
        with pytest.raises(TransitionRefused, match="what has to change"):
            request_changes(user=checker, article=article, step=step, looked_at=1, comment=" ")
        request_changes(user=checker, article=article, step=step, looked_at=1, comment="Whose number is it?")
        assert article.status == "draft"
        submission.refresh_from_db()
        assert submission.outcome == "changes requested"
        assert Approval.objects.get().comment == "Whose number is it?"

    def test_a_review_sent_back_begins_anew(self, writer, checker, editor):
        stages()
        article, submission = submitted(writer)
        take(article, checker)
        request_changes(
            user=editor, article=article, step=submission.steps.last(), looked_at=1, comment="Shorter."
        )
        submit_article(user=writer, article=article, looked_at=1)
        assert state_of(article).current.step.name == "Fact-check"

    def test_a_writer_withdraws_their_own(self, writer):
        stages()
        article, submission = submitted(writer)
        with pytest.raises(PermissionDenied):
            withdraw_article(user=make_user("Writers"), article=article, looked_at=1)
        withdraw_article(user=writer, article=article, looked_at=1)
        submission.refresh_from_db()
        assert (article.status, submission.outcome) == ("draft", "withdrawn")


class TestStagesAreFrozen:
    def test_a_stage_switched_off_or_deleted_finishes_no_review(self, writer, checker):
        first, second = stages()
        article, _submission = submitted(writer)
        take(article, checker)
        second.is_active = False
        second.save()
        first.delete()
        second.delete()
        assert article.status == "in review"
        assert state_of(article).current.step.name == "Editing"
        with pytest.raises(TransitionRefused):
            publish_article(user=None, article=article)

    def test_a_step_whose_group_is_gone_waits(self, writer):
        stage = make_stage(group="Night desk")
        article, submission = submitted(writer)
        stage.delete()
        Group.objects.get(name="Night desk").delete()
        step = submission.steps.get()
        assert step.group is None
        with pytest.raises(PermissionDenied, match="Night desk"):
            approve_article(user=make_user("Editors"), article=article, step=step, looked_at=1)

    def test_a_group_that_a_stage_needs_cannot_be_deleted(self):
        stage = make_stage(group="Night desk")
        with pytest.raises(ProtectedError):
            stage.group.delete()


class TestApprovalsBind:
    @pytest.fixture
    def passages(self):
        return [make_passage(), make_passage()]

    @pytest.fixture
    def articles(self, writer, editor, passages):
        """Two approved articles: the first cites one passage, the second embeds the cast of a season."""
        make_stage(group="Editors")
        season = make_season()
        entry = make_cast_entry(season=season, status="confirmed")
        make_citation(entry, passage=passages[1])
        make_citation(entry, "status", passage=passages[1])
        cites = f'<p>A fact.<cite data-passage="{passages[0].key}"></cite></p>'
        embeds = f'<div data-embed="cast" data-season="{season.series.slug}/{season.number}"></div>'
        found = []
        for slug, body in (
            ("cites", cites),
            ("embeds", cites.replace(passages[0].key, make_passage().key) + embeds),
        ):
            article, _submission = submitted(writer, slug=slug, body=body)
            take(article, editor)
            assert article.status == "approved"
            found.append(article)
        return found

    def drifted(self, article):
        state = state_of(article)
        return [key for step in state.steps for one in step.needs_recheck for key in one.drift.evidence]

    def test_a_changed_passage_touches_only_who_cites_it(self, articles, passages, editor):
        cites, embeds = articles
        Passage.objects.filter(pk=passages[0].pk).update(state="changed")
        assert self.drifted(cites) == [passages[0].key]
        assert self.drifted(embeds) == []
        with pytest.raises(PublicationRefused) as refusal:
            publish_article(user=editor, article=cites)
        assert {problem.code for problem in refusal.value.problems} == {"lost-passage", "needs-recheck"}
        assert publish_article(user=editor, article=embeds)

    def test_a_value_in_an_embedded_table_touches_only_who_shows_it(self, articles, editor):
        cites, embeds = articles
        entry = CastEntry.objects.get()
        entry.billed_as = "Somebody Else"
        entry.status = "unsure"
        entry.save()
        assert self.drifted(cites) == []
        assert len(self.drifted(embeds)) == 1
        with pytest.raises(PublicationRefused, match="re-check"):
            publish_article(user=editor, article=embeds)

    def test_a_text_that_comes_to_this_machine_touches_nobody(self, articles, passages):
        Passage.objects.filter(pk=passages[0].pk).update(state="unattached", exact="")
        assert self.drifted(articles[0]) == []

    def test_an_edit_puts_the_approval_in_doubt_and_its_return_restores_it(self, articles, writer):
        article = articles[0]
        title = article.title
        article.title = "Another"
        save_article(user=writer, article=article, based_on=1)
        assert article.status == "in review"
        assert state_of(article).current.needs_recheck[0].drift.text
        article.title = title
        save_article(user=writer, article=article, based_on=2)
        assert article.status == "approved"

    def test_a_save_that_changes_nothing_resets_nothing(self, articles, writer):
        save_article(user=writer, article=articles[0], based_on=1)
        assert articles[0].status == "approved"

    def test_who_approved_approves_again_after_a_recheck(self, articles, passages, editor):
        entry = CastEntry.objects.get()
        entry.status = "unsure"
        entry.save()
        article = articles[1]
        take(article, editor)
        assert article.status == "approved"
        assert publish_article(user=editor, article=article)


def test_taking_an_article_off_the_site_ends_everything_under_way(writer, editor):
    article = written_by(writer, published=True)
    make_stage(group="Editors")
    article.title = "Amended"
    save_article(user=writer, article=article, based_on=1)
    submission = submit_article(user=writer, article=article, looked_at=2)
    with pytest.raises(TransitionRefused, match="reason"):
        unpublish_article(user=editor, article=article, looked_at=2, reason="")
    unpublish_article(user=editor, article=article, looked_at=2, reason="The source withdrew it.")
    submission.refresh_from_db()
    assert (article.status, submission.outcome) == ("draft", "withdrawn")
    assert not article.editions.live().exists()


RACE = """
from django.contrib.auth.models import User
from editorial.actions import TransitionRefused, approve_article
from editorial.models import Article, Step
try:
    approve_article(
        user=User.objects.get(username="{name}"),
        article=Article.objects.get(),
        step=Step.objects.get(name="Editing"),
        looked_at=1,
    )
except TransitionRefused as refusal:
    print("refused")
else:
    print("approved")
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_one_step_exactly_one_counts(writer):
    make_stage(name="Editing", group="Editors")
    names = ["edda", "emil"]
    for name in names:
        make_user("Editors", username=name)
    article, _submission = submitted(writer)
    connection.close()
    processes = [start(RACE.format(name=name)) for name in names]
    assert sorted(output(process).strip() for process in processes) == ["approved", "refused"]
    assert Approval.objects.count() == 1
    article.refresh_from_db()
    assert article.status == "approved"


PUBLISH = """
from editorial.actions import publish_article
from editorial.models import Article
print(publish_article(user=None, article=Article.objects.get(), looked_at=1).number)
"""


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_make_one_edition(writer):
    article = written_by(writer)
    connection.close()
    processes = [start(PUBLISH) for _ in range(2)]
    assert [output(process).strip() for process in processes] == ["1", "1"]
    assert article.editions.count() == 1
