"""Mail of what people were told: at once, or once a day, as each chose. Sent by `manage.py run_due`.

Each notification is mailed once, however many workers there are: it is claimed before the mail goes out, and
given back when it does not. A worker that is killed in between has lost the mail, not the notification.
"""

from __future__ import annotations

import datetime
import smtplib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.utils import timezone, translation

from editorial.models import MailChoice, Notification, Preference
from editorial.notices import letter, worded

NEWS = datetime.timedelta(days=7)  # what is older is on the desk, and no news for a mail
MOST = 50  # mails in one go: what is due waits for them


def send_mail_due() -> list[str]:
    """Mail what is due to be mailed; what could not be sent, in words. It is tried again with the next call.

    A server that is away ends the round; an address that the server refuses holds up nobody else, and one
    that it refuses for good is not tried again.
    """
    now = timezone.now()
    people = list(_people_with_mail(now))
    if not people:
        return []
    failures: list[str] = []
    try:
        with get_connection() as connection:
            for user in people:
                _mail(connection, user, now, failures)
    except Exception as away:
        failures.append(str(away) or type(away).__name__)
    return failures


def digest_moment(now: datetime.datetime) -> datetime.datetime:
    """The last time that it was the hour of the digest in the newsroom."""
    local = timezone.localtime(now)
    hour = datetime.time(settings.DIGEST_HOUR)
    moment = timezone.make_aware(datetime.datetime.combine(local.date(), hour))
    if moment > now:
        moment = timezone.make_aware(datetime.datetime.combine(local.date() - datetime.timedelta(1), hour))
    return moment


def _people_with_mail(now: datetime.datetime) -> models.QuerySet:
    """Who is to get a mail now, with the choice they made as `mail`."""
    moment = digest_moment(now)
    waiting = Notification.objects.unmailed(now - NEWS).filter(user=models.OuterRef("pk"))
    at_once = models.Q(mail=MailChoice.AT_ONCE) & models.Exists(waiting)
    digest = models.Q(mail=MailChoice.DIGEST) & models.Exists(waiting.filter(at__lt=moment))
    already = models.Q(preference__digest_at__gte=moment)
    return (
        get_user_model()
        .objects.filter(is_active=True, is_staff=True)
        .exclude(email="")
        .annotate(mail=_choice())
        .filter(at_once | (digest & ~already))
        .order_by("pk")[:MOST]
    )


def _choice() -> models.expressions.Combinable:
    """Who never chose gets a digest."""
    return models.functions.Coalesce("preference__mail", models.Value(str(MailChoice.DIGEST)))


def _mail(
    connection: BaseEmailBackend, user: AbstractBaseUser, now: datetime.datetime, failures: list[str]
) -> None:
    """One mail to one person. Raises what the server's absence raises; then nothing counts as mailed."""
    before = digest_moment(now) if user.mail == MailChoice.DIGEST else None
    claimed = _claim(user, now, before)
    if not claimed:
        return
    try:
        connection.send_messages([_message(user, claimed)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refusal:
        failures.append(f"{user}: {refusal}")
        if not is_final(refusal):
            _give_back(claimed)
            return
    except BaseException:
        _give_back(claimed)
        raise
    if before is not None:
        Preference.objects.update_or_create(user=user, defaults={"digest_at": now})


@transaction.atomic
def _claim(
    user: AbstractBaseUser, now: datetime.datetime, before: datetime.datetime | None
) -> list[Notification]:
    """What the person is to be mailed, now ours alone; told `before` a time, or all of it."""
    waiting = Notification.objects.of(user).unmailed(now - NEWS)
    if before is not None:
        waiting = waiting.filter(at__lt=before)
    pks = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Notification.objects.filter(pk__in=pks).update(mailed_at=now)
    return list(Notification.objects.of(user).with_article().filter(pk__in=pks))


def _give_back(claimed: list[Notification]) -> None:
    Notification.objects.filter(pk__in=[one.pk for one in claimed]).update(mailed_at=None)


def _message(user: AbstractBaseUser, notifications: list[Notification]) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        written = letter(worded(notifications))
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(written.subject, written.text, to=[user.email], headers=headers)


def is_final(refusal: Exception) -> bool:
    """Whether the server would refuse the same mail again (RFC 5321, 4.2.1), or it cannot be written."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in refusal.recipients.values())
    return isinstance(refusal, ValueError) or refusal.smtp_code >= 500
