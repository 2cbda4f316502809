from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folding import fold, search_key

texts = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("aé\u0301\u0303ñ ’“”–\u00a0\u00ad\u200b\ufeff\n각\u1100\u1161\u11a8ﬁ…😀"),
    )
)


@given(texts)
def test_every_folded_code_point_knows_where_it_came_from(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(texts)
def test_folding_again_changes_nothing(text):
    assert fold(fold(text).text).text == fold(text).text


@given(texts)
def test_composed_and_decomposed_texts_fold_to_the_same(text):
    assert fold(unicodedata.normalize("NFD", text)).text == fold(unicodedata.normalize("NFC", text)).text


@given(texts)
def test_a_raw_span_folds_to_at_least_its_folded_span(text):
    folded = fold(text)
    if len(folded.text) >= 3:
        start, end = folded.raw_span(1, 3)
        assert folded.text[1:3].strip() in fold(text[start:end]).text


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("“Don’t” – he said", '"Don\'t" - he said'),
        ("Pen\u0303a", "Peña"),
        ("co\u00adop\u200bera\ufefftion", "cooperation"),
        ("a \u00a0\n\t b", "a b"),
        ("Ｎarcos", "Narcos"),
        ("Case STAYS", "Case STAYS"),
    ],
)
def test_texts_fold_for_comparing(raw, folded):
    assert fold(raw).text == folded


def test_raw_spans_cover_what_folding_dropped():
    raw = "the “Pen\u0303a” role"
    folded = fold(raw)
    start = folded.text.index("Peña")
    begin, end = folded.raw_span(start, start + 4)
    assert raw[begin:end] == "Pen\u0303a"
    assert folded.folded_span(begin, end) == (start, start + 4)


def test_an_empty_span_is_refused():
    with pytest.raises(ValueError, match="not a span"):
        fold("abc").raw_span(1, 1)


@pytest.mark.parametrize("text", ["Peña", "PEÑA", "pen\u0303a", " Pena ", "“Peña”"])
def test_names_are_found_however_they_are_typed(text):
    assert search_key(text) == "pena"


@given(texts)
def test_search_keys_are_stable(text):
    assert search_key(search_key(text)) == search_key(text)


def test_search_keys_of_compatibility_characters_are_lower_case():
    assert search_key("ᴶean") == "jean"


def test_search_keys_keep_words_apart():
    assert search_key("Joaquín ‘El Chapo’ Guzmán") == "joaquin el chapo guzman"
    assert search_key("Straße Łódź Øresund") == "strasse lodz oresund"
