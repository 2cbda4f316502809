"""The capture rule: from the bytes of a document to the text that is hashed, frozen and cited.

A BOM is stripped and CRLF becomes LF; nothing else is changed, so that offsets (Unicode code points)
mean the same on every machine. Which source a text belongs to is decided by `catalog.actions`.
"""

from __future__ import annotations

import codecs
import hashlib

from django.utils.formats import number_format
from django.utils.translation import gettext

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b")


class CaptureError(ValueError):
    """The bytes are no text that can be captured; str() says why and what to do."""


def capture(raw: bytes, *, limit: int) -> str:
    """The text of `raw`, at most `limit` bytes of UTF-8. Raises CaptureError."""
    if len(raw) > limit:
        raise CaptureError(
            gettext("It is larger than %(limit)s bytes. Split it, or raise SOURCE_MAX_BYTES.")
            % {"limit": number_format(limit, force_grouping=True)}
        )
    if raw.startswith(_UTF16):
        raise CaptureError(gettext("It is written in UTF-16. Save it as UTF-8."))
    if _is_binary(raw):
        raise CaptureError(gettext("It is not a text file. Save the document as plain text in UTF-8."))
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise CaptureError(
            gettext("It is not written in UTF-8 (line %(line)s). Save it as UTF-8.")
            % {"line": raw.count(b"\n", 0, error.start) + 1}
        ) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise CaptureError(gettext("It is empty."))
    return text


def sha256_of(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_binary(raw: bytes) -> bool:
    if raw.startswith(_BINARY) or b"\0" in raw:
        return True
    controls = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in raw[:4096])
    return controls * 20 > len(raw[:4096])
