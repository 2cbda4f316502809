"""Telling the audit log what was done to the catalog; where that log is, the settings say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.module_loading import import_string


def record_action(
    *, user: AbstractBaseUser | None, verb: str, target: models.Model, data: dict[str, Any] | None = None
) -> None:
    """One entry for an action that just happened, in its transaction. `user=None` is the command line."""
    import_string(settings.CATALOG_RECORDER)(user=user, verb=verb, target=target, data=data)
