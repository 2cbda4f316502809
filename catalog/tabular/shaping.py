"""Rows as wide as their headers, out of the rows that a file has.

Pure. Padding goes, words for “empty” become empty, escaped formulas come back; lines that repeat the header
and rows without anything in them are left out; what does not fit the headers is a problem with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.cells import tidy
from catalog.tabular.detected import Detected
from catalog.tabular.headers import names_of, position_name, trimmed
from catalog.tabular.limits import Limits
from catalog.tabular.mending import damage
from catalog.tabular.rows import Fault, Raw, Row, RowProblem, TableRefused, shortened


def shaped(raws: Iterable[Raw | Fault], detected: Detected, limits: Limits) -> Iterator[Row | RowProblem]:
    """The rows below the headers. Raises TableRefused for more rows than `limits` allow."""
    headers, header_line = detected.headers, detected.header_line
    width, most, room = len(headers), limits.rows, limits.cell_characters
    first = headers[0] if header_line and headers else None
    tidied, empties, strip = tidy(frozenset(detected.empties)), frozenset(detected.empties), str.strip
    fit = _padding if detected.format in {"xlsx", "html"} else _exact
    count = 0
    for raw in raws:
        line, cells, *rest = raw
        if line <= header_line:
            continue
        if rest:
            yield _placed(raw, headers)
            continue
        cells = list(map(strip, cells))
        text = "".join(cells)
        if "'" in text or not empties.isdisjoint(cells):
            cells = list(map(tidied, cells))
            text = "".join(cells)
        if not text:
            continue
        if cells[0] == first and names_of(cells) == headers:
            continue
        count += 1
        if count > most:
            raise too_many_rows(limits)
        if len(cells) != width or len(text) > room:
            fitted = fit(line, cells, headers, limits)
            if isinstance(fitted, RowProblem):
                yield fitted
                continue
            cells = fitted
        if detected.mend and not text.isascii():
            cells = [damage(cell) or cell for cell in cells]
        yield Row(line, cells)


def too_many_rows(limits: Limits) -> TableRefused:
    message = gettext("The table has more than %(limit)s rows. Split it, or raise TABLE_MAX_ROWS.")
    return TableRefused(message % {"limit": number_format(limits.rows, force_grouping=True)})


def _placed(fault: Fault, headers: Sequence[str]) -> RowProblem:
    """The problem under the name of its column."""
    line, column, value, message = fault
    if column < 0:
        name = ""
    else:
        name = headers[column] if column < len(headers) else position_name(column)
    return RowProblem(line, name, value, message)


def _exact(line: int, cells: list[str], headers: Sequence[str], limits: Limits) -> list[str] | RowProblem:
    """The cells of a text with delimiters: as many as there are headers, empty ones after them forgiven."""
    if len(cells) < len(headers):
        message = gettext(
            "This row has %(cells)s cells, the header has %(columns)s. The cell of this column is missing."
        )
        counts = {"cells": len(cells), "columns": len(headers)}
        return RowProblem(line, headers[len(cells)], "", message % counts)
    return _padding(line, cells, headers, limits)


def _padding(line: int, cells: list[str], headers: Sequence[str], limits: Limits) -> list[str] | RowProblem:
    """The cells of a sheet, which leaves empty ones at the end out."""
    width = len(headers)
    if len(trimmed(cells)) > width:
        message = gettext(
            "This row has %(cells)s cells, the header has %(columns)s. Look at the delimiters and "
            "quotation marks before this one."
        )
        counts = {"cells": len(trimmed(cells)), "columns": width}
        return RowProblem(line, position_name(width), shortened(cells[width]), message % counts)
    cells = cells[:width] + [""] * (width - len(cells))
    for name, cell in zip(headers, cells, strict=True):
        if len(cell) > limits.cell_characters:
            message = gettext(
                "This cell has more than %(limit)s characters. Shorten it, or raise "
                "TABLE_MAX_CELL_CHARACTERS."
            )
            limit = number_format(limits.cell_characters, force_grouping=True)
            return RowProblem(line, name, shortened(cell), message % {"limit": limit})
    return cells
