"""Any table: what a file is, how it is read, and its rows.

Pure. `detect` looks at a file and says what it found; a person may overrule it; `read_rows` then streams the
rows in memory that does not grow with the file. Neither raises anything but TableRefused, whatever is in a
file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular import delimited
from catalog.tabular.cells import EMPTIES, tidy
from catalog.tabular.detected import FORMAT_NAMES, Detected, Overrides
from catalog.tabular.encodings import HEAD, check, encoding_of, open_text
from catalog.tabular.headers import LOOKED_AT, header_row, names_of, position_name, trimmed
from catalog.tabular.kinds import lies, refuse_foreign
from catalog.tabular.limits import LIMITS, Limits
from catalog.tabular.rows import Clean, Fault, Raw, Row, RowProblem, TableRefused
from catalog.tabular.shaping import shaped

__all__ = ["Detected", "Overrides", "TableRefused", "detect", "read_rows"]

AS_DETECTED = Overrides()
_SHOWN_ROWS = 10
_SAMPLE = 256 * 1024


def detect(path: Path, *, name: str, overrides: Overrides = AS_DETECTED, limits: Limits = LIMITS) -> Detected:
    """How the file at `path`, which was called `name`, is read. Raises TableRefused when it cannot be."""
    size = path.stat().st_size
    if size > limits.bytes:
        message = gettext("The file is larger than %(limit)s bytes. Split it, or raise TABLE_MAX_BYTES.")
        raise TableRefused(message % {"limit": number_format(limits.bytes, force_grouping=True)})
    with path.open("rb") as file:
        head = file.read(HEAD)
    refuse_foreign(head)
    found = _text(path, head, overrides)
    notes: list[str] = []
    ending = lies(name, found.format)
    if ending:
        message = gettext("The name ends in %(ending)s, but the file is %(format)s.")
        notes.append(message % {"ending": ending, "format": FORMAT_NAMES[found.format]})
    found = _with_headers(path, found, overrides, limits)
    return replace(found, notes=(*notes, *found.notes))


def read_rows(path: Path, detected: Detected, *, limits: Limits = LIMITS) -> Iterator[Row | RowProblem]:
    """The rows below the headers, in the order of the file, one at a time."""
    return shaped(_raws(path, detected, limits), detected, limits)


def _raws(path: Path, detected: Detected, limits: Limits) -> Iterator[Clean | Raw | Fault]:
    with open_text(path, detected.encoding, detected.line_end) as lines:
        dialect = delimited.Dialect(detected.delimiter, detected.quote, detected.line_end)
        yield from delimited.rows_of(lines, dialect, limits)


def _one_by_one(raws: Iterable[Clean | Raw | Fault]) -> Iterator[Raw]:
    """The rows among them that have something in them."""
    for raw in raws:
        if isinstance(raw, Clean):
            yield from ((line, cells) for line, cells in enumerate(raw.rows, raw.line) if any(cells))
        elif not isinstance(raw, Fault) and any(raw[1]):
            yield raw


def _text(path: Path, head: bytes, overrides: Overrides) -> Detected:
    if overrides.encoding:
        encoding = overrides.encoding
        check(path, encoding)
    else:
        encoding = encoding_of(path, head)
    with open_text(path, encoding) as stream:
        sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise TableRefused(gettext("The file is empty."))
    dialect = delimited.dialect_of(sample, delimiter=overrides.delimiter, quote=overrides.quote)
    return Detected(
        format="tsv" if dialect.delimiter == "\t" else "csv",
        encoding=encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        line_end=dialect.line_end,
        header_line=0,
        sheet="",
        sheets=(),
        empties=EMPTIES if overrides.empties is None else overrides.empties,
        headers=(),
        first_rows=(),
        notes=(),
        mend=overrides.mend,
    )


def _with_headers(path: Path, found: Detected, overrides: Overrides, limits: Limits) -> Detected:
    tidied = tidy(frozenset(found.empties))
    rows = [
        (line, [tidied(cell) for cell in cells])
        for line, cells in itertools.islice(_one_by_one(_raws(path, found, limits)), LOOKED_AT)
    ]
    header: Raw | None = None
    if overrides.header_line is None:
        index = header_row(rows)
        header = None if index is None else rows[index]
    elif overrides.header_line:
        header = next((row for row in rows if row[0] >= overrides.header_line), None)
    if header is None:
        width = max((len(trimmed(row[1])) for row in rows), default=0)
        headers = tuple(map(position_name, range(width)))
    else:
        headers = names_of(header[1])
    found = replace(found, header_line=header[0] if header else 0, headers=headers)
    first = itertools.islice(shaped(_raws(path, found, limits), found, limits), _SHOWN_ROWS)
    return replace(found, first_rows=tuple(tuple(row.cells) for row in first if isinstance(row, Row)))
