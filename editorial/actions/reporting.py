"""What readers report, and what becomes of it."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from editorial import audit
from editorial.actions.refusals import TransitionRefused
from editorial.models import Edition, ReaderReport, ReportOutcome, ReportState
from editorial.models.report import SENTENCE_LENGTH

CLOSE = "editorial.change_readerreport"


@transaction.atomic
def report_mistake(
    *, edition: Edition, message: str, sentence: str = "", footnote: int | None = None, email: str = ""
) -> ReaderReport:
    """Put what a reader says is wrong with an edition on the desk. The history tells that it came, not what
    it says nor from whom.
    """
    report = ReaderReport.objects.create(
        article_id=edition.article_id,
        edition=edition,
        footnote=footnote,
        sentence=Truncator(sentence).chars(SENTENCE_LENGTH),
        message=message,
        email=email,
        language=edition.language,
        at=timezone.now(),
    )
    audit.record(user=None, verb="report.made", target=report)
    return report


@transaction.atomic
def close_report(
    *, user: AbstractBaseUser, report: ReaderReport, outcome: ReportOutcome | str, note: str = ""
) -> ReaderReport:
    """Say what became of a report, and forget the address for an answer.

    Raises PermissionDenied, and TransitionRefused when somebody closed it already.
    """
    if not user.has_perm(CLOSE):
        raise PermissionDenied(gettext("You may not close reports of readers."))
    report = ReaderReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != ReportState.OPEN:
        raise TransitionRefused("status", gettext("Somebody closed this report already."))
    report.state, report.outcome, report.note = ReportState.CLOSED, ReportOutcome(outcome), note
    report.closed_by, report.closed_at, report.email = user, timezone.now(), ""
    report.save()
    audit.record(user=user, verb="report.closed", target=report, data={"what": report.outcome, "note": note})
    return report
