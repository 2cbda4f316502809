"""Which encoding a text is in, and the text as a stream.

Pure. In this order: the byte order mark, UTF-16 by its zero bytes, UTF-8 when all of the file is,
Windows-1252 or Mac Roman by which of the two gives words, and what charset-normalizer finds. The whole file
is decoded once, in pieces, before its encoding counts as known.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.tabular.rows import TableRefused

HEAD = 64 * 1024
# Longer lines are no rows of a table, and would not fit into memory.
LINE_MAX = 16 * 1024 * 1024
_PIECE = 1024 * 1024
# The order matters: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PUNCTUATION = frozenset("‘’‚“”„–—…«»¿¡°§©®™€£\xa0·•†ºª²³½¼×")
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\v\f\r\x1b")


def encoding_of(path: Path, head: bytes) -> str:
    """The encoding of the text at `path`, of which `head` is the beginning. Raises TableRefused."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            check(path, encoding)
            return encoding
    wide = _wide(head)
    if wide:
        check(path, wide)
        return wide
    try:
        check(path, "utf-8")
    except _NotIn:
        pass
    else:
        return "utf-8"
    if sum(byte in _CONTROLS for byte in head) * 50 > len(head):
        raise _not_a_text()
    encoding = _eight_bits(b"".join(_beyond_ascii(path)))
    check(path, encoding)
    return encoding


def check(path: Path, encoding: str) -> None:
    """Raises TableRefused unless all of the file is text in `encoding`, without NUL, in sane lines."""
    line = 1
    length = 0
    for text in _decoded(path, encoding):
        if "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            message = gettext("There is a NUL character in line %(line)s. Take it out.")
            raise TableRefused(message % {"line": line}, line=line)
        line += text.count("\n")
        end = text.rfind("\n") if line > 1 else text.rfind("\r")
        length = length + len(text) if end < 0 else len(text) - end
        if length > LINE_MAX:
            message = gettext("Line %(line)s has more than %(limit)s characters. Is this a table?")
            limit = number_format(LINE_MAX, force_grouping=True)
            raise TableRefused(message % {"line": line, "limit": limit}, line=line)


def open_text(path: Path, encoding: str, line_end: str = "") -> io.TextIOWrapper:
    """The text as a stream of lines, each with the line end it has in the file.

    Where lines end with a line feed, a carriage return alone is a part of its line.
    """
    return path.open("r", encoding=encoding, newline="\n" if line_end.endswith("\n") else "")


class _NotIn(TableRefused):
    """The file is not in the encoding that was tried."""


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    try:
        "".encode(encoding)  # some codecs are none of texts
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, ValueError, TypeError) as error:
        message = gettext("There is no encoding “%(name)s”. Choose another.")
        raise TableRefused(message % {"name": encoding}) from error
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeError as error:
                before = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
                line += before.count(b"\n")
                message = gettext("Line %(line)s is not written in %(name)s. Choose another encoding.")
                raise _NotIn(message % {"line": line, "name": encoding}, line=line) from error
            line += text.count("\n")
            yield text
            if not piece:
                return


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: text in most scripts has a zero in every other byte, or equal high bytes."""
    sample = head[: len(head) // 2 * 2]
    if len(sample) < 4 or not sample.count(0):
        return ""
    for encoding, high, low in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if high.count(0) * 10 > len(high) and low.count(0) * 50 < len(low) + 50:
            try:
                text = codecs.getincrementaldecoder(encoding)().decode(sample)
            except UnicodeError:
                continue
            if "\0" not in text and sum(map(_is_common, text)) * 20 > len(text) * 19:
                return encoding
    return ""


def _is_common(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _beyond_ascii(path: Path) -> Iterator[bytes]:
    """The lines that are more than ASCII, up to a sample that is large enough to judge."""
    size = 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(HEAD), b""):
            if not line.isascii():
                yield line
                size += len(line)
                if size > HEAD:
                    return


def _eight_bits(sample: bytes) -> str:
    if b"\0" in sample:
        raise _not_a_text()
    best = max(("cp1252", "mac_roman"), key=lambda name: _plausibility(sample, name))
    if _plausibility(sample, best) >= 0.5:
        return best
    guess = from_bytes(sample).best()
    if guess is None or "\0" in str(guess):
        raise TableRefused(
            gettext("The encoding of the file cannot be told. Choose it, or save the file as UTF-8.")
        )
    return guess.encoding


def _plausibility(sample: bytes, encoding: str) -> float:
    """How much the bytes beyond ASCII look like letters of Western words: at most 1."""
    text = sample.decode(encoding, "replace")
    letters = sum(map(str.isalpha, text))
    points = 0.0
    beyond = 0
    for before, one, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if one < "\x80":
            continue
        beyond += 1
        inside = before.isalpha() and after.isalpha()
        if one == "\ufffd" or (not one.isprintable() and one != "\xa0"):
            points -= 3
        elif one.isalpha():
            fits = one.islower() or not before.islower()
            points += 1 if fits and one not in "ƒˆˇªºﬁﬂıµΩπ∂" else -2
        elif one in _PUNCTUATION:
            points += -1 if inside and one not in "’–·" else (0 if inside and one == "–" else 1)
        else:
            points -= 1
    if not beyond:
        return 1.0
    accented = sum(one > "\x7f" and one.isalpha() for one in text)
    return points / beyond if accented * 2 <= letters else -1.0


def _not_a_text() -> TableRefused:
    return TableRefused(
        gettext("This is neither a text nor a workbook. Save the table as CSV (UTF-8) or XLSX and send that.")
    )
