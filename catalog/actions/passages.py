"""Passages: made from a quote or from words that somebody selected."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext

from catalog.actions.refusals import QuoteRefused, SelectionRefused, TextNotHere, require
from catalog.capture import sha256_of
from catalog.models import Passage, PassageState, Snapshot, Source
from catalog.passages import ELLIPSIS, QuoteAmbiguous, QuoteNotFound, context_of, excerpt_of, find_quote
from catalog.recording import record_action

LONGEST = 2_000  # code points of a selected passage
_SHOWN = 200  # code points of each of two texts that a refusal shows


@transaction.atomic
def add_passage(*, user: AbstractBaseUser | None, source: Source, quote: str) -> Passage:
    """The passage of `source` that is `quote`, in its current text that is here; there already or made now.

    Raises TextNotHere and QuoteRefused.
    """
    require(user, "catalog.add_passage")
    source = Source.objects.select_for_update().get(pk=source.pk)
    snapshot = Snapshot.objects.attached().current_of(source)
    text = _text_of(source, snapshot)
    try:
        start, end = find_quote(text, quote)
    except (QuoteNotFound, QuoteAmbiguous) as error:
        raise QuoteRefused(str(error)) from error
    return _passage_at(user, source, snapshot, start, end)


@transaction.atomic
def add_selected_passage(
    *, user: AbstractBaseUser | None, snapshot: Snapshot, start: int, end: int, exact: str
) -> Passage:
    """The passage `[start:end]` of the snapshot's text (code points); there already or made now.

    White space at its edges is left out. `exact` is what the person saw there: it must be the words of the
    span, except that line breaks may be written in any way. Raises TextNotHere, and SelectionRefused also
    when the source has a newer text than this.
    """
    require(user, "catalog.add_passage")
    source = Source.objects.select_for_update().get(pk=snapshot.source_id)
    text = _text_of(source, snapshot)
    current = Snapshot.objects.attached().defer("text").current_of(source)
    if current != snapshot:
        raise SelectionRefused(
            gettext(
                "This is not the current text of “%(source)s”. Open its current text and select the "
                "words there."
            )
            % {"source": source.slug}
        )
    start, end = selected_span(text, start, end, exact)
    return _passage_at(user, source, snapshot, start, end)


def selected_span(text: str, start: int, end: int, exact: str) -> tuple[int, int]:
    """`[start:end]` of `text` without the white space at its edges; it is sure to hold the words `exact`.

    Line breaks may be written in any way. Raises SelectionRefused.
    """
    start, end = _trimmed(text, start, end)
    _check_selection(text[start:end], exact.strip())
    return start, end


def keep_numbers(passages: Iterable[Passage]) -> None:
    """Sources never again give the numbers of these passages, nor lower ones. One query."""
    highest = Passage.objects.filter(source=models.OuterRef("pk")).order_by("-number").values("number")[:1]
    sources = Source.objects.filter(pk__in={passage.source_id for passage in passages})
    sources.filter(last_number__lt=models.Subquery(highest)).update(last_number=models.Subquery(highest))


def _text_of(source: Source, snapshot: Snapshot | None) -> str:
    if snapshot is None or snapshot.text is None:
        raise TextNotHere(
            gettext(
                "The text of “%(source)s” is not on this machine. Attach or capture it first, "
                "then choose the words."
            )
            % {"source": source.slug}
        )
    return snapshot.text


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its edges. Raises SelectionRefused when nothing is left."""
    if not 0 <= start < end <= len(text):
        raise SelectionRefused(
            gettext(
                "The selection is no part of the text, which has %(length)s characters. "
                "Load the page again and select the words anew."
            )
            % {"length": len(text)}
        )
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start >= end:
        raise SelectionRefused(gettext("The selection holds no words. Select the words that say the fact."))
    return start, end


def _check_selection(in_text: str, selected: str) -> None:
    """Raises SelectionRefused when the span is too long or holds other words than those selected."""
    if len(in_text) > LONGEST:
        raise SelectionRefused(
            gettext(
                "The selection has %(length)s characters, and a passage at most %(longest)s. "
                "Select a sentence or two."
            )
            % {"length": len(in_text), "longest": LONGEST}
        )
    if _with_plain_breaks(selected) != _with_plain_breaks(in_text):
        message = gettext(
            "The words at this place are others than those selected. Selected: “%(selected)s”. "
            "In the text: “%(in_text)s”. Load the page again and select the words anew."
        )
        texts = {"selected": _shortened(selected), "in_text": _shortened(in_text)}
        raise SelectionRefused(message % texts, selected=selected, in_text=in_text)


def _with_plain_breaks(text: str) -> str:
    """Forms send line breaks in a way of their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shortened(text: str) -> str:
    half = _SHOWN // 2
    return text if len(text) <= _SHOWN else f"{text[:half].rstrip()} {ELLIPSIS} {text[-half:].lstrip()}"


def _passage_at(
    user: AbstractBaseUser | None, source: Source, snapshot: Snapshot, start: int, end: int
) -> Passage:
    """The passage `[start:end]` of an attached snapshot of the locked source; made when it is not there."""
    standing = Passage.SUPPORTING - {PassageState.UNATTACHED}
    there = snapshot.passages.filter(start=start, end=end, state__in=standing).first()
    if there is not None:
        return there
    passage = _new_passage(source, snapshot, start, end)
    record_action(user=user, verb="passage.added", target=passage)
    return passage


def _new_passage(source: Source, snapshot: Snapshot, start: int, end: int) -> Passage:
    """The verified passage `[start:end]` of an attached snapshot, with its locked source's next number."""
    exact = snapshot.text[start:end]
    prefix, suffix = context_of(snapshot.text, start, end)
    return Passage.objects.create(
        source=source,
        number=_next_number(source),
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


def _next_number(source: Source) -> int:
    """A number that no passage of the locked source ever had, deleted ones included."""
    highest = Passage.objects.filter(source=source).aggregate(highest=models.Max("number"))["highest"] or 0
    source.last_number = max(source.last_number, highest) + 1
    source.save(update_fields=["last_number"])
    return source.last_number
