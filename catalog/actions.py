"""The writes that mean something to the catalog: capturing and quoting sources, confirming citations.

Each is one transaction and holds the source's row while it looks and writes. `user=None` is the command
line; anybody else needs the permission, or PermissionDenied is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.capture import sha256_of
from catalog.facts import value_text
from catalog.models import CaptureMethod, Citation, Passage, PassageState, Snapshot, Source
from catalog.passages import (
    QuoteAmbiguous,
    QuoteNotFound,
    context_of,
    excerpt_of,
    find_quote,
    is_excerpt_of,
)


class CatalogError(Exception):
    """A write the catalog refuses. str() says to people what is wrong and what to do."""


class SourceExists(CatalogError):
    """There is a source of that slug already."""


class TextNotHere(CatalogError):
    """No text of the source is on this machine."""


class QuoteRefused(CatalogError):
    """The quote stands nowhere in the source, or in several places."""


class CitationWithoutRecord(CatalogError):
    """The record that a citation is about is gone."""


class TextDoesNotFit(CatalogError):
    """A text has the hash of a snapshot, but not its length."""


class ValueTooLong(CatalogError):
    """A value is longer than a citation can keep for comparing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A passage that stayed unattached, and why."""

    passage: Passage
    reason: str


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of the passages of the snapshots that have a text's hash.

    `verified` counts those verified before as well, so that a second call answers the same.
    """

    snapshots: list[Snapshot]
    verified: list[Passage] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


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
    _require(user, "catalog.add_source")
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
    _require(user, "catalog.add_snapshot")
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
        _require(user, "catalog.change_source")
        source = Source.objects.select_for_update().get(pk=source.pk)
        for name, value in accepted.items():
            setattr(source, name, value)
        _clean(source)
        source.save()
    return capture_snapshot(user=user, source=source, text=text, method=method)


@transaction.atomic
def attach_text(text: str) -> Attached | None:
    """Give `text` to every snapshot that has its hash and verify their waiting passages against it.

    None when no snapshot has that hash. A passage is verified when the words of its span have its
    SHA-256 and hold its excerpt; the others stay unattached, each with the reason. Raises
    TextDoesNotFit when a snapshot names another length.
    """
    snapshots = list(
        Snapshot.objects.filter(sha256=sha256_of(text)).defer("text").select_related("source").order_by("pk")
    )
    if not snapshots:
        return None
    sources = {snapshot.source_id for snapshot in snapshots}
    list(Source.objects.select_for_update().filter(pk__in=sources).order_by("pk").values_list("pk"))
    for snapshot in snapshots:
        if snapshot.length != len(text):
            raise TextDoesNotFit(
                gettext(
                    "The snapshot of “%(source)s” with this hash claims %(claimed)s characters, the text has "
                    "%(actual)s. Correct the length in snapshots.csv and import that again."
                )
                % {"source": snapshot.source.slug, "claimed": snapshot.length, "actual": len(text)}
            )
    Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in snapshots], text__isnull=True).update(
        text=text
    )
    return _verify(snapshots, text)


@transaction.atomic
def verify_passages(passages: Iterable[Passage]) -> list[Failure]:
    """Verify those unattached `passages` whose snapshot's text is here; why others failed."""
    by_snapshot: dict[int, list[Passage]] = {}
    for passage in passages:
        if passage.state == PassageState.UNATTACHED:
            by_snapshot.setdefault(passage.snapshot_id, []).append(passage)
    failed: list[Failure] = []
    for snapshot in Snapshot.objects.attached().filter(pk__in=by_snapshot):
        failed += _verify_against(by_snapshot[snapshot.pk], snapshot.text or "")
    return failed


@transaction.atomic
def add_passage(*, user: AbstractBaseUser | None, source: Source, quote: str) -> Passage:
    """The passage of `source` that is `quote`, in the newest text that is here; there already or made now.

    Its number is one more than the highest the source has. A number returns only when the highest
    passage was deleted, which the database allows only while no citation and no edition names it.
    Raises TextNotHere and QuoteRefused.
    """
    _require(user, "catalog.add_passage")
    Source.objects.select_for_update().get(pk=source.pk)
    snapshot = source.snapshots.attached().first()
    if snapshot is None:
        raise TextNotHere(
            gettext(
                "The text of “%(source)s” is not on this machine. Attach or capture it first, "
                "then choose the words."
            )
            % {"source": source.slug}
        )
    try:
        start, end = find_quote(snapshot.text, quote)
    except (QuoteNotFound, QuoteAmbiguous) as error:
        raise QuoteRefused(str(error)) from error
    there = snapshot.passages.filter(start=start, end=end).exclude(state=PassageState.UNATTACHED).first()
    if there is not None:
        return there
    return _new_passage(snapshot, start, end)


@transaction.atomic
def confirm_citation(*, user: AbstractBaseUser | None, citation: Citation) -> None:
    """Record that `user` compared the passage with the present value of the record's field."""
    _require(user, "catalog.change_citation")
    locked = Citation.objects.select_for_update().get(pk=citation.pk)
    if locked.target is None:
        message = gettext("The record that this citation is about is gone. Delete the citation.")
        raise CitationWithoutRecord(message)
    citation.checked_value = locked.checked_value = new_citation_value(locked.target, locked.field)
    locked.save(update_fields=["checked_value", "updated_at"])


def new_citation_value(record: models.Model, field: str) -> str:
    """What a citation of `field` is compared with from now on: the record's present value.

    Raises ValueTooLong.
    """
    value = value_text(record, field)
    longest = Citation._meta.get_field("checked_value").max_length
    if len(value) > longest:
        raise ValueTooLong(
            gettext(
                "The value has more than %(longest)s characters, too many for a citation to be compared "
                "with. Shorten it, or cite a shorter fact."
            )
            % {"longest": longest}
        )
    return value


def _new_passage(snapshot: Snapshot, start: int, end: int) -> Passage:
    """The verified passage `[start:end]` of an attached snapshot, with its source's next number."""
    exact = snapshot.text[start:end]
    prefix, suffix = context_of(snapshot.text, start, end)
    numbers = Passage.objects.filter(source=snapshot.source_id)
    highest = numbers.aggregate(highest=models.Max("number"))["highest"] or 0
    return Passage.objects.create(
        source_id=snapshot.source_id,
        number=highest + 1,
        snapshot=snapshot,
        start=start,
        end=end,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        sha256=sha256_of(exact),
        excerpt=excerpt_of(exact),
        state=PassageState.VERIFIED,
    )


def _require(user: AbstractBaseUser | None, permission: str) -> None:
    if user is not None and not user.has_perm(permission):
        raise PermissionDenied(gettext("Your account may not do this. Ask an administrator."))


def _clean(source: Source) -> None:
    try:
        source.full_clean()
    except ValidationError as error:
        reasons = (f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise CatalogError("; ".join(reasons)) from error


def _verify(snapshots: list[Snapshot], text: str) -> Attached:
    passages = list(Passage.objects.filter(snapshot__in=snapshots).select_related("source"))
    waiting = [passage for passage in passages if passage.state == PassageState.UNATTACHED]
    failed = _verify_against(waiting, text)
    verified = [passage for passage in passages if passage.state == PassageState.VERIFIED]
    return Attached(snapshots, verified, failed)


def _verify_against(passages: list[Passage], text: str) -> list[Failure]:
    """Give the words of `text` to those unattached `passages` that they fit, and save these."""
    failed, fitting, now = [], [], timezone.now()
    for passage in passages:
        reason = _misfit(passage, text)
        if reason:
            failed.append(Failure(passage, reason))
            continue
        passage.exact = text[passage.start : passage.end]
        passage.prefix, passage.suffix = context_of(text, passage.start, passage.end)
        passage.state = PassageState.VERIFIED
        passage.updated_at = now
        fitting.append(passage)
    Passage.objects.bulk_update(fitting, ["exact", "prefix", "suffix", "state", "updated_at"], batch_size=200)
    return failed


def _misfit(passage: Passage, text: str) -> str:
    """Why the words of the passage's span are not its own; "" when they are."""
    span = {"start": passage.start, "end": passage.end}
    if passage.end > len(text):
        return gettext("the text ends at %(length)s, before %(end)s") % {"length": len(text), **span}
    exact = text[passage.start : passage.end]
    if sha256_of(exact) != passage.sha256:
        return gettext("the words from %(start)s to %(end)s do not have its SHA-256") % span
    if not is_excerpt_of(passage.excerpt, exact):
        return gettext("its excerpt is not taken from the words from %(start)s to %(end)s") % span
    return ""
