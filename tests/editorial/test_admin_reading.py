"""Read and check in the admin, as people of each role; refusals beside what is allowed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.actions import add_passage
from editorial.actions import comment_on, reply_to, resolve_comment, save_article, submit_article
from editorial.models import Article, Comment, SentenceVerdict
from editorial.prose.walk import plain_text
from tests.factories import (
    make_article,
    make_passage,
    make_season,
    make_snapshot,
    make_source,
    make_stage,
    make_user,
)
from tests.forms import form_data

pytestmark = pytest.mark.django_db

SOURCE = f"{'Long before. ' * 40}The network ordered ten episodes in December. {'Long after. ' * 40}"


def page(article):
    return reverse("admin:editorial_article_reading", args=[article.pk])


def workflow(article):
    return reverse("admin:editorial_article_workflow", args=[article.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def people():
    return {
        "writer": make_user("Writers", username="wren", first_name="Wren", last_name="Walker"),
        "checker": make_user("Fact-checkers", username="finn"),
        "editor": make_user("Editors", username="edda"),
    }


@pytest.fixture
def passage():
    source = make_source(title="The Ledger", slug="ledger")
    make_snapshot(source, SOURCE)
    return add_passage(user=None, source=source, quote="The network ordered ten episodes in December.")


@pytest.fixture
def article(people, passage):
    make_stage(name="Fact-check", group="Fact-checkers")
    article = make_article(
        author=people["writer"],
        title="Ten to come",
        standfirst="In short.",
        body=f'<p>There will be ten.<cite data-passage="{passage.key}"></cite> Fine by us.</p>'
        '<p data-not-a-claim="opinion">We look forward.</p>',
    )
    submit_article(user=people["writer"], article=article, looked_at=1)
    return article


@pytest.fixture
def sends(client, people, article):
    """Sends a form of the page as one of the people, as the page gives it to them."""

    def send(who: str, form: str, **given):
        client.force_login(people[who])
        data = form_data(client.get(page(article)), form) | given
        return client.post(page(article), data)

    return send


def test_every_sentence_stands_beside_what_it_rests_on(client, people, article, passage):
    client.force_login(people["checker"])
    response = client.get(page(article))
    rows = response.context["sheet"].rows
    assert [row.line.text for row in rows] == [
        *("Ten to come", "In short.", "There will be ten.", "Fine by us.", "We look forward.")
    ]
    text = text_of(response)
    assert "Long before. </span><strong>The network ordered ten episodes in December.</strong>" in text
    assert "The Ledger" in text
    assert f"/admin/catalog/source/{passage.source_id}/workbench/?passage=1#passage-1" in text
    assert text.count(">unsupported</span>") == 1
    assert "not a claim</span> (opinion)" in text
    assert "Headline: it cites nothing itself." in text
    assert len(rows[2].passages[0].before) <= 240


def test_the_page_is_linked_from_the_article_and_its_workflow(client, people, article):
    client.force_login(people["checker"])
    change = reverse("admin:editorial_article_change", args=[article.pk])
    assert page(article) in client.get(change).content.decode()
    assert page(article) in client.get(workflow(article)).content.decode()
    assert "0 of 5 sentences checked" in text_of(client.get(workflow(article)))


def test_an_embedded_table_is_named(client, people):
    season = make_season()
    key = f"{season.series.slug}/{season.number}"
    article = make_article(body=f'<div data-embed="cast" data-season="{key}"></div>')
    client.force_login(people["editor"])
    assert f"Cast of {season}" in text_of(client.get(page(article)))


def test_a_verdict_is_given_and_leads_to_the_next_sentence(client, people, article, sends):
    response = sends("checker", "check_3", mark="holds")
    assert response.url == f"{page(article)}#s-4"
    verdict = SentenceVerdict.objects.get()
    assert (verdict.user, verdict.mark, verdict.sentence) == (
        people["checker"],
        "holds",
        "There will be ten.",
    )
    text = text_of(client.get(page(article)))
    assert "1 of 5 sentences checked" in text
    assert "<strong>Holds</strong> (finn," in text
    for number in (1, 2, 4):
        sends("checker", f"check_{number}", mark="holds")
    assert sends("checker", "check_5", mark="holds").url == f"{page(article)}#s-5"
    assert "Every sentence is checked." in text_of(client.get(page(article)))


def test_what_does_not_hold_is_offered_to_send_back_and_keeps_an_approval_back(
    client, people, article, sends
):
    sends("checker", "check_3", mark="wrong", comment="It says eleven.")
    response = client.get(workflow(article))
    offered = form_data(response, "request_changes_form")["comment"]
    assert offered == "“There will be ten.” It says eleven."
    assert "1 does not hold" in text_of(response)
    response = client.post(workflow(article), form_data(response, "approve_form"))
    assert response.status_code == 409
    assert "“There will be ten.” (It says eleven.)" in text_of(response)
    assert "finn: checked a sentence: it does not hold" in text_of(response)
    client.post(workflow(article), form_data(client.get(workflow(article)), "request_changes_form"))
    article.refresh_from_db()
    assert article.status == "draft"
    client.force_login(people["writer"])
    assert "finn, revision 1): does not hold: <q>It says eleven.</q>" in text_of(client.get(page(article)))


def test_a_wrong_sentence_asks_for_words(people, article, sends):
    response = sends("checker", "check_3", mark="wrong", comment=" ")
    assert response.status_code == 409
    assert "Say what is wrong with the sentence." in text_of(response)
    assert not SentenceVerdict.objects.exists()


def test_a_stale_page_gives_no_verdict_and_what_was_typed_is_kept(client, people, article):
    client.force_login(people["checker"])
    data = form_data(client.get(page(article)), "check_3") | {"mark": "wrong", "comment": "It says eleven."}
    article.title = "Ten episodes to come"
    save_article(user=people["writer"], article=article, based_on=1)
    response = client.post(page(article), data)
    assert response.status_code == 409
    assert "has been saved since" in text_of(response)
    # The sentence stands as it was, so its form holds the words again.
    assert form_data(response, "check_3")["comment"] == "It says eleven."
    assert "readonly>It says eleven.</textarea>" in text_of(response)


def test_a_review_that_has_ended_takes_no_verdict_and_keeps_the_words(client, people, article):
    client.force_login(people["checker"])
    data = form_data(client.get(page(article)), "check_3") | {"mark": "wrong", "comment": "It says eleven."}
    client.force_login(people["writer"])
    client.post(workflow(article), form_data(client.get(workflow(article)), "withdraw_form"))
    client.force_login(people["checker"])
    response = client.post(page(article), data)
    assert response.status_code == 409
    assert "It says eleven." in text_of(response)
    assert "check_3" not in text_of(response)


def test_verdicts_are_for_the_group_of_the_step_alone(client, people, article):
    client.force_login(people["checker"])
    data = form_data(client.get(page(article)), "check_3") | {"mark": "holds"}
    for who in ("writer", "editor"):
        client.force_login(people[who])
        response = client.get(page(article))
        assert "check_3" not in response.content.decode()
        assert "Verdicts are for the group “Fact-checkers”" in text_of(response)
        assert client.post(page(article), data).status_code == 403
    assert not SentenceVerdict.objects.exists()


def test_who_may_not_look_at_articles_sees_and_says_nothing(client, people, article):
    client.force_login(people["writer"])
    data = form_data(client.get(page(article)), "comment_3") | {"comment": "x"}
    client.force_login(make_user(None, is_staff=True))
    assert client.get(page(article)).status_code == 403
    assert client.post(page(article), data).status_code == 403
    client.logout()
    assert client.get(page(article)).status_code == 302
    assert not Comment.objects.exists()


def test_who_may_not_look_at_sources_sees_excerpts_alone(client, article):
    guest = make_user(None, is_staff=True)
    guest.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(guest)
    text = text_of(client.get(page(article)))
    assert "The network ordered ten episodes in December." in text
    assert "Long before" not in text
    assert "workbench" not in text


def test_a_sentence_is_commented_on_answered_and_resolved(client, people, article, sends):
    response = sends("writer", "comment_3", comment="Which network?", mention="finn")
    comment = Comment.objects.get()
    assert response.url == f"{page(article)}#c-{comment.pk}"
    assert (comment.exact, comment.author, comment.mentions.get()) == (
        "There will be ten.",
        people["writer"],
        people["checker"],
    )
    text = text_of(client.get(page(article)))
    assert "<mark>There will be ten.</mark>" in text
    assert "Wren Walker</strong>" in text
    sends("checker", f"reply_{comment.pk}", comment="The one in\nthe ledger. @wren")
    assert Comment.objects.get(parent=comment).mentions.get() == people["writer"]
    sends("editor", f"settle_{comment.pk}", do="resolve")
    response = client.get(page(article))
    assert [one.comment for one in response.context["sheet"].resolved] == [comment]
    assert "Resolved by edda" in text_of(response)
    assert "<mark>" not in text_of(response)
    sends("writer", f"settle_{comment.pk}", do="reopen")
    history = text_of(client.get(workflow(article)))
    assert "Wren Walker: commented</span> <q>Which network?</q>" in history
    assert "edda: resolved a comment" in history


def test_words_that_somebody_selected_are_what_the_comment_is_on(client, people, article, sends):
    start = plain_text(article.revisions.get().content).index("will be")
    sends("editor", "comment_3", comment="Sure?", start=start, end=start + 7)
    assert Comment.objects.get().exact == "will be"
    assert "There <mark>will be</mark> ten." in text_of(client.get(page(article)))


def test_a_comment_whose_words_are_gone_says_so(client, people, article, sends):
    sends("editor", "comment_4", comment="Is it?")
    article.body = article.body.replace("Fine by us.", "Nobody objects at all.")
    save_article(user=people["writer"], article=article, based_on=1)
    response = client.get(page(article))
    assert "its words are gone" in text_of(response)
    assert len(response.context["sheet"].unplaced) == 1


def test_a_comment_on_the_whole_text_stands_below_it(client, people, article, sends):
    sends("editor", "whole_form", comment="Too long.")
    assert [one.comment.text for one in client.get(page(article)).context["sheet"].unplaced] == ["Too long."]


def test_people_are_picked_by_their_full_name_and_strangers_are_nobody(people, article, sends):
    sends("editor", "comment_3", comment="Look.", mention="wren walker")
    assert Comment.objects.get().mentions.get() == people["writer"]
    response = sends("editor", "comment_3", comment="Keep this.", mention="nobody")
    assert response.status_code == 400
    assert "Nobody of that name can see this article." in text_of(response)
    assert "readonly>Keep this.</textarea>" in text_of(response)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"do": "shout"}, 404),
        ({"do": "resolve", "to": "x"}, 404),
        ({"do": "resolve", "to": "99999"}, 404),
        ({"do": "reply", "to": "99999"}, 400),
        ({"revision": "99"}, 409),
        ({"revision": ""}, 400),
        ({"comment": ""}, 400),
        ({"start": "5", "end": "4"}, 409),
        ({"start": "-1"}, 400),
        ({"comment": "x" * 5001}, 400),
    ],
)
def test_a_form_that_was_bent_writes_nothing(article, sends, change, status):
    assert sends("editor", "comment_3", **{"comment": "x", **change}).status_code == status
    assert not Comment.objects.exists()


def test_a_comment_of_another_article_is_not_found(people, article, sends):
    other = make_article()
    comment = comment_on(user=people["editor"], article=other, looked_at=1, text="Elsewhere.")
    assert sends("editor", "comment_3", do="resolve", to=comment.pk).status_code == 404
    assert sends("editor", "comment_3", do="reply", to=comment.pk, comment="x").status_code == 400


def test_what_people_write_is_text_and_nothing_else(client, people, article, sends):
    sends("editor", "comment_3", comment="<script>alert(1)</script> & so")
    assert "<script>alert" not in client.get(page(article)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so" in text_of(client.get(page(article)))


def test_the_editor_s_page_lists_the_open_comments_with_their_places(client, people, article, sends):
    sends("editor", "comment_3", comment="Which network?")
    sends("editor", "comment_1", comment="Louder.")
    sends("editor", "whole_form", comment="Too long.")
    first, second, _third = Comment.objects.order_by("pk")
    reply_to(user=people["checker"], comment=first, text="The one in the ledger.")
    article.assignee = people["writer"]
    article.save()
    client.force_login(people["writer"])
    change = reverse("admin:editorial_article_change", args=[article.pk])
    text = text_of(client.get(change))
    place = 'data-field="body" data-block="0" data-skip="0" data-length="15"'
    assert f'data-comment="{first.pk}" {place} data-words="There will be ten."' in text
    assert f'data-comment="{second.pk}" data-field="title"' in text
    assert "The one in the ledger." in text
    assert "Too long." in text
    assert f"{page(article)}#c-{first.pk}" in text
    resolve_comment(user=people["writer"], comment=first)
    assert "Which network?" not in text_of(client.get(change))


def test_an_article_without_a_revision_or_without_existence(client, people):
    client.force_login(people["editor"])
    bare = Article.objects.create(slug="bare", kind="news", title="Bare")
    assert "This article was never saved." in text_of(client.get(page(bare)))
    assert client.get("/admin/editorial/article/99999/reading/").status_code == 404


@pytest.mark.parametrize("what", ["sentences", "comments", "verdicts"])
def test_as_many_queries_with_thirty_as_with_three(client, people, what):
    make_stage(kind="news", name="Fact-check", group="Fact-checkers")
    counts = []
    for number in (3, 30):
        lines = number if what == "sentences" else 3
        body = "".join(
            f'<p>Fact {at}.<cite data-passage="{make_passage().key}"></cite></p>' for at in range(lines)
        )
        article = make_article(kind="news", author=people["writer"], body=body)
        submit_article(user=people["writer"], article=article, looked_at=1)
        client.force_login(people["checker"])
        for _ in range(number if what != "sentences" else 0):
            if what == "comments":
                reply_to(user=people["checker"], comment=_say(people["editor"], article), text="Yes. @edda")
            else:
                data = form_data(client.get(page(article)), "check_1") | {"mark": "holds"}
                client.post(page(article), data)
        client.get(page(article))
        for url in (page(article), reverse("admin:editorial_article_change", args=[article.pk])):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def _say(user, article) -> Comment:
    at = plain_text(article.revisions.get().content).index("Fact 1")
    return comment_on(user=user, article=article, looked_at=1, start=at, end=at + 6, text="Is it? @finn")


def test_verdicts_in_a_row_are_told_once_in_the_history(client, people, article, sends):
    for number in (1, 2, 3):
        sends("checker", f"check_{number}", mark="holds")
    sends("checker", "check_4", mark="wrong", comment="Not by me.")
    sends("checker", "check_5", mark="holds")
    told = text_of(client.get(workflow(article)))
    assert told.count("finn: checked a sentence: it holds") == 2
    assert "it holds (3 times)" in told
    assert "Wren Walker: submitted it for review" in told


def test_verdicts_of_an_earlier_review_are_shown_and_kept_with_one_click(client, people, article, sends):
    for number in (1, 2):
        sends("checker", f"check_{number}", mark="holds")
    assert "keep_form" not in client.get(page(article)).content.decode()
    client.force_login(people["writer"])
    for form in ("withdraw_form", "submit_form"):
        client.post(workflow(article), form_data(client.get(workflow(article)), form))
    client.force_login(people["checker"])
    text = text_of(client.get(page(article)))
    assert "0 of 5 sentences checked" in text
    assert "At another step or in an earlier review (Fact-check, finn, revision 1): holds" in text
    assert "2 sentences held in an earlier review" in text
    assert sends("checker", "keep_form").status_code == 302
    assert "2 of 5 sentences checked" in text_of(client.get(page(article)))
    client.force_login(people["writer"])
    assert "keep_form" not in client.get(page(article)).content.decode()
