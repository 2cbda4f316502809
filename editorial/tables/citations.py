"""Evidence that rows of a table bring along: found before anything is written, cited when it is.

A row says in `passage` which one it rests on (`source-slug#number`), or in `source` and `quote` which words
of which source; in `field` which facts of the record (several with `|`), in `says` what the words say.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext

from catalog.actions import (
    AlreadyCited,
    CatalogError,
    add_passage,
    cite,
    confirm_citation,
    new_citation_value,
)
from catalog.actions.passages import LONGEST
from catalog.facts import CITABLE, WHOLE, model_of
from catalog.keys import KeyIndex
from catalog.models import Citation, Passage, Snapshot, Source, Stance
from catalog.passages import QuoteAmbiguous, QuoteNotFound, find_quote
from catalog.resources.describing import CITING, is_citable
from catalog.resources.outcomes import RowOutcome, Written, values_of
from catalog.resources.tables import split_list
from catalog.tabular.rows import RowProblem
from editorial.bundles import TABLES
from editorial.tables.reading import RowNames

_TEXTS = 8  # of sources, kept at a time


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """What a row rests on: a passage that is there, or the quote of one that may have to be made."""

    line: int
    passage: int | None
    source: int | None
    quote: str
    says: str
    fields: tuple[str, ...]


class NotCited(Exception):
    """A citation that a row asks for cannot be made; str() says why, `problem` where."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class RowCitations:
    """The evidence of the rows of one table. `read` each row, then `cite` what became of them.

    Rows are told apart by line and by their order within it. The evidence of all rows is kept until it is
    cited: rows without any cost nothing. `made` are the citations that are new, `confirmed` those that were
    there and are compared with what the row says from now on.
    """

    def __init__(self, name: str) -> None:
        self.model: type[models.Model] = TABLES[name]._meta.model
        self.is_citable = is_citable(TABLES[name])
        self.made: list[Citation] = []
        self.confirmed: list[Written] = []
        self.uncited = 0
        self._evidence: dict[str, RowEvidence] = {}
        self._keys: dict[str, str] = {}
        self._read, self._seen = RowNames(), RowNames()
        self._passages: dict[str, Passage | None] = {}
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._sources: dict[str, Source] | None = None
        self._places: dict[tuple[int, str], None] = {}

    @property
    def cited(self) -> int:
        """How many citations were made."""
        return len(self.made)

    def read(self, line: int, row: Mapping[str, str]) -> RowProblem | None:
        """Take note of what the row rests on; what is wrong with it, if anything is."""
        name = self._read.of(line)
        if not any(row.get(column) for column in CITING):
            return None
        said = {column: row.get(column, "").strip() for column in CITING}
        if not self.is_citable or not any(said.values()):
            return None
        try:
            self._evidence[name] = self._evidence_of(line, said)
        except _Wrong as wrong:
            return RowProblem(line, wrong.column, said[wrong.column], str(wrong))
        return None

    def skip(self, line: int) -> None:
        """A row of that line is refused already."""
        self._read.of(line)

    def see(self, outcomes: Iterable[RowOutcome]) -> None:
        """Take note of what became of the rows, in the order in which they were read."""
        for outcome in outcomes:
            name = self._seen.of(outcome.line)
            if outcome.kind == "refused":
                continue
            if name in self._evidence:
                self._keys[name] = outcome.key
            elif self.is_citable and outcome.kind in ("new", "changed"):
                self.uncited += 1

    def cite(self, user: AbstractBaseUser | None) -> None:
        """Cite what the rows rest on, now that they are written. Raises PermissionDenied and NotCited."""
        known = KeyIndex()
        for place, key in self._keys.items():
            evidence = self._evidence[place]
            record = known.get(self.model, key)
            try:
                passage = self._passage(user, evidence)
                for field in evidence.fields:
                    self._cite(user, passage, record, field, evidence.says)
            except CatalogError as error:
                raise NotCited(RowProblem(evidence.line, "quote", evidence.quote, str(error))) from error

    def _cite(
        self, user: AbstractBaseUser | None, passage: Passage, record: models.Model, field: str, says: str
    ) -> None:
        """Cite it once: a citation that is there is compared with the record as the row has left it."""
        stance = Stance.SUPPORTS
        try:
            made = cite(user=user, passage=passage, record=record, field=field, says=says, stance=stance)
        except AlreadyCited as error:
            there: Citation = error.citation
            if there.stance != Stance.SUPPORTS or (says and " ".join(says.split()) != there.says):
                raise
            if there.checked_value != new_citation_value(record, field):
                self._confirm(user, there)  # the row says what the passage is evidence of
        else:
            self.made.append(made)

    def _confirm(self, user: AbstractBaseUser | None, citation: Citation) -> None:
        before = values_of(citation)
        confirm_citation(user=user, citation=citation)
        self.confirmed.append(Written(Citation, citation.pk, before, values_of(citation)))

    def said(self) -> list[tuple[object, ...]]:
        """What is cited, for telling whether two runs cite the same."""
        return [
            (key, one.passage, one.source, one.quote, one.says, one.fields)
            for place, key in self._keys.items()
            for one in [self._evidence[place]]
        ]

    def _evidence_of(self, line: int, said: Mapping[str, str]) -> RowEvidence:
        """Raises _Wrong."""
        if not said["passage"] and not said["quote"]:
            column = next(name for name in ("source", "says", "field") if said[name])
            text = gettext("Say in “quote” the words of the source, or in “passage” where they stand.")
            raise _Wrong(column, text)
        if said["passage"] and (said["quote"] or said["source"]):
            raise _Wrong("passage", gettext("Give either “passage”, or “source” and “quote”."))
        longest = Citation._meta.get_field("says").max_length
        if len(said["says"]) > longest:
            text = gettext("At most %(longest)s characters. Write the value alone.")
            raise _Wrong("says", text % {"longest": longest})
        fields = self._fields(said["field"])
        if said["passage"]:
            return RowEvidence(line, self._known(said["passage"]).pk, None, "", said["says"], fields)
        if not said["source"]:
            raise _Wrong("quote", gettext("Say in “source” whose words these are: the slug of the source."))
        source = self._source(said["source"])
        self._find(source, said["quote"])
        return RowEvidence(line, None, source.pk, said["quote"], said["says"], fields)

    def _fields(self, cell: str) -> tuple[str, ...]:
        citable = CITABLE[model_of(self.model())]
        fields = tuple(split_list(cell))
        if not fields and len(citable) == 1:
            return citable
        if not fields and self.model._meta.model_name in ("series", "season"):
            text = gettext("Say which fact the words support: %(fields)s; several with “|”.")
            raise _Wrong("field", text % {"fields": ", ".join(citable)})
        unknown = [field for field in fields if field not in citable]
        if unknown:
            text = gettext("“%(field)s” cannot be cited. Write one of: %(fields)s; or leave it empty.")
            raise _Wrong("field", text % {"field": unknown[0], "fields": ", ".join(citable)})
        return fields or (WHOLE,)

    def _known(self, key: str) -> Passage:
        if key not in self._passages:
            self._passages[key] = Passage.objects.by_key({key}).get(key)
        passage = self._passages[key]
        if passage is None:
            raise _Wrong("passage", gettext("There is no such passage. Write it as source-slug#3."))
        if not passage.supports:
            text = gettext("This passage is %(state)s and supports nothing. Confirm it or quote other words.")
            raise _Wrong("passage", text % {"state": passage.get_state_display()})
        return passage

    def _source(self, slug: str) -> Source:
        if self._sources is None:
            self._sources = {one.slug: one for one in Source.objects.all()}
        if slug not in self._sources:
            raise _Wrong("source", gettext("There is no such source. Add it first, or correct the slug."))
        return self._sources[slug]

    def _find(self, source: Source, quote: str) -> None:
        if (source.pk, quote) in self._places:
            return
        if len(quote) > LONGEST:
            text = gettext("A passage has at most %(longest)s characters. Quote a sentence or two.")
            raise _Wrong("quote", text % {"longest": LONGEST})
        text = self._text(source)
        if not text:
            raise _Wrong(
                "source",
                gettext("The text of this source is not on this machine. Attach or capture it first."),
            )
        try:
            find_quote(text, quote)
        except (QuoteNotFound, QuoteAmbiguous) as error:
            raise _Wrong("quote", str(error)) from error
        self._places[source.pk, quote] = None

    def _text(self, source: Source) -> str:
        if source.pk not in self._texts:
            snapshot = Snapshot.objects.attached().current_of(source)
            self._texts[source.pk] = (snapshot.text or "") if snapshot else ""
            if len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(source.pk)
        return self._texts[source.pk]

    def _passage(self, user: AbstractBaseUser | None, evidence: RowEvidence) -> Passage:
        if evidence.passage is not None:
            return Passage.objects.get(pk=evidence.passage)
        return add_passage(user=user, source=Source(pk=evidence.source), quote=evidence.quote)


class _Wrong(ValueError):
    """What is wrong with the evidence of a row, and in which column."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
