"""Review and publication in the admin, as people of each role; refusals beside what is allowed."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Passage
from editorial.models import Approval, AuditEntry, DueItem
from tests.factories import make_article, make_passage, make_stage, make_user
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def page(article):
    return reverse("admin:editorial_article_workflow", args=[article.pk])


@pytest.fixture
def people():
    return {
        "writer": make_user("Writers", username="wren"),
        "checker": make_user("Fact-checkers", username="finn"),
        "editor": make_user("Editors", username="edda"),
    }


@pytest.fixture
def article(people):
    make_stage(name="Fact-check", group="Fact-checkers")
    make_stage(name="Editing", group="Editors")
    return make_article(author=people["writer"])


@pytest.fixture
def does(client, people, article):
    """Does a transition as one of the people, with the form as the page gives it to them."""

    def do(who: str, verb: str, **given: str):
        client.force_login(people[who])
        data = form_data(client.get(page(article)), f"{verb}_form") | given
        return client.post(page(article), data, follow=True)

    return do


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def offered(client, user, article) -> set[str]:
    client.force_login(user)
    return {move.verb for move in client.get(page(article)).context["moves"]}


def test_an_article_goes_from_its_writer_to_its_readers(client, people, article, does):
    assert "wren: submitted it for review" in text_of(does("writer", "submit", comment="Numbers are new."))
    assert "Numbers are new." in text_of(client.get(page(article)))
    assert "needs re-check" not in text_of(does("checker", "approve", comment="All hold."))
    assert "is now: approved." in text_of(does("editor", "approve"))
    response = does("editor", "publish")
    assert "is published." in text_of(response)
    assert article.editions.live().get().revision.number == 1
    assert "All hold." in text_of(response)


def test_each_is_offered_what_they_may_do(client, people, article, does):
    assert offered(client, people["writer"], article) == {"submit"}
    assert offered(client, people["checker"], article) == set()
    assert offered(client, people["editor"], article) == {"submit", "archive"}
    does("writer", "submit")
    assert offered(client, people["writer"], article) == {"withdraw"}
    assert offered(client, people["checker"], article) == {"approve", "request_changes"}
    assert offered(client, people["editor"], article) == {"withdraw"}
    does("checker", "approve")
    assert offered(client, people["editor"], article) == {"withdraw", "approve", "request_changes"}
    does("editor", "approve")
    assert offered(client, people["editor"], article) >= {"schedule", "publish", "request_changes"}
    assert offered(client, make_user("Writers"), article) == set()


@pytest.mark.parametrize("verb", ["approve", "request_changes", "publish", "schedule", "archive"])
def test_a_direct_request_helps_nobody(client, people, article, does, verb):
    does("writer", "submit")
    step = article.submissions.get().steps.first()
    client.force_login(people["writer"])
    later = (timezone.now() + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"verb": verb, "revision": 1, "step": step.pk, "comment": "I say so", "publish_at": later}
    assert client.post(page(article), data).status_code == 403
    article.refresh_from_db()
    assert article.status == "in review"
    assert not Approval.objects.exists()


def test_changes_need_words_and_these_are_kept(client, people, article, does):
    does("writer", "submit")
    response = does("checker", "request_changes", comment="")
    assert response.status_code == 400
    assert "This field is required." in text_of(response)
    does("checker", "request_changes", comment="Whose number is it?")
    article.refresh_from_db()
    assert article.status == "draft"
    assert "Whose number is it?" in text_of(client.get(page(article)))


def test_an_old_page_approves_nothing(client, people, article, does):
    does("writer", "submit")
    client.force_login(people["checker"])
    data = form_data(client.get(page(article)), "approve_form") | {"comment": "Fine by me."}
    client.post(page(article), data)
    response = client.post(page(article), data)
    assert response.status_code == 409
    assert "not waiting any more" in text_of(response)
    assert Approval.objects.count() == 1


def test_what_drifted_is_named(client, people, article, does):
    does("writer", "submit")
    does("checker", "approve")
    passage = Passage.objects.get()
    Passage.objects.update(state="changed")
    client.force_login(people["editor"])
    text = text_of(client.get(page(article)))
    assert "needs re-check" in text
    assert f"What it leans on has changed since: {passage.key}." in text


def test_times_are_those_of_the_newsroom(client, people, article, does, settings):
    settings.TIME_ZONE = "America/Mexico_City"
    does("writer", "submit")
    does("checker", "approve")
    does("editor", "approve")
    response = does("editor", "schedule", publish_at="2099-02-13T09:00")
    assert "is now: scheduled." in text_of(response)
    assert DueItem.objects.get().due_at == datetime.datetime(2099, 2, 13, 15, tzinfo=datetime.UTC)
    assert "Feb. 13, 2099, 9 a.m." in text_of(response)


def test_a_time_that_has_passed_is_said_beside_what_was_typed(client, people, article, does):
    does("writer", "submit")
    does("checker", "approve")
    does("editor", "approve")
    response = does("editor", "schedule", publish_at="2001-01-01T09:00")
    assert response.status_code == 409
    assert "This time has passed." in text_of(response)
    assert 'value="2001-01-01T09:00"' in text_of(response)


def test_several_are_submitted_and_approved_with_one_answer_each(client, people, article):
    other = make_article(author=people["writer"], title="Empty", body="")
    changelist = reverse("admin:editorial_article_changelist")
    both = {"_selected_action": [article.pk, other.pk]}
    client.force_login(people["writer"])
    answers = [
        str(message)
        for message in client.post(changelist, {"action": "submit_selected", **both}, follow=True).context[
            "messages"
        ]
    ]
    assert any("is now: in review." in answer for answer in answers)
    assert any("“Empty” is held back by 1 problem." in answer for answer in answers)
    client.force_login(people["checker"])
    answers = [
        str(message)
        for message in client.post(changelist, {"action": "approve_selected", **both}, follow=True).context[
            "messages"
        ]
    ]
    assert len(answers) == 2
    assert any("It waits for no approval." in answer for answer in answers)
    assert Approval.objects.get().user == people["checker"]


def test_a_writer_s_colleague_reads_and_does_not_change(client, article):
    client.force_login(make_user("Writers"))
    change = reverse("admin:editorial_article_change", args=[article.pk])
    assert client.get(change).status_code == 200
    assert 'name="_save"' not in client.get(change).content.decode()
    assert client.post(change, {"title": "Mine"}).status_code == 403


def test_only_administrators_change_the_stages(client, people):
    stage = make_stage()
    url = reverse("admin:editorial_stage_change", args=[stage.pk])
    client.force_login(people["editor"])
    assert client.post(url, {}).status_code == 403
    client.force_login(make_user("Administrators"))
    data = form_data(client.get(url), "stage_form") | {"name": "Second look"}
    client.post(url, data)
    stage.refresh_from_db()
    assert stage.name == "Second look"


def test_as_many_queries_with_thirty_approvals_as_with_three(client, people):
    counts = []
    for number in (3, 30):
        stage = make_stage(kind="news", group=f"Group {number}", approvals_needed=31)
        passages = [make_passage() for _ in range(number)]
        cites = "".join(f'<p>A fact.<cite data-passage="{one.key}"></cite></p>' for one in passages)
        article = make_article(kind="news", author=people["writer"], body=cites)
        client.force_login(people["writer"])
        client.post(page(article), form_data(client.get(page(article)), "submit_form"))
        for _ in range(number):
            reviewer = make_user("Fact-checkers")
            reviewer.groups.add(stage.group)
            client.force_login(reviewer)
            client.post(page(article), form_data(client.get(page(article)), "approve_form"))
        assert Approval.objects.filter(revision__article=article).count() == number
        stage.delete()
        client.force_login(people["editor"])
        client.get(page(article))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(article))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_history_names_everybody(client, people, article, does):
    does("writer", "submit")
    does("writer", "withdraw")
    actors = AuditEntry.objects.filter(verb__startswith="article.").values_list("actor_label", flat=True)
    assert set(actors) == {"wren"}


def test_what_has_to_change_stands_above_a_draft_until_it_is_submitted_again(client, people, article, does):
    change = reverse("admin:editorial_article_change", args=[article.pk])
    asked = "finn asked for changes (Fact-check)"
    does("writer", "submit")
    assert asked not in text_of(client.get(change))
    does("checker", "request_changes", comment="Who said so?\nAnd <when>?")
    client.force_login(people["writer"])
    for address in (change, page(article)):
        shown = text_of(client.get(address))
        assert asked in shown
        assert "<blockquote><p>Who said so?<br>And &lt;when&gt;?</p></blockquote>" in shown
    does("writer", "submit")
    for address in (change, page(article)):
        assert asked not in text_of(client.get(address))
