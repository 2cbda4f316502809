"""Which row names the columns.

Pure. Titles and notes before the table are passed over; a first row that looks like the rows below it is no
header, and then the columns are named by their position as spreadsheets do: A, B, … Z, AA.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from catalog.tabular.rows import Raw

LOOKED_AT = 100
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
# Numbers, dates, times, addresses: what a column is hardly ever called.
_VALUE = re.compile(r"[\d\s.,:/%+~-]*\d[\d\s.,:/%+~TZ-]*|\w+://.*|[^@\s]+@[^@\s]+\.[a-z]+", re.IGNORECASE)
_WORDY = 60


def header_row(rows: Sequence[Raw]) -> int | None:
    """The index of the row that names the columns, in the tidy first rows of a file; None without one."""
    width = _width(rows)
    for index, row in enumerate(rows):
        if _filled(row[1]) * 2 > width:
            return index if _names_columns(row[1], [one[1] for one in rows[index + 1 :]]) else None
    return None


def names_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, each once: an empty one by its position, a second one with a number."""
    names: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for index, cell in enumerate(trimmed(cells)):
        name = unique = " ".join(cell.split()) or position_name(index)
        numbers[name] += 1
        while unique in names:
            numbers[name] += unique != name
            unique = f"{name} ({numbers[name]})"
        names[unique] = None
    return tuple(names)


def position_name(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def trimmed(cells: Sequence[str]) -> Sequence[str]:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _width(rows: Sequence[Raw]) -> int:
    """How many cells the rows mostly have; of two widths that are as frequent, the larger."""
    widths = Counter(len(trimmed(row[1])) for row in rows)
    return max(widths, key=lambda width: (widths[width] * (width > 1), width), default=0)


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _names_columns(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    filled = [cell for cell in cells if cell]
    if all(map(_IDENTIFIER.fullmatch, filled)):
        return True
    if len({cell.casefold() for cell in filled}) < len(filled):
        return False
    for index, cell in enumerate(cells):
        column = [row[index] for row in below if index < len(row) and list(row) != list(cells)]
        if _VALUE.fullmatch(cell) and (not column or any(map(_VALUE.fullmatch, column))):
            return False
        if (cell and cell in column) or len(cell) > _WORDY:
            return False
    return True
