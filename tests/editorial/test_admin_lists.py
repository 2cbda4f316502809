"""Every list of the admin, as a person with an account sees it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.facts import CITABLE
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    Decision,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Photo,
    Recapture,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
    VerificationRun,
)
from editorial import audit
from editorial.actions import correct_article, save_article
from editorial.models import (
    Article,
    AuditEntry,
    Contributor,
    Correction,
    Edition,
    Pick,
    ReaderReport,
    Revision,
    Stage,
    TableImport,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


def _related_series(number: int) -> Series:
    other = make.make_series()
    return make.make_series(relation="spin-off", companion_to=other)


def _correction(number: int) -> Correction:
    article = make.make_article(published=True)
    article.standfirst = "As it is now."
    save_article(user=None, article=article, based_on=1)
    correct_article(user=None, article=article, looked_at=2, kind="update", note="There is news.")
    return article.corrections.get()


def _edition(number: int) -> Edition:
    return make.make_article(published=True).editions.get()


ROWS = {
    Alias: lambda number: make.make_alias(character=make.make_character()),
    Article: lambda number: make.make_article(season=make.make_season(), series=make.make_series()),
    AuditEntry: lambda number: audit.record(
        user=make.make_user(), verb="article.saved", target=make.make_person()
    ),
    Availability: lambda number: make.make_availability(),
    CastEntry: lambda number: make.make_cast_entry(season=make.make_episode().season),
    Character: lambda number: make.make_character(),
    Citation: lambda number: make.make_citation(make.make_cast_entry()),
    Contributor: lambda number: make.make_contributor(user=make.make_user()),
    Correction: _correction,
    CrewCredit: lambda number: make.make_crew_credit(season=make.make_season()),
    Decision: lambda number: make.make_decision(make.make_season(premiere="2020")),
    EarlierWork: lambda number: make.make_earlier_work(),
    Edition: _edition,
    Episode: lambda number: make.make_episode(aired="2018-12"),
    Group: lambda number: Group.objects.create(name=f"Group {number}"),
    Passage: lambda number: make.make_passage(),
    Person: lambda number: make.make_alias().person,
    Photo: lambda number: make.make_photo(),
    ReaderReport: lambda number: make.make_report(),
    Recapture: lambda number: make.make_reanchoring(state="changed").recapture,
    Revision: lambda number: make.make_article().revisions.get(),
    Season: lambda number: make.make_season(premiere="2020-02-13"),
    Series: _related_series,
    Snapshot: lambda number: make.make_snapshot(captured_by=make.make_user()),
    Source: lambda number: make.make_passage().source,
    Stage: lambda number: make.make_stage(group=f"Group of {number}"),
    Statement: lambda number: make.make_statement(),
    User: lambda number: make.make_user(),
    VerificationRun: lambda number: VerificationRun.objects.create(started_at=timezone.now()),
}

# Seen and tested with what they are for.
LISTS_OF_THEIR_OWN = {Pick, TableImport}


def _list_url(model, query: str = "") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query


def _fill(model, rows: int) -> None:
    for number in range(rows):
        row = ROWS[model](f"{rows}-{number}")
        if model._meta.model_name in CITABLE:
            for field in ("", CITABLE[model._meta.model_name][0]):
                make.make_citation(row, field)


def _count_queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries)


def test_rows_are_made_for_every_list():
    assert set(ROWS) | LISTS_OF_THEIR_OWN == set(admin.site._registry)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.model_name)
def test_a_list_of_30_rows_runs_no_more_queries_than_one_of_3(client, model):
    client.force_login(make.make_user("Administrators"))
    url = _list_url(model, "?all=")
    _fill(model, 3)
    client.get(url)
    few = _count_queries(client, url)
    _fill(model, 27)
    assert _count_queries(client, url) <= few


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.model_name)
def test_every_page_of_a_record_opens_for_every_role(client, model):
    _fill(model, 1)
    opts = model._meta
    row = model._default_manager.first()
    pages = [
        _list_url(model),
        _list_url(model, "?q=Pe%C3%B1a%20%22x%20y%22%20%23"),
        _list_url(model, "?o=1.2.-3.4.5.6"),
    ]
    pages.append(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))
    for role in ("Writers", "Fact-checkers", "Editors", "Administrators"):
        user = make.make_user(role)
        client.force_login(user)
        allowed = opts.app_label != "auth" or role == "Administrators"
        for page in pages:
            assert client.get(page).status_code == (200 if allowed else 403), (role, page)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.model_name)
def test_every_add_form_opens_for_administrators_unless_nobody_adds(client, model):
    client.force_login(make.make_user("Administrators"))
    kept = dict.fromkeys(
        (AuditEntry, Correction, Decision, Edition, ReaderReport, Recapture, Revision, VerificationRun), 403
    )
    expected = {Citation: 302, **kept}.get(model, 200)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    assert client.get(url).status_code == expected


NAMED_PENA = {
    Series: lambda: make.make_series(title="Peña"),
    Season: lambda: make.make_season(series=make.make_series(title="Peña")),
    Episode: lambda: make.make_episode(title="Peña"),
    Person: lambda: make.make_person(name="Javier Peña"),
    Character: lambda: make.make_character(name="Javier Peña"),
    Alias: lambda: make.make_alias(text="Peña"),
    EarlierWork: lambda: make.make_earlier_work(title="Peña"),
    CastEntry: lambda: make.make_cast_entry(person=make.make_person(name="Peña")),
    CrewCredit: lambda: make.make_crew_credit(person=make.make_person(name="Peña")),
    Statement: lambda: make.make_statement(person=make.make_person(name="Peña")),
    Source: lambda: make.make_source(title="Peña"),
    Snapshot: lambda: make.make_snapshot(make.make_source(title="Peña")),
    Passage: lambda: make.make_passage(make.make_source(title="Peña")),
    Citation: lambda: make.make_citation(
        make.make_person(), passage=make.make_passage(make.make_source(title="Peña"))
    ),
    Contributor: lambda: make.make_contributor(name="Peña"),
    Article: lambda: make.make_article(title="Peña"),
    Revision: lambda: make.make_article(title="Peña").revisions.get(),
    Edition: lambda: make.make_article(title="Peña", published=True).editions.get(),
}


@pytest.mark.parametrize("term", ["Pena", "PEÑA", "peña"])
@pytest.mark.parametrize("model", NAMED_PENA, ids=lambda model: model._meta.model_name)
def test_lists_find_pena_for_peña_and_nothing_else(client, model, term):
    client.force_login(make.make_user("Editors"))
    ROWS[model](1)
    row = NAMED_PENA[model]()
    found = client.get(_list_url(model), {"q": term}).context["cl"].queryset
    assert list(found) == [row]


@pytest.mark.parametrize(
    ("field", "make_row"),
    [
        ("catalog.castentry.person", NAMED_PENA[Person]),
        ("catalog.castentry.person", lambda: make.make_alias(text="Peña").person),
        ("catalog.castentry.character", NAMED_PENA[Character]),
        (
            "catalog.castentry.character",
            lambda: make.make_alias(text="Peña", character=make.make_character()).character,
        ),
        ("catalog.castentry.season", NAMED_PENA[Season]),
        ("catalog.castentry.episode", NAMED_PENA[Episode]),
        ("catalog.crewcredit.series", NAMED_PENA[Series]),
        ("catalog.citation.passage", NAMED_PENA[Passage]),
        ("catalog.passage.source", NAMED_PENA[Source]),
        ("editorial.contribution.contributor", NAMED_PENA[Contributor]),
        ("editorial.article.translation_of", NAMED_PENA[Article]),
    ],
)
def test_autocompletes_find_pena_for_peña(client, field, make_row):
    client.force_login(make.make_user("Editors"))
    row = make_row()
    app_label, model_name, field_name = field.split(".")
    query = {"app_label": app_label, "model_name": model_name, "field_name": field_name, "term": "Pena"}
    results = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [result["id"] for result in results] == [str(row.pk)]


def test_autocomplete_runs_no_query_per_result(client):
    client.force_login(make.make_user("Editors"))
    query = "?app_label=catalog&model_name=castentry&field_name=character&term=Character"
    url = reverse("admin:autocomplete") + query
    make.make_character()
    client.get(url)
    few = _count_queries(client, url)
    for _number in range(15):
        make.make_character()
    assert _count_queries(client, url) == few


def test_passages_are_offered_with_key_words_and_source(client):
    client.force_login(make.make_user("Fact-checkers"))
    source = make.make_source(slug="variety", title="Narcos returns", publisher="Variety")
    make.make_passage(source, exact="It returns in 2020")
    query = {"app_label": "catalog", "model_name": "citation", "field_name": "passage", "term": "variety#1"}
    (result,) = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert result["text"] == "variety#1 · It returns in 2020 · Narcos returns (Variety)"


def test_a_season_is_found_by_the_words_of_its_name(client):
    client.force_login(make.make_user("Editors"))
    series = make.make_series(title="Narcos: Mexico")
    make.make_season(series=series, number=1)
    second = make.make_season(series=series, number=2)
    found = client.get(_list_url(Season), {"q": str(second)}).context["cl"].queryset
    assert list(found) == [second]


def test_colleagues_can_be_chosen_without_seeing_their_accounts(client):
    writer = make.make_user("Writers")
    client.force_login(writer)
    query = {"app_label": "editorial", "model_name": "article", "field_name": "assignee"}
    names = [result["text"] for result in client.get(reverse("admin:autocomplete"), query).json()["results"]]
    assert names == [writer.username]
    assert client.get(_list_url(User)).status_code == 403


def test_lists_speak_partial_dates(client):
    client.force_login(make.make_user("Writers"))
    season = make.make_season(premiere="2018-12~")
    assert "about December 2018" in client.get(_list_url(Season)).content.decode()
    page = client.get(reverse("admin:catalog_season_change", args=[season.pk]))
    assert "about December 2018" in page.content.decode()


def test_lists_say_in_words_how_well_a_record_is_supported(client):
    client.force_login(make.make_user("Fact-checkers"))
    for name in ("None", "Unconfirmed", "Verified"):
        person = make.make_person(name=name)
        if name != "None":
            make.make_citation(person, "name", checked_value="Old" if name == "Unconfirmed" else name)
    rows = client.get(_list_url(Person)).content.decode().split("<tbody>")[1].split("</tr>")
    words = [
        next(word for word in ("verified", "unconfirmed", "none") if f">{word}<" in row) for row in rows[:3]
    ]
    assert words == ["none", "unconfirmed", "verified"]


@pytest.mark.parametrize(("cited", "expected"), [("yes", ["Cited"]), ("no", ["Uncited"])])
def test_records_without_citations_can_be_listed(client, cited, expected):
    client.force_login(make.make_user("Fact-checkers"))
    person = make.make_person(name="Cited")
    make.make_citation(person)
    make.make_citation(person, "name")
    make.make_person(name="Uncited")
    found = client.get(_list_url(Person), {"cited": cited}).context["cl"].queryset
    assert [person.name for person in found] == expected


def test_the_start_page_begins_with_what_a_desk_uses_most(client):
    client.force_login(make.make_user("Administrators"))
    apps = client.get(reverse("admin:index")).context["app_list"]
    assert [app["app_label"] for app in apps] == [
        "evidence",
        "editorial",
        "catalog",
        "auth",
        "tables",
        "design",
    ]
    assert [page["admin_url"] for page in apps[0]["models"]] == [
        reverse("admin:catalog_facts"),
        reverse("admin:catalog_recapture_changelist"),
        reverse("admin:catalog_health"),
    ]
    assert apps[1]["models"][0]["object_name"] == "Article"
    assert apps[2]["models"][0]["object_name"] == "Source"
    assert all(client.get(page["admin_url"]).status_code == 200 for page in apps[0]["models"])
