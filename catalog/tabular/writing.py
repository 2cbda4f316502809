"""Rows as a file: CSV, TSV, XLSX, JSON, piece by piece.

Pure. What is written here reads back exactly, cell by cell; see `cells.guarded`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from catalog.tabular.cells import guarded

_NEEDS_QUOTES = re.compile(r'^\'|[",;|\t\r\n]')
_BATCH = 500


def write_rows(
    format: str, headers: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = ""
) -> Iterator[bytes]:
    """The table as the bytes of a file. Raises TableRefused for a cell that the format cannot hold."""
    if format == "json":
        return _batched(_json(headers, rows))
    return _batched(_delimited(headers, rows, "\t" if format == "tsv" else ","))


def _batched(pieces: Iterable[str]) -> Iterator[bytes]:
    batch: list[str] = []
    for piece in pieces:
        batch.append(piece)
        if len(batch) >= _BATCH:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()


def _delimited(headers: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> Iterator[str]:
    for cells in (headers, *()):
        yield delimiter.join(map(_quoted, cells)) + "\n"
    for cells in rows:
        yield delimiter.join(_quoted(guarded(cell)) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _json(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    before = "[\n"
    for cells in rows:
        row = dict(zip(headers, map(guarded, cells), strict=True))
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
