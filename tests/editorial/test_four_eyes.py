"""Nobody approves their own text where four eyes are asked, whatever they change first."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from editorial.actions import keep_stray, publish_article, restore_revision, save_article, submit_article
from editorial.bundles import seal
from editorial.imports import import_bundle
from editorial.models import Approval, Article, Contribution, Revision, Submission
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

COLUMNS = (
    "kind,language,slug,title,spoiler_free_title,standfirst,series,season,spoils_through,photo,contributors,"
    "review_by,translation_of"
)


def page(article: Article, name: str = "workflow") -> str:
    return reverse(f"admin:editorial_article_{name}", args=[article.pk])


@pytest.fixture
def editor():
    return make.make_user("Editors", username="edda")


@pytest.fixture
def other():
    return make.make_user("Editors", username="emil")


@pytest.fixture(autouse=True)
def stage(editor):
    return make.make_stage(group="Editors", kind="news")


def submitted(author, **fields) -> Article:
    """A text of this author, in review; somebody else gave it there."""
    article = make.make_article(author=author, kind="news", **fields)
    submit_article(user=None, article=article, looked_at=1)
    return article


def approve(client, user, article: Article):
    """The approval as a request of one's own making: no page has offered it."""
    client.force_login(user)
    step = article.submissions.get(ended_at=None).steps.get()
    newest = article.revisions.newest().number
    return client.post(page(article), {"verb": "approve", "step": step.pk, "revision": newest})


def refused(client, user, article: Article) -> bool:
    """Whether neither the form, nor a request, nor the action for several gets an approval through."""
    client.force_login(user)
    offered = {move.verb for move in client.get(page(article)).context["moves"]}
    answer = approve(client, user, article).status_code
    several = {"action": "approve_selected", "_selected_action": [article.pk]}
    client.post(reverse("admin:editorial_article_changelist"), several)
    return "approve" not in offered and answer == 403 and not Approval.objects.exists()


def test_a_request_of_ones_own_making_is_refused_and_a_colleagues_counts(client, editor, other):
    article = submitted(editor)
    assert refused(client, editor, article)
    assert approve(client, other, article).status_code == 302
    article.refresh_from_db()
    assert article.status == "approved"


def test_being_a_superuser_changes_nothing(client):
    author = make.make_user("Editors", is_superuser=True)
    assert refused(client, author, submitted(author))


def test_giving_away_byline_and_assignment_changes_nothing(client, editor, other):
    theirs = make.make_contributor(user=other)
    article = submitted(editor, contributors=(make.make_contributor(user=editor),), assignee=editor)
    client.force_login(editor)
    data = form_data(client.get(page(article, "change")), "article_form")
    data |= {"contributions-0-contributor": theirs.pk, "assignee": other.pk}
    assert client.post(page(article, "change"), data).status_code == 302
    assert list(Contribution.objects.values_list("contributor", flat=True)) == [theirs.pk]
    assert refused(client, editor, article)


def test_the_author_of_a_revision_cannot_be_changed(client, editor, other):
    article = submitted(editor)
    for change in ({"author": other}, {"author": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(submitted_by=other)
    assert refused(client, editor, article)


def test_a_colleagues_later_save_does_not_make_it_theirs_alone(client, editor, other):
    article = submitted(editor)
    article.title = "A word less"
    save_article(user=other, article=article, based_on=1)
    assert refused(client, editor, article)
    assert refused(client, other, article)


def bundle(folder, article: Article, title: str):
    row = f"news,en,{article.slug},{title},,In short.,,,,,,,"
    (folder / "articles" / "en").mkdir(parents=True)
    (folder / "articles" / "en" / f"{article.slug}.html").write_text(article.body)
    (folder / "articles.csv").write_text(f"{COLUMNS}\n{row}\n")
    seal(folder)
    return folder


def test_an_imported_text_is_that_of_who_imported_it(client, editor, other, tmp_path):
    article = make.make_article(author=other, kind="news")
    import_bundle(user=editor, path=bundle(tmp_path, article, "Imported"))
    submit_article(user=None, article=article, looked_at=2)
    assert Article.objects.get().title == "Imported"
    assert refused(client, editor, article)


def test_an_import_over_ones_text_changes_nothing(client, editor, other, tmp_path):
    article = submitted(editor)
    import_bundle(user=other, path=bundle(tmp_path, article, "Imported"))
    assert article.revisions.newest().author == other
    assert refused(client, editor, article)


def test_no_import_approves_or_publishes(editor, tmp_path):
    article = submitted(editor)
    import_bundle(user=None, path=bundle(tmp_path, article, "Imported"))
    article.refresh_from_db()
    assert article.status == "in review"
    assert not Approval.objects.exists()


def test_ones_text_that_a_colleague_restored_is_still_ones_own(client, editor, other):
    """It came too late, was kept as a stray, and a colleague made it the article's."""
    article = make.make_article(author=other, kind="news")
    article.title = "Mine"
    stray = keep_stray(user=editor, article=article, based_on=None, contributors=[])
    restore_revision(user=other, article=Article.objects.get(), revision=stray, based_on=1)
    article.refresh_from_db()
    submit_article(user=None, article=article, looked_at=3)
    assert refused(client, editor, article)


def test_who_wrote_only_what_readers_have_already_may_approve_what_is_new(client, editor, other):
    article = make.make_article(author=editor, kind="news")
    submit_article(user=None, article=article, looked_at=1)
    approve(client, other, article)
    publish_article(user=None, article=article, looked_at=1)
    article.title = "Another"
    save_article(user=other, article=article, based_on=1)
    submit_article(user=None, article=article, looked_at=2)
    assert approve(client, editor, article).status_code == 302


def test_the_rows_of_a_byline_survive_publication_and_restoration(client, editor):
    """What other rows may lean on keeps its primary key."""
    people = [make.make_contributor(slug=slug) for slug in ("anna", "ben", "carla")]
    article = make.make_article(kind="review", author=editor)
    for turn, byline in enumerate([people[:2], [people[1], people[0], people[2]]], start=1):
        article.title = f"Title {turn}"
        save_article(user=editor, article=article, based_on=turn, contributors=byline)
    before = dict(Contribution.objects.values_list("contributor__slug", "pk"))
    footnotes = publish_article(user=None, article=article).footnotes.values_list("pk", "passage")
    kept = list(footnotes)
    assert dict(Contribution.objects.values_list("contributor__slug", "pk")) == before
    client.force_login(editor)
    client.post(page(article, "revisions"), {"restore": "2", "revision": "3"})
    after = dict(Contribution.objects.order_by("position").values_list("contributor__slug", "pk"))
    assert list(after) == ["anna", "ben"]
    assert after.items() <= before.items()
    publish_article(user=None, article=Article.objects.get())
    assert dict(Contribution.objects.values_list("contributor__slug", "pk")) == after
    assert list(footnotes.all()) == kept
