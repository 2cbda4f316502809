"""Tables as text: RFC 4180 in UTF-8 with LF, lists in cells, and cells that a spreadsheet would run.

Pure. What the columns of a table mean is decided by the resources.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from django.utils.translation import gettext

from catalog.tabular.cells import escape_formula, unescape_formula
from catalog.tabular.rows import Row, RowProblem

_NEEDS_QUOTES = re.compile('[",\r\n]')
_LIST_PARTS = re.compile(r"\\([\\|])|(\|)|([^\\|]+|\\)")


__all__ = [
    "Row",
    "RowProblem",
    "Table",
    "TableFile",
    "csv_cell",
    "escape_formula",
    "join_list",
    "keep_problems",
    "read_table",
    "split_list",
    "unescape_formula",
    "write_table",
]


class _HasProblems(Protocol):
    problems: list[RowProblem]
    more_problems: int


def keep_problems(kept: _HasProblems, found: Sequence[RowProblem], most: int | None) -> None:
    """Keep the problems that are found while there are fewer than `most`, and count the others."""
    room = len(found) if most is None else max(0, most - len(kept.problems))
    kept.problems += found[:room]
    kept.more_problems += len(found[room:])


@dataclass(slots=True)
class Table:
    """The rows of a file as wide as its header, each with the line it ends on; what could not be read."""

    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def read_table(raw: bytes) -> Table:
    """The table in `raw`. Never raises: what cannot be read is in its `problems`. Empty lines are skipped."""
    file = TableFile(lambda: io.BytesIO(raw))
    table = Table(headers=file.headers, problems=file.problems)
    if not file.is_text:
        return table
    for line, cells in file.rows():
        table.rows.append(cells)
        table.lines.append(line)
    return table


class TableFile:
    """A table in a CSV file that is read as often as it is asked for, and never kept.

    `open_file` gives the file anew. What cannot be read of it is in `problems`, at most `most_problems`, and
    `more_problems` counts the others; its `sha256` and the number of its rows are known at once.
    """

    def __init__(self, open_file: Callable[[], BinaryIO], most_problems: int | None = None) -> None:
        self._open = open_file
        self.headers: list[str] = []
        self.problems: list[RowProblem] = []
        self.more_problems = 0
        self.row_count = 0
        problem, self.sha256 = self._look_at_bytes()
        self.is_text = problem is None
        if problem is not None:
            self.problems.append(problem)
            return
        for found in self._read():
            if isinstance(found, RowProblem):
                keep_problems(self, [found], most_problems)
            else:
                self.row_count += 1
        if not self.headers and not self.problems:
            text = gettext("The file is empty. Its first line names columns.")
            self.problems.append(RowProblem(0, "", "", text))

    def rows(self) -> Iterator[Row]:
        """The rows that are as wide as the header, each with the line it ends on."""
        return (found for found in self._read() if isinstance(found, Row))

    def _look_at_bytes(self) -> tuple[RowProblem | None, str]:
        """What keeps the bytes from being text, and their SHA-256."""
        digest = hashlib.sha256()
        nul = 0
        undecodable = 0
        with self._open() as file:
            for number, line in enumerate(file, start=1):
                digest.update(line)
                try:
                    line.decode()
                except UnicodeDecodeError:
                    undecodable = undecodable or number
                nul = nul or (number if b"\0" in line else 0)
        if undecodable:
            text = gettext("This is not UTF-8. Save the file as UTF-8.")
            return RowProblem(undecodable, "", "", text), digest.hexdigest()
        text = gettext("There is a NUL character. Take it out.")
        return RowProblem(nul, "", "", text) if nul else None, digest.hexdigest()

    def _read(self) -> Iterator[Row | RowProblem]:
        headers: list[str] = []
        with self._open() as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            try:
                for cells in reader:
                    if not cells:
                        continue
                    if not headers:
                        self.headers = headers = cells
                    elif len(cells) != len(headers):
                        yield _too_wide_or_narrow(reader.line_num, cells, headers)
                    else:
                        yield Row(reader.line_num, cells)
            except csv.Error as error:
                message = gettext("This cannot be read as CSV (%(reason)s). Look at its quotation marks.")
                yield RowProblem(reader.line_num, "", "", message % {"reason": error})


def write_table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV: the same bytes from the same cells on every version of Python."""
    return "".join(",".join(map(_quoted, cells)) + "\n" for cells in [headers, *rows])


def csv_cell(cell: str) -> str:
    """The cell as it stands in CSV, escaped where a spreadsheet would run it."""
    return cell if cell.isalnum() else _quoted(escape_formula(cell))


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


def _too_wide_or_narrow(line: int, cells: list[str], headers: list[str]) -> RowProblem:
    message = gettext("This row has %(cells)s cells, the header has %(columns)s. Look at its commas.")
    return RowProblem(line, "", "", message % {"cells": len(cells), "columns": len(headers)})


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
