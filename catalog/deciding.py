"""What a decision on a field may choose from, and what each choice makes of the statements.

A choice is the present value or one that a statement gives in a form that can be read. Statements that give
the chosen value support it from then on; each one that loses becomes a contradiction or is called earlier,
as a person says. Nothing here reads the database.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog.comparing import Comparison, assign, compare, readable_value
from catalog.facts import value_text
from catalog.timeline import Agreement, Told, Verdict, is_newer, is_overtaken, voices_of, weigh

# What may become of a statement that loses.
LOSING_STANCES = ("contradicts", "earlier")


@dataclass(frozen=True, slots=True)
class Loss:
    """A statement that does not give the chosen value, and the stance that is offered for it."""

    told: Told
    stance: str  # of LOSING_STANCES


@dataclass(frozen=True, slots=True)
class Restated:
    """A citation as it would be if the field had the chosen value."""

    citation: Any
    stance: str
    checked_value: str

    @property
    def field(self) -> str:
        return str(self.citation.field)

    @property
    def says(self) -> str:
        return str(self.citation.says)

    @property
    def passage(self) -> Any:
        return self.citation.passage

    @property
    def is_new(self) -> bool:
        now = (self.citation.stance, self.citation.checked_value)
        return (self.stance, self.checked_value) != now


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the field may be given. Verdicts are those that it would bring about."""

    value: str  # as `catalog.facts.value_text`
    record: Any  # with that value
    giving: tuple[Told, ...]
    losing: tuple[Loss, ...]
    restated: tuple[Restated, ...]  # what does not lose and has to be written anew

    @property
    def voices(self) -> list[list[Any]]:
        """The sources that give the value, those of one origin together."""
        return voices_of(self.giving)


def choices(
    agreement: Agreement, *, names: Collection[str] = (), origins: Mapping[int, int] | None = None
) -> list[Choice]:
    """The present value, then the others that are said, those with most voices first.

    `names` and `origins` are those that the agreement was weighed with.
    """
    said = (
        readable_value(agreement.record, agreement.field, one.citation.says)
        for one in agreement.told
        if one.verdict is not Verdict.AGREES
    )
    values = [value for value in dict.fromkeys(said) if value and value != agreement.value]
    found = [_choice(agreement, value, names, origins) for value in values]
    found.sort(key=lambda one: -len(one.voices))
    if agreement.value:
        found.insert(0, _choice(agreement, agreement.value, names, origins))
    return found


def fingerprint(agreement: Agreement) -> str:
    """A hash of the value, the statements and the decision: another one when any of it has changed."""
    citations = [*(one.citation for one in agreement.told), *agreement.lost]
    stated = sorted(
        (
            one.passage.key,
            one.field,
            one.stance,
            one.says,
            one.checked_value,
            one.passage.state,
            str(one.passage.source.published or ""),
        )
        for one in citations
    )
    decided = "" if agreement.decision is None else agreement.decision.at.isoformat()
    facts = json.dumps([agreement.field, agreement.value, decided, stated])
    return hashlib.sha256(facts.encode()).hexdigest()


def _choice(
    agreement: Agreement, value: str, names: Collection[str], origins: Mapping[int, int] | None
) -> Choice:
    record, field, moves = agreement.record, agreement.field, value != agreement.value
    if moves:
        record = copy.copy(record)
        assign(record, field, value)
    restated = [_restated(record, field, one.citation, names, moves=moves) for one in agreement.told]
    weighed = weigh(record, field, restated, names=names, origins=origins).told
    agreeing = [one for one in weighed if one.verdict is Verdict.AGREES]
    losing = [one for one in weighed if _loses(one)]
    return Choice(
        value,
        record,
        tuple(_as_written(one) for one in weighed if one.gives_the_value),
        tuple(Loss(_as_written(one), _offered(record, one, agreeing)) for one in losing),
        tuple(one.citation for one in weighed if one not in losing and one.citation.is_new),
    )


def _restated(record: Any, field: str, citation: Any, names: Collection[str], *, moves: bool) -> Restated:
    """The citation as far as its words decide; support that is lost is only a mention until it is decided."""
    compared = compare(record, field, citation.says, names)
    stance = citation.stance
    if moves and compared is Comparison.AGREES:
        stance = "supports"
    elif moves and stance != "supports" and compared is Comparison.VAGUER:
        stance = "mentions"
    gives = compared in (Comparison.AGREES, Comparison.VAGUER)
    if moves and stance == "supports" and not gives:
        stance = "mentions"
    compared_now = moves or (stance == "supports" and gives)
    checked = value_text(record, citation.field) if compared_now else citation.checked_value
    return Restated(citation, stance, checked)


def _loses(one: Told) -> bool:
    lost_support = one.citation.citation.stance == "supports" and one.citation.stance != "supports"
    return one.verdict is Verdict.DIFFERS or lost_support


def _offered(record: Any, one: Told, agreeing: Iterable[Told]) -> str:
    agreeing = list(agreeing)
    earlier = is_newer(agreeing, one) or is_overtaken(record, one, agreeing)
    return "earlier" if earlier else "contradicts"


def _as_written(one: Told) -> Told:
    return replace(one, citation=one.citation.citation)
