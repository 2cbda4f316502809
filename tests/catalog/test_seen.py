"""How far a reader has seen each series: what is kept, what comes back of it, and what it covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.seen import LONGEST, NOTHING_SEEN, Seen, parse_seen

SLUGS = st.from_regex(r"[A-Za-z0-9_-]{1,50}", fullmatch=True)
SETTINGS = st.dictionaries(SLUGS, st.integers(0, 999), max_size=30)


@given(SETTINGS)
def test_what_is_kept_comes_back(through):
    assert dict(parse_seen(str(Seen(through))).through) == through


@given(st.dictionaries(SLUGS, st.integers(0, 999), max_size=120))
def test_a_setting_is_never_too_long_and_what_stays_of_it_is_true(through):
    text = str(Seen(through))
    assert len(text) <= LONGEST
    assert parse_seen(text).through.items() <= through.items()
    assert str(parse_seen(text)) == text


@given(st.text())
def test_any_text_is_read_and_what_is_read_is_a_setting(text):
    found = parse_seen(text)
    assert parse_seen(str(found)) == found


@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("narcos-mexico:1,narcos:3", {"narcos-mexico": 1, "narcos": 3}),
        ("narcos:2,narcos:3", {"narcos": 2}),
        ("narcos:2,:,x:,:3,x:-1,x:1e3,x:1000,<b>:1", {"narcos": 2}),
        ("narcos:٣", {}),
        ("narcos:2\n", {}),
        ("narcos: 2", {}),
        ("", {}),
        ("narcos:1," * LONGEST, {}),
    ],
)
def test_damage_is_left_out(text, through):
    assert dict(parse_seen(text).through) == through


def test_a_text_is_covered_by_its_season_and_those_after_it():
    seen = Seen({"narcos": 2})
    assert [seen.covers(f"narcos/{number}") for number in (0, 1, 2, 3)] == [True, True, True, False]
    assert seen.covers("")
    assert not seen.covers("narcos-mexico/1")


def test_only_who_has_said_less_stops_before_it():
    seen = Seen({"narcos": 2})
    assert seen.stops_before("narcos/3")
    assert not seen.stops_before("narcos/2")
    assert not seen.stops_before("narcos-mexico/1")
    assert not seen.stops_before("")
    assert not NOTHING_SEEN.stops_before("narcos/1")


def test_who_has_seen_nothing_yet_has_not_seen_the_specials():
    assert Seen({"narcos": 0}).beyond("narcos", [0, 1, 2]) == {0, 1, 2}
    assert Seen({"narcos": 1}).beyond("narcos", [0, 1, 2]) == {2}
    assert NOTHING_SEEN.beyond("narcos", [0, 1]) == frozenset()


def test_only_a_setting_by_link_is_carried_on():
    assert parse_seen("narcos:2", by_link=True).carried == "?seen=narcos:2"
    assert parse_seen("narcos:2", by_link=True).carried_further == "&seen=narcos:2"
    assert parse_seen("narcos:2").carried == ""
    assert parse_seen("", by_link=True).carried == ""
