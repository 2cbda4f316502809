"""What a file is, by its first bytes: its name may lie.

Pure. Whether a text is a table with commas or tabs is decided by `delimited`, what is in a zip by `workbook`.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from django.utils.translation import gettext, gettext_lazy

from catalog.tabular.rows import TableRefused

_SAVE_AS = gettext_lazy("Open it in a spreadsheet and save the table as XLSX or CSV.")
_UNPACK = gettext_lazy("Unpack it and send the table in it.")
_EXPORT = gettext_lazy("Export the table as CSV or XLSX and send that.")
# First bytes -> what people call it, and what to do.
_OTHERS = (
    (b"%PDF-", "PDF", _SAVE_AS),
    (b"\x1f\x8b", "gzip", _UNPACK),
    (b"BZh", "bzip2", _UNPACK),
    (b"\xfd7zXZ", "xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "Zstandard", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z", _UNPACK),
    (b"Rar!", "RAR", _UNPACK),
    (b"SQLite format 3\0", "SQLite", _EXPORT),
    (b"PAR1", "Parquet", _EXPORT),
    (b"{\\rtf", "RTF", _SAVE_AS),
    (b"\x89PNG", "PNG", _EXPORT),
    (b"\xff\xd8\xff", "JPEG", _EXPORT),
    (b"GIF8", "GIF", _EXPORT),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_JSON = re.compile(r'\s*(?:\[\s*(?:[\[{\]]|\Z)|\{\s*["}])')
_MARKUP = re.compile(r"\s*<(?:!|\?|/?[A-Za-z])")
_HTML = re.compile(r"<(?:!doctype\s+html|html|table|tr|body|div|meta)\b", re.IGNORECASE)
_ENDINGS = {
    ".csv": ("csv", "tsv"),
    ".tsv": ("tsv",),
    ".tab": ("tsv",),
    ".txt": ("csv", "tsv"),
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".json": ("json",),
    ".htm": ("html",),
    ".html": ("html",),
}


def refuse_foreign(head: bytes) -> None:
    """Raises TableRefused when the first bytes are those of a kind of file that holds no table we read."""
    if head.startswith(_OLE):
        if _ENCRYPTED in head:
            raise TableRefused(gettext("The workbook has a password. Save it without one."))
        raise TableRefused(
            gettext(
                "This is a file of an old Excel or Word (.xls, .doc). Open it and save the table as XLSX."
            )
        )
    for start, kind, advice in _OTHERS:
        if head.startswith(start):
            raise TableRefused(
                gettext("This is a %(kind)s file, not a table.") % {"kind": kind} + f" {advice}"
            )


def is_zip(head: bytes) -> bool:
    return head.startswith(_ZIP)


def kind_of_text(head: str) -> str:
    """`json`, `html` or `csv`: what the beginning of a text looks like. Raises TableRefused for other XML."""
    if _JSON.match(head):
        return "json"
    if _MARKUP.match(head):
        if _HTML.search(head):
            return "html"
        raise TableRefused(
            gettext("This is XML. Open it in a spreadsheet and save the table as XLSX or CSV.")
        )
    return "csv"


def lies(name: str, kind: str) -> str:
    """The ending of a name that promises another format than `kind`, or nothing."""
    ending = PurePath(name).suffix.lower()
    promised = _ENDINGS.get(ending) or ((ending,) if ending in {".xls", ".ods", ".pdf", ".gz"} else ())
    return ending if promised and kind not in promised else ""
