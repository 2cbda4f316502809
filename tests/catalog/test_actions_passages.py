"""Words that somebody selected become passages; their numbers are never given twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions import SelectionRefused, TextNotHere, add_passage, add_selected_passage
from catalog.actions.passages import LONGEST
from catalog.capture import sha256_of
from catalog.models import Passage, Recapture, Source
from catalog.resources.sources import PassageResource
from tests.factories import make_passage, make_snapshot, make_source, make_user

pytestmark = pytest.mark.django_db

TEXT = (
    "Series: \U0001f9ff “Narcos”.\n\nMichael Pen\u0303a \U0001f469\u200d\U0001f4bc plays Kiki,\nsay they.  \n"
)


def select(snapshot, words, user=None, **given):
    """Select `words` where they first stand in the snapshot's text."""
    start = snapshot.text.index(words)
    place = {"start": start, "end": start + len(words), "exact": words}
    return add_selected_passage(user=user, snapshot=snapshot, **{**place, **given})


@pytest.mark.parametrize(
    "words", ["Pen\u0303a", "a \U0001f469\u200d\U0001f4bc plays", "\U0001f9ff", "\u200d", "Kiki,\nsay"]
)
def test_selected_words_become_the_next_passage_whatever_characters_they_hold(words):
    source = make_source(slug="guide")
    make_passage(source)
    snapshot = make_snapshot(source, TEXT)
    passage = select(snapshot, words, make_user("Writers"))
    assert (passage.key, passage.state, passage.exact) == ("guide#2", "verified", words)
    assert TEXT[passage.start : passage.end] == words
    assert passage.sha256 == sha256_of(words)
    assert TEXT[: passage.start].endswith(passage.prefix)
    assert TEXT[passage.end :].startswith(passage.suffix)


def test_white_space_at_the_edges_of_a_selection_is_left_out():
    snapshot = make_snapshot(None, TEXT)
    passage = select(snapshot, "\n\nMichael ")
    assert (passage.start, passage.exact) == (TEXT.index("Michael"), "Michael")
    # What a form has stripped is the same selection.
    assert select(snapshot, "\n\nMichael ", exact="Michael") == passage


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_line_breaks_as_forms_send_them_are_those_of_the_text(line_break):
    snapshot = make_snapshot(None, TEXT)
    passage = select(snapshot, "Kiki,\nsay", exact=f"Kiki,{line_break}say")
    assert passage.exact == "Kiki,\nsay"


def test_other_words_than_those_at_the_place_are_refused_with_both_texts():
    snapshot = make_snapshot(None, TEXT)
    with pytest.raises(SelectionRefused) as refusal:
        select(snapshot, "plays Kiki", exact="plays Mika")
    assert "Selected: “plays Mika”. In the text: “plays Kiki”." in str(refusal.value)
    assert (refusal.value.selected, refusal.value.in_text) == ("plays Mika", "plays Kiki")
    assert not Passage.objects.exists()


def test_offsets_counted_in_utf_16_are_refused():
    snapshot = make_snapshot(None, TEXT)
    start = len(TEXT[: TEXT.index("Kiki")].encode("utf-16-le")) // 2
    with pytest.raises(SelectionRefused, match="Selected: “Kiki”"):
        select(snapshot, "Kiki", start=start, end=start + 4)


def test_both_texts_of_a_long_selection_are_shown_shortened_in_the_middle():
    text = "Begin " + "word " * 100 + "end"
    with pytest.raises(SelectionRefused) as refusal:
        select(make_snapshot(None, text), text, exact=f"{text}s")
    assert "“Begin word" in str(refusal.value)
    assert " … " in str(refusal.value)
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"start": 3, "end": 3}, "no part of the text"),
        ({"start": 5, "end": 4}, "no part of the text"),
        ({"start": -3, "end": 4}, "no part of the text"),
        ({"start": 0, "end": len(TEXT) + 1}, f"has {len(TEXT)} characters"),
        ({"start": TEXT.index("\n\n"), "end": TEXT.index("\n\n") + 2}, "holds no words"),
    ],
)
def test_selection_of_nothing_or_beyond_the_text_is_refused(place, words):
    with pytest.raises(SelectionRefused, match=words):
        add_selected_passage(user=None, snapshot=make_snapshot(None, TEXT), exact="x", **place)
    assert not Passage.objects.exists()


def test_selection_that_is_too_long_is_refused_with_its_length():
    snapshot = make_snapshot(None, "a" * (LONGEST + 1))
    with pytest.raises(SelectionRefused, match="has 2001 characters, and a passage at most 2000"):
        select(snapshot, snapshot.text)
    assert select(snapshot, "a" * LONGEST).end == LONGEST


def test_selecting_the_same_words_again_returns_the_same_passage():
    snapshot = make_snapshot(None, TEXT)
    first = select(snapshot, "Michael")
    assert select(snapshot, "Michael") == first
    assert add_passage(user=None, source=snapshot.source, quote="Michael") == first
    assert Source.objects.get().last_number == 1


@pytest.mark.parametrize("state", ["changed", "lost", "withdrawn"])
def test_passage_that_supports_nothing_is_not_returned_for_its_old_words(state):
    snapshot = make_snapshot(None, TEXT)
    Passage.objects.filter(pk=select(snapshot, "Michael").pk).update(state=state)
    assert select(snapshot, "Michael").number == 2


def test_older_text_of_a_source_is_not_quoted():
    source = make_source(slug="guide")
    old = make_snapshot(source, "Old words.", captured_at="2020-01-01T00:00Z")
    new = make_snapshot(source, "New words.", captured_at="2021-01-01T00:00Z")
    with pytest.raises(SelectionRefused, match="not the current text of “guide”"):
        select(old, "Old words")
    assert select(new, "New words").snapshot == new


def test_source_that_went_back_to_an_earlier_text_is_quoted_from_it():
    source = make_source()
    old = make_snapshot(source, "Old words.", captured_at="2020-01-01T00:00Z")
    new = make_snapshot(source, "New words.", captured_at="2021-01-01T00:00Z")
    for snapshot in (new, old):
        Recapture.objects.create(source=source, snapshot=snapshot, at=timezone.now())
    assert add_passage(user=None, source=source, quote="Old words").snapshot == old
    assert select(old, "Old").snapshot == old
    with pytest.raises(SelectionRefused):
        select(new, "New words")


def test_text_that_is_not_here_cannot_be_selected_from():
    snapshot = make_snapshot(None, None, sha256=sha256_of(TEXT), length=len(TEXT))
    with pytest.raises(TextNotHere, match="not on this machine"):
        add_selected_passage(user=None, snapshot=snapshot, start=0, end=6, exact="Series")


def test_who_may_not_add_passages_is_refused():
    snapshot = make_snapshot(None, TEXT)
    with pytest.raises(PermissionDenied):
        select(snapshot, "Michael", make_user(None))
    assert not Passage.objects.exists()


def test_number_of_a_deleted_passage_is_never_given_again():
    snapshot = make_snapshot(None, TEXT)
    select(snapshot, "Michael")
    select(snapshot, "Kiki").delete()
    assert select(snapshot, "Kiki").number == 3
    assert Source.objects.get().last_number == 3


def test_new_number_moves_neither_the_source_nor_its_own_passages():
    snapshot = make_snapshot(None, TEXT)
    before = Source.objects.get().updated_at
    select(snapshot, "Michael")
    assert Source.objects.get().updated_at == before


def test_imported_numbers_are_never_given_again_either():
    sources = [make_source(slug=f"guide-{number}") for number in range(2)]
    snapshots = [make_snapshot(source, TEXT) for source in sources]
    Source.objects.filter(pk=sources[1].pk).update(last_number=90)
    new = [
        Passage(
            source=snapshot.source,
            number=number,
            snapshot=snapshot,
            start=0,
            end=6,
            sha256=sha256_of("Series"),
            excerpt="Series",
        )
        for snapshot in snapshots
        for number in (4, 70)
    ]
    PassageResource().write(new, [])
    assert list(Source.objects.order_by("slug").values_list("last_number", flat=True)) == [70, 90]
    Passage.objects.filter(number=70).delete()
    assert [select(snapshot, "Michael").number for snapshot in snapshots] == [71, 91]


@pytest.mark.django_db(transaction=True)
def test_people_who_select_at_the_same_time_get_numbers_of_their_own():
    snapshot = make_snapshot(None, " ".join(f"word{number}." for number in range(12)))

    def choose(number: int) -> int:
        try:
            return select(snapshot, f"word{number}.").number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(choose, range(12)))
    assert sorted(numbers) == list(range(1, 13))


@given(st.data())
def test_selection_is_found_again_whatever_the_text_holds(data):
    text = data.draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    snapshot = make_snapshot(make_source(), text)
    call = {"user": None, "snapshot": snapshot, "start": start, "end": end}
    if not text[start:end].strip():
        with pytest.raises(SelectionRefused):
            add_selected_passage(**call, exact=text[start:end])
        return
    passage = add_selected_passage(**call, exact=text[start:end])
    assert passage.exact == text[passage.start : passage.end] == text[start:end].strip()
    assert add_selected_passage(**call, exact=text[start:end]) == passage
