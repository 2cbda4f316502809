"""What people may overrule, what the limits say, and what is detected from content."""

import json
from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tabular.cells import EMPTIES, guarded, tidy
from catalog.tabular.headers import position_name
from catalog.tabular.limits import LIMITS, Limits
from catalog.tabular.reading import Overrides, TableRefused, detect, read_rows
from catalog.tabular.rows import RowProblem
from tests.awkward.make import FILES
from tests.awkward.workbooks import HEADER, number, row, words, workbook


@pytest.fixture
def read(tmp_path):
    """Reads bytes as a file of that name: what was detected and all rows."""

    def reader(raw, name="table.csv", limits=LIMITS, **overrides):
        path = tmp_path / "file"
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        found = detect(path, name=name, overrides=Overrides(**overrides), limits=limits)
        return found, list(read_rows(path, found, limits=limits))

    return reader


def cells(rows):
    return [row.cells for row in rows]


def test_every_detection_can_be_overruled(read):
    raw = "name|a;b\n'x|1';-\n"
    found, rows = read(raw, delimiter="|", quote="", header_line=0, empties=())
    assert (found.headers, found.header_line) == (("A", "B"), 0)
    assert cells(rows) == [["name", "a;b"], ["'x", "1';-"]]
    found, rows = read(raw, delimiter=";", quote="'")
    assert (found.headers, cells(rows)) == (("name|a", "b"), [["x|1", ""]])
    assert read("name\nPe\u00f1a".encode("cp1252"), encoding="mac_roman")[1][0].cells == ["PeÒa"]
    assert read('[{"a": 1}]', format="csv")[0].format == "csv"


def test_a_header_line_may_be_named(read):
    found, rows = read("one,two\nname,role\nAna,G\n", header_line=2)
    assert (found.headers, cells(rows)) == (("name", "role"), [["Ana", "G"]])


def test_words_for_empty_may_be_named(read):
    found, rows = read("name,role\nunknown,-\n", empties=("unknown",))
    assert (found.empties, cells(rows)) == (("unknown",), [["", "-"]])


def test_another_sheet_may_be_chosen_and_one_that_is_not_there_is_refused():
    path = FILES / "several_sheets.xlsx"
    assert detect(path, name=path.name, overrides=Overrides(sheet="Notes")).sheet == "Notes"
    with pytest.raises(TableRefused, match=r"no sheet “Nots”\. There are: Notes, Empty, Cast, Crew"):
        detect(path, name=path.name, overrides=Overrides(sheet="Nots"))


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"encoding": "klingon"}, "no encoding “klingon”"),
        ({"encoding": "hex"}, "no encoding “hex”"),
        ({"encoding": "ascii"}, "Line 2 is not written in ascii"),
        ({"format": "xlsx"}, "cannot be read as XLSX"),
        ({"format": "ods"}, "no format “ods”"),
        ({"format": "json"}, "no JSON"),
        ({"format": "html"}, "no table in this web page"),
        ({"delimiter": "ab"}, "delimiter"),
        ({"quote": "ab"}, "quotation mark"),
        ({"header_line": 9}, "line 9"),
    ],
)
def test_what_cannot_be_is_refused_in_words(overrides, words):
    with pytest.raises(TableRefused, match=words):
        detect(FILES / "utf8.csv", name="utf8.csv", overrides=Overrides(**overrides))


def test_damaged_text_is_mended_only_when_asked_for():
    path = FILES / "damaged_twice.csv"
    as_it_is = detect(path, name=path.name)
    assert next(read_rows(path, as_it_is)).cells == ["PeÃƒÂ±a", "Kiki"]
    mending = detect(path, name=path.name, overrides=Overrides(mend=True))
    assert next(read_rows(path, mending)).cells == ["Peña", "Kiki"]
    assert (as_it_is.damaged, mending.notes) == (1, ("1 damaged cell is mended: “PeÃƒÂ±a” → “Peña”.",))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(bytes=10), "larger than 10 bytes.*TABLE_MAX_BYTES"),
        (Limits(rows=2), "more than 2 rows.*TABLE_MAX_ROWS"),
        (Limits(columns=1), "has 2 columns, more than 1.*TABLE_MAX_COLUMNS"),
    ],
)
def test_a_limit_is_said_when_it_is_passed(read, limits, words):
    for raw in ("name,role\nAna,F\nAna,G\nAna,H\n", '[{"a":1,"b":1},{"a":2,"b":1},{"a":3,"b":1}]'):
        with pytest.raises(TableRefused, match=words):
            read(raw, limits=limits)


def test_as_many_rows_as_the_limit_are_read(read):
    assert len(read("name,role\nAna,F\n\nname,role\nAna,G\n", limits=Limits(rows=2))[1]) == 2


def test_a_cell_that_is_too_long_costs_its_row(read):
    _found, rows = read("name,role\nAna,F\nMaya,G\n", limits=Limits(cell_characters=3))
    assert rows[0].cells == ["Ana", "F"]
    assert (rows[1].line, rows[1].column, rows[1].value) == (3, "name", "Maya")
    assert "more than 3 characters" in rows[1].message


def test_lines_are_those_that_rows_begin_on(read):
    _found, rows = read('name,note\nAna,"one\ntwo"\nMaya,three\n"Luis\nM",four\n')
    assert [row.line for row in rows] == [2, 4, 5]


def test_a_cell_in_quotation_marks_may_hold_everything(read):
    _found, rows = read('name;note\n"a;b";"say ""hi""\r\nthere, \'x\'"\n')
    assert cells(rows) == [["a;b", "say \"hi\"\r\nthere, 'x'"]]


def test_quotation_marks_that_are_not_closed_cost_one_line_each(read):
    lines = [f'Ana {number},"open {number}' if number % 3 == 0 else f"Ana {number},x" for number in range(30)]
    _found, rows = read("name,note\n" + "\n".join(lines) + "\n")
    wrong = [row for row in rows if isinstance(row, RowProblem)]
    assert len(rows) == 30
    assert [row.line for row in wrong] == [number + 2 for number in range(30) if number % 3 == 0]
    assert {row.column for row in wrong} == {"note"}


def test_blocks_that_are_split_at_once_say_what_single_lines_do(read):
    """The fast way through plain lines and the way through all others give the same rows."""
    lines = "".join(f"Ana {number},{'' if number % 7 else '-'},{number}\n" for number in range(5000))
    fast = read("name,role,number\n" + lines)[1]
    slow = read("name,role,number\n" + lines.replace("\n", " \n"))[1]
    assert fast == slow
    assert fast[3500].cells == ["Ana 3500", "", "3500"]


def test_rows_stream(read):
    path = FILES / "utf8.csv"
    rows = read_rows(path, detect(path, name="utf8.csv"))
    assert next(rows).line == 2
    rows.close()


def test_json_is_read_across_the_pieces_it_comes_in(read):
    items = [
        {"name": f"Ana {number}", "note": "ñ, " * (number % 40) + "x", "n": number} for number in range(3000)
    ]
    for indent in (None, 2):
        found, rows = read(json.dumps(items, indent=indent), name="a.json")
        assert found.headers == ("name", "note", "n")
        assert [row.line for row in rows] == list(range(1, 3001))
        assert cells(rows) == [[one["name"], one["note"], str(one["n"])] for one in items]


def test_json_that_ends_too_early_gives_its_rows_and_then_a_refusal(read, tmp_path):
    path = tmp_path / "cut.json"
    path.write_text('{"headers": ["name"], "rows": [["Ana"], ["Maya"], ["Lu')
    with pytest.raises(TableRefused, match="no JSON after item 3"):
        detect(path, name="cut.json")


@pytest.mark.parametrize("text", ["{}", '{"headers": ["a"]}', '{"rows": [[1]]}', '{"name": "Ana"}'])
def test_json_that_is_no_table_is_refused(read, text):
    with pytest.raises(TableRefused, match="no table"):
        read(text, name="a.json")


def test_columns_that_only_some_items_have_count_too(read):
    items = [{f"{item}-{number}": 1 for number in range(100)} for item in range(100)]
    with pytest.raises(TableRefused, match="has 10000 columns, more than 500"):
        read(json.dumps(items), name="a.json")


def test_names_and_bare_items_lose_what_no_database_takes(read):
    found, rows = read(
        '[{"b\\ud800": 1, "a\\u0000": 2}, "x\\ud800\\u0000y", {"b": 3, "a": 4, "\\udc00c": 5}]'
    )
    assert (found.headers, rows[0].cells) == (("b", "a", "c"), ["1", "2", ""])
    assert (rows[1].line, rows[1].value) == (2, "xy")
    assert rows[2].cells == ["3", "4", "5"]
    twice = read('[{"b": 1, "b\\ud800": 2}]')[1][0]
    assert (twice.column, twice.message) == ("b", "The name “b” is there twice. Keep one of the two.")


def test_a_value_so_deep_that_python_cannot_write_it_is_refused_all_the_same(read):
    deep = '{"a":' * 600 + "1" + "}" * 600
    (problem,) = read(f'[{{"name": {deep}}}]', name="a.json")[1]
    assert (problem.line, problem.column) == (1, "name")
    assert "a list or an object in this cell" in problem.message


def test_a_sheet_may_leave_cells_out_and_a_text_may_not(read):
    sheet = HEADER + row(2, words("A2", "Ana")) + row(3, number("B3", "1"))
    assert cells(read(workbook(("S", "visible", sheet)), name="a.xlsx")[1]) == [["Ana", ""], ["", "1"]]
    assert isinstance(read("name,value\nAna\n")[1][0], RowProblem)


def test_a_web_page_with_more_cells_in_a_row_than_any_sheet_is_refused(read):
    wide = "<td colspan=999>x"
    with pytest.raises(TableRefused, match="web page cannot be read"):
        read(f"<table><tr><td>name<td>role<tr>{wide * 200}</table>", name="a.html")
    found, rows = read(
        f"<table><tr><td>name<td>role<tr><td>Ana{'<td colspan=999>' * 16}</table>", name="a.html"
    )
    assert (found.headers, cells(rows)) == (("name", "role"), [["Ana", ""]])


def test_the_first_rows_are_shown_as_they_will_be_read():
    found = detect(FILES / "padded.csv", name="padded.csv")
    assert found.first_rows == (("Diego Luna", "Félix"), ("Ana", "G"))


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("name,2018,2019\nAna,x,y\n", ("name", "2018", "2019")),
        ("season,title\n1,Camelot\n2,Plata\n", ("season", "title")),
        ("Ana,main\nMaya,main\n", ("A", "B")),
        ("Ana,ana@example.org\nMaya,maya@example.org\n", ("A", "B")),
        ("Schauspieler;Rolle\nAna;G\n", ("Schauspieler", "Rolle")),
    ],
)
def test_headers_are_known_by_what_is_below_them(read, text, headers):
    assert read(text)[0].headers == headers


def test_columns_are_named_as_spreadsheets_do():
    assert list(map(position_name, (0, 25, 26, 701, 702))) == ["A", "Z", "AA", "ZZ", "AAA"]


TRICKY = st.text(st.sampled_from("' =-–a\t\u00a0nul\\N/A"), max_size=8) | st.text(max_size=8)


@given(
    TRICKY | st.sampled_from(EMPTIES).flatmap(lambda word: st.sampled_from([word, f"'{word}", f"' {word}'"]))
)
def test_a_cell_that_goes_out_comes_back_as_it_was(cell):
    assert tidy(frozenset(EMPTIES))(guarded(cell)) == cell


@given(st.text(max_size=8))
def test_no_cell_goes_out_as_a_formula(cell):
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(st.text(st.sampled_from("ab \"',;\n\r\t|ñ-1"), max_size=12), max_size=30))
def test_whatever_a_text_holds_it_is_read_or_refused(tmp_path_factory, pieces):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(",".join(pieces).encode())
    with suppress(TableRefused):
        found = detect(path, name="any.csv")
        for one in islice(read_rows(path, found), 100):
            assert isinstance(one, RowProblem) or len(one.cells) == len(found.headers)
