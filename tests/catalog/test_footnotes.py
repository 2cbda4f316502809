from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.footnotes import Evidence, Footnotes, letter


def evidence(key: str) -> Evidence:
    return Evidence(key=key, excerpt="words", language="en", state="verified", path="/", source_title="Title")


def test_one_passage_is_one_footnote_with_a_letter_for_each_use():
    footnotes = Footnotes()
    markers = footnotes.cite_all([evidence("a#1"), evidence("b#1"), evidence("a#1")])
    assert [(marker.number, marker.letter, marker.id) for marker in markers] == [
        (1, "a", "ref-1-1"),
        (2, "a", "ref-2-1"),
        (1, "b", "ref-1-2"),
    ]
    assert [(note.id, len(note.markers)) for note in footnotes] == [("fn-1", 2), ("fn-2", 1)]
    assert markers[0].note_id == "fn-1"


@given(st.lists(st.sampled_from([f"s#{n}" for n in range(1, 6)])))
def test_numbers_and_ids_are_unique_and_without_gaps(keys):
    footnotes = Footnotes()
    markers = [footnotes.cite(evidence(key)) for key in keys]
    assert len({marker.id for marker in markers}) == len(keys)
    assert [note.number for note in footnotes] == list(range(1, len(set(keys)) + 1))
    assert len(footnotes) == len(set(keys))


@pytest.mark.parametrize(
    ("use", "name"), [(1, "a"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba"), (702, "zz"), (703, "aaa")]
)
def test_uses_are_lettered_like_the_columns_of_a_table(use, name):
    assert letter(use) == name


@given(st.integers(1, 100_000))
def test_no_two_uses_share_a_letter(use):
    assert letter(use) != letter(use + 1)
    assert len(letter(use)) <= len(letter(use + 1))


def test_uses_are_counted_from_one():
    with pytest.raises(ValueError, match="from 1"):
        letter(0)


def test_a_footnote_says_at_which_uses_it_is_not_alone():
    footnotes = Footnotes()
    for voices in (2, 1, 3, 2):
        footnotes.cite(evidence("s#1"), voices)
    footnotes.cite(evidence("s#2"), 2)
    footnotes.cite(evidence("s#3"))
    assert [[(one.letters, one.voices) for one in note.corroborations] for note in footnotes] == [
        [("a, d", 2), ("c", 3)],
        [("", 2)],
        [],
    ]
    assert [(way.id, way.letter, way.of) for way in list(footnotes)[1].ways_back] == [("ref-2-1", "a", 1)]
