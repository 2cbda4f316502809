"""Rows as a file: CSV, TSV, XLSX, JSON, piece by piece.

Pure. What is written here reads back exactly, cell by cell; see `cells.guarded`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext

from catalog.tabular.cells import guarded
from catalog.tabular.rows import TableRefused
from catalog.tabular.workbook_writing import write_workbook

_NEEDS_QUOTES = re.compile(r'^\'|[",;|\t\r\n]')
_LOST = re.compile("[\0\ud800-\udfff]")
_BATCH = 500


def write_rows(
    format: str, headers: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = ""
) -> Iterator[bytes]:
    """The table as the bytes of a file. Raises TableRefused for a cell that the format cannot hold."""
    if format == "xlsx":
        return write_workbook(headers, rows, sheet=sheet)
    if format == "json":
        return _batched(_json(headers, rows))
    return _batched(_delimited(headers, rows, "\t" if format == "tsv" else ","))


def _batched(pieces: Iterable[str]) -> Iterator[bytes]:
    pieces = iter(pieces)
    while batch := "".join(islice(pieces, _BATCH)):
        yield batch.encode()


def _delimited(headers: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> Iterator[str]:
    yield delimiter.join(map(_quoted, headers)) + "\n"
    for cells in _storable(headers, rows):
        yield delimiter.join([_quoted(guarded(cell)) for cell in cells]) + "\n"


def _storable(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The rows. Raises TableRefused for NUL and halves of characters, which would not come back."""
    for line, cells in enumerate(rows, 2):
        text = "".join(cells)
        if not text.isprintable() and _LOST.search(text):
            name, cell = next(pair for pair in zip(headers, cells, strict=True) if _LOST.search(pair[1]))
            message = gettext("This cell has a NUL or half of a character in it. Take it out.")
            raise TableRefused(message, line=line, column=name, value=ascii(cell))
        yield cells


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _json(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    before = "[\n"
    for cells in _storable(headers, rows):
        row = dict(zip(headers, map(guarded, cells), strict=True))
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    if before == "[\n":  # a list of nothing would have no headers
        yield json.dumps({"headers": list(headers), "rows": []}, ensure_ascii=False) + "\n"
    else:
        yield "\n]\n"
