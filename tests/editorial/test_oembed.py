from __future__ import annotations

from html import unescape

import pytest

from catalog.pictures import jpeg_of
from editorial.actions import publish_article, retract_article, save_article, unpublish_article
from tests.factories import make_article, make_contributor, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def ask(client, path: str, **more):
    return client.get("/oembed", {"url": f"http://testserver{path}", **more})


def published(**fields):
    article = make_article(
        contributors=(make_contributor(name="Zoe"), make_contributor(name="Adam")), **fields
    )
    save_article(user=None, article=article, based_on=1)
    publish_article(user=None, article=article)
    return article


def test_a_page_names_its_embed_which_is_a_link_that_gives_nothing_away(client):
    article = published(title="She dies", spoiler_free_title="A <farewell>", photo=make_photo())
    html = client.get(article.get_absolute_url()).content.decode()
    address = html.partition('type="application/json+oembed" href="')[2].partition('"')[0]
    response = client.get(unescape(address))
    assert response.headers["Content-Type"] == "application/json"
    data = response.json()
    assert (data["version"], data["type"], data["title"]) == ("1.0", "link", "A <farewell>")
    assert (data["author_name"], data["provider_name"]) == ("Zoe, Adam", "Ibid.")
    assert data["thumbnail_url"] == f"http://testserver{jpeg_of(article.photo, 'own').url}"
    assert "She dies" not in response.content.decode()
    assert "html" not in data


@pytest.mark.parametrize(
    ("most", "fits"),
    [({}, True), ({"maxwidth": "32"}, True), ({"maxwidth": "31"}, False), ({"maxheight": "17"}, False)],
)
def test_a_picture_that_is_too_large_is_left_out_with_its_size(client, most, fits):
    data = ask(client, published(photo=make_photo()).get_absolute_url(), **most).json()
    parts = {"thumbnail_url", "thumbnail_width", "thumbnail_height"}
    assert parts & data.keys() == (parts if fits else set())


def test_a_size_that_is_none_and_a_format_that_is_not_given_are_answered(client):
    path = make_article(published=True).get_absolute_url()
    assert ask(client, path, maxwidth="wide").status_code == 200
    assert ask(client, path, format="json").status_code == 200
    assert ask(client, path, format="xml").status_code == 501
    assert client.post("/oembed").status_code == 405


def test_an_embed_takes_five_queries_at_most(client, django_assert_max_num_queries):
    path = published(photo=make_photo()).get_absolute_url()
    with django_assert_max_num_queries(5):
        ask(client, path)


def test_of_a_retracted_article_only_that_it_is(client):
    article = published(title="Never so", photo=make_photo())
    retract_article(user=None, article=article, looked_at=None, reason="Wrong.")
    data = ask(client, article.get_absolute_url()).json()
    assert data["title"] == "Retracted: Never so"
    assert not {"author_name", "thumbnail_url"} & data.keys()


def test_nothing_else_can_be_embedded(client):
    draft = make_article(kind="news")
    gone = make_article(published=True)
    unpublish_article(user=None, article=gone, looked_at=1, reason="Rights.")
    live = make_article(published=True).get_absolute_url()
    for path in (draft.get_absolute_url(), gone.get_absolute_url(), "/", "/recaps/", "/admin/", "/nowhere"):
        assert ask(client, path).status_code == 404
    for url in ("", live, f"http://elsewhere.example{live}", f"ftp://testserver{live}", "http://[", "\x00"):
        assert client.get("/oembed", {"url": url}).status_code == 404
