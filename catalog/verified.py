"""The public facts of records: values that a verified citation holds, and where sources differ from them
or said otherwise before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from catalog.agreement import Decisions, Origins
from catalog.evidence import CitationIndex, evidence_of
from catalog.facts import value_text
from catalog.footnotes import Evidence
from catalog.history import History, history_of
from catalog.models import Season
from catalog.timeline import Agreement, Verdict, settled, voices_of, weigh
from catalog.words import said_in_words, value_in_words


@dataclass(frozen=True, slots=True)
class Variant:
    """What other passages say of the same value, in words; "" when they only contradict it."""

    says: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that readers may see, its evidence, and what sources say or said that differs from it."""

    label: str
    text: str
    evidence: tuple[Evidence, ...]
    variants: tuple[Variant, ...] = ()
    path: str = ""  # of the page of what the value names
    earlier: tuple[Variant, ...] = ()  # what older sources said before
    reason: str = ""  # of the decision that the value follows
    voices: int = 0  # how many sources hold it, those of one origin counted once
    gives_away: Season | None = None  # whose events it gives away, with its series


class Verified:
    """The public facts of the records of one page. Reads their citations in one query, and one more where
    a source derives from another, and decisions in one more where sources differ.

    `named` are records that the page only names; `newest` is when any of it was last written, as far as facts
    have been asked for.
    """

    def __init__(self, records: list[models.Model], named: Iterable[models.Model | None] = ()) -> None:
        self.records = tuple(records)
        self.index = CitationIndex.of(records)
        self.origins = Origins.of(one for found in self.index.by_record.values() for one in found)
        self.decisions = Decisions(records)
        shown = [record.updated_at for record in (*records, *named) if record is not None]
        cited = self.index.newest()
        self.newest = max([*shown, *([cited] if cited else [])])

    def fact(
        self, record: models.Model, field: str, *, text: str = "", label: str = "", path: str = ""
    ) -> Fact | None:
        """The field's value in words with its evidence; None when nothing holds it or it is empty."""
        evidence = self.index.supporting(record, field)
        text = text or (value_in_words(record, field) if field else value_text(record, field))
        if not evidence or not text:
            return None
        weighed = self._weighed(record, field)
        return Fact(
            label or _label(record, field),
            text,
            tuple(evidence),
            _variants(weighed, Verdict.DIFFERS, evidence),
            path,
            _variants(weighed, Verdict.EARLIER, evidence),
            "" if weighed.decision is None else weighed.decision.reason,
            _voices(weighed, evidence),
        )

    def value(self, record: models.Model, field: str) -> Any:
        """The field's own value; None when nothing holds it or it is empty."""
        return (getattr(record, field) or None) if self.index.supporting(record, field) else None

    def facts(self, record: models.Model, *fields: str) -> list[Fact]:
        return [fact for field in fields if (fact := self.fact(record, field)) is not None]

    def history(self, record: models.Model, *fields: str) -> list[History]:
        """What was known when of those of these fields that readers may see."""
        histories = (
            history_of(self._weighed(record, field), _label(record, field), self.origins)
            for field in fields
            if self.index.supporting(record, field)
        )
        return [one for one in histories if one is not None]

    def _weighed(self, record: models.Model, field: str) -> Agreement:
        agreement = weigh(record, field, self.index.all_for(record), origins=self.origins.parents)
        if not agreement.is_disputed:
            return agreement
        decision = self.decisions.on(record, field)
        if decision is not None:
            self.newest = max(self.newest, decision.at)
        return settled(agreement, decision)


def _label(record: models.Model, field: str) -> str:
    return capfirst(str(record._meta.get_field(field).verbose_name)) if field else ""


def _voices(agreement: Agreement, evidence: Iterable[Evidence]) -> int:
    """How many independent sources this evidence comes from."""
    holding = {one.key for one in evidence}
    return len(voices_of(one for one in agreement.told if one.citation.passage.key in holding))


def _variants(agreement: Agreement, verdict: Verdict, evidence: Iterable[Evidence]) -> tuple[Variant, ...]:
    """What is said with this verdict, by passages that are not evidence for the value themselves."""
    holding = {one.key for one in evidence}
    variants: dict[str, list[Evidence]] = {}
    for one in agreement.with_verdict(verdict):
        citation = one.citation
        if citation.passage.key not in holding:
            says = said_in_words(agreement.record, citation.field, citation.says)
            variants.setdefault(says, []).append(evidence_of(citation.passage))
    return tuple(Variant(says, tuple(found)) for says, found in variants.items())
