"""Sources and the snapshots of their texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.actions.attaching import attach_text
from catalog.actions.recaptures import check_recapture, recapture
from catalog.actions.refusals import CatalogError, SourceExists, require
from catalog.capture import sha256_of
from catalog.models import CaptureMethod, Recapture, Snapshot, Source
from catalog.recording import record_action


@dataclass(frozen=True, slots=True)
class Captured:
    """The snapshot with a text that was captured, and what followed.

    `was_here`: the same text was captured before. `recapture` is None for a first capture, and when nothing
    was new. `not_compared` passages could not be: their old text is not on this machine.
    """

    snapshot: Snapshot
    was_here: bool
    recapture: Recapture | None
    not_compared: int


@transaction.atomic
def create_source(
    *,
    user: AbstractBaseUser | None,
    slug: str,
    title: str,
    text: str,
    method: CaptureMethod | str,
    language: str = "",
) -> Snapshot:
    """The snapshot of a new source with its text; that of an earlier, equal call when there was one.

    Raises SourceExists when the slug or the text is taken, CatalogError for values the fields refuse.
    """
    require(user, "catalog.add_source")
    there = Snapshot.objects.filter(sha256=sha256_of(text)).select_related("source").first()
    if there is None and Source.objects.filter(slug=slug).exists():
        raise SourceExists(
            gettext("There is a source “%(slug)s” already, with another text. Choose another slug.")
            % {"slug": slug}
        )
    if there is not None and there.source.slug != slug:
        raise SourceExists(
            gettext("This text is here already, as the source “%(slug)s”.") % {"slug": there.source.slug}
        )
    source = there.source if there else Source(slug=slug, title=title, language=language)
    if there is None:
        _clean(source)
        source.save()
        record_action(user=user, verb="source.created", target=source)
    return capture_snapshot(user=user, source=source, text=text, method=method)


@transaction.atomic
def capture_snapshot(
    *, user: AbstractBaseUser | None, source: Source, text: str, method: CaptureMethod | str
) -> Snapshot:
    """The snapshot of `source` with this text; see `capture_document`."""
    return capture_document(user=user, source=source, text=text, method=method, accepted={}).snapshot


@transaction.atomic
def capture_document(
    *,
    user: AbstractBaseUser | None,
    source: Source,
    text: str,
    method: CaptureMethod | str,
    accepted: Mapping[str, str],
) -> Captured:
    """`text`, which is what `catalog.capture.capture` returned, as the source's current one.

    A text captured before is found by its hash; where only its hash was known, the text is attached. Where
    a text of the source was here already, this is a recapture. The source takes over what a person
    `accepted`: field -> value. Raises RecaptureRefused, TextDoesNotFit, and CatalogError for values the
    fields refuse; then nothing is stored.
    """
    require(user, "catalog.add_snapshot")
    source = Source.objects.select_for_update().get(pk=source.pk)
    if accepted:
        require(user, "catalog.change_source")
        _take_over(source, accepted)
    before = Snapshot.objects.attached().current_of(source)
    known = source.snapshots.filter(sha256=sha256_of(text)).first()
    if before is not None:
        check_recapture(before, text, known)
    was_here = known is not None and known.text is not None
    snapshot = _stored(known, user=user, source=source, text=text, method=method)
    made = None if before is None else recapture(user=user, snapshot=snapshot, before=before)
    if made is not None or not was_here or accepted:
        data = {"sha256": snapshot.sha256, "method": str(method), "taken over": sorted(accepted)}
        record_action(user=user, verb="source.captured", target=source, data=data)
    not_compared = source.passages.waiting_for_text().exclude(snapshot=snapshot)
    return Captured(snapshot, was_here, made, not_compared.count() if before else 0)


def _stored(
    known: Snapshot | None,
    *,
    user: AbstractBaseUser | None,
    source: Source,
    text: str,
    method: CaptureMethod | str,
) -> Snapshot:
    """The snapshot of the locked source with this text: the `known` one, its text attached, or a new one."""
    if known is None:
        return Snapshot.objects.create(
            source=source,
            text=text,
            sha256=sha256_of(text),
            length=len(text),
            captured_at=timezone.now(),
            captured_by=user,
            method=method,
        )
    if known.text is None:
        attach_text(text, user=user)
        known.refresh_from_db()
    return known


def _take_over(source: Source, accepted: Mapping[str, str]) -> None:
    for name, value in accepted.items():
        setattr(source, name, value)
    _clean(source)
    source.save()


def _clean(source: Source) -> None:
    try:
        source.full_clean()
    except ValidationError as error:
        reasons = (f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise CatalogError("; ".join(reasons)) from error
