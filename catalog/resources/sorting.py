"""Rows in their natural order, sorted on disk when they are many. Pure.

Text sorts by code points, and digits in it as the numbers they are: databases do it in different ways.
"""

from __future__ import annotations

import heapq
import pickle
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import islice
from typing import Any

_DIGITS = re.compile(r"(\d+)", re.ASCII)
_ROWS_IN_MEMORY = 25_000
_ITEMS_IN_A_BLOCK = 250
_END = b"\0"
_Keyed = tuple[bytes, list[str]]


def natural_key(cells: Sequence[str]) -> bytes:
    """What rows with these cells sort by: compared byte by byte, numbers in them count as numbers."""
    return b"".join(map(_natural, cells))


def sorted_rows(
    rows: Iterable[list[str]], key: Callable[[list[str]], bytes], most: int = _ROWS_IN_MEMORY
) -> Iterator[list[str]]:
    """The rows in the order of their keys, those with equal keys as they came. At most `most` in memory."""
    rest = iter(rows)
    some = _keyed(islice(rest, most), key)
    if len(some) < most:
        yield from (row for _key, row in some)
        return
    with ExitStack() as stack:
        runs = []
        while some:
            runs.append(stack.enter_context(Spool()))
            runs[-1].put(some)
            some = _keyed(islice(rest, most), key)
        yield from (row for _key, row in heapq.merge(*runs, key=_by_key))


class Spool:
    """Anything in order, kept on disk until it is asked for; gone when it is closed."""

    def __enter__(self) -> Spool:
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def put(self, items: list[Any]) -> None:
        for start in range(0, len(items), _ITEMS_IN_A_BLOCK):
            pickle.dump(items[start : start + _ITEMS_IN_A_BLOCK], self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        while True:
            try:
                yield from pickle.load(self._file)  # noqa: S301 - nobody but `put` writes there
            except EOFError:
                return


def _by_key(pair: _Keyed) -> bytes:
    return pair[0]


def _keyed(rows: Iterable[list[str]], key: Callable[[list[str]], bytes]) -> list[_Keyed]:
    return sorted([(key(row), row) for row in rows], key=_by_key)


@lru_cache(maxsize=20_000)
def _natural(cell: str) -> bytes:
    """The cell so that bytes compare as its parts do: words, and between them numbers."""
    parts = _DIGITS.split(cell)
    made = parts[0].encode() + _END
    for index in range(1, len(parts), 2):
        digits = parts[index].lstrip("0").encode()
        made += _length(len(digits)) + digits + parts[index + 1].encode() + _END
    return made + _END


def _length(count: int) -> bytes:
    """How many digits a number has, so that longer ones sort later, and all of them after `_END`."""
    return bytes([count + 1]) if count < 254 else b"\xff" + count.to_bytes(4)
