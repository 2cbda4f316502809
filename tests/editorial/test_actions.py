from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings

from catalog.models import Passage
from editorial.actions import PublicationRefused, StaleArticle, problems_of, publish_article, save_article
from editorial.models import Article, ArticleStatus, AuditEntry, Edition
from tests.factories import make_article, make_contributor, make_passage, make_photo, make_season, make_user

pytestmark = pytest.mark.django_db


def test_saving_writes_a_revision_of_what_was_saved():
    writer = make_user("Editors")
    season = make_season(number=2)
    article = make_article(title="First", season=season, series=season.series)
    article.title = "Second"
    revision = save_article(user=writer, article=article, based_on=1)
    assert revision.number == 2
    assert revision.based_on.number == 1
    assert revision.author == writer
    assert revision.content["title"] == "Second"
    assert revision.content["season"] == f"{season.series.slug}/2"
    assert article.revisions.get(number=1).content["title"] == "First"


def test_a_save_that_changes_nothing_writes_no_revision():
    article = make_article()
    assert save_article(user=None, article=article, based_on=1) is None
    assert article.revisions.count() == 1


def test_a_change_of_the_byline_is_a_revision():
    article = make_article()
    first, second = make_contributor(slug="a"), make_contributor(slug="b")
    save_article(user=None, article=article, based_on=1, contributors=[first, second])
    revision = save_article(user=None, article=article, based_on=2, contributors=[second, first])
    assert revision.content["contributors"] == ["b", "a"]
    assert save_article(user=None, article=article, based_on=3, contributors=[second, first]) is None


def test_a_stale_save_is_refused_and_writes_nothing():
    article = make_article()
    mine, theirs = Article.objects.get(), Article.objects.get()
    theirs.title = "Theirs"
    save_article(user=make_user("Editors"), article=theirs, based_on=1)
    mine.title = "Mine"
    with pytest.raises(StaleArticle) as refused:
        save_article(user=make_user("Editors"), article=mine, based_on=1)
    assert refused.value.newest.content["title"] == "Theirs"
    article.refresh_from_db()
    assert article.title == "Theirs"
    assert article.revisions.count() == 2


def test_bodies_are_sanitised_when_saved():
    article = make_article(body='<p onclick="x()">A fact.<script>alert(1)</script></p>')
    article.refresh_from_db()
    assert "script" not in article.body
    assert "onclick" not in article.body


def test_publishing_freezes_the_newest_revision():
    article = make_article()
    edition = publish_article(user=make_user("Editors"), article=article)
    assert edition.revision.number == 1
    assert "A fact stands here." in edition.html
    assert edition.footnotes.get().passage == Passage.objects.get()
    article.refresh_from_db()
    assert article.status == ArticleStatus.PUBLISHED


def test_a_later_save_does_not_touch_what_readers_have():
    article = make_article(published=True)
    before = Edition.objects.get().html
    article.body = f'<p>Another fact.<cite data-passage="{make_passage().key}"></cite></p>'
    save_article(user=None, article=article, based_on=1)
    assert Edition.objects.get().html == before
    article.refresh_from_db()
    assert article.status == ArticleStatus.DRAFT
    assert article.editions.live().exists()


def test_publishing_again_ends_the_edition_readers_had():
    article = make_article(published=True)
    article.body = f'<p>Another fact.<cite data-passage="{make_passage().key}"></cite></p>'
    save_article(user=None, article=article, based_on=1)
    second = publish_article(user=None, article=article)
    first = article.editions.get(number=1)
    assert first.ended_at == second.published_at
    assert second.ended_at is None
    assert (first.number, second.number) == (1, 2)


def test_publishing_what_is_live_already_makes_no_edition():
    article = make_article(published=True)
    assert publish_article(user=None, article=article) == article.editions.get()


def test_a_text_saved_after_it_was_looked_at_is_not_published():
    article = make_article()
    article.title = "Saved meanwhile"
    save_article(user=make_user("Editors"), article=article, based_on=1)
    with pytest.raises(StaleArticle):
        publish_article(user=make_user("Editors"), article=article, looked_at=1)
    assert not Edition.objects.exists()
    assert publish_article(user=make_user("Editors"), article=article, looked_at=2)


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_not_publish_is_refused(role):
    article = make_article()
    with pytest.raises(PermissionDenied):
        publish_article(user=make_user(role), article=article)
    assert not Edition.objects.exists()
    publish_article(user=None, article=article)
    with pytest.raises(PermissionDenied):  # nor are they told that they have
        publish_article(user=make_user(role), article=article)


@pytest.mark.parametrize("role", ["Editors", "Administrators"])
def test_who_may_publish_does(role):
    assert publish_article(user=make_user(role), article=make_article())


def refusals(article: Article) -> list[tuple[str, str]]:
    with pytest.raises(PublicationRefused) as refused:
        publish_article(user=None, article=article)
    assert not Edition.objects.exists()
    assert [problem.code for problem in problems_of(article)] == [p.code for p in refused.value.problems]
    return [(problem.code, problem.where) for problem in refused.value.problems]


def test_every_unsupported_sentence_is_named():
    article = make_article(body="<p>One is not cited. Two is not either.</p><p>Nor is three.</p>")
    assert refusals(article) == [
        ("unsupported", "One is not cited."),
        ("unsupported", "Two is not either."),
        ("unsupported", "Nor is three."),
    ]


def test_an_unknown_passage_is_named():
    article = make_article(body='<p>A fact.<cite data-passage="nowhere#7"></cite></p>')
    assert refusals(article) == [("unknown-passage", "nowhere#7")]


@pytest.mark.parametrize("state", ["changed", "lost"])
def test_a_passage_that_no_longer_supports_is_named(state):
    passage = make_passage(state=state)
    article = make_article(body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>')
    assert refusals(article) == [("lost-passage", passage.key)]


@pytest.mark.parametrize("state", ["verified", "moved", "unattached"])
def test_a_passage_whose_words_are_known_to_stand_supports(state):
    passage = make_passage(state=state)
    article = make_article(body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>')
    assert publish_article(user=None, article=article)


def test_a_season_that_nobody_knows_cannot_be_embedded():
    passage = make_passage()
    fact = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    article = make_article(body=f'{fact}<div data-embed="cast" data-season="no/7"></div>')
    assert refusals(article) == [("unknown-embed", "cast no/7")]


def test_a_photo_without_credit_or_alternative_text_is_named():
    photo = make_photo(credit=" ", alt="")
    assert refusals(make_article(photo=photo)) == [
        ("missing-credit", photo.slug),
        ("missing-alt", photo.slug),
    ]


def test_an_empty_article_is_refused():
    assert refusals(make_article(body="<p> </p>")) == [("empty", "body")]


def test_saving_and_publishing_are_in_the_audit_log():
    editor = make_user("Editors", first_name="Ada", last_name="Brandt")
    article = make_article()
    article.title = "Changed"
    save_article(user=editor, article=article, based_on=1)
    publish_article(user=editor, article=article)
    published, saved, made = AuditEntry.objects.all()
    assert (made.verb, made.actor_label) == ("article.saved", "system")
    assert (saved.verb, saved.actor, saved.data) == ("article.saved", editor, {"revision": 2})
    assert (published.verb, published.actor_label) == ("article.published", "Ada Brandt")
    assert published.target_label == "Changed"
    assert published.data == {"revision": 2, "edition": 1, "footnotes": 1}


@override_settings(LANGUAGE_CODE="de")
def test_editions_speak_the_language_of_their_article():
    article = make_article(language="es")
    assert "Fuentes" in publish_article(user=None, article=article).html
