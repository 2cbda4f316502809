"""The public facts of records: values that a verified citation holds, and where sources differ from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst

from catalog.dates import PartialDate
from catalog.evidence import CitationIndex, evidence_of
from catalog.facts import WHOLE, value_text
from catalog.footnotes import Evidence
from catalog.words import says_in_words, value_in_words


@dataclass(frozen=True, slots=True)
class Variant:
    """What other sources say of the same value, in words; "" when they only contradict it."""

    says: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that readers may see, its evidence, and where sources differ from it."""

    label: str
    text: str
    evidence: tuple[Evidence, ...]
    variants: tuple[Variant, ...] = ()
    path: str = ""  # of the page of what the value names


class Verified:
    """The public facts of the records of one page. Reads their citations in one query.

    `named` are records that the page only names; `newest` is when any of it was last written.
    """

    def __init__(self, records: list[models.Model], named: Iterable[models.Model | None] = ()) -> None:
        self.index = CitationIndex.of(records)
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
        label = label or (capfirst(str(record._meta.get_field(field).verbose_name)) if field else "")
        return Fact(label, text, tuple(evidence), self._variants(record, field, evidence), path)

    def facts(self, record: models.Model, *fields: str) -> list[Fact]:
        return [fact for field in fields if (fact := self.fact(record, field)) is not None]

    def _variants(
        self, record: models.Model, field: str, evidence: Iterable[Evidence]
    ) -> tuple[Variant, ...]:
        holding = {one.key for one in evidence}
        value = value_text(record, field)
        variants: dict[str, list[Evidence]] = {}
        for citation in self.index.all_for(record):
            if citation.field != field or citation.passage.key in holding or not citation.passage.supports:
                continue
            # What is mentioned beside a whole record is no other value of it.
            other_value = field != WHOLE and not _agrees(citation.says, value)
            if citation.stance == "contradicts" or other_value:
                says = says_in_words(citation.says)
                variants.setdefault(says, []).append(evidence_of(citation.passage))
        return tuple(Variant(says, tuple(found)) for says, found in variants.items())


def _agrees(says: str, value: str) -> bool:
    """Whether what a passage says is the value, or a vaguer date that holds it; saying nothing agrees."""
    if says in ("", value):
        return True
    try:
        date = PartialDate.parse(value).level0
        return (says.startswith("--") and date.endswith(says[1:])) or date.startswith(
            PartialDate.parse(says).level0
        )
    except ValueError:
        return False
