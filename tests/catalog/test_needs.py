"""What needs a person, kind by kind, in one series."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType

from catalog.models import Citation, Series
from catalog.needs import needs
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_citation,
    make_crew_credit,
    make_decision,
    make_earlier_work,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
)
from tests.newsroom import import_newsroom

pytestmark = pytest.mark.django_db


def found(series) -> set[tuple[str, str, str]]:
    """What is needed: the kind, the kind of record, and the field."""
    return {(one.kind.value, one.record._meta.model_name, one.field) for one in needs(series)}


def cited_series() -> Series:
    series = make_series()
    make_citation(series, "title")
    return series


def test_what_is_cited_and_agreed_needs_nobody():
    season = make_season(series=cited_series(), status="available")
    make_citation(season, "status")
    assert needs(season.series) == []


def test_each_reason_is_a_need_of_its_own():
    season = make_season(series=cited_series(), status="available", premiere="2020", renewed="2019")
    make_citation(season, "status")
    make_citation(season, "status", says="cancelled", stance="contradicts")
    make_citation(season, "premiere", checked_value="2019")
    make_citation(season, "premiere", make_passage(state="changed"), says="2020")
    assert found(season.series) == {
        ("differing", "season", "status"),
        ("unconfirmed", "season", "premiere"),
        ("lost", "season", "premiere"),
        ("uncited", "season", "renewed"),
    }


@pytest.mark.parametrize("state", ["changed", "lost"])
def test_a_lost_passage_is_listed_beside_support_that_still_holds(state):
    season = make_season(series=cited_series(), status="available")
    make_citation(season, "status")
    lost = make_citation(season, "status", make_passage(state=state))
    (need,) = needs(season.series)
    assert (need.kind.value, need.agreement.lost) == ("lost", (lost,))
    assert need.agreement.state.value == "agreed"


def test_a_settled_dispute_needs_nobody():
    season = make_season(series=cited_series(), premiere="2020")
    make_citation(season, "premiere")
    other = make_citation(season, "premiere", says="2021", stance="contradicts")
    make_decision(season, overruled=[{"passage": other.passage.key, "says": "2021"}])
    assert needs(season.series) == []


def test_everything_that_belongs_to_a_series_is_looked_at():
    series = make_series(network="Netflix")
    season = make_season(series=series, status="available")
    entry = make_cast_entry(season=season, billed_as="As herself")
    make_episode(season=season, title="Pilot")
    make_alias(character=entry.character)
    make_alias(person=entry.person)
    make_earlier_work(person=entry.person)
    make_crew_credit(season=season)
    for owner in ({"series": series}, {"season": season}, {"character": entry.character}):
        make_statement(**owner)
    make_statement(person=entry.person)
    make_statement(season=make_season())
    kinds = [one.record._meta.model_name for one in needs(series)]
    assert set(kinds) == {
        *("series", "season", "episode", "castentry", "crewcredit", "character", "alias"),
        *("statement", "person", "earlierwork"),
    }
    assert kinds.count("statement") == 4
    assert kinds.count("person") == 2


def test_people_of_no_cast_and_no_crew_have_a_list_of_their_own():
    make_cast_entry()
    make_crew_credit()
    nobody = make_person()
    make_earlier_work(person=nobody)
    assert found(None) == {("uncited", "person", "name"), ("uncited", "earlierwork", "title")}
    assert {getattr(one.record, "person", one.record) for one in needs(None)} == {nobody}


def test_as_many_queries_for_3_of_everything_as_for_30(django_assert_max_num_queries):
    counts = set()
    for count in (3, 30):
        season = make_season()
        for _ in range(count):
            entry = make_cast_entry(season=season)
            make_alias(character=make_character(series=season.series))
            make_statement(person=make_crew_credit(season=season).person)
            make_earlier_work(person=entry.person)
            make_episode(season=season, aired="2020")
            source = make_source(derives_from=make_source())
            make_citation(entry, "status", make_passage(source), says="new", stance="contradicts")
        ContentType.objects.clear_cache()
        with django_assert_max_num_queries(17) as counted:
            assert len([(str(one.record), one.kind) for one in needs(season.series)]) > 5 * count
        counts.add(len(counted))
    assert len(counts) == 1


def test_the_demo_has_nothing_uncited_and_thirteen_disputes():
    import_newsroom()
    kinds = [one.kind.value for series in Series.objects.all() for one in needs(series)]
    assert kinds == ["differing"] * 13
    assert needs(None) == []
    assert Citation.objects.filter(stance="earlier").count() == 0
