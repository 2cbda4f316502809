"""The strings that the sheets of a workbook share, in memory that does not grow with their number.

Pure. SpreadsheetML (ECMA-376 part 1, 18.4 and 22.9.2.19): text in runs, characters that XML does not hold as
`_xHHHH_`.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.tabular.packed import Package

_ESCAPED = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_UNIT = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """`strings[3]` is the fourth; IndexError for one that is not there."""

    def __init__(self) -> None:
        self._ends = array("Q", [0])
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the sheet is read
        self._bytes: mmap.mmap | bytes = b""

    def __getitem__(self, index: int) -> str:
        if index < 0:
            raise IndexError(index)
        end = self._ends[index + 1]
        return self._bytes[self._ends[index] : end].decode()

    def add(self, text: str) -> None:
        raw = text.encode()
        self._file.write(raw)
        self._ends.append(self._ends[-1] + len(raw))

    def seal(self) -> None:
        """All are there."""
        self._file.flush()
        if self._ends[-1]:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()


@contextmanager
def shared_strings(package: Package, name: str | None) -> Iterator[SharedStrings]:
    """The strings of the part `name`; none without it."""
    strings = SharedStrings()
    try:
        if name:
            for _raw in package.checked(name):
                pass
            for _piece in package.parse(name, _Items(strings)):
                pass
        strings.seal()
        yield strings
    finally:
        strings.close()


def unescaped(text: str) -> str:
    """The text with the characters that its `_xHHHH_` stand for; halves of characters and NUL stay."""
    return _ESCAPED.sub(_characters, text) if "_x" in text else text


def local(tag: str) -> str:
    """The name of an element without its prefix."""
    return tag.rpartition(":")[2]


class _Items:
    """Listens to the part of the shared strings: an `si` is one, `rPh` says only how it is pronounced."""

    def __init__(self, strings: SharedStrings) -> None:
        self._strings = strings
        self._pieces: list[str] = []
        self._listening = False
        self._silent = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._silent += 1
        self._listening = tag == "t" and not self._silent

    def end(self, tag: str) -> None:
        tag = local(tag)
        self._listening = False
        if tag == "si":
            self._strings.add(unescaped("".join(self._pieces)))
        elif tag == "rPh":
            self._silent -= 1

    def text(self, text: str) -> None:
        if self._listening:
            self._pieces.append(text)


def _characters(match: re.Match[str]) -> str:
    units = bytes.fromhex("".join(_UNIT.findall(match[0])))
    try:
        text = units.decode("utf-16-be")
    except UnicodeDecodeError:
        return match[0]
    return match[0] if "\0" in text else text
