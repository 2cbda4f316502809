"""The parts of a workbook, which is a zip of XML: checked before they are parsed, and read as streams.

Pure. A part is unpacked once without parsing it, so that a bomb is refused by what it says of itself and by
what comes out; a document type, and with it every entity, is refused where it begins.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.encodings import LINE_MAX
from catalog.tabular.limits import RATIO_FROM, Limits
from catalog.tabular.rows import TableRefused

_PIECE = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # no spreadsheet packs otherwise
_PARTS_MAX = 10_000


class Listener(Protocol):
    """Who is told what stands in a part."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None: ...

    def end(self, tag: str, /) -> None: ...

    def text(self, text: str, /) -> None: ...


class Package:
    """A zip whose parts are read within limits."""

    def __init__(self, packed: zipfile.ZipFile, limits: Limits) -> None:
        self._packed = packed
        self._limits = limits
        self.names = frozenset(packed.namelist())

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part in pieces. Raises TableRefused when it is not there, damaged, or too large."""
        size = 0
        try:
            with self._packed.open(name) as part:
                while piece := part.read(_PIECE):
                    size += len(piece)
                    if size > self._limits.unpacked_bytes:
                        raise _too_large(self._limits)
                    yield piece
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise damaged() from error

    def checked(self, name: str) -> Iterator[bytes]:
        """The part in pieces, before it is parsed: in proportion, with markup and words of a sane length."""
        info = self._packed.getinfo(name)
        size = tail = 0
        for piece in self.pieces(name):
            size += len(piece)
            if size > max(RATIO_FROM, self._limits.ratio * info.compress_size):
                raise _out_of_ratio(self._limits)
            last = piece.rfind(b"<")
            tail = tail + len(piece) if last < 0 else len(piece) - last
            if tail > LINE_MAX:
                raise damaged()
            yield piece

    def parse(self, name: str, listener: Listener) -> Iterator[None]:
        """Tell what is in a part, with names as they stand there; comes back after every piece."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = listener.start
        parser.EndElementHandler = listener.end
        parser.CharacterDataHandler = listener.text
        try:
            for piece in self.pieces(name):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # It says that it is in an encoding that there is not, or none that expat can be taught.
            raise damaged() from error
        yield


@contextmanager
def open_package(path: Path, limits: Limits) -> Iterator[Package]:
    """The zip at `path`. Raises TableRefused when it is damaged, locked or, as it says itself, too large."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise TableRefused(gettext("The file has a password. Save it without one."))
            if any(part.compress_type not in _METHODS for part in parts):
                raise damaged()
            size = sum(part.file_size for part in parts)
            if size > limits.unpacked_bytes or len(parts) > _PARTS_MAX:
                raise _too_large(limits)
            if size > max(RATIO_FROM, limits.ratio * path.stat().st_size):
                raise _out_of_ratio(limits)
            yield Package(packed, limits)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError) as error:
        raise damaged() from error


def damaged() -> TableRefused:
    return TableRefused(
        gettext("The workbook is damaged. Open it in a spreadsheet, save it anew and send that.")
    )


def _refuse_document_type(*about: object) -> None:
    raise TableRefused(
        gettext(
            "The workbook has a document type, which workbooks never have. Open it in a spreadsheet and "
            "save it anew."
        )
    )


def _too_large(limits: Limits) -> TableRefused:
    message = gettext(
        "Unpacked, the file is larger than %(limit)s bytes. Split it, or raise TABLE_MAX_UNPACKED_BYTES."
    )
    return TableRefused(message % {"limit": number_format(limits.unpacked_bytes, force_grouping=True)})


def _out_of_ratio(limits: Limits) -> TableRefused:
    message = gettext(
        "Unpacked, the file is more than %(ratio)s times as large. Save it as CSV, or raise TABLE_MAX_RATIO."
    )
    return TableRefused(message % {"ratio": limits.ratio})
