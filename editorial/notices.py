"""What people read of a notification: on the desk and in a mail, worded by one table.

Who is told what is decided by `editorial.telling`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from editorial.models import Notification

NAMES: Mapping[str, Promise] = {
    "review.waits": _("Waits for your review"),
    "review.complete": _("Approved: the review is complete"),
    "review.due": _("The day of its review has come"),
    "article.assigned": _("Assigned to you"),
    "article.changes_requested": _("Changes requested"),
    "article.withdrawn": _("Withdrawn from review"),
    "article.scheduled": _("Scheduled"),
    "article.unscheduled": _("Taken off the schedule"),
    "article.missed": _("Never published: its end had passed"),
    "article.published": _("Published"),
    "article.corrected": _("Published with a note to readers"),
    "article.unpublished": _("Taken off the site"),
    "article.expired": _("Taken off the site at its end"),
    "article.retracted": _("Retracted"),
    "article.stray_kept": _("A text that came too late is kept as a stray revision"),
    "comment.made": _("Comment"),
    "comment.answered": _("Answer to your comment"),
    "comment.mentioned": _("A comment names you"),
    "report.made": _("A reader reports a mistake"),
    "import.checked": _("Your file is checked and waits for your decision"),
    "import.imported": _("Your file is imported"),
    "import.undone": _("The import is undone"),
    "import.failed": _("Your file could not be imported; nothing of it was written"),
    "due.publish_failed": _("Not published at its time; it is tried again"),
    "due.expire_failed": _("Not taken off the site at its time; it is tried again"),
    "due.remind_failed": _("Nobody reminded of its review; it is tried again"),
}
WORKFLOW = "admin:editorial_article_workflow"
IMPORT = "admin:editorial_tableimport_change"
REPORT = "admin:editorial_readerreport_change"
# Where a notice leads to; the rest to the page of the article's review and publication.
PAGES: Mapping[str, str] = {"article.stray_kept": "admin:editorial_article_revisions"}

MOST_IN_A_LETTER = 50
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as people read it. `said` is what came with it: a comment, a reason, a time."""

    pk: int
    what: str
    title: str
    who: str
    said: str
    at: datetime.datetime
    is_read: bool
    url: str

    @property
    def headline(self) -> str:
        return f"{self.what}: {self.title}" if self.title else self.what


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def worded(notifications: Iterable[Notification]) -> list[Notice]:
    """Each in words, in the language that is active."""
    return [
        Notice(
            one.pk,
            str(NAMES.get(one.verb, one.verb)),
            str(one.article or one.table_import or (one.report and one.report.about) or ""),
            one.actor_label,
            _said(one),
            one.at,
            one.read_at is not None,
            reverse("notices:open", args=[one.pk]),
        )
        for one in notifications
    ]


def page_of(notification: Notification) -> str:
    """The address that a notification leads to."""
    if notification.table_import_id is not None:
        return reverse(IMPORT, args=[notification.table_import_id])
    if notification.report_id is not None:
        return reverse(REPORT, args=[notification.report_id])
    if notification.article_id is None:
        return reverse("notices:list")
    return reverse(PAGES.get(notification.verb, WORKFLOW), args=[notification.article_id])


def letter(notices: Sequence[Notice]) -> Letter:
    """One mail of these notices, the newest first. Its subject is one line, whatever titles hold."""
    parts = [_paragraph(notice) for notice in notices[:MOST_IN_A_LETTER]]
    left = len(notices) - len(parts)
    if left:
        more = ngettext("%(count)d more is on your desk.", "%(count)d more are on your desk.", left)
        parts.append(more % {"count": left})
    where = _absolute(reverse("notices:list"))
    parts.append("-- \n" + gettext("All of it, and how often mail comes: %(url)s") % {"url": where})
    return Letter(_subject(notices), "\n\n".join(parts) + "\n")


def _subject(notices: Sequence[Notice]) -> str:
    text = notices[0].headline
    more = len(notices) - 1
    if more:
        text = ngettext("%(first)s, and %(count)d more", "%(first)s, and %(count)d more", more) % {
            "first": Truncator(text).chars(LONGEST_SUBJECT - 30),
            "count": more,
        }
    # A line break in a title would begin a header of its own.
    return Truncator(f"[Ibid] {' '.join(text.split())}").chars(LONGEST_SUBJECT)


def _paragraph(notice: Notice) -> str:
    when = date_format(timezone.localtime(notice.at), "DATETIME_FORMAT")
    lines = [" ".join(notice.headline.split()), ", ".join(filter(None, [notice.who, when]))]
    lines += [f"> {line}" for line in notice.said.splitlines()]
    return "\n".join([*lines, _absolute(notice.url)])


def _said(notification: Notification) -> str:
    """A time is kept as machines write it and shown as people do."""
    if notification.verb != "article.scheduled":
        return notification.text
    at = parse_datetime(notification.text)
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else notification.text


def _absolute(path: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", path)
