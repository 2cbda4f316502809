"""Which fields of which records are facts that can be cited, and whether the citations of one hold.

A record is anything with the attributes of a catalog model; nothing here reads the database, so
relations must be loaded before. Whether what a passage says is the value is decided by `catalog.comparing`,
what follows from all citations of a field by `catalog.timeline`, and what a passage still says by
`catalog.anchoring`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Protocol

WHOLE = ""  # the field name of a citation that is about the whole record

# Citable fields, in the order that forms and panels show them.
CITABLE: Mapping[str, tuple[str, ...]] = {
    "series": (
        "title",
        "network",
        "production_company",
        "premiere",
        "relation",
        "original_language",
        "summary",
    ),
    "season": ("status", "premiere", "episode_count", "renewed", "filming_start", "filming_end"),
    "episode": ("title", "aired"),
    "person": ("name",),
    "character": ("name",),
    "alias": ("text",),
    "earlierwork": ("title",),
    "castentry": ("status", "billed_as"),
    "crewcredit": ("job",),
    "statement": ("value",),
    "availability": ("service", "territory", "begins", "ends"),
}


class Standing(Enum):
    """How well a fact is supported."""

    VERIFIED = "verified"
    UNCONFIRMED = "unconfirmed"
    NONE = "none"


class Cited(Protocol):
    """What this module needs of a citation."""

    field: str
    stance: str
    checked_value: str

    @property
    def passage(self) -> Any: ...


def model_of(record: object) -> str:
    """The key of a record's model in `CITABLE`."""
    return type(record).__name__.lower()


def value_text(record: Any, field: str) -> str:
    """The canonical text of a field's value, "" when it has none; `WHOLE` gives what the record asserts.

    Relations are written by natural key, dates as EDTF, a lower bound as `>=8`. Two equal texts are the
    same value; a citation keeps the one it was compared with.
    """
    special = _SPECIAL.get((model_of(record), field))
    if special is not None:
        return special(record)
    if field == WHOLE:
        return ""
    return _plain(getattr(record, field))


def holds(citation: Cited, record: Any) -> bool:
    """Whether the citation supports what its field of the record says now."""
    return (
        citation.stance == "supports"
        and bool(citation.passage.supports)
        and citation.checked_value == value_text(record, citation.field)
    )


def standing(citations: Iterable[Cited], record: Any, field: str | None = None) -> Standing:
    """How well `field` of the record is supported by its `citations`; without a field, the record as a whole.

    One citation that holds makes it verified. Support that does not hold (the value moved on, or
    the passage changed or was lost) makes it unconfirmed.
    """
    supporting = [c for c in citations if c.stance == "supports" and (field is None or c.field == field)]
    if any(holds(citation, record) for citation in supporting):
        return Standing.VERIFIED
    return Standing.UNCONFIRMED if supporting else Standing.NONE


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _slug(record: Any) -> str:
    return "" if record is None else str(record.slug)


def _episode_count(season: Any) -> str:
    if season.episode_count is None:
        return ""
    return f">={season.episode_count}" if season.episode_count_is_minimum else str(season.episode_count)


def _relation(series: Any) -> str:
    return f"{series.relation} {_slug(series.companion_to)}" if series.relation else ""


_SPECIAL: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("season", "episode_count"): _episode_count,
    ("series", "relation"): _relation,
    ("castentry", WHOLE): lambda entry: f"{_slug(entry.person)} as {_slug(entry.character)}".strip(),
    ("crewcredit", WHOLE): lambda credit: f"{_slug(credit.person)}, {credit.job}",
    ("alias", WHOLE): lambda alias: str(alias.text),
    ("earlierwork", WHOLE): lambda work: str(work.title),
    ("statement", WHOLE): lambda statement: str(statement.value),
    ("availability", WHOLE): lambda available: str(available.service),
}
