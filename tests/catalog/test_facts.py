from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps

from catalog.facts import CITABLE, WHOLE, Standing, holds, standing, value_text
from catalog.models import CastEntry, Character, CrewCredit, Person, Season, Series


def citation(field="premiere", stance="supports", checked_value="2020-02-13", supports=True):
    return SimpleNamespace(
        field=field, stance=stance, checked_value=checked_value, passage=SimpleNamespace(supports=supports)
    )


def season(**fields) -> Season:
    return Season(**{"premiere": "2020-02-13", **fields})


def test_every_citable_field_is_there():
    for model_name, fields in CITABLE.items():
        names = {field.name for field in apps.get_model("catalog", model_name)._meta.get_fields()}
        assert set(fields) <= names


@pytest.mark.parametrize(
    ("record", "field", "text"),
    [
        (Season(premiere="2020-02-13"), "premiere", "2020-02-13"),
        (Season(), "premiere", ""),
        (Season(episode_count=8, episode_count_is_minimum=True), "episode_count", ">=8"),
        (Season(episode_count=10), "episode_count", "10"),
        (Season(), "episode_count", ""),
        (Series(relation="companion", companion_to=Series(slug="narcos")), "relation", "companion narcos"),
        (Series(), "relation", ""),
        (Series(title="Narcos"), WHOLE, ""),
        (CastEntry(person=Person(slug="a"), character=Character(slug="b")), WHOLE, "a as b"),
        (CastEntry(character=Character(slug="b")), WHOLE, "as b"),
        (CrewCredit(person=Person(slug="a"), job="creator"), WHOLE, "a, creator"),
    ],
)
def test_values_have_one_canonical_text(record, field, text):
    assert value_text(record, field) == text


def test_a_citation_holds_while_value_and_passage_are_as_compared():
    assert holds(citation(), season())


@pytest.mark.parametrize(
    "broken",
    [
        citation(stance="mentions"),
        citation(stance="contradicts"),
        citation(supports=False),
        citation(checked_value="2020-02"),
        citation(checked_value=""),
    ],
)
def test_a_citation_does_not_hold_when_anything_moved_on(broken):
    assert not holds(broken, season())


def test_one_citation_that_holds_verifies_a_field():
    citations = [citation(checked_value="2020"), citation()]
    assert standing(citations, season(), "premiere") is Standing.VERIFIED


def test_support_that_moved_on_leaves_a_field_unconfirmed():
    assert standing([citation()], season(premiere="2020-02-14"), "premiere") is Standing.UNCONFIRMED


def test_contradicting_and_mentioning_support_nothing():
    citations = [citation(stance="contradicts"), citation(stance="mentions")]
    assert standing(citations, season(), "premiere") is Standing.NONE
    assert standing([], season()) is Standing.NONE


def test_a_record_is_as_good_as_its_best_citation():
    citations = [citation(field="status", checked_value="old"), citation()]
    assert standing(citations, season()) is Standing.VERIFIED
    assert standing(citations, season(), "status") is Standing.UNCONFIRMED
    assert standing(citations, season(), "renewed") is Standing.NONE
