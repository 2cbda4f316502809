"""Comments follow their words from one text to the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folding import fold
from editorial.prose.following import Mark, follow

TEXT = (
    "Félix loses the war\nThe season ends in Guadalajara, where the plaza bosses meet for the last time.\n"
    "Diego Luna returns as Félix Gallardo. Scoot McNairy narrates the second season.\n"
    "The network ordered ten episodes in December 2018."
)
WORDS = st.lists(
    st.sampled_from(["the", "a", "season", "ends", "Félix", "war", "2018", "ten", "“quoted”", "\U0001f3ac"]),
    min_size=1,
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=6).map("\n".join)


def mark_of(text: str, words: str, exact: str | None = None) -> Mark:
    start = text.index(words)
    return Mark(start, start + len(words), exact or words)


def followed(old: str, new: str, words: str, exact: str | None = None):
    [place] = follow(old, new, [mark_of(old, words, exact)])
    return place.state, None if place.start is None else new[place.start : place.end]


def test_words_that_stand_are_followed_through_edits_around_them():
    new = TEXT.replace("The season ends", "As everybody knows, the season ends").replace("2018", "2019")
    assert followed(TEXT, new, "Scoot McNairy narrates") == ("anchored", "Scoot McNairy narrates")


def test_words_that_were_rewritten_are_changed_in_their_place():
    new = TEXT.replace("narrates the second season", "narrates the first season")
    state, words = followed(TEXT, new, "Scoot McNairy narrates the second season.")
    assert (state, words) == ("changed", "Scoot McNairy narrates the first season.")


def test_words_that_changed_before_stay_changed_until_they_read_as_at_first():
    was = "Scoot McNairy narrates the second season."
    now = TEXT.replace("second", "first")
    changed = was.replace("second", "first")
    assert followed(now, now + " More.", changed, exact=was)[0] == "changed"
    assert followed(now, TEXT, changed, exact=was) == ("anchored", was)


def test_a_deleted_sentence_takes_its_comment_with_it_and_not_to_a_lookalike():
    twice = TEXT + "\nThe network ordered ten episodes in December 2019."
    new = twice.replace("The network ordered ten episodes in December 2018.", "Nothing else is known.")
    assert followed(twice, new, "The network ordered ten episodes in December 2018.")[0] == "gone"


def test_words_that_were_gone_are_found_when_they_come_back():
    words = "Diego Luna returns as Félix Gallardo."
    without = TEXT.replace(words, "")
    assert followed(TEXT, without, words) == ("gone", None)
    # Looked for from the last text that they stood in.
    assert followed(TEXT, TEXT + "\nMore.", words) == ("anchored", words)


def test_the_first_words_are_found_again_after_they_had_changed_and_gone():
    was, then = "Diego Luna returns as Félix Gallardo.", "Diego Luna is back as Félix."
    middle = TEXT.replace(was, then)
    restored = "Everything is new here.\n" + was
    assert followed(middle, restored, then, exact=was) == ("anchored", was)


def test_no_mark_asks_for_nothing():
    assert follow(TEXT, "", []) == []


@pytest.mark.parametrize("span", [(3, 3), (0, 10_000), (5, 2)])
def test_a_mark_outside_of_its_text_is_an_error(span):
    with pytest.raises(ValueError, match="no passage"):
        follow(TEXT, TEXT, [Mark(*span, "x")])


@st.composite
def marked(draw):
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        start, end = 0, len(text)
    return text, Mark(start, end, text[start:end])


@given(marked())
def test_nothing_changes_when_the_text_does_not(case):
    text, mark = case
    [place] = follow(text, text, [mark])
    assert place.state == "anchored"
    assert text[place.start : place.end].strip() == mark.exact.strip()


@given(marked(), TEXTS)
def test_a_place_lies_in_the_new_text_and_says_truly_what_became_of_the_words(case, new):
    text, mark = case
    [place] = follow(text, new, [mark])
    if place.state == "gone":
        assert (place.start, place.end) == (None, None)
        return
    assert 0 <= place.start < place.end <= len(new)
    same = fold(new[place.start : place.end]).text.strip() == fold(mark.exact).text.strip()
    assert same == (place.state == "anchored")


@given(marked(), TEXTS)
def test_a_text_put_before_moves_what_is_marked_and_nothing_else(case, before):
    text, mark = case
    line = "Zzz zzz zzz.\n"
    [place] = follow(text, line + text, [mark])
    assert place.state == "anchored"
    assert place.start is not None
    assert (line + text)[place.start : place.end].strip() == mark.exact.strip()
