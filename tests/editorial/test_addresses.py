"""Where readers find an article, before and after its kind or its slug changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.actions import keeping_addresses
from editorial.actions import (
    PublicationRefused,
    TransitionRefused,
    publish_article,
    retract_article,
    save_article,
    schedule_article,
    submit_article,
    unpublish_article,
)
from editorial.actions.scheduling import run_due_item
from editorial.models import Article, DueItem, Edition
from tests.factories import make_article, make_contributor, make_photo, make_user
from tests.forms import form_data

pytestmark = [pytest.mark.django_db]


def rename(article: Article, *, published: bool = True, **fields) -> None:
    for name, value in fields.items():
        setattr(article, name, value)
    save_article(user=None, article=article, based_on=article.revisions.newest().number)
    if published:
        publish_article(user=None, article=article)


def leads_to(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 301, path
    return response.headers["Location"]


def test_a_draft_with_a_new_address_moves_nothing_until_it_is_published(client):
    article = make_article(published=True, kind="recap", slug="old", title="As published")
    rename(article, kind="guide", slug="new", published=False)
    assert client.get("/recaps/old/").status_code == 200
    assert client.get("/guides/new/").status_code == 404
    for path in ("/", "/recaps/", "/sitemap-articles.xml", "/feed.atom"):
        html = client.get(path).content.decode()
        assert "/recaps/old/" in html, path
        assert "/guides/new/" not in html, path
    publish_article(user=None, article=article)
    assert leads_to(client, "/recaps/old/") == "/guides/new/"
    assert leads_to(client, "/recaps/old.json?a=b") == "/guides/new.json?a=b"
    assert client.get("/guides/new/").status_code == 200
    assert "/recaps/old/" not in client.get("/sitemap-articles.xml").content.decode()


def test_the_desk_changes_the_address_in_the_form(client):
    article = make_article(published=True, kind="recap", slug="old")
    client.force_login(make_user("Editors"))
    address = reverse("admin:editorial_article_change", args=[article.pk])
    data = form_data(client.get(address), "article_form") | {"slug": "new", "kind": "news"}
    assert client.post(address, data).status_code == 302
    assert client.get("/recaps/old/").status_code == 200
    publish_article(user=None, article=article)
    assert leads_to(client, "/recaps/old/") == "/news/new/"


def test_all_former_addresses_lead_to_the_last_in_one_step(client):
    article = make_article(published=True, kind="recap", slug="a")
    rename(article, slug="b")
    rename(article, slug="c", kind="news")
    assert leads_to(client, "/recaps/a/") == leads_to(client, "/recaps/b/") == "/news/c/"
    rename(article, slug="a", kind="recap")
    assert client.get("/recaps/a/").status_code == 200
    assert leads_to(client, "/news/c/") == "/recaps/a/"


def test_an_address_that_another_article_takes_is_that_one_s(client):
    article = make_article(published=True, kind="recap", slug="a")
    rename(article, slug="b")
    other = make_article(published=True, kind="recap", slug="a", title="The newer")
    assert "The newer" in client.get("/recaps/a/").content.decode()
    unpublish_article(user=None, article=other, looked_at=None, reason="Gone.")
    assert client.get("/recaps/a/").status_code == 410


def test_a_draft_cannot_take_the_address_of_a_live_page(client):
    article = make_article(published=True, kind="recap", slug="a", title="Still here")
    rename(article, slug="b", published=False)
    with pytest.raises(TransitionRefused, match="Still here"):
        make_article(kind="recap", slug="a")
    client.force_login(make_user("Editors"))
    other = make_article(kind="recap", slug="c")
    address = reverse("admin:editorial_article_change", args=[other.pk])
    data = form_data(client.get(address), "article_form") | {"slug": "a"}
    response = client.post(address, data)
    assert response.status_code == 200
    assert "Still here" in response.context["adminform"].form.errors["slug"][0]
    publish_article(user=None, article=article)
    assert client.post(address, data).status_code == 302


def test_two_pages_never_go_live_at_one_address(client):
    article = make_article(published=True, kind="recap", slug="a", title="Still here")
    other = make_article(kind="recap", slug="b")
    rename(article, slug="moved", published=False)
    # As if both had been saved at the same time.
    Article.objects.filter(pk=other.pk).update(slug="a")
    revision = other.revisions.newest()
    Edition.objects.at_address("recap", "a").get()
    other.revisions.model.objects.create(
        article=other,
        number=2,
        content={**revision.content, "slug": "a"},
        content_hash="a" * 64,
        created_at=revision.created_at,
    )
    with pytest.raises(PublicationRefused, match="Still here"):
        publish_article(user=None, article=other)


def test_a_scheduled_draft_moves_the_page_at_its_time(client):
    article = make_article(published=True, kind="recap", slug="a")
    rename(article, slug="b", published=False)
    submit_article(user=None, article=article, looked_at=None)
    at = article.updated_at.replace(year=article.updated_at.year + 1)
    schedule_article(user=None, article=article, looked_at=None, publish_at=at, expire_at=None)
    assert client.get("/recaps/a/").status_code == 200
    run_due_item(DueItem.objects.get(closed_at=None))
    assert leads_to(client, "/recaps/a/") == "/recaps/b/"


def test_a_page_that_moved_and_was_taken_back_is_found_from_both(client):
    article = make_article(published=True, kind="recap", slug="a")
    rename(article, slug="b")
    retract_article(user=None, article=article, looked_at=None, reason="Nobody had said it.")
    assert leads_to(client, "/recaps/a/") == "/recaps/b/"
    assert "Nobody had said it." in client.get("/recaps/b/").content.decode()
    assert "/recaps/b/" in client.get("/corrections/").content.decode()


def test_a_year_is_no_slug(client):
    client.force_login(make_user("Editors"))
    article = make_article()
    address = reverse("admin:editorial_article_change", args=[article.pk])
    data = form_data(client.get(address), "article_form") | {"slug": "2018"}
    assert "archive" in client.post(address, data).context["adminform"].form.errors["slug"][0]


def test_the_byline_and_the_photo_of_a_live_page_survive_new_slugs(client):
    writer, photo = make_contributor(name="Zoe", slug="zoe"), make_photo(alt="A field")
    article = make_article(published=True, contributors=(writer,), photo=photo)
    for record in (writer, photo):
        record.slug = "changed"
        with keeping_addresses([record]):
            record.save()
    html = client.get(article.get_absolute_url()).content.decode()
    assert "Zoe" in html
    assert 'alt="A field"' in html
    assert f"/{photo.image.name.rpartition('/')[2]}/" in client.get("/recaps/").content.decode()
    assert leads_to(client, "/bylines/zoe/") == "/bylines/changed/"
    assert article.get_absolute_url() in client.get("/bylines/changed/").content.decode()


def test_who_leaves_a_byline_of_a_draft_stays_in_that_of_the_page(client):
    writer = make_contributor(name="Zoe")
    article = make_article(published=True, contributors=(writer,))
    article.title = "Rewritten"
    save_article(user=None, article=article, based_on=1, contributors=[make_contributor(name="Adam")])
    assert client.get(writer.get_absolute_url()).status_code == 200
    publish_article(user=None, article=article)
    assert client.get(writer.get_absolute_url()).status_code == 404
