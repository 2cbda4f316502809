from __future__ import annotations

import pytest

from catalog.agreement import agreements
from catalog.dates import PartialDate
from catalog.timeline import Agreement, State
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_citation,
    make_decision,
    make_earlier_work,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
)

pytestmark = pytest.mark.django_db

PREMIERE = PartialDate(2020, 2, 13)
OLD, NEW = PartialDate(2018, 12, 5), PartialDate(2019, 12, 17)


def agreement_on(record, field: str) -> Agreement:
    return next(one for one in agreements([record]) if one.field == field)


def cite(record, field: str, says: str, *, published=None, stance="supports", source=None, **fields):
    passage = make_passage(source or make_source(published=published))
    return make_citation(record, field, passage, says=says, stance=stance, **fields)


def verdicts(agreement: Agreement) -> dict[str, str]:
    return {one.citation.says: one.verdict.value for one in agreement.told}


def test_sources_that_give_the_value_agree_however_they_put_it():
    season = make_season(premiere=PREMIERE)
    for says in ("2020-02-13", "13. Februar", "February 13th, 2020"):
        cite(season, "premiere", says)
    agreement = agreement_on(season, "premiere")
    assert agreement.state is State.AGREED
    assert agreement.voices == 3


def test_a_vaguer_source_agrees_and_is_told_apart():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    cite(season, "premiere", "Feb 2020", stance="mentions")
    agreement = agreement_on(season, "premiere")
    assert agreement.state is State.AGREED
    assert verdicts(agreement) == {"2020-02-13": "agrees", "Feb 2020": "vaguer"}


@pytest.mark.parametrize("stance", ["supports", "mentions"])
def test_another_value_differs_even_where_it_is_called_support(stance):
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    cite(season, "premiere", "14 February 2020", stance=stance)
    assert agreement_on(season, "premiere").state is State.DIFFERING


def test_a_contradiction_differs_whatever_its_words():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    cite(season, "premiere", "somewhat later", stance="contradicts")
    assert agreement_on(season, "premiere").state is State.DIFFERING


@pytest.mark.parametrize(
    ("said", "confirmed", "state"),
    [
        (OLD, NEW, State.EARLIER),
        (NEW, OLD, State.DIFFERING),
        (NEW, NEW, State.DIFFERING),
        (None, NEW, State.DIFFERING),
        (OLD, None, State.DIFFERING),
        (PartialDate(2019), NEW, State.DIFFERING),
        (PartialDate(2018), NEW, State.EARLIER),
    ],
)
def test_only_a_surely_newer_source_makes_another_value_earlier(said, confirmed, state):
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-03-01", stance="contradicts", published=said)
    cite(season, "premiere", "2020-02-13", published=confirmed)
    assert agreement_on(season, "premiere").state is state


def test_a_newer_source_that_is_only_vaguer_supersedes_nothing():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    cite(season, "premiere", "2020-01", stance="mentions", published=OLD)
    cite(season, "premiere", "2020", stance="mentions", published=NEW)
    assert agreement_on(season, "premiere").state is State.DIFFERING


def test_that_nothing_was_announced_is_earlier_than_the_announcement():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "not announced", stance="mentions", published=OLD)
    cite(season, "premiere", "2020-02-13", published=NEW)
    cite(season, "premiere", "none set", stance="mentions")
    agreement = agreement_on(season, "premiere")
    assert agreement.state is State.EARLIER
    assert verdicts(agreement) == {"not announced": "earlier", "2020-02-13": "agrees", "none set": "silent"}


def test_a_status_that_comes_before_the_present_one_is_earlier_without_any_date():
    season = make_season(status="available")
    cite(season, "status", "available")
    cite(season, "status", "filming", stance="mentions")
    cite(season, "status", "cancelled", stance="mentions")
    assert verdicts(agreement_on(season, "status")) == {
        "available": "agrees",
        "filming": "earlier",
        "cancelled": "differs",
    }


@pytest.mark.parametrize("more", [{"published": NEW}, {"stance": "contradicts"}])
def test_an_earlier_status_of_a_newer_source_or_in_contradiction_differs(more):
    season = make_season(status="available")
    cite(season, "status", "available", published=OLD)
    cite(season, "status", "filming", **{"stance": "mentions", **more})
    assert agreement_on(season, "status").state is State.DIFFERING


def test_a_value_that_moved_on_after_it_was_cited_is_unconfirmed():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13", checked_value="2020-02-14")
    assert agreement_on(season, "premiere").state is State.UNCONFIRMED


def test_a_value_whose_passages_were_lost_is_unconfirmed_and_they_say_nothing_more():
    season = make_season(premiere=PREMIERE)
    make_citation(season, "premiere", make_passage(state="lost"), says="2020-02-13")
    agreement = agreement_on(season, "premiere")
    assert (agreement.state, agreement.told, agreement.voices) == (State.UNCONFIRMED, (), 0)


def test_a_statement_that_a_person_called_earlier_never_differs():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    for says in ("2020-03-01", "somewhat later", "2020-02-13", ""):
        cite(season, "premiere", says, stance="earlier")
    agreement = agreement_on(season, "premiere")
    assert agreement.state is State.EARLIER
    assert agreement.voices == 1
    assert [one.verdict.value for one in agreement.told if one.citation.stance == "earlier"] == [
        "earlier"
    ] * 4


def test_what_a_person_called_earlier_supports_nothing():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13", stance="earlier")
    assert agreement_on(season, "premiere").state is State.UNCITED


def test_lost_passages_are_listed_beside_support_that_holds():
    season = make_season(premiere=PREMIERE)
    cite(season, "premiere", "2020-02-13")
    lost = [
        make_citation(season, "premiere", make_passage(state=state))
        for state in ("changed", "lost", "withdrawn")
    ]
    agreement = agreement_on(season, "premiere")
    assert agreement.state is State.AGREED
    assert sorted(one.pk for one in agreement.lost) == [one.pk for one in lost]


def test_a_value_that_is_only_mentioned_is_uncited():
    season = make_season(premiere=PREMIERE, status="available")
    cite(season, "premiere", "2020-02-13", stance="mentions")
    states = {one.field: one.state for one in agreements([season])}
    assert states == {"premiere": State.UNCITED, "status": State.UNCITED}


def test_aliases_of_people_and_characters_are_no_other_names():
    person = make_person(name="Michael Peña")
    character = make_character(name="Kiki Camarena")
    for record, text in ((person, "Mike P."), (character, "Kiki Camerana")):
        make_alias(**{type(record).__name__.lower(): record, "text": text})
        cite(record, "name", record.name)
        cite(record, "name", text, stance="mentions")
        assert agreement_on(record, "name").state is State.AGREED
        cite(record, "name", "Somebody Else", stance="mentions")
        assert agreement_on(record, "name").state is State.DIFFERING


def test_a_name_in_another_form_that_somebody_checked_is_support():
    series = make_series(network="Netflix")
    cite(series, "network", "Netflix Original")
    assert agreement_on(series, "network").state is State.AGREED


def test_a_citation_of_a_whole_statement_is_one_of_its_value():
    statement = make_statement(value="Mexico City")
    cite(statement, "", "Mexico City")
    cite(statement, "value", "Guadalajara", stance="contradicts")
    (agreement,) = agreements([statement])
    assert (agreement.field, agreement.state) == ("value", State.DIFFERING)


def test_sources_of_one_origin_are_one_voice():
    season = make_season(premiere=PREMIERE)
    origin = make_source(published=OLD)
    first = make_source(derives_from=origin)
    for source in (origin, first, make_source(derives_from=first), make_source(derives_from=first)):
        cite(season, "premiere", "2020-02-13", source=source)
    assert agreement_on(season, "premiere").voices == 1
    cite(season, "premiere", "2020-02")
    assert agreement_on(season, "premiere").voices == 2


def test_sources_that_derive_from_each_other_are_one_voice():
    season = make_season(premiere=PREMIERE)
    one = make_source()
    other = make_source(derives_from=one)
    one.derives_from = other
    one.save()
    for source in (one, other):
        cite(season, "premiere", "2020-02-13", source=source)
    assert agreement_on(season, "premiere").voices == 1


def test_the_timeline_is_in_the_order_of_the_sources_dates_and_the_undated_stand_apart():
    season = make_season(premiere=PREMIERE)
    for says, published in (
        ("newest", PartialDate(2020, 1, 2)),
        ("undated", None),
        ("oldest", PartialDate(2018)),
        ("older", PartialDate(2018, 12)),
    ):
        cite(season, "premiere", says, published=published)
    agreement = agreement_on(season, "premiere")
    assert [one.citation.says for one in agreement.dated()] == ["oldest", "older", "newest"]
    assert [one.citation.says for one in agreement.undated()] == ["undated"]


def test_the_number_of_queries_does_not_grow_with_the_records(django_assert_max_num_queries):
    records = []
    for _ in range(20):
        season = make_season(status="available")
        entry = make_cast_entry(season=season)
        work = make_earlier_work(person=entry.person)
        records += [season, entry, entry.person, entry.character, work]
        cite(season, "status", "available", source=make_source(derives_from=make_source()))
        make_citation(work, "title")
    with django_assert_max_num_queries(4):
        assert len(agreements(records)) >= 100
    for record in records[::5]:
        cite(record, "status", "renewed", stance="contradicts")
        make_decision(record, "status")
    with django_assert_max_num_queries(5):
        assert len(agreements(records)) >= 100
