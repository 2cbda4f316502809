"""Somebody else's headers become ours, with a reason; cells are read, split, and never lost."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.folding import search_key
from catalog.resources import TABLES
from catalog.resources.describing import columns_of
from catalog.tabular.columns import Column, Kind
from catalog.tabular.mapping import (
    ColumnMapping,
    MappingOfColumns,
    Reason,
    apply,
    problems_of,
    suggest,
)
from catalog.tabular.names import name_key, nearest, propose_slug, propose_sort_name
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import MOST_ITEMS, WHOLE, Pattern, Split, likely_split, split_cell
from catalog.tabular.values import canonical

CAST = columns_of(TABLES["cast.csv"])
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Without the characters that JSON cannot carry.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def mapped(headers, *rows, table="cast.csv"):
    found = suggest(headers, rows, columns_of(TABLES[table]))
    return [(one.to, one.reason) for one in found.columns]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Actor", "person"),
        ("Schauspieler/in", "person"),
        ("Darsteller", "person"),
        ("Reparto", "person"),
        ("Gespielt von", "person"),
        ("Role", "character"),
        ("Character name", "character"),
        ("characterName", "character"),
        ("Rolle", "character"),
        ("Personaje", "character"),
        ("Season #", "season"),
        ("STAFFEL", "season"),
        ("Temporada", "season"),
        ("Serie", "series"),
        ("Show", "series"),
        ("Credited as", "billed_as"),
        ("Anmerkung", "note"),
        ("Quelle", "source"),
        ("Zitat", "quote"),
    ],
)
def test_headers_of_three_languages_mean_our_columns(header, column):
    assert mapped([header]) in ([(column, Reason.OTHER_NAME)], [(column, Reason.NAME)])


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("seasons.csv", "Season #", "number"),
        ("seasons.csv", "Air date", "premiere"),
        ("seasons.csv", "Episodes", "episode_count"),
        ("episodes.csv", "Air date", "aired"),
        ("episodes.csv", "Folge", "number"),
        ("people.csv", "Actor", "name"),
        ("characters.csv", "Figur", "name"),
        ("crew.csv", "Role", "job"),
        ("crew.csv", "Name", "person"),
        ("series.csv", "Sender", "network"),
    ],
)
def test_the_same_header_means_what_the_table_has(table, header, column):
    assert mapped([header], table=table)[0][0] == column


def test_a_misspelt_header_and_a_nameless_one_say_why_they_are_what_they_are():
    found = mapped(
        ["Schauspieller", "X", "Y", "Z"],
        ["Diego Luna", "bestätigt", "13. Februar 2020", "blue"],
        ["Michael Peña", "neu", "2020-02", "red"],
    )
    assert found == [
        ("person", Reason.SIMILAR),
        ("status", Reason.CONTENT),
        ("status_as_of", Reason.CONTENT),
        ("", Reason.NONE),
    ]


def test_each_of_our_columns_is_given_once_and_the_surest_header_has_it():
    found = mapped(["Performer", "person", "Actor"])
    assert [to for to, _reason in found].count("person") == 1
    assert found[1] == ("person", Reason.NAME)


def test_what_is_needed_and_missing_is_said_until_a_constant_fills_it():
    mapping = suggest(["Actor"], [], CAST)
    assert len(problems_of(mapping, CAST)) == 2
    filled = MappingOfColumns(mapping.columns, {"series": "narcos-mexico", "season": "2"})
    assert problems_of(filled, CAST) == []
    twice = MappingOfColumns(
        (*filled.columns, *filled.columns), {**filled.constants, "person": "x", "bogus": "y"}
    )
    assert len(problems_of(twice, CAST)) == 3


def test_rows_stand_under_our_headers_with_constants_and_read_cells():
    mapping = suggest(["Role", "Actor", "State", "Blood type"], [], CAST)
    mapping = MappingOfColumns(mapping.columns, {"season": "Staffel 2"})
    rows = [Row(2, ["Kiki", "Michael Peña", "neu", "0"]), RowProblem(3, "", "", "broken")]
    assert mapping.headers == ["character", "person", "status", "season"]
    assert list(apply(mapping, rows, CAST)) == [
        Row(2, ["Kiki", "Michael Peña", "new", "Staffel 2"]),
        RowProblem(3, "", "", "broken"),
    ]


def test_a_remembered_mapping_is_used_for_the_same_headers_in_any_order_and_for_no_others():
    kept = MappingOfColumns(
        (ColumnMapping("A", "person"), ColumnMapping("B", "character", Split("/"))), {"season": "1"}
    )
    again = suggest(["B", "A"], [], CAST, kept)
    assert [(one.header, one.to, one.reason) for one in again.columns] == [
        ("B", "character", Reason.REMEMBERED),
        ("A", "person", Reason.REMEMBERED),
    ]
    assert again.constants == {"season": "1"}
    assert again.columns[0].split == Split("/")
    assert suggest(["B", "A", "C"], [], CAST, kept).constants == {}


@pytest.mark.parametrize(
    ("cell", "split", "said"),
    [
        (
            "Diego Luna, Michael Peña and Scoot McNairy",
            Split(","),
            ["Diego Luna", "Michael Peña", "Scoot McNairy"],
        ),
        ("Diego Luna, Michael Peña, y Scoot", Split(","), ["Diego Luna", "Michael Peña", "Scoot"]),
        ("Diego Luna; ; Peña", Split(";"), ["Diego Luna", "Peña"]),
        ("Luna, Diego", Split("", Pattern.FAMILY_FIRST), ["Diego Luna"]),
        ("Luna, Diego; Peña, Michael", Split(";", Pattern.FAMILY_FIRST), ["Diego Luna", "Michael Peña"]),
        ("A + B", Split(" + "), ["A", "B"]),
        ("", Split(","), [""]),
        ("  as it is ", WHOLE, ["  as it is "]),
    ],
)
def test_lists_of_people_are_cut_as_somebody_says(cell, split, said):
    assert [one["person"] for one in split_cell(cell, "person", split)] == said


def test_one_cell_says_who_plays_whom_and_where_they_were_seen_before():
    cell = (
        "Diego Luna (Rogue One, Andor) as Félix Gallardo, Michael Peña als Kiki, "
        "Scoot McNairy ... Walt, Extra"
    )
    found = split_cell(cell, "person", Split(",", Pattern.AS))
    assert [tuple(one.values()) for one in found] == [
        ("Diego Luna", "Félix Gallardo", "Rogue One, Andor"),
        ("Michael Peña", "Kiki", ""),
        ("Scoot McNairy", "Walt", ""),
        ("Extra", "", ""),
    ]


def test_two_split_cells_of_a_row_make_every_pair_and_too_many_are_refused():
    mapping = MappingOfColumns(
        (ColumnMapping("A", "person", Split(",")), ColumnMapping("B", "character", Split("/")))
    )
    rows = list(apply(mapping, [Row(7, ["a, b", "x / y"])], CAST))
    assert rows == [Row(7, [one, other]) for one in "ab" for other in "xy"]
    [problem] = apply(mapping, [Row(8, [",".join(["a"] * (MOST_ITEMS + 1)), "x"])], CAST)
    assert (problem.line, isinstance(problem, RowProblem)) == (8, True)


@pytest.mark.parametrize(
    ("cells", "split"),
    [
        (["Diego Luna", "Michael Peña"], WHOLE),
        (["Narrator / Walt Breslin", "Kiki"], Split("/")),
        (["Diego Luna, Michael Peña, Scoot McNairy"], Split(",")),
        (["Luna, Diego", "Peña, Michael"], Split("", Pattern.FAMILY_FIRST)),
        (["Diego Luna as Félix", "Michael Peña as Kiki"], Split("", Pattern.AS)),
        (["Diego Luna as Félix; Michael Peña as Kiki"], Split(";", Pattern.AS)),
    ],
)
def test_the_split_that_cells_ask_for_is_offered(cells, split):
    assert likely_split("person", cells) == split


@pytest.mark.parametrize(
    ("column", "cell", "written"),
    [
        ("status", "bestätigt", "confirmed"),
        ("status", "CONFIRMED", "confirmed"),
        ("status", "alive", "alive"),
        ("season", "S02", "2"),
        ("season", "Staffel 2", "2"),
        ("season", "two", "two"),
        ("episode", "~Making of", "~Making of"),
        ("status_as_of", "13. Februar 2020", "2020-02-13"),
        ("status_as_of", "February 2020", "2020-02"),
        ("status_as_of", "13.2.2020", "2020-02-13"),
        ("status_as_of", "2/13/2020", "2020-02-13"),
        ("status_as_of", "3/4/2020", "3/4/2020"),  # March or April: nobody guesses
        ("status_as_of", "2020-02-13", "2020-02-13"),
        ("note", "  neu ", "  neu "),
    ],
)
def test_cells_are_written_as_ours_where_that_is_certain(column, cell, written):
    assert canonical(CAST[column], cell) == written


def test_yes_and_no_are_understood_in_three_languages():
    column = Column("x", Kind.YES_NO)
    assert [canonical(column, cell) for cell in ("Ja", "sí", "TRUE", "0", "nein", "maybe")] == [
        *("yes", "yes", "yes", "no", "no", "maybe")
    ]


@pytest.mark.parametrize("table", TABLES)
def test_our_own_headers_are_always_ours(table):
    columns = columns_of(TABLES[table])
    found = suggest(list(columns), [], columns)
    assert [one.to for one in found.columns] == list(columns)
    assert found.is_identity


@pytest.mark.parametrize(
    ("name", "keys", "errors"),
    [
        ("MICHAEL PEÑA", ["Michael Pena"], [0]),
        ("Scoot Mc Nairy", ["Scoot McNairy"], [0]),
        ("Micheal Peña", ["Michael Peña"], [1]),
        ("Agent 7 Smith", ["Agent 8 Smith"], []),
        ("Ana", ["Ann"], []),
        ("Diego Luna", ["Diego Boneta"], []),
    ],
)
def test_names_are_near_by_accent_case_spacing_and_small_errors(name, keys, errors):
    assert [one.errors for one in nearest(name, {name_key(key) for key in keys})] == errors


@pytest.mark.parametrize(
    ("name", "sort_name"),
    [
        ("Diego Luna", "Luna, Diego"),
        ("Robert De Niro", "De Niro, Robert"),
        ("Robert Downey Jr.", "Downey, Robert, Jr."),
        ("Zendaya", "Zendaya"),
    ],
)
def test_a_new_name_is_sorted_as_in_an_index(name, sort_name):
    assert propose_sort_name(name) == sort_name


def test_a_slug_is_free_and_plain_whatever_the_script():
    assert propose_slug("Michael Peña", lambda _slug: False) == "michael-pena"
    assert propose_slug("Michael Peña", {"michael-pena", "michael-pena-2"}.__contains__) == "michael-pena-3"
    assert propose_slug("李安", lambda _slug: False).startswith("name-")


@unhurried
@given(st.lists(texts, max_size=6), st.data())
def test_no_file_breaks_the_mapping_and_json_keeps_it(headers, data):
    rows = data.draw(st.lists(st.lists(texts, min_size=len(headers), max_size=len(headers)), max_size=4))
    found = suggest(headers, rows, CAST)
    assert found.file_headers == headers
    filled = [name for one in found.columns for name in one.fills if name in CAST]
    assert len(filled) == len(set(filled))
    assert MappingOfColumns.from_json(json.loads(json.dumps(found.to_json()))) == found
    for row in apply(found, [Row(2, cells) for cells in rows], CAST):
        assert isinstance(row, RowProblem) or len(row.cells) == len(found.headers)


@unhurried
@given(texts, st.sampled_from(list(CAST.values())))
def test_reading_a_cell_twice_changes_nothing_more(cell, column):
    assert canonical(column, canonical(column, cell)) == canonical(column, cell)


@unhurried
@given(texts, st.sampled_from([*",;/|\n", " + ", ""]), st.sampled_from(Pattern))
def test_no_letter_of_a_cell_is_lost_in_a_split(cell, separator, pattern):
    said = split_cell(cell, "person", Split(separator, pattern))
    kept = " ".join(text for one in said for text in one.values())
    lost = set(search_key(cell)) - set(search_key(kept)) - {" "}
    # What was taken away are separators and the small words between items.
    assert lost <= set(search_key(separator)) | set("andundyeasalscomo")
    assert said


@unhurried
@given(texts)
def test_every_name_has_a_slug_that_the_database_takes(name):
    slug = propose_slug(name, lambda _slug: False)
    assert slug
    assert set(slug) <= set(string.ascii_lowercase + string.digits + "-")
    assert len(slug) <= 100
