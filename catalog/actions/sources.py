"""Sources and the snapshots of their texts."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.actions.attaching import attach_text
from catalog.actions.refusals import CatalogError, SourceExists, require
from catalog.capture import sha256_of
from catalog.models import CaptureMethod, Snapshot, Source


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
    return capture_snapshot(user=user, source=source, text=text, method=method)


@transaction.atomic
def capture_snapshot(
    *, user: AbstractBaseUser | None, source: Source, text: str, method: CaptureMethod | str
) -> Snapshot:
    """The snapshot of `source` with this text, which is what `catalog.capture.capture` returned.

    A text captured before is found by its hash; where only its hash was known, the text is attached.
    """
    require(user, "catalog.add_snapshot")
    Source.objects.select_for_update().get(pk=source.pk)
    digest = sha256_of(text)
    snapshot = source.snapshots.filter(sha256=digest).first()
    if snapshot is None:
        return Snapshot.objects.create(
            source=source,
            text=text,
            sha256=digest,
            length=len(text),
            captured_at=timezone.now(),
            captured_by=user,
            method=method,
        )
    if snapshot.text is None:
        attach_text(text)
        snapshot.refresh_from_db()
    return snapshot


@transaction.atomic
def capture_document(
    *,
    user: AbstractBaseUser | None,
    source: Source,
    text: str,
    method: CaptureMethod | str,
    accepted: Mapping[str, str],
) -> Snapshot:
    """`capture_snapshot`, and the source takes over what a person `accepted`: field -> value.

    Raises CatalogError for values the fields refuse; then nothing is stored.
    """
    if accepted:
        require(user, "catalog.change_source")
        source = Source.objects.select_for_update().get(pk=source.pk)
        for name, value in accepted.items():
            setattr(source, name, value)
        _clean(source)
        source.save()
    return capture_snapshot(user=user, source=source, text=text, method=method)


def _clean(source: Source) -> None:
    try:
        source.full_clean()
    except ValidationError as error:
        reasons = (f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise CatalogError("; ".join(reasons)) from error
