"""The writes that mean something to an article: each asks, does, records, in one transaction.

Each locks the article's row first. `user=None` is the machine itself; whom and from where the others may is
in `editorial.workflow`.
"""

from editorial.actions.answering import send_answers_due
from editorial.actions.autosaving import autosave_of, drop_autosave, keep_autosave
from editorial.actions.checking import check_sentence, keep_verdicts
from editorial.actions.choosing import choose_front_page
from editorial.actions.commenting import comment_on, may_comment, reopen_comment, reply_to, resolve_comment
from editorial.actions.correcting import correct_article, retract_article
from editorial.actions.embargoes import is_embargoed, moment_in_words
from editorial.actions.examining import (
    Examined,
    examine,
    examine_draft,
    examine_revision,
    problems_of,
)
from editorial.actions.locking import is_own, is_staged, may_plan, may_save, may_write, permissions_of
from editorial.actions.mailing import send_mail_due
from editorial.actions.notifying import (
    choose_mail,
    drop_old_notifications,
    mark_all_read,
    mark_read,
)
from editorial.actions.overriding import override_warning
from editorial.actions.planning import PLANNED, plan_article
from editorial.actions.presence import forget_presence, note_presence
from editorial.actions.previewing import make_preview, may_preview, revoke_preview
from editorial.actions.publishing import (
    archive_article,
    publish_article,
    reopen_article,
    shows_present_excerpts,
    unpublish_article,
)
from editorial.actions.refusals import PublicationRefused, RemarkRefused, StaleArticle, TransitionRefused
from editorial.actions.reporting import (
    close_report,
    forget_addresses,
    give_back_report,
    pass_on_report,
    report_mistake,
    report_record,
    take_report,
)
from editorial.actions.retrying import retry_due_item
from editorial.actions.reviewing import (
    approve_article,
    may_approve,
    request_changes,
    submit_article,
    withdraw_article,
)
from editorial.actions.saving import keep_stray, restore_revision, save_article, taken_address
from editorial.actions.scheduling import run_due_item, schedule_article, unschedule_article

__all__ = [
    "PLANNED",
    "Examined",
    "PublicationRefused",
    "RemarkRefused",
    "StaleArticle",
    "TransitionRefused",
    "approve_article",
    "archive_article",
    "autosave_of",
    "check_sentence",
    "choose_front_page",
    "choose_mail",
    "close_report",
    "comment_on",
    "correct_article",
    "drop_autosave",
    "drop_old_notifications",
    "examine",
    "examine_draft",
    "examine_revision",
    "forget_addresses",
    "forget_presence",
    "give_back_report",
    "is_embargoed",
    "is_own",
    "is_staged",
    "keep_autosave",
    "keep_stray",
    "keep_verdicts",
    "make_preview",
    "mark_all_read",
    "mark_read",
    "may_approve",
    "may_comment",
    "may_plan",
    "may_preview",
    "may_save",
    "may_write",
    "moment_in_words",
    "note_presence",
    "override_warning",
    "pass_on_report",
    "permissions_of",
    "plan_article",
    "problems_of",
    "publish_article",
    "reopen_article",
    "reopen_comment",
    "reply_to",
    "report_mistake",
    "report_record",
    "request_changes",
    "resolve_comment",
    "restore_revision",
    "retract_article",
    "retry_due_item",
    "revoke_preview",
    "run_due_item",
    "save_article",
    "schedule_article",
    "send_answers_due",
    "send_mail_due",
    "shows_present_excerpts",
    "submit_article",
    "take_report",
    "taken_address",
    "unpublish_article",
    "unschedule_article",
    "withdraw_article",
]
