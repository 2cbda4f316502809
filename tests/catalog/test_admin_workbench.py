"""The workbench: words become passages, passages are cited, and refusals keep what was entered."""

from __future__ import annotations

import datetime
from html.parser import HTMLParser

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Citation, Passage, Season, Snapshot, Source
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

TEXT = "🎬 He said: “It returns on 13 February 2020.”\r\nNobody asked <why> & e\u0301l.\rNot even\nhe."


@pytest.fixture(autouse=True)
def _as_writer(client):
    client.force_login(make.make_user("Writers"))


@pytest.fixture
def snapshot() -> Snapshot:
    return make.make_snapshot(text=TEXT)


def bench(source: Source, end: str = "") -> str:
    return reverse(f"admin:catalog_source_workbench{end}", args=[source.pk])


def selection(snapshot: Snapshot, words: str) -> dict[str, object]:
    start = snapshot.text.index(words)
    return {"snapshot": snapshot.pk, "start": start, "end": start + len(words), "exact": words}


def send(client: Client, source: Source, do: str, entered: dict[str, object], **extra):
    """The panel as the page sends it, with these fields filled and this button pressed."""
    data = form_data(client.get(bench(source)), "panel_form")
    return client.post(bench(source), {**data, **entered, "do": do}, **extra)


def viewer(*permissions: str) -> User:
    user = make.make_user(None, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


class _Pane(HTMLParser):
    """The characters of the text's pane and its marked parts with their passages."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.marks, self._inside = "", [], False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id") == "source-text":
            self._inside = True
        elif self._inside and tag == "mark":
            self.marks.append((given["data-passages"], given["class"]))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "div"

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


def test_the_text_stands_in_the_page_character_by_character_with_its_passages_marked(client, snapshot):
    make.make_passage(snapshot.source, exact=TEXT[:20], snapshot=snapshot)
    make.make_passage(snapshot.source, exact=TEXT[10:30], snapshot=snapshot, start=10)
    make.make_passage(snapshot.source, exact=TEXT[40:50], snapshot=snapshot, start=40, state="withdrawn")
    pane = _Pane(client.get(bench(snapshot.source)).content.decode())
    assert pane.text == TEXT
    assert pane.marks == [
        ("1", "wb-depth-1"),
        ("1 2", "wb-depth-2 wb-end"),
        ("2", "wb-depth-1 wb-end"),
        ("3", "wb-depth-1 wb-doubtful wb-end"),
    ]


def test_selected_words_become_a_passage_and_the_page_leads_to_it(client, snapshot):
    response = send(client, snapshot.source, "keep", selection(snapshot, "13 February 2020"))
    passage = Passage.objects.get()
    assert (passage.exact, passage.number, passage.state) == ("13 February 2020", 1, "verified")
    assert response.url == f"{bench(snapshot.source)}?passage=1#passage-1"
    page = client.get(response.url).content.decode()
    assert f"Kept: {passage.key}." in page
    assert '<li class="wb-card wb-active" data-card="1"' in page
    assert LogEntry.objects.get().object_id == str(passage.pk)
    again = send(client, snapshot.source, "keep", selection(snapshot, "13 February 2020"))
    assert f"Already a passage: {passage.key}." in client.get(again.url).content.decode()
    assert (Passage.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_line_breaks_that_a_form_rewrites_are_the_same_words(client, snapshot):
    words = "Not even\nhe"
    entered = selection(snapshot, words) | {"exact": words.replace("\n", "\r\n")}
    assert send(client, snapshot.source, "keep", entered).status_code == 302
    assert Passage.objects.get().exact == words


def test_words_that_do_not_stand_at_their_place_are_refused_with_both_texts(client, snapshot):
    entered = selection(snapshot, "13 February 2020") | {"exact": "14 March 2021", "says": "2021-03-14"}
    response = send(client, snapshot.source, "cite", entered)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Selected: “14 March 2021”. In the text: “13 February 2020”." in page
    kept = form_data(response, "panel_form")
    assert {name: kept[name] for name in entered} == {name: str(value) for name, value in entered.items()}
    assert not Passage.objects.exists()


def test_one_submit_makes_the_passage_and_cites_the_record(client, snapshot):
    season = make.make_season(premiere="2020-02-13")
    said = {"record": f"season-{season.pk}", "field": "premiere", "says": "2020-02-13", "stance": "supports"}
    response = send(client, snapshot.source, "cite", selection(snapshot, "on 13 February 2020") | said)
    assert response.url == f"{bench(snapshot.source)}?passage=1#passage-1"
    citation = Citation.objects.get()
    assert (citation.target, citation.field, citation.says) == (season, "premiere", "2020-02-13")
    assert (citation.stance, citation.checked_value) == ("supports", "2020-02-13")
    page = client.get(response.url).content.decode()
    passage = Passage.objects.get()
    assert f"Cited: {passage.key} for Season: {season}, Premiere." in page
    assert f'<a href="{reverse("admin:catalog_season_change", args=[season.pk])}">' in page
    assert LogEntry.objects.count() == 2


def test_a_passage_that_is_there_is_cited_from_its_card(client):
    season = make.make_season()
    passage = make.make_passage()
    said = {"passage": 1, "record": f"season-{season.pk}", "field": "", "stance": "mentions"}
    assert send(client, passage.source, "cite", said).status_code == 302
    citation = Citation.objects.get()
    assert (citation.passage, citation.field, citation.stance) == (passage, "", "mentions")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"record": ""}, "Choose the record that the passage is about from the list."),
        ({"record": "season-999999"}, "Choose the record that the passage is about from the list."),
        ({"field": "?"}, "This field cannot be cited."),
        ({"says": "x" * 301}, "at most 300 are kept."),
        ({"stance": "earlier"}, "Say whether the passage supports"),
        ({"start": ""}, "No words are selected."),
        ({"start": "one"}, "The form did not arrive whole."),
        ({"passage": "one"}, "The form did not arrive whole."),
        ({"passage": 7}, "This passage is gone."),
    ],
)
def test_a_refused_citation_makes_no_passage_and_keeps_what_was_entered(client, snapshot, changed, message):
    season = make.make_season(premiere="2020-02")
    said = {"record": f"season-{season.pk}", "field": "premiere", "says": "2020-02-13", "term": "Season"}
    entered = selection(snapshot, "13 February 2020") | said | {"stance": "contradicts"} | changed
    response = send(client, snapshot.source, "cite", entered)
    assert response.status_code == 200
    page = response.content.decode()
    assert message in page
    assert '<section class="wb-panel" aria-labelledby="panel-heading" data-panel>' in page
    kept = form_data(response, "panel_form")
    assert {name: kept[name] for name in ("exact", "says", "record")} == {
        name: entered[name] for name in ("exact", "says", "record")
    }
    if entered["record"] == said["record"]:
        assert (kept["field"], kept["term"]) == (entered["field"], f"Season: {season}")
        assert "The record says: February 2020" in page or entered["field"] == "?"
    assert not Passage.objects.exists()
    assert not Citation.objects.exists()


def test_citing_twice_is_refused_and_names_the_citation_that_is_there(client):
    season = make.make_season()
    passage = make.make_citation(season, "premiere", says="2020-02").passage
    said = {"passage": 1, "record": f"season-{season.pk}", "field": "premiere"}
    response = send(client, passage.source, "cite", said)
    assert "is cited there already: supports, “2020-02”." in response.content.decode()
    assert passage.words in response.content.decode()
    assert Citation.objects.count() == 1


def test_a_script_is_told_what_to_copy_once_the_passage_is_there(client, snapshot):
    entered = selection(snapshot, "It returns")
    response = send(client, snapshot.source, "copy", entered, headers={"accept": "application/json"})
    url = f"{bench(snapshot.source)}?passage=1#passage-1"
    assert response.json() == {"url": url, "copy": f"[@{snapshot.source.slug}#1]"}
    refused = entered | {"exact": "Other"}
    page = send(client, snapshot.source, "copy", refused, headers={"accept": "application/json"})
    assert "text/html" in page["Content-Type"]


def test_who_may_only_look_gets_the_page_without_controls_and_writes_nothing(client, snapshot):
    passage = make.make_passage(snapshot.source, exact=TEXT[:20], snapshot=snapshot)
    season = make.make_season()
    client.force_login(viewer("view_source", "view_passage"))
    page = client.get(bench(snapshot.source)).content.decode()
    assert passage.excerpt in page
    assert "panel_form" not in page
    assert "data-cite=" not in page
    assert "data-selectable" not in page
    kept = client.post(bench(snapshot.source), selection(snapshot, "It returns") | {"do": "keep"})
    said = {"do": "cite", "passage": 1, "record": f"season-{season.pk}", "field": "", "stance": "mentions"}
    cited = client.post(bench(snapshot.source), said)
    # A record that the person may not see is as good as none.
    assert (kept.status_code, cited.status_code) == (403, 200)
    assert (Passage.objects.count(), Citation.objects.count()) == (1, 0)


def test_who_may_add_passages_and_not_citations_gets_only_the_first(client, snapshot):
    client.force_login(viewer("view_source", "view_passage", "add_passage", "view_season"))
    page = client.get(bench(snapshot.source)).content.decode()
    assert "Keep as a passage" in page
    assert "Cite a record" not in page
    season = make.make_season()
    said = {"record": f"season-{season.pk}", "field": "", "stance": "mentions"}
    response = send(client, snapshot.source, "cite", selection(snapshot, "It returns") | said)
    assert response.status_code == 403
    assert not Passage.objects.exists()


@pytest.mark.parametrize("permission", ["view_source", "view_passage"])
def test_the_workbench_asks_for_both_permissions_to_look(client, snapshot, permission):
    client.force_login(viewer(permission))
    for end in ("", "_records", "_fields"):
        assert client.get(bench(snapshot.source, end)).status_code == 403
    assert "/login/" in Client().get(bench(snapshot.source)).url


def test_an_older_text_is_only_read_and_words_of_it_are_refused(client, snapshot):
    source = snapshot.source
    passage = make.make_passage(source, exact=TEXT[:20], snapshot=snapshot)
    later = timezone.now() + datetime.timedelta(days=1)
    current = make.make_snapshot(source, text="Something else.", captured_at=later)
    page = client.get(bench(source)).content.decode()
    assert _Pane(page).text == current.text
    assert "Not in this text" in page
    there = f"{bench(source)}?snapshot={snapshot.pk}"
    assert f'href="{there}&amp;passage=1#passage-1"' in page
    older = client.get(f"{there}&passage=1").content.decode()
    assert _Pane(older).marks == [("1", "wb-depth-1 wb-end")]
    assert "You are reading an older text" in older
    assert "panel_form" not in older
    response = send(client, source, "keep", selection(snapshot, "It returns"))
    assert "This is not the current text" in response.content.decode()
    kept = form_data(response, "panel_form")
    assert (kept["exact"], kept["start"], kept["snapshot"]) == ("It returns", "", str(current.pk))
    assert Passage.objects.get() == passage


def test_without_the_text_there_are_the_cards_and_what_to_do(client):
    passage = make.make_passage(state="unattached")
    page = client.get(bench(passage.source)).content.decode()
    assert passage.excerpt in page
    assert "manage.py attach_sources" in page
    assert f"{reverse('admin:catalog_snapshot_add')}?source={passage.source_id}" in page
    assert 'id="source-text"' not in page
    assert 'data-cite="1"' in page


def test_addresses_that_name_nothing_say_so(client, snapshot):
    source = snapshot.source
    assert "This source has no passage 7." in client.get(f"{bench(source)}?passage=7").content.decode()
    assert "This source has no passage &lt;x." in client.get(f"{bench(source)}?passage=<x").content.decode()
    other = make.make_snapshot(text="Other")
    for name in (other.pk, "x", "9" * 40):
        assert client.get(f"{bench(source)}?snapshot={name}").status_code == 404
    assert client.get(reverse("admin:catalog_source_workbench", args=[source.pk + 99])).status_code == 404
    assert client.get(bench(make.make_source())).status_code == 200


def test_records_are_found_by_name_without_accents_if_the_person_may_see_them(client, snapshot):
    person = make.make_person(name="Michael Peña")
    found = client.get(bench(snapshot.source, "_records"), {"q": "pena"}).json()["records"]
    assert found == [{"ref": f"person-{person.pk}", "label": "Person: Michael Peña"}]
    assert client.get(bench(snapshot.source, "_records")).json() == {"records": []}
    client.force_login(viewer("view_source", "view_passage", "add_citation"))
    assert client.get(bench(snapshot.source, "_records"), {"q": "pena"}).json() == {"records": []}


def test_the_fields_of_a_record_come_with_its_values_and_what_the_words_state(client, snapshot):
    season = make.make_season(premiere="2020-02")
    asked = {"record": f"season-{season.pk}", **selection(snapshot, "on 13 February 2020")}
    answer = client.get(bench(snapshot.source, "_fields"), asked).json()
    assert answer["record"] == f"Season: {season}"
    assert answer["fields"][0] == {
        "name": "", "label": "The whole record", "value": str(season), "suggestion": ""
    }  # fmt: skip
    [premiere] = [field for field in answer["fields"] if field["name"] == "premiere"]
    assert (premiere["label"], premiere["value"]) == ("Premiere", "February 2020")
    assert premiere["suggestion"] == "2020-02-13"
    passage = make.make_passage(snapshot.source, exact="13 February 2020", snapshot=snapshot, start=27)
    asked = {"record": f"season-{season.pk}", "passage": passage.number}
    fields = client.get(bench(snapshot.source, "_fields"), asked).json()["fields"]
    assert {field["name"]: field["suggestion"] for field in fields}["premiere"] == "2020-02-13"


@pytest.mark.parametrize(
    "changed", [{"record": "season-999999"}, {"record": "user-1"}, {"end": "x"}, {"end": ""}, {"passage": 9}]
)
def test_fields_are_not_told_of_what_is_not_there(client, snapshot, changed):
    season = make.make_season()
    asked = {"record": f"season-{season.pk}", **selection(snapshot, "It returns"), **changed}
    assert client.get(bench(snapshot.source, "_fields"), asked).status_code == 404


def test_articles_stand_on_the_cards_of_the_passages_that_they_cite(client, snapshot):
    source = snapshot.source
    passages = [
        make.make_passage(source, exact=TEXT[at : at + 9], snapshot=snapshot, start=at) for at in (2, 20, 40)
    ]
    cite = '<p>A fact.<cite data-passage="{}"></cite></p>'
    live = make.make_article(title="With readers now", body=cite.format(passages[0].key), published=True)
    draft = make.make_article(title="A draft", body=cite.format(passages[1].key))
    page = client.get(bench(source)).content.decode()
    first, second, third = page.split("data-card=")[1:]
    edit = {one: reverse("admin:editorial_article_change", args=[one.pk]) for one in (live, draft)}
    assert f'href="{live.get_absolute_url()}#ref-1-1"' in first
    assert edit[live] in first
    assert f'<span lang="en">{draft.title}</span>' in second
    assert edit[draft] in second
    assert "wb-articles" not in third
    client.force_login(viewer("view_source", "view_passage"))
    assert edit[draft] not in client.get(bench(source)).content.decode()


def _fill(source: Source, season: Season, count: int) -> None:
    snapshot = source.snapshots.get()
    for number in range(count):
        passage = make.make_passage(source, exact=TEXT[number : number + 2], snapshot=snapshot, start=number)
        make.make_citation(season, "premiere", passage)
        make.make_citation(make.make_person(), "name", passage)
        make.make_article(
            body=f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>', published=number % 2 == 0
        )


def test_three_passages_cost_as_many_queries_as_thirty(client):
    counts = []
    for count in (3, 30):
        source = make.make_snapshot(text=TEXT).source
        _fill(source, make.make_season(), count)
        client.get(bench(source))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(f"{bench(source)}?passage=2").content.decode()
        assert page.count("data-card=") == count
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_all_passages_are_searched_without_accents_and_lead_to_their_workbench(client):
    spoken = make.make_passage(exact="Peña said it himself, and then he said much more of it all the same")
    make.make_passage(exact="Other words")
    changelist = reverse("admin:catalog_passage_changelist")
    for term in ("pena MUCH more", spoken.key, "same"):
        page = client.get(changelist, {"q": term})
        assert list(page.context["cl"].queryset) == [spoken]
    there = f'<a href="{bench(spoken.source)}?passage=1#passage-1">{spoken.key}</a>'
    assert there in page.content.decode()
    assert f'action="{changelist}"' in client.get(bench(spoken.source)).content.decode()


def test_a_passage_names_every_text_that_it_stood_in(client):
    passage = make.make_passage()
    source = passage.source
    other = make.make_snapshot(source, text="Older")
    unrelated = make.make_snapshot(source, text="Oldest")
    reanchoring = make.make_reanchoring(passage)
    page = client.get(reverse("admin:catalog_passage_change", args=[passage.pk])).content.decode()
    assert page.count("?snapshot=") == 1
    recapture = reanchoring.recapture
    passage.reanchorings.model.objects.create(
        recapture=type(recapture).objects.create(source=source, snapshot=passage.snapshot, at=timezone.now()),
        passage=passage,
        taken_from=other,
        start=0,
        end=5,
        state="verified",
        new_start=0,
        new_end=5,
        similarity=1,
    )
    page = client.get(reverse("admin:catalog_passage_change", args=[passage.pk])).content.decode()
    for snapshot, named in ((passage.snapshot, True), (other, True), (unrelated, False)):
        assert (f"{bench(source)}?snapshot={snapshot.pk}&amp;passage=1" in page) is named


def test_the_workbench_is_reached_from_the_list_of_sources_and_from_each(client, snapshot):
    source = snapshot.source
    for page in (
        reverse("admin:catalog_source_changelist"),
        reverse("admin:catalog_source_change", args=[source.pk]),
    ):
        assert f'href="{bench(source)}"' in client.get(page).content.decode()
