"""Rows as a workbook of one sheet, in which every cell is text.

Pure. SpreadsheetML (ECMA-376). Nothing in it is a number, a date or a formula, so nothing is turned into one.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.cells import guarded
from catalog.tabular.headers import position_name
from catalog.tabular.rows import TableRefused

_PIECE = 256 * 1024
_BATCH = 500
_ROWS_MAX = 1_048_576
_CHARACTERS_MAX = 32_767
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile("[&<>\r]|_x")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'''<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>''',
    "_rels/.rels": f'''<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>''',
    "xl/_rels/workbook.xml.rels": f'''<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>''',
    # Style 1 is text (number format 49), which stays text when somebody writes into the cell; 2 is a header.
    "xl/styles.xml": f'''<styleSheet xmlns="{_MAIN}">\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>''',
}
_SHEET_HEAD = f'''<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><sheetData>'''
# Numbers kept as text are meant here: no green corners.
_SHEET_TAIL = """</sheetData><ignoredErrors>\
<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors></worksheet>"""


def write_workbook(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = ""
) -> Iterator[bytes]:
    """The bytes of a workbook, after all of it was written to a temporary file. Raises TableRefused."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
            for name, text in {**_PARTS, "xl/workbook.xml": _workbook(sheet)}.items():
                packed.writestr(zipfile.ZipInfo(name), _HEAD + text, zipfile.ZIP_DEFLATED)
            info = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
            info.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(info, "w", force_zip64=True) as part:
                for piece in _pieces(headers, rows):
                    part.write(piece.encode())
        file.seek(0)
        yield from iter(lambda: file.read(_PIECE), b"")


def _workbook(sheet: str) -> str:
    name = _text(_NOT_IN_NAMES.sub(" ", sheet).strip(" '")[:31] or "Sheet1").replace('"', "&quot;")
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _pieces(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    columns = [position_name(index) for index in range(len(headers))]
    batch = [_HEAD, _SHEET_HEAD, _row(1, headers, headers, columns, style=2)]
    for number, cells in enumerate(rows, 2):
        if number > _ROWS_MAX:
            message = gettext("XLSX holds at most %(limit)s rows. Take CSV.")
            limit = number_format(_ROWS_MAX, force_grouping=True)
            raise TableRefused(message % {"limit": limit}, line=number)
        batch.append(_row(number, list(map(guarded, cells)), headers, columns, style=1))
        if len(batch) >= _BATCH:
            yield "".join(batch)
            batch = []
    yield "".join([*batch, _SHEET_TAIL])


def _row(
    number: int, cells: Sequence[str], headers: Sequence[str], columns: Sequence[str], *, style: int
) -> str:
    text = "".join(cells)
    if len(text) * 2 > _CHARACTERS_MAX or not text.isprintable():
        _check(number, cells, headers)
    inner = "".join(
        f'<c r="{column}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_text(cell)}</t></is></c>'
        for column, cell in zip(columns, cells, strict=True)
        if cell
    )
    return f'<row r="{number}">{inner}</row>'


def _check(number: int, cells: Sequence[str], headers: Sequence[str]) -> None:
    for name, cell in zip(headers, cells, strict=True):
        found = _IMPOSSIBLE.search(cell)
        if found:
            message = gettext("XLSX cannot hold the character U+%(code)s of this cell. Take CSV.")
            code = f"{ord(found[0]):04X}"
            raise TableRefused(message % {"code": code}, line=number, column=name, value=ascii(cell))
        if len(cell) * 2 > _CHARACTERS_MAX and len(cell.encode("utf-16-le")) > _CHARACTERS_MAX * 2:
            message = gettext("XLSX holds at most %(limit)s characters in a cell. Take CSV.")
            limit = number_format(_CHARACTERS_MAX, force_grouping=True)
            raise TableRefused(message % {"limit": limit}, line=number, column=name, value=cell)


def _text(text: str) -> str:
    """The text as XML; what XML would change as `_xHHHH_`."""
    if not _SPECIAL.search(text):
        return text
    text = _ESCAPES.sub("_x005F_", text).replace("\r", "_x000D_")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
