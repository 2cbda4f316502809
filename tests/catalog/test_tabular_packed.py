"""Workbooks that are bombs, locked or lying are refused before they are parsed."""

import io
import zipfile
from pathlib import Path

import pytest

from catalog.tabular import packed
from catalog.tabular.limits import Limits
from catalog.tabular.numbers import number_text, shown_as
from catalog.tabular.reading import TableRefused, detect, read_rows
from tests.awkward.workbooks import HEADER, MAIN, STYLES, number, row, sheet, words, workbook, zipped

PLAIN = HEADER + row(2, words("A2", "Ana"), words("B2", "G"))


def refuse(tmp_path: Path, raw: bytes, match: str, **limits: int) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(raw)
    with pytest.raises(TableRefused, match=match):
        list(
            read_rows(path, detect(path, name="bomb.xlsx", limits=Limits(**limits)), limits=Limits(**limits))
        )


@pytest.fixture
def nothing_is_parsed(monkeypatch):
    def parse(*about):
        raise AssertionError("A bomb was parsed.")

    monkeypatch.setattr(packed.expat, "ParserCreate", parse)


@pytest.mark.usefixtures("nothing_is_parsed")
def test_a_zip_that_says_it_is_too_large_is_refused(tmp_path):
    raw = workbook(("S", "visible", PLAIN), more={"xl/media/image.png": bytes(200_000)})
    refuse(tmp_path, raw, "larger than 100,000 bytes.*TABLE_MAX_UNPACKED_BYTES", unpacked_bytes=100_000)


@pytest.mark.usefixtures("nothing_is_parsed")
def test_a_zip_out_of_all_proportion_is_refused(tmp_path):
    raw = workbook(("S", "visible", sheet(PLAIN) + " " * 20_000_000))
    assert len(raw) < 40_000
    refuse(tmp_path, raw, "more than 200 times as large.*TABLE_MAX_RATIO")


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    raw = workbook(("S", "visible", sheet(PLAIN + row(3, words("A3", "x" * 3_000_000), words("B3", "y")))))
    directory = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"xl/sheet1.xml"))
    lying = bytearray(raw)
    lying[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    refuse(tmp_path, bytes(lying), "damaged")


def test_a_part_is_measured_as_it_is_unpacked(tmp_path, monkeypatch):
    """Should a zip ever give more than it says, what comes out is what counts."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(("S", "visible", sheet(PLAIN))))
    with packed.open_package(path, Limits(unpacked_bytes=10_000)) as package:
        monkeypatch.setattr(package, "_limits", Limits(unpacked_bytes=100))
        with pytest.raises(TableRefused, match="larger than 100 bytes"):
            list(package.pieces("xl/sheet1.xml"))


def test_a_locked_zip_is_refused(tmp_path):
    raw = bytearray(workbook(("S", "visible", PLAIN)))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        raw[raw.index(start) + (6 if start[2] == 3 else 8)] |= 1
    refuse(tmp_path, bytes(raw), "has a password")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_no_spreadsheet_packs_like_that_is_damaged(tmp_path, method):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(name, "<a/>" * 100)
        places = [one.header_offset + 30 + len(one.filename) for one in archive.infolist()]
    broken = bytearray(raw.getvalue())
    for place in places:
        broken[place + 5 : place + 12] = b"damaged"
    refuse(tmp_path, bytes(broken), "damaged")


def test_more_rows_than_the_limit_are_refused_while_they_are_read(tmp_path):
    rows = "".join(row(line, words(f"A{line}", "x"), words(f"B{line}", "y")) for line in range(2, 40))
    refuse(tmp_path, workbook(("S", "visible", HEADER + rows)), "more than 20 rows", rows=20)


@pytest.mark.parametrize(
    "content",
    [
        "<row r='1'><c r='A1' t='s'><v>7</v></c></row>",
        "<row r='1'><c r='A1' t='s'><v>-1</v></c></row>",
        "<row r='1'><c r='ZZZ1'><v>1</v></c></row>",
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1'/>",
        "<row r='1'><c r='A1'><v>1</v></c></cell>",
    ],
)
def test_a_sheet_that_makes_no_sense_is_damaged(tmp_path, content):
    refuse(tmp_path, workbook(("S", "visible", content), strings="<si><t>a</t></si>"), "damaged")


@pytest.mark.parametrize("encoding", ["GBK", "foo", "idna", "cp037"])
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/sheet1.xml"]
)
def test_a_part_in_an_encoding_that_is_not_read_is_damaged(tmp_path, part, encoding):
    more = {part: f'<?xml version="1.0" encoding="{encoding}"?>{sheet(PLAIN)}'}
    refuse(tmp_path, workbook(("S", "visible", PLAIN), more=more), "damaged")


def test_a_style_of_very_many_digits_is_none(tmp_path):
    many = "9" * 5000
    styles = STYLES.replace("</cellXfs>", f'<xf numFmtId="{many}"/></cellXfs>')
    styles = styles.replace(
        "<numFmts", f'<numFmts><numFmt numFmtId="{many}" formatCode="d"/></numFmts><numFmts'
    )
    content = HEADER + row(2, number("A2", "43420", 7), f'<c r="B2" s="{many}"><v>7</v></c>')
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(("S", "visible", content), more={"xl/styles.xml": styles}))
    assert [one.cells for one in read_rows(path, detect(path, name="a.xlsx"))] == [["43420", "7"]]


def test_other_prefixes_and_cells_without_places_are_read(tmp_path):
    content = f"""<x:worksheet {MAIN.replace("xmlns", "xmlns:x")}><x:sheetData>
<x:row><x:c t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c><x:c t="str"><x:v>role</x:v></x:c></x:row>
<x:row><x:c t="str"><x:v>Ana</x:v></x:c><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"""
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(("S", "visible", content)))
    assert [one.cells for one in read_rows(path, detect(path, name="a.xlsx"))] == [["Ana", "7"]]


def test_merged_cells_cost_no_more_than_the_columns_there_are(tmp_path):
    merged = '|<mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook(("S", "visible", PLAIN + row(3, words("A3", "all")) + row(4, words("B4", "x")) + merged))
    )
    rows = [one.cells for one in read_rows(path, detect(path, name="a.xlsx"))]
    assert rows == [["Ana", "G"], ["all", "all"], ["all", "all"]]


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("yyyy-mm-dd", "43420", "2018-11-16"),
        ("[$-409]d\\-mmm\\-yy;@", "43420.5", "2018-11-16"),
        ("yyyy", "43420", "2018"),
        ("mmm yyyy", "43420", "2018-11"),
        ("h:mm AM/PM", "0.75", "18:00"),
        ("mm:ss", "0.5", "12:00"),
        ("dd/mm/yyyy hh:mm", "43420.999999", "2018-11-17"),
        ('0 "days"', "3", "3"),
        ("0.00E+00", "12345678", "12345678"),
        ("#,##0.00 [$€-407]", "3.5", "3.5"),
        ("General", "1e999", "1e999"),
        ("General", "nan", "nan"),
        ("yyyy-mm-dd", "-5", "-5"),
        ("yyyy-mm-dd", "99999999", "99999999"),
        ("yyyy-mm-dd", "x", "x"),
        ("yyyy-mm-dd", "60", "1900-02-28"),
    ],
)
def test_numbers_are_what_people_read(code, value, text):
    assert number_text(value, shown_as(164, {164: code})) == text


@pytest.mark.parametrize(("value", "since_1904"), [("2958465.99999997", False), ("2957003.99999997", True)])
def test_the_last_moment_that_a_calendar_has_is_not_rounded_out_of_it(value, since_1904):
    assert number_text(value, "dt", since_1904=since_1904) == "9999-12-31 23:59:59"
    assert number_text(value, "d", since_1904=since_1904) == "9999-12-31"


def test_a_zip_of_other_things_is_named(tmp_path):
    refuse(tmp_path, zipped({"content.xml": "<office/>"}), "OpenDocument")
    refuse(tmp_path, zipped({"xl/workbook.bin": b"x"}), "XLSB")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    refuse(tmp_path, empty.getvalue(), "is a zip")
    assert number("A1", "1") in sheet(row(1, number("A1", "1")))
