"""The rows of one sheet of a workbook, as they are parsed.

Pure. SpreadsheetML (ECMA-376 part 1, 18.3). Formulas are never run: their last value counts. Where the sheet
is found is a matter of `workbook`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from catalog.tabular.numbers import number_text
from catalog.tabular.packed import Package, damaged
from catalog.tabular.rows import Fault, Raw
from catalog.tabular.strings import SharedStrings, local, unescaped

COLUMNS_MAX = 16_384  # of any sheet
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z0-9$]+):([A-Z0-9$]+)[\"']")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=[\"'](?:1|true)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_MERGED_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: rows count from 1, columns from 0, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a sheet says after or besides its rows."""

    merged: tuple[Merged, ...]
    hidden_rows: int
    has_cells: bool


def survey(package: Package, part: str) -> Survey:
    """What is to be known before the rows are read; checks the sheet, but does not parse it."""
    merged: list[Merged] = []
    hidden = 0
    has_cells = False
    tail = b""
    for piece in package.checked(part):
        piece = tail + piece
        cut = piece.rfind(b"<")
        tail = piece[cut:] if cut > 0 else b""
        piece = piece[:cut] if cut > 0 else piece
        hidden += len(_HIDDEN.findall(piece))
        has_cells = has_cells or _CELL.search(piece) is not None
        for first, last in _MERGED.findall(piece) if len(merged) < _MERGED_MAX else ():
            start, end = place_of(first.decode()), place_of(last.decode())
            if start and end:
                merged.append(Merged(start[0], start[1], end[0], end[1]))
    return Survey(tuple(sorted(merged, key=lambda one: one.top)), hidden, has_cells)


def place_of(reference: str) -> tuple[int, int] | None:
    """Row, from 1, and column, from 0, of a reference such as `B7`."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]), _column_of(match[1])) if match else None


def _column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


class SheetRows:
    """Listens to a sheet; `rows` are those that came since they were last taken."""

    def __init__(self, strings: SharedStrings, shown: Sequence[str], *, since_1904: bool) -> None:
        self.rows: list[Raw | Fault] = []
        self._strings = strings
        self._shown = shown
        self._since_1904 = since_1904
        self._columns: dict[str, int] = {}
        self._number = 0
        self._cells: list[str] = []
        self._faults: list[Fault] = []
        self._column = -1
        self._type = ""
        self._style = 0
        self._text: list[str] = []
        self._listening = False
        self._silent = False
        self._has_formula = False
        self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag if ":" not in tag else local(tag)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._silent):
            self._listening = self._has_value = True
        elif tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._silent = True
        elif tag == "row":
            number = attributes.get("r", "")
            before = self._number
            self._number = int(number) if number.isdecimal() and len(number) < 8 else before + 1
            if self._number <= before:
                raise damaged()
            self._cells, self._faults, self._column = [], [], -1

    def text(self, text: str) -> None:
        if self._listening:
            self._text.append(text)

    def end(self, tag: str) -> None:
        tag = tag if ":" not in tag else local(tag)
        if tag == "c":
            self._end_cell()
        elif tag in {"v", "t"}:
            self._listening = False
        elif tag == "rPh":
            self._silent = False
        elif tag == "row":
            if self._faults:
                self.rows += self._faults
            elif self._cells:
                self.rows.append((self._number, self._cells))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                place = place_of(reference)
                column = self._columns[letters] = place[1] if place else COLUMNS_MAX
            self._column = column
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdecimal() and len(style) < 8 else 0
        self._text = []
        self._has_formula = self._has_value = False

    def _end_cell(self) -> None:
        # Some programs write an empty value; only of a text it is one.
        if self._has_formula and not (self._text or (self._has_value and self._type == "str")):
            self._fault(
                "",
                gettext(
                    "The formula in this cell has no value. Open the file in a spreadsheet and save it, "
                    "or write the value into the cell."
                ),
            )
            return
        if not self._has_value:
            return
        if self._column >= COLUMNS_MAX or self._column < len(self._cells):
            raise damaged()
        value = self._value("".join(self._text))
        missing = self._column - len(self._cells)
        if missing:
            self._cells += [""] * missing
        self._cells.append(value)

    def _value(self, text: str) -> str:
        kind = self._type
        if kind == "s":
            try:
                return self._strings[int(text)]
            except (ValueError, IndexError) as error:
                raise damaged() from error
        if kind == "n":
            shown = self._shown[self._style] if self._style < len(self._shown) else ""
            return number_text(text.strip(), shown, since_1904=self._since_1904) if text else ""
        if kind == "b":
            return "yes" if text.strip() in {"1", "true"} else "no"
        if kind == "e":
            self._fault(text, gettext("This cell shows an error. Mend its formula, or write its value."))
            return ""
        if kind == "d":
            return text.strip().removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")
        return unescaped(text)

    def _fault(self, value: str, message: str) -> None:
        self._faults.append(Fault(self._number, self._column, value, message))
