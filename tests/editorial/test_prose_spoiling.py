"""When a headline gives away what happens to somebody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.prose.spoiling import FATES, gives_away, tells_a_fate

NAMES = ["Miguel Ángel Félix Gallardo", "Don Neto"]
VALUE = "arrested and imprisoned"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How Félix was killed"),
        ("en", "FELIX GALLARDO’S ARREST"),
        ("en", "Don Neto dies"),
        ("en-GB", "Who betrayed Gallardo"),
        ("en", "He is arrested – and imprisoned"),
        ("de", "Félix stirbt"),
        ("de", "Gallardos Ende: Félix verhaftet"),
        ("es", "Félix muere"),
        ("es", "La detención de Félix"),
        ("fr", "Félix dies"),
    ],
)
def test_it_gives_away_what_happens(language, text):
    assert gives_away(text, language, NAMES, VALUE)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Félix at his desk"),
        ("en", "Somebody dies"),
        ("en", "Don of the dead"),
        ("en", "Arrested, and later imprisoned"),
        ("de", "Die Staffel mit Félix"),
        ("es", "Félix and the dead"),
        ("en", ""),
    ],
)
def test_it_keeps_to_itself_what_happens(language, text):
    assert not gives_away(text, language, NAMES, VALUE)


def test_an_empty_value_and_an_empty_name_give_nothing_away():
    assert not gives_away("Somebody dies", "en", ["", "?"], "")


@given(st.text(max_size=80), st.sampled_from([*FATES, "", "xx"]), st.lists(st.text(max_size=20)), st.text())
def test_any_text_gets_an_answer(text, language, names, value):
    assert gives_away(text, language, names, value) in (True, False)


@given(st.sampled_from(sorted(FATES)), st.data())
def test_every_word_of_fate_is_found_in_any_case(language, data):
    word = data.draw(st.sampled_from(FATES[language].split())).rstrip("*")
    assert tells_a_fate(f"… {word.upper()}!", language)
