"""The formats side by side: how a file is looked at in each, and how its rows come out.

Pure. Which row names the columns and what a row must look like is decided by `reading` and `shaping`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext

from catalog.tabular import delimited, items, markup, workbook
from catalog.tabular.cells import EMPTIES
from catalog.tabular.detected import FORMAT_NAMES, FORMATS, Detected, Overrides
from catalog.tabular.encodings import HEAD, check, encoding_of, open_text
from catalog.tabular.kinds import is_zip, kind_of_text, refuse_foreign
from catalog.tabular.limits import Limits
from catalog.tabular.rows import Clean, Fault, Raw, TableRefused

_SAMPLE = 256 * 1024


def look(path: Path, overrides: Overrides, limits: Limits) -> Detected:
    """What is known of a file before its headers are. Raises TableRefused."""
    _check(overrides)
    with path.open("rb") as file:
        head = file.read(HEAD)
    refuse_foreign(head)
    if not is_zip(head):
        return _look_at_text(path, head, overrides)
    if overrides.format not in {None, "xlsx"}:
        message = gettext("This is a workbook or another zip, it cannot be read as %(format)s.")
        raise TableRefused(message % {"format": FORMAT_NAMES[overrides.format]})
    found = workbook.look(path, limits, sheet=overrides.sheet)
    return _detected(overrides, "xlsx", sheet=found.sheet, sheets=found.sheets, notes=found.notes)


def raws(path: Path, detected: Detected, limits: Limits) -> Iterator[Clean | Raw | Fault]:
    """The rows of the file from its beginning, those above and of the headers too."""
    if detected.format == "xlsx":
        below, width = detected.header_line, len(detected.headers)
        yield from workbook.rows_of(path, detected.sheet, limits, below=below, width=width)
        return
    with open_text(path, detected.encoding, detected.line_end) as stream:
        if detected.format == "json":
            yield from items.rows_of(stream, detected.headers)
        elif detected.format == "html":
            yield from markup.rows_of(stream, int(detected.sheet))
        else:
            dialect = delimited.Dialect(detected.delimiter, detected.quote, detected.line_end)
            yield from delimited.rows_of(stream, dialect, limits)


def _check(overrides: Overrides) -> None:
    if overrides.format not in {None, *FORMATS}:
        raise TableRefused(gettext("There is no format “%(name)s”.") % {"name": overrides.format})
    if overrides.delimiter and (len(overrides.delimiter) > 1 or overrides.delimiter in "\r\n"):
        raise TableRefused(gettext("A delimiter is one character, and no line end."))
    if overrides.quote and (
        len(overrides.quote) > 1 or overrides.quote in f"\r\n {overrides.delimiter or ''}"
    ):
        raise TableRefused(gettext("A quotation mark is one character, and not the delimiter."))


def _look_at_text(path: Path, head: bytes, overrides: Overrides) -> Detected:
    if overrides.format == "xlsx":
        raise TableRefused(gettext("This is a text, it cannot be read as XLSX."))
    encoding = overrides.encoding
    if encoding:
        check(path, encoding)
    else:
        encoding = encoding_of(path, head)
    with open_text(path, encoding) as stream:
        sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise TableRefused(gettext("The file is empty."))
    kind = overrides.format or kind_of_text(sample)
    if kind == "json":
        with open_text(path, encoding) as stream:
            return _detected(overrides, kind, encoding=encoding, headers=items.headers_of(stream))
    if kind == "html":
        with open_text(path, encoding) as stream:
            table = overrides.sheet or str(markup.largest_table(stream))
        if not table.isdecimal():
            raise TableRefused(gettext("There is no table “%(name)s” in the page.") % {"name": table})
        return _detected(overrides, kind, encoding=encoding, sheet=table)
    tab = "\t" if overrides.format == "tsv" else None
    delimiter = overrides.delimiter if overrides.delimiter is not None else tab
    dialect = delimited.dialect_of(sample, delimiter=delimiter, quote=overrides.quote)
    return _detected(
        overrides,
        "tsv" if dialect.delimiter == "\t" else "csv",
        encoding=encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        line_end=dialect.line_end,
    )


def _detected(
    overrides: Overrides,
    format: str,
    *,
    encoding: str = "",
    delimiter: str = "",
    quote: str = "",
    line_end: str = "",
    sheet: str = "",
    sheets: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Detected:
    return Detected(
        format=format,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        line_end=line_end,
        header_line=0,
        sheet=sheet,
        sheets=sheets,
        empties=EMPTIES if overrides.empties is None else overrides.empties,
        headers=headers,
        first_rows=(),
        notes=notes,
        mend=overrides.mend,
    )
