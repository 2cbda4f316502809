"""Damaged text is known and mended; real text never is."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.tabular.mending import damage

WORDS = [
    "Michael Peña",
    "Ñandú",
    "Österreich",
    "Côte d’Azur",
    "“quoted” – dash…",
    "Łukasz Żółć",
    "Erdoğan Şahin",
    "JOSÉ PEÑA",
    "Nguyễn Văn Ổn",
    "Αλέξανδρος",
    "Фёдор Михайлович",
    "高橋健",
    "한국어",
    "שלום",
    "voilà",
    "25 °C",
    "«Hola»",
]
REAL = [
    "“MANHÃ”",
    "CAFÉ’S",
    "“É”",
    "il dit à\u00a0«\u00a0X\u00a0»",
    "„Ä“ und „Ö“",
    "‚Äpfel‘",
    "Žižek –Éric",
    "IRMÃ…",
    "√2 ≈ 1,4",
    "Úšov, Ýž",
    "à\u00a0«x»",
]
# Letters that one language writes together: whatever word they make is no damage.
ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzáéíóúñü¿¡",
    "abcdefghijklmnopqrstuvwxyzäöüß",
    "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôûùüÿœæ",
    "abcdefghijklmnopqrstuvwxyzãõáéíóúâêôàç",
    "abcdefghijklmnopqrstuvwxyzáčďéěíňóřšťúůýž",
    "abcdefghijklmnopqrstuvwxyząćęłńóśźż",
    "abcdefghijklmnopqrstuvwxyzåæøäö",
    "abcdefghijklmnopqrstuvwxyzçğıöşü",
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíị",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώς",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "高橋健王小明李陈ナルコスひらがな김이박",
]


def misread(text: str, encoding: str) -> str:
    """The text after its UTF-8 was taken for another encoding, whose gaps programs fill with controls."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("word", WORDS)
def test_damage_is_mended(word, encoding):
    assert damage(misread(word, encoding)) == word


@pytest.mark.parametrize("word", WORDS)
def test_damage_that_was_done_twice_is_mended(word):
    assert damage(misread(misread(word, "cp1252"), "cp1252")) == word


def test_damage_beside_sound_words_is_mended_alone():
    assert damage("Peña and PeÃ±a") == "Peña and Peña"


@pytest.mark.parametrize("text", REAL + WORDS)
def test_real_text_is_left_alone(text):
    assert damage(text) is None


@st.composite
def names(draw):
    letters = st.text(draw(st.sampled_from(ALPHABETS)), min_size=1, max_size=8)
    case = draw(st.sampled_from([str.title, str.upper, str.lower]))
    words = [case(word) for word in draw(st.lists(letters, min_size=1, max_size=4))]
    mark = draw(st.sampled_from(["{}", "“{}”", "‘{}’", "{}…", "«{}»", "{} –", "({})", "{}’s"]))
    return mark.format(draw(st.sampled_from([" ", "-", ", ", "/"])).join(words))


@given(names())
@example("MANHÃ – ÀÉ")
@example("Ä’s")
def test_no_name_is_taken_for_damage(name):
    assert damage(name) is None


@given(names())
def test_a_damaged_name_is_never_made_worse(name):
    """Each letter of what is offered is that of the name, or still as damaged as it was."""
    damaged = misread(name, "cp1252")
    letters = (f"(?:{re.escape(letter)}|{re.escape(misread(letter, 'cp1252'))})" for letter in name)
    assert re.fullmatch("".join(letters), damage(damaged) or damaged)
