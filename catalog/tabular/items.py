"""Tables in JSON: a list of objects, a list of lists, or `{"headers": […], "rows": […]}`.

Pure. The items are decoded one at a time (RFC 8259), so that memory does not grow with the file. Numbers stay
the text they are, whatever their length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.headers import names_of
from catalog.tabular.numbers import number_text
from catalog.tabular.rows import Fault, Raw, TableRefused, shortened

# One item is held in memory; more characters are no row of a table.
ITEM_MAX = 8 * 1024 * 1024
_PIECE = 64 * 1024
_LOOKED_AT = 1000
_SPACE = re.compile(r"[ \t\r\n]*")


class _Pairs(list[tuple[str, Any]]):
    """An object, with every name as often as it is there."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs,
    parse_int=str,
    parse_float=number_text,
    parse_constant=lambda name: None if name == "NaN" else name,
)


def headers_of(stream: TextIO) -> tuple[str, ...]:
    """The names of the columns; empty when the rows are lists, of which the first one may name them."""
    reader = _Reader(stream)
    keys: dict[str, None] = {}
    for number, item in reader.items():
        if isinstance(item, _Pairs):
            keys.update((name, None) for name in map(_name, item))
        if number >= _LOOKED_AT and (reader.headers is not None or not reader.is_wrapped):
            break
    if reader.headers is not None:
        return names_of([_text(header) or "" for header in reader.headers])
    return tuple(keys)


def rows_of(stream: TextIO, headers: Sequence[str]) -> Iterator[Raw | Fault]:
    """The rows, each with the number of its item for a line; without `headers` only lists have cells."""
    places = {name: index for index, name in enumerate(headers)}
    for number, item in _Reader(stream).items():
        if isinstance(item, _Pairs):
            yield _from_object(number, item, places)
        elif isinstance(item, list):
            yield _from_list(number, item)
        else:
            message = gettext(
                "Item %(number)s is no row. Write it as an object: a name and a value per column."
            )
            yield Fault(number, -1, shortened(_sound(str(item))), message % {"number": number})


def _from_object(number: int, item: _Pairs, places: dict[str, int]) -> Raw | Fault:
    cells = [""] * len(places)
    seen = set()
    for pair in item:
        name = _name(pair)
        column = places.get(name, -1)
        text = _text(pair[1])
        if name in seen or column < 0:
            if name in seen:
                message = gettext("The name “%(name)s” is there twice. Keep one of the two.")
            else:
                message = gettext(
                    "The first items have no “%(name)s”. Give it to the first one too, or take it out."
                )
            return Fault(number, column, shortened(text or ""), message % {"name": name})
        if text is None:
            return _nested(number, column, pair[1])
        seen.add(name)
        cells[column] = text
    return number, cells


def _from_list(number: int, item: list[Any]) -> Raw | Fault:
    cells = []
    for column, value in enumerate(item):
        text = _text(value)
        if text is None:
            return _nested(number, column, value)
        cells.append(text)
    return number, cells


def _nested(number: int, column: int, value: Any) -> Fault:
    if isinstance(value, str):
        return Fault(number, column, "", gettext("There is half of a character in this cell. Write it anew."))
    message = gettext(
        "There is a list or an object in this cell. Write a text, a number, or true, false, null."
    )
    return Fault(number, column, _beginning(value), message)


def _beginning(value: Any) -> str:
    """The beginning of a list or an object; nothing of one so deep that Python cannot write it."""
    try:
        return shortened(json.dumps(value))
    except RecursionError:
        return ""


def _name(pair: tuple[str, Any]) -> str:
    return " ".join(_sound(pair[0]).split())


def _sound(text: str) -> str:
    """The text without NUL and halves of characters, which neither a file nor a database takes."""
    if "\0" not in text and text.isascii():
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _text(value: Any) -> str | None:
    """The value as a cell; None when a cell cannot hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and "\0" not in value:
        return value if value.isascii() or value.encode("utf-8", "ignore").decode() == value else None
    return None


class _Reader:
    """Reads a stream item by item."""

    def __init__(self, stream: TextIO) -> None:
        self.headers: list[Any] | None = None
        self.is_wrapped = False
        self._stream = stream
        self._text = ""
        self._at = 0
        self._number = 0
        self._is_over = False

    def items(self) -> Iterator[tuple[int, Any]]:
        """The items of the list with their numbers, which count from 1. Raises TableRefused."""
        first = self._next()
        if first == "[":
            yield from self._list()
        elif first == "{":
            self.is_wrapped = True
            yield from self._object()
        else:
            raise self._refused()
        if self._next():
            raise self._refused()

    def _object(self) -> Iterator[tuple[int, Any]]:
        has_rows = False
        self._take("{")
        while self._next() != "}":
            name = self._value()
            self._take(":")
            if name == "rows" and self._next() == "[":
                has_rows = True
                yield from self._list()
            else:
                value = self._value()
                if name == "headers" and isinstance(value, list):
                    self.headers = value
            if self._next() != "}":
                self._take(",")
        self._take("}")
        if not has_rows or self.headers is None:
            raise TableRefused(
                gettext(
                    "This JSON is no table. Write a list of objects, or an object with “headers” and “rows”."
                )
            )

    def _list(self) -> Iterator[tuple[int, Any]]:
        self._take("[")
        while self._next() != "]":
            self._number += 1
            yield self._number, self._value()
            if self._next() != "]":
                self._take(",")
        self._take("]")

    def _next(self) -> str:
        """The next character that is no space, without taking it; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> None:
        if self._next() != character:
            raise self._refused()
        self._at += 1

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as error:
                message = gettext("Item %(number)s is nested too deeply. A table has rows and cells only.")
                raise TableRefused(message % {"number": self._number}, line=self._number) from error
            except ValueError as error:
                if self._more():
                    continue
                raise self._refused() from error
            # A number may go on in the next piece.
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def _more(self) -> bool:
        """Whether there was more of the stream; it stands behind what is not taken yet."""
        if self._is_over:
            return False
        rest = self._text[self._at :]
        if len(rest) > ITEM_MAX:
            message = gettext("Item %(number)s has more than %(limit)s characters. Is this a table?")
            limit = number_format(ITEM_MAX, force_grouping=True)
            raise TableRefused(message % {"number": self._number, "limit": limit}, line=self._number)
        # Twice as much each time, so that a long item is not decoded over and over.
        piece = self._stream.read(max(_PIECE, len(rest)))
        self._is_over = not piece
        self._text, self._at = rest + piece, 0
        return bool(piece)

    def _refused(self) -> TableRefused:
        message = gettext("This is no JSON after item %(number)s: look at “%(text)s”. Export the file anew.")
        text = shortened(self._text[self._at : self._at + 200].strip())
        return TableRefused(message % {"number": self._number, "text": text}, line=self._number, value=text)
