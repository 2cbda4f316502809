"""Makes the awkward files beside it, the same bytes each time: `python -m tests.awkward.make`.

They are kept in `files/`, and what is to come of each in `expected.json`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tests.awkward.workbooks import WORKBOOKS

FILES = Path(__file__).with_name("files")
CAST = [
    ["name", "role", "season"],
    ["Diego Luna", "Félix Gallardo", "1"],
    ["Michael Peña", "Kiki Camarena", "1"],
]
UPPER = [["Nombre", "País"], ["JOSÉ MARÍA YAZPIK", "MÉXICO"], ["TERESA RUIZ", "ESPAÑA"]]
SCRIPTS = [
    ["name", "script"],
    ["高橋 健", "漢字"],
    ["Фёдор Михайлович", "кириллица"],
    ["Αλέξανδρος", "ελληνικά"],
    ["שלום עליכם", "עברית"],
    ["مرحبا\u200f", "العربية"],
    ["हिन्दी", "देवनागरी"],
    ["ไทย", "ไทย"],
    ["Nguyễn Văn Ổn", "Việt"],
    ["Pen\u0303a", "combining"],
    ["👩🏽‍🎤 Ana", "emoji"],
    ["𐍈𐍂𐌰", "Gothic"],
    ["Ana\u00a0María", "a space that does not break"],
]


def text(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


def delimited() -> dict[str, bytes]:
    """Texts, in every encoding and with every kind of untidiness."""
    plain = text(CAST)
    mistaken = text([["name", "role"], ["Michael Peña", "Kiki"], ["Félix “El Padrino”", "Côte d’Azur"]])
    return {
        "utf8.csv": plain.encode(),
        "utf8_bom.csv": plain.encode("utf-8-sig"),
        "utf16_le_bom.csv": b"\xff\xfe" + plain.encode("utf-16-le"),
        "utf16_be_bom.csv": b"\xfe\xff" + plain.encode("utf-16-be"),
        "utf16_le.csv": plain.encode("utf-16-le"),
        "utf16_be.csv": plain.encode("utf-16-be"),
        "windows1252.csv": text(CAST, ";", "\r\n").encode("cp1252"),
        "windows1252_quotes.csv": "name,note\nPeña,“so–called” friend’s\nMüller,5 €\n".encode("cp1252"),
        "windows1252_capitals.csv": text(UPPER).encode("cp1252"),
        "mac_roman.csv": text(CAST, end="\r").encode("mac_roman"),
        "mac_roman_capitals.csv": text(UPPER).encode("mac_roman"),
        "windows1251.csv": "имя,роль\nФёдор Михайлович,главная роль\nАнна Павлова,эпизод\n".encode("cp1251"),
        "byte_soup.csv": bytes((index * 89 + index // 7) % 256 for index in range(2000)),
        "nul.csv": b"name,role\nDiego,Fe\0lix\n",
        "nothing.csv": b"",
        "only_spaces.csv": b" \n\n  \n",
        "semicolons.csv": "name;role\nLuna, Diego;Félix\nPeña, Michael;Kiki\n".encode(),
        "tabs.txt": text(CAST, "\t").encode(),
        "pipes.csv": text(CAST, "|", "\r\n").encode(),
        "one_column.csv": b"name\nDiego Luna\nScoot McNairy\n",
        "single_quotes.csv": b"name,role\n'Luna, Diego','D''Artagnan'\n'Ruiz, Teresa','Isabella'\n",
        "cr_in_cells.csv": b'name,note\r\n"Diego","first\rsecond"\r\nAna,left\rright\r\n',
        "line_ends_mixed.csv": b"name,role\r\nDiego,F\nAna,G\r\n",
        "headerless.csv": b"Diego Luna,2018-11-16,10\nScoot McNairy,2020-02-13,8\n",
        "header_repeated.csv": b"name,role\nDiego,F\nname,role\nAna,G\nname,role\n",
        "preamble.csv": b"Cast of the series,,\nas of Monday,,\n,,\nname,role,season\nDiego,F,1\nAna,G,2\n",
        "padded.csv": "  name , role\n Diego Luna ,\tFélix\u00a0\n\n   \n,\nAna  ,G\n".encode(),
        "ragged.csv": b"name,role,season\nDiego,F\nAna,G,2,extra\nLuis,H,3,,,\nMaya,I,4\n",
        "header_untidy.csv": b"name,,name,role\nDiego,x,y,F\n",
        "quote_not_closed.csv": b'name,role\n"Diego,F\nAna,G\nLuis,"H"\nMaya,I\n',
        "quote_not_closed_at_the_end.csv": b'name,role\nAna,G\nDiego,"F\nLuis,H\n',
        "quote_inside.csv": b'name,role\n"Joaquin "El Chapo" Guzman",F\nAna,5" tall\n"Luis" , "H"\n',
        "empties.csv": "name,role,note\nDiego,null,NULL\n\\N,-,–\nN/A,n/a,left\nAna,--,none\n".encode(),
        "formulas.csv": b"name,note\n'=1+1,'@home\n''=1,'tis\n=2+2,-5\n",
        "long_cell.csv": b"name,note\nDiego," + b"words and " * 3000 + b"end\nAna,short\n",
        "scripts.csv": text(SCRIPTS).encode(),
        "damaged.csv": mistaken.encode()
        .replace(b"\x9d", b"?")
        .decode("cp1252")
        .replace("?", "\x9d")
        .encode(),
        "damaged_twice.csv": "name,role\nPeÃƒÂ±a,Kiki\nPeña,Kiki\n".encode(),
        "damaged_mac.csv": mistaken.encode().decode("mac_roman").encode(),
        "injection.csv": b'name,note\n<script>alert(1)</script>,"{{ x }}"\n../../etc/passwd,%00\n',
    }


def others() -> dict[str, bytes]:
    """JSON, web pages, and files that are no tables."""
    rows = [dict(zip(CAST[0], row, strict=True)) for row in CAST[1:]]
    page = """<html><head><meta charset="utf-8"><title>Cast</title></head><body>
<table><tr><td>menu</td></tr></table>
<table><tr><th>Name<th>Role<th>Season
<tr><td rowspan=2>Diego Luna<td>Félix<br>Gallardo<td>1
<tr><td>himself &amp; others<td>2
<tr><td>Michael <b>Peña</b></td><td>Kiki</td><td>1</td></tr></table></body></html>"""
    return {
        "objects.json": json.dumps(rows, ensure_ascii=False).encode(),
        "headers_and_rows.json": json.dumps({"rows": CAST[1:], "headers": CAST[0]}).encode(),
        "lists.json": json.dumps(CAST).encode(),
        "values.json": b'[{"n":1.0,"b":true,"x":null,"big":123456789012345678901234567890},'
        b'{"n":-0.5,"b":false,"x":NaN,"big":1e999},{"n":"\\ud800"},{"n":[1]},{"o":1},{"n":1,"n":2},7]',
        "deep.json": b"[" * 20_000 + b"]" * 20_000,
        "cut_off.json": b'[{"name":"Diego"},{"name":"An',
        "json.csv": json.dumps(rows).encode(),
        "page.xls": page.encode(),
        "csv.xlsx": text(CAST).encode(),
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "locked.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le"),
        "pdf.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "gz.csv": gzip.compress(text(CAST).encode(), mtime=0),
        "picture.csv": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "other.xml": b'<?xml version="1.0"?><cast><person>Diego</person></cast>',
    }


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for name, raw in {**delimited(), **others(), **WORKBOOKS}.items():
        (FILES / name).write_bytes(raw)


if __name__ == "__main__":
    main()
