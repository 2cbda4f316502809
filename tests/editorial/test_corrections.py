"""What readers are told when a text was wrong, and what is left where it was taken away."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from editorial.actions import (
    TransitionRefused,
    correct_article,
    publish_article,
    reopen_article,
    retract_article,
    save_article,
    unpublish_article,
)
from editorial.models import Correction, Edition
from tests.factories import make_article, make_passage, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


@pytest.fixture
def editor():
    return make_user("Editors")


@pytest.fixture
def article():
    return make_article(published=True, title="Eight episodes", slug="episodes")


def body(words: str) -> str:
    return f'<p>{words}<cite data-passage="{make_passage().key}"></cite></p>'


def amend(article, words="There are ten episodes.", **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.body = body(words)
    save_article(user=None, article=article, based_on=article.revisions.newest().number)


def correct(article, editor, kind="correction", note="We had written eight.", **fields):
    amend(article, **fields)
    number = article.revisions.newest().number
    return correct_article(user=editor, article=article, looked_at=number, kind=kind, note=note)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_correction_stands_before_the_text_and_an_update_after_it(client, article, editor):
    correct(article, editor)
    correct(article, editor, kind="update", note="The tenth has a title now.", words="It has a title.")
    page = text_of(client.get(article.get_absolute_url()))
    place = page.index('class="prose"')
    assert page.index("We had written eight.") < place < page.index("The tenth has a title now.")


def test_a_correction_leads_to_the_words_before_and_after(client, article, editor):
    correction = correct(article, editor)
    page = text_of(client.get(article.get_absolute_url()))
    assert f'href="/corrections/{correction.pk}/"' in page
    page = text_of(client.get(f"/corrections/{correction.pk}/"))
    assert "<del>A fact stands here</del>" in page
    assert "<ins>There are ten episodes</ins>" in page
    assert "data-passage" not in page


def test_the_list_has_every_correction_the_newest_first(client, article, editor):
    correct(article, editor)
    other = make_article(published=True, title="A finale")
    correct(other, editor, kind="clarification", note="It airs at night.")
    page = text_of(client.get("/corrections/"))
    assert page.index("It airs at night.") < page.index("We had written eight.")


def test_an_edition_once_public_is_kept_as_it_was(article, editor):
    before = article.editions.get().html
    correction = correct(article, editor)
    correction.replaced.refresh_from_db()
    assert correction.replaced.html == before
    assert correction.replaced.ended_at == correction.edition.published_at
    assert Edition.objects.count() == 2


def test_a_correction_needs_readers_a_note_and_a_right(article, editor):
    amend(article)
    known = {"article": article, "looked_at": 2, "kind": "correction"}
    with pytest.raises(TransitionRefused, match="what is right"):
        correct_article(user=editor, note=" ", **known)
    with pytest.raises(PermissionDenied):
        correct_article(user=make_user("Writers"), note="Wrong.", **known)
    draft = make_article()
    with pytest.raises(TransitionRefused, match="no edition"):
        correct_article(user=editor, article=draft, looked_at=1, kind="correction", note="Wrong.")
    assert not Correction.objects.exists()


def test_a_retraction_leaves_its_reason_in_the_place_of_the_text(client, article, editor):
    url = article.get_absolute_url()
    retract_article(user=editor, article=article, looked_at=1, reason="The interview was made up.")
    response = client.get(url)
    assert response.status_code == 200
    page = text_of(response)
    assert "The interview was made up." in page
    assert "A fact stands here" not in page
    assert article.title in page
    assert "The interview was made up." in text_of(client.get("/corrections/"))
    for other in ("/", "/recaps/"):
        assert article.title not in text_of(client.get(other))


def test_what_was_taken_off_the_site_is_gone(client, article, editor):
    url = article.get_absolute_url()
    unpublish_article(user=editor, article=article, looked_at=1, reason="An embargo.")
    response = client.get(url)
    assert response.status_code == 410
    page = text_of(response)
    assert article.title not in page
    assert "embargo" not in page


def test_the_corrections_of_a_page_that_is_gone_are_gone_too(client, article, editor):
    correction = correct(article, editor)
    unpublish_article(user=editor, article=article, looked_at=2, reason="An embargo.")
    assert "We had written eight." not in text_of(client.get("/corrections/"))
    assert client.get(f"/corrections/{correction.pk}/").status_code == 404


def test_a_retracted_article_comes_back_only_as_a_new_edition(client, article, editor):
    url = article.get_absolute_url()
    retract_article(user=editor, article=article, looked_at=1, reason="It was made up.")
    with pytest.raises(PermissionDenied):
        reopen_article(user=make_user("Writers"), article=article, looked_at=1)
    reopen_article(user=editor, article=article, looked_at=1)
    amend(article)
    for told in (url, "/corrections/", "/feed.atom"):  # until there is another edition
        assert "It was made up." in text_of(client.get(told))
    assert "There are ten episodes" not in text_of(client.get(url))
    publish_article(user=editor, article=article, looked_at=2)
    assert "There are ten episodes" in text_of(client.get(url))
    unpublish_article(user=editor, article=article, looked_at=2, reason="It was old.")
    assert client.get(url).status_code == 410
    assert "It was made up." not in text_of(client.get("/corrections/"))


def test_a_draft_was_never_there(client):
    draft = make_article()
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [3, 24])
def test_the_list_of_corrections_costs_one_query_and_its_count(
    client, editor, count, django_assert_num_queries
):
    for _ in range(count):
        correct(make_article(published=True), editor)
    client.get("/corrections/")
    with django_assert_num_queries(2):
        client.get("/corrections/")
