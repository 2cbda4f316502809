"""The database itself refuses each of these rows, and every change of what history rests on."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from catalog.models import Decision, Passage, Reanchoring, Recapture, Snapshot
from editorial import audit
from editorial.actions import save_article
from editorial.models import Article, AuditEntry, Contribution, Edition, Footnote, Revision
from tests.factories import (
    make_article,
    make_contributor,
    make_decision,
    make_passage,
    make_reanchoring,
    make_snapshot,
    make_user,
    sha256,
)

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(IntegrityError)


@pytest.fixture
def article() -> Article:
    return make_article(published=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "poem"},
        {"status": "secret"},
        {
            "publish_at": datetime.datetime(2020, 2, 13, tzinfo=datetime.UTC),
            "expire_at": datetime.datetime(2020, 2, 12, tzinfo=datetime.UTC),
        },
    ],
)
def test_an_article_with_an_impossible_field_is_refused(article, fields):
    with refused(), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**fields)


def test_a_slug_stands_once_in_a_language(article):
    with refused(), transaction.atomic():
        Article.objects.create(slug=article.slug, language=article.language, kind="news", title="Another")


def test_two_articles_cannot_share_an_address(article):
    with refused(), transaction.atomic():
        Article.objects.create(slug=article.slug, language="de", kind=article.kind, title="Dieselbe Adresse")


def test_an_article_is_no_translation_of_itself(article):
    with refused(), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(translation_of=article)


def test_a_contributor_stands_once_in_a_byline(article):
    contributor = make_contributor()
    Contribution.objects.create(article=article, contributor=contributor)
    with refused(), transaction.atomic():
        Contribution.objects.create(article=article, contributor=contributor)


def test_revision_numbers_are_never_used_twice(article):
    with refused(), transaction.atomic():
        Revision.objects.create(
            article=article, number=1, content={}, content_hash=sha256("x"), created_at=timezone.now()
        )


def test_an_article_has_one_live_edition_at_most(article):
    live = article.editions.get()
    with refused(), transaction.atomic():
        Edition.objects.create(
            article=article, revision=live.revision, number=2, html="", published_at=timezone.now()
        )


def test_an_edition_does_not_end_before_it_was_published(article):
    live = article.editions.get()
    with refused(), transaction.atomic():
        Edition.objects.update(ended_at=live.published_at - datetime.timedelta(seconds=1))


@pytest.mark.parametrize("number", [0, 1])
def test_footnotes_are_numbered_from_one_and_once(article, number):
    with refused(), transaction.atomic():
        Footnote.objects.create(edition=article.editions.get(), number=number, passage=make_passage())


def test_a_passage_is_one_footnote_of_an_edition(article):
    footnote = Footnote.objects.get()
    with refused(), transaction.atomic():
        Footnote.objects.create(edition=footnote.edition, number=2, passage=footnote.passage)


def test_an_audit_entry_names_somebody_and_a_verb():
    with refused(), transaction.atomic():
        AuditEntry.objects.create(actor_label="", verb="x", at=timezone.now())
    with refused(), transaction.atomic():
        AuditEntry.objects.create(actor_label="system", verb="", at=timezone.now())


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Revision, {"content": {"title": "Rewritten"}}),
        (Revision, {"content_hash": sha256("rewritten")}),
        (Revision, {"author": None}),
        (Edition, {"html": "rewritten"}),
        (Edition, {"published_at": timezone.now()}),
        (Footnote, {"number": 7}),
        (AuditEntry, {"actor_label": "somebody else"}),
        (AuditEntry, {"data": {"rewritten": True}}),
        (Snapshot, {"text": "rewritten"}),
        (Snapshot, {"sha256": sha256("rewritten")}),
        (Passage, {"number": 77}),
        (Recapture, {"at": timezone.now()}),
        (Reanchoring, {"state": "moved"}),
        (Reanchoring, {"start": 3}),
        (Reanchoring, {"resolved_at": None}),
        (Decision, {"reason": "rewritten"}),
        (Decision, {"overruled": []}),
    ],
)
def test_history_cannot_be_rewritten(model, fields):
    article = make_article(published=True)
    make_reanchoring(resolution="confirmed", resolved_at=timezone.now())
    make_decision()
    article.title = "Saved by somebody"
    save_article(user=make_user("Editors"), article=article, based_on=1)
    with refused(), transaction.atomic():
        model.objects.update(**fields)


def test_the_live_edition_can_end_once(article):
    end = timezone.now()
    Edition.objects.update(ended_at=end)
    with refused(), transaction.atomic():
        Edition.objects.update(ended_at=None)


def test_a_text_can_come_to_a_snapshot_known_by_its_hash_once():
    snapshot = make_snapshot(text=None, sha256=sha256("words"), length=5)
    Snapshot.objects.filter(pk=snapshot.pk).update(text="words")
    with refused(), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(text=None)


def test_a_passage_that_readers_saw_cannot_be_deleted(article):
    with pytest.raises(ProtectedError):
        Footnote.objects.get().passage.delete()


def test_an_article_with_history_cannot_be_deleted(article):
    with pytest.raises(ProtectedError):
        article.delete()


def test_people_in_the_audit_log_cannot_be_deleted():
    user = make_user("Editors")
    audit.record(user=user, verb="tested")
    with pytest.raises(ProtectedError):
        user.delete()
