"""Sources captured again: every passage is looked for in the new text, and stands there or waits."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from catalog.actions.refusals import RecaptureRefused
from catalog.anchoring import Outcome, reanchor, recapture_refusal
from catalog.capture import sha256_of
from catalog.folding import fold, search_key
from catalog.models import Passage, PassageState, Reanchoring, Recapture, Resolution, Snapshot, Source
from catalog.passages import context_of, excerpt_of, is_excerpt_of

# What `stand_at` sets: always, and where the words are other ones.
PLACE = ("snapshot", "start", "end", "prefix", "suffix", "state", "updated_at")
WORDS = ("exact", "sha256", "excerpt", "words_key")
_BATCH = 100  # the SQL of a larger one takes the database longer than the round trip that it saves
_NOWHERE = Outcome("lost", None, None, 0.0)
_STANDING = frozenset({"verified", "moved"})


@dataclass(frozen=True, slots=True)
class Preview:
    """What capturing a text would do to the passages of its source.

    `counts` has the passages by outcome; `not_compared` are those whose old text is not on this machine.
    `refusal` is a sentence for people, "" when the text can be captured.
    """

    refusal: str
    counts: Mapping[str, int]
    not_compared: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A passage, the snapshot that its words were taken from, and what became of them."""

    passage: Passage
    taken_from: int
    outcome: Outcome


def preview_recapture(source: Source, text: str) -> Preview | None:
    """What capturing `text` would do; None when no text of the source is here, so that it is the first."""
    current = Snapshot.objects.attached().current_of(source)
    if current is None:
        return None
    known = source.snapshots.filter(sha256=sha256_of(text)).defer("text").first()
    not_compared = source.passages.waiting_for_text()
    if known is not None:
        # These are verified against the text when it comes.
        not_compared = not_compared.exclude(snapshot=known)
    try:
        check_recapture(current, text, known)
    except RecaptureRefused as refusal:
        return Preview(str(refusal), {}, not_compared.count())
    found = _compare(source, text, known)
    return Preview("", Counter(one.outcome.state for one in found), not_compared.count())


def check_recapture(current: Snapshot, text: str, known: Snapshot | None) -> None:
    """Raises RecaptureRefused when `text` cannot take the place of the current one.

    A text that the source had before (`known`) can: somebody judged it whole when it was captured first.
    """
    refusal = recapture_refusal(current.text or "", text) if known is None else None
    if refusal:
        raise RecaptureRefused(refusal)


def recapture(*, user: AbstractBaseUser | None, snapshot: Snapshot, before: Snapshot) -> Recapture | None:
    """Compare the passages of the locked source with its new text, whose snapshot is attached.

    Verified and moved ones stand in the new text from now on; changed and lost ones stay where their words
    last stood and give no support. What waited of an earlier recapture is superseded. None, and nothing
    written, when `snapshot` was the current one `before` and every passage stands in it.
    """
    now = timezone.now()
    found = _compare(snapshot.source, snapshot.text or "", snapshot)
    if snapshot == before and not found:
        return None
    made = Recapture.objects.create(source=snapshot.source, snapshot=snapshot, at=now, by=user)
    # Before the passages move: the rows say where they stood.
    Reanchoring.objects.bulk_create(_row(made, one) for one in found)
    # Most passages have the same words, and only their place to write.
    written: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for one in found:
        written[_follow(one, snapshot, now)].append(one.passage)
    for fields, passages in written.items():
        Passage.objects.bulk_update(passages, fields, batch_size=_BATCH)
    Reanchoring.objects.open().compared_again_by(made).update(
        resolution=Resolution.SUPERSEDED, resolved_at=now, resolved_by=user
    )
    return made


def stand_at(
    passage: Passage, snapshot: Snapshot, start: int, end: int, state: str, now: datetime.datetime
) -> tuple[str, ...]:
    """Let the passage be `[start:end]` (code points) of the snapshot; the fields that have to be saved.

    Its excerpt stays while the words still hold it.
    """
    text = snapshot.text or ""
    passage.snapshot, passage.start, passage.end = snapshot, start, end
    passage.prefix, passage.suffix = context_of(text, start, end)
    passage.state, passage.updated_at = state, now
    if passage.exact == text[start:end]:
        return PLACE
    passage.exact = text[start:end]
    passage.sha256 = sha256_of(passage.exact)
    if not is_excerpt_of(passage.excerpt, passage.exact):
        passage.excerpt = excerpt_of(passage.exact)
    passage.words_key = search_key(passage.words)
    return (*PLACE, *WORDS)


def _compare(source: Source, text: str, new: Snapshot | None) -> list[Compared]:
    """What became of each passage in `text`, whose snapshot `new` is None while it is not stored.

    Left out are those that stand in it already or wait since they were compared with it, those that were
    withdrawn, and those whose words are not here. One comparison for each snapshot that passages stand in.
    """
    here = source.passages.filter(snapshot__text__isnull=False)
    passages = here.exclude(exact="").exclude(state=PassageState.WITHDRAWN)
    standing: dict[int, list[Passage]] = {}
    if new is not None:
        waiting = Reanchoring.objects.open().filter(recapture__snapshot=new, passage=models.OuterRef("pk"))
        passages = passages.exclude(models.Exists(waiting))
    for passage in passages.order_by("snapshot", "start", "number"):
        standing.setdefault(passage.snapshot_id, []).append(passage)
    found: list[Compared] = []
    for snapshot_id, group in standing.items():
        if new is not None and snapshot_id == new.pk:
            found += _back_again(group)
            continue
        old = Snapshot.objects.values_list("text", flat=True).get(pk=snapshot_id)
        found += [Compared(passage, snapshot_id, outcome) for passage, outcome in _outcomes(old, text, group)]
    return found


def _outcomes(old: str, new: str, passages: list[Passage]) -> Iterator[tuple[Passage, Outcome]]:
    """What became of each; one without any visible character, which an import may have brought, is lost."""
    visible = [passage for passage in passages if _is_visible(passage.exact)]
    outcomes = reanchor(old, new, [(passage.start, passage.end) for passage in visible])
    by_pk = {passage.pk: outcome for passage, outcome in zip(visible, outcomes, strict=True)}
    for passage in passages:
        yield passage, by_pk.get(passage.pk, _NOWHERE)


def _is_visible(words: str) -> bool:
    return any(map(str.isalnum, words)) or bool(fold(words).text.strip())


def _back_again(passages: Iterable[Passage]) -> Iterator[Compared]:
    """Those that had changed or were lost, and whose source has gone back to the text that they stand in."""
    for passage in passages:
        if not passage.supports:
            outcome = Outcome("verified", passage.start, passage.end, 1.0)
            yield Compared(passage, passage.snapshot_id, outcome)


def _row(made: Recapture, one: Compared) -> Reanchoring:
    return Reanchoring(
        recapture=made,
        passage=one.passage,
        taken_from_id=one.taken_from,
        start=one.passage.start,
        end=one.passage.end,
        state=one.outcome.state,
        new_start=one.outcome.start,
        new_end=one.outcome.end,
        similarity=one.outcome.similarity,
    )


def _follow(one: Compared, snapshot: Snapshot, now: datetime.datetime) -> tuple[str, ...]:
    """Let the passage be what the comparison says; the fields that have to be saved."""
    passage, outcome = one.passage, one.outcome
    if outcome.state in _STANDING and outcome.start is not None and outcome.end is not None:
        return stand_at(passage, snapshot, outcome.start, outcome.end, outcome.state, now)
    passage.state, passage.updated_at = outcome.state, now
    return ("state", "updated_at")
