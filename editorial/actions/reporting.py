"""What readers report, and what becomes of it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from catalog.models import Passage
from editorial import audit
from editorial.actions.commenting import comment_on
from editorial.actions.locking import lock_and_find_newest
from editorial.actions.refusals import TransitionRefused
from editorial.models import AnswerState, Comment, Edition, ReaderReport, ReportOutcome, ReportState
from editorial.models.report import ABOUT_LENGTH, PATH_LENGTH, SENTENCE_LENGTH
from editorial.prose.walk import plain_text
from editorial.telling import CLOSE_REPORT as CLOSE
from editorial.telling import end_notices_of, tell_of_report

SAME_WITHIN = datetime.timedelta(days=1)  # the same words again within this time are the same report


@transaction.atomic
def report_mistake(
    *, edition: Edition, message: str, sentence: str = "", footnote: int | None = None, email: str = ""
) -> ReaderReport:
    """Put what a reader says is wrong with an edition on the desk, and tell whose text it is.

    The history tells that it came, not what it says nor from whom. What was reported just so on the same day
    is not reported twice: the first report is returned.
    """
    note = edition.footnotes.filter(number=footnote).first() if footnote else None
    return _put_on_the_desk(
        ReaderReport(
            about=edition.revision.content["title"][:ABOUT_LENGTH],
            path=edition.get_absolute_url()[:PATH_LENGTH],
            article_id=edition.article_id,
            edition=edition,
            footnote=footnote,
            passage=note and note.passage,
            sentence=Truncator(sentence).chars(SENTENCE_LENGTH),
            message=message,
            email=email,
            language=edition.language,
        )
    )


@transaction.atomic
def report_record(
    *,
    record: models.Model,
    about: str,
    path: str,
    language: str,
    message: str,
    field: str = "",
    sentence: str = "",
    passage: Passage | None = None,
    email: str = "",
) -> ReaderReport:
    """The same of what a page of the catalog says of a record: `sentence` is the fact as it was shown."""
    return _put_on_the_desk(
        ReaderReport(
            about=about[:ABOUT_LENGTH],
            path=path[:PATH_LENGTH],
            record=record,
            field=field,
            passage=passage,
            sentence=Truncator(sentence).chars(SENTENCE_LENGTH),
            message=message,
            email=email,
            language=language,
        )
    )


def _put_on_the_desk(report: ReaderReport) -> ReaderReport:
    report.at = timezone.now()
    same = ReaderReport.objects.like(report, report.at - SAME_WITHIN).first()
    if same is not None:
        return same
    report.save()
    audit.record(user=None, verb="report.made", target=report)
    tell_of_report(report)
    return report


@transaction.atomic
def take_report(*, user: AbstractBaseUser, report: ReaderReport) -> ReaderReport:
    """Say that one looks at a report, whoever did before. Raises as `close_report` does."""
    report = _locked(user, report)
    if report.taken_by_id != user.pk:
        report.state, report.taken_by = ReportState.LOOKING, user
        report.save(update_fields=["state", "taken_by"])
        audit.record(user=user, verb="report.taken", target=report)
    return report


@transaction.atomic
def give_back_report(*, user: AbstractBaseUser, report: ReaderReport) -> ReaderReport:
    """Leave a report to whoever takes it next. Raises as `close_report` does."""
    report = _locked(user, report)
    if report.state == ReportState.LOOKING:
        report.state, report.taken_by = ReportState.OPEN, None
        report.save(update_fields=["state", "taken_by"])
        audit.record(user=user, verb="report.given_back", target=report)
    return report


@transaction.atomic
def pass_on_report(*, user: AbstractBaseUser, report: ReaderReport) -> Comment:
    """Put what a reader says of an article beside its text, as a comment at the reported sentence where that
    still stands, and look at the report. Raises as `close_report` and `comment_on` do.
    """
    report = take_report(user=user, report=report)
    if report.article is None:
        raise TransitionRefused("status", gettext("The report is not about an article."))
    newest = lock_and_find_newest(report.article)
    place = {}
    if newest is not None and report.sentence:
        start = plain_text(newest.content).find(report.sentence)
        if start >= 0:
            place = {"start": start, "end": start + len(report.sentence)}
    said = gettext("A reader reports: %(message)s") % {"message": report.message.replace("@", "@\u200b")}
    comment = comment_on(
        user=user, article=report.article, looked_at=newest.number if newest else 0, text=said, **place
    )
    audit.record(user=user, verb="report.passed_on", target=report)
    return comment


@transaction.atomic
def close_report(
    *,
    user: AbstractBaseUser,
    report: ReaderReport,
    outcome: ReportOutcome | str,
    note: str = "",
    mended_in: Edition | None = None,
    answer: str = "",
) -> ReaderReport:
    """Say what became of a report, and forget the address for an answer, or mail the `answer` to it first.

    Raises PermissionDenied, and TransitionRefused when somebody closed it already, when nothing is wrong
    without a reason (`note`), or when there is no address to answer to.
    """
    report = _locked(user, report)
    note, answer = note.strip(), answer.strip()
    _refuse_what_does_not_fit(report, outcome, note, mended_in, answer)
    report.state, report.outcome, report.note = ReportState.CLOSED, ReportOutcome(outcome), note
    report.closed_by, report.closed_at, report.mended_in = user, timezone.now(), mended_in
    report.answer, report.answer_state = answer, AnswerState.WAITS if answer else ""
    if not answer:
        report.email = ""
    report.save()
    end_notices_of(report, report.closed_at)
    data = {"what": report.outcome, "note": note, "edition": mended_in.number if mended_in else ""}
    audit.record(user=user, verb="report.closed", target=report, data=data)
    return report


def forget_addresses(now: datetime.datetime) -> int:
    """Forget every reader's address that came longer ago than `REPORT_ADDRESS_DAYS`; how many those were.

    An answer that could not be mailed until then never is.
    """
    old = ReaderReport.objects.filter(at__lt=now - datetime.timedelta(days=settings.REPORT_ADDRESS_DAYS))
    old.filter(answer_state=AnswerState.WAITS).update(answer_state=AnswerState.FAILED)
    return old.exclude(email="").update(email="")


def _locked(user: AbstractBaseUser, report: ReaderReport) -> ReaderReport:
    """The report as it is now, to be written by this person."""
    if not user.has_perm(CLOSE):
        raise PermissionDenied(gettext("You may not close reports of readers."))
    report = ReaderReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.is_closed:
        raise TransitionRefused("status", gettext("Somebody closed this report already."))
    return report


def _refuse_what_does_not_fit(
    report: ReaderReport, outcome: str, note: str, mended_in: Edition | None, answer: str
) -> None:
    if outcome == ReportOutcome.NOTHING_WRONG and not note:
        raise TransitionRefused("note", gettext("Say in the note why it is not a mistake."))
    if answer and not report.email:
        raise TransitionRefused("answer", gettext("There is no address to send an answer to."))
    if mended_in is not None and (
        outcome != ReportOutcome.CORRECTED or mended_in.article_id != report.article_id
    ):
        raise TransitionRefused("mended_in", gettext("Choose an edition only for what was corrected."))
