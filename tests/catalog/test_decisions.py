"""Deciding where sources differ: what may be chosen, what becomes of the rest, and when it is open again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions import (
    CatalogError,
    FactsMoved,
    NotAChoice,
    NothingToDecide,
    ReasonRefused,
    StanceNeeded,
    decide,
)
from catalog.agreement import Scales
from catalog.comparing import Comparison, assign, compare, readable_value
from catalog.dates import PartialDate
from catalog.deciding import choices, fingerprint
from catalog.facts import holds, value_text
from catalog.models import Citation, Decision, Season, Series
from catalog.timeline import State, Verdict, weigh
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_citation,
    make_decision,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
    make_user,
)

PREMIERE = PartialDate(2020, 2, 13)
OLD, NEW = PartialDate(2018, 12, 5), PartialDate(2019, 12, 17)


def cite(record, field="premiere", says="", *, published=None, stance="supports", **fields) -> Citation:
    passage = make_passage(make_source(published=published))
    return make_citation(record, field, passage, says=says, stance=stance, **fields)


def agreement_on(record, field="premiere"):
    return Scales([type(record)._default_manager.get(pk=record.pk)]).weigh(record, field)


def settle(record, value, *, field="premiere", user=None, losing=(), reason="The network says so.", **more):
    """Decide as somebody who has just looked; every statement that loses contradicts unless named."""
    record = type(record)._default_manager.get(pk=record.pk) if record.pk else record
    scales = Scales([record])
    agreement = scales.weigh(record, field)
    choice = next((one for one in scales.choices(agreement) if one.value == value), None)
    stances = {one.told.citation.pk: "contradicts" for one in choice.losing} if choice else {}
    return decide(
        user=user,
        record=record,
        field=field,
        value=value,
        reason=reason,
        losing={**stances, **dict(losing)},
        **{"seen": fingerprint(agreement), **more},
    )


def stances(record) -> dict[str, str]:
    return {one.says: one.stance for one in Citation.objects.about([record])}


@pytest.fixture
def disputed(db):
    """A season whose premiere two sources give, and a third denies."""
    season = make_season(premiere=PREMIERE)
    cite(season, says="2020-02-13")
    cite(season, says="13. Februar", stance="mentions")
    cite(season, says="2020-02-14", stance="contradicts")
    return season


def test_keeping_the_value_settles_the_dispute_and_keeps_every_citation(disputed):
    decision = settle(disputed, "2020-02-13", user=make_user("Fact-checkers"))
    agreement = agreement_on(disputed)
    assert (agreement.state, agreement.decision) == (State.SETTLED, decision)
    assert stances(disputed) == {
        "2020-02-13": "supports",
        "13. Februar": "mentions",
        "2020-02-14": "contradicts",
    }
    assert [one["says"] for one in decision.overruled] == ["2020-02-14"]
    assert decision.by.groups.get().name == "Fact-checkers"


def test_another_value_moves_the_record_and_turns_support_round(disputed):
    decision = settle(disputed, "2020-02-14")
    disputed.refresh_from_db()
    assert str(disputed.premiere) == decision.value == "2020-02-14"
    assert stances(disputed) == {
        "2020-02-13": "contradicts",
        "13. Februar": "contradicts",
        "2020-02-14": "supports",
    }
    assert all(holds(one, disputed) for one in Citation.objects.filter(stance="supports"))
    assert agreement_on(disputed).state is State.SETTLED
    assert set(Citation.objects.values_list("checked_value", flat=True)) == {"2020-02-14"}
    assert sorted(one["says"] for one in decision.overruled) == ["13. Februar", "2020-02-13"]


def test_a_statement_called_earlier_no_longer_differs(disputed):
    loser = Citation.objects.get(says="2020-02-14")
    settle(disputed, "2020-02-13", losing={loser.pk: "earlier"})
    loser.refresh_from_db()
    agreement = agreement_on(disputed)
    assert (loser.stance, agreement.state) == ("earlier", State.EARLIER)
    assert agreement.decision.reason == "The network says so."
    assert [one.citation for one in agreement.with_verdict(Verdict.EARLIER)] == [loser]


@pytest.mark.parametrize("says", ["2020-02-14", "2020-03-01", "not then"])
def test_a_contradiction_that_was_not_overruled_opens_it_again(disputed, says):
    settle(disputed, "2020-02-13")
    cite(disputed, says=says, stance="contradicts")
    agreement = agreement_on(disputed)
    assert (agreement.state, agreement.decision) == (State.DIFFERING, None)


def test_an_overruled_statement_that_says_something_new_opens_it_again(disputed):
    settle(disputed, "2020-02-13")
    Citation.objects.filter(stance="contradicts").update(says="2020-02-15")
    assert agreement_on(disputed).state is State.DIFFERING


def test_a_record_that_moved_on_has_left_its_decision_behind(disputed):
    settle(disputed, "2020-02-13")
    disputed.premiere = PartialDate(2021)
    disputed.save()
    assert agreement_on(disputed).decision is None


def test_the_newest_decision_counts(disputed):
    settle(disputed, "2020-02-13", reason="First.")
    settle(disputed, "2020-02-14", reason="Then.")
    newest = settle(disputed, "2020-02-13", reason="And back.")
    assert agreement_on(disputed).decision == newest
    assert stances(disputed)["2020-02-13"] == "supports"
    assert Decision.objects.count() == 3


def test_support_without_words_keeps_what_it_was_compared_with(db):
    season = make_season(premiere=PREMIERE)
    silent = cite(season)
    cite(season, says="2020-02-14", stance="contradicts")
    decision = settle(season, "2020-02-14")
    silent.refresh_from_db()
    assert (silent.stance, silent.says) == ("contradicts", "2020-02-13")
    assert decision.overruled == [{"passage": silent.passage.key, "says": "2020-02-13"}]


def test_less_exact_support_stays_support_of_the_new_value(db):
    season = make_season(premiere=PREMIERE)
    vague = cite(season, says="2020-02")
    cite(season, says="2020-02-14", stance="contradicts")
    settle(season, "2020-02-14")
    vague.refresh_from_db()
    assert (vague.stance, vague.checked_value) == ("supports", "2020-02-14")


def test_a_mention_of_nothing_stays_a_mention(disputed):
    silent = cite(disputed, says="still to come", stance="mentions")
    settle(disputed, "2020-02-14")
    silent.refresh_from_db()
    assert (silent.stance, silent.says) == ("mentions", "still to come")


@pytest.mark.parametrize(
    ("published", "stance"), [({}, "contradicts"), ({"lost": OLD, "given": NEW}, "earlier")]
)
def test_a_surely_older_source_is_offered_as_earlier(db, published, stance):
    season = make_season(premiere=PREMIERE)
    cite(season, says="2020-02-13", published=published.get("lost"))
    cite(season, says="2020-02-14", stance="contradicts", published=published.get("given"))
    scales = Scales([season])
    present, other = scales.choices(scales.weigh(season, "premiere"))
    assert [one.stance for one in other.losing] == [stance]
    assert [one.stance for one in present.losing] == ["contradicts"]


def test_an_earlier_step_of_the_course_is_offered_as_earlier(db):
    season = make_season(status="available")
    cite(season, "status", "available")
    cite(season, "status", "upcoming", stance="contradicts")
    scales = Scales([season])
    available, upcoming = scales.choices(scales.weigh(season, "status"))
    assert [one.stance for one in available.losing] == ["earlier"]
    assert [one.stance for one in upcoming.losing] == ["contradicts"]


def test_a_choice_counts_voices_and_knows_names(db):
    person = make_person(name="Michael Peña")
    make_alias(person=person, text="M. P.")
    origin = make_source()
    for source in (origin, make_source(derives_from=origin)):
        make_citation(person, "name", make_passage(source), says="M. P.")
    cite(person, "name", "Somebody Else", stance="contradicts")
    cite(person, "name", "Michael Peña")
    scales = Scales([person])
    present, other = scales.choices(scales.weigh(person, "name"))
    assert sorted(len(voice) for voice in present.voices) == [1, 2]
    assert other.value == "Somebody Else"
    assert [one.told.citation.says for one in other.losing] == ["Michael Peña"]


def test_a_field_without_a_value_can_be_given_one_that_is_said(db):
    season = make_season()
    said = cite(season, says="13 February 2020", stance="mentions")
    settle(season, "2020-02-13")
    season.refresh_from_db()
    said.refresh_from_db()
    assert (season.premiere, said.stance) == (PREMIERE, "supports")
    assert agreement_on(season).state is State.AGREED


def test_a_lower_bound_a_relation_and_a_statement_are_decided_too(db):
    season = make_season(episode_count=10)
    cite(season, "episode_count", "10")
    cite(season, "episode_count", "at least twelve episodes", stance="contradicts")
    settle(season, ">=12", field="episode_count")
    season.refresh_from_db()
    assert (season.episode_count, season.episode_count_is_minimum) == (12, True)
    series = make_series(relation="companion", companion_to=make_series(slug="first"))
    cite(series, "relation", "companion")
    cite(series, "relation", "spin-off", stance="contradicts")
    settle(series, "spin-off first", field="relation")
    series.refresh_from_db()
    assert (series.relation, series.companion_to.slug) == ("spin-off", "first")
    statement = make_statement(value="Mexico City")
    cite(statement, "value", "Mexico City")
    cite(statement, "", "Guadalajara", stance="contradicts")
    settle(statement, "Guadalajara", field="value")
    statement.refresh_from_db()
    assert statement.value == "Guadalajara"
    assert agreement_on(statement, "value").state is State.SETTLED


def test_a_whole_record_can_only_stay_as_it_is(db):
    entry = make_cast_entry()
    cite(entry, "")
    cite(entry, "", "Somebody Else", stance="contradicts")
    assert settle(entry, value_text(entry, ""), field="").field == ""
    assert agreement_on(entry, "").state is State.SETTLED


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"value": "2021"}, NotAChoice),
        ({"value": ""}, NotAChoice),
        ({"reason": " \n "}, ReasonRefused),
        ({"reason": "x" * 501}, ReasonRefused),
        ({"seen": "something else"}, FactsMoved),
        ({"losing": "mentions"}, StanceNeeded),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(disputed, more, refusal):
    before = list(Citation.objects.order_by("pk").values())
    if "losing" in more:
        more = {"losing": dict.fromkeys((one["id"] for one in before), more["losing"])}
    with pytest.raises(refusal) as refused:
        settle(disputed, **{"value": "2020-02-14", **more})
    assert str(refused.value)
    disputed.refresh_from_db()
    assert disputed.premiere == PREMIERE
    assert list(Citation.objects.order_by("pk").values()) == before
    assert not Decision.objects.exists()


def test_a_value_that_the_record_refuses_is_refused_in_words(db):
    first = make_episode(title="Pilot")
    special = make_episode(season=first.season, number=None, title="Special")
    cite(special, "title", "Special")
    cite(special, "title", "x" * 201, stance="contradicts")
    with pytest.raises(CatalogError, match="at most 200"):
        settle(special, "x" * 201, field="title")
    assert not Decision.objects.exists()


def test_where_nothing_differs_there_is_nothing_to_decide(db):
    season = make_season(premiere=PREMIERE)
    cite(season, says="2020-02-13")
    with pytest.raises(NothingToDecide):
        settle(season, "2020-02-13")


def test_a_citation_that_came_meanwhile_is_looked_at_first(disputed):
    seen = fingerprint(agreement_on(disputed))
    cite(disputed, says="2020-02-15", stance="contradicts")
    with pytest.raises(FactsMoved):
        settle(disputed, "2020-02-14", seen=seen)


def test_a_decision_that_came_meanwhile_is_looked_at_first(disputed):
    seen = fingerprint(agreement_on(disputed))
    settle(disputed, "2020-02-13")
    with pytest.raises(FactsMoved):
        settle(disputed, "2020-02-13", seen=seen)


def test_a_record_that_is_gone_cannot_be_decided_on(disputed):
    seen = fingerprint(agreement_on(disputed))
    gone = Season.objects.get(pk=disputed.pk)
    gone.pk = 0
    with pytest.raises(FactsMoved, match="deleted"):
        settle(gone, "2020-02-13", seen=seen)


@pytest.mark.parametrize(("role", "may"), [("Writers", False), ("Fact-checkers", True), ("Editors", True)])
def test_only_who_may_decide_decides(disputed, role, may):
    if may:
        assert settle(disputed, "2020-02-14", user=make_user(role)).pk
        return
    with pytest.raises(PermissionDenied):
        settle(disputed, "2020-02-14", user=make_user(role))
    assert not Decision.objects.exists()


def test_another_value_needs_the_right_to_change_the_record(disputed):
    user = make_user("Writers")
    user.user_permissions.add(make_permission("add_decision"))
    with pytest.raises(PermissionDenied):
        settle(disputed, "2020-02-14", user=user)
    assert settle(disputed, "2020-02-13", user=user).by == user


def make_permission(codename: str):
    return make_user("Fact-checkers").groups.get().permissions.get(codename=codename)


def test_a_decision_on_the_whole_of_a_statement_is_one_on_its_value(db):
    statement = make_statement(value="Mexico City")
    cite(statement, "value", "Mexico City")
    other = cite(statement, "", "Guadalajara", stance="contradicts")
    overruled = [{"passage": other.passage.key, "says": "Guadalajara"}]
    make_decision(statement, "", value="Mexico City", overruled=overruled)
    assert agreement_on(statement, "value").state is State.SETTLED


# The pure parts, on records that no database has seen.

DATES = st.one_of(
    st.dates().map(lambda day: f"{day:%Y-%m-%d}" if day.year > 999 else "1999"),
    st.sampled_from(["2020", "2020-02", "2020-02~", "13. Februar", "--02-13", "February 2020", "tba", ""]),
)
COUNTS = st.one_of(
    st.integers(1, 30).map(str), st.sampled_from([">=8", "at least nine", "8+", "some", "mindestens zehn"])
)
STATUSES = st.sampled_from(["renewed", "filming", "upcoming", "available", "cancelled", "verfügbar", "back"])
SAYINGS = {"premiere": DATES, "episode_count": COUNTS, "status": STATUSES}


@given(st.sampled_from(sorted(SAYINGS)), st.data())
def test_what_is_readable_can_be_assigned_and_then_agrees(field, data):
    says = data.draw(SAYINGS[field])
    season = Season(series=Series(title="Narcos"), number=1)
    value = readable_value(season, field, says)
    if value is not None:
        assign(season, field, value)
        assert value_text(season, field) == value
        assert compare(season, field, says) is Comparison.AGREES


@given(st.text(max_size=60))
def test_any_text_can_be_read_for_any_field(says):
    season = Season(series=Series(title="Narcos"), number=1)
    series = Series(title="Spin", relation="companion", companion_to=Series(slug="first", title="First"))
    for record, field in ((season, "premiere"), (season, "episode_count"), (series, "relation")):
        value = readable_value(record, field, says)
        if value is not None:
            assign(record, field, value)


@pytest.mark.parametrize(
    ("says", "value"),
    [
        ("spin-off", "spin-off first"),
        ("spin-off first", "spin-off first"),
        ("Spin-off of First", "spin-off first"),
        ("spin-off of Second", None),
        ("sister show", None),
    ],
)
def test_a_relation_is_read_only_to_the_same_series(says, value):
    series = Series(relation="companion", companion_to=Series(slug="first", title="First"))
    assert readable_value(series, "relation", says) == value


def told(number: int, says: str, stance: str, year: int | None, checked: str) -> SimpleNamespace:
    published = None if year is None else PartialDate(year)
    source = SimpleNamespace(pk=number, slug=f"source-{number}", published=published)
    passage = SimpleNamespace(
        key=f"source-{number}#1", number=1, source=source, supports=True, state="verified"
    )
    return SimpleNamespace(
        pk=number, field="premiere", says=says, stance=stance, checked_value=checked, passage=passage
    )


STATEMENTS = st.lists(
    st.tuples(
        DATES,
        st.sampled_from(["supports", "contradicts", "mentions", "earlier"]),
        st.sampled_from([None, 2018, 2019, 2020]),
        st.sampled_from(["2020-02-13", "2019"]),
    ),
    max_size=6,
)


@given(STATEMENTS)
def test_whatever_is_chosen_nothing_is_lost_and_nothing_differs_but_what_lost(statements):
    season = Season(series=Series(title="Narcos"), number=1, premiere=PREMIERE)
    citations = [told(number, *one) for number, one in enumerate(statements)]
    for choice in choices(weigh(season, "premiere", citations)):
        losing = {one.told.citation.pk for one in choice.losing}
        after = [
            SimpleNamespace(**{**vars(one), "stance": "contradicts"}) if one.pk in losing else one
            for one in citations
        ]
        restated = {one.citation.pk: one for one in choice.restated}
        after = [restated.get(one.pk, one) for one in after]
        agreement = weigh(choice.record, "premiere", after)
        assert len(agreement.told) == len(citations)
        differing = {one.citation.passage.source.pk for one in agreement.with_verdict(Verdict.DIFFERS)}
        assert differing <= losing
        assert losing.isdisjoint(restated)
        assert all(one.gives_the_value for one in choice.giving)


@given(STATEMENTS, STATEMENTS)
def test_the_fingerprint_is_that_of_the_facts_in_any_order(some, others):
    season = Season(series=Series(title="Narcos"), number=1, premiere=PREMIERE)

    def taken(statements) -> str:
        return fingerprint(weigh(season, "premiere", statements))

    one, other = ([told(n, *each) for n, each in enumerate(each)] for each in (some, others))
    assert taken(one) == taken(reversed(one))
    assert (taken(one) == taken(other)) is (some == others)
