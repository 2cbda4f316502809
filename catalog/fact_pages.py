"""What the page of one fact shows: what every source says of it, in words, and what a decision may choose."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from catalog.agreement import Origins, Scales
from catalog.comparing import assign
from catalog.deciding import Choice, fingerprint
from catalog.facts import WHOLE, model_of
from catalog.models import Citation, Decision, Reanchoring, Source
from catalog.querysets import about_any
from catalog.timeline import Agreement, State, Told, Verdict, fields_weighed, voices_of
from catalog.words import said_in_words, value_in_words

STATES = {
    State.AGREED: _("the sources agree"),
    State.EARLIER: _("agreed; some source said otherwise earlier"),
    State.DIFFERING: _("sources differ"),
    State.SETTLED: _("sources differ; the desk has decided"),
    State.UNCONFIRMED: _("not compared since it changed"),
    State.UNCITED: _("no source supports it"),
}
_LOOKS = {State.AGREED: "verified", State.EARLIER: "verified", State.UNCITED: "none"}


@dataclass(frozen=True, slots=True)
class Line:
    """One statement, in words."""

    citation: Citation
    says: str
    verdict: str
    verdict_in_words: str
    moved_on: bool  # it was compared with another value than the present one
    then: str  # that value
    may_still_agree: bool  # so that only a person can tell


@dataclass(frozen=True, slots=True)
class Voice:
    """Sources that count as one, and from which others they derive."""

    sources: list[Source]
    derivations: list[tuple[Source, str]]


@dataclass(frozen=True, slots=True)
class Losing:
    """A statement that loses under a choice, and what is ticked for it."""

    line: Line
    name: str  # of its form field
    stance: str
    error: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as the form offers it."""

    value: str
    words: str
    is_present: bool
    is_chosen: bool
    is_open: bool  # whether this person may choose it
    voices: list[Voice]
    losing: list[Losing]


class FactPage:
    """What the page of one field of one record is made of; reads in a fixed number of queries."""

    def __init__(self, record: models.Model, field: str) -> None:
        self.record = record
        self.field = field
        self.scales = Scales([record])
        self.agreement: Agreement = self.scales.weigh(record, field)
        self._moved_on = {one.citation for one in self.agreement.moved_on()}
        self.label = field_label(record, field)
        self.value = in_words(record, field, self.agreement.value)
        self.seen = fingerprint(self.agreement)
        self.decisions = list(
            Decision.objects.filter(about_any([record]), field__in=fields_weighed(record, field))
            .select_related("by")
            .order_by("-at", "-pk")
        )

    @property
    def state_in_words(self) -> str:
        return str(STATES[self.agreement.state])

    @property
    def look(self) -> str:
        """The mark beside the state: that of `catalog.admin.base.in_words`."""
        return _LOOKS.get(self.agreement.state, "unconfirmed")

    @property
    def is_disputed(self) -> bool:
        """Whether there is something to decide, and not only another value to choose."""
        return bool(self.agreement.with_verdict(Verdict.DIFFERS)) or not self.agreement.value

    def dated(self) -> list[Line]:
        return [self._line(one) for one in self.agreement.dated()]

    def undated(self) -> list[Line]:
        return [self._line(one) for one in self.agreement.undated()]

    def voices(self) -> list[Voice]:
        return _voices(voices_of(self.agreement.giving()), self.scales.origins)

    def lost(self) -> list[tuple[Citation, str, Reanchoring | None]]:
        """Citations whose passage gives no support any more, what they said, and the review that is open."""
        passages = [citation.passage_id for citation in self.agreement.lost]
        if not passages:
            return []
        waiting = Reanchoring.objects.open().filter(passage__in=passages)
        reviews = {one.passage_id: one for one in waiting}
        return [(one, self._says(one), reviews.get(one.passage_id)) for one in self.agreement.lost]

    def decided(self) -> list[tuple[Decision, str]]:
        """The decisions on this field, newest first, with their values in words."""
        return [(one, in_words(self.record, one.field, one.value)) for one in self.decisions]

    def options(
        self, typed: Mapping[str, str], *, errors: Mapping[int, str], may_change: bool
    ) -> list[Option]:
        """What a decision may choose from: other values, and the present one if something else is said.

        `typed` is what the form had, `errors` are by citation, `may_change` is whether the record may take
        another value.
        """
        return [
            Option(
                choice.value,
                in_words(self.record, self.field, choice.value),
                is_present=(is_present := choice.value == self.agreement.value),
                is_chosen=typed.get("value") == choice.value,
                is_open=is_present or may_change,
                voices=_voices(choice.voices, self.scales.origins),
                losing=self._losing(number, choice, typed, errors),
            )
            for number, choice in enumerate(self.choices)
            if choice.losing or choice.value != self.agreement.value
        ]

    def losing(self, typed: Mapping[str, str]) -> dict[int, str]:
        """What the form had for the statements that lose under the chosen value, by citation."""
        for number, choice in enumerate(self.choices):
            if choice.value == typed.get("value"):
                pks = [loss.told.citation.pk for loss in choice.losing]
                return {pk: typed.get(_losing_name(number, pk), "") for pk in pks}
        return {}

    @cached_property
    def choices(self) -> list[Choice]:
        return self.scales.choices(self.agreement)

    def _losing(
        self, number: int, choice: Choice, typed: Mapping[str, str], errors: Mapping[int, str]
    ) -> list[Losing]:
        losing = []
        for loss in choice.losing:
            pk = loss.told.citation.pk
            name = _losing_name(number, pk)
            stance = typed.get(name, loss.stance)
            losing.append(Losing(self._line(loss.told), name, stance, errors.get(pk, "")))
        return losing

    def _line(self, told: Told) -> Line:
        citation = told.citation
        moved_on = told.citation in self._moved_on
        return Line(
            citation,
            self._says(citation),
            told.verdict.value,
            _verdict_in_words(told.verdict),
            moved_on,
            in_words(self.record, citation.field, citation.checked_value) if moved_on else "",
            moved_on and told.verdict not in (Verdict.DIFFERS, Verdict.EARLIER),
        )

    def _says(self, citation: Citation) -> str:
        return said_in_words(self.record, citation.field, citation.says) if citation.says else ""


def field_label(record: models.Model, field: str) -> str:
    """What a field is called in the lists of facts."""
    name = record._meta.get_field(field).verbose_name if field != WHOLE else gettext("the whole record")
    return capfirst(str(name))


def in_words(record: models.Model, field: str, value: str) -> str:
    """A canonical value of the field, the record's own or another, in words."""
    if field == WHOLE and model_of(record) == "castentry":
        return gettext("as the record says")
    other = copy.copy(record)
    try:
        assign(other, field, value)
    except ValueError:
        return said_in_words(record, field, value)
    return value_in_words(other, field)


def _voices(voices: Iterable[list[Source]], origins: Origins) -> list[Voice]:
    return [
        Voice(sources, [(one, title) for one in sources if (title := origins.title_for(one))])
        for sources in voices
    ]


def _losing_name(number: int, citation: int) -> str:
    return f"losing-{number}-{citation}"


def _verdict_in_words(verdict: Verdict) -> str:
    return {
        Verdict.AGREES: gettext("agrees"),
        Verdict.VAGUER: gettext("less exact"),
        Verdict.EARLIER: pgettext("statement", "earlier"),
        Verdict.DIFFERS: gettext("differs"),
        Verdict.SILENT: gettext("says nothing of the value"),
    }[verdict]
