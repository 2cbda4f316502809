"""Words, queries, columns, snippets and the order of results: what needs no database."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.seen import NOTHING_SEEN, Seen
from editorial.searching.columns import GAP, PLACES, columns_of, postgres_vector, sqlite_row
from editorial.searching.filters import Filters, choices, read_filters
from editorial.searching.matching import (
    postgres_beginning,
    postgres_match,
    sqlite_beginning,
    sqlite_match,
)
from editorial.searching.nearest import errors_in, nearest
from editorial.searching.query import MOST, Query, Term, parse
from editorial.searching.ranking import ranked
from editorial.searching.snippets import LENGTH, Piece, marked, snippet
from editorial.searching.words import keys_of, stem, stems, words_of

anything = st.text(max_size=300) | st.text(
    alphabet='"*():-^{}AND OR NOT NEAR\x00 aé“”\u200f\U0001f600', max_size=60
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Peña’s cartel", ["pena", "cartel"]),
        ("Spider-Man", ["spider", "man"]),
        ("Straße, ÆON & Øre", ["strasse", "aeon", "ore"]),
        ("1/2 or ½", ["1", "2", "or", "1", "2"]),
        ("PEN\u0303A \x00 \U0001f600", ["pena"]),
        ("", []),
    ],
)
def test_words_are_compared_without_accents_case_and_signs(text, keys):
    assert keys_of(text) == keys


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "filming", "filmed"),
        ("en-GB", "cartels", "cartel"),
        ("de", "hauser", "haus"),
        ("de", "staffeln", "staffel"),
        ("es", "canciones", "cancion"),
        ("es-MX", "temporadas", "temporada"),
    ],
)
def test_forms_of_a_word_have_one_stem_in_their_language(language, one, other):
    assert stem(one, language) == stem(other, language)
    assert stem(one, language) in stems(one)


def test_words_of_other_languages_are_found_as_they_are_written():
    assert stem("chansons", "fr") == "chansons"
    assert stem("chansons", "") == "chansons"


@pytest.mark.parametrize("text", ["Peña’s war's s", "pen\u0303a’s", "½ a_b \U0001f600x", "日本語 2\u0303"])
def test_words_are_the_same_whichever_way_they_are_read(text):
    longer = f"{text} \u0301"  # a combining mark has every character looked at
    assert list(words_of(text)) == [word for word in words_of(longer) if word.end <= len(text)]


@given(anything)
def test_words_stand_where_they_say(text):
    for word in words_of(text):
        assert word.key
        assert word.key.isalnum()
        assert 0 <= word.start < word.end <= len(text)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Diego Luna", (Term(("diego",)), Term(("luna",)))),
        ("“drug war” returns", (Term(("drug", "war")), Term(("returns",)))),
        ("narcos -mexico", (Term(("narcos",)), Term(("mexico",), is_excluded=True))),
        ('narcos -"season two"', (Term(("narcos",)), Term(("season", "two"), is_excluded=True))),
        ("Spider-Man", (Term(("spider", "man")),)),
        ('luna "', (Term(("luna",)),)),
        ("luna luna", (Term(("luna",)),)),
        ("* ( ) : ^ -", ()),
    ],
)
def test_a_query_is_read_as_people_write_it(text, terms):
    assert parse(text).terms == terms


@pytest.mark.parametrize("text", ["", " ", "a", "a b", '"', "-narcos", "½", "\x00"])
def test_a_query_with_nothing_to_look_for_is_too_short(text):
    assert parse(text).is_too_short


def test_long_queries_are_cut():
    query = parse("word " * 2_000 + "x" * 10_000)
    assert len(query.text) <= 200
    assert len(parse(" ".join(f"word{number}" for number in range(100))).terms) == MOST


@given(anything)
def test_no_query_brings_a_sign_of_its_own_to_the_database(text):
    query = parse(text)
    if query.is_too_short:
        return
    for made in (sqlite_match(query), sqlite_match(query, title_only=True), sqlite_beginning(query)):
        words = made.split('"')[1::2]
        assert all(part.isalnum() for word in words for part in word.split())
        assert made.count('"') == 2 * len(words)
    for made in (postgres_match(query), postgres_beginning(query)):
        assert all(word.removeprefix("=").isalnum() for word in made.split("'")[1::2])


@given(anything)
def test_a_query_in_other_words_reads_as_itself_again(text):
    query = parse(text)
    if query.wanted and len(query.with_words({}).text) <= 200:
        assert parse(query.with_words({}).text).terms == query.terms


def test_another_word_takes_the_place_of_one_everywhere():
    query = parse('dieog "dieog luna"').with_words({"dieog": "diego"})
    assert query.text == 'diego "diego luna"'
    assert query.words == ("diego", "luna")


def test_columns_hold_words_and_stems_at_the_same_places():
    columns = columns_of(("Cartels", "The Others"), ("Filming began.", "It ends"), "en")
    assert columns.title == ("cartels", GAP, "the", "others")
    assert columns.title_stems == ("cartel", GAP, "the", "other")
    assert columns.text == ("filming", "began", GAP, "it", "ends")
    assert sqlite_row(columns)[3] == f"film began {GAP} it end"
    assert columns.words == {"cartels", "the", "others", "filming", "began", "it", "ends"}
    assert "'others':4A" in postgres_vector(columns)
    assert "'filming':6C" in postgres_vector(columns)
    assert "'=film':6D" in postgres_vector(columns)
    assert GAP not in postgres_vector(columns)


def test_a_word_has_no_more_places_than_postgresql_keeps():
    columns = columns_of(("word",), ("word " * 1_000, "last"), "en")
    assert columns.text.count("word") == PLACES
    assert len(columns.text) == 1_002
    assert max(len(one.split(",")) for one in postgres_vector(columns).split()) <= 255
    assert len(columns_of((), ("w " * 100_000,), "en").text) == 16_000


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("camarna", "camarena"),
        ("gallrado", "gallardo"),
        ("lunna", "luna"),
        ("mexcio", "mexico"),
        ("filming", None),  # “billing” is two letters away
        ("lun", None),
        ("2020", None),
        ("luna", None),
    ],
)
def test_a_typing_error_is_known_by_the_word_that_was_meant(word, meant):
    there = [
        ("camarena", 4),
        ("gallardo", 2),
        ("luna", 3),
        ("lune", 1),
        ("mexico", 9),
        ("billing", 1),
        ("2019", 1),
    ]
    assert nearest(word, [one for one in there if one[0] != word]) == (meant if word != "luna" else "lune")


def test_of_words_as_near_the_most_frequent_is_meant():
    assert nearest("narcis", [("narcos", 1), ("narcys", 7)]) == "narcys"
    assert nearest("narcis", [("narcys", 2), ("narcos", 2)]) == "narcos"
    assert [errors_in(word) for word in ("abc", "abcd", "abcdefg", "abcdefgh", "abcd1")] == [0, 1, 1, 2, 0]


def text_of(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


def test_what_was_looked_for_is_marked_in_every_form():
    query = parse("peña cartels")
    assert text_of(marked("Peña’s cartel <b>", query, "en")) == "[Peña]’s [cartel] <b>"
    assert text_of(marked("Narcos: Mexico", parse("narcos me"), "", begun=True)) == "[Narcos]: [Mexico]"


def test_words_of_a_phrase_are_marked_as_they_are_written():
    assert text_of(marked("The wars and the war", parse('"the war"'), "en")) == "[The] wars and [the] [war]"


def test_a_snippet_surrounds_the_place_with_most_words():
    before = " ".join(f"a{number}" for number in range(60))
    text = f"Luna first. {before} then Diego Luna came. {before}"
    found = text_of(snippet(text, parse("diego luna"), "en"))
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "[Diego] [Luna]" in found
    assert len(keys_of(found)) <= LENGTH


def test_a_text_without_the_words_gives_its_beginning_and_an_empty_one_nothing():
    assert text_of(snippet("In short.", parse("luna"), "en")) == "In short."
    assert snippet("", parse("luna"), "en") == []


@given(anything, anything)
def test_pieces_are_the_text(text, asked):
    query = parse(asked)
    assert "".join(piece.text for piece in marked(text, query, "de")) == text
    assert "".join(piece.text for piece in snippet(text, query, "de")).strip("… ") in text


def candidate(title: str, **fields) -> SimpleNamespace:
    own = {"names": "", "in_title": 0, "weight": 20, "at": None, "kind": "article", "object_id": 1}
    return SimpleNamespace(**{**own, "title": title, **fields})


def test_what_is_called_so_comes_first_then_titles_then_texts_each_the_newest_first():
    old, new = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2019, 2020))
    found = [
        candidate("In the text", at=new),
        candidate("Narcos returns", in_title=1, at=old),
        candidate("Narcos again", in_title=1, at=new),
        candidate("Kingpins", names="Others\nNÁRCOS", kind="person", weight=40),
        candidate("Narcos", kind="series", weight=50),
        candidate("A character", kind="character", weight=40),
    ]
    assert [one.title for one in ranked(found, parse("narcos"))] == [
        "Narcos",
        "Kingpins",
        "Narcos again",
        "Narcos returns",
        "A character",
        "In the text",
    ]


def test_a_text_gives_nothing_away_to_who_has_seen_as_much():
    seen = Seen({"narcos": 2})
    assert [seen.covers(spoils) for spoils in ("", "narcos/1", "narcos/2", "narcos/3", "other/1")] == [
        *(True, True, True, False, False)
    ]
    assert not NOTHING_SEEN.covers("narcos/0")
    assert NOTHING_SEEN.covers("")


@pytest.mark.parametrize("year", ["", "20", "20191", "²⁰¹⁹", "abcd", "-201"])
def test_what_is_no_year_filters_nothing(year):
    assert read_filters({"year": year}) == Filters()


def test_choices_count_what_was_found():
    found = [
        SimpleNamespace(group="recap", series={"b": "Beta", "a": "alpha"}, year=2019, language="en"),
        SimpleNamespace(group="person", series={"a": "alpha"}, year=None, language=""),
        SimpleNamespace(group="recap", series={}, year=2020, language="de"),
    ]
    said = {
        name: [(one.value, one.label, one.count) for one in made] for name, made in choices(found).items()
    }
    assert said == {
        "kinds": [("recap", "", 2), ("person", "", 1)],
        "series": [("a", "alpha", 2), ("b", "Beta", 1)],
        "years": [("2020", "2020", 1), ("2019", "2019", 1)],
        "languages": [("de", "", 1), ("en", "", 1)],
    }


def test_an_empty_query_is_empty():
    assert parse("  ") == Query("", ())
    assert parse("  ").is_empty


@pytest.mark.parametrize("text", ['"{}"', "“{}”", "„{}“", "«{}»", "« {} »", "»{}«"])
def test_words_in_the_quotation_marks_of_any_language_are_a_phrase(text):
    asked = parse(f"Narcos {text.format('el jefe')} -{text.format('la plaza')}")
    assert asked.wanted == (Term(("narcos",)), Term(("el", "jefe")))
    assert asked.excluded == (Term(("la", "plaza"), is_excluded=True),)
