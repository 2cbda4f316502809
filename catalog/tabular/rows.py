"""What reading a table gives, row by row, and what is said about what cannot be read.

Pure. The cells of a `Row` are plain: padding, words for “empty” and escaped formulas are dealt with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# How much of a cell a problem shows.
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one place of a table and what to do. `line` counts from 1; 0 is the whole file."""

    line: int
    column: str
    value: str
    message: str


class Row(NamedTuple):
    """The cells of one row, as many as there are headers.

    `line` is the line of the file that the row begins on; in a workbook or a web page the number of
    the row, in JSON that of the item. It is never smaller than that of the row before.
    """

    line: int
    cells: list[str]


# The line and the cells of one row as the file has them. A plain tuple: naming its parts would cost a
# quarter of the time that a large file takes.
Raw = tuple[int, list[str]]


class Clean(NamedTuple):
    """Rows on lines of their own from `line` on, in whose cells there is nothing to tidy."""

    line: int
    rows: list[list[str]]


class Fault(NamedTuple):
    """A `RowProblem` before the headers are known: `column` counts from 0, -1 is the whole row."""

    line: int
    column: int
    value: str
    message: str


class TableRefused(Exception):
    """The file as a whole cannot be read, or not written; `problem` says what, where and what to do."""

    def __init__(self, message: str, *, line: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(message)
        self.problem = RowProblem(line, column, shortened(value), message)


def shortened(value: str) -> str:
    """The beginning of a cell, enough to find it again."""
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
