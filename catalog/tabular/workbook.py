"""Workbooks (XLSX, XLSM): which sheets there are, and the rows of one of them.

Pure. Of a workbook only the values are read: macros, formulas and links to other files never run. The parts
are those of ECMA-376; `packed` keeps them within limits.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext, ngettext

from catalog.tabular.limits import Limits
from catalog.tabular.numbers import shown_as
from catalog.tabular.packed import Package, damaged, open_package
from catalog.tabular.rows import Fault, Raw, TableRefused
from catalog.tabular.sheet import Merged, SheetRows, Survey, survey
from catalog.tabular.strings import local, shared_strings

# A part that only this kind of zip has -> what people call it.
_OTHERS = (
    ("xl/workbook.bin", "XLSB"),
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
    ("content.xml", "OpenDocument"),
    ("Index/Document.iwa", "Numbers"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class Workbook:
    """What stands in the parts around the sheets."""

    sheets: list[Sheet] = field(default_factory=list)
    strings: str | None = None
    # What the number formats of the styles show, by their index.
    shown: list[str] = field(default_factory=list)
    since_1904: bool = False
    has_macros: bool = False
    has_links: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a workbook gave: the sheet that is read, the names of all, and notes for people."""

    sheet: str
    sheets: tuple[str, ...]
    notes: tuple[str, ...]


def look(path: Path, limits: Limits, *, sheet: str | None = None) -> Looked:
    """The sheet of that name, or the first one to be seen with something in it. Raises TableRefused."""
    with open_package(path, limits) as package:
        book = _workbook(package)
        chosen, found = _choose(package, book.sheets, sheet)
        names = tuple(one.name for one in book.sheets)
        return Looked(chosen.name, names, tuple(_notes(book, chosen, found)))


def rows_of(path: Path, sheet: str, limits: Limits, *, below: int, width: int) -> Iterator[Raw | Fault]:
    """The rows of a sheet; below row `below`, merged cells in `width` columns have the value of the first."""
    with open_package(path, limits) as package:
        book = _workbook(package)
        chosen, found = _choose(package, book.sheets, sheet)
        merged = [one for one in found.merged if one.top > below]
        with shared_strings(package, book.strings) as strings:
            listener = SheetRows(strings, book.shown, since_1904=book.since_1904)
            fill = _Filling(merged, width)
            for _piece in package.parse(chosen.part, listener):
                rows, listener.rows = listener.rows, []
                yield from map(fill, rows) if merged and width else rows


class _Filling:
    """Gives merged cells the value of their first one, row by row."""

    def __init__(self, merged: Sequence[Merged], width: int) -> None:
        self._waiting = list(reversed(merged))
        self._open: list[tuple[Merged, str]] = []
        self._width = width

    def __call__(self, raw: Raw | Fault) -> Raw | Fault:
        line = raw[0]
        self._open = [(one, value) for one, value in self._open if one.bottom >= line]
        cells = [] if isinstance(raw, Fault) else raw[1]
        while self._waiting and self._waiting[-1].top <= line:
            one = self._waiting.pop()
            if one.bottom >= line:
                first = cells[one.left] if one.top == line and one.left < len(cells) else ""
                self._open.append((one, first))
        if isinstance(raw, Fault):
            return raw
        for one, value in self._open:
            end = min(one.right + 1, self._width)
            cells += [""] * (end - len(cells))
            for column in range(one.left, end):
                cells[column] = value
        return raw


def _workbook(package: Package) -> Workbook:
    main = next(
        (target for kind, target in _relations(package, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    if main not in package.names:
        raise _not_a_workbook(package)
    relations = _relations(package, main)
    book = Workbook()
    for tag, attributes in _elements(package, main):
        if tag == "sheet":
            reference = next((value for name, value in attributes.items() if local(name) == "id"), "")
            kind, part = relations.get(reference, ("", ""))
            if kind == "worksheet" and part in package.names:
                hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append(Sheet(attributes.get("name", ""), part, hidden))
        elif tag == "workbookPr":
            book.since_1904 = attributes.get("date1904") in {"1", "true"}
    parts = dict(relations.values())
    book.strings = parts.get("sharedStrings")
    if book.strings not in package.names:
        book.strings = None
    styles = parts.get("styles")
    if styles in package.names:
        book.shown = _styles(package, styles)
    book.has_macros = any(name.endswith("vbaProject.bin") for name in package.names)
    book.has_links = "externalLink" in parts
    return book


def _styles(package: Package, part: str) -> list[str]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside = False
    for tag, attributes in _elements(package, part):
        number = attributes.get("numFmtId", "")
        known = number.isdecimal() and len(number) < 8
        if tag == "numFmt" and known:
            codes[int(number)] = attributes.get("formatCode", "")
        elif tag in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            formats.append(int(number) if known else 0)
    return [shown_as(number, codes) for number in formats]


class _Elements:
    """Listens for elements and their attributes."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen.append((local(tag), attributes))

    def end(self, tag: str) -> None:
        """Nothing in the parts around the sheets depends on it."""

    def text(self, text: str) -> None:
        """There is none."""


def _elements(package: Package, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    listener = _Elements()
    for _piece in package.parse(part, listener):
        seen, listener.seen = listener.seen, []
        yield from seen


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id -> kind and part of what a part names; the kind is the last word of its type."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in package.names:
        return {}
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/"),
        )
        for tag, attributes in _elements(package, relations)
        if tag == "Relationship"
    }


def _choose(package: Package, sheets: Sequence[Sheet], name: str | None) -> tuple[Sheet, Survey]:
    if name is not None:
        for sheet in sheets:
            if sheet.name == name:
                return sheet, survey(package, sheet.part)
        message = gettext("There is no sheet “%(name)s”. There are: %(sheets)s.")
        shown = ", ".join(sheet.name for sheet in sheets)
        raise TableRefused(message % {"name": name, "sheets": shown})
    for sheet in sorted(sheets, key=lambda one: one.is_hidden):
        found = survey(package, sheet.part)
        if found.has_cells:
            return sheet, found
    raise TableRefused(gettext("The workbook is empty."))


def _notes(book: Workbook, chosen: Sheet, found: Survey) -> Iterator[str]:
    if len(book.sheets) > 1:
        message = gettext("The workbook has %(number)s sheets; “%(name)s” is read.")
        yield message % {"number": len(book.sheets), "name": chosen.name}
    hidden = [sheet.name for sheet in book.sheets if sheet.is_hidden]
    if hidden:
        yield gettext("Hidden sheets: %(names)s.") % {"names": ", ".join(hidden)}
    if found.hidden_rows:
        message = ngettext(
            "%(number)s hidden row is read too.", "%(number)s hidden rows are read too.", found.hidden_rows
        )
        yield message % {"number": found.hidden_rows}
    if found.merged:
        message = ngettext(
            "%(number)s group of merged cells: each has the value of its first cell.",
            "%(number)s groups of merged cells: each cell has the value of the first.",
            len(found.merged),
        )
        yield message % {"number": len(found.merged)}
    if book.has_macros:
        yield gettext("Macros are ignored.")
    if book.has_links:
        yield gettext("Links to other workbooks are ignored: their last values are read.")


def _not_a_workbook(package: Package) -> TableRefused:
    for part, kind in _OTHERS:
        if part in package.names:
            message = gettext("This is a file of another kind (%(kind)s). Save the table as XLSX or CSV.")
            return TableRefused(message % {"kind": kind})
    if any(name.startswith("xl/") for name in package.names):
        return damaged()
    message = gettext("This is a zip, not a table. Unpack it and send one of its files: %(names)s.")
    return TableRefused(message % {"names": ", ".join(sorted(package.names)[:5])})
