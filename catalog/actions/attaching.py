"""Texts that come to snapshots known by their hash, and the passages that waited for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.actions.refusals import TextDoesNotFit
from catalog.capture import sha256_of
from catalog.folding import search_key
from catalog.models import Passage, PassageState, Snapshot, Source
from catalog.passages import context_of, is_excerpt_of
from catalog.recording import record_action


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
def attach_text(text: str, *, user: AbstractBaseUser | None = None) -> Attached | None:
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
    waiting = Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in snapshots], text__isnull=True)
    if waiting.update(text=text):
        for source in {snapshot.source for snapshot in snapshots}:
            record_action(
                user=user, verb="source.attached", target=source, data={"sha256": snapshots[0].sha256}
            )
    return _verify(snapshots, text)


@transaction.atomic
def verify_passages(passages: Iterable[Passage]) -> list[Failure]:
    """Verify those `passages` without words whose snapshot's text is here; why others failed."""
    by_snapshot: dict[int, list[Passage]] = {}
    for passage in passages:
        if not passage.exact:
            by_snapshot.setdefault(passage.snapshot_id, []).append(passage)
    failed: list[Failure] = []
    for snapshot in Snapshot.objects.attached().filter(pk__in=by_snapshot):
        failed += _verify_against(by_snapshot[snapshot.pk], snapshot.text or "")
    return failed


def _verify(snapshots: list[Snapshot], text: str) -> Attached:
    passages = list(Passage.objects.filter(snapshot__in=snapshots).select_related("source"))
    waiting = [passage for passage in passages if not passage.exact]
    failed = _verify_against(waiting, text)
    verified = [passage for passage in passages if passage.state == PassageState.VERIFIED]
    return Attached(snapshots, verified, failed)


def _verify_against(passages: list[Passage], text: str) -> list[Failure]:
    """Give the words of `text` to those `passages` without any that they fit, and save these. One that is
    known to have changed, to be lost or withdrawn since stays so.
    """
    failed, fitting, now = [], [], timezone.now()
    for passage in passages:
        reason = _misfit(passage, text)
        if reason:
            failed.append(Failure(passage, reason))
            continue
        passage.exact = text[passage.start : passage.end]
        passage.prefix, passage.suffix = context_of(text, passage.start, passage.end)
        if passage.state == PassageState.UNATTACHED:
            passage.state = PassageState.VERIFIED
        passage.words_key = search_key(passage.words)
        passage.updated_at = now
        fitting.append(passage)
    Passage.objects.bulk_update(
        fitting, ["exact", "prefix", "suffix", "state", "updated_at", "words_key"], batch_size=200
    )
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
