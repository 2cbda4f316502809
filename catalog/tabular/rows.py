"""The rows of a table as they come out of a file, and what is wrong with those that cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Row(NamedTuple):
    """The cells of a row, as wide as the headers, and the line it begins on."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one place of a table and what to do. `line` counts from 1; 0 is the whole file."""

    line: int
    column: str
    value: str
    message: str
