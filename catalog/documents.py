"""Reading the documents that a person pastes, uploads or names, within the limits of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.conf import settings

from catalog.capture import capture
from catalog.extraction import extract, kind_of
from catalog.fetching import fetch
from catalog.models import CaptureMethod


@dataclass(frozen=True, slots=True)
class Document:
    """A text by the capture rule, how it came, from where, and what it offers the source to take over."""

    text: str
    method: CaptureMethod
    origin: str = ""
    offered: Mapping[str, str] = field(default_factory=dict)


def pasted(words: str) -> Document:
    """Raises CaptureError."""
    return Document(capture(words.encode(), limit=settings.SOURCE_MAX_BYTES), CaptureMethod.PASTE)


def of_file(stream: BinaryIO, name: str) -> Document:
    """A text, HTML, PDF or DOCX file. Raises CaptureError."""
    limit, most = settings.SOURCE_MAX_BYTES, settings.UPLOAD_MAX_BYTES
    raw = stream.read(max(limit, most) + 1)
    found = extract(raw, kind_of(raw, name=name), limit=limit, most=most)
    return Document(found.text, CaptureMethod.FILE, name, found.offered)


def at_address(address: str) -> Document:
    """The document at an http or https address, which it offers as well. Raises CaptureError, FetchError."""
    page = fetch(address)
    kind = kind_of(page.content, name=page.url, content_type=page.content_type)
    limit, most = settings.SOURCE_MAX_BYTES, settings.UPLOAD_MAX_BYTES
    found = extract(page.content, kind, limit=limit, most=most, charset=page.charset)
    return Document(found.text, CaptureMethod.FETCH, page.url, {**found.offered, "url": page.url})
