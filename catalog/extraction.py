"""What a document says: its text, and what it says of itself.

HTML is reduced to its article, PDF and DOCX to their words; a text stays as it is. Title, author, date,
language and publisher are only ever offered: a person decides whether the source takes them over.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

import pypdf
import trafilatura
from django.utils.formats import number_format
from django.utils.translation import gettext
from docx import Document
from docx.oxml.ns import qn
from lxml import etree, html

from catalog.capture import CaptureError, check_size, decode, settle
from catalog.dates import PartialDate

OFFERED = ("title", "author", "published", "language", "publisher", "url")
UNPACKED_MAX_BYTES = 100 * 1024 * 1024  # of a DOCX
PDF_MAX_PAGES = 2000

_TAG = re.compile(rb"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.I | re.S)
_META_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w:.-]+)", re.I)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RULE = re.compile(r"\|(-+\|)+")
_ROW = re.compile(r"\| (.*?) ?\| ?")
_MAX_HEAD = 4096


class Kind(StrEnum):
    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


_BY_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/pdf": Kind.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.DOCX,
}
_BY_ENDING = {
    ".htm": Kind.HTML,
    ".html": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".txt": Kind.TEXT,
}


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text by the capture rule, and what its document offers: field of the source -> value, none empty.

    `published` is an EDTF string as `catalog.dates` reads it.
    """

    text: str
    offered: Mapping[str, str] = field(default_factory=dict)


def kind_of(raw: bytes, *, name: str = "", content_type: str = "") -> Kind:
    """What a document is: by its first bytes, then by the media type it came with, its name, its tags."""
    if raw.startswith(b"%PDF-"):
        return Kind.PDF
    if raw.startswith(b"PK\x03\x04"):
        return Kind.DOCX
    ending = _BY_ENDING.get(PurePosixPath(name).suffix.lower())
    known = _BY_TYPE.get(content_type.partition(";")[0].strip().lower()) or ending
    if known is not None:
        return known
    return Kind.HTML if _TAG.match(raw.removeprefix(b"\xef\xbb\xbf")[:_MAX_HEAD]) else Kind.TEXT


def extract(raw: bytes, kind: Kind, *, limit: int, most: int, charset: str = "") -> Extracted:
    """The text of a document, at most `limit` bytes of UTF-8, and what it offers.

    `most` is the limit in bytes for HTML, PDF and DOCX themselves; `charset` is what an HTTP header
    said. Raises CaptureError, whose str() is a sentence for people.
    """
    if kind is Kind.TEXT:
        check_size(raw, limit)
        return Extracted(settle(decode(raw, *filter(None, [charset])), limit=limit))
    if len(raw) > most:
        raise CaptureError(
            gettext("The document is larger than %(limit)s bytes. Paste its text instead.")
            % {"limit": number_format(most, force_grouping=True)}
        )
    if kind is Kind.HTML:
        text, offered = _from_html(raw, charset)
    elif kind is Kind.PDF:
        text, offered = _from_pdf(raw, limit)
    else:
        text, offered = _from_docx(raw)
    known = {name: _one_line(offered.get(name)) for name in OFFERED}
    if not _is_date(known["published"]):
        known["published"] = ""
    return Extracted(
        settle(_storable(text), limit=limit), {name: value for name, value in known.items() if value}
    )


def _from_html(raw: bytes, charset: str) -> tuple[str, dict[str, Any]]:
    meta = _META_CHARSET.search(raw[:_MAX_HEAD])
    # A page that could be searched for the tag in ASCII is not in UTF-16, whatever the tag says.
    named = meta[1].decode("ascii").lower() if meta else ""
    page = _storable(decode(raw, *filter(None, [charset, "utf-8" if named.startswith("utf-16") else named])))
    if not page.strip():
        raise CaptureError(gettext("It is empty."))
    try:
        found: Any = trafilatura.bare_extraction(
            page,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception as error:  # lxml and what stands on it meet broken pages with errors of many kinds
        raise _unreadable("HTML") from error
    if found is None or not found.text:
        raise CaptureError(
            gettext("No article was found on the page. Open it in a browser and paste the text.")
        )
    offered = {
        "title": found.title,
        "author": found.author,
        "published": found.date,
        "language": _language_of(page),
        "publisher": found.sitename,
    }
    return "\n".join(_plain_rows(found.text)), offered


def _plain_rows(text: str) -> Iterator[str]:
    """Lines of trafilatura; rows of tables as “a | b | c”, without border and rule."""
    for line in text.splitlines():
        row = _ROW.fullmatch(line)
        if row:
            yield row[1].rstrip()
        elif not _RULE.fullmatch(line):
            yield line


def _language_of(page: str) -> str:
    try:
        root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return ""
    language = str(root.get("lang") or "").strip()
    return language if _LANGUAGE.fullmatch(language) else ""


def _from_pdf(raw: bytes, limit: int) -> tuple[str, dict[str, Any]]:
    pages: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted:
            raise CaptureError(
                gettext("The PDF is protected. Save it without a password, or paste its text.")
            )
        if len(reader.pages) > PDF_MAX_PAGES:
            raise CaptureError(
                gettext("The PDF has more than %(pages)s pages. Split it, or paste its text.")
                % {"pages": number_format(PDF_MAX_PAGES, force_grouping=True)}
            )
        for page in reader.pages:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > limit:
                break  # enough to be refused as too large
        offered = _pdf_properties(reader)
    except CaptureError:
        raise
    except Exception as error:  # pypdf meets broken files with errors of many kinds
        raise _unreadable("PDF") from error
    text = "\n".join(pages)
    if not text.strip():
        raise CaptureError(
            gettext("The PDF holds no text, only pictures of it. Read the text out (OCR) and paste it.")
        )
    return text, offered


def _pdf_properties(reader: pypdf.PdfReader) -> dict[str, Any]:
    about = reader.metadata
    language = str(reader.root_object.get("/Lang") or "")
    offered: dict[str, Any] = {"language": language if _LANGUAGE.fullmatch(language) else ""}
    if about is None:
        return offered
    try:
        made = about.creation_date
    except ValueError:
        made = None
    return offered | {
        "title": about.title,
        "author": about.author,
        "published": made.date().isoformat() if made else "",
    }


def _from_docx(raw: bytes) -> tuple[str, dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_document = "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable("DOCX") from error
    if unpacked > UNPACKED_MAX_BYTES:
        raise CaptureError(
            gettext("The DOCX unpacks to more than %(limit)s bytes. Paste its text instead.")
            % {"limit": number_format(UNPACKED_MAX_BYTES, force_grouping=True)}
        )
    if not is_document:
        raise CaptureError(
            gettext(
                "It is not a text file. It is an archive: take the document out of it, or save it as DOCX."
            )
        )
    try:
        document = Document(io.BytesIO(raw))
        text = "\n".join(_docx_lines(document.element.body))
        about = document.core_properties
        offered = {
            "title": about.title,
            "author": about.author,
            "published": about.created.date().isoformat() if about.created else "",
            "language": about.language if _LANGUAGE.fullmatch(about.language) else "",
        }
    except Exception as error:  # so does python-docx
        raise _unreadable("DOCX") from error
    return text, offered


def _docx_lines(container: Any) -> Iterator[str]:
    """Paragraphs and rows of tables in document order, also those in content controls.

    Cells stand between “ | ”. What was deleted under tracked changes is left out.
    """
    for child in container.iterchildren():
        if child.tag == qn("w:p"):
            yield _docx_words(child)
        elif child.tag == qn("w:tr"):
            cells = child.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
            yield " | ".join(" ".join(filter(None, _docx_lines(cell))) for cell in cells)
        elif child.tag != qn("w:del"):
            yield from _docx_lines(child)


_DOCX_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "\u2011",
}


def _docx_words(paragraph: Any) -> str:
    parts = []
    for node in paragraph.xpath(".//w:r/*[not(ancestor::w:txbxContent) and not(ancestor::w:moveFrom)]"):
        parts.append((node.text or "") if node.tag == qn("w:t") else _DOCX_SIGNS.get(node.tag, ""))
    return "".join(parts)


def _unreadable(kind: str) -> CaptureError:
    return CaptureError(
        gettext("The %(kind)s cannot be read: the file is damaged. Save it anew, or paste its text.")
        % {"kind": kind}
    )


def _storable(text: str) -> str:
    """Without what no database takes: NUL goes, halves of characters become U+FFFD."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_date(value: str) -> bool:
    try:
        PartialDate.parse(value)
    except ValueError:
        return False
    return True


def _one_line(value: object) -> str:
    return " ".join(_storable(str(value or "")).split())
