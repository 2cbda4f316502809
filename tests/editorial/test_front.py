"""What leads the front page."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from editorial.actions import choose_front_page, save_article, unpublish_article
from editorial.models import Article, AuditEntry, Pick
from tests.factories import make_article, make_photo, make_season, make_user
from tests.forms import form_data
from tests.processes import output, start

pytestmark = pytest.mark.django_db
PAGE = "admin:editorial_pick_changelist"


def choose(client, *articles):
    address = reverse(PAGE)
    data = form_data(client.get(address), "pick_form")
    data |= {name: "" for name in data if name.startswith("place")}
    return client.post(address, data | {f"place{n}": one.pk for n, one in enumerate(articles, start=1)})


def test_the_desk_s_choice_leads_in_its_order_and_each_article_stands_once(client):
    made = [make_article(published=True, kind="news", title=f"Item {number}") for number in range(6)]
    client.force_login(make_user("Editors"))
    assert choose(client, made[2], made[0], made[1], made[3]).status_code == 302
    html = client.get("/").content.decode()
    for article in made:
        assert html.count(f'"card-title" lang="en"><a href="{article.get_absolute_url()}"') == 1
    places = [html.index(made[number].title) for number in (2, 0, 1, 3, 5)]
    assert places == sorted(places)
    assert "The desk’s choice" in html
    data = client.get("/index.json").json()
    assert data["lead"]["title"] == "Item 2"
    assert [one["title"] for one in data["choice"]] == ["Item 3"]
    assert AuditEntry.objects.filter(verb="front.chosen").count() == 1


def test_an_order_can_be_turned_round(client):
    first, second = make_article(published=True), make_article(published=True)
    client.force_login(make_user("Editors"))
    for articles in ((first, second), (second, first)):
        choose(client, *articles)
        assert [pick.article for pick in Pick.objects.all()] == list(articles)


def test_what_readers_lose_drops_out_by_itself(client):
    first, second = make_article(published=True, title="First"), make_article(published=True, title="Second")
    make_article(published=True, title="Third", photo=make_photo())
    choose_front_page(user=None, articles=[first, second])
    unpublish_article(user=None, article=first, looked_at=None, reason="Gone.")
    html = client.get("/").content.decode()
    assert "First" not in html
    assert html.index("Second") < html.index("Third")


def test_only_what_readers_have_can_be_chosen_and_only_once(client):
    client.force_login(make_user("Editors"))
    draft, live = make_article(title="A draft"), make_article(published=True)
    response = choose(client, draft, live, live)
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert "A draft" in errors["place1"][0]
    assert "another place" in errors["place3"][0]
    assert not Pick.objects.exists()


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_others_see_the_choice_and_cannot_change_it(client, role):
    article = make_article(published=True, title="Chosen")
    choose_front_page(user=None, articles=[article])
    user = make_user(role)
    client.force_login(user)
    page = client.get(reverse(PAGE))
    assert "Chosen" in page.content.decode()
    assert 'id="pick_form"' not in page.content.decode()
    assert client.post(reverse(PAGE), {"place1": ""}).status_code == 403
    with pytest.raises(PermissionDenied):
        choose_front_page(user=user, articles=[])
    assert Pick.objects.count() == 1


def test_a_draft_over_a_picked_article_changes_nothing_of_it(client):
    article = make_article(published=True, title="As published")
    choose_front_page(user=None, articles=[article])
    article.title = "Being rewritten"
    save_article(user=None, article=article, based_on=1)
    assert "Being rewritten" not in client.get("/").content.decode()


def test_the_front_page_takes_6_queries_however_much_there_is(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 27):
        made = [
            make_article(published=True, kind=kind, photo=make_photo(), season=make_season())
            for kind in ("news", "guide", "recap")
            for _ in range(count // 3)
        ]
        choose_front_page(user=None, articles=made[:7])
        with django_assert_max_num_queries(6) as counted:
            assert client.get("/").status_code == 200
        counts.add(len(counted))
    assert len(counts) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_empty", [True, False])
def test_of_two_who_choose_at_once_both_are_heard(is_empty):
    first, second = (make_article(published=True).pk for _ in range(2))
    if not is_empty:
        choose_front_page(user=None, articles=[Article.objects.get(pk=second)])
    code = """
from editorial.actions import choose_front_page
from editorial.models import Article
articles = Article.objects.in_bulk()
for pks in {choices} * 25:
    choose_front_page(user=None, articles=[articles[pk] for pk in pks])
"""
    running = [start(code.format(choices=choices)) for choices in ([[first], [second]], [[second, first]])]
    for process in running:
        output(process)
    assert [pick.position for pick in Pick.objects.order_by("position")] in ([1], [1, 2])
