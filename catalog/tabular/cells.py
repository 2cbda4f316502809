"""Cells on their way into a file and out of it, the same in every format.

Pure. Spreadsheets run a cell that begins like a formula, and reading takes padding away and some words for
empty; a cell of which this is not meant goes out with apostrophes around it or before it, and comes back
exactly as it was: `plain(guarded(cell)) == cell` for every cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Excel, LibreOffice and Google Sheets run a cell that begins like this (OWASP, “CSV Injection”).
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
# What spreadsheets, databases and people write into a cell to say that there is nothing.
EMPTIES = ("null", "NULL", "Null", "\\N", "-", "–", "—", "N/A", "n/a")
_EMPTY = frozenset(EMPTIES)


def escape_formula(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would run it; see `unescape_formula`."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """The cell without the one apostrophe that `escape_formula` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def guarded(cell: str) -> str:
    """The cell as it goes into a file: nothing that a spreadsheet runs or that reading would change."""
    cell = escape_formula(cell)
    if cell.lstrip("'") in _EMPTY:
        # What is in `EMPTIES` and looks like a formula has its apostrophe already.
        return cell if _FORMULA.match(cell) else "'" + cell
    return f"'{cell}'" if _is_padded_inside(cell) else cell


def plain(cell: str) -> str:
    """The cell that `guarded` was given; a cell that it would leave alone stays as it is."""
    if not cell.startswith("'"):
        return cell
    if len(cell) > 1 and cell.endswith("'") and _is_padded_inside(cell[1:-1]):
        cell = cell[1:-1]
    elif cell.lstrip("'") in _EMPTY and not _FORMULA.match(cell):
        cell = cell[1:]
    return unescape_formula(cell)


def tidy(empties: frozenset[str]) -> Callable[[str], str]:
    """What makes a plain cell of a cell in a file, with these words for “empty”."""

    def tidied(cell: str) -> str:
        cell = cell.strip()
        return "" if cell in empties else plain(cell)

    return tidied


def _is_padded_inside(cell: str) -> bool:
    """Whether the cell has white space at an end, however many pairs of apostrophes are around it."""
    while len(cell) > 1 and cell[0] == "'" == cell[-1]:
        cell = cell[1:-1]
    return cell != cell.strip()
