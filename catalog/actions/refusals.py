"""Why the catalog refuses a write, and the permission that each write asks for."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext


class CatalogError(Exception):
    """A write the catalog refuses. str() says to people what is wrong and what to do."""


class SourceExists(CatalogError):
    """There is a source of that slug already."""


class TextNotHere(CatalogError):
    """No text of the source is on this machine."""


class QuoteRefused(CatalogError):
    """The quote stands nowhere in the source, or in several places."""


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
