from __future__ import annotations

import pytest

from catalog.dates import PartialDate
from catalog.models import Season
from catalog.sheets import person_sheet, season_sheet, series_sheet
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_citation,
    make_crew_credit,
    make_earlier_work,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_statement,
)

pytestmark = pytest.mark.django_db


def labels(facts):
    return [fact.label for fact in facts]


def rows_of(season: Season):
    return [row for group in season_sheet(season).cast for row in group.rows]


def test_only_values_with_a_citation_that_holds_are_shown():
    season = make_season(status="available", premiere=PartialDate(2020, 2, 13), episode_count=8)
    make_citation(season, "status")
    make_citation(season, "premiere", checked_value="2020-02")
    make_citation(season, "episode_count", make_passage(state="lost"))
    assert labels(season_sheet(season).facts) == ["Status"]


def test_a_passage_whose_text_is_elsewhere_still_supports():
    season = make_season(status="available")
    make_citation(season, "status", make_passage(state="unattached"))
    assert labels(season_sheet(season).facts) == ["Status"]


def test_lower_bounds_and_vague_dates_are_said_as_such():
    season = make_season(episode_count=8, episode_count_is_minimum=True, premiere=PartialDate(2018, 12))
    make_citation(season, "episode_count")
    make_citation(season, "premiere")
    assert [fact.text for fact in season_sheet(season).facts] == ["December 2018", "at least 8"]


def test_a_contradiction_and_another_value_are_shown_beside_the_value():
    season = make_season(premiere=PartialDate(2020, 2, 13))
    make_citation(season, "premiere")
    make_citation(season, "premiere", stance="contradicts", says="no date set")
    make_citation(season, "premiere", stance="mentions", says="2020-03-01")
    (fact,) = season_sheet(season).facts
    assert [variant.says for variant in fact.variants] == ["no date set", "1 March 2020"]


@pytest.mark.parametrize("says", ["", "2020-02-13", "2020-02", "2020", "--02-13"])
def test_saying_the_same_less_precisely_is_no_difference(says):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    make_citation(season, "premiere")
    make_citation(season, "premiere", stance="mentions", says=says)
    (fact,) = season_sheet(season).facts
    assert fact.variants == ()


def test_a_contradiction_alone_shows_no_value():
    season = make_season(premiere=PartialDate(2020, 2, 13))
    make_citation(season, "premiere", stance="contradicts", says="no date set")
    assert season_sheet(season).facts == []


def test_a_cast_entry_without_citation_is_not_listed():
    entry = make_cast_entry()
    assert rows_of(entry.season) == []


def test_each_cell_of_a_cast_entry_needs_its_own_citation():
    entry = make_cast_entry(status="new", billed_as="Narrator", note="From episode 2")
    make_earlier_work(person=entry.person, title="Uncited work")
    make_citation(make_earlier_work(person=entry.person, title="Falco"))
    make_citation(entry)
    (row,) = rows_of(entry.season)
    assert (row.role.text, row.actor.text) == (entry.character.name, entry.person.name)
    assert (row.status, row.billed_as, row.note) == (None, None, "")
    assert [work.text for work in row.seen_before] == ["Falco"]


def test_a_cited_status_names_whom_it_is_about():
    entry = make_cast_entry(status="unsure", status_as_of=PartialDate(2019, 12))
    make_citation(entry, "status")
    (row,) = rows_of(entry.season)
    assert row.actor.text == entry.person.name
    assert (row.status.text, row.status_as_of) == ("unsure", "December 2019")


def test_the_cast_is_grouped_by_what_is_known_of_its_return():
    season = make_season(number=2)
    for status in ("not returning", "unsure", "new", "confirmed", "flashback only", "not confirmed"):
        make_citation(make_cast_entry(season=season, status=status), "status")
    make_citation(make_cast_entry(season=season))
    titles = [(group.title, len(group.rows)) for group in season_sheet(season).cast]
    assert titles == [
        ("Confirmed to return", 1),
        ("New in this season", 1),
        ("Also in the cast", 1),
        ("Unsure or not confirmed", 2),
        ("In flashbacks only", 1),
        ("Not returning", 1),
    ]


def test_the_page_of_a_season_has_its_crew_episodes_and_statements():
    season = make_season()
    make_citation(make_crew_credit(season=season, job="showrunner"))
    make_citation(make_crew_credit(series=season.series, job="creator"))
    make_crew_credit(season=season, job="writer")
    make_citation(make_statement(season=season, label="Filming place", value="Mexico City"), "value")
    make_citation(make_episode(season=season, title="Camelot"), "title")
    sheet = season_sheet(season)
    assert {group.title for group in sheet.crew} == {"Showrunner", "Creator"}
    assert [(fact.label, fact.text) for fact in sheet.facts] == [("Filming place", "Mexico City")]
    assert [(fact.label, fact.text) for fact in sheet.episodes] == [("Episode 1", "Camelot")]


def test_a_series_shows_its_relation_seasons_and_characters_as_far_as_cited():
    narcos = make_series(title="Narcos")
    series = make_series(companion_to=narcos, relation="companion", network="Netflix")
    make_citation(series, "relation")
    season = make_season(series=series, status="available")
    make_season(series=series, status="renewed")
    make_citation(season, "status")
    character = make_character(series=series, name="Kiki Camarena")
    make_character(series=series, name="Nobody knows")
    make_citation(make_alias(character=character, text="Kiki", kind="nickname"), "text")
    sheet = series_sheet(series)
    assert [(fact.text, fact.path) for fact in sheet.facts] == [
        ("companion to Narcos", narcos.get_absolute_url())
    ]
    assert [number.number for number, _facts in sheet.seasons] == [season.number]
    assert [group.title for group in sheet.characters] == ["Kiki Camarena"]
    assert [fact.path for fact in series_sheet(narcos).companions] == [series.get_absolute_url()]


def test_a_person_shows_roles_credits_works_and_spellings_as_far_as_cited():
    person = make_person(name="Michael Peña")
    entry = make_cast_entry(person=person, season=make_season())
    for record, field in (
        (entry, ""),
        (make_crew_credit(person=person, job="director"), "job"),
        (make_earlier_work(person=person, title="Crash"), "title"),
        (make_alias(person=person, text="Michael Pena"), ""),
    ):
        make_citation(record, field)
    make_earlier_work(person=person, title="Uncited")
    sheet = person_sheet(person)
    assert [season for season, _rows in sheet.roles] == [entry.season]
    assert [fact.label for fact in sheet.crew] == ["Director"]
    assert [fact.text for fact in sheet.earlier_works] == ["Crash"]
    assert [fact.text for fact in sheet.spellings] == ["Michael Pena"]
    assert person_sheet(make_person()).is_empty
