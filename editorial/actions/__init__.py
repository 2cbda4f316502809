"""The writes that mean something to an article: each asks, does, records, in one transaction.

Each locks the article's row first. `user=None` is the machine itself; whom and from where the others may is
in `editorial.workflow`.
"""

from editorial.actions.autosaving import autosave_of, drop_autosave, keep_autosave
from editorial.actions.correcting import correct_article, retract_article
from editorial.actions.examining import (
    Examined,
    examine,
    examine_draft,
    examine_revision,
    examine_text,
    problems_of,
)
from editorial.actions.locking import is_own, is_staged, may_save, permissions_of
from editorial.actions.overriding import override_warning
from editorial.actions.publishing import (
    archive_article,
    publish_article,
    reopen_article,
    shows_present_excerpts,
    unpublish_article,
)
from editorial.actions.refusals import PublicationRefused, StaleArticle, TransitionRefused
from editorial.actions.reviewing import (
    approve_article,
    may_approve,
    request_changes,
    submit_article,
    withdraw_article,
)
from editorial.actions.saving import keep_stray, restore_revision, save_article
from editorial.actions.scheduling import run_due_item, schedule_article, unschedule_article

__all__ = [
    "Examined",
    "PublicationRefused",
    "StaleArticle",
    "TransitionRefused",
    "approve_article",
    "archive_article",
    "autosave_of",
    "correct_article",
    "drop_autosave",
    "examine",
    "examine_draft",
    "examine_revision",
    "examine_text",
    "is_own",
    "is_staged",
    "keep_autosave",
    "keep_stray",
    "may_approve",
    "may_save",
    "override_warning",
    "permissions_of",
    "problems_of",
    "publish_article",
    "reopen_article",
    "request_changes",
    "restore_revision",
    "retract_article",
    "run_due_item",
    "save_article",
    "schedule_article",
    "shows_present_excerpts",
    "submit_article",
    "unpublish_article",
    "unschedule_article",
    "withdraw_article",
]
