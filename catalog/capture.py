"""The capture rule: from the bytes of a document to the text that is hashed, frozen and cited.

A BOM is stripped and CRLF becomes LF; nothing else is changed, so that offsets (Unicode code points)
mean the same on every machine. `capture` takes UTF-8 and nothing else, `decode` finds the encoding out.
Which source a text belongs to is decided by `catalog.actions`.
"""

from __future__ import annotations

import codecs
import hashlib
import re

from charset_normalizer import from_bytes
from django.utils.formats import number_format
from django.utils.translation import gettext

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The order matters: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What servers call so has always been read as Windows-1252 (WHATWG Encoding, 4.2).
_WESTERN = frozenset({"ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1"})
_SIGN_IN_A_WORD = re.compile(r"[^\W\d_][¢-©«-¬®-±¶¸-¹»-¿×÷][^\W\d_]")
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b")


class CaptureError(ValueError):
    """The bytes are no text that can be captured; str() says why and what to do."""


def capture(raw: bytes, *, limit: int) -> str:
    """The text of `raw`, at most `limit` bytes of UTF-8. Raises CaptureError."""
    check_size(raw, limit)
    if raw.startswith(_UTF16):
        raise CaptureError(gettext("It is written in UTF-16. Save it as UTF-8."))
    if _is_binary(raw):
        raise _not_a_text()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CaptureError(
            gettext("It is not written in UTF-8 (line %(line)s). Save it as UTF-8.")
            % {"line": raw.count(b"\n", 0, error.start) + 1}
        ) from error
    return settle(text, limit=limit)


def check_size(raw: bytes, limit: int) -> None:
    """Raises CaptureError when `raw` has more than `limit` bytes."""
    if len(raw) > limit:
        raise CaptureError(
            gettext("It is larger than %(limit)s bytes. Split it, or raise SOURCE_MAX_BYTES.")
            % {"limit": number_format(limit, force_grouping=True)}
        )


def settle(text: str, *, limit: int) -> str:
    """The capture rule for characters: the text without its BOM, with LF for CRLF.

    Raises CaptureError when nothing is left or it has more than `limit` bytes of UTF-8.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise CaptureError(gettext("It is empty."))
    check_size(text.encode(), limit)
    return text


def decode(raw: bytes, *declared: str) -> str:
    """The characters of `raw`: by its byte order mark, a `declared` encoding, or what it looks like.

    Tried in this order: the mark, `declared`, UTF-8, Windows-1252 where that gives Western words, and
    what charset-normalizer finds. Raises CaptureError for bytes that are no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            text = _decoded(raw, encoding)
            if text is None or "\0" in text:
                raise _not_a_text()
            return text.removeprefix("\ufeff")
    wide = [name for name in declared if name.lower().startswith(("utf-16", "utf-32"))]
    if not wide and _is_binary(raw):
        raise _not_a_text()
    for name in (*declared, "utf-8"):
        text = _decoded(raw, "cp1252" if name.lower() in _WESTERN else name)
        if text is not None and "\0" not in text:
            return text
    text = _decoded(raw, "cp1252")
    if text is not None and _looks_western(text):
        return text
    guess = from_bytes(raw).best()
    if guess is None or "\0" in str(guess):
        raise CaptureError(gettext("Its encoding cannot be told. Save the document as UTF-8."))
    return str(guess)


def sha256_of(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _not_a_text() -> CaptureError:
    return CaptureError(gettext("It is not a text file. Save the document as plain text in UTF-8."))


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
        text.encode()  # some codecs give halves of characters, which cannot be stored
    except (LookupError, ValueError):
        return None
    return text


def _looks_western(text: str) -> bool:
    """Whether Windows-1252 gave words: few letters with accents, and no signs in the middle of words."""
    letters = sum(map(str.isalpha, text))
    accented = sum(character > "\x7f" and character.isalpha() for character in text)
    return accented * 2 <= letters and not _SIGN_IN_A_WORD.search(text)


def _is_binary(raw: bytes) -> bool:
    if raw.startswith(_BINARY) or b"\0" in raw:
        return True
    controls = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in raw[:4096])
    return controls * 20 > len(raw[:4096])
