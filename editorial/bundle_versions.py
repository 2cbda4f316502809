"""Which versions of the bundle's format there are, and how the tables of an older one become today's.

Pure. A version is raised when a bundle that was complete no longer is: each step says which columns came with
it. Tables that came later are simply not in an older bundle, and what they would hold stays as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from catalog.resources.tables import write_table

VERSION = 2
OLDEST = 1

# By version, the columns that came with it; in what is older they are empty.
_ADDED: Mapping[int, Mapping[str, Sequence[str]]] = {
    2: {
        "statements.csv": ("gives_away",),
        "photos.csv": ("gives_away",),
        "sources.csv": ("quote_limit",),
        "passages.csv": ("state",),
    },
}


def is_older(version: int, name: str) -> bool:
    """Whether the table `name` has columns today that it did not have in a bundle of `version`."""
    return bool(_added_since(version, name))


def migrated(version: int, name: str, raw: bytes) -> bytes:
    """The table `name` of a bundle of `version` with the columns that today's has, each row in its old line.

    What cannot be read comes back as it is: reading it says what is wrong.
    """
    wanted = _added_since(version, name)
    if not wanted:
        return raw
    try:
        text = raw.decode("utf-8-sig")
        return "".join(_widened(text, wanted)).encode()
    except (UnicodeDecodeError, csv.Error):
        return raw


def _added_since(version: int, name: str) -> list[str]:
    return [
        column for later in range(version + 1, VERSION + 1) for column in _ADDED.get(later, {}).get(name, ())
    ]


def _widened(text: str, wanted: Sequence[str]) -> Iterator[str]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    missing: list[str] | None = None
    line = 0
    for cells in reader:
        if not cells:
            continue
        if missing is None:
            missing = [column for column in wanted if column not in cells]
            more = missing
        else:
            more = [""] * len(missing)
        row = write_table([*cells, *more], ())
        yield "\n" * (reader.line_num - line - len(list(io.StringIO(row, newline=""))))
        yield row
        line = reader.line_num
