"""Capturing a source again in the admin: the step before it, the queue, and the review with its decisions."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.actions import add_passage, capture_document, confirm_reanchoring
from catalog.models import Citation, Reanchoring, Recapture, Snapshot
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

ADD = "/admin/catalog/snapshot/add/"
CHANGED, LOST = "It returns in February with ten new episodes.", "The writers' room closed before the summer."
MOVED, SAME = "Scoot McNairy takes over the narration from the start.", "Diego Luna plays Félix Gallardo."
FILLER = "\n\n".join(
    f"Paragraph {number} speaks of {number * 7} other things at length." for number in range(8)
)
OLD = "\n\n".join([SAME, CHANGED, LOST, FILLER, MOVED, "The end."])
NEW_WORDS = "It returns in February with nine new episodes."
NEW = "\n\n".join([MOVED, SAME, NEW_WORDS, FILLER, "The writers met in the summer.", "The end."])


@pytest.fixture
def source():
    source = make.make_source(slug="guide")
    capture(source, OLD)
    for words in (SAME, CHANGED, MOVED, LOST):
        add_passage(user=None, source=source, quote=words)
    return source


@pytest.fixture
def checker(client):
    user = make.make_user("Fact-checkers")
    client.force_login(user)
    return user


@pytest.fixture
def recapture(source, checker):
    return capture(source, NEW).recapture


def capture(source, text):
    return capture_document(user=None, source=source, text=text, method="paste", accepted={})


def review_url(recapture) -> str:
    return reverse("admin:catalog_recapture_change", args=[recapture.pk])


def row_of(recapture, number) -> Reanchoring:
    return recapture.reanchorings.get(passage__number=number)


def send(client, source, **entered):
    data = form_data(client.get(ADD), "snapshot_form")
    return client.post(ADD, data | {"source": source.pk, **entered})


def decide(client, recapture, number, verb, **entered):
    """Send the form of a passage as it stands on the page, with what a person entered."""
    row = row_of(recapture, number)
    name = "take-{}-1" if verb == "take" else f"{verb}-{{}}"
    data = form_data(client.get(review_url(recapture)), name.format(row.pk))
    return client.post(review_url(recapture), data | {"do": verb, **entered})


def states(source) -> dict[int, str]:
    return dict(source.passages.values_list("number", "state"))


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_a_source_captured_again_is_shown_first_whatever_the_way(client, source, checker, way):
    entered = NEW if way == "pasted" else SimpleUploadedFile("new.txt", NEW.encode())
    shown = send(client, source, **{way: entered})
    words = shown.content.decode()
    assert shown.status_code == 200
    for expected in ("Nothing is stored yet", "Captured again", "<strong>1</strong> lost"):
        assert expected in words
    assert Snapshot.objects.count() == 1
    response = client.post(ADD, form_data(shown, "confirm_form"))
    recapture = Recapture.objects.get()
    assert response.url == review_url(recapture)
    assert recapture.by == checker
    assert states(source) == {1: "verified", 2: "changed", 3: "moved", 4: "lost"}
    assert "1 changed, 1 lost, 1 moved, 1 verified" in client.get(response.url).content.decode()


def test_a_recapture_with_nothing_to_look_at_ends_at_the_snapshot(client, source, checker):
    shown = send(client, source, pasted=OLD + "\n\nOne more line.")
    response = client.post(ADD, form_data(shown, "confirm_form"))
    newest = Snapshot.objects.order_by("-pk").first()
    assert response.url == reverse("admin:catalog_snapshot_change", args=[newest.pk])
    assert "Its passages: 4 verified." in client.get(response.url).content.decode()


def test_a_refused_recapture_cannot_be_stored_and_its_text_is_kept(client, source, checker):
    short = "  Only a little of it.\n"
    shown = send(client, source, pasted=short)
    words = shown.content.decode()
    assert "less than half as long" in words
    assert "Capture this text" not in words
    data = form_data(shown, "confirm_form")
    assert form_data(client.post(ADD, data | {"_back": "Back"}), "snapshot_form")["pasted"] == short
    assert "less than half as long" in client.post(ADD, data).content.decode()
    assert (Snapshot.objects.count(), Recapture.objects.count()) == (1, 0)


def test_the_text_that_is_here_already_changes_nothing(client, source, checker):
    shown = send(client, source, pasted=OLD)
    assert "No passage has to be looked for." in shown.content.decode()
    response = client.post(ADD, form_data(shown, "confirm_form"))
    assert "was here already" in client.get(response.url).content.decode()
    assert not Recapture.objects.exists()


def test_passages_that_cannot_be_compared_are_counted_with_what_to_do(client, checker):
    source = make.make_passage(state="unattached").source
    make.make_snapshot(source, OLD)
    shown = send(client, source, pasted=NEW)
    assert "1 passage cannot be compared" in shown.content.decode()
    response = client.post(ADD, form_data(shown, "confirm_form"))
    page = client.get(response.url).content.decode()
    assert "1 passage of this source could not be compared" in page
    assert "manage.py attach_sources" in page


def test_the_review_shows_both_texts_what_rests_on_them_and_who_leans_on_them(client, source, checker):
    season = make.make_season(premiere="2020-02")
    changed = source.passages.get(number=2)
    make.make_citation(season, "premiere", changed, says="February 2020")
    body = f'<p>It returns.<cite data-passage="{changed.key}"></cite></p>'
    article = make.make_article(published=True, body=body, title="When it returns")
    recapture = capture(source, NEW).recapture
    page = client.get(review_url(recapture)).content.decode()
    for expected in (
        "<del>ten</del>",
        "<ins>nine</ins>",
        "changed, open",
        "lost, open",
        "These words stand nowhere in the new text.",
        "Premiere: supports “February 2020”",
        reverse("admin:catalog_season_change", args=[season.pk]),
        f"{article.get_absolute_url()}#ref-1-1",
        reverse("admin:editorial_article_change", args=[article.pk]),
        "3 passages wait for a decision.",
        "1 passage verified",
    ):
        assert expected in page
    assert page.count("When it returns") == 2
    assert LOST.replace("'", "&#x27;") in page


def test_confirming_leads_to_the_next_that_waits(client, recapture):
    response = decide(client, recapture, 2, "confirm")
    assert response.url == f"{review_url(recapture)}?page=1#passage-4"
    assert states(recapture.source)[2] == "verified"
    assert row_of(recapture, 2).resolved_by.groups.get().name == "Fact-checkers"
    page = client.get(response.url).content.decode()
    assert "Passage guide#2 is confirmed." in page
    assert "changed, confirmed" in page
    response = decide(client, recapture, 3, "confirm")
    assert urlsplit(response.url).fragment == "passage-4"


def test_a_lost_passage_takes_a_place_that_is_offered(client, recapture):
    page = client.get(review_url(recapture)).content.decode()
    assert "Take this place" in page
    decide(client, recapture, 4, "take")
    passage = recapture.source.passages.get(number=4)
    assert (passage.state, passage.exact) == ("verified", "The writers met in the summer.")
    assert "lost, selected anew" in client.get(review_url(recapture)).content.decode()


def test_a_place_that_was_tampered_with_is_refused(client, recapture):
    for change in ({"start": "0"}, {"exact": "Other words"}, {"start": "x"}, {"end": "99999999"}):
        response = decide(client, recapture, 4, "take", **change)
        assert response.status_code == 200
        assert "errornote" in response.content.decode()
    assert states(recapture.source)[4] == "lost"


def test_words_that_do_not_stand_there_are_refused_beside_what_was_typed(client, recapture):
    response = decide(client, recapture, 4, "reselect", quote="The writers' room opened")
    page = response.content.decode()
    assert "These words do not stand in the source." in page
    row = row_of(recapture, 4)
    assert form_data(response, f"reselect-{row.pk}")["quote"] == "The writers' room opened"
    assert f'aria-describedby="refused-{row.pk}"' in page
    assert "more than once" in decide(client, recapture, 4, "reselect", quote="other things").content.decode()
    decide(client, recapture, 4, "reselect", quote="The writers met")
    assert recapture.source.passages.get(number=4).exact == "The writers met"


def test_withdrawing_asks_for_a_reason_and_keeps_what_was_cited(client, recapture):
    make.make_citation(make.make_season(), "premiere", recapture.source.passages.get(number=4))
    assert "Say why the passage is withdrawn" in decide(client, recapture, 4, "withdraw").content.decode()
    long = decide(client, recapture, 4, "withdraw", reason="word " * 120)
    assert "at most 500 are kept" in long.content.decode()
    assert form_data(long, f"withdraw-{row_of(recapture, 4).pk}")["reason"] == "word " * 120
    assert Citation.objects.count() == 1
    decide(client, recapture, 4, "withdraw", reason="It was cut.")
    assert not Citation.objects.exists()
    page = client.get(review_url(recapture)).content.decode()
    for expected in ("lost, withdrawn", "It was cut.", "<code>season:"):
        assert expected in page


def test_what_somebody_else_settled_meanwhile_is_said_and_what_was_typed_kept(client, recapture):
    data = form_data(client.get(review_url(recapture)), f"withdraw-{row_of(recapture, 2).pk}")
    confirm_reanchoring(user=None, reanchoring=row_of(recapture, 2))
    response = client.post(review_url(recapture), data | {"do": "withdraw", "reason": "It was cut."})
    page = response.content.decode()
    assert "The passage guide#2 is settled already: confirmed." in page
    assert "You wrote: “It was cut.”." in page
    assert states(recapture.source)[2] == "verified"


@pytest.mark.parametrize("data", [{}, {"do": "burn"}, {"do": "confirm"}, {"do": "confirm", "row": "x"}])
def test_a_form_that_is_none_of_the_page_is_refused(client, recapture, data):
    assert client.post(review_url(recapture), data).status_code == 400
    other = capture(make.make_snapshot(text=OLD).source, NEW).recapture
    row = make.make_reanchoring(recapture=other, state="changed")
    assert client.post(review_url(recapture), {"do": "confirm", "row": row.pk}).status_code == 400


def test_who_may_not_decide_only_looks(client, recapture):
    client.force_login(make.make_user("Writers"))
    page = client.get(review_url(recapture)).content.decode()
    assert "changed, open" in page
    assert "Confirm the new words" not in page
    data = {"do": "confirm", "row": row_of(recapture, 2).pk}
    assert client.post(review_url(recapture), data).status_code == 403
    assert states(recapture.source)[2] == "changed"
    client.force_login(make.make_user(None, is_staff=True))
    assert client.get(review_url(recapture)).status_code == 403
    assert client.post(review_url(recapture), data).status_code == 403


def test_the_queue_holds_what_is_open_and_the_rest_is_one_click_away(client, recapture):
    quiet = capture(make.make_snapshot(text=OLD).source, NEW).recapture
    queue = client.get(reverse("admin:catalog_recapture_changelist"))
    assert list(queue.context["cl"].queryset) == [recapture]
    assert "3 passages</a>" in queue.content.decode()
    everything = client.get(reverse("admin:catalog_recapture_changelist"), {"review": "all"})
    assert set(everything.context["cl"].queryset) == {recapture, quiet}
    assert "nothing" in everything.content.decode()
    assert client.get("/admin/catalog/recapture/0/change/").status_code == 302
    assert client.get("/admin/catalog/recapture/x/change/").status_code == 302


def test_readers_lose_a_fact_with_its_only_support_and_get_it_back(client, source, checker, strict_templates):
    season = make.make_season(premiere="2020-02-13")
    make.make_citation(season, "premiere", source.passages.get(number=2))
    url = season.get_absolute_url()
    shown = client.get(url)
    assert "13 February 2020" in shown.content.decode()
    recapture = capture(source, NEW).recapture
    assert "13 February 2020" not in client.get(url).content.decode()
    decide(client, recapture, 2, "confirm")
    assert "13 February 2020" in client.get(url).content.decode()


def test_an_article_that_leans_on_a_changed_passage_is_not_published_until_it_is_settled(client, source):
    client.force_login(make.make_user("Editors"))
    passage = source.passages.get(number=2)
    article = make.make_article(body=f'<p>It returns.<cite data-passage="{passage.key}"></cite></p>')
    recapture = capture(source, NEW).recapture
    url = reverse("admin:editorial_article_workflow", args=[article.pk])
    assert "This passage is changed since the source was captured again." in client.get(url).content.decode()
    client.post(url, {"verb": "publish", "revision": "1"})
    assert not article.editions.exists()
    decide(client, recapture, 2, "confirm")
    client.post(url, form_data(client.get(url), "publish_form"))
    assert article.editions.count() == 1


def test_long_reviews_have_pages_and_lead_from_one_to_the_next(client, checker):
    source = make.make_source()
    lines = [f"Sentence {number} says {number * 7919} and no more than that." for number in range(25)]
    capture(source, "\n\n".join([*lines, FILLER * 4]))
    for line in lines:
        add_passage(user=None, source=source, quote=line)
    recapture = capture(source, FILLER * 4).recapture
    first = client.get(review_url(recapture)).content.decode()
    assert first.count("lost, open") == 20
    assert "25 passages wait for a decision." in first
    assert client.get(review_url(recapture), {"page": 2}).content.decode().count("lost, open") == 5
    response = decide(client, recapture, 20, "withdraw", reason="Gone.")
    assert response.url == f"{review_url(recapture)}?page=2#passage-21"


def test_queries_of_review_and_queue_do_not_grow(client, checker):
    counts = []
    for count in (3, 30):
        source = make.make_source()
        lines = [f"Sentence {number} says {number * 7919} and no more than that." for number in range(count)]
        capture(source, "\n\n".join([*lines, FILLER * 9]))
        season = make.make_season(premiere="2020")
        for line in lines:
            passage = add_passage(user=None, source=source, quote=line)
            make.make_citation(season, "premiere", passage)
            body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
            make.make_article(published=True, body=body)
        changed = [line.replace("no more", "much more") for line in lines]
        recapture = capture(source, "\n\n".join([*changed[: count // 3 * 2], FILLER * 9])).recapture
        assert set(recapture.reanchorings.count_by_outcome()) == {"changed", "lost"}
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as queries:
            client.get(review_url(recapture))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:catalog_recapture_changelist"))
        counts.append(len(queries))
        for _ in range(9):
            make.make_reanchoring(state="moved")
    assert counts[2] == counts[3]
