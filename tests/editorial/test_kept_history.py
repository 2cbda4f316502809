"""No code path deletes history: the database refuses, whoever asks and in whatever way."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog.models import Decision, Reanchoring, Recapture, Snapshot
from editorial.actions import approve_article, publish_article, retract_article, submit_article
from editorial.models import (
    Approval,
    Article,
    AuditEntry,
    Autosave,
    Correction,
    Edition,
    Footnote,
    Override,
    Pictured,
    Rendering,
    Revision,
    SentenceVerdict,
    Step,
    Submission,
)
from tests.factories import (
    make_article,
    make_decision,
    make_photo,
    make_reanchoring,
    make_stage,
    make_user,
    sha256,
)

KEPT = [
    Approval,
    AuditEntry,
    Correction,
    Decision,
    Edition,
    Footnote,
    Override,
    Pictured,
    Reanchoring,
    Recapture,
    Rendering,
    Revision,
    SentenceVerdict,
    Snapshot,
    Step,
    Submission,
]


def make_history() -> Article:
    """An article that was reviewed, published and retracted, and a row of everything that is kept."""
    editor, now = make_user("Editors"), timezone.now()
    make_stage(group="Editors")
    article = make_article(author=make_user("Writers"), photo=make_photo())
    submission = submit_article(user=None, article=article, looked_at=1)
    step, revision = submission.steps.get(), article.revisions.get()
    approve_article(user=editor, article=article, step=step, looked_at=1)
    publish_article(user=editor, article=article, looked_at=1)
    retract_article(user=editor, article=article, looked_at=1, reason="Nobody had said it.")
    by = {"revision": revision, "user": editor, "at": now}
    Override.objects.create(article=article, code="quoting", reason="The network agreed.", **by)
    SentenceVerdict.objects.create(
        step=step, sentence_sha256=sha256("A fact."), sentence="A fact.", mark="holds", **by
    )
    Rendering.objects.create(revision=revision, html="<p>A fact.</p>", at=now)
    make_reanchoring()
    make_decision()
    return article


@pytest.mark.django_db
@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.model_name)
def test_the_database_deletes_no_history(model):
    make_history()
    before = model.objects.count()
    assert before
    ways = [
        lambda: model.objects.all()._raw_delete("default"),
        lambda: connection.cursor().execute(f'DELETE FROM "{model._meta.db_table}"'),
    ]
    for way in ways:
        with pytest.raises(IntegrityError, match="rows are kept for good"), transaction.atomic():
            way()
    assert model.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"submitted_by": None}, {"note": "rewritten"}, {"submitted_at": timezone.now()}]
)
def test_who_gave_a_text_into_review_cannot_be_rewritten(fields):
    """With four eyes this decides who may approve it."""
    submission = submit_article(user=make_user(), article=make_article(), looked_at=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**fields)


@pytest.mark.django_db
def test_what_is_no_history_goes_as_before():
    Autosave.objects.create(user=make_user(), content={}, at=timezone.now())
    Autosave.objects.all().delete()
    assert not Autosave.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_of_a_test_leaves_the_next_one_protected():
    """SQLite empties row by row, for which the tests lift the triggers; they stand again afterwards."""
    make_history()
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEntry.objects.exists()
    make_history()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")
