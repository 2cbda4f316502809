"""The writes that mean something to the catalog: capturing and quoting sources, citing, deciding.

Each is one transaction and holds the row of the source (a decision: of the record) while it looks and writes.
`user=None` is the command line; anybody else needs the permission, or PermissionDenied is raised.
"""

from catalog.actions.addresses import keeping_addresses
from catalog.actions.aliases import remember_alias
from catalog.actions.attaching import Attached, Failure, attach_text, verify_passages
from catalog.actions.citations import cite, confirm_citation, new_citation_value
from catalog.actions.decisions import decide
from catalog.actions.excerpts import shorten_excerpt
from catalog.actions.passages import add_passage, add_selected_passage, keep_numbers
from catalog.actions.recaptures import Preview, preview_recapture
from catalog.actions.refusals import (
    AlreadyCited,
    CatalogError,
    CitationWithoutRecord,
    ExcerptRefused,
    FactsMoved,
    NotAChoice,
    NotCitable,
    NothingToDecide,
    PassageGivesNoSupport,
    PassageLost,
    QuoteRefused,
    ReasonRefused,
    RecaptureRefused,
    RecaptureSettled,
    SelectionRefused,
    SourceExists,
    StanceNeeded,
    TextDoesNotFit,
    TextNotHere,
    ValueTooLong,
)
from catalog.actions.resolving import (
    confirm_reanchoring,
    reselect_passage,
    reselect_quoted,
    withdraw_passage,
)
from catalog.actions.sources import Captured, capture_document, capture_snapshot, create_source
from catalog.actions.watch import check_everything

__all__ = [
    "AlreadyCited",
    "Attached",
    "Captured",
    "CatalogError",
    "CitationWithoutRecord",
    "ExcerptRefused",
    "FactsMoved",
    "Failure",
    "NotAChoice",
    "NotCitable",
    "NothingToDecide",
    "PassageGivesNoSupport",
    "PassageLost",
    "Preview",
    "QuoteRefused",
    "ReasonRefused",
    "RecaptureRefused",
    "RecaptureSettled",
    "SelectionRefused",
    "SourceExists",
    "StanceNeeded",
    "TextDoesNotFit",
    "TextNotHere",
    "ValueTooLong",
    "add_passage",
    "add_selected_passage",
    "attach_text",
    "capture_document",
    "capture_snapshot",
    "check_everything",
    "cite",
    "confirm_citation",
    "confirm_reanchoring",
    "create_source",
    "decide",
    "keep_numbers",
    "keeping_addresses",
    "new_citation_value",
    "preview_recapture",
    "remember_alias",
    "reselect_passage",
    "reselect_quoted",
    "shorten_excerpt",
    "verify_passages",
    "withdraw_passage",
]
