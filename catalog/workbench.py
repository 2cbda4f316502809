"""What the workbench of a source shows: one of its texts cut at its passages, and what each passage supports.

A passage stands in the snapshot it belongs to, in those it was taken from before, and perhaps in a new one
that somebody has still to look at. Where it went is decided by `catalog.anchoring`, whether a citation holds
by `catalog.facts`; the articles that lean on a passage are known to `editorial` alone. Offsets are Unicode
code points, the end exclusive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from catalog.facts import Standing, model_of, standing, value_text
from catalog.finding import label_of
from catalog.models import Citation, Passage, PassageState, Reanchoring, Snapshot, Source
from catalog.records import records_of
from catalog.suggesting import field_choices


@dataclass(frozen=True, slots=True)
class Span:
    """Where passage `number` stands in a text, and its state there."""

    number: int
    start: int
    end: int
    state: str = PassageState.VERIFIED.value

    @property
    def firm(self) -> bool:
        return self.state in Passage.SUPPORTING


@dataclass(frozen=True, slots=True)
class Segment:
    """`text`, which is `[start:end]` of the whole, under the same passages from end to end.

    `begins` and `ends` are the numbers of those whose first or last segment this is; `doubtful` when none
    of its passages is known to stand here.
    """

    start: int
    end: int
    text: str
    passages: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    doubtful: bool = False

    @property
    def numbers(self) -> str:
        return " ".join(map(str, self.passages))

    @property
    def label(self) -> str:
        """The numbers of the passages that begin here."""
        return " ".join(map(str, self.begins))

    @property
    def depth(self) -> int:
        """How many passages lie over each other here; three and more look alike."""
        return min(len(self.passages), 3)


def segments(text: str, spans: Iterable[Span]) -> list[Segment]:
    """The text cut wherever a span begins or ends: joined they are the text, none of them is empty.

    Numbers stand in the order of the spans' beginnings. Spans must lie within the text and not be empty.
    """
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, span.number))
    cuts = sorted({0, len(text), *(span.start for span in ordered), *(span.end for span in ordered)})
    found: list[Segment] = []
    over: list[Span] = []
    following = iter([*ordered, None])
    span = next(following)
    for start, end in pairwise(cuts):
        over = [one for one in over if one.end > start]
        while span is not None and span.start == start:
            over.append(span)
            span = next(following)
        found.append(
            Segment(
                start,
                end,
                text[start:end],
                tuple(one.number for one in over),
                tuple(one.number for one in over if one.start == start),
                tuple(one.number for one in over if one.end == end),
                bool(over) and not any(one.firm for one in over),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation in words. `standing` is empty unless the passage is said to support the record."""

    pk: int
    stance: str
    stance_in_words: str
    label: str
    url: str  # of the record's page in the admin; "" when the record is gone
    field: str
    says: str
    standing: str
    checked: str
    now: str


@dataclass(frozen=True)
class Card:
    """A passage with what it is cited for; `span` is its place in the text shown, None when it has none."""

    passage: Passage
    span: Span | None
    cited: tuple[Cited, ...]

    @property
    def name(self) -> str:
        return gettext("Passage %(number)s") % {"number": self.passage.number}

    @property
    def reference(self) -> str:
        """What names the passage in the text of an article."""
        return reference_of(self.passage)


@dataclass(frozen=True)
class Bench:
    """A source with one of its snapshots and every passage of it.

    `snapshots` are all of its snapshots, newest first, with `is_here` and without their texts; `waiting`
    counts the passages that a recapture left for a person, and `review` is the newest such recapture.
    """

    source: Source
    snapshot: Snapshot | None
    snapshots: tuple[Snapshot, ...]
    is_current: bool
    cards: tuple[Card, ...]
    waiting: int
    review: int | None

    @property
    def text_is_here(self) -> bool:
        return self.snapshot is not None and self.snapshot.text is not None

    @cached_property
    def segments(self) -> list[Segment]:
        if self.snapshot is None or self.snapshot.text is None:
            return []
        return segments(self.snapshot.text, [card.span for card in self.cards if card.span is not None])


def reference_of(passage: Passage) -> str:
    """`[@source-slug#3]`: what names a passage in the text of an article. Needs its source loaded."""
    return f"[@{passage.key}]"


def current_snapshot(source: Source) -> Snapshot | None:
    """The text that passages of the source are selected in; one that is not here only if none is."""
    return Snapshot.objects.attached().current_of(source) or Snapshot.objects.current_of(source)


def bench_of(source: Source, snapshot: Snapshot | None, *, current: Snapshot | None) -> Bench:
    """The workbench of `source` with the text of `snapshot`, in a constant number of queries."""
    passages = list(source.passages.select_related("snapshot").defer("snapshot__text").order_by("number"))
    for passage in passages:
        passage.source = source
    moves = list(
        Reanchoring.objects.filter(passage__source=source)
        .select_related("recapture", "passage")
        .defer("removed", "passage__exact")
        .order_by("-recapture__at", "-pk")
    )
    spans = spans_in(snapshot, passages, moves) if snapshot is not None else {}
    cited = _cited(passages)
    cards = [Card(passage, spans.get(passage.number), cited.get(passage.pk, ())) for passage in passages]
    waiting = [move for move in moves if not move.resolution and move.state != PassageState.VERIFIED]
    here = models.ExpressionWrapper(models.Q(text__isnull=False), output_field=models.BooleanField())
    return Bench(
        source,
        snapshot,
        tuple(source.snapshots.defer("text").annotate(is_here=here)),
        is_current=snapshot == current,
        cards=tuple(sorted(cards, key=_place)),
        waiting=len({move.passage_id for move in waiting}),
        review=waiting[0].recapture_id if waiting else None,
    )


def spans_in(
    snapshot: Snapshot, passages: Iterable[Passage], moves: Iterable[Reanchoring]
) -> dict[int, Span]:
    """Where the passages of a source stand in one of its snapshots, by number.

    `moves` are what its recaptures found. A passage that left the snapshot is verified there: its words
    stood there. One that waits to be confirmed is *changed* where its words seem to have gone.
    """
    spans: dict[int, Span] = {}
    for passage in passages:
        if passage.snapshot_id == snapshot.pk:
            spans[passage.number] = Span(passage.number, passage.start, passage.end, passage.state)
    for move in moves:
        number = move.passage.number
        if move.taken_from_id == snapshot.pk:
            spans.setdefault(number, Span(number, move.start, move.end))
        elif move.recapture.snapshot_id == snapshot.pk and not move.resolution and move.new_start is not None:
            spans.setdefault(number, Span(number, move.new_start, move.new_end, move.state))
    return {number: span for number, span in spans.items() if 0 <= span.start < span.end <= snapshot.length}


def _place(card: Card) -> tuple[bool, int, int]:
    """In the order of the text; those that do not stand in it last."""
    return card.span is None, card.span.start if card.span else 0, card.passage.number


def _cited(passages: list[Passage]) -> Mapping[int, tuple[Cited, ...]]:
    """What the passages of one source are cited for, by their ids."""
    by_id = {passage.pk: passage for passage in passages}
    if not by_id:
        return {}
    source = passages[0].source_id
    citations = list(Citation.objects.filter(passage__source=source).order_by("pk"))
    records = records_of(citations)
    names = {key: label_of(record) for key, record in records.items()}
    fields = {type(record): dict(field_choices(record)) for record in records.values()}
    found: dict[int, list[Cited]] = defaultdict(list)
    for citation in citations:
        citation.passage = by_id[citation.passage_id]
        key = (citation.content_type_id, citation.object_id)
        record = records.get(key)
        label = names.get(key, gettext("a record that is gone"))
        field = fields.get(type(record), {}).get(citation.field, citation.field)
        found[citation.passage_id].append(_in_words(citation, record, label, field))
    return {pk: tuple(rows) for pk, rows in found.items()}


def _in_words(citation: Citation, record: models.Model | None, label: str, field: str) -> Cited:
    found = Standing.NONE if record is None else standing([citation], record)
    return Cited(
        citation.pk,
        citation.stance,
        citation.get_stance_display(),
        label,
        "" if record is None else reverse(f"admin:catalog_{model_of(record)}_change", args=[record.pk]),
        field,
        citation.says,
        "" if found is Standing.NONE else found.value,
        citation.checked_value,
        "" if record is None else value_text(record, citation.field),
    )
