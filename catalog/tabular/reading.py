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
from django.utils.translation import gettext, ngettext

from catalog.tabular.cells import tidy
from catalog.tabular.detected import FORMAT_NAMES, Detected, Overrides
from catalog.tabular.formats import look, raws
from catalog.tabular.headers import LOOKED_AT, header_row, names_of, position_name, trimmed
from catalog.tabular.kinds import lies
from catalog.tabular.limits import LIMITS, Limits
from catalog.tabular.rows import Clean, Fault, Raw, Row, RowProblem, TableRefused
from catalog.tabular.shaping import shaped
from catalog.tabular.surveying import notes_on

__all__ = ["AS_DETECTED", "Detected", "Overrides", "TableRefused", "detect", "read_rows"]

AS_DETECTED = Overrides()
_SHOWN_ROWS = 10


def detect(path: Path, *, name: str, overrides: Overrides = AS_DETECTED, limits: Limits = LIMITS) -> Detected:
    """How the file at `path`, which was called `name`, is read. Raises TableRefused when it cannot be."""
    if path.stat().st_size > limits.bytes:
        message = gettext("The file is larger than %(limit)s bytes. Split it, or raise TABLE_MAX_BYTES.")
        raise TableRefused(message % {"limit": number_format(limits.bytes, force_grouping=True)})
    found = _with_headers(path, look(path, overrides, limits), overrides, limits)
    notes = list(found.notes)
    ending = lies(name, found.format)
    if ending:
        message = gettext("The name ends in %(ending)s, but the file is %(format)s.")
        notes.insert(0, message % {"ending": ending, "format": FORMAT_NAMES[found.format]})
    rows = shaped(raws(path, found, limits), found, limits)
    shown = [tuple(row.cells) for row in itertools.islice(rows, _SHOWN_ROWS) if isinstance(row, Row)]
    if not found.header_line and found.format != "json":
        notes.append(gettext("No header was found: the columns are named by their position."))
    survey = notes_on(raws(path, found, limits), found)
    return replace(found, first_rows=tuple(shown), notes=(*notes, *survey.notes), damaged=survey.damaged)


def read_rows(path: Path, detected: Detected, *, limits: Limits = LIMITS) -> Iterator[Row | RowProblem]:
    """The rows below the headers, in the order of the file, one at a time. Raises TableRefused."""
    return shaped(raws(path, detected, limits), detected, limits)


def _with_headers(path: Path, found: Detected, overrides: Overrides, limits: Limits) -> Detected:
    if found.headers:
        _refuse_too_wide(found.headers, limits)
        return found
    tidied = tidy(frozenset(found.empties))
    rows = [
        (line, [tidied(cell) for cell in cells])
        for line, cells in itertools.islice(_filled(raws(path, found, limits)), LOOKED_AT)
    ]
    header: Raw | None = None
    if overrides.header_line is None:
        index = header_row(rows)
        header = None if index is None else rows[index]
    elif overrides.header_line:
        header = next((row for row in rows if row[0] >= overrides.header_line), None)
        if header is None:
            message = gettext("No header was found from line %(line)s on. Name another line.")
            raise TableRefused(message % {"line": overrides.header_line}, line=overrides.header_line)
    if header is None:
        headers = tuple(map(position_name, range(max((len(trimmed(row[1])) for row in rows), default=0))))
    else:
        headers = names_of(header[1])
        found = replace(found, notes=(*found.notes, *_notes_on_headers(header, headers, rows)))
    if not headers:
        raise TableRefused(gettext("There is no row in the file that could be read."))
    _refuse_too_wide(headers, limits)
    return replace(found, header_line=header[0] if header else 0, headers=headers)


def _refuse_too_wide(headers: tuple[str, ...], limits: Limits) -> None:
    if len(headers) > limits.columns:
        message = gettext(
            "The table has %(number)s columns, more than %(limit)s. Take some out, or raise "
            "TABLE_MAX_COLUMNS."
        )
        raise TableRefused(message % {"number": len(headers), "limit": limits.columns})


def _notes_on_headers(header: Raw, headers: tuple[str, ...], rows: list[Raw]) -> Iterator[str]:
    line, cells = header
    above = sum(row[0] < line for row in rows)
    if above:
        message = ngettext(
            "%(number)s line above the header is passed over.",
            "%(number)s lines above the header are passed over.",
            above,
        )
        yield message % {"number": above}
    given = [name for name, cell in zip(headers, cells, strict=False) if name != " ".join(cell.split())]
    if given:
        message = gettext("Columns without a name of their own are called: %(names)s.")
        yield message % {"names": ", ".join(given)}


def _filled(rows: Iterable[Clean | Raw | Fault]) -> Iterator[Raw]:
    """The rows among them that have something in them."""
    for raw in rows:
        if isinstance(raw, Clean):
            yield from ((line, cells) for line, cells in enumerate(raw.rows, raw.line) if any(cells))
        elif not isinstance(raw, Fault) and any(raw[1]):
            yield raw
