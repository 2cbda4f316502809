"""Citations in the forms of records: who compared what with what, and when it no longer holds."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.facts import CITABLE
from catalog.models import Citation, Person, Season
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

PREFIX = "catalog-citation-content_type-object_id"


@pytest.fixture(autouse=True)
def _as_fact_checker(client):
    client.force_login(make.make_user("Fact-checkers"))


def page_of(record) -> str:
    return reverse(f"admin:catalog_{record._meta.model_name}_change", args=[record.pk])


def open_form(client, record) -> dict:
    return form_data(client.get(page_of(record)), f"{record._meta.model_name}_form")


def cite(data: dict, row: int, passage, field: str = "", **values) -> dict:
    """The form's data with a further citation in it."""
    entered = {"passage": passage.pk, "field": field, "stance": "supports", "says": "", **values}
    return {
        **data,
        f"{PREFIX}-TOTAL_FORMS": str(row + 1),
        **{f"{PREFIX}-{row}-{name}": value for name, value in entered.items()},
    }


def test_a_new_citation_takes_the_value_of_the_record_as_saved_with_it(client):
    season = make.make_season(premiere="2018")
    data = cite(open_form(client, season), 0, make.make_passage(), "premiere", says="16 November")
    data |= {"premiere_year": "2018", "premiere_month": "11", "premiere_day": "16"}
    assert client.post(page_of(season), data).status_code == 302
    citation = Citation.objects.get()
    assert (citation.target, citation.field, citation.checked_value) == (season, "premiere", "2018-11-16")
    assert citation.says == "16 November"


def test_a_new_record_can_be_cited_in_the_form_that_makes_it(client):
    url = reverse("admin:catalog_person_add")
    data = form_data(client.get(url), "person_form") | {
        "name": "Diego Luna",
        "sort_name": "Luna, Diego",
        "slug": "diego-luna",
    }
    response = client.post(url, cite(data, 0, make.make_passage(), "name"))
    assert response.status_code == 302
    citation = Citation.objects.get()
    assert (citation.target, citation.checked_value) == (Person.objects.get(), "Diego Luna")


def test_a_changed_record_makes_its_citations_unconfirmed_and_the_form_says_so(client):
    season = make.make_season(premiere="2018")
    citation = make.make_citation(season, "premiere")
    assert ">verified<" in client.get(page_of(season)).content.decode()
    client.post(page_of(season), open_form(client, season) | {"premiere_year": "2019"})
    citation.refresh_from_db()
    assert citation.checked_value == "2018"
    page = client.get(page_of(season)).content.decode()
    assert ">unconfirmed<" in page
    assert "compared with “2018”" in page


def test_ticking_compared_confirms_the_citation(client):
    season = make.make_season(premiere="2019")
    citation = make.make_citation(season, "premiere", checked_value="2018")
    client.post(page_of(season), open_form(client, season) | {f"{PREFIX}-0-compared": "on"})
    citation.refresh_from_db()
    assert citation.checked_value == "2019"


@pytest.mark.parametrize(
    ("name", "value", "compared"),
    [("says", "In 2019", True), ("field", "status", True), ("stance", "mentions", False)],
)
def test_only_a_change_that_needs_the_passage_counts_as_comparing(client, name, value, compared):
    season = make.make_season(premiere="2019", status="available")
    citation = make.make_citation(season, "premiere", checked_value="2018")
    client.post(page_of(season), open_form(client, season) | {f"{PREFIX}-0-{name}": value})
    citation.refresh_from_db()
    assert str(getattr(citation, name)) == value
    assert (citation.checked_value != "2018") is compared


def test_another_passage_counts_as_comparing(client):
    season = make.make_season(premiere="2019")
    citation = make.make_citation(season, "premiere", checked_value="2018")
    data = open_form(client, season) | {f"{PREFIX}-0-passage": make.make_passage().pk}
    client.post(page_of(season), data)
    citation.refresh_from_db()
    assert citation.checked_value == "2019"


def test_saving_the_form_untouched_leaves_every_citation_alone(client):
    season = make.make_season(premiere="2019")
    citation = make.make_citation(season, "premiere", checked_value="2018")
    assert client.post(page_of(season), open_form(client, season)).status_code == 302
    assert Citation.objects.get().updated_at == citation.updated_at


def test_the_same_citation_twice_is_an_error_beside_its_row(client):
    season = make.make_season()
    passage = make.make_passage()
    make.make_citation(season, "premiere", passage)
    response = client.post(page_of(season), cite(open_form(client, season), 1, passage, "premiere"))
    assert response.status_code == 200
    assert "This passage is cited there already." in response.content.decode()
    assert Citation.objects.count() == 1


def test_two_equal_new_citations_are_an_error_beside_the_second(client):
    season = make.make_season()
    passage = make.make_passage()
    data = cite(cite(open_form(client, season), 0, passage), 1, passage)
    response = client.post(page_of(season), data)
    assert response.status_code == 200
    assert "This passage is cited there already." in response.content.decode()
    assert not Citation.objects.exists()


def test_two_equal_citations_of_a_new_record_are_an_error_too(client):
    url = reverse("admin:catalog_person_add")
    passage = make.make_passage()
    data = form_data(client.get(url), "person_form") | {"name": "D", "sort_name": "D", "slug": "d"}
    response = client.post(url, cite(cite(data, 0, passage), 1, passage))
    assert response.status_code == 200
    assert "This passage is cited there already." in response.content.decode()
    assert not Person.objects.exists()


def test_a_field_that_is_no_fact_of_the_record_is_refused(client):
    season = make.make_season()
    response = client.post(page_of(season), cite(open_form(client, season), 0, make.make_passage(), "number"))
    assert response.status_code == 200
    assert not Citation.objects.exists()


@pytest.mark.parametrize(
    "make_record",
    [
        make.make_series,
        make.make_season,
        make.make_episode,
        make.make_person,
        make.make_character,
        make.make_alias,
        make.make_earlier_work,
        make.make_cast_entry,
        make.make_crew_credit,
        make.make_statement,
    ],
)
def test_every_citable_record_takes_citations_of_each_of_its_facts(client, make_record):
    record = make_record()
    fields = ("", *CITABLE[record._meta.model_name])
    data = open_form(client, record)
    for row, field in enumerate(fields):
        data = cite(data, row, make.make_passage(), field)
    response = client.post(page_of(record), data)
    assert response.status_code == 302, response.context["errors"]
    assert sorted(record.citations.values_list("field", flat=True)) == sorted(fields)
    assert client.get(page_of(record)).content.decode().count(">verified<") == len(fields)


def test_a_passage_that_is_lost_makes_its_citation_unconfirmed_and_says_why(client):
    season = make.make_season(premiere="2018")
    make.make_citation(season, "premiere", make.make_passage(state="lost"))
    page = client.get(page_of(season)).content.decode()
    assert ">unconfirmed<" in page
    assert "the passage is lost" in page


def test_a_value_too_long_to_compare_is_refused_with_the_limit(client):
    series = make.make_series(summary="x" * 501)
    response = client.post(
        page_of(series), cite(open_form(client, series), 0, make.make_passage(), "summary")
    )
    assert "shorten it to 500 characters" in response.content.decode()
    assert not Citation.objects.exists()


def test_writers_cite_records_that_they_may_not_change(client):
    client.force_login(make.make_user("Writers"))
    season = make.make_season(premiere="2018")
    page = client.get(page_of(season)).content.decode()
    url = reverse("admin:catalog_citation_add") + f"?record=season-{season.pk}"
    assert url in page
    assert 'name="premiere_year"' not in page
    data = form_data(client.get(url), "citation_form")
    passage = make.make_passage()
    response = client.post(url, data | {"passage": passage.pk, "field": "premiere", "says": "2018"})
    assert response.url == page_of(season)
    citation = season.citations.get()
    assert (citation.passage, citation.checked_value) == (passage, "2018")
    again = client.post(url, data | {"passage": passage.pk, "field": "premiere"})
    assert "This passage is cited there already." in again.content.decode()


def test_a_citation_is_confirmed_on_its_own_page(client):
    citation = make.make_citation(make.make_season(premiere="2019"), "premiere", checked_value="2018")
    url = page_of(citation)
    client.post(url, form_data(client.get(url), "citation_form") | {"compared": "on"})
    citation.refresh_from_db()
    assert citation.checked_value == "2019"


def test_the_list_of_citations_names_record_field_and_state(client):
    season = make.make_season(premiere="2019")
    make.make_citation(season, "premiere", checked_value="2018")
    page = client.get(reverse("admin:catalog_citation_changelist")).content.decode()
    assert f"Season: {season}" in page
    assert ">Premiere<" in page
    assert ">unconfirmed<" in page


def test_citations_are_filtered_by_the_kind_of_their_record(client):
    make.make_citation(make.make_person())
    citation = make.make_citation(make.make_season())
    url = reverse("admin:catalog_citation_changelist")
    assert list(client.get(url, {"about": "season"}).context["cl"].queryset) == [citation]


@pytest.mark.parametrize("record", ["", "season-0", "source-1", "season-x", "season"])
def test_a_citation_of_nothing_leads_back_to_the_list_with_a_word_of_help(client, record):
    make.make_season()
    url = reverse("admin:catalog_citation_add")
    response = client.get(f"{url}?record={record}", follow=True)
    assert "Open the record that the passage is about" in response.content.decode()


def test_a_citation_may_be_changed_but_not_deleted_by_fact_checkers(client):
    citation = make.make_citation(make.make_season(), "premiere")
    assert client.get(reverse("admin:catalog_citation_delete", args=[citation.pk])).status_code == 403
    client.force_login(make.make_user("Editors"))
    assert (
        client.post(reverse("admin:catalog_citation_delete", args=[citation.pk]), {"post": "yes"}).status_code
        == 302
    )
    assert not Citation.objects.exists()


def test_deleting_a_record_takes_its_citations_along(client):
    client.force_login(make.make_user("Editors"))
    season = make.make_season()
    make.make_citation(season)
    client.post(reverse("admin:catalog_season_delete", args=[season.pk]), {"post": "yes"})
    assert not Season.objects.exists()
    assert not Citation.objects.exists()


def test_only_a_decision_says_that_a_statement_is_out_of_date(client):
    season = make.make_season(premiere="2018")
    data = cite(open_form(client, season), 0, make.make_passage(), "premiere", stance="earlier")
    response = client.post(page_of(season), data)
    assert "earlier is not one of the available choices" in response.content.decode()
    make.make_citation(season, "premiere", stance="earlier", says="2017")
    data = open_form(client, season)
    assert data[f"{PREFIX}-0-stance"] == "earlier"
    assert client.post(page_of(season), data).status_code == 302
    assert Citation.objects.get().stance == "earlier"
