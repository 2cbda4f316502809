"""Passages: made from a quote or from words that somebody selected."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext

from catalog.actions.refusals import QuoteRefused, TextNotHere, require
from catalog.capture import sha256_of
from catalog.models import Passage, PassageState, Snapshot, Source
from catalog.passages import QuoteAmbiguous, QuoteNotFound, context_of, excerpt_of, find_quote


@transaction.atomic
def add_passage(*, user: AbstractBaseUser | None, source: Source, quote: str) -> Passage:
    """The passage of `source` that is `quote`, in the newest text that is here; there already or made now.

    Its number is one more than the highest the source has. A number returns only when the highest
    passage was deleted, which the database allows only while no citation and no edition names it.
    Raises TextNotHere and QuoteRefused.
    """
    require(user, "catalog.add_passage")
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
