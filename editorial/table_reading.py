"""The rows of an import under our columns: as the file is read, mapped, and mended by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.tabular.reading import Detected, Overrides, detect, read_rows
from catalog.tabular.rows import Row, RowProblem
from editorial.bundles import TABLES
from editorial.models import TableImport

REASON = "reason"  # the column that refused rows are given, and that is left out when they come again


@dataclass(frozen=True, slots=True)
class Given:
    """The rows of a file, one after the other, each as wide as `headers`."""

    headers: list[str]
    rows: Iterator[Row | RowProblem]


def detected_in(table_import: TableImport) -> Detected:
    """How the file is read, as people have overruled it. Raises TableRefused."""
    overrides = Overrides.from_json(table_import.options.get("reading") or {})
    return detect(table_import.path, name=table_import.name, overrides=overrides)


def read_import(table_import: TableImport) -> Given:
    """The rows as they are to be imported. Raises TableRefused, at once or while they are read."""
    detected = detected_in(table_import)
    headers, rows = list(detected.headers), read_rows(table_import.path, detected)
    if REASON in headers and REASON not in TABLES[table_import.table]._meta.fields:
        headers, rows = _without(headers, rows, headers.index(REASON))
    return Given(headers, mended(headers, rows, table_import.options.get("mended") or {}))


def count_rows(table_import: TableImport, most: int | None = None) -> int:
    """How many rows there are; one more than `most` when there are more."""
    rows = read_import(table_import).rows
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


def _without(
    headers: list[str], rows: Iterator[Row | RowProblem], index: int
) -> tuple[list[str], Iterator[Row | RowProblem]]:
    narrow = (
        Row(row.line, [*row.cells[:index], *row.cells[index + 1 :]]) if isinstance(row, Row) else row
        for row in rows
    )
    return [*headers[:index], *headers[index + 1 :]], narrow
