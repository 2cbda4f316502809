"""Embargoes: nothing goes to readers before `Article.embargo_until`, whoever asks for it."""

from __future__ import annotations

import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext

from editorial.actions.refusals import TransitionRefused
from editorial.models import Article


def is_embargoed(article: Article, at: datetime.datetime | None = None) -> bool:
    """Whether readers may not have the article at `at`, by default now. At the very moment they may."""
    return article.embargo_until is not None and (at or timezone.now()) < article.embargo_until


def refuse_before_embargo(article: Article, at: datetime.datetime | None = None) -> None:
    """Raises TransitionRefused when the article would appear before its embargo ends.

    The caller has locked the article and read it anew.
    """
    if is_embargoed(article, at):
        message = gettext("This article is embargoed until %(when)s. It cannot appear before.")
        raise TransitionRefused("embargo", message % {"when": moment_in_words(article.embargo_until)})


def moment_in_words(moment: datetime.datetime) -> str:
    """A moment in the newsroom's zone, with the zone's name: “Dec. 1, 2026, 9 a.m. (GMT)”."""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"
