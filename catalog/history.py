"""What was known when, for readers: who said what of a field, in words, by the sources' own dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from catalog.agreement import Origins
from catalog.evidence import evidence_of
from catalog.footnotes import Evidence
from catalog.models import Decision, Source
from catalog.timeline import Agreement, State, Told, Verdict
from catalog.words import said_in_words, value_in_words


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a source says of the field, and how that stands to the present value."""

    words: str
    verdict: str  # of catalog.timeline.Verdict
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """All that one source says of the field."""

    source: Source
    sayings: tuple[Saying, ...]
    origin: str  # the title of the source that it took this from; "" for none


@dataclass(frozen=True, slots=True)
class History:
    """The timeline of one field: dated sources oldest first, and apart from them those without a date.

    `mentions` are passages that speak of it and say nothing of its value. `decision` is the one that the
    field follows; `sources_differ` unless what it went against was superseded.
    """

    label: str
    dated: tuple[Voice, ...]
    undated: tuple[Voice, ...]
    mentions: tuple[Evidence, ...]
    decision: Decision | None
    sources_differ: bool


def history_of(agreement: Agreement, label: str, origins: Origins) -> History | None:
    """The timeline of a field; None while no more than one thing was said of it, by one source."""
    dated, undated = agreement.dated(), agreement.undated()
    history = History(
        label,
        tuple(_voices(agreement, dated, origins)),
        tuple(_voices(agreement, undated, origins)),
        tuple(evidence_of(one.citation.passage) for one in (*dated, *undated) if not _words(agreement, one)),
        agreement.decision,
        agreement.state in (State.DIFFERING, State.SETTLED),
    )
    return history if sum(len(voice.sayings) for voice in (*history.dated, *history.undated)) > 1 else None


def _voices(agreement: Agreement, told: Iterable[Told], origins: Origins) -> Iterator[Voice]:
    speaking = (one for one in told if _words(agreement, one))
    for _pk, group in groupby(speaking, key=lambda one: one.source.pk):
        sayings: dict[tuple[str, str], list[Evidence]] = {}
        for one in group:
            source = one.source
            key = (_words(agreement, one), one.verdict.value)
            sayings.setdefault(key, []).append(evidence_of(one.citation.passage))
        yield Voice(
            source,
            tuple(Saying(words, verdict, tuple(found)) for (words, verdict), found in sayings.items()),
            origins.title_for(source),
        )


def _words(agreement: Agreement, one: Told) -> str:
    """What is said, in words; support that states nothing of its own states the value."""
    if one.citation.says:
        return said_in_words(agreement.record, one.citation.field, one.citation.says)
    return value_in_words(agreement.record, agreement.field) if one.verdict is Verdict.AGREES else ""
