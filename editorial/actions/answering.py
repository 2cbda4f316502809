"""Mail to readers who reported a mistake and left an address: what the desk answered, once, by `run_due`."""

from __future__ import annotations

import smtplib
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext

from editorial.actions.mailing import is_final
from editorial.models import AnswerState, ReaderReport

MOST = 50  # answers in one go
LONGEST_SUBJECT = 150


def send_answers_due() -> list[str]:
    """Mail the answers that wait, each in the language of its page, and forget the addresses with that; what
    could not be sent, in words that name no address. A server that is away ends the round; a mail that it
    refuses holds up no other, and is tried again unless it is refused for good.
    """
    waiting = list(ReaderReport.objects.to_answer().values_list("pk", flat=True)[:MOST])
    if not waiting:
        return []
    failures: list[str] = []
    try:
        with get_connection() as connection:
            for pk in waiting:
                _send(connection, pk, failures)
    except Exception as away:
        failures.append(type(away).__name__)
    return failures


def _send(connection: BaseEmailBackend, pk: int, failures: list[str]) -> None:
    """The row is locked while the mail goes out, so that two workers never send it twice."""
    with transaction.atomic():
        locked = ReaderReport.objects.to_answer().select_for_update(of=("self",), skip_locked=True)
        report = locked.filter(pk=pk).first()
        if report is None:
            return
        try:
            connection.send_messages([_message(report)])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refusal:
            failures.append(gettext("%(report)s: the mail was refused.") % {"report": report})
            if not is_final(refusal):
                return
            report.answer_state = AnswerState.FAILED
        else:
            report.answer_state = AnswerState.SENT
        report.email = ""
        report.save(update_fields=["answer_state", "email"])


def _message(report: ReaderReport) -> EmailMessage:
    """What the reader wrote is left out: whoever gave another's address shall not send them words."""
    with translation.override(report.language):
        subject = gettext("Your report on “%(page)s”") % {"page": " ".join(report.name.split())}
        parts = [
            report.answer,
            urljoin(f"{settings.SITE_URL}/", report.path),
            gettext("You get this because you reported a mistake there. Your address is deleted now."),
        ]
    return EmailMessage(
        Truncator(f"[Ibid] {subject}").chars(LONGEST_SUBJECT),
        "\n\n".join(parts) + "\n",
        to=[report.email],
        headers={"Auto-Submitted": "auto-replied"},
    )
