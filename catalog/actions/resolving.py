"""What people decide about passages whose words changed, moved or were lost when a source was captured again.

Each takes the row that the person looked at and refuses one that somebody, or a later capture, has settled.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.actions.passages import selected_span
from catalog.actions.recaptures import stand_at
from catalog.actions.refusals import (
    PassageLost,
    QuoteRefused,
    ReasonRefused,
    RecaptureSettled,
    require,
)
from catalog.keys import about_key, key_of
from catalog.models import (
    Citation,
    Passage,
    PassageState,
    Reanchoring,
    Resolution,
    Snapshot,
    Source,
)
from catalog.passages import QuoteAmbiguous, QuoteNotFound, find_quote
from catalog.recording import record_action
from catalog.records import records_of

_VERBS = {
    Resolution.CONFIRMED: "passage.confirmed",
    Resolution.RESELECTED: "passage.selected_anew",
    Resolution.WITHDRAWN: "passage.withdrawn",
}


@transaction.atomic
def confirm_reanchoring(*, user: AbstractBaseUser | None, reanchoring: Reanchoring) -> Passage:
    """The passage, verified where the comparison found it: with its new words if it changed.

    Its citations stay as they are: the person has read both texts. Raises RecaptureSettled and PassageLost.
    """
    row = _locked(user, reanchoring)
    if row.new_start is None or row.new_end is None:
        raise PassageLost(
            gettext(
                "The words of %(passage)s stand nowhere in the new text. Select other words, or withdraw it."
            )
            % {"passage": row.passage.key}
        )
    now = timezone.now()
    _stand(row.passage, row.recapture.snapshot, row.new_start, row.new_end, now)
    _settle(row, Resolution.CONFIRMED, user, now)
    return row.passage


@transaction.atomic
def reselect_passage(
    *, user: AbstractBaseUser | None, reanchoring: Reanchoring, start: int, end: int, exact: str
) -> Passage:
    """The passage under its number, verified at `[start:end]` (code points) of the source's current text.

    `exact` is what the person saw there. Its citations stay as they are. Raises RecaptureSettled and
    SelectionRefused.
    """
    row = _locked(user, reanchoring)
    current = _current(row)
    return _reselected(user, row, current, *selected_span(current.text or "", start, end, exact))


@transaction.atomic
def reselect_quoted(*, user: AbstractBaseUser | None, reanchoring: Reanchoring, quote: str) -> Passage:
    """As `reselect_passage`, at the one place where the current text has these words.

    Raises RecaptureSettled, QuoteRefused and SelectionRefused.
    """
    row = _locked(user, reanchoring)
    current = _current(row)
    text = current.text or ""
    try:
        start, end = find_quote(text, quote)
    except (QuoteNotFound, QuoteAmbiguous) as error:
        raise QuoteRefused(str(error)) from error
    return _reselected(user, row, current, *selected_span(text, start, end, text[start:end]))


@transaction.atomic
def withdraw_passage(*, user: AbstractBaseUser | None, reanchoring: Reanchoring, reason: str) -> Passage:
    """The passage, withdrawn for good: it stays where its words last stood and supports nothing.

    Its citations are deleted; the row keeps what they said. Raises RecaptureSettled and ReasonRefused.
    """
    row = _locked(user, reanchoring)
    row.reason = _one_line_of(reason)
    now = timezone.now()
    row.removed = _remove_citations(row.passage, now)
    row.passage.state = PassageState.WITHDRAWN
    row.passage.save(update_fields=["state", "updated_at"])
    _settle(row, Resolution.WITHDRAWN, user, now)
    return row.passage


def _locked(user: AbstractBaseUser | None, reanchoring: Reanchoring) -> Reanchoring:
    """The row as it is now, with the lock on its source. Raises RecaptureSettled."""
    require(user, "catalog.change_passage")
    Source.objects.select_for_update().get(recaptures=reanchoring.recapture_id)
    rows = Reanchoring.objects.select_related("passage__source", "recapture__snapshot")
    row = rows.get(pk=reanchoring.pk)
    if row.resolution or row.state == PassageState.VERIFIED:
        raise RecaptureSettled(
            gettext("The passage %(passage)s is settled already: %(how)s. Nothing was changed.")
            % {
                "passage": row.passage.key,
                "how": row.get_resolution_display() if row.resolution else row.get_state_display(),
            }
        )
    return row


def _current(row: Reanchoring) -> Snapshot:
    return Snapshot.objects.attached().current_of(row.passage.source)


def _reselected(
    user: AbstractBaseUser | None, row: Reanchoring, snapshot: Snapshot, start: int, end: int
) -> Passage:
    now = timezone.now()
    _stand(row.passage, snapshot, start, end, now)
    _settle(row, Resolution.RESELECTED, user, now)
    return row.passage


def _stand(passage: Passage, snapshot: Snapshot, start: int, end: int, now: datetime.datetime) -> None:
    passage.save(update_fields=stand_at(passage, snapshot, start, end, PassageState.VERIFIED, now))


def _settle(
    row: Reanchoring, resolution: Resolution, user: AbstractBaseUser | None, now: datetime.datetime
) -> None:
    row.resolution, row.resolved_at, row.resolved_by = resolution, now, user
    row.save(update_fields=["resolution", "resolved_at", "resolved_by", "reason", "removed"])
    data = {"reason": row.reason, "removed": row.removed} if row.reason else {}
    record_action(user=user, verb=_VERBS[resolution], target=row.passage, data=data)


def _one_line_of(reason: str) -> str:
    """Raises ReasonRefused."""
    reason = " ".join(reason.replace("\0", " ").split())
    longest = Reanchoring._meta.get_field("reason").max_length
    if not reason:
        raise ReasonRefused(
            gettext("Say why the passage is withdrawn: the facts that rest on it lose it for good.")
        )
    if len(reason) > longest:
        raise ReasonRefused(
            gettext("The reason has %(length)s characters, and at most %(longest)s are kept. Shorten it.")
            % {"length": len(reason), "longest": longest}
        )
    return reason


def _remove_citations(passage: Passage, now: datetime.datetime) -> list[dict[str, str]]:
    """What was removed, by natural keys. The pages of the records must be made anew, so these are touched."""
    citations = list(Citation.objects.filter(passage=passage).order_by("pk"))
    records = records_of(citations)
    removed = [
        {
            "about": _about(citation, records.get((citation.content_type_id, citation.object_id))),
            "stance": citation.stance,
            "says": citation.says,
        }
        for citation in citations
    ]
    Citation.objects.filter(passage=passage).delete()
    for record in records.values():
        type(record)._default_manager.filter(pk=record.pk).update(updated_at=now)
    return removed


def _about(citation: Citation, record: Any) -> str:
    model = ContentType.objects.get_for_id(citation.content_type_id).model
    return about_key(model, key_of(record) if record is not None else str(citation.object_id), citation.field)
