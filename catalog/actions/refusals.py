"""Why the catalog refuses a write, and the permission that each write asks for."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext


class CatalogError(Exception):
    """A write the catalog refuses. str() says to people what is wrong and what to do."""


class SourceExists(CatalogError):
    """There is a source of that slug already."""


class TextNotHere(CatalogError):
    """No text of the source is on this machine."""


class QuoteRefused(CatalogError):
    """The quote stands nowhere in the source, or in several places."""


class SelectionRefused(CatalogError):
    """The selected words are no passage of the text; what stands there instead is `in_text`."""

    def __init__(self, message: str, *, selected: str = "", in_text: str = "") -> None:
        super().__init__(message)
        self.selected = selected
        self.in_text = in_text


class NotCitable(CatalogError):
    """The field is no fact of the record, or no person gives that stance."""


class ExcerptRefused(CatalogError):
    """The words are no excerpt of the passage, or too many."""


class PassageGivesNoSupport(CatalogError):
    """The passage has changed, was lost or was withdrawn."""


class AlreadyCited(CatalogError):
    """The passage is cited for that field already, by `citation`."""

    def __init__(self, message: str, *, citation: models.Model) -> None:
        super().__init__(message)
        self.citation = citation


class RecaptureRefused(CatalogError):
    """The new text cannot take the place of the source's current one."""


class RecaptureSettled(CatalogError):
    """What became of the passage was settled by somebody, or by a later capture."""


class PassageLost(CatalogError):
    """Nothing can be confirmed of a lost passage: its words stand nowhere."""


class ReasonRefused(CatalogError):
    """A reason that is asked for is missing or too long."""


class FactsMoved(CatalogError):
    """The value or the citations of a field are no longer those that a person looked at."""


class NotAChoice(CatalogError):
    """A decision cannot choose this value: no citation says it."""


class NothingToDecide(CatalogError):
    """No citation says anything else than the value of the field."""


class StanceNeeded(CatalogError):
    """It was not said what becomes of a citation that loses, `citation`."""

    def __init__(self, message: str, *, citation: models.Model) -> None:
        super().__init__(message)
        self.citation = citation


class CitationWithoutRecord(CatalogError):
    """The record that a citation is about is gone."""


class TextDoesNotFit(CatalogError):
    """A text has the hash of a snapshot, but not its length."""


class ValueTooLong(CatalogError):
    """A value is longer than a citation can keep for comparing."""


def require(user: AbstractBaseUser | None, permission: str) -> None:
    """Raises PermissionDenied unless `user` has the permission; None is the command line."""
    if user is not None and not user.has_perm(permission):
        raise PermissionDenied(gettext("Your account may not do this. Ask an administrator."))
