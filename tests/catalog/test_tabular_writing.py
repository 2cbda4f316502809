"""Tables that go out come back: four formats, every string, nothing that a spreadsheet runs."""

import io
import re
import zipfile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from catalog.tabular.reading import TableRefused, detect, read_rows
from catalog.tabular.rows import Row
from catalog.tabular.writing import write_rows

FORMATS = ("csv", "tsv", "xlsx", "json")
NOT_IN_XML = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
HOSTILE = [
    "null",
    "-",
    "N/A",
    "\\N",
    "=1+1",
    "'=1",
    "_x000D_",
    "_x005F_x0041_",
    " padded",
    "' both '",
    "[",
    '{"',
    "<table>",
    "PeÃ±a",
    "a\r\nb",
    "“,;|\t”",
]


def tables(format):
    excluded = NOT_IN_XML if format == "xlsx" else "\0"
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=excluded), max_size=12)
    tricky = st.text(st.sampled_from("'\"=,;|\t\r\n -_x0DNul\\/Aa–"), max_size=8)
    cell = anything | tricky | st.sampled_from(HOSTILE)
    headers = st.lists(
        st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), min_size=1, max_size=4, unique=True
    )
    return headers.flatmap(
        lambda names: st.tuples(
            st.just(names), st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=5)
        )
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "table"


@pytest.mark.parametrize("format", FORMATS)
def test_every_table_comes_back_as_it_went_out(format, path):
    @settings(max_examples=80, deadline=None)
    @given(tables(format))
    def comes_back(table):
        headers, rows = table
        # A row with nothing in it, and one that says the headers, are none.
        assume(all(any(row) and row != headers for row in rows))
        path.write_bytes(b"".join(write_rows(format, headers, rows)))
        found = detect(path, name=f"table.{format}")
        assert list(found.headers) == headers
        read = list(read_rows(path, found))
        assert [row.cells if isinstance(row, Row) else row for row in read] == rows

    comes_back()


@pytest.mark.parametrize("format", FORMATS)
def test_the_hostile_cells_come_back(format, path):
    rows = [[cell, "x"] for cell in HOSTILE]
    path.write_bytes(b"".join(write_rows(format, ["one", "two"], rows)))
    found = detect(path, name=f"table.{format}")
    assert found.format == format
    assert [row.cells for row in read_rows(path, found)] == rows


@pytest.mark.parametrize("format", FORMATS)
def test_rows_are_written_as_they_come(format):
    """Nothing is asked for before the first bytes are, and the rows are never held all at once."""
    asked = []

    def rows():
        for number in range(5000):
            asked.append(number)
            yield ["Ana", str(number)]

    pieces = write_rows(format, ["name", "number"], rows())
    assert asked == []
    next(pieces)
    assert len(asked) == 5000 if format == "xlsx" else len(asked) < 1000


@pytest.mark.parametrize(
    ("format", "cell", "message"),
    [
        ("csv", "a\0b", "a NUL"),
        ("tsv", "a\0b", "a NUL"),
        ("json", "\ud800", "half of a character"),
        ("xlsx", "a\x0bb", r"U\+000B"),
        ("xlsx", "a\ufffeb", r"U\+FFFE"),
        ("xlsx", "\ud800", r"U\+D800"),
        ("xlsx", "x" * 32_768, "at most 32,767 characters"),
        ("xlsx", "😀" * 16_384, "at most 32,767 characters"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_with_its_place(format, cell, message):
    with pytest.raises(TableRefused, match=message) as refused:
        list(write_rows(format, ["name", "note"], [["Ana", "x"], ["Maya", cell]]))
    assert (refused.value.problem.line, refused.value.problem.column) == (3, "note")
    assert refused.value.problem.value


def test_as_many_characters_as_a_workbook_holds_are_written(path):
    cell = "ñ" * 32_767
    path.write_bytes(b"".join(write_rows("xlsx", ["name"], [[cell]])))
    assert next(read_rows(path, detect(path, name="a.xlsx"))).cells == [cell]


def test_a_workbook_holds_nothing_but_text():
    cells = ["2018-11-16", "10", "=1+1", "1E5", "TRUE", "<b>&"]
    raw = b"".join(write_rows("xlsx", list("abcdef"), [cells], sheet="Cast: [all]/of*it?" + "x" * 40))
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        name = re.search('sheet name="([^"]*)"', packed.read("xl/workbook.xml").decode())[1]
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"inlineStr"}
    assert "<f>" not in sheet
    assert "<v>" not in sheet
    assert "'=1+1" in sheet
    assert len(name) == 31
    assert not set(name) & set("[]:*?/\\")


def test_the_same_rows_are_the_same_bytes():
    for format in FORMATS:
        one, two = (b"".join(write_rows(format, ["a"], [["x"], ["y"]])) for _time in range(2))
        assert one == two


def test_a_table_without_rows_keeps_its_headers(path):
    for format in FORMATS:
        path.write_bytes(b"".join(write_rows(format, ["name", "role"], [])))
        found = detect(path, name=f"a.{format}")
        assert (found.headers, list(read_rows(path, found))) == (("name", "role"), [])
