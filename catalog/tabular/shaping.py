"""Rows as wide as their headers, out of the rows that a file has.

Pure. Padding goes, words for “empty” become empty, escaped formulas come back; lines that repeat the header
and rows without anything in them are left out; what does not fit the headers is a problem with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.cells import tidy
from catalog.tabular.detected import Detected
from catalog.tabular.headers import names_of, position_name, trimmed
from catalog.tabular.limits import Limits
from catalog.tabular.mending import damage
from catalog.tabular.rows import Clean, Fault, Raw, Row, RowProblem, TableRefused, shortened


def shaped(
    raws: Iterable[Clean | Raw | Fault], detected: Detected, limits: Limits
) -> Iterator[Row | RowProblem]:
    """The rows below the headers. Raises TableRefused for more rows than `limits` allow."""
    shape = _Shape(detected, limits)
    count = 0
    for raw in raws:
        if isinstance(raw, Clean):
            if shape.fits(raw) and count + len(raw.rows) <= limits.rows:
                count += len(raw.rows)
                yield from map(_ROW, enumerate(raw.rows, raw.line))
                continue
            one_by_one: Iterable[Raw | Fault] = enumerate(raw.rows, raw.line)
        else:
            one_by_one = (raw,)
        for each in one_by_one:
            row = shape.placed(each) if isinstance(each, Fault) else shape.row(*each)
            if row is not None:
                count += 1
                if count > limits.rows:
                    raise too_many_rows(limits)
                yield row


# Makes a `Row` of a line and its cells, in half the time that `Row(line, cells)` takes.
_ROW: Callable[[Raw], Row] = partial(tuple.__new__, Row)


class _Shape:
    """The form that rows are brought into."""

    def __init__(self, detected: Detected, limits: Limits) -> None:
        self.headers = detected.headers
        self.header_line = detected.header_line
        self.width = len(detected.headers)
        self.limits = limits
        self.empties = frozenset(detected.empties)
        # Only a row that begins as the header does can repeat it.
        self.first = detected.headers[0] if detected.header_line and detected.headers else None
        self._tidied = tidy(self.empties)
        self._mend = detected.mend
        # A text has all its cells; a sheet leaves empty ones at the end out.
        self._is_text = detected.format in {"csv", "tsv", "json"}

    def fits(self, clean: Clean) -> bool:
        """Whether these are rows as they are."""
        rows = clean.rows
        starts = {cells[0] for cells in rows}
        return (
            clean.line > self.header_line
            and not self._mend
            and "" not in starts
            and self.first not in starts
            and all(len(cells) == self.width for cells in rows)
            and self.empties.isdisjoint(chain.from_iterable(rows))
        )

    def row(self, line: int, cells: list[str]) -> Row | RowProblem | None:
        """The row; None above the headers, and when nothing is in it or it says them once more."""
        if line <= self.header_line:
            return None
        cells = list(map(str.strip, cells))
        text = "".join(cells)
        if "'" in text or not self.empties.isdisjoint(cells):
            cells = list(map(self._tidied, cells))
        if not text or (cells[0] == self.first and names_of(cells) == self.headers):
            return None
        if len(cells) != self.width or len(text) > self.limits.cell_characters:
            problem = self._misfit(line, cells)
            if problem:
                return problem
            cells = cells[: self.width] + [""] * (self.width - len(cells))
        if self._mend and not text.isascii():
            cells = [damage(cell) or cell for cell in cells]
        return Row(line, cells)

    def placed(self, fault: Fault) -> RowProblem | None:
        """The problem under the name of its column; None above the headers."""
        line, column, value, message = fault
        if line <= self.header_line:
            return None
        return RowProblem(line, "" if column < 0 else self._name(column), value, message)

    def _name(self, column: int) -> str:
        return self.headers[column] if column < self.width else position_name(column)

    def _misfit(self, line: int, cells: Sequence[str]) -> RowProblem | None:
        """What is wrong with a row that is not as wide as the headers, or has very much in it."""
        counts = {"cells": len(cells), "columns": self.width}
        if len(cells) < self.width and self._is_text:
            message = gettext(
                "This row has %(cells)s cells, the header has %(columns)s. "
                "From this column on they are missing."
            )
            return RowProblem(line, self._name(len(cells)), "", message % counts)
        extra = next((column for column in range(self.width, len(cells)) if cells[column]), None)
        if extra is not None:
            counts["cells"] = len(trimmed(cells))
            if self._is_text:
                message = gettext(
                    "This row has %(cells)s cells, the header has %(columns)s. Look at the delimiters and "
                    "quotation marks before this one."
                )
            else:
                message = gettext(
                    "This cell is in a column without a header. Give it one, or empty the cell."
                )
            return RowProblem(line, self._name(extra), shortened(cells[extra]), message % counts)
        for column, cell in enumerate(cells):
            if len(cell) > self.limits.cell_characters:
                message = gettext(
                    "This cell has more than %(limit)s characters. Shorten it, or raise "
                    "TABLE_MAX_CELL_CHARACTERS."
                )
                limit = number_format(self.limits.cell_characters, force_grouping=True)
                return RowProblem(line, self._name(column), shortened(cell), message % {"limit": limit})
        return None


def too_many_rows(limits: Limits) -> TableRefused:
    message = gettext("The table has more than %(limit)s rows. Split it, or raise TABLE_MAX_ROWS.")
    return TableRefused(message % {"limit": number_format(limits.rows, force_grouping=True)})
