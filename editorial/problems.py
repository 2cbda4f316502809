"""What the checks can find: how grave each kind is and what it keeps back, in one table.

docs/workflow.md is made from the table. An error keeps a text back whoever acts. A warning keeps back people
only, and no longer once an editor has overridden it. Nothing here reads the database.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from editorial.prose.coverage import Coverage
from editorial.workflow import Gate


class Level(Enum):
    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> Any:
        return _LEVELS[self]


_LEVELS = {Level.ERROR: pgettext_lazy("problem", "error"), Level.WARNING: _("warning")}


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of problem: what is found, how grave it is, and before which steps it keeps a text back."""

    code: str
    what: Any
    level: Level
    gates: tuple[Gate, ...] = (Gate.PUBLICATION,)


RULES: Mapping[str, Rule] = {
    one.code: one
    for one in (
        Rule("empty", _("no text"), Level.ERROR, (Gate.SUBMISSION, Gate.PUBLICATION)),
        Rule("missing-standfirst", _("no standfirst"), Level.ERROR),
        Rule("unknown-language", _("a language that the site does not have"), Level.ERROR),
        Rule("unsupported", _("a sentence without citation that is not marked as no claim"), Level.ERROR),
        Rule("unknown-passage", _("a citation of a passage that no source has"), Level.ERROR),
        Rule("lost-passage", _("a cited passage that was changed or lost"), Level.ERROR),
        Rule("unknown-embed", _("a table of a season that the catalog does not have"), Level.ERROR),
        Rule("unknown-photo", _("a photo in the text that the catalog does not have"), Level.ERROR),
        Rule("missing-credit", _("a photo without a credit"), Level.ERROR),
        Rule("missing-alt", _("a photo without alternative text"), Level.ERROR),
        Rule("quote-limit", _("a source quoted beyond its limit"), Level.ERROR),
        Rule("address-taken", _("an address at which readers have another article"), Level.ERROR),
        Rule("not-reviewed", _("an incomplete review"), Level.ERROR),
        Rule("needs-recheck", _("an approval of what has changed since"), Level.ERROR),
        Rule("missing-byline", _("no byline"), Level.WARNING),
        Rule("long-title", _("a title too long for a search result"), Level.WARNING),
        Rule("broken-link", _("a link to a page of this site that readers cannot reach"), Level.WARNING),
        Rule("unconfirmed", _("a cited value that has changed since it was compared"), Level.WARNING),
        Rule("differing", _("cited values that differ without a decision"), Level.WARNING),
        Rule("only-voice", _("a source that is the only voice for a contested fact"), Level.WARNING),
        Rule("spoiler-title", _("a title that gives away more than the page says"), Level.WARNING),
        Rule("spoiler-free-title", _("a spoiler-free title that gives something away"), Level.WARNING),
        Rule("spoiler-standfirst", _("a standfirst that gives away more than the page says"), Level.WARNING),
        Rule("spoiler-photo", _("a photo that gives away more than the page says"), Level.WARNING),
    )
}


@dataclass(frozen=True, slots=True)
class Place:
    """`[start:end]` (code points) of the block with that index in `Document.leaves`."""

    block: int
    start: int
    end: int


class Fact(NamedTuple):
    """A field of a record of the catalog."""

    record: Any
    field: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a text.

    `where` identifies what it is about in words or a key that no language changes: two problems of one code
    with the same `where` are the same problem, in later revisions too. `field` is that of the article,
    `place` the words in its body, `about` the record of the catalog that it comes from, if any.
    """

    code: str
    message: str
    where: str = ""
    field: str = ""
    place: Place | None = None
    about: Any = None

    @property
    def rule(self) -> Rule:
        return RULES[self.code]

    @property
    def level(self) -> Level:
        return self.rule.level

    @property
    def is_warning(self) -> bool:
        return self.level is Level.WARNING

    @property
    def key(self) -> tuple[str, str]:
        """What an override names it by."""
        return self.code, self.where


def cited_at(coverage: Coverage, key: str) -> Place | None:
    """The first sentence that the passage of this key supports."""
    for sentence in coverage.sentences:
        if key in sentence.passages:
            return Place(sentence.block, sentence.start, sentence.end)
    return None


def errors_at(gate: Gate, problems: Iterable[Problem]) -> list[Problem]:
    """The errors that keep a text back at this gate."""
    return [one for one in problems if not one.is_warning and gate in one.rule.gates]


def warnings_at(
    gate: Gate, problems: Iterable[Problem], overridden: Container[tuple[str, str]]
) -> list[Problem]:
    """The warnings that keep it back: those whose keys are not `overridden`."""
    return [
        one for one in problems if one.is_warning and gate in one.rule.gates and one.key not in overridden
    ]
