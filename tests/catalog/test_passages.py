import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import models
from catalog.folding import fold
from catalog.passages import (
    EXCERPT_LENGTH,
    EXCERPT_WORDS,
    QuoteAmbiguous,
    QuoteNotFound,
    context_of,
    excerpt_of,
    find_quote,
    is_excerpt_of,
)

TEXT = "He said: “It’s the plaza system\u00a0– and nothing else.” It’s over.\nDiego Luna plays Félix."


def test_exact_quote_is_found():
    start, end = find_quote(TEXT, "Diego Luna")
    assert TEXT[start:end] == "Diego Luna"


def test_quote_with_straight_quotes_and_other_spaces_is_found_where_it_stands():
    start, end = find_quote(TEXT, "It's the plaza system - and\nnothing else.\"")
    assert TEXT[start:end] == "It’s the plaza system\u00a0– and nothing else.”"


def test_decomposed_accents_are_found():
    start, end = find_quote("Miguel A\u0301ngel Fe\u0301lix", "Ángel Félix")
    assert (start, end) == (7, 20)


def test_white_space_around_a_pasted_quote_does_not_count():
    start, end = find_quote(TEXT, "  Diego Luna\n")
    assert TEXT[start:end] == "Diego Luna"


@pytest.mark.parametrize("quote", ["Pablo Escobar", "diego luna", "", "  \n"])
def test_words_that_do_not_stand_there_are_refused(quote):
    with pytest.raises(QuoteNotFound, match="Copy"):
        find_quote(TEXT, quote)


@pytest.mark.parametrize("quote", ["It’s", "It's"])
def test_words_in_two_places_are_refused(quote):
    with pytest.raises(QuoteAmbiguous, match="more words before or after"):
        find_quote(TEXT, quote)


def test_excerpt_keeps_twelve_words_and_glues_the_ellipsis():
    assert excerpt_of("one  two\nthree") == "one two three"
    assert excerpt_of("1 2 3 4 5 6 7 8 9 10 11 12") == "1 2 3 4 5 6 7 8 9 10 11 12"
    assert excerpt_of("1 2 3 4 5 6 7 8 9 10 11 12 13") == "1 2 3 4 5 6 7 8 9 10 11 12…"


def test_excerpt_of_a_text_without_spaces_fits_its_column():
    excerpt = excerpt_of("語" * 1000)
    assert len(excerpt) == EXCERPT_LENGTH
    assert excerpt.endswith("語…")


def test_limits_are_those_of_the_database():
    assert EXCERPT_WORDS == models.EXCERPT_WORDS
    assert models.Passage._meta.get_field("excerpt").max_length == EXCERPT_LENGTH


def test_context_is_at_most_32_code_points():
    text = "a" * 40 + "𝕏" + "b" * 10
    assert context_of(text, 40, 41) == ("a" * 32, "b" * 10)
    assert context_of(text, 0, 3) == ("", "a" * 32)


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        ("the plaza system - and", True),
        ("It's the … nothing else", True),
        ("Diego Luna plays…", True),
        ("nothing … It's the", False),
        ("Diego Moon", False),
    ],
)
def test_excerpt_must_be_taken_from_the_words(excerpt, expected):
    assert is_excerpt_of(excerpt, TEXT) is expected


@given(st.text(min_size=1).filter(lambda text: fold(text).text.strip()))
def test_every_excerpt_is_one_of_its_own_text(text):
    excerpt = excerpt_of(text)
    assert len(excerpt.split()) <= EXCERPT_WORDS
    assert is_excerpt_of(excerpt, text)


@given(st.text(), st.text(min_size=1), st.text())
def test_what_is_found_is_the_quote_after_folding(before, quote, after):
    text = f"{before}{quote}{after}"
    try:
        start, end = find_quote(text, quote)
    except (QuoteNotFound, QuoteAmbiguous):
        return
    assert 0 <= start < end <= len(text)
    assert fold(quote).text.strip() in fold(text[start:end]).text
