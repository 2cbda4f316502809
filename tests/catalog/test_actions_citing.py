"""Citing a record: what is noted, and what is refused with a way out."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from catalog.actions import (
    AlreadyCited,
    CatalogError,
    NotCitable,
    PassageGivesNoSupport,
    ValueTooLong,
    cite,
)
from catalog.facts import holds
from catalog.models import Citation, Stance
from tests.factories import make_cast_entry, make_passage, make_photo, make_season, make_series, make_user

pytestmark = pytest.mark.django_db


def cited(record, field="premiere", **given):
    """A citation of `record` as a command makes it, unless told otherwise."""
    given = {"user": None, "passage": given.pop("passage", None) or make_passage(), **given}
    return cite(**{"record": record, "field": field, "says": "", "stance": "supports", **given})


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers", "Editors"])
def test_a_citation_notes_what_the_record_says_now_and_holds(role):
    season = make_season(premiere="2020-02-13")
    season.refresh_from_db()
    made = cited(season, user=make_user(role), says=" 13\nFebruary ")
    made.refresh_from_db()
    assert (made.target, made.field, made.stance) == (season, "premiere", "supports")
    assert (made.says, made.checked_value) == ("13 February", "2020-02-13")
    assert holds(made, season)


@pytest.mark.parametrize("stance", ["contradicts", "mentions"])
def test_a_citation_that_does_not_support_notes_the_value_too(stance):
    season = make_season(status="renewed")
    made = cited(season, "status", stance=stance)
    assert (made.stance, made.checked_value) == (stance, "renewed")
    assert not holds(made, season)


def test_the_whole_record_can_be_cited():
    entry = make_cast_entry()
    made = cited(entry, "")
    assert holds(made, entry)
    assert made.checked_value == f"{entry.person.slug} as {entry.character.slug}"


def test_one_passage_can_be_cited_for_several_fields_but_once_for_each():
    season, passage = make_season(premiere="2020", status="renewed"), make_passage()
    first = cited(season, passage=passage, says="in 2020", stance="mentions")
    cited(season, "status", passage=passage)
    with pytest.raises(AlreadyCited, match="is cited there already: mentions, “in 2020”") as refusal:
        cited(season, passage=passage)
    assert passage.key in str(refusal.value)
    assert refusal.value.citation == first
    assert Citation.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [("changed", "select its words anew"), ("lost", "select its words anew"), ("withdrawn", "was withdrawn")],
)
@pytest.mark.parametrize("stance", ["supports", "mentions"])
def test_a_passage_that_gives_no_support_is_not_cited_at_all(state, words, stance):
    with pytest.raises(PassageGivesNoSupport, match=words):
        cited(make_season(), passage=make_passage(state=state), stance=stance)
    assert not Citation.objects.exists()


def test_the_state_of_the_passage_is_looked_at_anew():
    passage = make_passage()
    type(passage).objects.update(state="lost")
    with pytest.raises(PassageGivesNoSupport):
        cited(make_season(), passage=passage)


def test_a_passage_whose_text_is_not_here_can_be_cited():
    assert cited(make_season(), passage=make_passage(state="unattached")).pk


@pytest.mark.parametrize("field", ["number", "title", "no such field"])
def test_what_is_no_fact_of_the_record_is_not_cited(field):
    with pytest.raises(NotCitable, match="cannot be cited"):
        cited(make_season(), field)


def test_a_record_without_facts_is_not_cited():
    with pytest.raises(NotCitable, match="cannot be cited"):
        cited(make_photo(), "")


@pytest.mark.parametrize("stance", [Stance.EARLIER, "", "agrees"])
def test_a_stance_that_no_person_gives_is_refused(stance):
    with pytest.raises(NotCitable, match="supports, contradicts or mentions"):
        cited(make_season(), stance=stance)


def test_too_long_values_are_refused_with_their_length():
    with pytest.raises(ValueTooLong, match="has 301 characters, and at most 300 are kept"):
        cited(make_season(), says="a" * 301)
    with pytest.raises(ValueTooLong, match="more than 500 characters"):
        cited(make_series(summary="a" * 501), "summary")
    assert not Citation.objects.exists()


def test_a_character_that_no_database_keeps_is_refused_in_words():
    with pytest.raises(CatalogError, match="Null characters are not allowed"):
        cited(make_season(), says="13\0February")


def test_who_may_not_cite_is_refused():
    with pytest.raises(PermissionDenied):
        cited(make_season(), user=make_user(None))
    assert not Citation.objects.exists()
