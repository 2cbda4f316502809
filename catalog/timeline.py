"""What follows for a field from all its citations: do the sources agree, and who said what when.

A statement that does not agree is *earlier* when a newer source, by the sources' own dates, gives the present
value, when its value comes before the present one in the course that the field takes, or when a person
decided so. Undated sources are not guessed into an order. Sources that derive from one origin are one voice.
A decision settles what differs while the record has its value and nothing else contradicts it. Nothing here
reads the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
    EARLIER = "earlier"  # superseded by a newer source, by the course of things, or by a decision
    DIFFERS = "differs"
    SILENT = "silent"


class State(Enum):
    """How the sources of a field stand to each other."""

    AGREED = "agreed"
    EARLIER = "earlier"  # agreed now; older sources said otherwise
    DIFFERING = "differing"  # needs a decision with a reason
    SETTLED = "settled"  # sources differ, and the desk decided which value it follows
    UNCONFIRMED = "unconfirmed"  # the value moved on, or the passages were lost
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Told:
    """One citation of a field and how it stands to the value."""

    citation: Any
    verdict: Verdict
    origin: int  # the id of the source that the chain of derivation begins with

    @property
    def gives_the_value(self) -> bool:
        return self.verdict in (Verdict.AGREES, Verdict.VAGUER)

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
    lost: tuple[Any, ...] = ()  # citations whose passages changed, were lost or withdrawn
    decision: Any = None  # the one that the field follows

    @property
    def voices(self) -> int:
        """How many give the value, sources of one origin counted once."""
        return len(voices_of(self.giving()))

    def giving(self) -> list[Told]:
        """What gives the value, if less exactly."""
        return [one for one in self.told if one.gives_the_value]

    def moved_on(self) -> list[Told]:
        """Support that was compared with another value than the present one."""
        return [one for one in self.told if one.citation.stance == "supports" and not self._holds(one)]

    @property
    def is_disputed(self) -> bool:
        """Whether there may be a decision on it: something differs, or a person called it earlier."""
        return self.state is State.DIFFERING or any(one.citation.stance == "earlier" for one in self.told)

    def _holds(self, one: Told) -> bool:
        return holds(one.citation, self.record)

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
    "availability": "service",
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
    decision: Any = None,
) -> Agreement:
    """Weigh the citations of a record, with passages and sources loaded, for one of its fields.

    `names` are other names of the record (aliases). `origins` gives, by id, the source that another derives
    from, and may leave out those that derive from none. `decision` is the newest on the field.
    """
    about = [one for one in citations if one.field in fields_weighed(record, field)]
    told = [
        Told(one, _verdict(record, one, names), origin_of(one.passage.source.pk, origins or {}))
        for one in about
        if one.passage.supports
    ]
    told = [replace(one, verdict=_in_time(record, one, told)) for one in told]
    agreement = Agreement(
        record,
        field,
        value_text(record, field),
        _state(standing(about, record), told),
        tuple(told),
        tuple(one for one in about if not one.passage.supports),
    )
    return settled(agreement, decision)


def settled(agreement: Agreement, decision: Any) -> Agreement:
    """The agreement with regard to the newest decision on its field.

    It counts while the record has the decided value and everything that differs was overruled by it, in
    the words it had then.
    """
    if decision is None or decision.value != value_text(agreement.record, decision.field):
        return agreement
    overruled = {(one["passage"], one["says"]) for one in decision.overruled}
    if not all(as_overruled(one.citation) in overruled for one in agreement.with_verdict(Verdict.DIFFERS)):
        return agreement
    state = State.SETTLED if agreement.state is State.DIFFERING else agreement.state
    return replace(agreement, state=state, decision=decision)


def as_overruled(citation: Any) -> tuple[str, str]:
    """What a decision keeps of a statement that it goes against: the passage's key and what it says."""
    return citation.passage.key, citation.says


def voices_of(told: Iterable[Told]) -> list[list[Any]]:
    """The sources of these statements, each once, those of one origin together."""
    found: dict[int, dict[int, Any]] = {}
    for one in told:
        found.setdefault(one.origin, {}).setdefault(one.source.pk, one.source)
    return [list(sources.values()) for sources in found.values()]


def origin_of(source: int, origins: Mapping[int, int]) -> int:
    """The source that a chain of derivation begins with; in a circle, the least of it."""
    seen = [source]
    while (parent := origins.get(seen[-1])) is not None:
        if parent in seen:
            return min(seen[seen.index(parent) :])
        seen.append(parent)
    return seen[-1]


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
    if citation.stance in _DECIDED_BY_STANCE:
        return _DECIDED_BY_STANCE[citation.stance]
    compared = Comparison.SILENT
    if citation.field != WHOLE:
        compared = compare(record, citation.field, citation.says, names)
    supported = holds(citation, record)
    if supported and (compared is Comparison.SILENT or not _is_readable(record, citation)):
        # Somebody compared the words with this very value and found it in them.
        return Verdict.AGREES
    return Verdict(compared.value)


# What a person has said of a passage, whatever the words look like.
_DECIDED_BY_STANCE = {"contradicts": Verdict.DIFFERS, "earlier": Verdict.EARLIER}


def _is_readable(record: Any, citation: Any) -> bool:
    """Whether what is said has a form that leaves no room for judgement; names have many forms."""
    return kind_of(model_of(record), citation.field) not in (Kind.NAME, Kind.WORDS)


def _in_time(record: Any, one: Told, told: Iterable[Told]) -> Verdict:
    """The verdict with regard to what came after."""
    giving = [other for other in told if other.verdict is Verdict.AGREES]
    not_known = one.verdict is Verdict.SILENT and says_not_known(one.citation.says)
    if one.verdict is not Verdict.DIFFERS and not not_known:
        return one.verdict
    # A contradiction is a person's word that it is not merely earlier in the course of things.
    if is_newer(giving, one) or (one.citation.stance != "contradicts" and is_overtaken(record, one, giving)):
        return Verdict.EARLIER
    return one.verdict


def is_newer(giving: Iterable[Told], one: Told) -> bool:
    """Whether some source of `giving` is surely newer than that of `one`."""
    return any(_newer(other, one) for other in giving)


def is_overtaken(record: Any, one: Told, giving: Iterable[Told]) -> bool:
    """Whether what is said comes before the present value in the field's course, and is not newer."""
    return _is_earlier_step(record, one.citation) and not any(_newer(one, other) for other in giving)


def _newer(one: Told, other: Told) -> bool:
    """Whether one source is surely newer than the other: both are dated and the dates do not overlap."""
    if one.published is None or other.published is None:
        return False
    return one.published.earliest() > other.published.latest()


def _is_earlier_step(record: Any, citation: Any) -> bool:
    course = COURSES.get((model_of(record), citation.field), ())
    said = read_choice(record, citation.field, citation.says) if course else None
    value = value_text(record, citation.field)
    return said in course and value in course and course.index(said) < course.index(value)


def _place(one: Told) -> tuple[str, int]:
    return one.source.slug, one.citation.passage.number
