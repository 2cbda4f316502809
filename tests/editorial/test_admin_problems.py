"""Errors and warnings on the page of an article's review, as people of each role."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.admin.deciding import fact_path
from editorial.models import Override
from tests import factories as make
from tests.editorial.test_checks import crowded

pytestmark = pytest.mark.django_db

LONG = "A title that is far too long for what a search engine shows of it"


def page(article) -> str:
    return reverse("admin:editorial_article_workflow", args=[article.pk])


def change(article) -> str:
    return reverse("admin:editorial_article_change", args=[article.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def sent(article, code="long-title", where=LONG, revision=1, reason="People know it.") -> dict:
    return {"code": code, "where": where, "revision": revision, "reason": reason}


def override(client, article, **given):
    url = reverse("admin:editorial_article_override", args=[article.pk])
    return client.post(url, sent(article, **given), follow=True)


@pytest.fixture
def editor(client):
    user = make.make_user("Editors", first_name="Ada", last_name="Brandt")
    client.force_login(user)
    return user


def test_errors_and_warnings_are_listed_apart_each_with_the_way_to_its_place(client, editor):
    season = make.make_season(status="renewed")
    passage, lost = make.make_passage(), make.make_passage(state="lost")
    make.make_citation(season, "status", passage, checked_value="filming")
    body = (
        f'<p>One 😀 two.<cite data-passage="{passage.key}"></cite></p><p>Bare words.</p>'
        f'<p>Three.<cite data-passage="{lost.key}"></cite></p>'
    )
    photo = make.make_photo(alt="")
    article = make.make_article(season=season, title=LONG, body=body, photo=photo, contributors=())
    response = client.get(page(article))
    found = response.context["findings"]
    form = change(article)
    assert [(one.problem.code, [way.url for way in one.ways]) for one in found.errors] == [
        ("unsupported", [f"{form}#body-1-0-10"]),
        (
            "lost-passage",
            [reverse("admin:catalog_passage_change", args=[lost.pk]), f"{form}#body-2-0-6"],
        ),
        ("missing-alt", [reverse("admin:catalog_photo_change", args=[photo.pk]), f"{form}#id_photo"]),
    ]
    assert [(one.problem.code, [way.url for way in one.ways]) for one in found.warnings] == [
        ("missing-byline", [f"{form}#contributions-group"]),
        ("long-title", [f"{form}#id_title"]),
        ("unconfirmed", [fact_path(season, "status"), f"{form}#body-0-0-8"]),
    ]
    text = text_of(response)
    assert (
        text.index("Errors")
        < text.index("Bare words.")
        < text.index("Warnings")
        < text.index("search results cut")
    )
    assert "6 problems keep this article from its readers." in text
    for one in (*found.errors, *found.warnings):
        assert all(client.get(way.url).status_code == 200 for way in one.ways)


def test_a_warning_is_overridden_and_the_page_says_who_when_and_why(client, editor):
    article = make.make_article(title=LONG)
    assert "publish" not in {move.verb for move in client.get(page(article)).context["moves"]}
    response = override(client, article)
    assert response.redirect_chain[0][0].startswith(page(article))
    text = text_of(response)
    assert "Nothing in the text keeps this article from its readers." in text
    assert re.search(r"Overridden by Ada Brandt, [^<]*: <q>People know it\.</q>", text)
    assert "Ada Brandt: overrode a warning: The title has 65 characters" in text
    assert "publish" in {move.verb for move in response.context["moves"]}


def test_the_form_sends_back_what_identifies_its_warning(client, editor):
    season = make.make_season()
    character = make.make_character(series=season.series, name="Félix")
    make.make_statement(character=character, gives_away=season)
    standfirst = 'In which "Félix" <dies>,\r\n\r\nand  others do not.'
    article = make.make_article(series=season.series, standfirst=standfirst)
    [warning] = client.get(page(article)).context["findings"].warnings
    assert override(client, article, **warning.form.initial).status_code == 200
    assert client.get(page(article)).context["findings"].warnings == []


def test_without_a_reason_the_form_says_so_and_stays_open(client, editor):
    article = make.make_article(title=LONG)
    response = override(client, article, reason="")
    assert response.status_code == 400
    assert '<details class="problem-override" open>' in text_of(response)
    assert "This field is required." in text_of(response)
    assert override(client, article, reason="x" * 501).status_code == 400
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"revision": 7}, "Somebody else has saved this article since you opened it."),
        ({"code": "no-such-code"}, "The checks do not find this any more."),
        ({"where": "Another title"}, "The checks do not find this any more."),
    ],
)
def test_a_form_that_came_too_late_is_answered_with_the_page(client, editor, given, answer):
    article = make.make_article(title=LONG)
    response = override(client, article, **given)
    assert response.status_code == 409
    assert answer in text_of(response)


def test_an_error_has_no_form_and_a_direct_request_helps_nobody(client):
    article = make.make_article(title=LONG, standfirst="")
    client.force_login(make.make_user("Administrators"))
    [error] = client.get(page(article)).context["findings"].errors
    assert error.form is None
    response = override(client, article, code="missing-standfirst", where="standfirst")
    assert response.status_code == 409
    assert "Nobody can override an error." in text_of(response)


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers"])
def test_who_may_not_publish_sees_warnings_without_forms(client, role):
    article = make.make_article(title=LONG)
    client.force_login(make.make_user(role))
    [warning] = client.get(page(article)).context["findings"].warnings
    assert warning.form is None
    assert override(client, article).status_code == 403
    assert client.get(page(article)).context["findings"].overridden == []


def test_a_visitor_and_a_get_override_nothing(client, editor):
    article = make.make_article(title=LONG)
    url = reverse("admin:editorial_article_override", args=[article.pk])
    assert client.get(url).status_code == 405
    client.logout()
    assert client.post(url, sent(article)).status_code == 302
    assert not Override.objects.exists()


def test_publishing_several_says_how_many_problems_hold_one_back(client, editor):
    article = make.make_article(title=LONG)
    data = {"action": "publish_selected", "_selected_action": [article.pk]}
    response = client.post(reverse("admin:editorial_article_changelist"), data, follow=True)
    assert "is held back by 1 problem." in text_of(response)


def test_as_many_queries_with_thirty_problems_of_each_kind_as_with_three(client, editor):
    counts = []
    for count in (3, 30):
        article = crowded(count)
        problems = client.get(page(article)).context["findings"].warnings
        revision, given = article.revisions.get(), {"reason": "So.", "user": editor, "at": timezone.now()}
        Override.objects.bulk_create(
            Override(
                article=article, revision=revision, code=one.problem.code, where=one.problem.where, **given
            )
            for one in problems[::2]
        )
        with CaptureQueriesContext(connection) as queries:
            found = client.get(page(article)).context["findings"]
        assert len(found.overridden) > count
        assert len(found.warnings) > count
        counts.append(len(queries))
    assert counts[0] == counts[1]
