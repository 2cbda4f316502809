"""What people do with what they are told: read it, and choose how it comes. Each only their own."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from editorial.models import MailChoice, Notification, Preference

KEPT = datetime.timedelta(days=90)  # how long what was read stays on the desk


def mark_read(*, user: AbstractBaseUser, pks: Collection[int]) -> int:
    """These of the person's notifications are read; how many were not before."""
    return Notification.objects.filter(user=user, pk__in=pks).unread().update(read_at=timezone.now())


def mark_all_read(*, user: AbstractBaseUser, newest: int) -> int:
    """All that the person has seen is read: up to `newest`, and nothing that came since."""
    return Notification.objects.filter(user=user, pk__lte=newest).unread().update(read_at=timezone.now())


@transaction.atomic
def choose_mail(*, user: AbstractBaseUser, mail: MailChoice | str) -> Preference:
    """How the person hears from the desk from now on. A digest that they choose comes at its next hour."""
    preference, _created = Preference.objects.select_for_update().get_or_create(user=user)
    if preference.mail != mail:
        preference.mail = mail
        preference.digest_at = timezone.now() if mail == MailChoice.DIGEST else None
        preference.save()
    return preference


def drop_old_notifications(now: datetime.datetime) -> int:
    """Drop what was read long ago: the history is the audit log."""
    dropped, _by_model = Notification.objects.filter(read_at__lt=now - KEPT).delete()
    return dropped
