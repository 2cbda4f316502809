"""Workbooks written part by part, so that each holds just what it is about."""

from __future__ import annotations

import io
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<styleSheet {MAIN}><numFmts count="3"><numFmt numFmtId="164" formatCode="mmm\\ yyyy"/>
<numFmt numFmtId="165" formatCode="[h]:mm:ss"/>
<numFmt numFmtId="166" formatCode="0.0&quot;d&quot;"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
<xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>
</styleSheet>"""


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relations(*targets: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, kind, target in targets
    )
    return f"<Relationships>{inner}</Relationships>"


def workbook(
    *sheets: tuple[str, str, str],
    about: str = "",
    strings: str = "",
    more: dict[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of (name, state, content of the sheet)."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="s{number}"/>'
        for number, (name, state, _content) in enumerate(sheets, 1)
    )
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook {MAIN} xmlns:r="{RELATIONS}">{about}<sheets>{named}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("st", "styles", "styles.xml"),
            ("ss", "sharedStrings", "/xl/sharedStrings.xml"),
            *((f"s{number}", "worksheet", f"sheet{number}.xml") for number in range(1, len(sheets) + 1)),
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
    }
    for number, (_name, _state, content) in enumerate(sheets, 1):
        parts[f"xl/sheet{number}.xml"] = content if content.startswith(("<!", "<w", "<x")) else sheet(content)
    return zipped({**parts, **(more or {})})


def sheet(rows: str) -> str:
    rows, _, after = rows.partition("|")
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"


def row(number: int, *cells: str, hidden: bool = False) -> str:
    return f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}>{"".join(cells)}</row>'


def words(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number(place: str, value: str, style: int = 0, kind: str = "n", formula: str = "") -> str:
    return f'<c r="{place}" s="{style}" t="{kind}">{formula}<v>{value}</v></c>'


HEADER = row(1, words("A1", "name"), words("B1", "value"))
_VALUES = HEADER + "".join(
    row(line, words(f"A{line}", name), cell)
    for line, (name, cell) in enumerate(
        [
            ("date", number("B2", "43420", 1)),
            ("date and time", number("B3", "43420.375", 2)),
            ("time", number("B4", "0.875", 3)),
            ("month", number("B5", "43405", 4)),
            ("elapsed", number("B6", "1.5", 5)),
            ("whole", number("B7", "10.0")),
            ("part", number("B8", "0.30000000000000004")),
            ("literal d", number("B9", "3", 6)),
            ("yes", number("B10", "1", kind="b")),
            ("no", number("B11", "0", kind="b")),
            ("leap", number("B12", "59", 1)),
            ("iso", number("B13", "2018-11-16T00:00:00", kind="d")),
        ],
        2,
    )
)
_FORMULAS = (
    HEADER
    + row(2, words("A2", "last value"), number("B2", "3", formula="<f>1+2</f>"))
    + row(3, words("A3", "no value"), '<c r="B3"><f>1+2</f></c>')
    + row(4, words("A4", "error"), number("B4", "#REF!", kind="e"))
    + row(5, words("A5", "text"), number("B5", "", kind="str", formula='<f>""</f>'))
    + row(6, words("A6", "empty value"), number("B6", "", formula="<f>1+2</f>"))
)
_MERGED = (
    row(1, words("A1", "The cast"))
    + row(2, words("A2", "name"), words("B2", "role"), words("C2", "season"))
    + row(3, words("A3", "Diego Luna"), words("B3", "Félix"), number("C3", "1"))
    + row(4, '<c r="A4"/>', words("B4", "himself"), number("C4", "2"))
    + row(5, words("A5", "Ana"), words("B5", "both"))
    + '|<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A3:A4"/><mergeCell ref="B5:C5"/></mergeCells>'
)
_PLAIN = HEADER + row(2, words("A2", "Diego"), number("B2", "1"))
_ENTITIES = f"""<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>
</worksheet>"""

WORKBOOKS = {
    "values.xlsx": workbook(("Values", "visible", _VALUES)),
    "dates_since_1904.xlsx": workbook(
        ("Values", "visible", HEADER + row(2, words("A2", "date"), number("B2", "41958", 1))),
        about='<workbookPr date1904="1"/>',
    ),
    "formulas.xlsx": workbook(("Sheet", "visible", _FORMULAS)),
    "merged.xlsx": workbook(("Sheet", "visible", _MERGED)),
    "several_sheets.xlsx": workbook(
        ("Notes", "hidden", HEADER),
        ("Empty", "visible", ""),
        ("Cast", "visible", _PLAIN + row(3, words("A3", "Ana"), number("B3", "2"), hidden=True)),
        ("Crew", "visible", HEADER),
    ),
    "shared_strings.xlsx": workbook(
        ("Sheet", "visible", HEADER + row(3, number("A3", "0", kind="s"), number("B3", "1", kind="s"))),
        strings="<si><r><t>Diego </t></r><r><t>Luna</t></r><rPh><t>DIEGO</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x0041_</t></si>",
    ),
    "macros.xlsm": workbook(("Sheet", "visible", _PLAIN), more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "entities.xlsx": workbook(("Sheet", "visible", _ENTITIES)),
    "broken.xlsx": workbook(("Sheet", "visible", _PLAIN))[:-200],
    "cut_off.xlsx": zipped({"xl/workbook.xml": "<workbook><sheets>"}),
    "no_sheet.xlsx": workbook(("Sheet", "visible", "")),
    "workbook.csv": workbook(("Sheet", "visible", _PLAIN)),
    "word.xlsx": zipped({"word/document.xml": "<w/>"}),
    "zip.csv": zipped({"cast.csv": "name\nDiego\n"}),
    "columns_backwards.xlsx": workbook(("Sheet", "visible", row(1, words("B1", "b"), words("A1", "a")))),
    "far_away.xlsx": workbook(("Sheet", "visible", _PLAIN + row(3, words("XFD3", "far")))),
}
