"""The writes that mean something to the catalog: capturing and quoting sources, citing, deciding.

Each is one transaction and holds the source's row while it looks and writes. `user=None` is the command
line; anybody else needs the permission, or PermissionDenied is raised.
"""

from catalog.actions.attaching import Attached, Failure, attach_text, verify_passages
from catalog.actions.citations import confirm_citation, new_citation_value
from catalog.actions.passages import add_passage
from catalog.actions.refusals import (
    CatalogError,
    CitationWithoutRecord,
    QuoteRefused,
    SourceExists,
    TextDoesNotFit,
    TextNotHere,
    ValueTooLong,
)
from catalog.actions.sources import capture_document, capture_snapshot, create_source

__all__ = [
    "Attached",
    "CatalogError",
    "CitationWithoutRecord",
    "Failure",
    "QuoteRefused",
    "SourceExists",
    "TextDoesNotFit",
    "TextNotHere",
    "ValueTooLong",
    "add_passage",
    "attach_text",
    "capture_document",
    "capture_snapshot",
    "confirm_citation",
    "create_source",
    "new_citation_value",
    "verify_passages",
]
