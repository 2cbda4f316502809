"""The list of facts that need a person, the page of each, and the log of decisions."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from catalog.dates import PartialDate
from catalog.finding import ref_of
from catalog.models import Citation, Decision
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

PREMIERE = PartialDate(2020, 2, 13)
LIST = "/admin/catalog/decision/facts/"


@pytest.fixture(autouse=True)
def _as_fact_checker(client):
    client.force_login(make.make_user("Fact-checkers"))


@pytest.fixture
def disputed():
    season = make.make_season(premiere=PREMIERE, series=make.make_series(title="Narcos", slug="narcos"))
    make.make_citation(season.series, "title")
    make.make_citation(season, "premiere", says="2020-02-13")
    other = make.make_passage(make.make_source(title="Rumours", published=PartialDate(2019)), "on the 14th")
    make.make_citation(season, "premiere", other, says="2020-02-14", stance="contradicts")
    return season


def page_of(record, field: str = "premiere") -> str:
    return reverse("admin:catalog_decide", args=[ref_of(record), field])


def words(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def decide(client, record, field="premiere", **entered):
    data = form_data(client.get(page_of(record, field)), "decide_form")
    return client.post(page_of(record, field), data | entered)


def test_the_list_shows_each_need_with_the_value_and_what_is_said_otherwise(client, disputed):
    shown = words(client.get(LIST, {"series": "narcos"}))
    assert "Sources differ 1 Changed since it was cited 0 Passage changed or lost 0 Uncited 0" in shown
    assert "Season: Narcos, season 1 · Premiere" in shown
    assert "The record says: 13 February 2020" in shown
    assert "“Rumours” says: 14 February 2020" in shown


@pytest.mark.parametrize(
    ("kind", "beside"),
    [
        ("unconfirmed", "compared with: 2019"),
        ("lost", "lost-source#1: lost"),
        ("uncited", "The record says: cancelled"),
    ],
)
def test_every_kind_has_a_list_of_its_own(client, kind, beside):
    season = make.make_season(premiere=PREMIERE, renewed="2020", status="cancelled")
    make.make_citation(season, "premiere", checked_value="2019")
    lost = make.make_passage(make.make_source(slug="lost-source"), state="lost")
    make.make_citation(season, "renewed", lost)
    shown = words(client.get(LIST, {"series": season.series.slug, "kind": kind}))
    assert beside in shown


def test_without_a_choice_the_series_last_worked_on_opens_at_what_there_is(client, disputed):
    make.make_series(title="Another")
    response = client.get(LIST)
    assert response.context["slug"] == "narcos"
    assert response.context["kind"].value == "differing"


def test_people_in_no_series_have_a_list_and_an_unknown_series_none(client):
    make.make_person(name="Nobody Yet")
    assert "Person: Nobody Yet · Name" in words(client.get(LIST, {"series": "~"}))
    assert client.get(LIST, {"series": "nowhere"}).status_code == 404


def test_a_list_without_needs_says_so(client):
    season = make.make_season()
    make.make_citation(season.series, "title")
    assert "Nothing needs a person." in words(client.get(LIST, {"series": season.series.slug}))


def test_long_lists_come_in_pages_of_fifty(client):
    season = make.make_season()
    for number in range(60):
        make.make_statement(season=season, label=f"Label {number}")
    address = {"series": season.series.slug, "kind": "uncited"}
    assert len(client.get(LIST, address).context["rows"]) == 50
    second = client.get(LIST, {**address, "page": "2"})
    assert len(second.context["rows"]) == 11
    assert "page 2 of 2" in words(second)


def test_the_page_of_a_fact_tells_who_said_what_when(client, disputed):
    origin = make.make_source(title="The announcement")
    made = make.make_source(title="A copy", derives_from=origin, language="de")
    make.make_citation(disputed, "premiere", make.make_passage(made, "am 13. Februar"), says="13. Februar")
    response = client.get(page_of(disputed))
    shown = words(response)
    assert "Premiere Season: Narcos, season 1" in shown
    assert "13 February 2020 sources differ" in shown
    assert "2 voices give it:" in shown
    assert "“A copy” derives from “The announcement”: the two count as one voice" in shown
    assert "2019 14 February 2020 differs Stance: contradicts on the 14th" in shown
    assert shown.index("Undated") > shown.index("on the 14th")
    assert '<blockquote lang="de">am 13. Februar</blockquote>' in response.content.decode()


def test_deciding_for_another_value_changes_record_and_citations(client, disputed):
    loser = Citation.objects.get(says="2020-02-13")
    name = f"losing-1-{loser.pk}"
    response = decide(client, disputed, value="2020-02-14", reason="They corrected it.", **{name: "earlier"})
    assert response.status_code == 302
    disputed.refresh_from_db()
    loser.refresh_from_db()
    assert (str(disputed.premiere), loser.stance) == ("2020-02-14", "earlier")
    decision = Decision.objects.get()
    assert (decision.reason, decision.by.groups.get().name) == ("They corrected it.", "Fact-checkers")
    shown = words(client.get(response.url))
    assert "Decided: the desk follows “14 February 2020”." in shown
    assert "Decisions so far 14 February 2020" in shown


def test_a_settled_fact_leaves_the_list_and_stands_in_the_log(client, disputed):
    assert decide(client, disputed, value="2020-02-13", reason="The network.").status_code == 302
    assert "Nothing needs a person." in words(client.get(LIST, {"series": "narcos"}))
    assert "sources differ; the desk has decided The desk follows this value: The network." in words(
        client.get(page_of(disputed))
    )
    log = words(client.get(reverse("admin:catalog_decision_changelist"), {"q": "network"}))
    assert "Season: Narcos, season 1 Premiere 13 February 2020 The network." in log
    row = words(client.get(reverse("admin:catalog_decision_change", args=[Decision.objects.get().pk])))
    assert "“2020-02-14”" in row


@pytest.mark.parametrize(
    ("entered", "message", "field"),
    [
        ({"value": "2020-02-14", "reason": "  "}, "Say why the desk follows this value.", "reason"),
        ({"reason": "Kept."}, "Choose the value that the desk follows.", "value"),
        ({"value": "1999", "reason": "Kept."}, "No source says this value.", "value"),
        ({"value": "2020-02-14", "reason": "Kept.", "seen": "old"}, "Somebody has changed", "page"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_everything_typed(client, disputed, entered, message, field):
    loser = Citation.objects.get(says="2020-02-13")
    name = f"losing-1-{loser.pk}"
    response = decide(client, disputed, **{name: "earlier"}, **entered)
    assert response.status_code == 200
    assert message in words(response)
    assert response.context["refused"] == field
    data = form_data(response, "decide_form")
    assert (data["reason"].strip(), data[name]) == (entered["reason"].strip(), "earlier")
    assert data.get("value") == (entered.get("value") if entered.get("value") != "1999" else None)
    assert not Decision.objects.exists()


def test_a_form_that_was_overtaken_shows_the_facts_as_they_are_now(client, disputed):
    data = form_data(client.get(page_of(disputed)), "decide_form")
    make.make_citation(disputed, "premiere", says="2021", stance="contradicts")
    typed = {"value": "2020-02-14", "reason": "A long reason."}
    response = client.post(page_of(disputed), data | typed)
    assert "Somebody has changed this fact" in words(response)
    again = form_data(response, "decide_form")
    assert (again["value"], again["reason"]) == ("2020-02-14", "A long reason.")
    assert client.post(page_of(disputed), again).status_code == 302


def test_a_stance_that_is_missing_is_asked_for_beside_its_statement(client, disputed):
    loser = Citation.objects.get(says="2020-02-13")
    entered = {"value": "2020-02-14", "reason": "Kept.", f"losing-1-{loser.pk}": "nothing"}
    response = decide(client, disputed, **entered)
    assert f"Say of {loser.passage.key} whether it contradicts" in words(response)
    assert not Decision.objects.exists()


def test_what_is_said_and_typed_is_escaped(client, disputed):
    make.make_citation(disputed, "premiere", says="<script>alert(1)</script>", stance="contradicts")
    response = decide(client, disputed, value="1999", reason="</textarea><script>alert(2)</script>")
    assert b"<script>alert" not in response.content


def test_an_old_comparison_is_confirmed_with_one_button(client):
    season = make.make_season(premiere=PREMIERE)
    citation = make.make_citation(season, "premiere", checked_value="2019", says="at last")
    page = client.get(page_of(season))
    assert "Compared with “2019”; the record now says “13 February 2020”." in words(page)
    seen = page.context["page"].seen
    stale = client.post(page_of(season), {"citation": citation.pk, "seen": "old"})
    assert "Compare them once more." in words(stale)
    assert client.post(page_of(season), {"citation": citation.pk, "seen": seen}).status_code == 302
    citation.refresh_from_db()
    assert citation.checked_value == "2020-02-13"


def test_words_that_say_another_value_cannot_be_confirmed(client):
    season = make.make_season(premiere=PREMIERE)
    make.make_citation(season, "premiere", checked_value="2019", says="2019")
    page = client.get(page_of(season))
    assert "Compared today" not in words(page)
    assert "decide_form" in page.content.decode()


def test_a_lost_passage_leads_to_its_open_review(client):
    season = make.make_season(premiere=PREMIERE)
    passage = make.make_passage(state="changed")
    make.make_citation(season, "premiere", passage, says="2020")
    review = make.make_reanchoring(passage, state="changed").recapture
    page = client.get(page_of(season)).content.decode()
    assert f"{reverse('admin:catalog_recapture_change', args=[review.pk])}#passage-{passage.number}" in page
    assert reverse("admin:catalog_passage_change", args=[passage.pk]) in page


def test_an_uncited_fact_leads_to_its_record_and_to_a_new_citation(client):
    season = make.make_season(premiere=PREMIERE)
    page = client.get(page_of(season)).content.decode()
    assert reverse("admin:catalog_season_change", args=[season.pk]) in page
    assert f"{reverse('admin:catalog_citation_add')}?record=season-{season.pk}" in page
    assert "decide_form" not in page


def test_a_whole_cast_entry_and_a_statement_have_pages(client):
    entry = make.make_cast_entry()
    make.make_citation(entry)
    make.make_citation(entry, says="Somebody Else", stance="contradicts")
    assert "The whole record Cast entry:" in words(client.get(page_of(entry, "whole")))
    statement = make.make_statement(value="Mexico City")
    assert client.get(page_of(statement, "whole")).context["page"].field == "value"


@pytest.mark.parametrize(
    "path", ["season-0/premiere/", "season-x/premiere/", "source-1/title/", "nothing/premiere/"]
)
def test_what_is_no_fact_is_not_found(client, path):
    assert client.get(LIST + path).status_code == 404


def test_a_field_that_cannot_be_cited_is_not_found(client, disputed):
    assert client.get(page_of(disputed, "number")).status_code == 404


def test_writers_read_and_do_not_decide(client, disputed):
    client.force_login(make.make_user("Writers"))
    page = client.get(page_of(disputed)).content.decode()
    assert "decide_form" not in page
    response = client.post(page_of(disputed), {"value": "2020-02-14", "reason": "Mine."})
    assert response.status_code == 403
    assert not Decision.objects.exists()


def test_who_may_not_see_citations_sees_no_facts(client, disputed):
    client.force_login(make.make_user(None, is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.get(page_of(disputed)).status_code == 403


def test_decisions_are_never_edited_or_deleted(client, disputed):
    client.force_login(make.make_user("Administrators"))
    decision = make.make_decision(disputed)
    for page in ("change", "delete"):
        address = reverse(f"admin:catalog_decision_{page}", args=[decision.pk])
        assert client.post(address, {"reason": "Other", "post": "yes"}).status_code == 403


def queries_of(client, address: str, django_assert_max_num_queries) -> int:
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(32) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_every_page_takes_as_many_queries_for_3_as_for_30(client, django_assert_max_num_queries):
    counts = {"list": set(), "fact": set(), "log": set()}
    for count in (3, 30):
        season = make.make_season(premiere=PREMIERE, status="available")
        for number in range(count):
            entry = make.make_cast_entry(season=season)
            make.make_citation(entry, "status", says="new", stance="contradicts")
            source = make.make_source(derives_from=make.make_source(), published=PartialDate(2019))
            make.make_citation(season, "premiere", make.make_passage(source), says="2020-02-13")
            make.make_citation(season, "premiere", says=f"2021-01-{number + 1:02}", stance="contradicts")
            lost = make.make_passage(state="lost")
            make.make_citation(season, "premiere", lost)
            make.make_reanchoring(lost, state="lost", new_start=None, new_end=None)
            make.make_decision(season, value="2020-02-13")
            make.make_decision(entry, "status", value="new", by=make.make_user("Editors"))
        pages = {
            "list": f"{LIST}?series={season.series.slug}",
            "fact": page_of(season),
            "log": reverse("admin:catalog_decision_changelist"),
        }
        for name, address in pages.items():
            counts[name].add(queries_of(client, address, django_assert_max_num_queries))
    assert {name: len(found) for name, found in counts.items()} == {"list": 1, "fact": 1, "log": 1}, counts
