"""Tables in web pages, which some programs save under the name of a workbook.

Pure. The largest table of the page is read; a cell that goes over several rows (HTML, `rowspan`) has its
value in each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TextIO

from django.utils.formats import number_format
from django.utils.translation import gettext
from lxml import etree

from catalog.tabular.rows import Raw, TableRefused
from catalog.tabular.sheet import COLUMNS_MAX

# What libxml2 reads of a page is held in memory for a while.
MARKUP_MAX = 64 * 1024 * 1024
_SPAN_MAX = 1000
_BREAK = "\u2028"  # what Unicode has for a line break


def largest_table(stream: TextIO) -> int:
    """The number, from 1, of the table with the most rows. Raises TableRefused when there is none."""
    rows = Counter(number for number, _row in _tables(stream))
    if not rows:
        raise TableRefused(gettext("There is no table in this web page. Save the table as XLSX or CSV."))
    return max(rows, key=lambda number: (rows[number], -number))


def rows_of(stream: TextIO, table: int) -> Iterator[Raw]:
    """The rows of the table with this number, each with its own."""
    spans: dict[int, tuple[int, str]] = {}
    line = 0
    for number, row in _tables(stream):
        if number == table:
            line += 1
            yield line, _cells(row, spans)


class _Bytes:
    """A text as a file of UTF-8, no larger than can be held."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        raw = self._stream.read(size).encode()
        self._size += len(raw)
        if self._size > MARKUP_MAX:
            message = gettext("The web page is larger than %(limit)s bytes. Save its table as CSV.")
            raise TableRefused(message % {"limit": number_format(MARKUP_MAX, force_grouping=True)})
        return raw


def _tables(stream: TextIO) -> Iterator[tuple[int, Any]]:
    """The rows of all tables, each with the number of the innermost table that it is in."""
    inside: list[int] = []
    count = 0
    events = etree.iterparse(
        _Bytes(stream),
        events=("start", "end"),
        tag=("table", "tr"),
        html=True,
        encoding="utf-8",
        no_network=True,
    )
    try:
        for event, element in events:
            if element.tag == "table" and event == "start":
                count += 1
                inside.append(count)
            elif element.tag == "table":
                inside.pop()
                element.clear()
            elif event == "end":
                if inside:
                    yield inside[-1], element
                element.clear()
    except etree.LxmlError as error:
        raise _unreadable() from error


def _cells(row: Any, spans: dict[int, tuple[int, str]]) -> list[str]:
    """The cells of a row; `spans` are the values that go on, by column, with the number of rows left.

    Raises TableRefused for more than a sheet could have: few bytes of a page say very many cells.
    """
    cells: list[str] = []

    def go_on() -> None:
        while len(cells) in spans:
            left, value = spans[len(cells)]
            if left > 1:
                spans[len(cells)] = left - 1, value
            else:
                del spans[len(cells)]
            cells.append(value)

    for element in row.iterchildren("td", "th"):
        go_on()
        for line_break in element.iter("br"):
            line_break.tail = _BREAK + (line_break.tail or "")
        lines = "".join(element.itertext()).split(_BREAK)
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        rows = _span(element.get("rowspan"))
        end = len(cells) + _span(element.get("colspan"))
        if end > COLUMNS_MAX:
            raise _unreadable()
        for column in range(len(cells), end):
            value = text if column == len(cells) else ""
            cells.append(value)
            if rows > 1:
                spans[column] = rows - 1, value
    go_on()
    return cells


def _unreadable() -> TableRefused:
    return TableRefused(gettext("This web page cannot be read. Save its table as XLSX or CSV."))


def _span(value: str | None) -> int:
    return min(int(value), _SPAN_MAX) if value and value.isdecimal() and len(value) < 6 and int(value) else 1
