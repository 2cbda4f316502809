"""What follows for a field from all its citations: do the sources agree, and who said what when.

A statement that does not agree is *earlier* when a newer source, by the sources' own dates, gives the present
value, or when its value comes before the present one in the course that the field takes. Undated sources are
not guessed into an order. Sources that derive from one origin are one voice. Nothing here reads the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from catalog.comparing import (
    COURSES,
    Comparison,
    Kind,
    compare,
    kind_of,
    read_choice,
    says_not_known,
)
from catalog.dates import PartialDate
from catalog.facts import WHOLE, Standing, holds, model_of, standing, value_text


class Verdict(Enum):
    """How one citation stands to the present value."""

    AGREES = "agrees"
    VAGUER = "vaguer"
    EARLIER = "earlier"  # superseded by a newer source, or by the course of things
    DIFFERS = "differs"
    SILENT = "silent"


class State(Enum):
    """How the sources of a field stand to each other."""

    AGREED = "agreed"
    EARLIER = "earlier"  # agreed now; older sources said otherwise
    DIFFERING = "differing"  # needs a decision with a reason
    UNCONFIRMED = "unconfirmed"  # the value moved on, or the passages were lost
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Told:
    """One citation of a field and how it stands to the value."""

    citation: Any
    verdict: Verdict

    @property
    def source(self) -> Any:
        return self.citation.passage.source

    @property
    def published(self) -> PartialDate | None:
        """The source's own date."""
        date: PartialDate | None = self.source.published
        return date


@dataclass(frozen=True, slots=True)
class Agreement:
    """The citations of one field of one record, weighed."""

    record: Any
    field: str
    value: str  # as `catalog.facts.value_text`
    state: State
    told: tuple[Told, ...]  # only passages that still say what they said
    voices: int  # that give the value: sources of one origin counted once

    def dated(self) -> list[Told]:
        """What sources with a date said, oldest first; of one day in the order of their passages."""
        told = [one for one in self.told if one.published is not None]
        return sorted(told, key=lambda one: (str(one.published), *_place(one)))

    def undated(self) -> list[Told]:
        """What sources without a date said, source by source: their order is not known."""
        return sorted((one for one in self.told if one.published is None), key=_place)

    def with_verdict(self, *verdicts: Verdict) -> list[Told]:
        return [one for one in self.told if one.verdict in verdicts]


# The one field of these records says what the whole record says: a citation of either is one of both.
_ONE_FACT: Mapping[str, str] = {
    "alias": "text",
    "earlierwork": "title",
    "crewcredit": "job",
    "statement": "value",
}


def fields_weighed(record: object, field: str) -> tuple[str, ...]:
    """The fields whose citations speak of `field`."""
    same = _ONE_FACT.get(model_of(record))
    return (same, WHOLE) if same is not None and field in (same, WHOLE) else (field,)


def weigh(
    record: Any,
    field: str,
    citations: Iterable[Any],
    *,
    names: Collection[str] = (),
    origins: Mapping[int, int] | None = None,
) -> Agreement:
    """Weigh the citations of a record, with passages and sources loaded, for one of its fields.

    `names` are other names of the record (aliases). `origins` gives, by id, the source that another derives
    from, and may leave out those that derive from none.
    """
    about = [one for one in citations if one.field in fields_weighed(record, field)]
    told = [Told(one, _verdict(record, one, names)) for one in about if one.passage.supports]
    told = [Told(one.citation, _in_time(record, one, told)) for one in told]
    return Agreement(
        record,
        field,
        value_text(record, field),
        _state(standing(about, record), told),
        tuple(told),
        len({_origin(one.source.pk, origins or {}) for one in told if one.verdict in _GIVES_THE_VALUE}),
    )


_GIVES_THE_VALUE = (Verdict.AGREES, Verdict.VAGUER)


def _state(standing: Standing, told: Iterable[Told]) -> State:
    verdicts = {one.verdict for one in told}
    if standing is Standing.UNCONFIRMED:
        return State.UNCONFIRMED
    contradicted = any(one.citation.stance == "contradicts" for one in told)
    if standing is Standing.NONE and not contradicted:
        return State.UNCITED
    if Verdict.DIFFERS in verdicts:
        return State.DIFFERING
    return State.EARLIER if Verdict.EARLIER in verdicts else State.AGREED


def _verdict(record: Any, citation: Any, names: Collection[str]) -> Verdict:
    """How the citation stands to the value, whatever its date."""
    if citation.stance == "contradicts":
        return Verdict.DIFFERS
    compared = Comparison.SILENT
    if citation.field != WHOLE:
        compared = compare(record, citation.field, citation.says, names)
    supported = holds(citation, record)
    if supported and (compared is Comparison.SILENT or not _is_readable(record, citation)):
        # Somebody compared the words with this very value and found it in them.
        return Verdict.AGREES
    return Verdict(compared.value)


def _is_readable(record: Any, citation: Any) -> bool:
    """Whether what is said has a form that leaves no room for judgement; names have many forms."""
    return kind_of(model_of(record), citation.field) not in (Kind.NAME, Kind.WORDS)


def _in_time(record: Any, one: Told, told: Iterable[Told]) -> Verdict:
    """The verdict with regard to what came after."""
    giving = [other for other in told if other.verdict is Verdict.AGREES]
    not_known = one.verdict is Verdict.SILENT and says_not_known(one.citation.says)
    if one.verdict is not Verdict.DIFFERS and not not_known:
        return one.verdict
    if any(_newer(other, one) for other in giving):
        return Verdict.EARLIER
    if _is_earlier_step(record, one) and not any(_newer(one, other) for other in giving):
        return Verdict.EARLIER
    return one.verdict


def _newer(one: Told, other: Told) -> bool:
    """Whether one source is surely newer than the other: both are dated and the dates do not overlap."""
    if one.published is None or other.published is None:
        return False
    return one.published.earliest() > other.published.latest()


def _is_earlier_step(record: Any, one: Told) -> bool:
    """Whether what is only mentioned comes before the present value in the field's course.

    A contradiction is a person's word that it is not merely earlier.
    """
    field = one.citation.field
    course = COURSES.get((model_of(record), field), ())
    said = read_choice(record, field, one.citation.says) if course else None
    value = value_text(record, field)
    if one.citation.stance == "contradicts" or said not in course or value not in course:
        return False
    return course.index(said) < course.index(value)


def _origin(source: int, origins: Mapping[int, int]) -> int:
    """The source that a chain of derivation begins with; in a circle, the least of it."""
    seen = [source]
    while (parent := origins.get(seen[-1])) is not None:
        if parent in seen:
            return min(seen[seen.index(parent) :])
        seen.append(parent)
    return seen[-1]


def _place(one: Told) -> tuple[str, int]:
    return one.source.slug, one.citation.passage.number
