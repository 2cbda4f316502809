"""Tables as text: RFC 4180 in UTF-8 with LF, lists in cells, and cells that a spreadsheet would run.

Pure. What the columns of a table mean is decided by the resources.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from catalog.tabular.cells import escape_formula, unescape_formula
from catalog.tabular.rows import RowProblem

_NEEDS_QUOTES = re.compile('[",\r\n]')
_LIST_PARTS = re.compile(r"\\([\\|])|(\|)|([^\\|]+|\\)")


__all__ = [
    "RowProblem",
    "Table",
    "escape_formula",
    "join_list",
    "read_table",
    "split_list",
    "unescape_formula",
    "write_table",
]


@dataclass(slots=True)
class Table:
    """The rows of a file as wide as its header, each with the line it ends on; what could not be read."""

    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def read_table(raw: bytes) -> Table:
    """The table in `raw`. Never raises: what cannot be read is in its `problems`. Empty lines are skipped."""
    table = Table()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        table.problems.append(RowProblem(line, "", "", gettext("This is not UTF-8. Save the file as UTF-8.")))
        return table
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        table.problems.append(RowProblem(line, "", "", gettext("There is a NUL character. Take it out.")))
        return table
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            _take(table, cells, reader.line_num)
    except csv.Error as error:
        message = gettext("This cannot be read as CSV (%(reason)s). Look at its quotation marks.")
        table.problems.append(RowProblem(reader.line_num, "", "", message % {"reason": error}))
    if not table.headers and not table.problems:
        table.problems.append(
            RowProblem(0, "", "", gettext("The file is empty. Its first line names columns."))
        )
    return table


def write_table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV: the same bytes from the same cells on every version of Python."""
    return "".join(",".join(map(_quoted, cells)) + "\n" for cells in [headers, *rows])


def join_list(items: Iterable[str]) -> str:
    r"""The items in one cell, `|` between them; a `|` or `\` of their own has a `\` before it."""
    return "|".join(item.replace("\\", "\\\\").replace("|", "\\|") for item in items)


def split_list(cell: str) -> list[str]:
    """The items of a cell that `join_list` made; an empty cell has none."""
    if not cell:
        return []
    items = [""]
    for escaped, bar, plain in _LIST_PARTS.findall(cell):
        if bar:
            items.append("")
        else:
            items[-1] += escaped or plain
    return items


def _take(table: Table, cells: list[str], line: int) -> None:
    if not cells:
        return
    if not table.headers:
        table.headers = cells
    elif len(cells) != len(table.headers):
        message = gettext("This row has %(cells)s cells, the header has %(columns)s. Look at its commas.")
        counts = {"cells": len(cells), "columns": len(table.headers)}
        table.problems.append(RowProblem(line, "", "", message % counts))
    else:
        table.rows.append(cells)
        table.lines.append(line)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
