"""How the file of an import is read, how many rows it has, and the cells that people mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.conf import settings

from catalog.tabular.reading import Detected, Overrides, detect, read_rows
from catalog.tabular.rows import Row, RowProblem
from editorial.models import TableImport

REASON = "reason"  # the column that refused rows are given, and that is left out when they come again


def detected_in(table_import: TableImport) -> Detected:
    """How the file is read, as people have overruled it. Raises TableRefused."""
    overrides = Overrides.from_json(table_import.options.get("reading") or {})
    return detect(
        table_import.path, name=table_import.name, overrides=overrides, limits=settings.TABLE_LIMITS
    )


def count_rows(table_import: TableImport, most: int | None = None) -> int:
    """How many rows the file has; one more than `most` when there are more. Raises TableRefused."""
    rows = read_rows(table_import.path, detected_in(table_import), limits=settings.TABLE_LIMITS)
    return sum(1 for _row in (rows if most is None else islice(rows, most + 1)))


def mended(
    headers: Sequence[str], rows: Iterator[Row | RowProblem], cells: Mapping[str, Mapping[str, str]]
) -> Iterator[Row | RowProblem]:
    """The rows with these texts in the place of their own, by row and column; see `RowNames`."""
    if not cells:
        yield from rows
        return
    places = {name: index for index, name in enumerate(headers)}
    names = RowNames()
    for row in rows:
        name = names.of(row.line)
        if name in cells and isinstance(row, Row):
            own = list(row.cells)
            for column, text in cells[name].items():
                if column in places:
                    own[places[column]] = text
            row = Row(row.line, own)
        yield row


class RowNames:
    """What rows are called in their order: by their line, and their place among several of one line."""

    def __init__(self) -> None:
        self._line, self._place = 0, 0

    def of(self, line: int) -> str:
        self._place = self._place + 1 if line == self._line else 0
        self._line = line
        return f"{line}.{self._place}" if self._place else str(line)
