"""Texts with delimiters: which ones, and the rows between them.

Pure. RFC 4180 with the delimiters and quotation marks that people use. A quotation mark that is not closed
costs the line it stands on, not the rest of the file. A block of lines that holds nothing but cells is split
at once, which is as fast as `csv` is.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TextIO

from django.utils.translation import gettext

from catalog.tabular.limits import Limits
from catalog.tabular.rows import Clean, Fault, Raw, shortened

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")
_LINE = re.compile(r"\r\n|\n|\r")
_WRAPPED = {
    quote: re.compile(
        r"(?:(?<=[,;\t|\r\n])|\A)[ ]*"
        rf"{quote}(?:[^{quote}]|{quote}{quote}){{0,2000}}{quote}"
        r"[ ]*(?=[,;\t|\r\n]|\Z)"
    )
    for quote in QUOTES
}
# How many lines of the beginning are looked at, and how many of them have the delimiter at least.
_LOOKED_AT = 200
_BLOCK = 32 * 1024
# What `str.strip` takes away besides the space.
_SPACES = "\t\v\f\x1c\x1d\x1e\x1f"
_WIDE_SPACES = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are kept apart; `delimiter` and `quote` are empty for one column and for no quoting."""

    delimiter: str
    quote: str
    line_end: str


def dialect_of(sample: str, *, delimiter: str | None = None, quote: str | None = None) -> Dialect:
    """The dialect of a text that begins with `sample`, as far as it is not given."""
    bare = sample
    if quote is None:
        quote = '"'
        if not _WRAPPED['"'].search(sample) and len(_WRAPPED["'"].findall(sample)) > 1:
            quote = "'"
    if quote in _WRAPPED:
        bare = _WRAPPED[quote].sub("", sample)
    if delimiter is None:
        lines = [line for line in _LINE.split(bare) if line.strip()][:_LOOKED_AT]
        delimiter = max(DELIMITERS, key=lambda one: _evenness(lines, one))
        if not _evenness(lines, delimiter)[0]:
            delimiter = ""
    return Dialect(delimiter, quote, _line_end(sample))


def rows_of(stream: TextIO, dialect: Dialect, limits: Limits) -> Iterator[Clean | Raw | Fault]:
    """The rows of a text that `encodings.open_text` opened; empty lines are none."""
    delimiter, quote = dialect.delimiter, dialect.quote
    source = _Lines(stream)
    may_be_clean = delimiter and dialect.line_end != "\r" and limits.cell_characters >= 2 * _BLOCK
    while block := source.block():
        text = block.replace("\r\n", "\n")
        if may_be_clean and _is_clean(text, delimiter, quote):
            rows = [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
            yield Clean(source.number + 1, rows)
            source.number += len(rows)
            continue
        for line in source.lines_of(block, "\n" if dialect.line_end.endswith("\n") else ""):
            if quote and quote in line:
                yield _quoted(line, source, dialect, limits)
            else:
                text = line.rstrip("\r\n")
                yield source.number, text.split(delimiter) if delimiter else [text]


def _is_clean(text: str, delimiter: str, quote: str) -> bool:
    """Whether no cell in these lines has quotation marks, apostrophes or white space around it."""
    if "'" in text or "\r" in text or (quote and quote in text) or len(text) > 2 * _BLOCK:
        return False
    spaces = _SPACES if text.isascii() else _SPACES + _WIDE_SPACES
    if any(space in text for space in spaces if space != delimiter):
        return False
    return not (text.startswith(" ") or text.endswith(" ") or _padding(delimiter).search(text))


@cache
def _padding(delimiter: str) -> re.Pattern[str]:
    # It begins with the space, so that only spaces are looked at.
    beside = f"[{re.escape(delimiter)}\n]"
    return re.compile(f" (?:{beside}|(?<={beside} ))")


class _Lines:
    """Lines with the number of the newest, of which some can be given back."""

    def __init__(self, stream: TextIO) -> None:
        self.number = 0
        self._stream = stream
        self._back: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else self._stream.readline()
        if not line:
            raise StopIteration
        self.number += 1
        return line

    def block(self) -> str:
        """The next lines, whole ones; empty at the end. Only when none were given back."""
        return self._stream.read(_BLOCK) + self._stream.readline()

    def lines_of(self, block: str, newline: str) -> Iterator[str]:
        """The lines of a block one by one, and those of them that are given back once more."""
        self._back = list(io.StringIO(block, newline=newline))[::-1]
        while self._back:
            yield next(self)

    def give_back(self, lines: Sequence[str]) -> None:
        self._back.extend(reversed(lines))
        self.number -= len(lines)

    def up_to(self, quote: str, most: int) -> list[str]:
        """The next lines, up to one with a quotation mark, about `most` characters at most."""
        taken: list[str] = []
        for line in self:
            taken.append(line)
            most -= len(line)
            if quote in line or most < 0:
                break
        return taken


class _Broken(Exception):
    """The cell that a quotation mark opens at `start` of the record goes wrong at `at`."""

    def __init__(self, column: int, start: int, at: int | None) -> None:
        super().__init__()
        self.column = column
        self.start = start
        self.at = at  # None while it is open


def _quoted(line: str, source: _Lines, dialect: Dialect, limits: Limits) -> Raw | Fault:
    """The row that begins with `line`, in which there is a quotation mark."""
    first = source.number
    taken = [line]
    while True:
        record = "".join(taken)
        try:
            return first, _cells(record, dialect)
        except _Broken as broken:
            if broken.at is None:
                room = limits.cell_characters - (len(record) - broken.start)
                more = source.up_to(dialect.quote, room) if room > 0 else []
                taken += more
                if more and dialect.quote in more[-1]:
                    continue
            return _given_up(broken, taken, first, source)


def _given_up(broken: _Broken, taken: list[str], first: int, source: _Lines) -> Fault:
    """What is wrong with the record; its lines after the one that is to blame are given back."""
    record = "".join(taken)
    begun = record.count("\n", 0, broken.start) if "\n" in record else record.count("\r", 0, broken.start)
    value = shortened(_LINE.split(record[broken.start :], maxsplit=1)[0])
    if broken.at is not None and not _LINE.search(record, broken.start, broken.at):
        blamed = len(taken)
        message = gettext(
            "There is a quotation mark inside the cell in quotation marks. Write it twice there."
        )
    else:
        blamed = begun + 1
        message = gettext("The quotation mark that opens this cell is not closed. Close it, or take it out.")
    source.give_back(taken[blamed:])
    return Fault(first + begun, broken.column, value, message)


def _cells(record: str, dialect: Dialect) -> list[str]:
    """The cells of a complete record. Raises _Broken."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if f"{delimiter} {quote}" not in record and record[0] != " ":
        try:
            return next(csv.reader((record,), delimiter=delimiter or ",", quotechar=quote, strict=True))
        except csv.Error:
            pass
    return list(_lenient(record, delimiter, quote))


def _lenient(record: str, delimiter: str, quote: str) -> Iterator[str]:
    """As `csv` would, with spaces around quotation marks, in cells of any length."""
    text = record.rstrip("\r\n")
    column = position = 0
    while True:
        start = position
        while text.startswith(" ", start):
            start += 1
        if text.startswith(quote, start):
            end = _closing(record, start, quote, column)
            yield record[start + 1 : end].replace(quote * 2, quote)
            after = end + 1
            while text.startswith(" ", after):
                after += 1
            if after < len(text) and not (delimiter and text.startswith(delimiter, after)):
                raise _Broken(column, start, after)
        else:
            after = text.find(delimiter, position) if delimiter else -1
            after = after if after >= 0 else len(text)
            yield text[position:after]
        if after >= len(text):
            return
        position = after + 1
        column += 1


def _closing(record: str, start: int, quote: str, column: int) -> int:
    position = start + 1
    while True:
        end = record.find(quote, position)
        if end < 0:
            raise _Broken(column, start, None)
        if not record.startswith(quote, end + 1):
            return end
        position = end + 2


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How alike the lines are in the number of their delimiters, and how many that are mostly."""
    counts = Counter(line.count(delimiter) for line in lines)
    without = counts.pop(0, 0)
    if not counts or without > len(lines) * _SHARE:
        return 0.0, 0
    number, times = counts.most_common(1)[0]
    return times / len(lines), number


def _line_end(sample: str) -> str:
    if "\r\n" in sample:
        return "\r\n"
    return "\n" if "\n" in sample else "\r" if "\r" in sample else "\n"
